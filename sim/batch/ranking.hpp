#pragma once
// Which of several options is the best: the fully sequential procedure KN of Kim and Nelson (ACM
// Transactions on Modeling and Computer Simulation 11, 2001).
//
//   KimNelson ranking(5, {.indifference = 10, .probability = 0.95, .first = 10});
//   while (!ranking.is_decided()) ranking.add(outcomes_of_next_replication());
//   ranking.best();
//
// Replications come one by one, with an outcome of each option; options may share their luck. As
// soon as it is clear that an option is not the best it is ruled out. If outcomes are normally
// distributed, independent between replications, and the best option is better than every other by
// `indifference` or more in the mean, it is chosen with at least the probability asked for.

#include <cstddef>
#include <span>
#include <vector>

namespace optichain::sim {

struct RankingTarget {
  double indifference = 0;  // > 0: the smallest difference that matters
  double probability = 0.95;
  std::size_t first = 10;  // replications before any option is ruled out; at least 2
};

class KimNelson {
 public:
  /// Requires at least one option.
  KimNelson(std::size_t options, const RankingTarget& target);

  /// One more replication: an outcome of each option, more being better. Those of options that are
  /// ruled out are not looked at.
  void add(std::span<const double> outcomes);

  bool is_decided() const { return left_.size() == 1; }
  /// The options that are not ruled out, best first by their means.
  std::vector<std::size_t> left() const;
  std::size_t best() const { return left().front(); }
  /// Replications that the procedure took of an option.
  std::size_t spent(std::size_t option) const { return spent_[option]; }
  std::size_t replications() const { return replications_; }
  double mean(std::size_t option) const {
    return sums_[option] / static_cast<double>(spent_[option]);
  }

 private:
  void estimate_variances();
  void screen();
  double variance(std::size_t a, std::size_t b) const { return variances_[a * sums_.size() + b]; }

  RankingTarget target_;
  std::size_t replications_ = 0;
  double h_squared_ = 0;
  std::vector<std::size_t> left_, spent_;
  std::vector<double> sums_;
  std::vector<std::vector<double>> firsts_;  // the first outcomes, by option
  std::vector<double> variances_;            // of the differences between two options
};

}  // namespace optichain::sim
