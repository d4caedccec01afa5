#include "models/sweep/results.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "models/run/store_file.hpp"
#include "models/study/load.hpp"
#include "sim/base/check.hpp"
#include "sim/base/number.hpp"
#include "sim/input/reader.hpp"
#include "sim/input/refusal.hpp"
#include "sim/output/error.hpp"
#include "sim/output/json.hpp"

namespace optichain::models::sweep {
namespace {

constexpr double unset = std::numeric_limits<double>::quiet_NaN();

study::Study read_study(const sim::StoreReader& store, const std::filesystem::path& path) {
  const auto text = store.meta("study");
  if (!text) sim::wrong_file(path, "it is no store of a sweep");
  sim::Diagnostics diagnostics;
  const auto document =
      sim::Document::from_text(*text, path.string(), study::study_schema(), diagnostics);
  study::Study study;
  if (diagnostics.empty()) {
    sim::Reader(diagnostics).read(document.root(), study, sim::any_number, {});
  }
  if (!diagnostics.empty()) throw sim::InputError(std::move(diagnostics));
  return study;
}

[[noreturn]] void throw_no_setting(const sim::Json& json) {
  throw sim::Json::other_error::create(501, "no setting", &json);
}

}  // namespace

SweepResults::SweepResults(const std::filesystem::path& store)
    : store_(run::store_file(store)),
      study_(read_study(store_, store)),
      measures_(store_.measures()) {
  const std::vector<sim::OptionRow> policies = store_.policies(), futures = store_.futures();
  require_all_runs(store, policies.size(), futures.size());
  try {
    read_options(policies, true, policies_);
    read_options(futures, false, futures_);
  } catch (const sim::Json::exception&) {
    sim::wrong_file(store, "what its policies or futures set are no settings");
  }
}

/// Each policy has run in each future as often as the study says, or the store says how many runs
/// are missing.
void SweepResults::require_all_runs(const std::filesystem::path& store, std::size_t policies,
                                    std::size_t futures) const {
  const auto said = store_.meta("missing_runs");
  const auto missing = said ? sim::parse_number(*said) : std::optional(0.0);
  const auto there = static_cast<double>(store_.runs().size());
  const double all = static_cast<double>(policies) * static_cast<double>(futures) *
                     static_cast<double>(replications());
  if (!missing || all != there + *missing || all < 1) {
    sim::wrong_file(store, "it does not have the runs that its study asks for");
  }
}

void SweepResults::read_options(const std::vector<sim::OptionRow>& rows, bool are_levers,
                                std::vector<std::string>& names) {
  std::vector<sim::Json> settings;
  for (const sim::OptionRow& row : rows) {
    names.push_back(row.name);
    settings.push_back(sim::parse_json(row.json).value_or(sim::Json()));
    if (!settings.back().is_object()) throw_no_setting(settings.back());
    for (const sim::Json& setting : settings.back()) {
      if (!setting.is_number() && !setting.is_string()) throw_no_setting(setting);
    }
  }
  for (const auto& [name, factor] : are_levers ? study_.levers : study_.uncertainties) {
    Column column{name, are_levers, {}, {}};
    const bool has_words = std::any_of(settings.begin(), settings.end(), [&](const auto& json) {
      return json.contains(name) && json[name].is_string();
    });
    for (const sim::Json& json : settings) {
      if (!json.contains(name)) {
        column.settings.push_back(unset);
        continue;
      }
      if (!has_words) {
        column.settings.push_back(json[name]);
        continue;
      }
      const std::string word = json[name].is_string()
                                   ? json[name].get<std::string>()
                                   : sim::format_number(json[name].get<double>());
      auto known = std::find(column.words.begin(), column.words.end(), word);
      if (known == column.words.end()) known = column.words.insert(known, word);
      column.settings.push_back(static_cast<double>(known - column.words.begin()));
    }
    columns_.push_back(std::move(column));
  }
}

std::string SweepResults::Column::shown(double setting) const {
  if (std::isnan(setting)) return "as it is";
  return words.empty() ? sim::format_number(setting) : words.at(static_cast<std::size_t>(setting));
}

const sim::MeasureRow& SweepResults::measure(const std::string& metric) const {
  std::vector<std::string> known;
  for (const sim::MeasureRow& m : measures_) {
    if (m.name == metric) return m;
    known.push_back(m.name);
  }
  sim::refuse_input("--metric", fmt::format("the sweep kept no metric {}", sim::in_quotes(metric)),
                    sim::suggestion(metric, known, "metrics"));
}

bool SweepResults::has(const std::string& metric) const {
  return std::any_of(measures_.begin(), measures_.end(),
                     [&](const sim::MeasureRow& m) { return m.name == metric; });
}

void SweepResults::for_each(const std::string& metric,
                            const std::function<void(std::size_t point, std::uint64_t replication,
                                                     double value)>& visit) const {
  std::map<std::string_view, std::size_t> policy_of, future_of;
  for (std::size_t i = 0; i < policies_.size(); ++i) policy_of[policies_[i]] = i;
  for (std::size_t i = 0; i < futures_.size(); ++i) future_of[futures_[i]] = i;
  for (const auto& [key, value] : store_.kpi(metric)) {
    visit(policy_of.at(key.policy) * futures_.size() + future_of.at(key.future), key.replication,
          value);
  }
}

std::vector<double> SweepResults::runs(const std::string& metric) const {
  std::vector<double> values(policies_.size() * futures_.size() * replications(), unset);
  for_each(metric, [&](std::size_t point, std::uint64_t replication, double value) {
    if (replication < replications()) values[point * replications() + replication] = value;
  });
  return values;
}

std::vector<bool> SweepResults::done() const {
  std::map<std::string_view, std::size_t> policy_of, future_of;
  for (std::size_t i = 0; i < policies_.size(); ++i) policy_of[policies_[i]] = i;
  for (std::size_t i = 0; i < futures_.size(); ++i) future_of[futures_[i]] = i;
  std::vector<bool> done(policies_.size() * futures_.size() * replications());
  for (const sim::RunRow& run : store_.runs()) {
    if (!run.failure.empty() || run.key.replication >= replications()) continue;
    const std::size_t point =
        policy_of.at(run.key.policy) * futures_.size() + future_of.at(run.key.future);
    done[point * replications() + run.key.replication] = true;
  }
  return done;
}

sim::OutcomeTable SweepResults::means(const std::string& metric) const {
  measure(metric);
  sim::OutcomeTable table{policies_.size(), futures_.size(), {}};
  table.values.assign(table.policies * table.futures, 0);
  std::vector<double> counts(table.values.size(), 0);
  for_each(metric, [&](std::size_t point, std::uint64_t, double value) {
    table.values[point] += value;
    counts[point] += 1;
  });
  for (std::size_t i = 0; i < counts.size(); ++i) {
    table.values[i] = counts[i] > 0 ? table.values[i] / counts[i] : unset;
  }
  return table;
}

}  // namespace optichain::models::sweep
