#pragma once
// Text as a terminal shows it: how wide it is, in which colour, and a bar of a given length.

#include <string>
#include <string_view>

namespace optichain::sim {

enum class Colour { none, bold, grey, red, green, yellow };

/// True if a stream of the operating system (1: stdout, 2: stderr) is a terminal that can redraw.
bool is_terminal(int descriptor);

/// True on a terminal, unless the environment says NO_COLOR (https://no-color.org).
bool wants_colour(int descriptor);

/// The text between the codes of its colour. Ask wants_colour() first.
std::string paint(std::string_view text, Colour colour);

/// Columns that UTF-8 text takes: two for the wide characters of East Asia and emoji, none for
/// combining marks, one for everything else and for every byte that is no UTF-8.
std::size_t display_width(std::string_view text);

/// A share of 0 to 1 as a bar of `width` columns, `█████▌····`. What lies outside is cut; a NaN is
/// all dots.
std::string bar(double share, std::size_t width);

}  // namespace optichain::sim
