#include "sim/base/hash.hpp"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace optichain::sim {

std::uint64_t hash_text(std::string_view text) {
  return XXH3_64bits(text.data(), text.size());
}

Fingerprint::Fingerprint() : buffer_(4096) {}

void Fingerprint::flush() {
  // each block is hashed with the hash so far as its seed
  hash_ = XXH3_64bits_withSeed(buffer_.data(), filled_ * sizeof(std::uint64_t), hash_);
  filled_ = 0;
}

std::string Fingerprint::text() {
  if (filled_ > 0) flush();
  return fmt::format("{:016x}", hash_);
}

}  // namespace optichain::sim
