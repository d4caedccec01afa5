#include "sim/base/number.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace optichain::sim {

std::optional<double> parse_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  const char first = text.front();
  // from_chars would also take "inf" and "nan"
  if (!((first >= '0' && first <= '9') || first == '.')) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;
  return negative ? -value : value;
}

std::string format_number(double value) {
  if (value == 0) return "0";  // also for minus zero
  if (std::fabs(value) < 1e15 && value == std::floor(value)) {
    return fmt::format("{}", static_cast<std::int64_t>(value));
  }
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), result.ptr};
}

namespace {

/// But for what arithmetic leaves.
bool is_nearly_whole(double value) {
  return std::fabs(value - std::round(value)) < 1e-6;
}

}  // namespace

std::string format_short(double value) {
  const double size = std::fabs(value);
  const auto scaled = [value](double unit, const char* suffix) {
    const double x = value / unit;
    const double a = std::fabs(x);
    const int decimals = a < 9.995 ? 2 : a < 99.95 ? 1 : 0;
    return fmt::format("{:.{}f}{}", x, decimals, suffix);
  };
  if (size == 0) return "0";
  if (size >= 0.9995e9) return scaled(1e9, " B");
  if (size >= 0.9995e6) return scaled(1e6, " M");
  if (size >= 0.9995e3) return scaled(1e3, " k");
  if (size >= 1) return is_nearly_whole(value) ? fmt::format("{:.0f}", value) : scaled(1, "");
  return fmt::format("{:.3g}", value);
}

}  // namespace optichain::sim
