#include "models/condition/members.hpp"

#include <cmath>
#include <limits>
#include <set>

#include "models/scenario/load.hpp"
#include "models/sweep/results.hpp"
#include "models/sweep/whole_sweep.hpp"
#include "sim/base/check.hpp"
#include "sim/base/interrupt.hpp"
#include "sim/batch/sample.hpp"
#include "sim/output/own_folder.hpp"

namespace optichain::models::condition {
namespace {

constexpr std::int64_t lucky_runs = 20;
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// The study with its uncertainties alone, to the day before `end`, and what the figures need kept.
study::LoadedStudy bare(study::LoadedStudy study, sim::Date end,
                        const std::set<std::string>& kept) {
  sim::Diagnostics diagnostics;
  const std::string last = sim::format_time(end - sim::one_day);
  study.scenario.apply({"end", {}, sim::Node::scalar(last)}, scenario::scenario_schema(),
                       diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(std::move(diagnostics));
  study.levers.clear();
  study.policies = study::Settings(0);
  study.study.levers.clear();
  study.study.constraints.clear();
  study.study.series.clear();
  study.study.decision.reset();
  study.study.design.levers = study::GridDesign{};
  study.study.replications = 1;
  study.study.metrics.assign(kept.begin(), kept.end());
  return study;
}

}  // namespace

StudyRuns::StudyRuns(study::LoadedStudy study, const LoadedObservations& observations,
                     sim::Date end, std::filesystem::path folder, sweep::SweepWork work)
    : folder_(std::move(folder)), work_(work) {
  std::set<std::string> kept;
  for (const LoadedFigure& figure : observations.figures) {
    if (figure.time.end > end) continue;
    figures_.push_back(&figure);
    kept.insert(figure.expression.names().begin(), figure.expression.names().end());
  }
  study_ = bare(std::move(study), end, kept);
  pilot_ = sweep::pilot_run(study_, work_.stop);
  check_metrics(observations, end, pilot_.results);
}

std::vector<study::Setting> StudyRuns::settings(const sim::UnitDesign& inputs,
                                                std::size_t row) const {
  std::vector<study::Setting> settings;
  for (std::size_t f = 0; f < study_.uncertainties.size(); ++f) {
    settings.push_back(study_.uncertainties[f].at(inputs.at(row, f)));
  }
  return settings;
}

std::vector<double> StudyRuns::sweep(study::LoadedStudy study, const std::string& name,
                                     std::size_t& failed) const {
  const sweep::SweepFiles files{sim::OwnFolder(folder_).folder(name)};
  const sweep::WholeSweep whole = sweep::sweep_whole(std::move(study), pilot_, files, work_);
  if (whole.work.stopped) {
    throw sim::Interrupted("stopped by a signal; the same command goes on from there");
  }
  if (!whole.merged) sim::fail("{} runs of {} are missing", whole.work.missing, name);
  failed = whole.merged->failed;
  const sweep::SweepResults results(files.folder);
  const std::size_t runs = results.futures().size() * results.replications();
  std::vector<double> logs(runs * figures_.size(), unknown);
  for (std::size_t j = 0; j < figures_.size(); ++j) {
    const sim::Expression& expression = figures_[j]->expression;
    std::vector<std::vector<double>> values;
    for (const std::string& metric : expression.names()) values.push_back(results.runs(metric));
    std::vector<double> of_run(values.size());
    for (std::size_t i = 0; i < runs; ++i) {
      for (std::size_t m = 0; m < values.size(); ++m) of_run[m] = values[m][i];
      const double figure = expression.value(of_run);
      if (figure > 0) logs[i * figures_.size() + j] = std::log(figure);
    }
  }
  return logs;
}

Members StudyRuns::run(const std::string& name, sim::UnitDesign inputs) const {
  study::LoadedStudy study = study_;
  study.futures = study::Settings(study.uncertainties.size());
  for (std::size_t i = 0; i < inputs.rows(); ++i) study.futures.add(settings(inputs, i));
  Members members{std::move(inputs), {}, 0};
  members.logs = sweep(std::move(study), name, members.failed);
  return members;
}

std::vector<double> StudyRuns::luck() const {
  study::LoadedStudy study = study_;
  study.uncertainties.clear();
  study.study.uncertainties.clear();
  study.futures = study::Settings(0);
  study.study.replications = lucky_runs;
  std::size_t failed = 0;
  const std::vector<double> logs = sweep(std::move(study), "luck", failed);
  std::vector<double> deviations;
  for (std::size_t j = 0; j < figures_.size(); ++j) {
    std::vector<double> of_figure;
    for (std::size_t i = j; i < logs.size(); i += figures_.size()) {
      if (!std::isnan(logs[i])) of_figure.push_back(logs[i]);
    }
    deviations.push_back(of_figure.size() > 1 ? sim::summarise(of_figure).sd : 0);
  }
  return deviations;
}

}  // namespace optichain::models::condition
