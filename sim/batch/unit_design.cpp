#include "sim/batch/unit_design.hpp"

#include <algorithm>
#include <numeric>

#include <boost/random/sobol.hpp>
#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/base/random.hpp"

namespace optichain::sim {
namespace {

constexpr int bits = 53;  // of a double below 1

/// A random order of 0 ... n - 1 (Fisher and Yates).
std::vector<std::size_t> permutation(std::size_t n, Stream& stream) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i) {
    const auto j = static_cast<std::size_t>(stream.uniform() * static_cast<double>(i));
    std::swap(order[i - 1], order[std::min(j, i - 1)]);
  }
  return order;
}

}  // namespace

UnitDesign latin_hypercube(std::uint64_t seed, std::span<const std::string> factors,
                           std::size_t points, std::size_t rounds) {
  UnitDesign design(points * rounds, factors.size());
  for (std::size_t f = 0; f < factors.size(); ++f) {
    for (std::size_t round = 0; round < rounds; ++round) {
      Stream stream({seed, round}, factors[f], "latin_hypercube");
      const auto order = permutation(points, stream);
      for (std::size_t i = 0; i < points; ++i) {
        const double place = static_cast<double>(order[i]) + stream.uniform();
        // rounding may lead to 1 itself
        design.at(round * points + i, f) =
            std::min(place / static_cast<double>(points), 1 - 0x1p-53);
      }
    }
  }
  return design;
}

UnitDesign sobol_sequence(std::uint64_t seed, std::size_t factors, std::size_t points) {
  UnitDesign design(points, factors);
  if (factors == 0) return design;
  OPTICHAIN_CHECK(factors <= 3667, "no direction numbers for {} factors", factors);
  std::vector<std::uint64_t> shift(factors);
  for (std::size_t f = 0; f < factors; ++f) {
    // the lowest bit keeps numbers off 0
    const double u = Stream({seed, 0}, fmt::format("{}", f), "sobol").uniform();
    shift[f] = static_cast<std::uint64_t>(u * 0x1p53) | 1U;
  }
  boost::random::sobol_engine<std::uint64_t, bits> sequence(factors);
  for (std::size_t i = 0; i < points; ++i) {
    for (std::size_t f = 0; f < factors; ++f) {
      const std::uint64_t digits = i == 0 ? 0 : sequence();  // the engine leaves the zero point out
      const std::uint64_t shifted = digits ^ shift[f];
      design.at(i, f) = static_cast<double>(std::max<std::uint64_t>(shifted, 1)) * 0x1p-53;
    }
  }
  return design;
}

UnitDesign sobol_indices_design(std::uint64_t seed, std::size_t factors, std::size_t points) {
  const UnitDesign both = sobol_sequence(seed, 2 * factors, points);
  UnitDesign design(points * (factors + 2), factors);
  for (std::size_t i = 0; i < points; ++i) {
    const std::size_t first = i * (factors + 2);
    for (std::size_t f = 0; f < factors; ++f) {
      const double a = both.at(i, f), b = both.at(i, factors + f);
      design.at(first, f) = a;
      design.at(first + 1, f) = b;
      for (std::size_t mixed = 0; mixed < factors; ++mixed) {
        design.at(first + 2 + mixed, f) = mixed == f ? b : a;
      }
    }
  }
  return design;
}

}  // namespace optichain::sim
