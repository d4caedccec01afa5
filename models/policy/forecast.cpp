#include "models/policy/forecast.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/check.hpp"

namespace optichain::models::policy {

Forecast::Forecast(const ForecastMethod& method, double initial_per_week)
    : level_(initial_per_week), method_(method) {
  if (const auto* t = std::get_if<TrendForecast>(&method_); t && t->phi < 1) {
    log_phi_ = std::log(t->phi);
  }
}

void Forecast::observe(double pieces, double weeks) {
  const double rate = pieces / weeks;
  if (const auto* m = std::get_if<ExponentialForecast>(&method_)) {
    level_ += m->alpha * (rate - level_);
  } else if (const auto* t = std::get_if<TrendForecast>(&method_)) {
    const double before = level_;
    const double expected = level_ + trend_ * damping(weeks);
    level_ = std::max(0.0, expected + t->alpha * (rate - expected));
    if (log_phi_ < 0) trend_ *= std::exp(log_phi_ * weeks);
    trend_ += t->beta * ((level_ - before) / weeks - trend_);
  } else if (const auto* w = std::get_if<MovingAverageForecast>(&method_)) {
    window_.push_back(rate);
    window_sum_ += rate;
    if (window_.size() > static_cast<std::size_t>(w->reviews)) {
      window_sum_ -= window_.front();
      window_.erase(window_.begin());
    }
    level_ = std::max(0.0, window_sum_ / static_cast<double>(window_.size()));
  }
}

double Forecast::per_week() const {
  return level_;
}

double Forecast::over(double weeks) const {
  if (plan_.empty()) return log_phi_ < 0 ? damped_over(weeks) : trend_over(weeks);
  double pieces = 0, from = 0;
  for (const PlannedRate& span : plan_) {
    if (span.until_weeks >= weeks) return pieces + span.per_week * (weeks - from);
    pieces += span.per_week * (span.until_weeks - from);
    from = span.until_weeks;
  }
  return pieces + plan_.back().per_week * (weeks - from);
}

double Forecast::trend_over(double weeks) const {
  // A falling trend stops at zero; from there on nothing is expected.
  if (trend_ < 0 && level_ + trend_ * weeks < 0) return 0.5 * level_ * (level_ / -trend_);
  return (level_ + 0.5 * trend_ * weeks) * weeks;
}

/// The weeks that a trend of today goes on in effect: the integral of phi^t. Without damping these
/// weeks themselves.
double Forecast::damping(double weeks) const {
  return log_phi_ < 0 ? std::expm1(log_phi_ * weeks) / log_phi_ : weeks;
}

/// The integral of level + trend x damping(t), up to where it falls to zero.
double Forecast::damped_over(double weeks) const {
  double until = weeks;
  if (trend_ < 0) {
    const double left = 1 - level_ * log_phi_ / trend_;  // phi^t where the rate is zero
    if (left > 0) until = std::min(until, std::log(left) / log_phi_);
  }
  return std::max(0.0, level_ * until + trend_ * (damping(until) - until) / log_phi_);
}

void Forecast::follow(std::span<const PlannedRate> plan) {
  OPTICHAIN_CHECK(!plan.empty(), "a plan needs a rate");
  plan_.assign(plan.begin(), plan.end());
  level_ = plan_.front().per_week;
}

}  // namespace optichain::models::policy
