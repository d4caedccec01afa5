#include "sim/output/terminal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <span>

#include <fmt/format.h>
#include <unistd.h>

#include "sim/base/text.hpp"

namespace optichain::sim {
namespace {

struct Range {
  char32_t first, last;
};
// Unicode's East Asian Width W and F, in blocks; a few unassigned points are inside.
constexpr Range wide[] = {
    {0x1100, 0x115f}, {0x231a, 0x231b}, {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
    {0x4e00, 0xa4cf}, {0xa960, 0xa97f}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
constexpr Range without_width[] = {{0x0300, 0x036f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
                                   {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f},
                                   {0xfe20, 0xfe2f}};

bool in_any(std::span<const Range> ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& r) { return r.first <= c && c <= r.last; });
}

/// Takes the first character off the text; a byte that is no UTF-8 is a character of its own.
char32_t take_character(std::string_view& text) {
  const Character character = first_character(text).value_or(Character{U'\ufffd', 1});
  text.remove_prefix(character.bytes);
  return character.code;
}

const char* code_of(Colour colour) {
  switch (colour) {
    case Colour::none:
      return "";
    case Colour::bold:
      return "\x1b[1m";
    case Colour::grey:
      return "\x1b[90m";
    case Colour::red:
      return "\x1b[31m";
    case Colour::green:
      return "\x1b[32m";
    case Colour::yellow:
      return "\x1b[33m";
  }
  return "";
}

}  // namespace

bool is_terminal(int descriptor) {
  const char* kind = std::getenv("TERM");
  return ::isatty(descriptor) == 1 && !(kind && std::string_view(kind) == "dumb");
}

bool wants_colour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  return is_terminal(descriptor) && !(no_colour && *no_colour != '\0');
}

std::string paint(std::string_view text, Colour colour) {
  if (colour == Colour::none || text.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", code_of(colour), text);
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const char32_t character = take_character(text);
    if (!in_any(without_width, character)) width += in_any(wide, character) ? 2U : 1U;
  }
  return width;
}

std::string bar(double share, std::size_t width) {
  constexpr std::array<std::string_view, 8> eighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double inside = std::isnan(share) ? 0 : std::clamp(share, 0.0, 1.0);
  const auto filled =
      static_cast<std::size_t>(std::lround(inside * static_cast<double>(width) * 8));
  std::string text;
  for (std::size_t i = 0; i < filled / 8; ++i) text += "█";
  text += eighths[filled % 8];
  for (std::size_t i = (filled + 7) / 8; i < width; ++i) text += "·";
  return text;
}

}  // namespace optichain::sim
