#include "models/study/settings.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/check.hpp"
#include "sim/base/overloaded.hpp"
#include "sim/batch/unit_design.hpp"
#include "sim/input/yaml.hpp"

namespace optichain::models::study {
namespace {

constexpr Setting unset = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t longest_row_name = 70;
constexpr int most_named = 4;  // settings in the name of a row

class Maker {
 public:
  Maker(std::uint64_t seed, std::span<const Factor> factors, const sim::Document& study,
        const std::string& path, sim::Diagnostics& diagnostics)
      : seed_(seed),
        factors_(factors),
        study_(study),
        path_(path),
        diagnostics_(diagnostics),
        settings_(factors.size()) {}

  Settings operator()(const GridDesign&) {
    std::vector<std::vector<Setting>> levels;
    double rows = 1;
    for (const Factor& f : factors_) {
      levels.push_back(f.levels());
      rows *= static_cast<double>(levels.back().size());
    }
    if (!fits(rows)) return settings_;
    std::vector<std::size_t> at(factors_.size(), 0);
    std::vector<Setting> row(factors_.size());
    while (true) {
      for (std::size_t f = 0; f < row.size(); ++f) row[f] = levels[f][at[f]];
      settings_.add(row);
      std::size_t f = row.size();  // the last factor changes fastest
      while (f > 0 && ++at[f - 1] == levels[f - 1].size()) at[--f] = 0;
      if (f == 0) return settings_;
    }
  }

  Settings operator()(const ListDesign& design) {
    std::size_t number = 0;
    for (const auto& given : design.rows) {
      std::vector<Setting> row(factors_.size(), unset);
      for (const auto& [name, value] : given) {
        set(row, name, value.is_scalar() ? value.text() : sim::to_yaml_flow(value), value.mark(),
            fmt::format("{}.list.rows[{}].{}", path_, number, name));
      }
      settings_.add(row);
      ++number;
    }
    if (design.rows.empty()) error("expected at least one row");
    return settings_;
  }

  /// Files are read into lists before this.
  Settings operator()(const CsvDesign&) { return settings_; }
  Settings operator()(const FuturesDesign&) { return settings_; }

  Settings operator()(const LatinHypercubeDesign& design) {
    if (!fits(static_cast<double>(design.points) * static_cast<double>(design.rounds))) {
      return settings_;
    }
    std::vector<std::string> names;
    for (const Factor& f : factors_) names.push_back(f.name());
    return take(sim::latin_hypercube(seed_, names, static_cast<std::size_t>(design.points),
                                     static_cast<std::size_t>(design.rounds)));
  }

  Settings operator()(const SobolDesign& design) {
    const auto points = static_cast<std::size_t>(design.points);
    const std::size_t k = factors_.size();
    if (k > 1000) {
      error("expected at most 1000 factors");
      return settings_;
    }
    if (!design.indices) return take(sim::sobol_sequence(seed_, k, points));
    if (!fits(static_cast<double>(points) * static_cast<double>(k + 2))) return settings_;
    return take(sim::sobol_indices_design(seed_, k, points));
  }

  Settings operator()(const OneAtATimeDesign& design) {
    std::vector<Setting> row(factors_.size(), unset);
    settings_.add(row);
    for (std::size_t f = 0; f < factors_.size(); ++f) {
      for (const Setting setting : factors_[f].extremes(design.coverage)) {
        row[f] = setting;
        settings_.add(row);
      }
      row[f] = unset;
    }
    return settings_;
  }

 private:
  void error(std::string message) {
    diagnostics_.error(study_.locate(path_), path_, std::move(message));
  }
  bool fits(double rows) {
    if (rows <= static_cast<double>(most_points)) return true;
    error(fmt::format("expected at most {} combinations, received {:.3g}", most_points, rows));
    return false;
  }
  Settings take(const sim::UnitDesign& design) {
    std::vector<Setting> row(factors_.size());
    for (std::size_t i = 0; i < design.rows(); ++i) {
      for (std::size_t f = 0; f < row.size(); ++f) row[f] = factors_[f].at(design.at(i, f));
      settings_.add(row);
    }
    return settings_;
  }
  void set(std::vector<Setting>& row, const std::string& name, const std::string& label,
           const sim::Mark& mark, const std::string& path) {
    std::vector<std::string> known;
    for (std::size_t f = 0; f < factors_.size(); ++f) {
      known.push_back(factors_[f].name());
      if (factors_[f].name() != name) continue;
      if (const auto setting = factors_[f].parse(label)) {
        row[f] = *setting;
        return;
      }
      std::vector<std::string> labels;
      for (const auto& choice : factors_[f].choices()) labels.push_back(choice.label);
      diagnostics_.error(mark, path, fmt::format("{} cannot be {}", name, sim::in_quotes(label)),
                         labels.empty() ? std::vector<std::string>{"expected a number"}
                                        : sim::suggestion(label, labels, "values"));
      return;
    }
    diagnostics_.error(mark, path, fmt::format("there is no factor {}", sim::in_quotes(name)),
                       sim::suggestion(name, known, "factors"));
  }

  std::uint64_t seed_;
  std::span<const Factor> factors_;
  const sim::Document& study_;
  const std::string& path_;
  sim::Diagnostics& diagnostics_;
  Settings settings_;
};

}  // namespace

void Settings::add(std::span<const Setting> row) {
  OPTICHAIN_CHECK(row.size() == factors_, "{} settings for {} factors", row.size(), factors_);
  cells_.insert(cells_.end(), row.begin(), row.end());
}

Settings make_settings(const DesignChoice& design, std::uint64_t seed,
                       std::span<const Factor> factors, const sim::Document& study,
                       const std::string& path, sim::Diagnostics& diagnostics) {
  if (factors.empty()) return Settings(0);
  Maker maker(seed, factors, study, path, diagnostics);
  return std::visit([&](const auto& d) { return maker(d); }, design);
}

std::string row_name(std::span<const Factor> factors, const Settings& settings, std::size_t row,
                     char letter) {
  const auto cells = settings.row(row);
  std::string name;
  int set = 0;
  for (std::size_t f = 0; f < factors.size(); ++f) {
    const std::string label = factors[f].label(cells[f]);
    if (std::isnan(cells[f])) continue;
    if (++set > most_named) break;
    if (!name.empty()) name += ' ';
    name += factors[f].name() + "=" + label;
  }
  if (set == 0) return "base";
  if (set > most_named || name.size() > longest_row_name)
    return fmt::format("{}{}", letter, row + 1);
  return name;
}

}  // namespace optichain::models::study
