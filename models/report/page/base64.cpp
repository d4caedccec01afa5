#include "models/report/page/base64.hpp"

#include <bit>
#include <cstdint>
#include <vector>

namespace optichain::models::report {

static_assert(std::endian::native == std::endian::little);

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool padding = i + k > bytes.size();
      text += padding ? '=' : digits[group >> (18 - 6 * k) & 63u];
    }
  }
  return text;
}

std::string base64_f32(std::span<const double> values) {
  const std::vector<float> narrow(values.begin(), values.end());
  return base64({reinterpret_cast<const char*>(narrow.data()), narrow.size() * sizeof(float)});
}

std::string base64_f64(std::span<const double> values) {
  return base64({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
}

}  // namespace optichain::models::report
