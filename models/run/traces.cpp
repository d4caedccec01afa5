#include "models/run/traces.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "models/run/store_file.hpp"
#include "sim/base/check.hpp"
#include "sim/base/quantity.hpp"
#include "sim/input/refusal.hpp"
#include "sim/output/error.hpp"
#include "sim/output/store.hpp"

namespace optichain::models::run {
namespace {

constexpr std::string_view group = "traces.";
constexpr std::string_view arrow = " > ";  // no name has a blank

}  // namespace

std::optional<TraceName> parse_trace_name(const std::string& name) {
  if (!name.starts_with(group)) return std::nullopt;
  const std::size_t middle = name.find(arrow);
  const std::size_t end = name.rfind('.');
  if (middle == std::string::npos || end < middle)
    sim::fail("the store has a figure \"{}\", which is no trace", name);
  return TraceName{name.substr(group.size(), middle - group.size()),
                   name.substr(middle + arrow.size(), end - middle - arrow.size()),
                   name.substr(end + 1)};
}

std::string trace_name(const causes::Trace& trace, const std::string& period) {
  return fmt::format("{}{}{}{}.{}", group, trace.from, arrow, trace.to, period);
}

void add_pieces(std::int64_t& sum, double pieces) {
  if (__builtin_add_overflow(sum, sim::to_whole(pieces), &sum)) {
    sim::fail("the store has traces of more pieces than can be counted");
  }
}

void require_countable(const PeriodTraces& period) {
  double all = 0;
  for (const causes::Trace& t : period.traces) all += std::abs(static_cast<double>(t.pieces));
  sim::to_whole(all);
}

StoredTraces read_traces(const std::filesystem::path& path,
                         std::optional<std::uint64_t> replication) try {
  const sim::StoreReader store(store_file(path));
  StoredTraces found;
  using Flows = std::map<std::pair<std::string, std::string>, std::int64_t>;
  std::map<std::string, Flows, decltype(&measures::is_earlier)> by_period(&measures::is_earlier);
  for (const sim::RunRow& run : store.runs()) {
    if (!run.failure.empty()) continue;
    if (replication && run.key.replication != *replication) continue;
    found.scenario = run.key.scenario;
    found.replications.push_back(run.key.replication);
    for (const sim::KpiRow& kpi : store.kpis(run.key)) {
      if (const auto trace = parse_trace_name(kpi.name)) {
        add_pieces(by_period[trace->period][{trace->from, trace->to}], kpi.value);
        continue;
      }
      const auto figure = measures::FigureName::parse(kpi.name);
      const bool is_unmet = figure && figure->entity.group == measures::Group::market &&
                            figure->measure == "unmet" && !measures::is_quarter(figure->period);
      if (is_unmet) by_period[figure->period];  // a period without traces is one, too
    }
  }
  if (found.replications.empty()) {
    if (replication) {
      sim::refuse_input(path.string(), fmt::format("it has no replication {}", *replication));
    }
    sim::fail("it has no replication that was done");
  }
  for (const auto& [period, flows] : by_period) {
    auto& out = found.periods.emplace_back(PeriodTraces{period, {}});
    for (const auto& [ends, pieces] : flows)
      out.traces.push_back({ends.first, ends.second, pieces});
    require_countable(out);
  }
  if (found.periods.empty()) {
    sim::wrong_file(path, "it does not say what customers did not get, nor why");
  }
  return found;
} catch (const sim::Error& error) {
  sim::wrong_file(path, error.what());
}

}  // namespace optichain::models::run
