#pragma once
// Level and trend.

#include <algorithm>
#include <cmath>

#include "models/policy/forecast/rate.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::policy {

struct TrendForecast {
  static constexpr std::string_view title = "Trend forecast", tag = "trend",
                                    doc =
                                        "Exponential smoothing of level and trend (Holt 1957), the "
                                        "trend damped (Gardner and McKenzie 1985).";
  static constexpr ForecastNeeds needs{};
  double alpha = 0.2;
  double beta = 0.05;
  double phi = 1;
  template <class V>
  void fields(V& v) {
    v.optional("alpha", alpha, sim::share, "weight of the newest observation");
    v.optional("beta", beta, sim::share, "weight of the newest change");
    v.optional(
        "phi", phi, sim::between(0.01, 1),
        "part of the trend that is left after a week; with 1 it goes on for ever, and orders "
        "for long lead times may run away");
  }
  friend bool operator==(const TrendForecast&, const TrendForecast&) = default;

  class State : public SteadyRate {
   public:
    State(const TrendForecast& method, double initial_per_week)
        : SteadyRate(initial_per_week),
          alpha_(method.alpha),
          beta_(method.beta),
          log_phi_(method.phi < 1 ? std::log(method.phi) : 0) {}
    void observe(double per_week, double weeks) {
      const double before = level_;
      const double expected = level_ + trend_ * damping(weeks);
      level_ = std::max(0.0, expected + alpha_ * (per_week - expected));
      if (log_phi_ < 0) trend_ *= std::exp(log_phi_ * weeks);
      trend_ += beta_ * ((level_ - before) / weeks - trend_);
    }
    double over(double weeks) const {
      if (log_phi_ < 0) return damped_over(weeks);
      // A falling trend stops at zero; from there on nothing is expected.
      if (trend_ < 0 && level_ + trend_ * weeks < 0) return 0.5 * level_ * (level_ / -trend_);
      return (level_ + 0.5 * trend_ * weeks) * weeks;
    }

   private:
    /// The weeks that a trend of today goes on in effect: the integral of phi^t. Without damping
    /// these weeks themselves.
    double damping(double weeks) const {
      return log_phi_ < 0 ? std::expm1(log_phi_ * weeks) / log_phi_ : weeks;
    }
    /// The integral of level + trend x damping(t), up to where it falls to zero.
    double damped_over(double weeks) const {
      double until = weeks;
      if (trend_ < 0) {
        const double left = 1 - level_ * log_phi_ / trend_;  // phi^t where the rate is zero
        if (left > 0) until = std::min(until, std::log(left) / log_phi_);
      }
      return std::max(0.0, level_ * until + trend_ * (damping(until) - until) / log_phi_);
    }

    double alpha_, beta_;
    double log_phi_;    // 0 if the trend is not damped
    double trend_ = 0;  // change of the level per week
  };
};

}  // namespace optichain::models::policy
