#include "models/lta/option_label.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/number.hpp"

namespace optichain::models::lta {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A setting that is a word says what it is; one with digits in it, such as `800k`, does not.
std::string word_text(const sweep::SweepResults::Column& column, const std::string& word) {
  const bool has_digit = std::any_of(word.begin(), word.end(), is_digit);
  return has_digit ? spoken(column.name) + " " + word : spoken(word);
}

struct Part {
  int rank;  // words first, then volume, price, take-or-pay share, all else
  std::string text;
};

Part number_part(const std::string& name, const std::string& path, double value) {
  const bool is_short = std::fabs(value) < 1e5 && value == std::round(value);
  const std::string number = is_short ? sim::format_number(value) : sim::format_short(value);
  if (!path.starts_with("agreements.")) return {4, spoken(name) + " " + number};
  if (path.ends_with(".pieces_per_week")) return {1, number + " a week"};
  if (path.ends_with(".share_of_capacity"))
    return {1, fmt::format("{:.0f} % of capacity", 100 * value)};
  if (path.ends_with(".share_of_output"))
    return {1, fmt::format("{:.0f} % of output", 100 * value)};
  if (path.ends_with(".price.fixed.usd")) return {2, fmt::format("${:.4g} apiece", value)};
  if (path.ends_with(".take_or_pay")) return {3, fmt::format("take or pay {:.0f} %", 100 * value)};
  return {4, spoken(name) + " " + number};
}

}  // namespace

std::string spoken(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string option_label(const sweep::SweepResults& results, std::size_t policy) {
  std::vector<Part> parts;
  for (const auto& column : results.columns()) {
    if (!column.is_lever || std::isnan(column.settings[policy])) continue;
    if (!column.words.empty()) {
      parts.push_back({0, word_text(column, column.shown(column.settings[policy]))});
      continue;
    }
    const std::string& path = results.study().levers.at(column.name).path;
    parts.push_back(number_part(column.name, path, column.settings[policy]));
  }
  if (parts.empty()) return results.policies()[policy];
  std::stable_sort(parts.begin(), parts.end(),
                   [](const Part& a, const Part& b) { return a.rank < b.rank; });
  std::vector<std::string> texts;
  for (const Part& part : parts) texts.push_back(part.text);
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string range_text(const sweep::SweepResults& results, const std::string& uncertainty,
                       double low, double high) {
  const auto found = results.study().uncertainties.find(uncertainty);
  const bool is_factor =
      found != results.study().uncertainties.end() && found->second.as == study::Applied::factor;
  const char* unit = is_factor ? " times the scenario's" : "";
  const std::string name = spoken(uncertainty);
  if (std::isinf(low)) return fmt::format("{} at most {:.3g}{}", name, high, unit);
  if (std::isinf(high)) return fmt::format("{} at least {:.3g}{}", name, low, unit);
  return fmt::format("{} from {:.3g} to {:.3g}{}", name, low, high, unit);
}

}  // namespace optichain::models::lta
