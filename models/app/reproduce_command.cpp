// `optichain reproduce`: published claims against simulation.
#include <filesystem>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/app/sweep_report.hpp"
#include "models/report/text/claims_report.hpp"
#include "models/report/text/consistency_report.hpp"
#include "models/sweep/whole_sweep.hpp"
#include "sim/base/message.hpp"
#include "sim/batch/workers.hpp"
#include "sim/output/own_folder.hpp"
#include "sim/output/terminal.hpp"

namespace optichain::models::app {
namespace {

struct ReproduceOptions {
  std::string claims = "scenarios/ai-optics-2026/claims.yaml";
  std::string out, show = "claims", format = "table";
  std::size_t jobs = sim::processor_count();
  bool quiet = false, calibrate = false, consistency = false;
};

/// One part of what is shown; its name is that of a CSV file, and a key in JSON.
struct Part {
  std::string name;
  sim::Table table;
};

/// The last year that any claim speaks of.
std::string last_year(const claims::LoadedClaims& claims) {
  std::string year;
  for (const claims::LoadedClaim& claim : claims.claims) year = std::max(year, claim.year());
  return year;
}

std::vector<Part> parts_of(const claims::LoadedClaims& claims, const claims::CaseFigures& figures) {
  std::vector<Part> parts;
  const auto add = [&](const char* name, const std::string& heading, sim::Table table) {
    if (table.empty()) return;
    table.title(heading);
    parts.push_back({name, std::move(table)});
  };
  const std::string sum = report::tally(claims.claims, figures);
  add("claims", "Published against simulated" + (sum.empty() ? "" : ": " + sum),
      report::claims_table(claims.claims, figures));
  add("reasons", "Why claims do not hold", report::reason_table(claims, figures));
  add("checks", "Checks", report::claims_table(claims.checks, figures));
  if (!claims.text->vintages.empty()) {
    add("vintages", "One model under plans of different dates",
        report::vintage_table(claims, figures));
  }
  const std::string year = last_year(claims);
  add("causes", "Root causes by case", report::cause_table(figures, year));
  add("backtest", "The past", report::backtest_table(claims, figures));
  return parts;
}

bool is_asked(const Part& part, const std::string& show) {
  return show == "all" || show == part.name || (show == "claims" && part.name == "reasons");
}

/// Each part as CSV into the folder, and what is asked for to the screen.
void print_parts(const std::vector<Part>& parts, const sweep::SweepFiles& files,
                 const std::string& show, sim::Format format) {
  sim::Json json = sim::Json::object();
  std::string text;
  sim::OwnFolder folder(files.folder);
  for (const Part& part : parts) {
    folder.replace(part.name + ".csv", part.table.csv());
    if (!is_asked(part, show)) continue;
    if (format == sim::Format::json) {
      json[part.name] = part.table.json();
    } else {
      text += (text.empty() ? "" : "\n") + part.table.as(format, sim::wants_colour(1));
    }
  }
  print_result(format == sim::Format::json ? sim::json_text(json) + "\n" : text);
}

/// What the claims need of a run is kept, and where its unmet pieces come from.
void keep_what_is_claimed(study::Study& study, const claims::LoadedClaims& claims) {
  study.metrics = claims.metrics();
  study.metrics.emplace_back(claims::cause_metrics);
}

struct Swept {
  int code = exit_done;
  bool is_whole = false;
};

Swept sweep(study::LoadedStudy study, const sweep::PilotRun& first, const sweep::SweepFiles& files,
            const ReproduceOptions& o) {
  const sweep::SweepOutcome outcome =
      sweep::sweep_whole(std::move(study), first, files,
                         {.jobs = o.jobs, .stop = &stop_requested, .quiet = o.quiet})
          .work;
  return {report_work(outcome, files), !outcome.stopped && outcome.missing == 0};
}

std::string folder_of(const ReproduceOptions& o) {
  if (!o.out.empty()) return o.out;
  const std::string name = std::filesystem::path(o.claims).stem().string();
  return "out/" + name + (o.calibrate ? "-calibration" : o.consistency ? "-consistency" : "");
}

struct StudyRun {
  Swept swept;
  claims::Cases cases;
};

/// Runs a study with what the claims need of it kept.
StudyRun run_study(const claims::LoadedClaims& claims, const std::string& file,
                   const sweep::SweepFiles& files, const ReproduceOptions& o) {
  study::LoadedStudy study = study::load_study(file);
  StudyRun run{{}, claims::cases_of(study, claims)};
  const sweep::PilotRun first = sweep::pilot_run(study, &stop_requested);
  if (o.consistency) {
    claims::check_metrics(claims, first.results);  // all claims in the one case that there is
  } else {
    claims::check_names(claims, run.cases, first.results);
  }
  keep_what_is_claimed(study.study, claims);
  run.swept = sweep(std::move(study), first, files, o);
  return run;
}

int reproduce(const ReproduceOptions& o) {
  const claims::LoadedClaims claims = claims::load_claims(o.claims);
  const sweep::SweepFiles files{folder_of(o)};
  const StudyRun run = run_study(claims, claims.study_file, files, o);
  if (!run.swept.is_whole) return run.swept.code;
  const sweep::SweepResults results(files.folder);
  const claims::CaseFigures figures(results, run.cases);
  sim::OwnFolder(files.folder)
      .replace("findings.json",
               sim::json_text(sim::sealed(report::claims_findings(claims, figures))) + "\n");
  print_parts(parts_of(claims, figures), files, o.show, format_of(o.format));
  return run.swept.code;
}

int search_consistency(const ReproduceOptions& o) {
  const claims::LoadedClaims claims = claims::load_claims(o.claims);
  if (!claims.consistency_file) {
    sim::Diagnostics diagnostics;
    diagnostics.error(claims.document.root().mark(), "consistency",
                      "there is none in this file, so there is nothing to search");
    throw sim::InputError(std::move(diagnostics));
  }
  const sweep::SweepFiles files{folder_of(o)};
  const StudyRun run = run_study(claims, *claims.consistency_file, files, o);
  if (!run.swept.is_whole) return run.swept.code;
  const sweep::SweepResults results(files.folder);
  const claims::Consistency found =
      claims::find_consistency(claims, claims::CaseFigures(results, run.cases));
  print_parts({{"sets", report::set_table(found)},
               {"conflicts", report::conflict_table(found)},
               {"shares", report::share_table(found)}},
              files, "all", format_of(o.format));
  return run.swept.code;
}

int fit(const ReproduceOptions& o) {
  const claims::LoadedClaims claims = claims::load_claims(o.claims);
  const sweep::SweepFiles files{folder_of(o)};
  sweep::make_folder(files);
  const auto say = [&](std::size_t step, double loss) {
    if (!o.quiet) sim::print_message("step {}: loss {:.2f}\n", step, loss);
  };
  const claims::CalibrationResult found = claims::calibrate(
      claims, {.folder = files.folder, .jobs = o.jobs, .stop = &stop_requested, .on_step = say});
  sim::OwnFolder(files.folder).replace("calibrated.yaml", found.scenario);
  print_parts(
      {{"parameters", report::parameter_table(found)}, {"fit", report::fit_table(claims, found)}},
      files, "all", format_of(o.format));
  sim::print_message("written to {}: calibrated.yaml\n", files.folder.string());
  return exit_done;
}

}  // namespace

void add_reproduce_command(CLI::App& app, ChosenCommand& chosen) {
  auto o = std::make_shared<ReproduceOptions>();
  CLI::App* command = app.add_subcommand(
      "reproduce", "published claims against simulation: what holds, what does not, and why");
  add_name(*command, "claims", o->claims, "file of claims");
  add_name(*command, "--out", o->out, "folder of the runs and tables; out/NAME if left out");
  add_word(*command, "--show", o->show,
           {"claims", "checks", "vintages", "causes", "backtest", "all"},
           "claims says why they fail, too");
  CLI::Option* calibrating = add_flag(
      *command, "--calibrate", o->calibrate,
      "instead: fit parameters to the past, and write the fitted scenario to calibrated.yaml");
  add_flag(*command, "--consistency", o->consistency,
           "instead: search for the largest sets of claims that hold together")
      ->excludes(calibrating);
  add_jobs(*command, o->jobs);
  add_flag(*command, "--quiet", o->quiet, "no progress");
  add_format(*command, o->format);
  command->footer(
      "Without a file: the published projections of 2026, in half a minute.\n"
      "Examples:\n"
      "  optichain reproduce scenarios/programs/claims.yaml --show all\n"
      "  optichain reproduce scenarios/programs/claims.yaml --calibrate\n"
      "  optichain reproduce scenarios/programs/claims.yaml --consistency");
  command->callback([o, &chosen] {
    chosen = [o] {
      return o->calibrate ? fit(*o) : o->consistency ? search_consistency(*o) : reproduce(*o);
    };
  });
}

}  // namespace optichain::models::app
