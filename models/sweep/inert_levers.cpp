#include "models/sweep/inert_levers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace optichain::models::sweep {
namespace {

using Column = SweepResults::Column;

/// Pairs of policies that have the same setting of every lever but one.
std::vector<std::pair<std::size_t, std::size_t>> pairs_that_differ_in(const SweepResults& results,
                                                                      const Column& lever) {
  // -0 and 0, or two ways of not being a number, are the same setting
  const auto key = [](double setting) {
    return std::isnan(setting) ? ~std::uint64_t{0} : std::bit_cast<std::uint64_t>(setting + 0.0);
  };
  std::map<std::vector<std::uint64_t>, std::size_t> first_with;
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t policy = 0; policy < results.policies().size(); ++policy) {
    std::vector<std::uint64_t> others;
    for (const Column& column : results.columns()) {
      if (!column.is_lever || &column == &lever) continue;
      others.push_back(key(column.settings[policy]));
    }
    const auto [at, is_new] = first_with.emplace(std::move(others), policy);
    if (is_new || key(lever.settings[at->second]) == key(lever.settings[policy])) continue;
    pairs.emplace_back(at->second, policy);
  }
  return pairs;
}

}  // namespace

std::vector<InertLever> inert_levers(const SweepResults& results) {
  struct Candidate {
    InertLever lever;
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
  };
  std::vector<Candidate> candidates;
  for (const Column& column : results.columns()) {
    if (!column.is_lever) continue;
    auto pairs = pairs_that_differ_in(results, column);
    if (pairs.empty()) continue;
    candidates.push_back({{column.name, pairs.size(), 0}, std::move(pairs)});
  }
  if (candidates.empty()) return {};
  const std::size_t runs = results.futures().size() * results.replications();  // of a policy
  const std::vector<bool> done = results.done();
  for (Candidate& c : candidates) {
    for (const auto& [a, b] : c.pairs) {
      for (std::size_t run = 0; run < runs; ++run) {
        if (done[a * runs + run] && done[b * runs + run]) ++c.lever.runs;
      }
    }
  }
  // with one setting a figure may be reported that there is not with another
  const auto same = [](double one, double other) {
    return one == other || (std::isnan(one) && std::isnan(other));
  };
  for (const sim::MeasureRow& measure : results.measures()) {
    if (candidates.empty()) break;
    const std::vector<double> values = results.runs(measure.name);
    std::erase_if(candidates, [&](const Candidate& c) {
      for (const auto& [a, b] : c.pairs) {
        for (std::size_t run = 0; run < runs; ++run) {
          const std::size_t one = a * runs + run, other = b * runs + run;
          if (done[one] && done[other] && !same(values[one], values[other])) return true;
        }
      }
      return false;
    });
  }
  std::vector<InertLever> found;
  for (const Candidate& c : candidates) {
    if (c.lever.runs > 0) found.push_back(c.lever);
  }
  return found;
}

std::string inert_levers_text(const std::vector<InertLever>& levers) {
  std::string text;
  for (const InertLever& lever : levers) {
    text += fmt::format(
        "No figure that was kept depends on \"{}\": {} of policies that differ in it alone, the "
        "same in all {} runs.\n",
        lever.name, lever.pairs == 1 ? "a pair" : fmt::format("{} pairs", lever.pairs), lever.runs);
  }
  return text;
}

}  // namespace optichain::models::sweep
