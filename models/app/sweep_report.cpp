#include "models/app/sweep_report.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/study/idle_factors.hpp"
#include "models/sweep/inert_levers.hpp"
#include "models/sweep/state.hpp"
#include "sim/base/check.hpp"
#include "sim/base/message.hpp"
#include "sim/input/argument.hpp"
#include "sim/output/chunk_file.hpp"
#include "sim/output/progress.hpp"
#include "sim/output/store.hpp"
#include "sim/output/terminal.hpp"

namespace optichain::models::app {
namespace {

using State = sweep::Coverage::State;

std::string bytes_text(double bytes) {
  if (bytes < 1e6) return fmt::format("{:.0f} kB", std::max(1.0, bytes / 1e3));
  return bytes < 1e9 ? fmt::format("{:.1f} MB", bytes / 1e6)
                     : fmt::format("{:.1f} GB", bytes / 1e9);
}

/// Pairs of words and values, one under the other, or as one object or row.
class Sheet {
 public:
  void add(std::string key, std::string heading, sim::Cell cell) {
    columns_.push_back({std::move(key), std::move(heading)});
    cells_.push_back(std::move(cell));
  }
  std::string as(sim::Format format) const {
    if (format != sim::Format::table) {
      sim::Table table(columns_);
      table.add(cells_);
      return format == sim::Format::csv ? table.csv() : sim::json_text(table.json().front()) + "\n";
    }
    std::string text;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      text += fmt::format("{:<14} {}\n", columns_[i].heading, cells_[i].shown());
    }
    return text;
  }

 private:
  std::vector<sim::Table::Column> columns_;
  std::vector<sim::Cell> cells_;
};

sim::Cell shown_as(double number, const std::string& text, sim::Format format) {
  return format == sim::Format::table ? sim::Cell(text) : sim::Cell(number);
}

}  // namespace

std::string plan_report(const sweep::Plan& plan, std::uint64_t done_before, std::size_t jobs,
                        sim::Format format) {
  const double share = static_cast<double>(plan.runs() - done_before) /
                       static_cast<double>(std::max<std::uint64_t>(plan.runs(), 1));
  const double seconds = plan.seconds() * share / static_cast<double>(jobs);
  const double bytes = plan.bytes_per_run * static_cast<double>(plan.runs());
  Sheet sheet;
  sheet.add("study", "study", plan.study.study.name);
  sheet.add("policies", "policies", plan.study.policies.rows());
  sheet.add("futures", "futures", plan.study.futures.rows());
  sheet.add("points", "points", plan.points());
  sheet.add("replications", "replications", plan.replications());
  sheet.add("runs", "runs", plan.runs());
  sheet.add("done", "done before", done_before);
  sheet.add("chunks", "chunks", plan.chunks.size());
  sheet.add("figures", "figures a run", plan.selection.figures.size());
  sheet.add("series", "series a run", plan.selection.series.size());
  sheet.add("jobs", "processes", jobs);
  sheet.add("seconds", "time", shown_as(seconds, "about " + sim::format_span(seconds), format));
  sheet.add("bytes", "disk", shown_as(bytes, "about " + bytes_text(bytes), format));
  return sheet.as(format);
}

// --- work --------------------------------------------------------------------------------------

int report_work(const sweep::SweepOutcome& outcome, const sweep::SweepFiles& files) {
  for (const std::string& problem : outcome.problems) {
    sim::print_message("optichain: {}\n", problem);
  }
  if (outcome.stopped) {
    sim::print_message("optichain: stopped by a signal; {} of {} runs are done and stay\n",
                       outcome.done + outcome.failed, outcome.runs);
    return exit_stopped;
  }
  if (outcome.failed + outcome.missing == 0) return exit_done;
  sim::print_message("optichain: {} of {} runs failed, {} are missing: see `sweep status {}`\n",
                     outcome.failed, outcome.runs, outcome.missing, files.folder.string());
  return exit_partial;
}

void say_idle_factors(const study::LoadedStudy& study, const std::string& file) {
  constexpr std::size_t few = 5;
  const sim::Diagnostics idle = study::idle_factors(study);
  if (idle.empty()) return;
  if (idle.size() <= few) return sim::print_message_text(idle.text(few, "warning"));
  sim::print_message(
      "warning: {} levers and uncertainties can do nothing; `optichain check {}` lists "
      "them\n",
      idle.size(), file);
}

void say_inert_levers(const std::string& folder) {
  const auto inert = sweep::inert_levers(sweep::SweepResults(folder));
  sim::print_message_text(sweep::inert_levers_text(inert));
}

// --- status ------------------------------------------------------------------------------------

namespace {

struct Progressed {
  std::uint64_t runs = 0, done = 0, failed = 0, in_progress = 0;
  std::uint64_t chunks = 0, parts = 0, foreign = 0;
  std::size_t processes = 0, damaged = 0;
  double per_second = 0;
  std::uint64_t missing() const { return runs - done - failed; }
};

Progressed look(const sweep::SweepFiles& files, const sweep::Plan& plan,
                const sweep::PointIndex& index) {
  const sweep::SweepState state = sweep::read_state(plan, index, {files}, sweep::Reading::ends);
  Progressed p;
  p.runs = plan.runs();
  p.done = state.coverage.count(State::done);
  p.failed = state.coverage.count(State::failed);
  p.chunks = state.chunks;
  p.foreign = state.foreign_chunks;
  p.damaged = state.damaged.size();
  for (const sim::ChunkPart& part : sim::chunk_parts(files.chunks())) {
    if (part.writer == sim::WriterState::has_ended) continue;
    ++p.parts;
    p.in_progress += part.lines;
  }
  const auto sessions = sweep::read_sessions(files);
  p.processes = sessions.size();
  for (const sweep::Session& s : sessions) {
    if (s.seconds > 0) p.per_second += static_cast<double>(s.done + s.failed) / s.seconds;
  }
  return p;
}

std::string status_text(const sweep::Plan& plan, const Progressed& p, sim::Format format) {
  const auto left = static_cast<double>(p.missing() - std::min(p.missing(), p.in_progress));
  const double seconds = p.per_second > 0 ? left / p.per_second : std::nan("");
  Sheet sheet;
  sheet.add("study", "study", plan.study.study.name);
  sheet.add("runs", "runs", p.runs);
  sheet.add("done", "done", p.done);
  sheet.add("failed", "failed", p.failed);
  sheet.add("missing", "missing", p.missing());
  sheet.add("in_progress", "in progress", p.in_progress);
  sheet.add("chunks", "chunks", p.chunks);
  sheet.add("chunks_at_work", "at work", p.parts);
  sheet.add("processes", "sessions", p.processes);
  sheet.add("per_second", "runs a second", p.per_second);
  sheet.add("seconds_left", "time left",
            shown_as(seconds,
                     p.missing() == 0   ? "none"
                     : p.per_second > 0 ? sim::format_span(seconds)
                                        : "nobody is at work",
                     format));
  if (p.damaged > 0 || format != sim::Format::table) {
    sheet.add("damaged", "damaged", p.damaged);
  }
  if (p.foreign > 0 || format != sim::Format::table) {
    sheet.add("foreign", "of other plans", p.foreign);
  }
  return sheet.as(format);
}

}  // namespace

int show_status(const std::string& folder, sim::Format format, bool watch) {
  const sweep::SweepFiles files{folder};
  const sweep::Plan plan = sweep::read_plan(files);
  const sweep::PointIndex index(plan.study);
  while (true) {
    const Progressed p = look(files, plan, index);
    print_result(status_text(plan, p, format));
    if (!watch || p.missing() == 0) return exit_done;
    for (int i = 0; i < 20; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
      sim::end_if_stopped();
    }
    print_result("\n");
  }
}

// --- summary -----------------------------------------------------------------------------------

std::string sweep_summary(const std::string& folder, sim::Format format) {
  const sim::StoreReader store(std::filesystem::path(folder) / "results.sqlite");
  sim::Table table({{"policy"}, {"metric"}, {"unit"}, {"runs"}, {"mean"}, {"lowest"}, {"highest"}});
  for (const sim::MeasureRow& measure : store.measures()) {
    struct Range {
      std::uint64_t n = 0;
      double sum = 0, low = HUGE_VAL, high = -HUGE_VAL;
    };
    std::map<std::string, Range> by_policy;
    for (const auto& [key, value] : store.kpi(measure.name)) {
      Range& r = by_policy[key.policy];
      ++r.n;
      r.sum += value;
      r.low = std::min(r.low, value);
      r.high = std::max(r.high, value);
    }
    for (const auto& [policy, r] : by_policy) {
      table.add({policy, measure.name, measure.unit, r.n, r.sum / static_cast<double>(r.n), r.low,
                 r.high});
    }
  }
  return table.as(format, sim::wants_colour(1));
}

// --- batch systems -----------------------------------------------------------------------------

std::uint64_t shard_of_environment() {
  struct Variable {
    const char* name;
    std::uint64_t first;  // what the system counts from, unless its user says otherwise
  };
  constexpr std::array<Variable, 8> variables = {{{"SLURM_ARRAY_TASK_ID", 0},
                                                  {"PBS_ARRAY_INDEX", 0},
                                                  {"SGE_TASK_ID", 1},
                                                  {"LSB_JOBINDEX", 1},
                                                  {"AWS_BATCH_JOB_ARRAY_INDEX", 0},
                                                  {"JOB_COMPLETION_INDEX", 0},
                                                  {"BATCH_TASK_INDEX", 0},
                                                  {"HQ_TASK_ID", 0}}};
  constexpr std::uint64_t most = 999'999'999;
  for (const Variable& v : variables) {
    const char* text = std::getenv(v.name);
    // some say "undefined" where there is no array
    const auto number = text ? sim::read_whole_number(text, v.first, most).value : std::nullopt;
    if (number) return *number - v.first;
  }
  refuse_option("--shard",
                "no batch system gives this process a number (such as SLURM_ARRAY_TASK_ID)");
}

}  // namespace optichain::models::app
