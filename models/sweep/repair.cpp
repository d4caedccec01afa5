#include "models/sweep/repair.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/run/store_file.hpp"
#include "models/run/version.hpp"
#include "models/sweep/run.hpp"
#include "models/sweep/state.hpp"
#include "sim/base/check.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/number.hpp"
#include "sim/output/chunk_file.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"
#include "sim/output/own_folder.hpp"
#include "sim/output/run_folder.hpp"
#include "sim/output/store.hpp"
#include "sim/output/store_repair.hpp"

namespace optichain::models::sweep {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_named = 20;
constexpr const char* store_name = "results.sqlite";
constexpr const char* resolved_name = "resolved.yaml";

/// Why a file cannot be used; empty if it can.
template <class F>
std::string problem_of_reading(F read) {
  try {
    read();
    return "";
  } catch (const sim::InputError& error) {
    return error.what();
  } catch (const sim::OutputError& error) {
    return error.what();
  } catch (const sim::Error& error) {
    return error.what();
  }
}

std::string run_in_words(const sim::RunKey& key) {
  std::string name = fmt::format("replication {}", key.replication);
  for (const auto& [word, part] :
       {std::pair("policy", &key.policy), std::pair("future", &key.future)}) {
    if (!part->empty()) name += fmt::format(" of {} {}", word, *part);
  }
  return name;
}

/// What was lost of a store, for people.
void tell_lost(const sim::SavedRuns& saved, Repair& repair) {
  std::vector<std::string> names;
  for (const sim::RunKey& key : saved.lost) names.push_back(run_in_words(key));
  std::sort(names.begin(), names.end());
  const std::uint64_t lost = saved.runs - saved.kept;
  const std::size_t named = std::min(names.size(), most_named);
  const std::uint64_t unnamed = lost - named;
  names.resize(named);
  if (unnamed > 0) names.push_back(fmt::format("{} {}", unnamed, named > 0 ? "more" : "runs"));
  if (lost > 0) repair.left.push_back(fmt::format("lost: {}", fmt::join(names, ", ")));
  for (const std::string& part : saved.without) {
    repair.left.push_back(fmt::format("lost: the table \"{}\"", part));
  }
}

/// A sweep says how many runs it lacks.
void count_missing(const fs::path& store, const sim::SavedRuns& saved, sim::StoreWriter& into) {
  if (!sim::peek_store_meta(store, "study") || saved.kept == saved.runs) return;
  const auto before = sim::parse_number(sim::peek_store_meta(store, "missing_runs").value_or("0"));
  const double missing = before.value_or(0) + static_cast<double>(saved.runs - saved.kept);
  into.put_meta("missing_runs", sim::format_number(missing));
}

/// The scenario beside a store, if it is that of the store.
void take_scenario_along(const fs::path& store, sim::RunFolder& folder) {
  const fs::path file = store.parent_path() / resolved_name;
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return;
  const std::string text = sim::read_file(file);
  const std::string hash = sim::hash_digits(sim::hash_text(text));
  const sim::StoreReader reader(folder.part(store_name));
  for (const std::string& name : reader.scenarios()) {
    if (reader.scenario(name).hash == hash) return folder.write(resolved_name, text);
  }
}

/// What was saved before, of this store or of another one, stays.
void require_new(const fs::path& out) {
  std::error_code ignored;
  if (!fs::exists(out, ignored)) return;
  if (fs::is_directory(out, ignored) && fs::is_empty(out, ignored)) return;
  sim::refuse_to_write(out, "there is something in it; name a new folder with -o");
}

void save_store(const fs::path& store, const fs::path& out, Repair& repair) {
  require_new(out);
  sim::Salvage salvage(store);
  sim::RunFolder folder(out);
  sim::SavedRuns saved;
  {
    sim::StoreWriter into(folder.part(store_name));
    saved = salvage.save(into);
    if (saved.kept == 0) {
      sim::wrong_file(store, fmt::format("none of its {} runs is whole", saved.runs));
    }
    count_missing(store, saved, into);
    into.finish();
  }
  take_scenario_along(store, folder);
  folder.finish({{"engine", run::engine()},
                 {"repaired", store.string()},
                 {"runs", saved.kept},
                 {"lost_runs", saved.runs - saved.kept}});
  repair.done.push_back(fmt::format("{} of {} runs are whole and were written to {}", saved.kept,
                                    saved.runs, (out / store_name).string()));
  tell_lost(saved, repair);
}

/// out/baseline or out/baseline/results.sqlite -> out/baseline-repaired, or -repaired-2 and so on
/// if that is there.
fs::path beside(const fs::path& store) {
  const fs::path whole = fs::absolute(store).lexically_normal();
  const bool is_named = whole.filename() == store_name;
  const fs::path of = is_named ? whole.parent_path() : whole.parent_path() / whole.stem();
  fs::path full = of.string() + "-repaired";
  for (int i = 2; fs::exists(full); ++i) full = fmt::format("{}-repaired-{}", of.string(), i);
  const fs::path near = fs::proximate(full);
  return *near.begin() == ".." ? full : near;
}

void repair_store(const fs::path& store, const fs::path& out, Repair& repair) {
  const std::string problem = problem_of_reading([&] { sim::StoreReader whole(store); });
  if (problem.empty()) return;
  repair.damaged.push_back(problem);
  save_store(store, out, repair);
}

/// Files that nobody can mend are named.
void name_damaged(const fs::path& folder, Repair& repair) {
  for (const auto& [name, state] : sim::states_of_listed(folder)) {
    if (state == sim::ListedState::whole || name == store_name) continue;
    const bool is_missing = state == sim::ListedState::missing;
    const std::string file = (folder / name).string();
    repair.damaged.push_back(
        fmt::format("\"{}\" {}", file,
                    is_missing ? "is missing" : "is damaged, or was changed since it was written"));
    repair.left.push_back(
        fmt::format("only the command that wrote \"{}\" can write it again", file));
  }
}

class SweepRepair {
 public:
  SweepRepair(SweepFiles files, fs::path out) : files_(std::move(files)), out_(std::move(out)) {}

  Repair run() {
    sim::OwnFolder folder(files_.folder);
    folder.folder(files_.chunks().filename());
    const SweepLock lock(files_, SweepLock::Kind::alone);
    bool store_is_aside = false;
    for (const auto& [name, state] : sim::states_of_listed(files_.folder)) {
      if (state != sim::ListedState::changed) continue;
      const fs::path aside = folder.set_aside(name);
      repair_.damaged.push_back(
          fmt::format("\"{}\" is damaged, or was changed since it was written",
                      (files_.folder / name).string()));
      repair_.done.push_back(fmt::format("it was set aside as \"{}\"", aside.string()));
      if (name == store_name) {
        store_is_aside = true;
        damaged_store_ = aside;
      }
    }
    check_work();
    if (store_is_aside) say_merge();
    return std::move(repair_);
  }

 private:
  /// Chunks that are damaged are set aside, so that their runs count as missing.
  void check_work() {
    std::optional<Plan> plan;
    const std::string problem = problem_of_reading([&] { plan = read_plan(files_); });
    const auto damaged = plan ? with_plan(*plan) : without_plan();
    set_aside(damaged);
    for (const fs::path& chunk : damaged) {
      repair_.damaged.push_back(fmt::format("\"{}\" is damaged", chunk.string()));
      repair_.done.push_back("it was set aside with the ending .damaged");
    }
    if (plan) {
      if (missing_ > 0) {
        repair_.left.push_back(
            fmt::format("{} runs are missing: `optichain sweep run {}` does them", missing_,
                        files_.folder.string()));
      }
      return;
    }
    if (repair_.damaged.empty()) repair_.damaged.push_back(problem);
    repair_.left.push_back(fmt::format(
        "there is no plan: `optichain sweep plan STUDY -o {}` makes it again, and keeps "
        "what was done",
        files_.folder.string()));
  }

  std::vector<fs::path> with_plan(const Plan& plan) {
    const PointIndex index(plan.study);
    const SweepState state = read_state(plan, index, {files_}, Reading::whole);
    // runs that were never done are no damage, unless there is some
    const bool is_damaged = !state.damaged.empty() || !repair_.damaged.empty();
    if (is_damaged) missing_ = missing_runs(plan, index, state.coverage);
    return state.damaged;
  }

  std::vector<fs::path> without_plan() {
    is_planned_ = false;
    std::vector<fs::path> damaged;
    for (const fs::path& chunk : chunk_files(files_)) {
      if (!problem_of_reading([&] { sim::read_chunk(chunk); }).empty()) damaged.push_back(chunk);
    }
    return damaged;
  }

  /// A store is made of chunks again. Where there are not all of them, its own runs are saved.
  void say_merge() {
    repair_.left.push_back(fmt::format("`optichain sweep merge {}` then makes the store again",
                                       files_.folder.string()));
    if (is_planned_ && missing_ == 0) return;
    const std::string problem =
        problem_of_reading([&] { save_store(damaged_store_, out_, repair_); });
    if (!problem.empty()) repair_.left.push_back(problem);
  }

  SweepFiles files_;
  fs::path out_, damaged_store_;
  Repair repair_;
  std::uint64_t missing_ = 0;
  bool is_planned_ = true;
};

}  // namespace

Repair repair(const fs::path& path, const std::optional<fs::path>& out) {
  const fs::path where = out.value_or(beside(fs::is_directory(path) ? path / store_name : path));
  if (fs::is_directory(path)) {
    const auto listed = sim::states_of_listed(path);
    const SweepFiles files{path};
    if (listed.contains(files.plan().filename())) return SweepRepair(files, where).run();
  }
  Repair repair;
  repair_store(run::store_file(path), where, repair);
  if (fs::is_directory(path)) name_damaged(path, repair);
  return repair;
}

}  // namespace optichain::models::sweep
