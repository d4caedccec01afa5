#include "sim/base/text.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

namespace optichain::sim {

std::optional<Character> first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return Character{lead, 1};
  if (lead < 0xc2 || lead > 0xf4) return std::nullopt;
  const std::size_t bytes = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (bytes > text.size()) return std::nullopt;
  char32_t code = lead & (0xffU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
    code = code << 6 | (byte(i) & 0x3f);
  }
  const bool longer_than_needed = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (longer_than_needed || surrogate || code > 0x10ffff) return std::nullopt;
  return Character{code, bytes};
}

bool has_control(std::string_view text, std::string_view but) {
  while (!text.empty()) {
    const auto character = first_character(text);
    const std::string_view bytes = text.substr(0, character ? character->bytes : 1);
    if (character && is_control(character->code) && but.find(bytes) == std::string_view::npos) {
      return true;
    }
    text.remove_prefix(bytes.size());
  }
  return false;
}

std::string printable(std::string_view text, std::string_view but) {
  std::string out;
  while (!text.empty()) {
    const auto character = first_character(text);
    const std::string_view bytes = text.substr(0, character ? character->bytes : 1);
    const bool as_it_is =
        character && (!is_control(character->code) || but.find(bytes) != std::string_view::npos);
    if (as_it_is) {
      out += bytes;
    } else {
      const char32_t code = character ? character->code : static_cast<unsigned char>(bytes[0]);
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(code));
    }
    text.remove_prefix(bytes.size());
  }
  return out;
}

bool fits_pattern(const std::string& pattern, const std::string& name) {
  return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

}  // namespace optichain::sim
