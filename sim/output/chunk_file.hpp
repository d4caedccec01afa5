#pragma once
// A chunk: lines of JSON that many processes on many machines may try to write, of which one
// succeeds. It is written beside its target as a live file of a name of its own and published by
// link(), so it is there as a whole or not at all; who comes second compares.
//
//   {"chunk":1, ...}                                        the head, as the writer gives it
//   {...}                                                   a line each, as given
//   {"lines":2,"failed":0,"bytes":345,"head":"...","xxh3":"0123456789abcdef"}
//                              counts, hash of head and counts, hash of all before
//
// Nothing in it depends on time, place or process: the same work gives the same bytes.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/output/json.hpp"
#include "sim/output/live_file.hpp"

namespace optichain::sim {

class ChunkWriter {
 public:
  enum class Published { first, again };

  /// Throws OutputError, as all functions here.
  ChunkWriter(std::filesystem::path target, const Json& head);

  /// A line goes to the file at once, so that others can see how far it has come.
  void add(const Json& line, bool failed = false);
  /// Says `again` if another process was first and wrote the same; throws if it wrote another.
  Published publish();

 private:
  void write(const std::string& line);

  std::filesystem::path target_;
  LiveFile part_;
  std::string hashed_;
  std::uint64_t lines_ = 0, failed_ = 0;
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

/// The whole of a chunk. Throws WrongFileError if its length or hash is not what its end says.
std::unique_ptr<const ChunkContent> read_chunk(const std::filesystem::path& path);

/// Head and end alone, for those who only count. Throws WrongFileError if they are not whole, or
/// the length is not what the end says; what is between is not read.
struct ChunkSummary {
  Json head;
  ChunkEnd end;
};
ChunkSummary read_chunk_summary(const std::filesystem::path& path);

/// A part that is being written, or was left behind.
struct ChunkPart {
  std::filesystem::path path;
  WriterState writer;
  std::uint64_t lines = 0;  // without the head
};
std::vector<ChunkPart> chunk_parts(const std::filesystem::path& folder);

/// Removes a chunk; throws OutputError if it is none.
void remove_chunk(const std::filesystem::path& path);
/// Gives a file that is no whole chunk the ending ".damaged", and a number if there is one already.
void set_chunk_aside(const std::filesystem::path& path);

}  // namespace optichain::sim
