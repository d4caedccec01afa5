#include "models/report/text/effects.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/batch/regression.hpp"
#include "sim/batch/sample.hpp"

namespace optichain::models::report {
namespace {

using Column = sweep::SweepResults::Column;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

bool is_category(const Column& column) {
  return !column.words.empty();
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

class Finder {
 public:
  Finder(std::span<const Column> columns, const sim::OutcomeTable& outcomes)
      : columns_(columns), outcomes_(outcomes) {}

  Effects find() {
    Effects all;
    all.mean = mean();
    for (const bool levers : {true, false}) {
      std::vector<std::size_t> left;
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        if (columns_[c].is_lever != levers || known(columns_[c].settings).size() < 2) continue;
        if (const auto alone = varied_alone(c)) {
          all.effects.push_back(*alone);
        } else {
          left.push_back(c);
        }
      }
      regress(left, levers, all);
    }
    std::stable_sort(all.effects.begin(), all.effects.end(), [](const Effect& a, const Effect& b) {
      return std::abs(a.swing) > std::abs(b.swing);
    });
    return all;
  }

 private:
  /// The settings that occur, in order.
  static std::vector<double> known(const std::vector<double>& settings) {
    std::set<double> values;
    for (const double x : settings) {
      if (!std::isnan(x)) values.insert(x);
    }
    return {values.begin(), values.end()};
  }

  double mean() const {
    std::vector<double> values;
    for (const double x : outcomes_.values) {
      if (!std::isnan(x)) values.push_back(x);
    }
    return values.empty() ? unknown : mean_of(values);
  }

  // --- points that differ in one factor alone ---
  struct Cell {
    double sum = 0, count = 0;
  };
  /// What else is set at a point, of the factors that move with it.
  std::vector<double> others(std::size_t column, std::size_t option) const {
    std::vector<double> key;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (c == column || columns_[c].is_lever != columns_[column].is_lever) continue;
      const double x = columns_[c].settings[option];
      key.push_back(std::isnan(x) ? -std::numeric_limits<double>::infinity() : x);
    }
    return key;
  }

  std::optional<Effect> varied_alone(std::size_t c) const {
    const Column& column = columns_[c];
    const auto values = known(column.settings);
    // what moves freely is seen better by all points than by two
    if (!is_category(column) && values.size() > most_apart) return std::nullopt;
    if (!is_category(column)) return compare(c, values.front(), values.back());
    // those words whose points lie farthest apart
    std::optional<Effect> widest;
    for (const double a : values) {
      for (const double b : values) {
        if (a == b) continue;
        const auto found = compare(c, a, b);
        if (found && found->swing >= 0 && (!widest || found->swing > widest->swing)) widest = found;
      }
    }
    return widest;
  }

  /// Over all that is the same at both settings: the differences, each future (of an uncertainty,
  /// each setting of the others) once.
  std::optional<Effect> compare(std::size_t c, double low, double high) const {
    const Column& column = columns_[c];
    // by what is the same, then by what is not counted apart
    std::map<std::vector<double>, std::map<std::vector<double>, std::pair<Cell, Cell>>> cells;
    for (std::size_t p = 0; p < outcomes_.policies; ++p) {
      for (std::size_t f = 0; f < outcomes_.futures; ++f) {
        const double x = column.settings[column.is_lever ? p : f], y = outcomes_.at(p, f);
        if (std::isnan(y) || (x != low && x != high)) continue;
        const std::size_t same = column.is_lever ? f : p;
        std::vector<double> key = others(c, column.is_lever ? p : f);
        std::vector<double> here = {static_cast<double>(same)};
        if (column.is_lever) std::swap(key, here);
        auto& [below, above] = cells[key][here];
        Cell& cell = x == low ? below : above;
        cell.sum += y;
        cell.count += 1;
      }
    }
    std::vector<double> at_low, at_high, swings;
    for (const auto& [key, all] : cells) {
      double sum_low = 0, sum_high = 0, count = 0;
      for (const auto& [here, pair] : all) {
        if (pair.first.count == 0 || pair.second.count == 0) continue;
        sum_low += pair.first.sum / pair.first.count;
        sum_high += pair.second.sum / pair.second.count;
        count += 1;
      }
      if (count == 0) continue;
      at_low.push_back(sum_low / count);
      at_high.push_back(sum_high / count);
      swings.push_back(at_high.back() - at_low.back());
    }
    if (swings.empty()) return std::nullopt;
    const sim::Summary s = sim::summarise(swings);
    return Effect{c,      {low, low}, {high, high}, low, high, mean_of(at_low), mean_of(at_high),
                  s.mean, s.ci95_low, s.ci95_high};
  }

  // --- regression ---
  /// The outcome of each future over policies, or of each policy over futures, as a difference from
  /// what its policies or futures have on average.
  std::vector<double> over_others(bool levers) const {
    const std::size_t n = levers ? outcomes_.policies : outcomes_.futures;
    const std::size_t m = levers ? outcomes_.futures : outcomes_.policies;
    const auto at = [&](std::size_t i, std::size_t j) {
      return levers ? outcomes_.at(i, j) : outcomes_.at(j, i);
    };
    std::vector<Cell> sums(n);
    for (std::size_t j = 0; j < m; ++j) {
      Cell level;
      for (std::size_t i = 0; i < n; ++i) {
        if (std::isnan(at(i, j))) continue;
        level.sum += at(i, j);
        level.count += 1;
      }
      for (std::size_t i = 0; i < n; ++i) {
        if (std::isnan(at(i, j))) continue;
        sums[i].sum += at(i, j) - level.sum / level.count;
        sums[i].count += 1;
      }
    }
    std::vector<double> out;
    for (const Cell& sum : sums) out.push_back(sum.count > 0 ? sum.sum / sum.count : unknown);
    return out;
  }

  /// A coefficient: of a number, or of one of the words, against the first.
  struct Term {
    std::size_t column;
    double word = unknown;
    double in(const Column& c, std::size_t option) const {
      return std::isnan(word) ? c.settings[option] : (c.settings[option] == word ? 1.0 : 0.0);
    }
  };

  void regress(const std::vector<std::size_t>& wanted, bool levers, Effects& all) const {
    if (wanted.empty()) return;
    const std::vector<double> outcome = over_others(levers);
    std::vector<std::size_t> moved, options;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (columns_[c].is_lever == levers && known(columns_[c].settings).size() > 1) {
        moved.push_back(c);
      }
    }
    for (std::size_t i = 0; i < outcome.size(); ++i) {
      const bool is_set = std::all_of(moved.begin(), moved.end(), [&](std::size_t c) {
        return !std::isnan(columns_[c].settings[i]);
      });
      if (is_set && !std::isnan(outcome[i])) options.push_back(i);
    }
    std::vector<Term> terms;
    for (const std::size_t c : moved) {
      const auto values = known(columns_[c].settings);
      if (!is_category(columns_[c])) terms.push_back({c});
      for (std::size_t v = 1; is_category(columns_[c]) && v < values.size(); ++v) {
        terms.push_back({c, values[v]});
      }
    }
    const std::size_t needed = terms.size() + 1 + fewest_to_spare;
    std::optional<sim::LinearFit> fit;
    std::vector<double> centre(terms.size(), 0);
    if (options.size() >= needed) {
      for (std::size_t t = 0; t < terms.size(); ++t) {
        for (const std::size_t i : options) {
          centre[t] +=
              terms[t].in(columns_[terms[t].column], i) / static_cast<double>(options.size());
        }
      }
      std::vector<double> rows, outcomes;
      for (const std::size_t i : options) {
        rows.push_back(1);
        for (std::size_t t = 0; t < terms.size(); ++t) {
          rows.push_back(terms[t].in(columns_[terms[t].column], i) - centre[t]);
        }
        outcomes.push_back(outcome[i]);
      }
      fit = sim::fit_linear(rows, outcomes);
    }
    if (!fit) {
      refuse(wanted, levers, options.size(), needed, all);
      return;
    }
    for (const std::size_t c : wanted) {
      if (const auto effect = read(c, terms, centre, options, *fit, all.mean)) {
        all.effects.push_back(*effect);
      }
    }
  }

  void refuse(const std::vector<std::size_t>& wanted, bool levers, std::size_t points,
              std::size_t needed, Effects& all) const {
    std::vector<std::string> names;
    for (const std::size_t c : wanted) {
      names.push_back(columns_[c].name);
      all.untold.push_back(c);
    }
    const char* what =
        levers ? (points == 1 ? "policy" : "policies") : (points == 1 ? "future" : "futures");
    const char* verb = points == 1 ? "carries" : "carry";
    all.sentences.push_back(
        points < needed ? fmt::format("{} {} {} no statement about {}: at least {} are needed",
                                      points, what, verb, fmt::join(names, ", "), needed)
                        : fmt::format("{} {} do not tell {} apart: they move together", points,
                                      what, fmt::join(names, ", ")));
  }

  std::optional<Effect> read(std::size_t c, const std::vector<Term>& terms,
                             const std::vector<double>& centre,
                             const std::vector<std::size_t>& options, const sim::LinearFit& fit,
                             double mean) const {
    const Column& column = columns_[c];
    std::vector<double> sorted;
    for (const std::size_t i : options) sorted.push_back(column.settings[i]);
    std::sort(sorted.begin(), sorted.end());
    if (is_category(column)) return read_words(c, terms, centre, fit, mean);
    const bool many = std::set<double>(sorted.begin(), sorted.end()).size() > most_apart;
    const std::size_t part = many ? std::max<std::size_t>(1, sorted.size() / fifths) : 1;
    const auto first = std::span(sorted).first(part), last = std::span(sorted).last(part);
    Effect e{.column = c,
             .low = {first.front(), first.back()},
             .high = {last.front(), last.back()},
             .x_low = mean_of(first),
             .x_high = mean_of(last)};
    const std::size_t t = static_cast<std::size_t>(
        std::find_if(terms.begin(), terms.end(), [&](const Term& x) { return x.column == c; }) -
        terms.begin());
    const double slope = fit.coefficients[t + 1];
    e.at_low = mean + slope * (e.x_low - centre[t]);
    e.at_high = mean + slope * (e.x_high - centre[t]);
    set_swing(e, slope * (e.x_high - e.x_low), fit.half_width(t + 1, e.x_high - e.x_low));
    return e;
  }

  /// Words against the first, whose interval is known; the farthest from it is shown.
  std::optional<Effect> read_words(std::size_t c, const std::vector<Term>& terms,
                                   const std::vector<double>& centre, const sim::LinearFit& fit,
                                   double mean) const {
    const double first = known(columns_[c].settings).front();
    std::optional<std::size_t> farthest;
    double base = mean;
    for (std::size_t t = 0; t < terms.size(); ++t) {
      if (terms[t].column != c) continue;
      base -= fit.coefficients[t + 1] * centre[t];
      if (!farthest ||
          std::abs(fit.coefficients[t + 1]) > std::abs(fit.coefficients[*farthest + 1])) {
        farthest = t;
      }
    }
    if (!farthest) return std::nullopt;
    const double step = fit.coefficients[*farthest + 1], word = terms[*farthest].word;
    Effect e{.column = c,
             .low = {first, first},
             .high = {word, word},
             .x_low = first,
             .x_high = word,
             .at_low = base,
             .at_high = base + step};
    set_swing(e, step, fit.half_width(*farthest + 1));
    return e;
  }

  static void set_swing(Effect& e, double swing, double half) {
    e.swing = swing;
    e.swing_low = swing - half;
    e.swing_high = swing + half;
  }

  std::span<const Column> columns_;
  const sim::OutcomeTable& outcomes_;
};

}  // namespace

Effects effects_of(std::span<const Column> columns, const sim::OutcomeTable& outcomes) {
  return Finder(columns, outcomes).find();
}

}  // namespace optichain::models::report
