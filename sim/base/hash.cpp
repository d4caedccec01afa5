#include "sim/base/hash.hpp"

#include <charconv>

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace optichain::sim {

std::uint64_t hash_text(std::string_view text) {
  return XXH3_64bits(text.data(), text.size());
}

WideHash wide_hash(std::string_view text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return {hash.low64, hash.high64};
}

std::string hash_digits(std::uint64_t hash) {
  return fmt::format("{:016x}", hash);
}

std::optional<std::uint64_t> parse_hash_digits(std::string_view digits) {
  std::uint64_t hash = 0;
  const char* end = digits.data() + digits.size();
  const auto [last, error] = std::from_chars(digits.data(), end, hash, 16);
  if (digits.size() != 16 || error != std::errc{} || last != end) return std::nullopt;
  return hash;
}

struct StreamingHash::State {
  XXH3_state_t xxh3;
};

StreamingHash::StreamingHash() : state_(std::make_unique<State>()) {
  XXH3_64bits_reset(&state_->xxh3);
}
StreamingHash::~StreamingHash() = default;

void StreamingHash::add(std::string_view piece) {
  XXH3_64bits_update(&state_->xxh3, piece.data(), piece.size());
}

std::uint64_t StreamingHash::value() const {
  return XXH3_64bits_digest(&state_->xxh3);
}

Fingerprint::Fingerprint() : buffer_(4096) {}

void Fingerprint::flush() {
  // each block is hashed with the hash so far as its seed
  hash_ = XXH3_64bits_withSeed(buffer_.data(), filled_ * sizeof(std::uint64_t), hash_);
  filled_ = 0;
}

std::string Fingerprint::text() {
  if (filled_ > 0) flush();
  return hash_digits(hash_);
}

}  // namespace optichain::sim
