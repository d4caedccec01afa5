// `optichain lta`: options of a long-term agreement branch from one history and are weighed for
// every party.
#include <filesystem>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/app/sweep_report.hpp"
#include "models/lta/report.hpp"
#include "models/lta/weigh.hpp"
#include "models/study/load.hpp"
#include "models/sweep/branch_check.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/message.hpp"
#include "sim/batch/workers.hpp"
#include "sim/output/terminal.hpp"

namespace optichain::models::app {
namespace {

struct LtaOptions {
  std::string study, out, format = "table";
  std::size_t jobs = sim::processor_count();
  std::size_t verify = 0;
  bool quiet = false;
};

study::LoadedStudy load(const LtaOptions& o) {
  study::LoadedStudy study = study::load_study(o.study);
  if (study.study.decision) return study;
  sim::Diagnostics diagnostics;
  diagnostics.error(study.document.root().mark(), "decision",
                    "expected a decision with its date, received none",
                    {"`optichain schema --of study --format markdown` says what it holds",
                     "without one, `optichain sweep` runs the study"});
  throw sim::InputError(std::move(diagnostics));
}

int show(const LtaOptions& o, const lta::LtaAnalysis& analysis) {
  print_result(lta::lta_report(analysis, format_of(o.format), sim::wants_colour(1)));
  return exit_done;
}

int weigh(const LtaOptions& o, const study::LoadedStudy& study) {
  const sweep::SweepFiles files{
      o.out.empty() ? "out/" + std::filesystem::path(o.study).stem().string() : o.out};
  int code = exit_done;
  const lta::Weighed weighed =
      lta::weigh(study, files, {.jobs = o.jobs, .stop = &stop_requested, .quiet = o.quiet},
                 [&](const sweep::SweepOutcome& work) { code = report_work(work, files); });
  if (!weighed.analysis) return code;
  show(o, *weighed.analysis);
  if (!o.quiet) {
    sim::print_message("\nwritten to {}; as a page: optichain report {} -o report.html\n",
                       files.folder.string(), files.folder.string());
  }
  return code;
}

int verify(const LtaOptions& o, const study::LoadedStudy& study) {
  const sweep::BranchCheck check = sweep::check_branches(study, o.verify, &stop_requested);
  sim::Table table({{"options"},
                    {"replications"},
                    {"branch_seconds", "branches, s CPU"},
                    {"whole_seconds", "whole runs, s CPU"},
                    {"share"},
                    {"different"}});
  table.title(fmt::format("Branches of {} from {}, and runs from the beginning", study.study.name,
                          sim::format_time(study.study.decision->date)));
  table.add({check.options, check.replications, check.branch_seconds, check.whole_seconds,
             sim::Cell::percent(check.branch_seconds / check.whole_seconds),
             check.different.size()});
  print_result(table.as(format_of(o.format), sim::wants_colour(1)));
  for (const std::string& option : check.different) {
    sim::print_message("optichain: error: {} is another run when it branches\n", option);
  }
  return check.different.empty() ? exit_done : exit_failed;
}

int lta(const LtaOptions& o) {
  if (std::filesystem::is_directory(o.study)) return show(o, lta::LtaAnalysis(o.study));
  const study::LoadedStudy study = load(o);
  if (!o.quiet) say_idle_factors(study, o.study);
  return o.verify > 0 ? verify(o, study) : weigh(o, study);
}

}  // namespace

void add_lta_command(CLI::App& app, ChosenCommand& chosen) {
  auto o = std::make_shared<LtaOptions>();
  CLI::App* command = app.add_subcommand(
      "lta", "weigh options of a long-term agreement: who gains, what is best, at which price");
  add_name(*command, "study", o->study, "study with a decision; or the folder of one that was run")
      ->required();
  add_name(*command, "--out", o->out, "folder of its runs; out/NAME if left out");
  add_jobs(*command, o->jobs);
  add_format(*command, o->format);
  add_whole_number(*command, "--verify", o->verify, {1, 10000},
                   "instead: so many replications as branches and as runs from the beginning, "
                   "with the CPU that each takes");
  add_flag(*command, "--quiet", o->quiet, "no progress");
  command->footer(
      "Examples:\n"
      "  optichain lta scenarios/studies/lta-small.yaml --out out/lta-small\n"
      "  optichain lta scenarios/studies/lta-small.yaml --verify 3");
  command->callback([o, &chosen] { chosen = [o] { return lta(*o); }; });
}

}  // namespace optichain::models::app
