#pragma once
// What the model counts: whole pieces and whole micro-dollars.

#include "sim/base/quantity.hpp"

namespace optichain::models {

using Pieces = sim::Quantity<struct PiecesTag>;
/// Micro-dollars: 50 billion USD are 5e16, far from the end of 64 bits.
using Money = sim::Quantity<struct MoneyTag>;

inline Money usd(double amount) {
  return Money{sim::to_whole(amount * 1e6)};
}
inline double to_usd(Money money) {
  return static_cast<double>(money.count()) * 1e-6;
}
inline double to_double(Pieces pieces) {
  return static_cast<double>(pieces.count());
}
/// The whole lots in some pieces. Requires pieces >= 0 and lot >= 1.
inline Pieces in_whole_lots(Pieces pieces, Pieces lot) {
  return Pieces{pieces.count() / lot.count() * lot.count()};
}

}  // namespace optichain::models
