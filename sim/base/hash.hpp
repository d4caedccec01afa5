#pragma once
// Hashes that are the same on every machine: of names (to address random streams) and of event
// streams (the fingerprint of a run). XXH3 does the mixing.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace optichain::sim {

std::uint64_t hash_text(std::string_view text);

/// The fingerprint of a run: a hash over every number fed to it, in order.
class Fingerprint {
 public:
  Fingerprint();
  void add(std::uint64_t value) {
    buffer_.push_back(value);
    if (buffer_.size() == buffer_capacity) flush();
  }
  /// 16 hexadecimal digits.
  std::string text();

 private:
  static constexpr std::size_t buffer_capacity = 4096;
  void flush();
  std::vector<std::uint64_t> buffer_;
  std::uint64_t hash_ = 0;
};

}  // namespace optichain::sim
