#include "sim/output/codec.hpp"

#include <bit>
#include <cstring>
#include <memory>
#include <type_traits>

#include <zstd.h>

#include "sim/base/check.hpp"
#include "sim/output/error.hpp"

namespace optichain::sim {
namespace {

static_assert(std::endian::native == std::endian::little, "series are stored little-endian");

// Series are short, so that most of what level 3 takes is not the search but coding what it found:
// without that it takes a third of the time and an eighth more room.
constexpr int compression_level = -1;
// A damaged header may claim any size.
constexpr std::uint64_t largest_series_bytes = most_series_values * sizeof(double);

[[noreturn]] void damaged_series(std::string_view how) {
  throw OutputError(fmt::format("a stored series is damaged: {}", how));
}

template <class T>
std::string shuffled(std::span<const double> values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto number = std::bit_cast<std::array<char, sizeof(T)>>(static_cast<T>(values[i]));
    for (std::size_t b = 0; b < sizeof(T); ++b) bytes[b * values.size() + i] = number[b];
  }
  return bytes;
}

template <class T>
std::vector<double> unshuffled(std::string_view bytes) {
  if (bytes.size() % sizeof(T) != 0) damaged_series("its length is no whole number of values");
  std::vector<double> values(bytes.size() / sizeof(T));
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  for (std::size_t i = 0; i < values.size(); ++i) {
    Bits bits = 0;  // put together in a register: bytes in memory, read back at once, would stall
    for (std::size_t b = 0; b < sizeof(T); ++b) {
      bits |= Bits{static_cast<unsigned char>(bytes[b * values.size() + i])} << (8 * b);
    }
    values[i] = static_cast<double>(std::bit_cast<T>(bits));
  }
  return values;
}

/// zstd's working memory is made once, not once a series.
ZSTD_CCtx* compressor() {
  static const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                            ZSTD_freeCCtx);
  return context.get();
}
ZSTD_DCtx* decompressor() {
  static const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                            ZSTD_freeDCtx);
  return context.get();
}

std::string compressed(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compressCCtx(compressor(), out.data(), out.size(), bytes.data(),
                                             bytes.size(), compression_level);
  OPTICHAIN_CHECK(!ZSTD_isError(size), "{}", ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

std::string decompressed(std::string_view bytes) {
  const std::uint64_t size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size > largest_series_bytes)
    damaged_series("its header makes no sense");  // errors are large too
  std::string out(size, '\0');
  const std::size_t got =
      ZSTD_decompressDCtx(decompressor(), out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(got)) damaged_series(ZSTD_getErrorName(got));
  if (got != size) damaged_series("it is cut short");
  return out;
}

}  // namespace

std::string encode(std::span<const double> values, Codec codec) {
  if (values.empty()) return {};
  switch (codec) {
    case Codec::raw_f64: {
      std::string bytes(values.size_bytes(), '\0');
      std::memcpy(bytes.data(), values.data(), bytes.size());
      return bytes;
    }
    case Codec::packed_f32:
      return compressed(shuffled<float>(values));
    case Codec::packed_f64:
      return compressed(shuffled<double>(values));
  }
  OPTICHAIN_CHECK(false, "no codec {}", static_cast<int>(codec));
  return {};
}

std::vector<double> decode(std::string_view bytes, Codec codec) {
  if (bytes.empty()) return {};
  switch (codec) {
    case Codec::raw_f64: {
      if (bytes.size() > largest_series_bytes) damaged_series("it is longer than any");
      if (bytes.size() % sizeof(double) != 0)
        damaged_series("its length is no whole number of values");
      std::vector<double> values(bytes.size() / sizeof(double));
      std::memcpy(values.data(), bytes.data(), bytes.size());
      return values;
    }
    case Codec::packed_f32:
      return unshuffled<float>(decompressed(bytes));
    case Codec::packed_f64:
      return unshuffled<double>(decompressed(bytes));
  }
  damaged_series(fmt::format("there is no codec {}", static_cast<int>(codec)));
}

}  // namespace optichain::sim
