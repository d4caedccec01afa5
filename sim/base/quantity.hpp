#pragma once
// Quantity<Tag>: a whole number of something (pieces, micro-dollars) that cannot be mixed with
// another something. Sums do not depend on order, so results are the same bytes on every machine.
//
//   using Pieces = Quantity<struct PiecesTag>;
//   Pieces total = Pieces{3} + Pieces{4};   // fine
//   Pieces{3} + Money{4};                   // does not compile
//
// Every operation is checked for overflow and throws Error: a scenario with absurdly large numbers
// ends in a message, never in a wrong sum.

#include <cmath>
#include <compare>
#include <cstdint>

#include "sim/base/check.hpp"

namespace optichain::sim {

template <class Tag>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(std::int64_t count) : count_(count) {}

  constexpr std::int64_t count() const { return count_; }
  constexpr explicit operator bool() const { return count_ != 0; }

  friend constexpr auto operator<=>(Quantity, Quantity) = default;

  constexpr Quantity operator-() const { return Quantity{-count_}; }
  constexpr Quantity& operator+=(Quantity other) {
    if (__builtin_add_overflow(count_, other.count_, &count_)) overflow();
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    if (__builtin_sub_overflow(count_, other.count_, &count_)) overflow();
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }
  friend constexpr Quantity operator*(Quantity a, std::int64_t n) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(a.count_, n, &product)) overflow();
    return Quantity{product};
  }
  friend constexpr Quantity operator*(std::int64_t n, Quantity a) { return a * n; }

 private:
  [[noreturn]] static void overflow() {
    fail("a sum is beyond 9.2e18 and no longer exact: the scenario's numbers are too large");
  }
  std::int64_t count_ = 0;
};

/// The nearest whole number (halves away from zero). Throws Error beyond 9.2e18 or for NaN.
inline std::int64_t to_whole(double x) {
  if (!(std::fabs(x) < 9.2e18)) {
    fail("{} is beyond 9.2e18 and cannot be counted: the scenario's numbers are too large", x);
  }
  return static_cast<std::int64_t>(std::llround(x));
}

}  // namespace optichain::sim

template <class Tag>
struct fmt::formatter<optichain::sim::Quantity<Tag>> : fmt::formatter<std::int64_t> {
  auto format(optichain::sim::Quantity<Tag> q, fmt::format_context& ctx) const {
    return fmt::formatter<std::int64_t>::format(q.count(), ctx);
  }
};
