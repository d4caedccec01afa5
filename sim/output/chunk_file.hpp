#pragma once
// A chunk: lines of JSON that many processes on many machines may try to write, of which one
// succeeds. It is written beside its target as NAME.<host>.<pid>.part and published by link(), so
// it is there as a whole or not at all; who comes second compares.
//
//   {"chunk":1, ...}                                        the head, as the writer gives it
//   {...}                                                   a line each, as given
//   {"lines":2,"failed":0,"bytes":345,"xxh3":"0123456789abcdef"}    counts, hash of all before
//
// Nothing in it depends on time, place or process: the same work gives the same bytes.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "sim/output/file.hpp"
#include "sim/output/json.hpp"

namespace optichain::sim {

class ChunkWriter {
 public:
  enum class Published { first, again };

  /// Throws OutputError, as all functions here.
  ChunkWriter(std::filesystem::path target, const Json& head);
  /// Removes what was not published.
  ~ChunkWriter();
  ChunkWriter(const ChunkWriter&) = delete;
  ChunkWriter& operator=(const ChunkWriter&) = delete;

  /// A line goes to the file at once, so that others can see how far it has come.
  void add(const Json& line, bool failed = false);
  /// Says `again` if another process was first and wrote the same; throws if it wrote another.
  Published publish();

 private:
  void write(const std::string& line);

  std::filesystem::path target_, part_;
  Descriptor file_;
  std::string hashed_;
  std::uint64_t lines_ = 0, failed_ = 0;
  pid_t owner_;
};

/// The last line of a chunk.
struct ChunkEnd {
  std::uint64_t lines = 0, failed = 0, bytes = 0;
  std::string hash;
};
struct ChunkContent {
  Json head;
  std::vector<std::string_view> lines;  // into `text`
  ChunkEnd end;
  std::string text;
};

/// The whole of a chunk. Throws OutputError if its length or hash is not what its end says.
std::unique_ptr<const ChunkContent> read_chunk(const std::filesystem::path& path);

/// Head and end alone, for those who only count. Throws OutputError if they are cut short.
struct ChunkSummary {
  Json head;
  ChunkEnd end;
};
ChunkSummary read_chunk_summary(const std::filesystem::path& path);

/// A part that is being written, or was left behind.
struct ChunkPart {
  std::filesystem::path path;
  std::string host;
  pid_t pid = 0;
  std::uint64_t lines = 0;  // without the head
  bool is_dead = false;     // its process was on this machine and is no more
};
std::vector<ChunkPart> chunk_parts(const std::filesystem::path& folder);

/// The name of this machine as it stands in the names of parts.
std::string host_name();
/// True if a process of this machine is known to have ended, although nobody may have asked how.
bool has_ended(pid_t pid);

}  // namespace optichain::sim
