#include "models/policy/forecast.hpp"

#include <algorithm>

namespace optichain::models {

Forecast::Forecast(const ForecastMethod& method, double initial_per_week)
    : method_(method), level_(initial_per_week) {}

void Forecast::observe(double pieces, double weeks) {
  const double rate = pieces / weeks;
  if (const auto* m = std::get_if<ExponentialForecast>(&method_)) {
    level_ += m->alpha * (rate - level_);
  } else if (const auto* t = std::get_if<TrendForecast>(&method_)) {
    const double before = level_;
    const double expected = level_ + trend_ * weeks;
    level_ = std::max(0.0, expected + t->alpha * (rate - expected));
    trend_ += t->beta * ((level_ - before) / weeks - trend_);
  } else if (const auto* w = std::get_if<MovingAverageForecast>(&method_)) {
    window_.push_back(rate);
    window_sum_ += rate;
    if (window_.size() > static_cast<std::size_t>(w->reviews)) {
      window_sum_ -= window_.front();
      window_.pop_front();
    }
    level_ = std::max(0.0, window_sum_ / static_cast<double>(window_.size()));
  }
}

double Forecast::per_week() const {
  return level_;
}

double Forecast::over(double weeks) const {
  // A falling trend stops at zero; from there on nothing is expected.
  if (trend_ < 0 && level_ + trend_ * weeks < 0) return 0.5 * level_ * (level_ / -trend_);
  return (level_ + 0.5 * trend_ * weeks) * weeks;
}

}  // namespace optichain::models
