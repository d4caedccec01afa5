// `optichain sweep submit`: the shards that are missing, as an array job of a batch system.
#include <filesystem>

#include <fmt/format.h>

#include "models/app/commands.hpp"
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
  command->add_option("folder", o->folder, "folder of the sweep, which all machines see")
      ->required();
  command->add_option("--engine", o->engine, "slurm; for others see models/sweep/cluster.md")
      ->check(CLI::IsMember({"slurm"}))
      ->capture_default_str();
  command
      ->add_option("--shards", o->submission.shards,
                   "parts of the work; so many that each takes three minutes if left out")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100000}));
  command->add_option("--max-parallel", o->submission.max_parallel, "parts at work at once")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100000}));
  command->add_option("--jobs", o->submission.jobs, "processors of a part")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}))
      ->capture_default_str();
  command->add_flag("--merge", o->submission.merge, "queue a merge behind them");
  command->add_flag("--dry-run", o->dry_run, "print the script and submit nothing");
  command->add_option("arguments", o->submission.arguments, "after --: for sbatch");
  command->footer(
      "Examples:\n"
      "  optichain sweep submit out/small --dry-run\n"
      "  optichain sweep submit out/small --shards 8 --dry-run -- --partition=short");
  command->callback([o, &chosen] { chosen = [o] { return submit(*o); }; });
}

}  // namespace optichain::models::app
