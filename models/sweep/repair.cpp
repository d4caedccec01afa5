#include "models/sweep/repair.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/run/store_file.hpp"
#include "models/run/version.hpp"
#include "models/sweep/run.hpp"
#include "models/sweep/state.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/number.hpp"
#include "sim/base/shell.hpp"
#include "sim/base/text.hpp"
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
using sim::is_there;

constexpr std::size_t most_named = 20;
constexpr const char* store_name = "results.sqlite";
constexpr const char* resolved_name = "resolved.yaml";
constexpr const char* script_name = "submit.sbatch";  // written to be changed by hand

/// Why a file cannot be used; empty if it can. That a file could not be read at all is no damage.
template <class F>
std::string problem_of_reading(F read) {
  try {
    read();
    return "";
  } catch (const sim::InputError& error) {
    std::string message = error.what();
    while (message.ends_with('\n')) message.pop_back();
    return message;
  } catch (const sim::WrongFileError& error) {
    return error.what();
  }
}

std::string runs_in_words(std::uint64_t count) {
  return count == 1 ? "1 run" : fmt::format("{} runs", count);
}

std::string run_in_words(const sim::RunKey& key) {
  std::string name = fmt::format("replication {}", key.replication);
  for (const auto& [word, part] :
       {std::pair("policy", &key.policy), std::pair("future", &key.future)}) {
    if (!part->empty()) name += fmt::format(" of {} {}", word, sim::printable(*part));
  }
  return name;
}

/// A path in a command that is shown to be typed.
std::string typed(const fs::path& path) {
  return sim::printable(sim::shell_word(path.string()));
}

std::string changed_in_words(const fs::path& file) {
  return fmt::format("{} is damaged, or was changed since it was written",
                     sim::name_in_quotes(file));
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
  if (unnamed > 0) {
    names.push_back(named > 0 ? fmt::format("{} more", unnamed) : runs_in_words(unnamed));
  }
  if (lost > 0) repair.left.push_back(fmt::format("lost: {}", fmt::join(names, ", ")));
  if (!saved.are_its_runs) {
    repair.left.push_back(
        "its list of runs is damaged: whether these are its runs, and all of them, cannot be told");
  }
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

/// A store of another run may have been put where this one was: what is whole of it would pass for
/// what is whole of this one. The manifest of the folder says which one belongs there.
void require_same_store(const fs::path& store, const sim::Salvage& salvage, Repair& repair) {
  const fs::path folder = store.has_parent_path() ? store.parent_path() : fs::path(".");
  // what was set aside is listed no more, but called after what it was
  const bool is_of_folder =
      is_there(folder / sim::list_name) && store.filename().string().starts_with(store_name);
  if (!is_of_folder) return;  // it stands alone
  std::optional<std::string> wanted;
  if (is_there(folder / sim::manifest_name)) {
    problem_of_reading(
        [&] { wanted = sim::text_of(sim::read_manifest(folder).value("store", sim::Json())); });
  }
  const auto found = salvage.identity();
  if (!wanted || !found) {
    repair.left.push_back(fmt::format(
        "whether {} is the store that was written there cannot be told: {} is damaged or missing",
        sim::name_in_quotes(store), wanted ? "its own checksum" : "the manifest beside it"));
  } else if (*wanted != *found) {
    sim::wrong_file(store,
                    "it is the store of another run, put in the place of the one that was written "
                    "there; if it is wanted, copy it out of the folder");
  }
}

void save_store(const fs::path& store, const fs::path& out, Repair& repair) {
  require_new(out);
  sim::Salvage salvage(store);
  require_same_store(store, salvage, repair);
  sim::RunFolder folder(out);
  sim::SavedRuns saved;
  std::string identity;
  {
    sim::StoreWriter into(folder.part(store_name));
    saved = salvage.save(into);
    if (saved.kept == 0) {
      sim::wrong_file(store, saved.runs < 2
                                 ? "no run of it is whole"
                                 : fmt::format("none of its {} runs is whole", saved.runs));
    }
    count_missing(store, saved, into);
    identity = into.finish();
  }
  take_scenario_along(store, folder);
  folder.finish({{"engine", run::engine()},
                 {"store", identity},
                 {"repaired", store.string()},
                 {"runs", saved.kept},
                 {"lost_runs", saved.runs - saved.kept}});
  const std::string target = sim::printable((out / store_name).string());
  repair.done.push_back(saved.runs == 1
                            ? fmt::format("its 1 run is whole and was written to {}", target)
                            : fmt::format("{} of {} runs {} whole and {} written to {}", saved.kept,
                                          saved.runs, saved.kept == 1 ? "is" : "are",
                                          saved.kept == 1 ? "was" : "were", target));
  tell_lost(saved, repair);
}

/// out/baseline or out/baseline/results.sqlite -> out/baseline-repaired, or -repaired-2 and so on
/// if that is there.
fs::path beside(const fs::path& store) {
  const fs::path whole = fs::absolute(store).lexically_normal();
  const bool is_named = whole.filename() == store_name;
  const fs::path of = is_named ? whole.parent_path() : whole.parent_path() / whole.stem();
  fs::path full = of.string() + "-repaired";
  for (int i = 2; is_there(full); ++i) full = fmt::format("{}-repaired-{}", of.string(), i);
  const fs::path near = fs::proximate(full);
  return *near.begin() == ".." ? full : near;
}

void repair_store(const fs::path& store, const fs::path& out, Repair& repair) {
  const std::string problem = problem_of_reading([&] { sim::StoreReader whole(store); });
  if (problem.empty()) return;
  repair.damaged.push_back(problem);
  save_store(store, out, repair);
}

/// A file that nobody can mend is named, with what can be done.
void name_damaged(const fs::path& file, sim::ListedState state, const std::string& remedy,
                  Repair& repair) {
  const bool is_missing = state == sim::ListedState::missing;
  repair.damaged.push_back(is_missing ? fmt::format("{} is missing", sim::name_in_quotes(file))
                                      : changed_in_words(file));
  repair.left.push_back(remedy);
}

std::string written_by_its_command(const fs::path& file) {
  return fmt::format("only the command that wrote {} can write it again",
                     sim::name_in_quotes(file));
}

/// The list of a folder is made again of what says of itself and of other files that they are
/// whole: the manifest, and the plan of a sweep.
void mend_list(const SweepFiles& files, Repair& repair) {
  const bool is_sweep = is_there(files.plan());
  const sim::ListState state = sim::state_of_list(files.folder);
  if (state == sim::ListState::right) return;
  if (state == sim::ListState::none && !is_sweep) return;  // it may be anybody's folder
  std::vector<sim::OwnedFile> said;
  std::vector<std::string> whole;
  if (is_there(files.folder / sim::manifest_name)) {
    const std::string problem =
        problem_of_reading([&] { said = sim::files_of(sim::read_manifest(files.folder)); });
    if (problem.empty()) whole.emplace_back(sim::manifest_name);
  }
  const fs::path list = files.folder / sim::list_name;
  // without its list a plan is held against what it says of the files beside it
  sim::OwnFolder folder = sim::OwnFolder::list_again(files.folder, said, whole);
  bool is_known = !said.empty() || !whole.empty();
  if (is_sweep) {
    const bool is_whole = problem_of_reading([&] { read_plan(files); }).empty();
    is_known = is_known || is_whole;
    for (const fs::path& file : files.of_plan()) {
      if (is_whole) {
        whole.push_back(file.filename().string());
      } else if (is_there(file)) {
        // which of them is damaged nobody knows: all are made again, and kept under other names
        said.push_back({file.filename().string(), {}});
      }
    }
    sim::OwnFolder::list_again(files.folder, said, whole);
  }
  repair.damaged.push_back(state == sim::ListState::none
                               ? fmt::format("{} is missing", sim::name_in_quotes(list))
                               : changed_in_words(list));
  repair.done.push_back(is_known ? "it was made again" : "an empty one was put in its place");
  if (!is_known) {
    repair.left.push_back(
        "which files of the folder are those that were written cannot be told: nothing in it says "
        "so");
  }
}

class SweepRepair {
 public:
  SweepRepair(SweepFiles files, fs::path out) : files_(std::move(files)), out_(std::move(out)) {}

  Repair run() {
    // nothing is looked at before nobody else can change it; without chunks nobody is at work
    if (!is_there(files_.chunks())) make_chunk_folder();
    const SweepLock lock(files_, SweepLock::Kind::alone);
    mend_list(files_, repair_);
    look_at_files();
    check_work();
    if (damaged_store_) say_merge();
    return std::move(repair_);
  }

 private:
  void make_chunk_folder() {
    mend_list(files_, repair_);
    make_folder(files_);
    repair_.damaged.push_back(fmt::format("{} is missing", sim::name_in_quotes(files_.chunks())));
    repair_.done.push_back("it was made again, and is empty");
  }

  /// Of data that the program reads and can make again: what is changed is set aside, so that its
  /// name is free. Everything else is named, and stays.
  void look_at_files() {
    std::vector<std::string> data = {store_name};
    for (const fs::path& file : files_.of_plan()) data.push_back(file.filename().string());
    const auto states = sim::states_of_listed(files_.folder);
    for (const auto& [name, state] : states) {
      if (state == sim::ListedState::whole || name == script_name) continue;
      const fs::path file = files_.folder / name;
      const bool is_data = std::find(data.begin(), data.end(), name) != data.end();
      if (is_data && state == sim::ListedState::changed) {
        set_aside(file);
      } else if (name == store_name || name == "runs.csv" || name == sim::manifest_name) {
        const std::string first =
            state == sim::ListedState::missing
                ? ""
                : fmt::format("move {} away; then ", sim::name_in_quotes(file));
        name_damaged(file, state,
                     fmt::format("{}`optichain sweep merge {}` writes it again", first,
                                 typed(files_.folder)),
                     repair_);
      } else if (!is_data) {
        name_damaged(file, state, written_by_its_command(file), repair_);
      } else {
        repair_.damaged.push_back(fmt::format("{} is missing", sim::name_in_quotes(file)));
      }
    }
    if (!damaged_store_ && !states.contains(store_name)) damaged_store_ = set_aside_before();
  }

  void set_aside(const fs::path& file) {
    const auto aside = sim::OwnFolder(files_.folder).set_aside(file.filename());
    if (!aside) return;  // whoever was at work has put a whole one in its place
    repair_.damaged.push_back(changed_in_words(file));
    repair_.done.push_back(fmt::format("it was set aside as {}", sim::name_in_quotes(*aside)));
    if (file.filename() == store_name) damaged_store_ = *aside;
  }

  /// The last store that an earlier repair set aside, in whose place none was made since.
  std::optional<fs::path> set_aside_before() {
    const fs::path store = files_.folder / store_name;
    if (is_there(store)) return std::nullopt;
    std::optional<fs::path> last;
    const std::string aside = store.string() + ".damaged";
    std::string name = aside;
    for (int i = 2; is_there(name); ++i) {
      last = name;
      name = fmt::format("{}.{}", aside, i);
    }
    if (last) {
      repair_.damaged.push_back(
          fmt::format("{} was set aside by an earlier repair", sim::name_in_quotes(*last)));
    }
    return last;
  }

  /// Chunks that are damaged are set aside, so that their runs count as missing.
  void check_work() {
    std::optional<Plan> plan;
    const std::string problem = problem_of_reading([&] { plan = read_plan(files_); });
    const auto damaged = plan ? with_plan(*plan) : without_plan();
    sweep::set_aside(damaged);
    for (const fs::path& chunk : damaged) {
      repair_.damaged.push_back(fmt::format("{} is damaged", sim::name_in_quotes(chunk)));
      repair_.done.push_back("it was set aside with the ending .damaged");
    }
    if (plan) {
      if (missing_ > 0) {
        repair_.left.push_back(fmt::format("{} {} missing: `optichain sweep run {}` does {}",
                                           runs_in_words(missing_), missing_ == 1 ? "is" : "are",
                                           typed(files_.folder), missing_ == 1 ? "it" : "them"));
      }
      return;
    }
    if (repair_.damaged.empty()) repair_.damaged.push_back(problem);
    repair_.left.push_back(fmt::format(
        "the plan cannot be used: `optichain sweep plan STUDY -o {}`, with the study that it was "
        "made from, makes it again, and keeps what was done",
        typed(files_.folder)));
  }

  std::vector<fs::path> with_plan(const Plan& plan) {
    const PointIndex index(plan.study);
    const SweepState state = read_state(plan, index, {files_}, Reading::whole);
    // runs that were never done are no damage, unless there is some
    const bool is_damaged =
        !state.damaged.empty() || !repair_.damaged.empty() || are_chunks_aside();
    if (is_damaged) missing_ = missing_runs(plan, index, state.coverage);
    return state.damaged;
  }
  /// An earlier repair found damaged chunks; their runs may still be missing.
  bool are_chunks_aside() const {
    for (const auto& entry : fs::directory_iterator(files_.chunks())) {
      if (entry.path().filename().string().find(".chunk.damaged") != std::string::npos) return true;
    }
    return false;
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
    repair_.left.push_back(
        fmt::format("`optichain sweep merge {}` then makes the store again", typed(files_.folder)));
    if (is_planned_ && missing_ == 0) return;
    const std::string problem =
        problem_of_reading([&] { save_store(*damaged_store_, out_, repair_); });
    if (!problem.empty()) repair_.left.push_back(problem);
  }

  SweepFiles files_;
  fs::path out_;
  std::optional<fs::path> damaged_store_;  // where it was set aside
  Repair repair_;
  std::uint64_t missing_ = 0;
  bool is_planned_ = true;
};

/// The folder of a run: its store is saved, other files are named.
Repair repair_run(const fs::path& folder, const fs::path& out) {
  Repair repair;
  mend_list({folder}, repair);
  const auto listed = sim::states_of_listed(folder);
  const auto store = listed.find(store_name);
  const bool is_gone = store != listed.end() && store->second == sim::ListedState::missing;
  if (!is_gone) repair_store(run::store_file(folder), out, repair);
  for (const auto& [name, state] : listed) {
    if (state == sim::ListedState::whole || (name == store_name && !is_gone)) continue;
    name_damaged(folder / name, state, written_by_its_command(folder / name), repair);
  }
  return repair;
}

/// By its list; where that is damaged or gone, by its plan. A plan.json without a list may be
/// anybody's: then it has to be one.
bool is_sweep(const SweepFiles& files) {
  const sim::ListState state = sim::state_of_list(files.folder);
  if (state == sim::ListState::right) {
    return sim::states_of_listed(files.folder).contains(files.plan().filename());
  }
  if (!is_there(files.plan())) return false;
  if (state == sim::ListState::wrong) return true;
  const auto plan = sim::parse_json(sim::read_file(files.plan()));
  return plan && plan->is_object() && plan->contains("context") && plan->contains("chunks");
}

}  // namespace

Repair repair(const fs::path& path, const std::optional<fs::path>& out) {
  if (out) require_new(*out);  // before anything is renamed
  const bool is_folder = fs::is_directory(path);
  const fs::path where = out ? *out : beside(is_folder ? path / store_name : path);
  if (is_folder && is_sweep({path})) return SweepRepair({path}, where).run();
  if (is_folder) return repair_run(path, where);
  Repair repair;
  repair_store(run::store_file(path), where, repair);
  return repair;
}

}  // namespace optichain::models::sweep
