#include "models/claims/calibrate.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>

#include "models/run/replicate.hpp"
#include "models/scenario/load.hpp"
#include "sim/base/check.hpp"
#include "sim/base/number.hpp"
#include "sim/batch/least_squares.hpp"
#include "sim/input/yaml.hpp"

namespace optichain::models::claims {
namespace {

constexpr double nine_tenths = 1.645;  // standard deviations, to either side
constexpr double alike = 0.9;          // a correlation beyond which two are twins
constexpr double no_figure = 10;       // standard deviations off, where a run reports none

using Figures = std::map<std::string, double>;

class Calibrator {
 public:
  Calibrator(const LoadedClaims& claims, const CalibrationWork& work)
      : claims_(claims), work_(work), text_(*claims.text->calibration) {
    load_base();
    make_factors();
    if (!diagnostics_.empty()) throw sim::InputError(std::move(diagnostics_));
  }

  CalibrationResult run() {
    sim::LeastSquaresOptions options;
    options.steps = static_cast<std::size_t>(text_.steps);
    options.on_step = work_.on_step;
    for (const auto& [name, p] : text_.parameters) {
      options.low.push_back(std::log(p.low) / spread(p));
      options.high.push_back(std::log(p.high) / spread(p));
    }
    const std::vector<double> nothing(text_.parameters.size(), 0.0);
    const Figures before = simulate(nothing);
    const auto residuals = [this](std::span<const std::vector<double>> points) {
      std::vector<std::vector<double>> found;
      for (const auto& point : points) found.push_back(residuals_of(simulate(point)));
      return found;
    };
    const auto fit = sim::fit_least_squares(nothing.size(), residuals, options);
    return describe(fit, before, simulate(fit.parameters));
  }

 private:
  std::filesystem::path base_file() const {
    return std::filesystem::path(claims_.file).parent_path() / text_.base;
  }
  void load_base() {
    base_ = scenario::load_scenario(base_file().string()).document;
    base_.apply(sim::overrides_of(text_.changes), scenario::scenario_schema(), diagnostics_);
    if (!diagnostics_.empty()) throw sim::InputError(std::move(diagnostics_));
  }

  void make_factors() {
    for (const auto& [name, p] : text_.parameters) {
      study::FactorText factor;
      factor.path = p.path;
      factor.paths = p.paths;
      factor.as = study::Applied::factor;
      factor.low = p.low;
      factor.high = p.high;
      sim::Diagnostics found;
      factors_.push_back(
          study::Factor::make(name, false, factor, {}, base_, claims_.document, found));
      const std::string path = "calibration.parameters." + name;
      for (const sim::Diagnostic& e : found.errors()) {
        diagnostics_.error(claims_.document.locate(path), path, e.message, e.notes);
      }
    }
  }

  /// The standard deviation of a parameter's logarithm.
  static double spread(const Parameter& p) {
    return (std::log(p.high) - std::log(p.low)) / (2 * nine_tenths);
  }
  std::vector<double> factors_at(const std::vector<double>& point) const {
    std::vector<double> factors;
    std::size_t i = 0;
    for (const auto& [name, p] : text_.parameters) {
      factors.push_back(std::exp(point[i++] * spread(p)));
    }
    return factors;
  }

  sim::Document changed(const std::vector<double>& factors) {
    sim::Document document = base_;
    for (std::size_t i = 0; i < factors.size(); ++i) {
      factors_[i].apply(factors[i], document, diagnostics_);
    }
    if (!diagnostics_.empty()) throw sim::InputError(std::move(diagnostics_));
    return document;
  }

  /// Means of all key figures; kept, for the same point may be asked for again.
  Figures simulate(const std::vector<double>& point) {
    if (const auto known = simulated_.find(point); known != simulated_.end()) return known->second;
    const scenario::LoadedScenario loaded = scenario::load_scenario(changed(factors_at(point)), {});
    const Catalog catalog(loaded.scenario);
    const run::Replications runs =
        run::replicate(catalog, {.count = static_cast<std::size_t>(text_.replications),
                                 .jobs = work_.jobs,
                                 .stop = work_.stop});
    if (runs.stopped) throw sim::Interrupted("stopped by a signal; nothing was written");
    if (!runs.failures.empty()) sim::fail("a trial failed: {}", runs.failures.front().reason);
    runs_ += runs.done.size();
    Figures figures;
    runs.summarise().for_each([&](const std::string& name, const std::string&,
                                  const sim::Summary& s) { figures[name] = s.mean; });
    return simulated_.emplace(point, std::move(figures)).first->second;
  }

  static double value_of(const LoadedObservation& o, const Figures& figures) {
    std::vector<double> values;
    for (const std::string& name : o.figure.expression.names()) {
      const auto known = figures.find(name);
      if (known == figures.end()) return std::nan("");
      values.push_back(known->second);
    }
    return o.figure.expression.value(values);
  }

  std::vector<double> residuals_of(const Figures& figures) const {
    std::vector<double> residuals;
    for (const LoadedObservation& o : claims_.observations) {
      if (!o.text->fit) continue;
      const double ratio = value_of(o, figures) / o.text->published;
      residuals.push_back(ratio > 0 ? std::log(ratio) / o.text->error : -no_figure);
    }
    return residuals;
  }

  CalibrationResult describe(const sim::LeastSquaresFit& fit, const Figures& before,
                             const Figures& after) {
    CalibrationResult out;
    const std::vector<double> factors = factors_at(fit.parameters);
    const std::size_t n = factors.size();
    std::size_t i = 0;
    for (const auto& [name, p] : text_.parameters) {
      CalibrationResult::Fitted fitted{name, factors[i], p.low, p.high, fit.remaining[i],
                                       "",   0,          {}};
      std::size_t j = 0;
      for (const auto& [other, unused] : text_.parameters) {
        const double correlation = fit.correlation[i * n + j];
        if (j++ == i || std::abs(correlation) <= std::abs(fitted.correlation)) continue;
        fitted.twin = std::abs(correlation) >= alike ? other : "";
        fitted.correlation = correlation;
      }
      fitted.paths = factors_[i].paths();
      out.parameters.push_back(std::move(fitted));
      ++i;
    }
    for (const LoadedObservation& o : claims_.observations) {
      out.observations.push_back({o.id, o.text->published, value_of(o, before), value_of(o, after),
                                  o.text->error, o.text->fit});
    }
    const auto squares = [](const std::vector<double>& residuals) {
      double sum = 0;
      for (const double r : residuals) sum += r * r;
      return sum;
    };
    out.loss_before = fit.loss_before;
    out.loss = fit.loss;
    out.figures_before = squares(residuals_of(before));
    out.figures = squares(fit.residuals);
    out.steps = fit.steps;
    out.runs = runs_;
    write_scenario(factors, out);
    return out;
  }

  /// What was fitted as changes of the base; each value says so beside it.
  void write_scenario(const std::vector<double>& factors, CalibrationResult& out) {
    const sim::Document fitted = changed(factors);
    const scenario::LoadedScenario base = scenario::load_scenario(base_, {});
    out.numbers = static_cast<std::size_t>(std::count_if(
        base.inputs.begin(), base.inputs.end(), [](const sim::Input& i) { return i.numeric; }));
    std::map<std::string, std::vector<std::string>> by_path;
    for (std::size_t i = 0; i < factors.size(); ++i) {
      const std::string what =
          fmt::format("{} x {}", out.parameters[i].name, sim::format_short(factors[i]));
      for (const std::string& path : out.parameters[i].paths) by_path[path].push_back(what);
    }
    sim::Node overrides = sim::Node::map();
    for (const auto& [path, what] : by_path) {
      sim::Node value = *fitted.find(path);
      auto annotation = std::make_shared<sim::Annotation>();
      if (value.annotation()) *annotation = *value.annotation();
      if (!annotation->sources.empty()) annotation->confidence = std::string("X");
      annotation->note = fmt::format("fitted: {}", fmt::join(what, ", "));
      value.annotate(annotation);
      overrides.put(path, std::move(value));
    }
    out.touched = by_path.size();
    sim::Node root = sim::Node::map();
    const auto from = std::filesystem::absolute(base_file());
    const bool anywhere = std::filesystem::path(text_.base).is_absolute();
    root.put("extends",
             sim::Node::scalar(anywhere ? text_.base
                                        : std::filesystem::proximate(from, work_.folder).string()));
    root.put("name", sim::Node::scalar(fmt::format("{}, fitted to the past", claims_.text->name)));
    root.put("overrides", std::move(overrides));
    out.scenario = fmt::format(
        "# Written by `optichain reproduce {} --calibrate`: what was fitted to figures of the "
        "past.\n"
        "# The claims file says which; everything else is as in {}.\n{}",
        std::filesystem::path(claims_.file).filename().string(), text_.base, sim::to_yaml(root));
  }

  const LoadedClaims& claims_;
  const CalibrationWork& work_;
  const Calibration& text_;
  sim::Diagnostics diagnostics_;
  sim::Document base_;
  std::vector<study::Factor> factors_;
  std::map<std::vector<double>, Figures> simulated_;
  std::size_t runs_ = 0;
};

}  // namespace

CalibrationResult calibrate(const LoadedClaims& claims, const CalibrationWork& work) {
  if (!claims.text->calibration) {
    sim::Diagnostics diagnostics;
    diagnostics.error(claims.document.root().mark(), "calibration",
                      "there is none in this file, so there is nothing to fit");
    throw sim::InputError(std::move(diagnostics));
  }
  return Calibrator(claims, work).run();
}

}  // namespace optichain::models::claims
