// `optichain sweep`: designs of experiment over levers and uncertainties, on one machine or many.
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/app/sweep_report.hpp"
#include "models/sweep/retry.hpp"
#include "models/sweep/state.hpp"
#include "models/sweep/whole_sweep.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/batch/workers.hpp"
#include "sim/output/terminal.hpp"

namespace optichain::models::app {
namespace {

struct SweepOptions {
  std::string study, folder, out, shard = "0/1", format = "table";
  std::vector<std::string> folders;
  std::size_t jobs = sim::processor_count();
  sweep::ChunkSize chunk_size;
  bool dry_run = false, quiet = false, allow_partial = false, watch = false;
};

sweep::SweepFiles files_of(const std::string& folder) {
  return {std::filesystem::path(folder)};
}

// --- plan --------------------------------------------------------------------------------------

int make_plan_command(const SweepOptions& o) {
  const sweep::SweepFiles files = files_of(o.out);
  study::LoadedStudy study = study::load_study(o.study);
  if (!o.quiet) say_idle_factors(study, o.study);
  const sweep::PilotRun pilot = sweep::pilot_run(study, &stop_requested);
  const sweep::PlannedSweep planned =
      sweep::plan_sweep(std::move(study), pilot, files, o.chunk_size);
  if (!o.dry_run && !sweep::has_same_plan(files, planned.plan))
    sweep::write_plan(files, planned.plan);
  print_result(plan_report(planned.plan, planned.done_before, o.jobs, format_of(o.format)));
  return exit_done;
}

// --- run ---------------------------------------------------------------------------------------

/// `2/8`, or `auto/8` for the number that a batch system gives.
std::pair<std::uint64_t, std::uint64_t> parse_shard(const std::string& text) {
  const auto refuse = [&] {
    sim::Diagnostics diagnostics;
    diagnostics.error(
        {std::make_shared<const std::string>("--shard"), 0, 0}, "",
        fmt::format("expected i/n with 0 <= i < n, received {}", sim::in_quotes(text)));
    throw sim::InputError(std::move(diagnostics));
  };
  const std::size_t slash = text.find('/');
  const auto number = [&](const std::string& digits) -> std::uint64_t {
    if (digits.empty() || digits.size() > 9 ||
        digits.find_first_not_of("0123456789") != std::string::npos) {
      refuse();
    }
    return std::stoull(digits);
  };
  if (slash == std::string::npos) refuse();
  const std::string first = text.substr(0, slash);
  const std::uint64_t shards = number(text.substr(slash + 1));
  const std::uint64_t shard = first == "auto" ? shard_of_environment() : number(first);
  if (shard >= shards) refuse();
  return {shard, shards};
}

sweep::SweepWork work_of(const SweepOptions& o, std::uint64_t shard, std::uint64_t shards) {
  return {.shard = shard,
          .shards = shards,
          .jobs = o.jobs,
          .chunk_size = o.chunk_size,
          .stop = &stop_requested,
          .quiet = o.quiet};
}

int run(const SweepOptions& o) {
  const sweep::SweepFiles files = files_of(o.folder);
  const auto [shard, shards] = parse_shard(o.shard);
  const sweep::Plan plan = sweep::read_plan(files);
  const sweep::SweepLock lock(
      files, shards == 1 ? sweep::SweepLock::Kind::alone : sweep::SweepLock::Kind::shared);
  sweep::check_same_engine(plan, &stop_requested);
  return report_work(sweep::run_sweep(files, plan, work_of(o, shard, shards)), files);
}

// --- merge -------------------------------------------------------------------------------------

int report_merge(const sweep::MergeOutcome& merged, const sweep::SweepFiles& first,
                 const std::string& out, bool written) {
  for (const auto& path : merged.damaged) {
    fmt::print(stderr, "optichain: error: {} is damaged: `sweep run` does it again\n",
               path.string());
  }
  if (!written) {
    fmt::print(stderr,
               "optichain: error: {} runs are missing, so nothing was merged: do `sweep run {}`, "
               "or give --allow-partial\n",
               merged.missing, first.folder.string());
    return exit_partial;
  }
  if (merged.missing > 0) {
    fmt::print(stderr, "optichain: partial: {} runs are missing\n", merged.missing);
  }
  if (merged.failed > 0) fmt::print(stderr, "optichain: {} runs failed\n", merged.failed);
  fmt::print(stderr, "written to {}: results.sqlite, runs.csv\n", out);
  return merged.missing + merged.failed > 0 ? exit_partial : exit_done;
}

int merge(const SweepOptions& o) {
  std::vector<sweep::SweepFiles> folders;
  for (const std::string& folder : o.folders) folders.push_back(files_of(folder));
  const sweep::Plan plan = sweep::read_plan(folders.front());
  const std::string out = o.out.empty() ? o.folders.front() : o.out;
  const sweep::MergeOutcome merged = sweep::merge_sweep(plan, folders, out, o.allow_partial);
  const bool written = o.allow_partial || (merged.missing == 0 && merged.damaged.empty());
  return report_merge(merged, folders.front(), out, written);
}

// --- all in one --------------------------------------------------------------------------------

int sweep(SweepOptions o) {
  if (o.out.empty()) o.out = "out/" + std::filesystem::path(o.study).stem().string();
  const sweep::SweepFiles files = files_of(o.out);
  if (o.dry_run) return make_plan_command(o);
  study::LoadedStudy study = study::load_study(o.study);
  if (!o.quiet) say_idle_factors(study, o.study);
  const sweep::PilotRun pilot = sweep::pilot_run(study, &stop_requested);
  const auto on_plan = [&](const sweep::PlannedSweep& planned) {
    if (o.quiet) return;
    fmt::print(stderr, "{}",
               plan_report(planned.plan, planned.done_before, o.jobs, sim::Format::table));
  };
  const sweep::WholeSweep whole =
      sweep::sweep_whole(std::move(study), pilot, files, work_of(o, 0, 1), on_plan);
  const int code = report_work(whole.work, files);
  if (!whole.merged) return code;
  const int merged = report_merge(*whole.merged, files, o.out,
                                  whole.merged->missing == 0 && whole.merged->damaged.empty());
  print_result(sweep_summary(o.out, format_of(o.format)));
  if (!o.quiet) say_inert_levers(o.out);
  return merged;
}

int retry(const SweepOptions& o) {
  const sweep::SweepFiles files = files_of(o.folder);
  sweep::Plan plan = sweep::read_plan(files);
  const sweep::SweepLock lock(files, sweep::SweepLock::Kind::alone);
  const std::uint64_t forgotten = sweep::forget_failures(files, plan);
  const sweep::PointIndex index(plan.study);
  plan.chunks = sweep::cut(plan, index,
                           sweep::read_state(plan, index, {files}, sweep::Reading::ends).coverage,
                           o.chunk_size);
  sweep::write_plan(files, plan);
  print_result(
      fmt::format("{} failures forgotten; now: optichain sweep run {}\n", forgotten, o.folder));
  return exit_done;
}

// --- the command line --------------------------------------------------------------------------

void add_work(CLI::App& command, SweepOptions& o) {
  add_jobs(command, o.jobs);
  command.add_flag("--quiet", o.quiet, "no progress");
}
void add_chunk_size(CLI::App* command, SweepOptions& o) {
  command->add_option("--chunk-seconds", o.chunk_size.seconds, "time that a chunk should take")
      ->check(CLI::Range(0.01, 1e6))
      ->capture_default_str();
  command->add_option("--chunk-runs", o.chunk_size.runs, "runs in a chunk, in place of its time")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1000000}));
}

}  // namespace

void add_sweep_command(CLI::App& app, ChosenCommand& chosen) {
  auto o = std::make_shared<SweepOptions>();
  CLI::App* command = app.add_subcommand(
      "sweep", "designs of experiment over levers and uncertainties, resumed where they stopped");
  command->require_subcommand(0, 1);
  command->add_option("study", o->study, "study file: plan, run and merge in one");
  command->add_option("--out", o->out, "folder of the sweep; out/NAME if left out");
  command->add_flag("--dry-run", o->dry_run, "only say how much there is to do");
  add_work(*command, *o);
  add_chunk_size(command, *o);
  add_format(*command, o->format);
  command->footer(
      "Examples:\n"
      "  optichain sweep scenarios/studies/small.yaml --out out/small\n"
      "  optichain sweep scenarios/studies/small.yaml --dry-run");
  command->callback([o, command, &chosen] {
    if (!command->get_subcommands().empty()) return;
    if (o->study.empty()) throw CLI::RequiredError("study");
    chosen = [o] { return sweep(*o); };
  });

  CLI::App* plan = command->add_subcommand("plan", "cut a study into chunks of work");
  plan->add_option("study", o->study, "study file")->required();
  plan->add_option("-o,--out", o->out, "folder of the sweep")->required();
  plan->add_flag("--dry-run", o->dry_run, "write nothing");
  plan->add_option("--jobs", o->jobs, "processes that the estimate counts on")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100000}));
  add_chunk_size(plan, *o);
  add_format(*plan, o->format);
  plan->footer(
      "Examples:\n"
      "  optichain sweep plan scenarios/studies/small.yaml -o out/planned\n"
      "  optichain sweep plan scenarios/studies/small.yaml -o out/planned --dry-run --jobs 64");
  plan->callback([o, &chosen] { chosen = [o] { return make_plan_command(*o); }; });

  CLI::App* work = command->add_subcommand("run", "do the chunks that are missing, or a shard");
  work->add_option("folder", o->folder, "folder of the sweep")->required();
  work->add_option("--shard", o->shard,
                   "i/n: of n parts the part i, from 0; auto/n takes i from the batch system")
      ->capture_default_str();
  add_work(*work, *o);
  work->footer(
      "Examples:\n"
      "  optichain sweep run out/small\n"
      "  optichain sweep run out/small --shard 0/4 --jobs 1");
  work->callback([o, &chosen] { chosen = [o] { return run(*o); }; });

  CLI::App* status = command->add_subcommand("status", "how far a sweep has come");
  status->add_option("folder", o->folder, "folder of the sweep")->required();
  status->add_flag("--watch", o->watch, "say it every two seconds until all is done");
  add_format(*status, o->format);
  status->footer(
      "Examples:\n"
      "  optichain sweep status out/small\n"
      "  optichain sweep status out/small --format json");
  status->callback([o, &chosen] {
    chosen = [o] { return show_status(o->folder, format_of(o->format), o->watch); };
  });

  CLI::App* merging = command->add_subcommand("merge", "make one store of all chunks");
  merging->add_option("folders", o->folders, "folder of the sweep, and others with its chunks")
      ->required();
  merging->add_option("-o,--out", o->out, "folder of the store; that of the sweep if left out");
  merging->add_flag("--allow-partial", o->allow_partial, "although runs are missing");
  merging->footer(
      "Examples:\n"
      "  optichain sweep merge out/small\n"
      "  optichain sweep merge out/small -o out/merged");
  merging->callback([o, &chosen] { chosen = [o] { return merge(*o); }; });

  add_analyse_command(*command, chosen);
  add_submit_command(*command, chosen);

  CLI::App* again =
      command->add_subcommand("retry", "forget failures, so that they are tried again");
  again->add_option("folder", o->folder, "folder of the sweep")->required();
  add_chunk_size(again, *o);
  again->footer(
      "Examples:\n"
      "  optichain sweep retry out/small\n"
      "  optichain sweep retry out/small --chunk-runs 10");
  again->callback([o, &chosen] { chosen = [o] { return retry(*o); }; });
}

}  // namespace optichain::models::app
