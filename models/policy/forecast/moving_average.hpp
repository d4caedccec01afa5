#pragma once
// The mean of the latest observations.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/policy/forecast/rate.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::policy {

struct MovingAverageForecast {
  static constexpr std::string_view title = "Moving average forecast", tag = "moving_average",
                                    doc = "The mean of the latest observations.";
  static constexpr ForecastNeeds needs{};
  std::int64_t reviews = 8;
  template <class V>
  void fields(V& v) {
    v.optional("reviews", reviews, sim::between(1, 1000), "how many review periods are averaged");
  }
  friend bool operator==(const MovingAverageForecast&, const MovingAverageForecast&) = default;

  class State : public SteadyRate {
   public:
    State(const MovingAverageForecast& method, double initial_per_week)
        : SteadyRate(initial_per_week), reviews_(static_cast<std::size_t>(method.reviews)) {}
    void observe(double per_week, double) {
      window_.push_back(per_week);
      sum_ += per_week;
      if (window_.size() > reviews_) {
        sum_ -= window_.front();
        window_.erase(window_.begin());
      }
      level_ = std::max(0.0, sum_ / static_cast<double>(window_.size()));
    }

   private:
    std::size_t reviews_;
    std::vector<double> window_;  // the oldest first
    double sum_ = 0;
  };
};

}  // namespace optichain::models::policy
