#include "models/condition/condition.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "models/run/version.hpp"
#include "models/study/futures_file.hpp"
#include "sim/batch/posterior.hpp"

namespace optichain::models::condition {
namespace {

constexpr double low_part = 0.05, middle = 0.5, high_part = 0.95;
constexpr std::size_t published_draws = 2000;  // of what would be published of a figure

std::uint64_t seed_of(const StudyRuns& simulation) {
  return static_cast<std::uint64_t>(simulation.study().study.seed);
}

MiddleRange range_of(const std::vector<double>& values, const std::vector<double>& weights) {
  return {sim::weighted_quantile(values, weights, low_part),
          sim::weighted_quantile(values, weights, middle),
          sim::weighted_quantile(values, weights, high_part)};
}

double deviation_of(const std::vector<double>& values, const std::vector<double>& weights) {
  double mean = 0, squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    mean += weights[i] * values[i];
    squares += weights[i] * values[i] * values[i];
  }
  return std::sqrt(std::max(0.0, squares - mean * mean));
}

std::vector<double> alike(std::size_t count) {
  return std::vector<double>(count, 1 / static_cast<double>(count));
}

class Describer {
 public:
  Describer(const StudyRuns& simulation, const Members& beforehand, Conditioned& out)
      : simulation_(simulation), beforehand_(beforehand), out_(out) {}

  void inputs() {
    const Members& after = out_.inference.members;
    const auto& factors = simulation_.study().uncertainties;
    for (std::size_t f = 0; f < factors.size(); ++f) {
      Conditioned::Input input;
      input.name = factors[f].name();
      input.has_choices = !factors[f].law();
      const auto column = [&](const Members& members, bool as_scores) {
        std::vector<double> values;
        for (std::size_t i = 0; i < members.count(); ++i) {
          const double u = members.inputs.at(i, f);
          values.push_back(as_scores ? sim::normal_score(u) : factors[f].at(u));
        }
        return values;
      };
      const auto even = alike(beforehand_.count());
      input.before = range_of(column(beforehand_, false), even);
      input.after = range_of(column(after, false), out_.inference.weights);
      for (const MiddleRange& r : {input.before, input.after}) {
        for (const double x : {r.low, r.median, r.high})
          input.labels.push_back(factors[f].label(x));
      }
      input.spread_left = deviation_of(column(after, true), out_.inference.weights) /
                          deviation_of(column(beforehand_, true), even);
      out_.inputs.push_back(std::move(input));
    }
  }

  void figures(const Evidence& evidence, const std::vector<double>& luck) {
    const auto& known = simulation_.figures();
    for (std::size_t j = 0; j < evidence.known; ++j) {
      Conditioned::Figure figure;
      figure.figure = known[j];
      figure.luck = luck[j];
      figure.nearest = out_.inference.nearest[j];
      std::vector<double> simulated;
      for (std::size_t i = 0; i < beforehand_.count(); ++i) {
        const double log = beforehand_.logs[i * known.size() + j];
        if (!std::isnan(log)) simulated.push_back(std::exp(log));
      }
      if (!simulated.empty()) figure.before = range_of(simulated, alike(simulated.size()));
      if (!out_.inference.refused) {
        figure.after = published(j, evidence.deviations[j]);
        figure.is_held =
            figure.after.low <= known[j]->value && known[j]->value <= figure.after.high;
      }
      out_.figures.push_back(figure);
    }
  }

 private:
  /// What would be published of a figure: simulated, and the error of it.
  MiddleRange published(std::size_t j, double deviation) const {
    const Members& after = out_.inference.members;
    const std::string name =
        fmt::format("{} {}", simulation_.figures()[j]->series, simulation_.figures()[j]->period);
    std::vector<double> values;
    const auto drawn = out_.inference.draw(published_draws, seed_of(simulation_));
    for (std::size_t k = 0; k < drawn.size(); ++k) {
      const double log = after.logs[drawn[k] * simulation_.figures().size() + j];
      const double error = deviation * normal_noise(seed_of(simulation_), name, k);
      if (!std::isnan(log)) values.push_back(std::exp(log + error));
    }
    return values.empty() ? MiddleRange{} : range_of(values, alike(values.size()));
  }

  const StudyRuns& simulation_;
  const Members& beforehand_;
  Conditioned& out_;
};

/// As a file says what an uncertainty is: its range stands there if the scenario said it.
study::FactorText explicit_text(const study::FactorText& text, const study::Factor& factor) {
  study::FactorText out = text;
  if (factor.law() && !text.distribution && !text.low) {
    out.low = factor.law()->low();
    out.high = factor.law()->high();
  }
  return out;
}

std::string file_of(const StudyRuns& simulation, const Conditioned& found,
                    const LoadedObservations& observations, const ConditionWork& work) {
  const study::LoadedStudy& study = simulation.study();
  const auto name = [](const std::string& path) {
    return std::filesystem::path(path).filename().string();
  };
  study::FuturesHead head;
  head.study = name(work.study_file);
  head.base = name(study.study.base);
  head.observations = name(observations.file);
  head.until.date = work.end - sim::one_day;
  head.method = found.inference.method == Method::weights ? "weights" : "ensemble";
  head.effective = found.inference.effective;
  head.engine = run::version();
  for (const study::Factor& factor : study.uncertainties) {
    head.uncertainties[factor.name()] =
        explicit_text(study.study.uncertainties.at(factor.name()), factor);
  }
  std::vector<std::vector<std::string>> rows;
  for (const std::size_t i : found.inference.draw(work.inference.kept, seed_of(simulation))) {
    auto& row = rows.emplace_back();
    const auto settings = simulation.settings(found.inference.members.inputs, i);
    for (std::size_t f = 0; f < settings.size(); ++f) {
      row.push_back(study.uncertainties[f].label(settings[f]));
    }
  }
  return study::futures_text(std::move(head), rows);
}

}  // namespace

std::size_t Conditioned::held() const {
  return static_cast<std::size_t>(
      std::count_if(figures.begin(), figures.end(), [](const Figure& f) { return f.is_held; }));
}

StudyRuns simulation_of(const study::LoadedStudy& study, const LoadedObservations& observations,
                        const ConditionWork& work) {
  sim::Diagnostics diagnostics;
  const auto error = [&](const sim::Document& document, const std::string& path,
                         std::string message, std::vector<std::string> notes = {}) {
    diagnostics.error(document.locate(path), path, std::move(message), std::move(notes));
  };
  const auto* list = std::get_if<study::ListDesign>(&study.study.design.uncertainties);
  if (study.uncertainties.empty()) {
    error(study.document, "uncertainties", "expected at least one: there is nothing to learn of");
  } else if (list && list->from) {
    error(study.document, "design.uncertainties",
          "its futures were conditioned already, and would be by the same figures twice",
          {"name the study that they were drawn for"});
  }
  const auto& figures = observations.figures;
  if (figures.empty() || figures.front().time.end > work.end) {
    error(observations.document, "series",
          fmt::format("expected a figure of a period that has ended by {}",
                      sim::format_time(work.end - sim::one_day)));
  }
  if (!diagnostics.empty()) throw sim::InputError(std::move(diagnostics));
  return {study, observations, work.end, work.folder, work.sweeps};
}

Members drawn_beforehand(const StudyRuns& simulation, const ConditionWork& work) {
  const std::size_t inputs = simulation.study().uncertainties.size();
  return simulation.run("beforehand",
                        sim::sobol_sequence(seed_of(simulation), inputs, work.futures));
}

Conditioned condition(const study::LoadedStudy& study, const LoadedObservations& observations,
                      const ConditionWork& work) {
  const StudyRuns simulation = simulation_of(study, observations, work);
  const std::vector<double> luck = simulation.luck();
  const Members beforehand = drawn_beforehand(simulation, work);
  const Evidence evidence = evidence_of(simulation, luck, simulation.figures().size());
  Conditioned out;
  out.futures = beforehand.count();
  out.failed = beforehand.failed;
  out.inference = infer(simulation, beforehand, evidence, work.inference);
  Describer describe(simulation, beforehand, out);
  if (!out.inference.refused) {
    describe.inputs();
    out.file = file_of(simulation, out, observations, work);
  }
  describe.figures(evidence, luck);
  return out;
}

}  // namespace optichain::models::condition
