#pragma once
// A factor of a study, ready to be used: what it may be, and what a setting of it does to the
// scenario.

#include <optional>
#include <string>
#include <vector>

#include "models/study/study.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/distribution.hpp"
#include "sim/input/document.hpp"

namespace optichain::models::study {

/// A setting of a factor: a number, or the index of one of its choices; NaN leaves the scenario as
/// it is.
using Setting = double;

class Factor {
 public:
  struct Choice {
    std::string label;
    std::vector<sim::Override> changes;
  };
  /// Where the factor's own text stands, for messages.
  struct Place {
    std::string path;  // "levers.capacity"
    sim::Mark mark;
  };

  /// What the text says, held against the scenario; `rows` are the values that a design that is
  /// written down gives it. What is wrong goes to `diagnostics`.
  static Factor make(const std::string& name, bool is_lever, const FactorText& text,
                     const std::vector<sim::Node>& rows, const sim::Document& scenario,
                     const sim::Document& study, sim::Diagnostics& diagnostics);

  const std::string& name() const { return name_; }
  const std::vector<Choice>& choices() const { return choices_; }
  bool multiplies() const { return multiplies_; }
  /// What is known of its number; nothing if it has choices.
  const std::optional<sim::Distribution>& law() const { return law_; }

  /// The setting at a number in (0, 1): the quantile, rounded to nine digits (so that it reads back
  /// the same everywhere), or one of the choices, each as likely.
  Setting at(double u) const;
  /// What a grid takes: all choices, or `levels` numbers from lowest to highest; of a distribution
  /// the middles of as many parts of equal probability.
  std::vector<Setting> levels() const;
  /// What a tornado takes: all choices, or the lowest and the highest within the coverage.
  std::vector<Setting> extremes(double coverage) const;

  /// How a setting is written; empty if it leaves the scenario as it is.
  std::string label(Setting setting) const;
  /// The setting with this label; nothing if there is none.
  std::optional<Setting> parse(const std::string& label) const;

  /// Applies a setting. `values` of all factors go first, then those that multiply.
  void apply(Setting setting, sim::Document& scenario, sim::Diagnostics& diagnostics) const;
  /// What apply() does, in words that say the same only if it does the same: `path=value` or
  /// `path*=number`, one a line.
  std::string effect(Setting setting) const;

  /// All paths it leads to, with names in place of `*` and `?`; none of options.
  const std::vector<std::string>& paths() const { return paths_; }
  /// The paths that are set outright, not multiplied.
  std::vector<std::string> paths_set() const;
  const Place& place() const { return place_; }

 private:
  void make_choices(const FactorText& text, const std::vector<sim::Node>& rows,
                    sim::Diagnostics& diagnostics);
  void make_law(const FactorText& text, const sim::Document& scenario,
                sim::Diagnostics& diagnostics);
  std::optional<sim::Distribution> law_of_assumption(const sim::Document& scenario,
                                                     sim::Diagnostics& diagnostics);
  void expand_paths(const sim::Document& scenario, sim::Diagnostics& diagnostics);
  void check_paths(const sim::Document& scenario, sim::Diagnostics& diagnostics);
  void error(sim::Diagnostics& diagnostics, std::string message,
             std::vector<std::string> notes = {}) const;
  double round(double value) const;

  std::string name_;
  bool is_lever_ = false;
  bool multiplies_ = false;
  std::optional<sim::Date> from_;  // of what is multiplied; from the beginning if there is none
  bool whole_ = false;             // every path leads to a whole number
  bool evenly_ = false;            // levels from lowest to highest and not by probability
  std::size_t levels_ = 3;
  std::vector<std::string> paths_;
  std::vector<Choice> choices_;
  std::optional<sim::Distribution> law_;
  Place place_;
};

/// Multiplies the number, curve or distribution at a path; a curve or number from a day on, if one
/// is given.
void multiply(sim::Document& scenario, const std::string& path, const sim::Mark& mark, double by,
              std::optional<sim::Date> from, sim::Diagnostics& diagnostics);

}  // namespace optichain::models::study
