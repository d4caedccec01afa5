#include "models/sweep/merge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <list>
#include <unordered_map>

#include <fmt/format.h>

#include "models/measures/measure.hpp"
#include "models/run/run_store.hpp"
#include "models/run/version.hpp"
#include "models/sweep/agreement_terms.hpp"
#include "models/sweep/frozen_study.hpp"
#include "models/sweep/run_line.hpp"
#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"
#include "sim/batch/sample.hpp"
#include "sim/output/chunk_file.hpp"
#include "sim/output/csv.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"
#include "sim/output/run_folder.hpp"
#include "sim/output/store.hpp"

namespace optichain::models::sweep {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_cached_bytes = 64 << 20;
constexpr std::size_t runs_per_transaction = 500;

/// Finds the line of any run, wherever it was published. Chunks are read one after the other, for
/// they hold neighbouring runs; the last few stay in memory.
class RunFinder {
 public:
  RunFinder(const Plan& plan, const PointIndex& index, const std::vector<SweepFiles>& folders)
      : plan_(plan), index_(index), places_(plan.runs()) {
    for (const SweepFiles& files : folders) {
      for (const fs::path& path : chunk_files(files)) list(path);
    }
  }

  std::vector<fs::path> damaged;

  /// Nothing if the run is missing.
  std::optional<sim::Json> line(std::uint64_t point, std::uint64_t replication) {
    const Place place = places_[point * plan_.replications() + replication];
    if (place.chunk == 0) return std::nullopt;
    const std::size_t chunk = place.chunk - 1;
    return read_run_line(chunks_[chunk], content(chunk).lines[place.line], plan_.selection).json;
  }

 private:
  struct Place {
    std::uint32_t chunk = 0;  // counted from 1; 0 if the run is nowhere
    std::uint32_t line = 0;
  };
  using Content = std::unique_ptr<const sim::ChunkContent>;

  void list(const fs::path& path) {
    try {
      const Content content = sim::read_chunk(path);
      if (content->head.value("context", sim::Json()) != plan_.context) return;
      chunks_.push_back(path);
      const std::vector<StoredRun> runs = read_runs(path, *content, plan_.selection);
      for (std::size_t i = 0; i < runs.size(); ++i) {
        const StoredRun& run = runs[i];
        if (run.replication >= plan_.replications()) continue;
        for (const auto& [same, point] : index_.find(run.point)) {
          Place& place = places_[point * plan_.replications() + run.replication];
          // a run that failed in one place and was done in another, with more memory, is done
          if (place.chunk == 0 || !run.failed) {
            place = {static_cast<std::uint32_t>(chunks_.size()), static_cast<std::uint32_t>(i)};
          }
        }
      }
    } catch (const sim::WrongFileError&) {
      damaged.push_back(path);
    } catch (const sim::OutputError&) {
      if (sim::is_there(path)) throw;  // another process took it away: `sweep retry`
    }
  }

  const sim::ChunkContent& content(std::size_t chunk) {
    const auto found = std::find_if(cache_.begin(), cache_.end(),
                                    [&](const auto& entry) { return entry.first == chunk; });
    if (found != cache_.end()) {
      cache_.splice(cache_.begin(), cache_, found);
    } else {
      cache_.emplace_front(chunk, sim::read_chunk(chunks_[chunk]));
      cached_bytes_ += cache_.front().second->text.size();
      while (cached_bytes_ > most_cached_bytes && cache_.size() > 1) {
        cached_bytes_ -= cache_.back().second->text.size();
        cache_.pop_back();
      }
    }
    return *cache_.front().second;
  }

  const Plan& plan_;
  const PointIndex& index_;
  std::vector<Place> places_;
  std::vector<fs::path> chunks_;
  std::list<std::pair<std::size_t, Content>> cache_;  // the last used first
  std::size_t cached_bytes_ = 0;
};

class Merger {
 public:
  Merger(const Plan& plan, RunFinder& runs, sim::RunFolder& folder)
      : plan_(plan),
        study_(plan.study),
        runs_(runs),
        folder_(folder),
        scenario_(scenario::scenario_from_text(freeze(study_, "scenario.yaml").scenario,
                                               "scenario.yaml")),
        store_(folder.part("results.sqlite")),
        csv_file_(folder.part("runs.csv")),
        csv_([this](std::string_view row) { csv_file_.write(row); }, csv_header()) {}

  MergeOutcome run() {
    describe();
    std::vector<sim::RunResult> batch;
    for (std::uint64_t point = 0; point < plan_.points(); ++point) {
      for (std::uint64_t r = 0; r < plan_.replications(); ++r) {
        const auto line = runs_.line(point, r);
        if (!line) {
          ++outcome_.missing;
          continue;
        }
        batch.push_back(result(point, r, *line));
        add_csv(point, batch.back());
        if (batch.size() == runs_per_transaction) flush(batch);
      }
    }
    flush(batch);
    finish();
    return std::move(outcome_);
  }

 private:
  std::vector<std::string> csv_header() const {
    std::vector<std::string> header = {"policy", "future", "replication", "failure"};
    for (const study::Factor& f : study_.levers) header.push_back(f.name());
    for (const study::Factor& f : study_.uncertainties) header.push_back(f.name());
    for (const auto& f : plan_.selection.figures) header.push_back(f.name.text());
    return header;
  }

  void describe() {
    store_.put_meta("engine", run::engine());
    store_.put_meta("study", freeze(study_, "scenario.yaml").study);
    store_.put(run::scenario_row(scenario_, Catalog(scenario_.scenario),
                                 scenario::resolved_yaml(scenario_), plan_.selection.weeks));
    put_options(study_.levers, study_.policies, 'p', policies_,
                [&](const sim::OptionRow& row) { store_.put_policy(row); });
    put_options(study_.uncertainties, study_.futures, 'f', futures_,
                [&](const sim::OptionRow& row) { store_.put_future(row); });
    if (study_.study.decision && study_.study.decision->agreement) {
      store_.put_meta("agreement",
                      agreement_note(agreement_in_question(*study_.study.decision->agreement,
                                                           scenario_.scenario, study_, policies_)));
    }
  }

  template <class Put>
  void put_options(std::span<const study::Factor> factors, const study::Settings& settings,
                   char letter, std::vector<std::string>& names, Put put) {
    std::vector<sim::OptionRow> rows;
    for (std::size_t i = 0; i < settings.rows(); ++i) {
      names.push_back(study::row_name(factors, settings, i, letter));
    }
    make_unique(names, letter);
    store_.together([&] {
      for (std::size_t i = 0; i < settings.rows(); ++i) {
        put({names[i], sim::json_line(row_json(factors, settings.row(i)))});
      }
    });
  }
  /// Rows that are the same setting twice still are two rows.
  static void make_unique(std::vector<std::string>& names, char letter) {
    std::unordered_map<std::string, int> seen;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (seen[names[i]]++ > 0) names[i] = fmt::format("{}{}", letter, i + 1);
    }
  }

  sim::RunResult result(std::uint64_t point, std::uint64_t replication, const sim::Json& line) {
    sim::RunResult result;
    result.run.key = {scenario_.scenario.name, policies_[study_.policy_of(point)],
                      futures_[study_.future_of(point)], replication};
    result.run.seed = plan_.seed();
    if (line.contains("failure")) {
      result.run.failure = line.at("failure");
      ++outcome_.failed;
      return result;
    }
    ++outcome_.done;
    const auto& values = line.at("values");
    for (std::size_t i = 0; i < plan_.selection.figures.size(); ++i) {
      if (values.at(i).is_null()) continue;
      const auto& figure = plan_.selection.figures[i];
      result.kpis.push_back({figure.name.text(), figure.unit, values.at(i)});
    }
    for (std::size_t i = 0; i < plan_.selection.series.size(); ++i) {
      const auto& curve = plan_.selection.series[i];
      const auto& weeks = line.at("series").at(i);
      if (weeks.is_null()) continue;
      result.series.push_back({curve.name.entity.text(), curve.name.measure, curve.unit,
                               weeks.get<std::vector<double>>()});
    }
    return result;
  }

  void add_csv(std::uint64_t point, const sim::RunResult& result) {
    csv_.field(result.run.key.policy);
    csv_.field(result.run.key.future);
    csv_.field(result.run.key.replication);
    csv_.field(result.run.failure);
    const auto add_settings = [&](std::span<const study::Factor> factors,
                                  std::span<const study::Setting> row) {
      for (std::size_t f = 0; f < factors.size(); ++f) csv_.field(factors[f].label(row[f]));
    };
    add_settings(study_.levers, study_.policies.row(study_.policy_of(point)));
    add_settings(study_.uncertainties, study_.futures.row(study_.future_of(point)));
    std::size_t next = 0;
    for (const auto& figure : plan_.selection.figures) {
      const bool is_there =
          next < result.kpis.size() && result.kpis[next].name == figure.name.text();
      csv_.field(is_there ? result.kpis[next].value : std::numeric_limits<double>::quiet_NaN());
      next += is_there;
    }
    csv_.end_row();
  }

  void flush(std::vector<sim::RunResult>& batch) {
    store_.together([&] {
      for (const sim::RunResult& result : batch) store_.add(result);
    });
    batch.clear();
  }

  void finish() {
    std::vector<sim::MeasureRow> rows;
    for (const auto& f : plan_.selection.figures) {
      const auto good = measures::good_direction(f.name.entity.group, f.name.measure);
      rows.push_back({f.name.text(), f.unit, std::string(good), ""});
    }
    store_.put_measures(rows);
    if (outcome_.missing > 0) {
      store_.put_meta("missing_runs", fmt::format("{}", outcome_.missing));
    }
    const std::string identity = store_.finish();
    csv_file_.close();
    folder_.finish({{"engine", run::engine()},
                    {"store", identity},
                    {"study", study_.study.name},
                    {"scenario", scenario_.scenario.name},
                    {"seed", plan_.seed()},
                    {"policies", study_.policies.rows()},
                    {"futures", study_.futures.rows()},
                    {"replications", plan_.replications()},
                    {"runs", outcome_.done},
                    {"failed_runs", outcome_.failed},
                    {"missing_runs", outcome_.missing}});
  }

  const Plan& plan_;
  const study::LoadedStudy& study_;
  RunFinder& runs_;
  sim::RunFolder& folder_;
  scenario::LoadedScenario scenario_;
  sim::StoreWriter store_;
  sim::OutputFile csv_file_;
  sim::CsvWriter csv_;
  std::vector<std::string> policies_, futures_;
  MergeOutcome outcome_;
};

}  // namespace

MergeOutcome merge_sweep(const Plan& plan, const std::vector<SweepFiles>& folders,
                         const fs::path& out, bool allow_partial) {
  const PointIndex index(plan.study);
  const SweepState state = read_state(plan, index, folders, Reading::ends);
  MergeOutcome found;
  using State = Coverage::State;
  found.done = state.coverage.count(State::done);
  found.failed = state.coverage.count(State::failed);
  found.missing = state.coverage.count(State::missing);
  if (found.missing > 0 && !allow_partial) return found;
  RunFinder runs(plan, index, folders);
  found.damaged = runs.damaged;
  if (!runs.damaged.empty() && !allow_partial) return found;
  sim::RunFolder folder(out);
  MergeOutcome outcome = Merger(plan, runs, folder).run();
  outcome.damaged = runs.damaged;
  return outcome;
}

}  // namespace optichain::models::sweep
