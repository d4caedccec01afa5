#include "models/run/traces.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "models/run/store_file.hpp"
#include "sim/base/check.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/quantity.hpp"
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

StoredTraces read_traces(const std::filesystem::path& path,
                         std::optional<std::uint64_t> replication) {
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
        by_period[trace->period][{trace->from, trace->to}] += sim::to_whole(kpi.value);
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
      sim::Diagnostics diagnostics;
      diagnostics.error({std::make_shared<const std::string>(path.string()), 0, 0}, "",
                        fmt::format("it has no replication {}", *replication));
      throw sim::InputError(std::move(diagnostics));
    }
    sim::fail("{} has no replication that was done", path.string());
  }
  for (const auto& [period, flows] : by_period) {
    auto& out = found.periods.emplace_back(PeriodTraces{period, {}});
    for (const auto& [ends, pieces] : flows)
      out.traces.push_back({ends.first, ends.second, pieces});
  }
  return found;
}

}  // namespace optichain::models::run
