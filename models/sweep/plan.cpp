#include "models/sweep/plan.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "models/catalog/catalog.hpp"
#include "models/run/replicate.hpp"
#include "models/run/version.hpp"
#include "models/sweep/frozen_study.hpp"
#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"
#include "sim/input/writer.hpp"
#include "sim/input/yaml.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"
#include "sim/output/own_folder.hpp"

namespace optichain::models::sweep {
namespace {

namespace fs = std::filesystem;

constexpr int plan_format = 2;
constexpr std::uint64_t most_runs = 200'000'000;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// What the study's text, its combinations and what is kept amount to; the same work if the same.
std::string digest(const Plan& plan, const FrozenStudy& frozen) {
  return sim::hash_digits(
      sim::hash_text(plan.context + frozen.study + frozen.scenario +
                     settings_csv(plan.study.levers, plan.study.policies, 'p') +
                     settings_csv(plan.study.uncertainties, plan.study.futures, 'f')));
}

/// The scenario without what is said about its values.
std::string bare_scenario(const scenario::LoadedScenario& loaded) {
  return sim::to_yaml(sim::to_node(loaded.scenario));
}

std::string context_of(const study::LoadedStudy& study, const MetricSelection& selection,
                       const world::Results& results) {
  sim::Json context = {{"format", plan_format},
                       {"engine", run::version()},
                       {"scenario", bare_scenario(scenario::load_scenario(study.scenario, {}))},
                       {"seed", study.study.seed},
                       {"kept", selection.json()},
                       {"probe", results.fingerprint},
                       {"figures", selection.values(results)}};
  // the past of a branch is not that of the option's scenario
  if (const auto& d = study.study.decision) context["branch"] = sim::format_time(d->date);
  return sim::hash_digits(sim::hash_text(sim::json_line(context)));
}

/// Bytes of a run in a chunk and in the store, roughly.
double bytes_of(const MetricSelection& selection, const world::Results& results) {
  const double numbers = static_cast<double>(selection.figures.size()) +
                         static_cast<double>(selection.series.size() * results.weeks.size());
  return 120 + 30 * numbers;
}

sim::Json chunk_json(const Chunk& chunk) {
  sim::Json runs = sim::Json::array();
  for (const RunRange& r : chunk.runs) {
    runs.push_back(sim::Json::array({r.point, r.points, r.first, r.replications}));
  }
  return {{"id", chunk.id}, {"runs", runs}};
}

[[noreturn]] void no_plan(const SweepFiles& files) {
  sim::wrong_file(files.plan(), "it is no plan");
}

void require_plan(const SweepFiles& files) {
  if (sim::is_there(files.plan())) return;
  sim::wrong_file(files.folder, "it is no folder of a sweep: it has no plan.json");
}

sim::Json read_plan_json(const SweepFiles& files) {
  require_plan(files);
  auto json = sim::parse_json(sim::read_file(files.plan()));
  if (!json || !json->is_object()) no_plan(files);
  const sim::Json format = json->value("format", sim::Json());
  if (format != plan_format) {
    sim::wrong_file(files.plan(),
                    fmt::format("its format is {}, and this program works with {}: use the "
                                "program that wrote it, or plan again in a new folder",
                                sim::json_line(format), plan_format));
  }
  if (sim::take_seal(*json) != sim::JsonSeal::right) {
    sim::wrong_file(files.plan(),
                    "it is damaged, or was changed since it was written: `optichain repair` sets "
                    "it aside, so that it can be planned again");
  }
  return std::move(*json);
}

/// The values of a plan. What a plan does not hold is no plan, whatever its hash says.
class PlanReader {
 public:
  PlanReader(const SweepFiles& files, const Plan& plan) : files_(files), plan_(plan) {}

  std::uint64_t natural(const sim::Json& json) const {
    const auto number = sim::natural_of(json);
    if (!number) no_plan(files_);
    return *number;
  }
  double seconds(const sim::Json& json) const {
    const double value = json.is_number() ? json.get<double>() : -1;
    if (!(value >= 0 && value < 1e12)) no_plan(files_);
    return value;
  }
  /// Its id becomes the name of a file.
  Chunk chunk(const sim::Json& json) const {
    Chunk chunk;
    chunk.id = sim::text_of(json.at("id")).value_or("");
    if (!sim::parse_hash_digits(chunk.id) || !json.at("runs").is_array()) no_plan(files_);
    for (const sim::Json& r : json.at("runs")) {
      const RunRange range{natural(r.at(0)), natural(r.at(1)), natural(r.at(2)), natural(r.at(3))};
      if (!fits(range.point, range.points, plan_.points()) ||
          !fits(range.first, range.replications, plan_.replications())) {
        sim::wrong_file(files_.plan(), "it does not fit its study");
      }
      chunk.runs.push_back(range);
    }
    return chunk;
  }

 private:
  static bool fits(std::uint64_t first, std::uint64_t count, std::uint64_t all) {
    return count > 0 && first < all && count <= all - first;
  }

  const SweepFiles& files_;
  const Plan& plan_;
};

/// A study of a stranger may ask for more runs than can be counted.
bool has_too_many_runs(const study::LoadedStudy& study) {
  const std::uint64_t policies = study.policies.rows(), futures = study.futures.rows();
  const auto replications = static_cast<std::uint64_t>(study.study.replications);
  return policies > most_runs || futures > most_runs || replications > most_runs ||
         policies * futures > most_runs || policies * futures * replications > most_runs;
}

}  // namespace

std::uint64_t Chunk::size() const {
  std::uint64_t size = 0;
  for (const RunRange& r : runs) size += r.runs();
  return size;
}

std::uint64_t Coverage::count(State state) const {
  return static_cast<std::uint64_t>(std::count(states_.begin(), states_.end(), state));
}

PointIndex::PointIndex(const study::LoadedStudy& study) {
  ids_.reserve(study.points());
  for (std::uint64_t point = 0; point < study.points(); ++point) {
    ids_.push_back(sim::hash_text(study.effect(study.policy_of(point), study.future_of(point))));
    by_id_.emplace_back(ids_.back(), point);
  }
  std::sort(by_id_.begin(), by_id_.end());
}

std::span<const std::pair<std::uint64_t, std::uint64_t>> PointIndex::find(std::uint64_t id) const {
  const auto begin = std::lower_bound(by_id_.begin(), by_id_.end(), std::pair(id, 0UL));
  const auto end = std::find_if(begin, by_id_.end(), [&](const auto& e) { return e.first != id; });
  return {begin, end};
}

double Plan::seconds() const {
  return static_cast<double>(runs()) * seconds_per_run +
         static_cast<double>(points()) * setup_seconds;
}

PilotRun pilot_run(const study::LoadedStudy& loaded, const volatile std::sig_atomic_t* stop) {
  PilotRun pilot;
  auto begin = std::chrono::steady_clock::now();
  const scenario::LoadedScenario scenario = scenario::load_scenario(loaded.scenario, {});
  const Catalog catalog(scenario.scenario);
  pilot.setup_seconds = seconds_since(begin);
  const auto seed = static_cast<std::uint64_t>(loaded.study.seed);
  const auto bound = run::bound_if_known(catalog, seed, stop);
  begin = std::chrono::steady_clock::now();
  const run::Replications runs = run::replicate(
      catalog, {.seed = seed,
                .stop = stop,
                .bound = bound,
                .on_result = [&](std::size_t, const world::Results& r) { pilot.results = r; }});
  pilot.seconds = seconds_since(begin);
  if (runs.stopped) throw sim::Interrupted("stopped by a signal");
  if (!runs.failures.empty()) {
    sim::fail("the scenario of the study cannot be run: {}", runs.failures.front().reason);
  }
  return pilot;
}

Plan make_plan(study::LoadedStudy study, const PilotRun& pilot) {
  Plan plan;
  plan.study = std::move(study);
  plan.selection = select_metrics(plan.study, pilot.results);
  plan.context = context_of(plan.study, plan.selection, pilot.results);
  plan.seconds_per_run = pilot.seconds;
  plan.setup_seconds = pilot.setup_seconds;
  plan.bytes_per_run = bytes_of(plan.selection, pilot.results);
  if (has_too_many_runs(plan.study)) {
    sim::fail("{} points times {} replications are more than {} runs", plan.points(),
              plan.replications(), most_runs);
  }
  return plan;
}

void make_folder(const SweepFiles& files) {
  sim::OwnFolder(files.folder).folder(files.chunks().filename());
}

void no_chunks(const SweepFiles& files) {
  require_plan(files);
  sim::wrong_file(
      files.folder,
      "its folder of chunks is missing: `optichain repair` makes it, and all runs count "
      "as missing");
}

void write_plan(const SweepFiles& files, const Plan& plan) {
  const FrozenStudy frozen = freeze(plan.study, files.scenario().filename().string());
  sim::Json chunks = sim::Json::array();
  for (const Chunk& chunk : plan.chunks) chunks.push_back(chunk_json(chunk));
  const sim::Json json = {{"format", plan_format},
                          {"study", plan.study.study.name},
                          {"engine", run::engine()},
                          {"digest", digest(plan, frozen)},
                          {"context", plan.context},
                          {"points", plan.points()},
                          {"replications", plan.replications()},
                          {"seconds_per_run", plan.seconds_per_run},
                          {"setup_seconds", plan.setup_seconds},
                          {"bytes_per_run", plan.bytes_per_run},
                          {"kept", plan.selection.json()},
                          {"chunks", chunks}};
  sim::OwnFolder folder(files.folder);
  folder.folder(files.chunks().filename());
  std::vector<sim::OwnedFile> written;
  const auto put = [&](const fs::path& file, const std::string& text) {
    folder.write_part(file.filename(), text);
    written.push_back(folder.seal(file.filename()));
  };
  put(files.scenario(), frozen.scenario);
  put(files.study(), frozen.study);
  put(files.policies(), settings_csv(plan.study.levers, plan.study.policies, 'p'));
  put(files.futures(), settings_csv(plan.study.uncertainties, plan.study.futures, 'f'));
  put(files.plan(),
      sim::json_line(sim::sealed(json)) + "\n");  // last: what it says of the others is true then
  folder.publish(written);
}

Plan read_plan(const SweepFiles& files) {
  const sim::Json json = read_plan_json(files);
  for (const auto& file : {files.study(), files.scenario(), files.policies(), files.futures()}) {
    if (!sim::is_there(file)) {
      sim::wrong_file(file,
                      "it is missing: `optichain sweep plan` with the study makes the plan again, "
                      "and keeps what was done");
    }
    if (sim::is_as_listed(file).value_or(true)) continue;
    sim::wrong_file(file,
                    "it is damaged, or was changed since it was written: `optichain repair` sets "
                    "it aside, so that it can be planned again");
  }
  Plan plan;
  plan.study = thaw(files.study().string(), files.policies().string(), files.futures().string());
  if (plan.study.study.base != files.scenario().filename() || has_too_many_runs(plan.study)) {
    sim::wrong_file(files.study(), "it is not the study of a plan");
  }
  const PlanReader reader(files, plan);
  try {
    plan.selection = MetricSelection::from_json(json.at("kept"));
    plan.context = json.at("context");
    plan.seconds_per_run = reader.seconds(json.at("seconds_per_run"));
    plan.setup_seconds = reader.seconds(json.at("setup_seconds"));
    plan.bytes_per_run = reader.seconds(json.at("bytes_per_run"));
    for (const sim::Json& c : json.at("chunks")) plan.chunks.push_back(reader.chunk(c));
    if (json.at("digest") != digest(plan, freeze(plan.study, files.scenario().filename()))) {
      sim::wrong_file(files.plan(),
                      "the files beside it were changed, or another process is changing the "
                      "plan: plan again");
    }
  } catch (const sim::Json::exception&) {
    no_plan(files);
  }
  return plan;
}

bool has_same_plan(const SweepFiles& files, const Plan& plan) {
  if (!sim::is_there(files.plan())) return false;
  const FrozenStudy frozen = freeze(plan.study, files.scenario().filename().string());
  if (read_plan_json(files).value("digest", sim::Json()) != digest(plan, frozen)) return false;
  const auto is = [](const fs::path& path, const std::string& text) {
    return fs::exists(path) && sim::read_file(path) == text;
  };
  return is(files.study(), frozen.study) && is(files.scenario(), frozen.scenario) &&
         is(files.policies(), settings_csv(plan.study.levers, plan.study.policies, 'p')) &&
         is(files.futures(), settings_csv(plan.study.uncertainties, plan.study.futures, 'f'));
}

}  // namespace optichain::models::sweep
