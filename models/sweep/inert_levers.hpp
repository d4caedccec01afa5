#pragma once
// Levers that no kept figure depended on, as found by comparing runs: under common random numbers
// two policies that differ in one lever alone give the same figures if it does nothing.

#include <cstddef>
#include <string>
#include <vector>

#include "models/sweep/results.hpp"

namespace optichain::models::sweep {

struct InertLever {
  std::string name;
  std::size_t pairs = 0;  // of policies that differ in it alone
  std::size_t runs = 0;   // that were compared with one of the other policy, both done
};

/// The levers of which there are policies that differ in them alone, none of which differs in any
/// kept figure of any run. Runs that failed say nothing.
std::vector<InertLever> inert_levers(const SweepResults& results);

/// A sentence for each.
std::string inert_levers_text(const std::vector<InertLever>& levers);

}  // namespace optichain::models::sweep
