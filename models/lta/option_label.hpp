#pragma once
// What people call options, parties and settings, in place of the names that files have for them.

#include <string>

#include "models/sweep/results.hpp"

namespace optichain::models::lta {

/// An option by its settings: "sign, 1200 a week, $13 apiece, take or pay 50 %" in place of
/// "measure=sign price=13 take_or_pay=0.5 volume=1200".
struct OptionLabel {
  std::string text;
  std::string terms;  // without its price
  std::string price;  // "$13 apiece"; empty if it has none
};
OptionLabel option_label(const sweep::SweepResults& results, std::size_t policy);

/// What an uncertainty may be, as "demand at most 0.71 times what the scenario has"; an end that is
/// infinite is open.
std::string range_text(const sweep::SweepResults& results, const std::string& uncertainty,
                       double low, double high);

/// The same of an uncertainty that is one of some words, by their numbers.
std::string category_text(const sweep::SweepResults& results, const std::string& uncertainty,
                          const std::vector<double>& categories);

/// A name without its underscores.
std::string spoken(std::string name);

}  // namespace optichain::models::lta
