#pragma once
// Random choices for tests that make their inputs from seeds.

#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/random.hpp"

namespace optichain::models {

/// Random choices, the same on every machine.
class Dice {
 public:
  Dice(std::uint64_t seed, std::string_view purpose)
      : stream_({.seed = seed, .replication = 0}, "random world", purpose) {}
  double between(double low, double high) { return low + (high - low) * stream_.uniform(); }
  /// From low to high, every size as likely. Requires low > 0.
  double size(double low, double high) { return low * std::pow(high / low, stream_.uniform()); }
  int whole(int low, int high) {
    return low + static_cast<int>(stream_.uniform() * static_cast<double>(high - low + 1));
  }
  bool chance(double probability) { return stream_.uniform() < probability; }
  template <class T>
  const T& one_of(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(whole(0, static_cast<int>(list.size()) - 1))];
  }
  /// At least one of a list, in its order.
  template <class T>
  std::vector<T> some_of(const std::vector<T>& list, double probability) {
    std::vector<T> some;
    for (const T& one : list) {
      if (chance(probability)) some.push_back(one);
    }
    if (some.empty()) some.push_back(one_of(list));
    return some;
  }
  template <class T>
  void shuffle(std::vector<T>& list) {
    for (std::size_t i = list.size(); i > 1; --i) {
      std::swap(list[i - 1], list[static_cast<std::size_t>(whole(0, static_cast<int>(i) - 1))]);
    }
  }

 private:
  sim::Stream stream_;
};

}  // namespace optichain::models
