#pragma once
// Whole pieces out of shares.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace optichain::models::policy {

/// Splits `total` in proportion to the weights by largest remainders (Hamilton's method): the parts
/// are whole, sum to `total`, and differ from their exact share by less than one. Ties go to the
/// earlier one. All weights zero: nothing is given. Requires total >= 0 and weights >= 0.
std::vector<std::int64_t> apportion(std::int64_t total, std::span<const double> weights);

/// The same with a memory, so that shares are kept over many splits of few pieces: `owed` holds
/// what each party had less than its exact share in the splits before (less than 0: more). Who is
/// owed most gets the next piece that is left over, and what it lacks or has beyond its share now
/// is carried on in `owed`. With equal weights everybody gets its turn. Who is owed the same as
/// another comes first by `ties` (see drawn_tie), the earlier one where none are given; that it was
/// first it owes from then on. The sum of any number of splits stays within a piece of the exact
/// shares for two and three parties, and within 1.25 for more (seen in trials with constant and
/// with changing weights; the least that is possible is 1 - 1 / (2 n - 2): Tijdeman, Discrete
/// Mathematics 1980). Parties without weight get nothing and keep what they are owed. One `owed`
/// per weight, and one of `ties` or none at all.
std::vector<std::int64_t> apportion(std::int64_t total, std::span<const double> weights,
                                    std::span<double> owed, std::span<const double> ties = {});
/// The same where each part is cut out of a whole number, or added to what has room for it: in
/// proportion to the most that each can have, and nobody has more than that, whatever it is owed.
/// Requires total <= the sum of `most`.
std::vector<std::int64_t> apportion_within(std::int64_t total, std::span<const std::int64_t> most,
                                           std::span<double> owed, std::span<const double> ties);
/// What is owed after a split: at most a piece, either way.
inline double carried(double owed) {
  return std::clamp(owed, -1.0, 1.0);
}

/// Rounds a stream of fractional amounts so that the sum of the parts is never off by one or more.
class Carry {
 public:
  /// The whole part of `amount` plus what was carried, but not more than `most`; the rest is
  /// carried on. Requires amount >= 0 and most >= 0.
  std::int64_t take(double amount, std::int64_t most = INT64_MAX);
  /// What is carried.
  double rest() const { return rest_; }

 private:
  double rest_ = 0;
};

}  // namespace optichain::models::policy
