#include "models/sweep/run_line.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "models/run/replicate.hpp"
#include "sim/base/check.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/hash.hpp"
#include "sim/output/error.hpp"

namespace optichain::models::sweep {

RunLine failed_run(const std::string& reason) {
  // by its reason a run is known to have failed
  return {{{"failure", reason.empty() ? "it failed without a reason" : reason}}, true};
}

RunLine done_run(const MetricSelection& selection, world::World& world,
                 const std::optional<network::ExpectedBound>& bound) {
  world::Results results = selection.series.empty() ? world.run_without_series() : world.run();
  if (bound) run::add_bound(results, *bound);
  sim::Json json = {{"fingerprint", results.fingerprint}, {"values", selection.values(results)}};
  for (const MetricSelection::Curve& curve : selection.series) {
    sim::Json values = nullptr;  // a series that stays zero is not reported
    if (const world::Series* s = results.series_of(curve.name)) values = s->values;
    json["series"].push_back(std::move(values));
  }
  return {std::move(json), false};
}

sim::Outcome run_isolated(const volatile std::sig_atomic_t* stop, sim::Retry retry,
                          const std::function<std::string()>& work) {
  sim::Outcome outcome = sim::run_job(stop, retry, work);
  if (outcome.was_killed()) std::raise(outcome.signal);
  return outcome;
}

RunLine line_of(const sim::Outcome& outcome) {
  if (outcome.status != sim::Outcome::Status::done) return failed_run(outcome.text);
  sim::Json json = *sim::parse_json(outcome.text);
  const bool failed = json.contains("failure");
  return {std::move(json), failed};
}

namespace {

bool are_numbers(const sim::Json& json, std::size_t at_most, bool may_be_unknown) {
  return json.is_array() && json.size() <= at_most &&
         std::all_of(json.begin(), json.end(), [&](const sim::Json& value) {
           return value.is_number() || (may_be_unknown && value.is_null());
         });
}

bool is_run(const sim::Json& json, const MetricSelection& selection) {
  if (json.contains("failure")) {
    const bool has_figures = json.contains("values") || json.contains("series");
    return !has_figures && !sim::text_of(json["failure"]).value_or("").empty();
  }
  const sim::Json values = json.value("values", sim::Json());
  if (!are_numbers(values, selection.figures.size(), true) ||
      values.size() != selection.figures.size()) {
    return false;
  }
  const sim::Json series = json.value("series", sim::Json::array());
  return series.is_array() && series.size() == selection.series.size() &&
         std::all_of(series.begin(), series.end(), [&](const sim::Json& weeks) {
           return weeks.is_null() || are_numbers(weeks, selection.weeks.size(), false);
         });
}

}  // namespace

StoredRun read_run_line(const std::filesystem::path& chunk, std::string_view line,
                        const MetricSelection& selection) {
  auto json = sim::parse_json(line);
  if (json && json->is_object() && is_run(*json, selection)) {
    const auto point = sim::text_of(json->value("point", sim::Json()));
    const auto id = point ? sim::parse_hash_digits(*point) : std::nullopt;
    const auto replication = sim::natural_of(json->value("replication", sim::Json()));
    const bool failed = json->contains("failure");
    if (id && replication) return {*id, *replication, failed, std::move(*json)};
  }
  sim::wrong_file(chunk, "it has a line that is no run of this sweep");
}

std::vector<HeadRange> read_head(const std::filesystem::path& path, const sim::Json& head) {
  // a chunk under the name of another one would stand in its place for ever
  if (sim::text_of(head.value("id", sim::Json())) != path.stem().string()) {
    sim::wrong_file(path, "it holds the work of another chunk");
  }
  std::vector<HeadRange> ranges;
  for (const sim::Json& run : head.value("runs", sim::Json())) {
    const bool is_list = run.is_array() && run.size() == 3;
    const auto point = is_list ? sim::text_of(run[0]) : std::nullopt;
    const auto id = point ? sim::parse_hash_digits(*point) : std::nullopt;
    const auto first = is_list ? sim::natural_of(run[1]) : std::nullopt;
    const auto count = is_list ? sim::natural_of(run[2]) : std::nullopt;
    if (!id || !first || !count || *count > ~*first) {
      sim::wrong_file(path, "its head does not say what it holds");
    }
    ranges.push_back({*id, *first, *count});
  }
  return ranges;
}

std::vector<StoredRun> read_runs(const std::filesystem::path& path, const sim::ChunkContent& chunk,
                                 const MetricSelection& selection) {
  std::vector<StoredRun> runs;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> found, said;
  std::uint64_t failed = 0;
  for (const std::string_view line : chunk.lines) {
    runs.push_back(read_run_line(path, line, selection));
    found.emplace_back(runs.back().point, runs.back().replication);
    failed += runs.back().failed;
  }
  for (const HeadRange& range : read_head(path, chunk.head)) {
    for (std::uint64_t i = 0; i < range.replications && said.size() <= found.size(); ++i) {
      said.emplace_back(range.point, range.first + i);
    }
  }
  std::sort(found.begin(), found.end());
  std::sort(said.begin(), said.end());
  if (failed != chunk.end.failed) sim::wrong_file(path, "it does not say how many runs failed");
  if (found != said) sim::wrong_file(path, "it does not hold the runs that its head says");
  return runs;
}

std::string why_not(const SweepFiles& files, const std::function<void()>& read) {
  try {
    read();
    return "";
  } catch (const sim::InputError& e) {
    const std::string folder = files.folder.string() + "/";
    std::string message = e.what();
    for (std::size_t at; (at = message.find(folder)) != std::string::npos;) {
      message.erase(at, folder.size());
    }
    while (!message.empty() && message.back() == '\n') message.pop_back();
    return "the scenario is not valid: " + message;
  } catch (const sim::Error& e) {
    return e.what();
  }
}

}  // namespace optichain::models::sweep
