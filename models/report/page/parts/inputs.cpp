#include "models/report/page/parts/inputs.hpp"

#include <algorithm>

#include "models/run/input_change.hpp"

namespace optichain::models::report {

namespace {

run::InputValues by_path(const std::vector<sim::InputRow>& inputs) {
  run::InputValues values;
  for (const sim::InputRow& row : inputs) values[row.path] = row.value;
  return values;
}

/// Behind `programs.` up to the next dot, or behind `.outages.`.
std::string label_of_event(const std::string& path) {
  constexpr std::string_view program = "programs.", outage = ".outages.";
  if (path.starts_with(program)) {
    return path.substr(program.size(), path.find('.', program.size()) - program.size());
  }
  return path.substr(path.rfind(outage) + outage.size());
}

}  // namespace

std::vector<GivenInput> inputs(const std::vector<sim::InputRow>& inputs) {
  std::vector<GivenInput> list;
  for (const sim::InputRow& row : inputs) {
    list.push_back({row.path, row.value, row.source, row.confidence, row.assumption_low,
                    row.assumption_high, row.note});
  }
  return list;
}

std::vector<std::string> given_changes(const std::vector<sim::InputRow>& inputs) {
  constexpr std::string_view said = "--set ";  // the place of a value of the command line
  std::vector<std::string> list;
  for (const sim::InputRow& row : inputs) {
    if (!row.place.starts_with(said)) continue;
    std::string change = row.place.substr(said.size());
    if (std::find(list.begin(), list.end(), change) == list.end())
      list.push_back(std::move(change));
  }
  return list;
}

std::vector<ChangedInput> changes(const std::vector<sim::InputRow>& base,
                                  const std::vector<sim::InputRow>& other) {
  std::vector<ChangedInput> list;
  for (const run::InputChange& change : run::input_changes(by_path(base), by_path(other))) {
    list.push_back({change.path, change.before, change.after});
  }
  return list;
}

std::vector<DatedEvent> events(const std::vector<sim::InputRow>& inputs) {
  constexpr std::string_view from = ".from", until = ".until";
  const auto values = by_path(inputs);
  std::vector<DatedEvent> list;
  for (const auto& [path, begin] : values) {
    const bool is_event = path.starts_with("programs.") || path.find(".outages.") != path.npos;
    if (!is_event || !path.ends_with(from)) continue;
    const std::string name = path.substr(0, path.size() - from.size());
    const auto end = values.find(name + std::string(until));
    if (end != values.end()) list.push_back({name, label_of_event(name), begin, end->second});
  }
  return list;
}

}  // namespace optichain::models::report
