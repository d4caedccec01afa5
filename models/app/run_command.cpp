// `optichain run`: simulates a scenario, writes what came of it and shows the answer.
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/catalog/catalog.hpp"
#include "models/report/text/answer.hpp"
#include "models/run/precision.hpp"
#include "models/run/replicate.hpp"
#include "models/run/run_store.hpp"
#include "models/run/warm_up.hpp"
#include "models/scenario/idle_settings.hpp"
#include "models/scenario/load.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/interrupt.hpp"
#include "sim/base/message.hpp"
#include "sim/base/shell.hpp"
#include "sim/batch/workers.hpp"
#include "sim/input/argument.hpp"
#include "sim/output/progress.hpp"
#include "sim/output/run_folder.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::app {
namespace {

constexpr std::size_t fewest_for_precision = 10;
constexpr std::size_t fewest_for_warm_up = 5;

struct RunOptions {
  std::string scenario;
  std::uint64_t seed = 1;
  std::size_t replications = 1, at_most = 1000;
  std::vector<std::string> precision;
  std::size_t jobs = sim::processor_count();
  std::string out;
  std::vector<std::string> changes;
  std::vector<std::string> until;
  std::string warm_up;
  std::string format = "table";
  bool series = false;
  bool no_bound = false;
  bool quiet = false;
};

std::optional<network::ExpectedBound> bound_of(const Catalog& catalog, std::uint64_t seed) {
  return run::bound_if_known(catalog, seed, &stop_requested, [](const char* why) {
    sim::print_message("optichain: no bound: {}\n", why);
  });
}

/// Simulates a scenario again and again, and has each run written as soon as it ends.
class Simulation {
 public:
  /// Made before anything else grows. All arguments must live as long.
  Simulation(const Catalog& catalog, const RunOptions& options)
      : catalog_(catalog), options_(options) {
    for (const std::string& text : options.precision) {
      targets_.push_back(run::parse_precision(text));
    }
    if (!targets_.empty() || options.replications > options.jobs) {
      workers_ = run::workers_for(catalog, options.seed, &stop_requested);
    }
  }

  /// The replications that were asked for; with targets of precision at least ten, then more until
  /// all are met. How many depends on results alone, not on the number of workers.
  run::Replications run(run::RunWriter& writer) {
    if (!options_.no_bound) bound_ = bound_of(catalog_, options_.seed);
    std::size_t end = targets_.empty()
                          ? options_.replications
                          : std::max<std::size_t>(options_.replications, fewest_for_precision);
    go_on(writer, 0, end);
    while (!targets_.empty() && !runs_.stopped && !runs_.done.empty()) {
      const std::size_t needed = run::replications_needed(runs_.summarise(), targets_, end);
      // the estimate is rough at first, so no batch more than doubles what is there
      const std::size_t next = std::min({needed, 2 * end, options_.at_most});
      if (next <= end) {
        if (needed > end) {
          sim::print_message("optichain: after {} replications about {} would be needed\n", end,
                             needed);
        }
        break;
      }
      go_on(writer, end, next);
      end = next;
    }
    return std::move(runs_);
  }

 private:
  void go_on(run::RunWriter& writer, std::size_t first, std::size_t end) {
    sim::Progress progress({.what = "replications",
                            .total = end,
                            .done_before = first,
                            .style = end > 1 ? sim::Progress::style_for_stderr(options_.quiet)
                                             : sim::Progress::Style::quiet});
    std::size_t done = 0, failed = 0;
    run::replicate(
        catalog_,
        {.seed = options_.seed,
         .count = end - first,
         .first = first,
         .jobs = options_.jobs,
         .stop = &stop_requested,
         .bound = bound_,
         .on_progress =
             [&](std::size_t now_done, std::size_t now_failed) {
               progress.done(now_done - done);
               progress.failed(now_failed - failed);
               done = now_done;
               failed = now_failed;
             },
         .on_result = [&](std::size_t replication,
                          const world::Results& results) { writer.add(replication, results); },
         .workers = workers_.get()},
        runs_);
  }

  const Catalog& catalog_;
  const RunOptions& options_;
  std::vector<run::PrecisionTarget> targets_;
  std::unique_ptr<sim::Workers> workers_;
  std::optional<network::ExpectedBound> bound_;
  run::Replications runs_;
};

std::string as_json(const Catalog& catalog, const RunOptions& options,
                    const run::Replications& runs, const run::Summaries& metrics) {
  sim::Json figures = sim::Json::object();
  metrics.for_each([&](const std::string& name, const std::string& unit, const sim::Summary& s) {
    figures[name] = {{"unit", unit},
                     {"mean", s.mean},
                     {"sd", s.sd},
                     {"ci95", s.has_spread() ? sim::Json{s.ci95_low, s.ci95_high} : sim::Json()},
                     {"n", s.n}};
  });
  return sim::json_text({{"scenario", catalog.scenario.name},
                         {"seed", options.seed},
                         {"replications", runs.done.size()},
                         {"fingerprint", runs.fingerprint()},
                         {"metrics", figures}}) +
         "\n";
}

/// Failed replications, each with the command that shows its failure again.
void report_failures(const run::Replications& runs, const RunOptions& options) {
  for (const auto& failure : runs.failures) {
    sim::print_message("optichain: error: replication {} failed: {}\n", failure.replication,
                       failure.reason);
  }
  if (runs.failures.empty()) return;
  std::string changes;
  for (const std::string& change : options.changes) {
    changes += " --set " + sim::shell_quoted(change);
  }
  sim::print_message("  again: optichain run {} --seed {} --replications {}{}\n", options.scenario,
                     options.seed, runs.failures.front().replication + 1, changes);
}

sim::Period require_day(const char* option, const std::string& text) {
  const sim::Typed<sim::Period> day = sim::read_period(text);
  if (!day.value) refuse_option(option, day.problem);
  return *day.value;
}

/// What `--until` says: a last day, or `precision: 1% of METRIC`.
void read_until(RunOptions& options) {
  const std::string_view word = "precision:";
  std::optional<std::string> last;
  for (const std::string& text : options.until) {
    if (text.starts_with(word)) {
      options.precision.push_back(run::precision_in_words(text.substr(word.size())));
    } else {
      require_day("--until", text);
      if (last)
        refuse_option("--until",
                      fmt::format("expected one last day, received {} and {}", *last, text));
      last = text;
    }
  }
  if (last) options.changes.push_back("end=" + *last);
}

/// What `--warm-up` says: the first day that counts, or that it is to be found. Returns how it was
/// found.
std::optional<run::WarmUp> read_warm_up(RunOptions& options) {
  if (options.warm_up.empty()) return std::nullopt;
  const scenario::LoadedScenario loaded =
      scenario::load_scenario(options.scenario, options.changes);
  const auto begin = Catalog(loaded.scenario).begin();
  if (options.warm_up != "auto") {
    const sim::Period first = require_day("--warm-up", options.warm_up);
    options.changes.push_back("start=" + options.warm_up);
    const double days = sim::to_days(first.begin - begin);
    if (days < 0) {
      refuse_option("--warm-up", fmt::format("expected a day on or after {}, when simulation "
                                             "begins, received {}",
                                             sim::format_time(begin), options.warm_up));
    }
    options.changes.push_back(fmt::format("warm_up_days={}", days));
    return std::nullopt;
  }
  run::WarmUp found = run::choose_warm_up(
      loaded, {.seed = options.seed,
               .replications = std::max(options.replications, fewest_for_warm_up),
               .jobs = options.jobs,
               .stop = &stop_requested});
  options.changes.push_back("start=" + sim::format_time(found.start));
  options.changes.push_back(fmt::format("warm_up_days={}", found.days));
  if (!options.quiet) sim::print_message("{}\n", run::warm_up_text(found));
  return found;
}

/// A few settings that can do nothing are listed, many counted: `check` lists them all.
void say_idle_settings(const sim::Diagnostics& idle, const std::string& scenario) {
  constexpr std::size_t few = 5;
  if (idle.empty()) return;
  if (idle.size() <= few) return sim::print_message("\n{}", idle.text(few, "warning"));
  sim::print_message(
      "\nwarning: {} settings can do nothing in this span of time; `optichain check {}` "
      "lists those of the whole file\n",
      idle.size(), scenario);
}

int run(RunOptions options) {
  read_until(options);
  if (options.out.empty()) {
    options.out = "out/" + std::filesystem::path(options.scenario).stem().string();
  }
  const auto warm_up = read_warm_up(options);
  const scenario::LoadedScenario loaded =
      scenario::load_scenario(options.scenario, options.changes);
  const Catalog catalog(loaded.scenario);
  Simulation simulation(catalog, options);
  sim::RunFolder folder(options.out);  // before anything runs

  run::RunWriter writer(folder, loaded, catalog, options.seed);
  if (options.series) writer.write_series();
  if (warm_up) folder.write("warm_up.csv", run::warm_up_csv(*warm_up));
  const run::Replications runs = simulation.run(writer);
  if (runs.stopped) {
    sim::print_message("optichain: stopped by a signal; nothing was written to {}\n", options.out);
    return exit_stopped;
  }
  report_failures(runs, options);
  if (runs.done.empty()) return exit_failed;

  const auto metrics = runs.summarise();
  writer.finish(runs, metrics);
  if (options.format == "json") {
    print_result(as_json(catalog, options, runs, metrics));
  } else if (options.format == "csv") {
    print_result(run::summary_csv(metrics));
  } else {
    print_result(report::answer(catalog, metrics, runs.done.size(),
                                {.colour = sim::wants_colour(1), .changes = options.changes}));
  }
  if (!options.quiet) {
    say_idle_settings(scenario::idle_settings(loaded, catalog), options.scenario);
    sim::print_message(
        "\nwritten to {}: results.sqlite, summary.csv, resolved.yaml (fingerprint {})\n",
        options.out, runs.fingerprint());
  }
  return runs.failures.empty() ? exit_done : exit_partial;
}

}  // namespace

void add_run_command(CLI::App& app, ChosenCommand& chosen) {
  auto o = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "simulate a scenario and show the answer");
  add_name(*command, "scenario", o->scenario, "scenario file")->required();
  add_whole_number(*command, "--seed", o->seed, any_seed, "seed of all random numbers");
  add_whole_number(*command, "--replications", o->replications, any_replications,
                   "how many runs of other luck");
  add_texts(*command, "--precision", o->precision,
            "metric=half width of its 95 % interval, as a number or a percentage: "
            "replications go on until all are met");
  add_whole_number(*command, "--at-most", o->at_most, any_replications,
                   "replications, whatever the precision");
  add_jobs(*command, o->jobs);
  add_name(*command, "--out", o->out, "folder for results; out/NAME if left out");
  add_changes(*command, o->changes);
  add_texts(*command, "--until", o->until,
            "last day, instead of the scenario's; or, as often as wanted, \"precision: 1% of "
            "METRIC\", the same as --precision METRIC=1%")
      ->expected(1);
  add_text(*command, "--warm-up", o->warm_up,
           "first day that counts, what comes before is simulated all the same; or auto: "
           "as long as MSER-5 finds in the sums of stock, work, orders and shipments, "
           "said in warm_up.csv");
  add_format(*command, o->format);
  add_flag(*command, "--series", o->series, "also write series.csv: every weekly series");
  add_flag(*command, "--no-bound", o->no_bound,
           "without the most that could be delivered, a linear program that takes longer "
           "than a replication of some hundred sites");
  add_flag(*command, "--quiet", o->quiet, "no progress");
  command->footer(
      "Examples:\n"
      "  optichain run scenarios/beer-game/beer-game.yaml\n"
      "  optichain run scenarios/ai-optics-2026/baseline.yaml --replications 20 --out out/base");
  command->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace optichain::models::app
