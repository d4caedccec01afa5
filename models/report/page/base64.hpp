#pragma once
// Numbers as the page reads them: little-endian bytes in base64 (RFC 4648), a third of the size of
// digits and a fifth of the time.

#include <span>
#include <string>
#include <string_view>

namespace optichain::models::report {

std::string base64(std::string_view bytes);
std::string base64_f32(std::span<const double> values);
std::string base64_f64(std::span<const double> values);

}  // namespace optichain::models::report
