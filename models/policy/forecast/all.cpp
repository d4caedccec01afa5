#include "models/policy/forecast/all.hpp"

namespace optichain::models::policy {

Forecast::Forecast(const ForecastMethod& method, double initial_per_week)
    : state_(std::visit(
          [&]<class Method>(const Method& m) {
            static_assert(
                !Method::needs.has(PlanFact::plan) ||
                requires(typename Method::State & s, const PlannedDemand& p) { s.follow(p, {}); });
            return State(typename Method::State(m, initial_per_week));
          },
          method)),
      needs_plan_(needs(method).has(PlanFact::plan)) {}

void Forecast::observe(double pieces, double weeks) {
  const double per_week = pieces / weeks;
  std::visit([&](auto& state) { state.observe(per_week, weeks); }, state_);
}

void Forecast::follow(const PlannedDemand& plan, sim::Time now) {
  std::visit(
      [&](auto& state) {
        if constexpr (requires { state.follow(plan, now); }) state.follow(plan, now);
      },
      state_);
}

double Forecast::per_week() const {
  return std::visit([](const auto& state) { return state.per_week(); }, state_);
}

double Forecast::over(double weeks) const {
  return std::visit([&](const auto& state) { return state.over(weeks); }, state_);
}

}  // namespace optichain::models::policy
