#pragma once
// Yield: good pieces per piece started, improving with time or experience, varying by lot.

#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/base/quantity.hpp"
#include "sim/base/random.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::policy {

struct YieldLearning {
  static constexpr std::string_view title = "Yield learning",
                                    doc =
                                        "The gap between the yield at the start and its limit "
                                        "closes exponentially, with time or with experience "
                                        "(Terwiesch and Bohn 2001).";
  double initial = 0;
  std::optional<sim::Date> from;
  std::optional<double> halving_weeks;
  std::optional<double> halving_pieces;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("initial", initial, sim::share, "yield when learning begins");
    v.optional("from", from,
               "when learning by weeks begins; the start of the scenario if left out");
    v.optional("halving_weeks", halving_weeks, sim::between(0.1, 1e4),
               "weeks in which half of the gap closes");
    v.optional("halving_pieces", halving_pieces, sim::between(1, 1e12),
               "pieces started in which half of the gap closes");
  }
  friend bool operator==(const YieldLearning&, const YieldLearning&) = default;
};

/// Planners and orders never count on a lower one, so that nothing is multiplied without end.
inline constexpr double lowest_planned_yield = 1e-3;

/// Mean yield at `now` after `pieces_started`, where `limit` is what learning leads to:
/// limit - (limit - initial) * 2^(-x / halving), x in weeks since `learning.from` or in pieces.
double mean_yield(double limit, const std::optional<YieldLearning>& learning, sim::Time now,
                  sim::Time start, double pieces_started);

/// Pieces to start for so many good ones, rounded up. Requires a yield above 0.
inline std::int64_t starts_for(double good, double yield) {
  return sim::to_whole(std::ceil(good / yield - 1e-9));
}

/// The yield of one lot: Beta with this mean and standard deviation, the deviation reduced where
/// the mean is too near 0 or 1 to allow it. `u` is uniform in (0, 1).
double lot_yield(double mean, double sd, double u);

}  // namespace optichain::models::policy
