// `optichain sweep submit`: the shards that are missing, as an array job of a batch system.
#include <filesystem>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/sweep/submit.hpp"

namespace optichain::models::app {
namespace {

struct SubmitOptions {
  std::string folder, engine = "slurm";
  sweep::Submission submission;
  bool dry_run = false;
};

int submit(SubmitOptions o) {
  const sweep::SweepFiles files{o.folder};
  const sweep::Plan plan = sweep::read_plan(files);
  o.submission.program = std::filesystem::read_symlink("/proc/self/exe").string();
  const sweep::Prepared prepared = sweep::prepare_slurm(files, plan, o.submission);
  if (prepared.missing.empty()) {
    print_result("nothing is missing\n");
    return exit_done;
  }
  print_result(o.dry_run ? prepared.script
                         : sweep::submit_slurm(files, plan, o.submission, prepared));
  return exit_done;
}

}  // namespace

void add_submit_command(CLI::App& sweep, ChosenCommand& chosen) {
  auto o = std::make_shared<SubmitOptions>();
  CLI::App* command =
      sweep.add_subcommand("submit", "hand the shards that are missing to a batch system");
  add_name(*command, "folder", o->folder, "folder of the sweep, which all machines see")
      ->required();
  add_word(*command, "--engine", o->engine, {"slurm"},
           "for other batch systems see models/sweep/cluster.md");
  add_whole_number(*command, "--shards", o->submission.shards, {1, 100000},
                   "parts of the work; so many that each takes three minutes if left out");
  add_whole_number(*command, "--max-parallel", o->submission.max_parallel, {1, 100000},
                   "parts at work at once");
  add_whole_number(*command, "--jobs", o->submission.jobs, {1, 1024}, "processors of a part");
  add_flag(*command, "--merge", o->submission.merge, "queue a merge behind them");
  add_flag(*command, "--dry-run", o->dry_run, "print the script and submit nothing");
  add_texts(*command, "arguments", o->submission.arguments, "after --: for sbatch");
  command->footer(
      "Examples:\n"
      "  optichain sweep submit out/small --dry-run\n"
      "  optichain sweep submit out/small --shards 8 --dry-run -- --partition=short");
  command->callback([o, &chosen] { chosen = [o] { return submit(*o); }; });
}

}  // namespace optichain::models::app
