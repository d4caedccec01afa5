#include "sim/output/store_seal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "sim/base/hash.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"

namespace optichain::sim {
namespace {

namespace fs = std::filesystem;

// "user version" and "application id" of https://www.sqlite.org/fileformat.html: half of the seal
// each, the upper one first, as big-endian as all numbers there.
constexpr std::array<std::size_t, 2> places = {60, 68};
constexpr std::size_t half = 4;
constexpr std::size_t header_bytes = 100;

struct Sums {
  std::uint64_t found = 0;   // what the seal says; 0: nothing
  std::uint64_t wanted = 0;  // what it should say
};

/// The hash is of all bytes, those of the seal taken for zero.
Sums sums_of(const fs::path& path) {
  Sums sums;
  StreamingHash hash;
  bool is_first = true;
  read_pieces(path, [&](std::string_view piece) {
    if (!is_first) return hash.add(piece);
    is_first = false;
    std::string first(piece);
    if (first.size() < header_bytes) return hash.add(first);
    for (const std::size_t place : places) {
      for (std::size_t i = place; i < place + half; ++i) {
        sums.found = sums.found << 8 | static_cast<unsigned char>(first[i]);
        first[i] = 0;
      }
    }
    hash.add(first);
  });
  sums.wanted = std::max<std::uint64_t>(hash.value(), 1);  // 0 says that there is none
  return sums;
}

}  // namespace

Seal seal_of(const fs::path& path) {
  const Sums sums = sums_of(path);
  if (sums.found == 0) return Seal::none;
  return sums.found == sums.wanted ? Seal::right : Seal::wrong;
}

void seal_store(const fs::path& path) {
  std::uint64_t seal = sums_of(path).wanted;
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.number() < 0) cannot_write(path, errno);
  std::array<unsigned char, 2 * half> bytes;
  for (std::size_t i = bytes.size(); i-- > 0; seal >>= 8) {
    bytes[i] = static_cast<unsigned char>(seal & 0xff);
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (::pwrite(file.number(), &bytes[i * half], half, static_cast<off_t>(places[i])) !=
        static_cast<ssize_t>(half)) {
      cannot_write(path, errno);
    }
  }
}

}  // namespace optichain::sim
