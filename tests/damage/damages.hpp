#pragma once
// Files as they are after disks, copies and strangers had them.

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "sim/base/hash.hpp"

namespace optichain {

/// Numbers that are the same each time.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t below(std::uint64_t end) {
    return sim::hash_text(fmt::format("{} {}", seed_, ++drawn_)) % end;
  }

 private:
  std::uint64_t seed_, drawn_ = 0;
};

/// A text of which some bits of one byte are others.
inline std::string flipped(std::string_view text, std::size_t byte, int bits = 1) {
  std::string other(text);
  other.at(byte) = static_cast<char>(other.at(byte) ^ bits);
  return other;
}

/// What was done to a file, and what it is then.
struct Damaged {
  std::string how;
  std::string text;
};

/// One of six kinds of damage, the one bit as often as all others together.
inline Damaged damage(std::string text, Chance& chance, std::size_t page = 16384) {
  const auto flip = [&] {
    const std::size_t bit = chance.below(8 * text.size());
    return Damaged{fmt::format("bit {} of byte {} flipped", bit % 8, bit / 8),
                   flipped(text, bit / 8, 1 << bit % 8)};
  };
  const std::size_t pages = text.size() / page;
  switch (chance.below(10)) {
    case 0: {
      const std::size_t length = chance.below(text.size());
      return {fmt::format("cut to {} bytes", length), text.substr(0, length)};
    }
    case 1: {
      const std::size_t more = 1 + chance.below(2 * page);
      for (std::size_t i = 0; i < more; ++i) text += static_cast<char>(chance.below(256));
      return {fmt::format("{} bytes added", more), text};
    }
    case 2: {
      if (pages < 2) return flip();
      const std::size_t a = chance.below(pages), b = chance.below(pages);
      const std::string first = text.substr(a * page, page);
      text.replace(a * page, page, text.substr(b * page, page));
      text.replace(b * page, page, first);
      return {fmt::format("pages {} and {} swapped", a, b), text};
    }
    case 3: {
      const std::size_t size = std::min(page, text.size());
      const std::size_t at = chance.below(std::max<std::size_t>(pages, 1)) * page;
      text.replace(at, size, std::string(size, '\0'));
      return {fmt::format("{} bytes at {} zeroed", size, at), text};
    }
    case 4: {
      const std::size_t size = 1 + chance.below(std::min<std::size_t>(text.size(), 64));
      const std::size_t at = chance.below(text.size() - size + 1);
      for (std::size_t i = at; i < at + size; ++i) text[i] = static_cast<char>(chance.below(256));
      return {fmt::format("{} bytes at {} written over", size, at), text};
    }
    default:
      return flip();
  }
}

}  // namespace optichain
