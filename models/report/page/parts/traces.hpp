#pragma once
// Unmet pieces handed on from node to node, means over replications.

#include <map>

#include "models/report/page/page_fields.hpp"
#include "models/report/store/policy_data.hpp"

namespace optichain::models::report {

struct TraceList {
  static constexpr std::string_view title = "TraceList";
  std::vector<std::string> nodes{};
  std::map<std::string, std::vector<double>> periods{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("nodes", nodes);
    v.field("periods", periods,
            "triples: number of a node, number of the node (or cause) behind it, mean pieces");
  }
};

inline TraceList traces_of(const PolicyData& policy) {
  TraceList list;
  std::map<std::string, std::size_t> numbers;
  const auto number = [&](const std::string& name) {
    const auto [found, added] = numbers.try_emplace(name, numbers.size());
    if (added) list.nodes.push_back(name);
    return static_cast<double>(found->second);
  };
  const auto runs = static_cast<double>(policy.replications.size());
  for (const run::PeriodTraces& period : policy.traces) {
    std::vector<double>& triples = list.periods[period.period];
    for (const causes::Trace& t : period.traces) {
      if (t.pieces == 0) continue;
      const double from = number(t.from);  // before the other end
      triples.insert(triples.end(), {from, number(t.to), static_cast<double>(t.pieces) / runs});
    }
  }
  return list;
}

}  // namespace optichain::models::report
