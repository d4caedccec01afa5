#include "models/report/page/input_changes.hpp"

#include "models/run/input_change.hpp"

namespace optichain::models::report {

using sim::Json;

namespace {

run::InputValues by_path(const std::vector<sim::InputRow>& inputs) {
  run::InputValues values;
  for (const sim::InputRow& row : inputs) values[row.path] = row.value;
  return values;
}

}  // namespace

Json inputs_json(const std::vector<sim::InputRow>& inputs) {
  Json list = Json::array();
  for (const sim::InputRow& row : inputs) {
    list.push_back({row.path, row.value, row.source, row.confidence,
                    sim::json_or_null(row.assumption_low), sim::json_or_null(row.assumption_high),
                    row.note});
  }
  return list;
}

Json changes_json(const std::vector<sim::InputRow>& base, const std::vector<sim::InputRow>& other) {
  Json list = Json::array();
  for (const run::InputChange& change : run::input_changes(by_path(base), by_path(other))) {
    list.push_back(
        {change.path, sim::json_or_null(change.before), sim::json_or_null(change.after)});
  }
  return list;
}

Json events_json(const std::vector<sim::InputRow>& inputs) {
  constexpr std::string_view from = ".from", until = ".until";
  const auto values = by_path(inputs);
  Json list = Json::array();
  for (const auto& [path, begin] : values) {
    const bool is_event = path.starts_with("programs.") || path.find(".outages.") != path.npos;
    if (!is_event || !path.ends_with(from)) continue;
    const std::string name = path.substr(0, path.size() - from.size());
    const auto end = values.find(name + std::string(until));
    if (end == values.end()) continue;
    list.push_back({{"name", name}, {"from", begin}, {"until", end->second}});
  }
  return list;
}

}  // namespace optichain::models::report
