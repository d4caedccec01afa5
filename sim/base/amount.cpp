#include "sim/base/amount.hpp"

#include <cmath>

#include <fmt/format.h>

#include "sim/base/number.hpp"

namespace optichain::sim {
namespace {

constexpr const char* not_known = "-";

}  // namespace

std::string percent_text(double share, int decimals) {
  if (!std::isfinite(share)) return not_known;
  std::string text = fmt::format("{:.{}f}", 100 * share, decimals);
  if (text.find_first_not_of("-0.") == std::string::npos) text = "0";
  return text + " %";
}

std::string usd_text(double usd) {
  if (!std::isfinite(usd)) return not_known;
  return (usd < 0 ? "-$" : "$") + format_short(std::fabs(usd));
}

std::string price_text(double usd) {
  const double size = std::fabs(usd);
  if (!(size >= 1 && size < 1000)) return usd_text(usd);
  std::string text = fmt::format("{}${:.{}f}", usd < 0 ? "-" : "", size, size < 10 ? 3 : 2);
  if (size < 10 && text.back() == '0') text.pop_back();
  return text;
}

std::string amount_text(double value, std::string_view unit) {
  if (!std::isfinite(value)) return not_known;
  if (unit == "share") return percent_text(value, std::fabs(value) < 0.0995 ? 1 : 0);
  if (unit == "usd") return usd_text(value);
  if (unit == "pieces") return format_short(std::round(value));
  return format_short(value);
}

}  // namespace optichain::sim
