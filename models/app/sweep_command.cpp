// `optichain sweep`: designs of experiment over levers and uncertainties, on one machine or many.
#include <algorithm>
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
#include "sim/base/message.hpp"
#include "sim/batch/workers.hpp"
#include "sim/input/argument.hpp"
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
  std::optional<sweep::SweepLock> lock;
  if (!o.dry_run) {
    sweep::make_folder(files);
    lock.emplace(files, sweep::SweepLock::Kind::alone);
  }
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
  constexpr std::uint64_t most = 999'999'999;
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string first = text.substr(0, slash);
  const auto shards = sim::read_whole_number(
      std::string_view(text).substr(std::min(slash + 1, text.size())), 1, most);
  std::optional<std::uint64_t> shard;
  if (shards.value && first == "auto") shard = shard_of_environment();
  if (shards.value && first != "auto") shard = sim::read_whole_number(first, 0, most).value;
  if (!shard || *shard >= *shards.value) {
    refuse_option("--shard",
                  fmt::format("expected i/n with 0 <= i < n <= {}, received {}", most,
                              shard && first == "auto" ? fmt::format("{}/{}", *shard, *shards.value)
                                                       : sim::in_quotes(text)));
  }
  return {*shard, *shards.value};
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
  const sweep::SweepLock lock(
      files, shards == 1 ? sweep::SweepLock::Kind::alone : sweep::SweepLock::Kind::shared);
  const sweep::Plan plan = sweep::read_plan(files);
  sweep::check_same_engine(plan, &stop_requested);
  return report_work(sweep::run_sweep(files, plan, work_of(o, shard, shards)), files);
}

// --- merge -------------------------------------------------------------------------------------

int report_merge(const sweep::MergeOutcome& merged, const sweep::SweepFiles& first,
                 const std::string& out, bool written) {
  for (const auto& path : merged.damaged) {
    sim::print_message("optichain: error: {} is damaged: `sweep run` does it again\n",
                       path.string());
  }
  if (!written) {
    const std::string what = merged.missing > 0
                                 ? fmt::format("{} runs are missing", merged.missing)
                                 : fmt::format("{} chunks are damaged", merged.damaged.size());
    sim::print_message(
        "optichain: error: {}, so nothing was merged: do `sweep run {}`, or give --allow-partial\n",
        what, first.folder.string());
    return exit_partial;
  }
  if (merged.missing > 0) {
    sim::print_message("optichain: partial: {} runs are missing\n", merged.missing);
  }
  if (merged.failed > 0) sim::print_message("optichain: {} runs failed\n", merged.failed);
  sim::print_message("written to {}: results.sqlite, runs.csv\n", out);
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
    sim::print_message_text(
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
  const sweep::SweepLock lock(files, sweep::SweepLock::Kind::alone);
  sweep::Plan plan = sweep::read_plan(files);
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
  add_flag(command, "--quiet", o.quiet, "no progress");
}
void add_chunk_size(CLI::App* command, SweepOptions& o) {
  add_number(*command, "--chunk-seconds", o.chunk_size.seconds, sim::between(0.01, 1e6),
             "time that a chunk should take");
  add_whole_number(*command, "--chunk-runs", o.chunk_size.runs, any_replications,
                   "runs in a chunk, in place of its time");
}

}  // namespace

void add_sweep_command(CLI::App& app, ChosenCommand& chosen) {
  auto o = std::make_shared<SweepOptions>();
  CLI::App* command = app.add_subcommand(
      "sweep", "designs of experiment over levers and uncertainties, resumed where they stopped");
  command->require_subcommand(0, 1);
  add_name(*command, "study", o->study, "study file: plan, run and merge in one");
  add_name(*command, "--out", o->out, "folder of the sweep; out/NAME if left out");
  add_flag(*command, "--dry-run", o->dry_run, "only say how much there is to do");
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
  add_name(*plan, "study", o->study, "study file")->required();
  add_name(*plan, "-o,--out", o->out, "folder of the sweep")->required();
  add_flag(*plan, "--dry-run", o->dry_run, "write nothing");
  add_whole_number(
      *plan, "--jobs", {1, 100000}, std::nullopt, [o](std::uint64_t number) { o->jobs = number; },
      "processes that the estimate counts on");
  add_chunk_size(plan, *o);
  add_format(*plan, o->format);
  plan->footer(
      "Examples:\n"
      "  optichain sweep plan scenarios/studies/small.yaml -o out/planned\n"
      "  optichain sweep plan scenarios/studies/small.yaml -o out/planned --dry-run --jobs 64");
  plan->callback([o, &chosen] { chosen = [o] { return make_plan_command(*o); }; });

  CLI::App* work = command->add_subcommand("run", "do the chunks that are missing, or a shard");
  add_name(*work, "folder", o->folder, "folder of the sweep")->required();
  add_text(*work, "--shard", o->shard,
           "i/n: of n parts the part i, from 0; auto/n takes i from the batch system");
  add_work(*work, *o);
  work->footer(
      "Examples:\n"
      "  optichain sweep run out/small\n"
      "  optichain sweep run out/small --shard 0/4 --jobs 1");
  work->callback([o, &chosen] { chosen = [o] { return run(*o); }; });

  CLI::App* status = command->add_subcommand("status", "how far a sweep has come");
  add_name(*status, "folder", o->folder, "folder of the sweep")->required();
  add_flag(*status, "--watch", o->watch, "say it every two seconds until all is done");
  add_format(*status, o->format);
  status->footer(
      "Examples:\n"
      "  optichain sweep status out/small\n"
      "  optichain sweep status out/small --format json");
  status->callback([o, &chosen] {
    chosen = [o] { return show_status(o->folder, format_of(o->format), o->watch); };
  });

  CLI::App* merging = command->add_subcommand("merge", "make one store of all chunks");
  add_names(*merging, "folders", o->folders, "folder of the sweep, and others with its chunks")
      ->required();
  add_name(*merging, "-o,--out", o->out, "folder of the store; that of the sweep if left out");
  add_flag(*merging, "--allow-partial", o->allow_partial, "although runs are missing");
  merging->footer(
      "Examples:\n"
      "  optichain sweep merge out/small\n"
      "  optichain sweep merge out/small -o out/merged");
  merging->callback([o, &chosen] { chosen = [o] { return merge(*o); }; });

  add_analyse_command(*command, chosen);
  add_submit_command(*command, chosen);

  CLI::App* again =
      command->add_subcommand("retry", "forget failures, so that they are tried again");
  add_name(*again, "folder", o->folder, "folder of the sweep")->required();
  add_chunk_size(again, *o);
  again->footer(
      "Examples:\n"
      "  optichain sweep retry out/small\n"
      "  optichain sweep retry out/small --chunk-runs 10");
  again->callback([o, &chosen] { chosen = [o] { return retry(*o); }; });
}

}  // namespace optichain::models::app
