#pragma once
// UTF-8 text, character by character: what files may contain, and what a terminal may be shown.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace optichain::sim {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

/// The character at the front of a text; nothing if no UTF-8 character begins there (RFC 3629: not
/// longer than needed, no surrogate, none beyond U+10FFFF). Requires: not empty.
std::optional<Character> first_character(std::string_view text);

/// The control characters C0 (line feeds and tabs among them), delete and C1.
constexpr bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/// A digit of ASCII; those of other scripts are none.
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether a text holds a control character other than these.
bool has_control(std::string_view text, std::string_view but = "");

/// The text with control characters, other than these, and bytes that are no UTF-8 written as \x1b:
/// fit for a terminal.
std::string printable(std::string_view text, std::string_view but = "");

/// Whether a name fits a pattern in which `*` stands for any characters and `?` for any one.
bool fits_pattern(const std::string& pattern, const std::string& name);

}  // namespace optichain::sim
