#include "models/measures/name_pattern.hpp"

#include <array>
#include <cstdint>
#include <span>

#include "models/measures/measure.hpp"

namespace optichain::models::measures {
namespace {

/// A character of a set of names, or any number of any characters.
struct Symbol {
  enum Kind : std::uint8_t { exactly, digit, any_one, any_number } kind;
  char character = 0;
};
using Symbols = std::vector<Symbol>;

bool is_decimal(char c) {
  return c >= '0' && c <= '9';
}

void add(Symbols& symbols, std::string_view text) {
  for (const char c : text) symbols.push_back({Symbol::exactly, c});
}

/// A character in brackets is taken for any.
Symbols read(std::string_view pattern) {
  Symbols symbols;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    const std::size_t close = c == '[' ? pattern.find(']', i + 2) : pattern.npos;
    if (c == '*') {
      symbols.push_back({Symbol::any_number});
    } else if (c == '?') {
      symbols.push_back({Symbol::any_one});
    } else if (close != pattern.npos) {
      symbols.push_back({Symbol::any_one});
      i = close;
    } else {
      if (c == '\\' && i + 1 < pattern.size()) ++i;
      symbols.push_back({Symbol::exactly, pattern[i]});
    }
  }
  return symbols;
}

bool have_common(const Symbol& a, const Symbol& b) {
  if (a.kind == Symbol::any_one || b.kind == Symbol::any_one) return true;
  if (a.kind == b.kind) return a.kind == Symbol::digit || a.character == b.character;
  return is_decimal(a.kind == Symbol::exactly ? a.character : b.character);
}

/// Whether a name belongs to both sets.
bool have_common_name(const Symbols& a, const Symbols& b) {
  // next[j]: whether what follows the present symbol of a has a name in common with b from j on
  std::vector<bool> next(b.size() + 1), here(b.size() + 1);
  for (std::size_t i = a.size() + 1; i-- > 0;) {
    for (std::size_t j = b.size() + 1; j-- > 0;) {
      const bool any_a = i < a.size() && a[i].kind == Symbol::any_number;
      const bool any_b = j < b.size() && b[j].kind == Symbol::any_number;
      bool common = i == a.size() && j == b.size();
      if (any_a) common = next[j] || (j < b.size() && here[j + 1]);
      if (any_b) common = common || here[j + 1] || (i < a.size() && next[j]);
      if (!any_a && !any_b && i < a.size() && j < b.size()) {
        common = have_common(a[i], b[j]) && next[j + 1];
      }
      here[j] = common;
    }
    next.swap(here);
  }
  return next[0];
}

bool is_alone(Group group) {
  return group == Group::market || group == Group::outside;
}

bool is_reported(const Measure& m, NameOf kind) {
  return kind == NameOf::figure ? m.is_figure() : m.is_weekly();
}

/// All names that series of a measure may have.
Symbols names_of_series(const Measure& m) {
  const auto add_any = [](Symbols& names) {
    add(names, ".");
    names.push_back({Symbol::any_one});
    names.push_back({Symbol::any_number});
  };
  Symbols names;
  add(names, group_word(m.group));
  if (!is_alone(m.group)) add_any(names);
  add(names, ".");
  add(names, m.name);
  if (!m.part.empty()) add_any(names);
  return names;
}

/// All, a year, a quarter.
std::array<Symbols, 3> periods() {
  std::array<Symbols, 3> periods;
  for (Symbols& period : periods) add(period, ".");
  add(periods[0], "all");
  for (Symbols* period : {&periods[1], &periods[2]})
    period->insert(period->end(), 4, {Symbol::digit});
  add(periods[2], "Q");
  periods[2].push_back({Symbol::digit});
  return periods;
}

std::vector<std::string> words_of(std::string_view pattern) {
  std::vector<std::string> words = {""};
  for (const char c : pattern) {
    if (c == '.') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

}  // namespace

bool can_fit(std::string_view pattern, NameOf kind) {
  const Symbols wanted = read(pattern);
  for (const Measure& m : all_measures()) {
    if (!is_reported(m, kind)) continue;
    const Symbols series = names_of_series(m);
    if (kind == NameOf::series) {
      if (have_common_name(wanted, series)) return true;
      continue;
    }
    for (const Symbols& period : periods()) {
      Symbols figures = series;
      figures.insert(figures.end(), period.begin(), period.end());
      if (have_common_name(wanted, figures)) return true;
    }
  }
  return false;
}

std::vector<std::string> alternatives(std::string_view pattern, NameOf kind) {
  const std::vector<std::string> words = words_of(pattern);
  const auto group = find_group(words.front());
  std::vector<std::string> names;
  for (const Measure& m : all_measures()) {
    if (!is_reported(m, kind) || (group && m.group != *group)) continue;
    // the group, the entity's words, the measure with its part, the period
    const std::size_t behind = (m.part.empty() ? 1U : 2U) + (kind == NameOf::figure ? 1U : 0U);
    if (words.size() < 1 + behind) continue;
    const std::size_t measure = words.size() - behind;
    if (is_alone(m.group) != (measure == 1)) continue;
    std::string name(group_word(m.group));
    for (std::size_t w = 1; w < words.size(); ++w) {
      name += '.';
      name += w == measure ? m.name : std::string_view(words[w]);
    }
    if (can_fit(name, kind)) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace optichain::models::measures
