// Any bytes in the place of a chunk of results: it is whole, or it is refused with a sentence. One
// input in two is given the end that belongs to its bytes, so that what lies behind the hash is
// tried, too.

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "sim/base/hash.hpp"
#include "sim/output/chunk_file.hpp"
#include "sim/output/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace optichain::sim;
  if (size == 0) return 0;
  static const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("fuzzed." + std::to_string(::getpid()) + ".chunk");
  std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  if (data[0] % 2 == 1) {
    if (text.empty() || text.back() != '\n') text += '\n';
    std::uint64_t lines = 0;
    for (const char c : text) lines += c == '\n';
    // as chunk_file.hpp describes it
    Json end = {{"lines", lines - 1}, {"failed", 0}, {"bytes", text.size()}};
    end["head"] = hash_digits(hash_text(text.substr(0, text.find('\n')) + "\n" + json_line(end)));
    end["xxh3"] = hash_digits(hash_text(text));
    text += json_line(end) + "\n";
  }
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  try {
    const auto content = read_chunk(path);
    if (content->lines.size() != content->end.lines) std::abort();
    // whoever only counts sees the same
    if (read_chunk_summary(path).end.hash != content->end.hash) std::abort();
  } catch (const OutputError&) {
    try {
      read_chunk_summary(path);
    } catch (const OutputError&) {
    }
  }
  return 0;
}
