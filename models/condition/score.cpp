#include "models/condition/score.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "models/measures/figure_name.hpp"
#include "sim/batch/sample.hpp"
#include "sim/batch/scores.hpp"

namespace optichain::models::condition {
namespace {

constexpr std::size_t draws = 1000;  // of a forecast
constexpr double days_per_quarter = 91.3;

int quarters_between(sim::Date from, sim::Date to) {
  return static_cast<int>(std::lround(static_cast<double>((to - from).count()) / days_per_quarter));
}

/// The figures of the same series and kind of period that an origin knows, the latest first.
std::vector<const LoadedFigure*> past_of(const LoadedFigure& figure, const StudyRuns& simulation,
                                         const Origin& origin) {
  std::vector<const LoadedFigure*> past;
  for (std::size_t j = origin.figures; j-- > 0;) {
    const LoadedFigure& other = *simulation.figures()[j];
    if (other.series == figure.series &&
        measures::is_year(other.period) == measures::is_year(figure.period)) {
      past.push_back(&other);
    }
  }
  return past;
}

void forecast_without_model(ScoredForecast& forecast, const StudyRuns& simulation,
                            const Origin& origin) {
  const auto past = past_of(*forecast.figure, simulation, origin);
  if (past.empty()) return;
  forecast.last = past[0]->value;
  if (past.size() < 2) return;
  const int step = quarters_between(past[1]->time.end, past[0]->time.end);
  const int ahead = quarters_between(past[0]->time.end, forecast.figure->time.end);
  const double growth = past[0]->value / past[1]->value;
  forecast.growth = past[0]->value * std::pow(growth, static_cast<double>(ahead) / step);
}

Origin origin_at(const StudyRuns& simulation, sim::Date end) {
  Origin origin;
  origin.end = origin.known = end;
  for (const LoadedFigure* figure : simulation.figures()) {
    if (figure->time.end > end) break;
    ++origin.figures;
    if (figure->published) origin.known = std::max(origin.known, *figure->published);
  }
  if (origin.figures < fewest_figures) {
    origin.refused =
        fmt::format("{} figures before it, and {} are needed", origin.figures, fewest_figures);
  }
  return origin;
}

class Scorer {
 public:
  Scorer(const StudyRuns& simulation, const ConditionWork& work)
      : simulation_(simulation),
        work_(work),
        luck_(simulation.luck()),
        beforehand_(drawn_beforehand(simulation, work)) {}

  void add(sim::Date end, Score& out) const {
    Origin origin = origin_at(simulation_, end);
    if (!origin.refused) forecast_from(origin, out);
    out.origins.push_back(std::move(origin));
  }

 private:
  void forecast_from(Origin& origin, Score& out) const {
    const Evidence evidence = evidence_of(simulation_, luck_, origin.figures);
    InferenceOptions options = work_.inference;
    options.steps = fmt::format("from-{}-step", sim::format_time(origin.end));
    const Inference found = infer(simulation_, beforehand_, evidence, options);
    origin.method = found.method;
    origin.effective = found.effective;
    origin.refused = found.refused;
    if (found.refused) return;
    for (std::size_t j = origin.figures; j < simulation_.figures().size(); ++j) {
      const LoadedFigure& figure = *simulation_.figures()[j];
      if (figure.published && *figure.published <= origin.known) {
        ++origin.passed_over;
        continue;
      }
      auto forecast = forecast_of(j, found, evidence.deviations[j]);
      if (!forecast) continue;
      forecast->origin = out.origins.size();
      forecast->quarters_ahead = quarters_between(origin.end, figure.time.end);
      forecast_without_model(*forecast, simulation_, origin);
      out.forecasts.push_back(*forecast);
    }
  }

  /// Nothing if no future reports the figure.
  std::optional<ScoredForecast> forecast_of(std::size_t j, const Inference& found,
                                            double deviation) const {
    const auto seed = static_cast<std::uint64_t>(simulation_.study().study.seed);
    const std::size_t figures = simulation_.figures().size();
    ScoredForecast forecast;
    forecast.figure = simulation_.figures()[j];
    const std::string name = fmt::format("{} {}", forecast.figure->series, forecast.figure->period);
    std::vector<double> logs;
    const auto drawn = found.draw(draws, seed);
    for (std::size_t k = 0; k < drawn.size(); ++k) {
      const double log = found.members.logs[drawn[k] * figures + j];
      if (!std::isnan(log)) logs.push_back(log + deviation * normal_noise(seed, name, k));
    }
    if (logs.empty()) return std::nullopt;
    std::sort(logs.begin(), logs.end());
    const double came = std::log(forecast.figure->value);
    forecast.low = std::exp(sim::quantile(logs, 0.05));
    forecast.median = std::exp(sim::quantile(logs, 0.5));
    forecast.high = std::exp(sim::quantile(logs, 0.95));
    forecast.crps = sim::fair_crps(logs, came);
    forecast.is_held =
        forecast.low <= forecast.figure->value && forecast.figure->value <= forecast.high;
    return forecast;
  }

  const StudyRuns& simulation_;
  const ConditionWork& work_;
  std::vector<double> luck_;
  Members beforehand_;
};

}  // namespace

double ScoredForecast::off(double naive) const {
  return std::abs(std::log(naive / figure->value));
}

Score score(const study::LoadedStudy& study, const LoadedObservations& observations,
            const ConditionWork& work, const std::vector<sim::Date>& origins) {
  ConditionWork to_the_end = work;
  for (const LoadedFigure& figure : observations.figures) {
    to_the_end.end = std::max(to_the_end.end, figure.time.end);
  }
  const StudyRuns simulation = simulation_of(study, observations, to_the_end);
  const Scorer scorer(simulation, to_the_end);
  Score out;
  const std::set<sim::Date> days(origins.begin(), origins.end());  // each once
  for (const sim::Date end : days) scorer.add(end, out);
  return out;
}

}  // namespace optichain::models::condition
