#pragma once
// What a run says to a strategist, on one screen: the market and its families by year, what is
// short, who gets what, and which lines are the tightest.

#include <string>
#include <vector>

#include "models/catalog/catalog.hpp"
#include "models/run/replicate.hpp"

namespace optichain::models::report {

struct AnswerOptions {
  bool colour = false;
  std::size_t lines = 5;   // how many of the tightest lines
  std::size_t items = 12;  // how many of the shortest items
  /// Values that were changed on top of the scenario's file, as `path=value`.
  std::vector<std::string> changes{};
};

std::string answer(const Catalog& catalog, const run::Summaries& metrics, std::size_t replications,
                   const AnswerOptions& options = {});

}  // namespace optichain::models::report
