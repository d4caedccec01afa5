#pragma once
// A merged sweep, read back from its store: outcomes by policy and future, and what was varied.

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/study/study.hpp"
#include "sim/batch/robustness.hpp"
#include "sim/output/store.hpp"

namespace optichain::models::sweep {

class SweepResults {
 public:
  /// From a folder or its results.sqlite. Throws WrongFileError if that is no sweep or not whole,
  /// OutputError if it cannot be read.
  explicit SweepResults(const std::filesystem::path& store);

  const study::Study& study() const { return study_; }
  const std::vector<std::string>& policies() const { return policies_; }
  const std::vector<std::string>& futures() const { return futures_; }
  const std::vector<sim::MeasureRow>& measures() const { return measures_; }
  /// Throws InputError with a suggestion for a metric that was not kept.
  const sim::MeasureRow& measure(const std::string& metric) const;

  /// Whether a metric was kept.
  bool has(const std::string& metric) const;
  /// A metric in every run, by policy, then future, then replication; NaN where it is not reported
  /// or the run failed.
  std::vector<double> runs(const std::string& metric) const;
  /// Whether a run was done, in the order of runs().
  std::vector<bool> done() const;
  std::size_t replications() const { return static_cast<std::size_t>(study_.replications); }
  /// What was noted about the whole (StoreWriter::put_meta); nothing if it was not.
  std::optional<std::string> note(const std::string& key) const { return store_.meta(key); }

  /// The mean of a metric over replications, in each policy and future; NaN where all failed.
  sim::OutcomeTable means(const std::string& metric) const;

  /// A factor as it was set in every policy or future.
  struct Column {
    std::string name;
    bool is_lever = false;
    /// Numbers, or indices of `words`; NaN where the scenario was left as it is.
    std::vector<double> settings;
    std::vector<std::string> words;
    std::string shown(double setting) const;
  };
  /// Levers by policy, then uncertainties by future, each by name.
  const std::vector<Column>& columns() const { return columns_; }

  /// The setting of a column at a point.
  double setting(const Column& column, std::size_t policy, std::size_t future) const {
    return column.settings[column.is_lever ? policy : future];
  }

 private:
  void require_all_runs(const std::filesystem::path& store, std::size_t policies,
                        std::size_t futures) const;
  void read_options(const std::vector<sim::OptionRow>& rows, bool are_levers,
                    std::vector<std::string>& names);
  void for_each(const std::string& metric,
                const std::function<void(std::size_t point, std::uint64_t replication,
                                         double value)>& visit) const;

  sim::StoreReader store_;
  study::Study study_;
  std::vector<std::string> policies_, futures_;
  std::vector<sim::MeasureRow> measures_;
  std::vector<Column> columns_;
};

}  // namespace optichain::models::sweep
