#pragma once
// Hashes that are the same on every machine: of names (to address random streams), of event streams
// (the fingerprint of a run) and of files. XXH3 does the mixing.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace optichain::sim {

std::uint64_t hash_text(std::string_view text);

/// A hash that no two texts share: 128 bits, so that it can stand for the text.
struct WideHash {
  std::uint64_t low = 0, high = 0;
  friend bool operator==(const WideHash&, const WideHash&) = default;
};
WideHash wide_hash(std::string_view text);

/// 16 hexadecimal digits.
std::string hash_digits(std::uint64_t hash);
/// The hash of such digits; nothing if they are none.
std::optional<std::uint64_t> parse_hash_digits(std::string_view digits);

/// The hash_text of a text that comes in pieces.
class StreamingHash {
 public:
  StreamingHash();
  ~StreamingHash();
  void add(std::string_view piece);
  std::uint64_t value() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The fingerprint of a run: a hash over every number fed to it, in order.
class Fingerprint {
 public:
  Fingerprint();
  void add(std::uint64_t value) { add(std::array{value}); }
  template <std::size_t n>
  void add(const std::array<std::uint64_t, n>& values) {
    if (filled_ + n > buffer_.size()) flush();
    for (const std::uint64_t value : values) buffer_[filled_++] = value;
  }
  /// 16 hexadecimal digits.
  std::string text();

 private:
  void flush();
  std::vector<std::uint64_t> buffer_;
  std::size_t filled_ = 0;
  std::uint64_t hash_ = 0;
};

}  // namespace optichain::sim
