#include "models/lta/option_label.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/amount.hpp"
#include "sim/base/number.hpp"
#include "sim/base/text.hpp"

namespace optichain::models::lta {
namespace {

/// A setting that is a word says what it is; one with digits in it, such as `800k`, does not.
std::string word_text(const sweep::SweepResults::Column& column, const std::string& word) {
  const bool has_digit = std::any_of(word.begin(), word.end(), sim::is_digit);
  return has_digit ? spoken(column.name) + " " + word : spoken(word);
}

/// What an option is told by, in this order.
enum class Rank { word, volume, price, take_or_pay, other };
struct Part {
  Rank rank;
  std::string text;
};

std::string joined(const std::vector<Part>& parts, bool with_price) {
  std::vector<std::string> texts;
  for (const Part& part : parts) {
    if (with_price || part.rank != Rank::price) texts.push_back(part.text);
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

/// What was set is told with all its digits: options may differ in any of them.

Part number_part(const std::string& name, const std::string& path, double value) {
  const std::string number = sim::format_number(value);
  if (!path.starts_with("agreements.")) return {Rank::other, spoken(name) + " " + number};
  if (path.ends_with(".pieces_per_week")) return {Rank::volume, number + " a week"};
  if (path.ends_with(".share_of_capacity"))
    return {Rank::volume, sim::percent_text(value) + " of capacity"};
  if (path.ends_with(".share_of_output"))
    return {Rank::volume, sim::percent_text(value) + " of output"};
  if (path.ends_with(".price.fixed.usd")) return {Rank::price, "$" + number + " apiece"};
  if (path.ends_with(".take_or_pay"))
    return {Rank::take_or_pay, "take or pay " + sim::percent_text(value)};
  return {Rank::other, spoken(name) + " " + number};
}

}  // namespace

std::string spoken(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

OptionLabel option_label(const sweep::SweepResults& results, std::size_t policy) {
  std::vector<Part> parts;
  for (const auto& column : results.columns()) {
    if (!column.is_lever || std::isnan(column.settings[policy])) continue;
    if (!column.words.empty()) {
      parts.push_back({Rank::word, word_text(column, column.shown(column.settings[policy]))});
      continue;
    }
    const std::string& path = results.study().levers.at(column.name).path;
    parts.push_back(number_part(column.name, path, column.settings[policy]));
  }
  if (parts.empty()) return {results.policies()[policy], results.policies()[policy], {}};
  std::stable_sort(parts.begin(), parts.end(),
                   [](const Part& a, const Part& b) { return a.rank < b.rank; });
  const auto price = std::find_if(parts.begin(), parts.end(),
                                  [](const Part& part) { return part.rank == Rank::price; });
  return {joined(parts, true), joined(parts, false), price == parts.end() ? "" : price->text};
}

std::string range_text(const sweep::SweepResults& results, const std::string& uncertainty,
                       double low, double high) {
  const auto found = results.study().uncertainties.find(uncertainty);
  const bool is_factor =
      found != results.study().uncertainties.end() && found->second.as == study::Applied::factor;
  const char* unit = is_factor ? " times the scenario's" : "";
  const std::string name = spoken(uncertainty);
  if (std::isinf(low)) return fmt::format("{} at most {}{}", name, sim::format_short(high), unit);
  if (std::isinf(high)) return fmt::format("{} at least {}{}", name, sim::format_short(low), unit);
  return fmt::format("{} from {} to {}{}", name, sim::format_short(low), sim::format_short(high),
                     unit);
}

std::string category_text(const sweep::SweepResults& results, const std::string& uncertainty,
                          const std::vector<double>& categories) {
  std::vector<std::string> words;
  for (const auto& column : results.columns()) {
    if (column.name != uncertainty) continue;
    for (const double category : categories) words.push_back(column.shown(category));
  }
  return fmt::format("{} {}", spoken(uncertainty), fmt::join(words, " or "));
}

}  // namespace optichain::models::lta
