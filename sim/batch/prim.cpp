#include "sim/batch/prim.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <boost/math/distributions/binomial.hpp>

#include "sim/base/check.hpp"

namespace optichain::sim {
namespace {

constexpr double unbounded = std::numeric_limits<double>::infinity();

struct Bounds {
  std::vector<double> low, high;
  std::vector<std::set<double>> out;  // categories that are not inside
};

class Peeler {
 public:
  Peeler(const PrimCases& cases, const PrimOptions& options) : cases_(cases), options_(options) {
    all_ = cases.is_of_interest.size();
    wanted_ = count(everything());
  }

  PrimBox find() {
    Bounds best = everything();
    if (groups(best) < options_.fewest_groups) {
      PrimBox none = describe(best);
      none.is_supported = false;
      return none;
    }
    double best_density = density(best);
    for (Bounds box = best; peel(box);) {
      const double now = density(box);
      const bool covers =
          static_cast<double>(count(box)) >= options_.least_coverage * static_cast<double>(wanted_);
      if (covers && now > best_density) {
        best = box;
        best_density = now;
      }
    }
    paste(best);
    return describe(best);
  }

 private:
  double value(std::size_t row, std::size_t input) const {
    return cases_.values[row * cases_.inputs + input];
  }
  Bounds everything() const {
    return {std::vector<double>(cases_.inputs, -unbounded),
            std::vector<double>(cases_.inputs, unbounded),
            std::vector<std::set<double>>(cases_.inputs)};
  }
  bool is_category(std::size_t input) const {
    return !cases_.is_category.empty() && cases_.is_category[input];
  }
  bool holds(const Bounds& box, std::size_t row) const {
    for (std::size_t i = 0; i < cases_.inputs; ++i) {
      if (value(row, i) < box.low[i] || value(row, i) > box.high[i]) return false;
      if (!box.out[i].empty() && box.out[i].contains(value(row, i))) return false;
    }
    return true;
  }
  std::size_t size(const Bounds& box) const {
    std::size_t n = 0;
    for (std::size_t row = 0; row < all_; ++row) n += holds(box, row);
    return n;
  }
  std::size_t count(const Bounds& box) const {
    std::size_t n = 0;
    for (std::size_t row = 0; row < all_; ++row) n += cases_.is_of_interest[row] && holds(box, row);
    return n;
  }
  std::size_t groups(const Bounds& box) const {
    if (cases_.group.empty()) return size(box);
    std::set<std::size_t> seen;
    for (std::size_t row = 0; row < all_; ++row) {
      if (holds(box, row)) seen.insert(cases_.group[row]);
    }
    return seen.size();
  }
  double density(const Bounds& box) const {
    const std::size_t n = size(box);
    return n ? static_cast<double>(count(box)) / static_cast<double>(n) : 0;
  }

  /// The values of an input within the box, in order.
  std::vector<double> inside(const Bounds& box, std::size_t input) const {
    std::vector<double> values;
    for (std::size_t row = 0; row < all_; ++row) {
      if (holds(box, row)) values.push_back(value(row, input));
    }
    std::sort(values.begin(), values.end());
    return values;
  }

  /// Takes off the slice whose going leaves the densest box; false if the box would be too small.
  bool peel(Bounds& box) const {
    const double before = static_cast<double>(size(box));
    Bounds best = box;
    double best_gain = -unbounded;
    const auto attempt = [&](const Bounds& trial) {
      const double left = static_cast<double>(size(trial));
      if (left < options_.least_mass * static_cast<double>(all_)) return;
      // what the box gains for each case that goes, so that inputs with few values have no
      // advantage
      const double gain = (density(trial) - density(box)) / (before - left);
      if (gain > best_gain) {
        best_gain = gain;
        best = trial;
      }
    };
    for (std::size_t i = 0; i < cases_.inputs; ++i) {
      const auto values = inside(box, i);
      if (is_category(i)) {
        const std::set<double> left(values.begin(), values.end());
        for (const double category : left) {
          if (left.size() < 2) break;
          Bounds trial = box;
          trial.out[i].insert(category);
          attempt(trial);
        }
        continue;
      }
      const auto slice = std::max<std::size_t>(
          1, static_cast<std::size_t>(options_.peel * static_cast<double>(values.size())));
      if (slice >= values.size()) continue;
      for (const bool from_below : {true, false}) {
        Bounds trial = box;
        // whatever shares the value at the edge goes too, so that levels can be peeled
        if (from_below) {
          const auto next = std::upper_bound(values.begin(), values.end(), values[slice - 1]);
          if (next == values.end()) continue;
          trial.low[i] = *next;
        } else {
          const auto next =
              std::lower_bound(values.begin(), values.end(), values[values.size() - slice]);
          if (next == values.begin()) continue;
          trial.high[i] = *(next - 1);
        }
        attempt(trial);
      }
    }
    if (best_gain == -unbounded) return false;
    box = best;
    return true;
  }

  /// Gives up limits, one by one, that the density does not need.
  void paste(Bounds& box) const {
    for (std::size_t i = 0; i < cases_.inputs; ++i) {
      for (double* limit : {&box.low[i], &box.high[i]}) {
        const double kept = *limit;
        const double before = density(box);
        *limit = limit == &box.low[i] ? -unbounded : unbounded;
        if (density(box) < before) *limit = kept;
      }
      for (const double category : std::set<double>(box.out[i])) {
        const double before = density(box);
        box.out[i].erase(category);
        if (density(box) < before) box.out[i].insert(category);
      }
    }
  }

  PrimBox describe(const Bounds& box) const {
    PrimBox out;
    out.cases = size(box);
    out.of_interest = count(box);
    out.density = density(box);
    out.groups = groups(box);
    out.of_groups = groups(everything());
    out.coverage =
        wanted_ ? static_cast<double>(out.of_interest) / static_cast<double>(wanted_) : 0;
    for (std::size_t i = 0; i < cases_.inputs; ++i) {
      if (box.low[i] == -unbounded && box.high[i] == unbounded && box.out[i].empty()) continue;
      Bounds without = box;
      without.low[i] = -unbounded;
      without.high[i] = unbounded;
      without.out[i].clear();
      PrimBox::Limit limit{.input = i, .low = box.low[i], .high = box.high[i]};
      if (is_category(i)) {
        const auto values = inside(box, i);
        const std::set<double> left(values.begin(), values.end());
        limit.categories.assign(left.begin(), left.end());
      }
      limit.quasi_p = chance(out, density(without));
      out.limits.push_back(std::move(limit));
    }
    return out;
  }

  /// P(at least as many of interest) if each case were so with this probability.
  static double chance(const PrimBox& box, double probability) {
    const double of_interest = std::floor(box.density * static_cast<double>(box.groups) + 1e-9);
    if (of_interest == 0 || probability >= 1) return 1;
    const boost::math::binomial_distribution<double> law(static_cast<double>(box.groups),
                                                         probability);
    return boost::math::cdf(boost::math::complement(law, of_interest - 1));
  }

  const PrimCases& cases_;
  const PrimOptions& options_;
  std::size_t all_ = 0, wanted_ = 0;
};

}  // namespace

PrimBox find_box(const PrimCases& cases, const PrimOptions& options) {
  OPTICHAIN_CHECK(cases.values.size() == cases.inputs * cases.is_of_interest.size(),
                  "rows are not whole");
  OPTICHAIN_CHECK(cases.group.empty() || cases.group.size() == cases.is_of_interest.size(),
                  "groups are not given by row");
  return Peeler(cases, options).find();
}

}  // namespace optichain::sim
