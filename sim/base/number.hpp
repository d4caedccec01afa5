#pragma once
// The one way a number is read and written. Reading takes plain decimal notation (`12`, `-0.5`,
// `4.5e6`) and nothing else: no hexadecimal, no octal, no infinity, no NaN. Writing gives the
// shortest text that reads back as the same number.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace optichain::sim {

std::optional<double> parse_number(std::string_view text);
std::string format_number(double value);

/// For people: three significant digits with k, M or B (`1.52 M`, `340`, `0.0125`).
std::string format_short(double value);

}  // namespace optichain::sim
