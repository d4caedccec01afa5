#pragma once
// A series of numbers as bytes, little-endian, in one of three ways. Packing sorts the bytes (first
// bytes of all numbers, second bytes of all numbers, ...), which makes neighbours alike, and
// compresses them with zstd. An empty series is no bytes at all.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace optichain::sim {

/// The numbers stand in stores; they never change their meaning.
enum class Codec : std::uint8_t {
  raw_f64 = 0,     // exact, for anyone who reads the bytes by hand
  packed_f32 = 1,  // about seven digits: enough for a curve, not for a sum of money
  packed_f64 = 2,  // exact
};

std::string encode(std::span<const double> values, Codec codec);

/// More numbers than any series has: what claims to be longer is damaged.
inline constexpr std::size_t most_series_values = std::size_t{1} << 20;

/// Throws OutputError if the bytes are not what encode() makes of at most that many values.
std::vector<double> decode(std::string_view bytes, Codec codec);

}  // namespace optichain::sim
