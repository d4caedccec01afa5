// `optichain condition`: what figures of the past leave of a study's futures.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/condition/report.hpp"
#include "models/condition/score_report.hpp"
#include "models/study/load.hpp"
#include "sim/base/message.hpp"
#include "sim/batch/workers.hpp"
#include "sim/output/own_file.hpp"
#include "sim/output/own_folder.hpp"
#include "sim/output/terminal.hpp"

namespace optichain::models::app {
namespace {

struct ConditionOptions {
  std::string study, observations, until, file, out, method = "automatic", format = "table";
  std::size_t futures = 1000, kept = 200, jobs = sim::processor_count();
  std::vector<std::string> score;
  bool quiet = false;
};

condition::ConditionWork work_of(const ConditionOptions& o) {
  condition::ConditionWork work;
  const std::string name = std::filesystem::path(o.study).stem().string();
  work.folder = !o.out.empty()
                    ? o.out
                    : fmt::format("out/{}-{}", name, o.score.empty() ? "condition" : "score");
  work.study_file = o.study;
  work.futures = o.futures;
  work.inference.kept = o.kept;
  work.inference.method = o.method == "weights"    ? condition::Method::weights
                          : o.method == "ensemble" ? condition::Method::ensemble
                                                   : condition::Method::automatic;
  work.sweeps = {.jobs = o.jobs, .stop = &stop_requested, .quiet = o.quiet};
  return work;
}

/// Tables as CSV into the folder; all of it to the screen.
void show(const condition::Conditioned& found, const std::string& summary,
          const std::filesystem::path& folder, sim::Format format) {
  const sim::Table inputs = condition::input_table(found), figures = condition::figure_table(found);
  sim::OwnFolder own(folder);
  own.replace("inputs.csv", inputs.csv());
  own.replace("figures.csv", figures.csv());
  if (format == sim::Format::json) {
    const condition::Inference& inference = found.inference;
    sim::Json json = {
        {"futures", found.futures},
        {"failed", found.failed},
        {"ruled_out", inference.ruled_out},
        {"effective", inference.effective},
        {"method", inference.method == condition::Method::weights ? "weights" : "ensemble"},
        {"spreads", inference.spreads},
        {"inputs", inputs.json()},
        {"figures", figures.json()}};
    if (inference.refused) json["refused"] = *inference.refused;
    return print_result(sim::json_text(json) + "\n");
  }
  const bool colour = sim::wants_colour(1);
  const std::string lines = format == sim::Format::table ? summary + "\n" : "";
  print_result(lines + (inputs.empty() ? "" : inputs.as(format, colour) + "\n") +
               figures.as(format, colour));
}

int condition_study(const ConditionOptions& o) {
  condition::ConditionWork work = work_of(o);
  if (!o.file.empty()) sim::require_replaceable(o.file);
  const condition::LoadedObservations observations = condition::load_observations(o.observations);
  const study::LoadedStudy study = study::load_study(o.study);
  work.end = sim::parse_period(o.until)->end;
  const condition::Conditioned found = condition::condition(study, observations, work);
  const std::string summary = condition::summary(found, observations);
  show(found, summary, work.folder, format_of(o.format));
  if (found.inference.refused) {
    sim::print_message("optichain: refused: {}\n", *found.inference.refused);
    return exit_partial;
  }
  if (!o.file.empty()) {
    sim::publish_file(o.file, found.file, sim::MarkKind::hash);
    sim::print_message("written to {}: {} futures\n", o.file, o.kept);
  }
  return exit_done;
}

std::vector<sim::Date> origins_of(const ConditionOptions& o) {
  if (!o.file.empty()) {
    refuse_option("--output", "--score writes no futures: expected `--until` in its place");
  }
  std::vector<sim::Date> origins;
  for (const std::string& text : o.score) {
    const auto period = sim::parse_period(text);
    if (!period) {
      refuse_option("--score",
                    fmt::format("expected {}, received {}", sim::date_forms, sim::in_quotes(text)));
    }
    origins.push_back(period->end);
  }
  std::sort(origins.begin(), origins.end());
  return origins;
}

int score_study(const ConditionOptions& o) {
  const condition::ConditionWork work = work_of(o);
  const std::vector<sim::Date> origins = origins_of(o);
  const condition::LoadedObservations observations = condition::load_observations(o.observations);
  const condition::Score score =
      condition::score(study::load_study(o.study), observations, work, origins);
  const sim::Table by_origin = condition::origin_table(score);
  const sim::Table forecasts = condition::forecast_table(score);
  sim::OwnFolder own(work.folder);
  own.replace("origins.csv", by_origin.csv());
  own.replace("forecasts.csv", forecasts.csv());
  own.replace("score.svg", condition::score_picture(score));
  own.replace("score.md", condition::score_page(score, observations,
                                                std::filesystem::path(o.study).filename().string(),
                                                "score.svg"));
  const sim::Format format = format_of(o.format);
  if (format == sim::Format::json) {
    print_result(sim::json_text({{"origins", by_origin.json()}, {"forecasts", forecasts.json()}}) +
                 "\n");
  } else {
    const bool colour = sim::wants_colour(1);
    const std::string lines =
        format == sim::Format::table ? condition::score_summary(score) + "\n" : "";
    print_result(lines + by_origin.as(format, colour) + "\n" + forecasts.as(format, colour));
  }
  sim::print_message("written to {}: score.md, score.svg, origins.csv, forecasts.csv\n",
                     work.folder.string());
  const bool all = std::all_of(score.origins.begin(), score.origins.end(),
                               [](const condition::Origin& origin) { return !origin.refused; });
  return all ? exit_done : exit_partial;
}

}  // namespace

void add_condition_command(CLI::App& app, ChosenCommand& chosen) {
  auto o = std::make_shared<ConditionOptions>();
  CLI::App* command = app.add_subcommand(
      "condition", "what figures of the past leave of a study's futures, as a file to draw from");
  add_name(*command, "study", o->study, "study with uncertainties")->required();
  add_name(*command, "--observations", o->observations, "file of figures that were published")
      ->required();
  CLI::Option* until =
      add_date(*command, "--until", o->until, "figures of periods that have ended by then");
  add_name(*command, "-o,--output", o->file, "the file of futures, for `design` of other studies");
  add_whole_number(*command, "--futures", o->futures, {2, 1'000'000},
                   "futures drawn beforehand; more of them keep what was done");
  add_whole_number(*command, "--keep", o->kept, {2, 100'000},
                   "equally likely futures that are written, and members of an ensemble");
  add_word(*command, "--method", o->method, {"automatic", "weights", "ensemble"},
           "automatic takes weights if they suffice, and an ensemble else");
  add_texts(*command, "--score", o->score,
            "instead: score what would have been forecast from this day on by what came; as often "
            "as there are such days")
      ->excludes(until);
  add_name(*command, "--out", o->out,
           "folder of the runs and tables; out/NAME-condition if left out");
  add_jobs(*command, o->jobs);
  add_flag(*command, "--quiet", o->quiet, "no progress");
  add_format(*command, o->format);
  command->footer(
      "Examples:\n"
      "  optichain condition scenarios/studies/futures.yaml --observations "
      "scenarios/programs/observations.yaml --until 2026-06 -o futures.csv\n"
      "  optichain condition scenarios/studies/futures.yaml --observations "
      "scenarios/programs/observations.yaml --score 2026-06 --score 2026-09 --score 2026-12");
  command->callback([o, &chosen] {
    if (o->until.empty() && o->score.empty()) throw CLI::RequiredError("--until or --score");
    chosen = [o] { return o->score.empty() ? condition_study(*o) : score_study(*o); };
  });
}

}  // namespace optichain::models::app
