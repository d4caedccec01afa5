#include "models/study/idle_factors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "models/catalog/catalog.hpp"
#include "models/scenario/idle_settings.hpp"
#include "models/study/changed_paths.hpp"
#include "sim/input/path.hpp"
#include "sim/input/reader.hpp"
#include "sim/input/writer.hpp"

namespace optichain::models::study {
namespace {

/// How far behind the end somebody may look at plans of demand: a year, and some to be sure.
constexpr std::chrono::days longest_look_ahead{400};

/// The scenario with one setting of a factor, and what of it does nothing.
struct Level {
  std::string label;
  sim::Node node;
  sim::Time end;
  std::vector<sim::Diagnostic> idle;
};

/// All paths that a factor changes in some setting.
std::vector<std::string> paths_of(const Factor& factor) {
  std::vector<std::string> paths = factor.paths();
  for (const Factor::Choice& choice : factor.choices()) {
    for (const sim::Override& change : choice.changes) paths.push_back(change.path);
  }
  return paths;
}

bool touches(const Factor& factor, std::string_view path) {
  const auto paths = paths_of(factor);
  return std::any_of(paths.begin(), paths.end(),
                     [&](const std::string& p) { return sim::one_holds_other(p, path); });
}

bool same_up_to(const sim::Curve& a, const sim::Curve& b, sim::Time end) {
  std::set<sim::Time> times = {end};
  for (const sim::Curve* curve : {&a, &b}) {
    for (const auto& knot : curve->knots()) times.insert(std::min(knot.time, end));
  }
  // straight between these times, so that they are the same if they are there, from both sides
  return std::all_of(times.begin(), times.end(), [&](sim::Time time) {
    return a.graph().value_before(time) == b.graph().value_before(time) &&
           (time == end || a.value(time) == b.value(time));
  });
}

class Finder {
 public:
  Finder(const LoadedStudy& study, sim::Diagnostics& found) : study_(study), found_(found) {
    for (const Factor& f : study.levers) all_.push_back(&f);
    for (const Factor& f : study.uncertainties) all_.push_back(&f);
  }

  void find() {
    if (all_.empty()) return;
    base_ = level("", unset);
    for (std::size_t f = 0; f < all_.size(); ++f) {
      const bool lever = f < study_.levers.size();
      look_at(*all_[f], lever ? study_.policies : study_.futures,
              lever ? f : f - study_.levers.size());
    }
  }

 private:
  static constexpr Setting unset = std::numeric_limits<double>::quiet_NaN();

  void say(const Factor& factor, std::string message) {
    found_.error(factor.place().mark, factor.place().path, std::move(message));
  }

  /// Nothing if the scenario is not valid so.
  std::optional<Level> level(const std::string& label, Setting setting,
                             const Factor* factor = nullptr) const {
    sim::Document changed = study_.scenario;
    sim::Diagnostics problems;
    if (factor) factor->apply(setting, changed, problems);
    if (!problems.empty()) return std::nullopt;
    try {
      const auto loaded = scenario::load_scenario(std::move(changed), {});
      const Catalog catalog(loaded.scenario);
      const auto idle = scenario::idle_settings(loaded, catalog);
      return Level{label,
                   sim::to_node(loaded.scenario),
                   catalog.end(),
                   {idle.errors().begin(), idle.errors().end()}};
    } catch (const sim::InputError&) {
      return std::nullopt;
    }
  }

  /// The settings of the design: all choices, and of numbers the lowest and the highest, between
  /// which scenarios change in one direction. Nothing if one is not valid alone.
  std::optional<std::vector<Level>> levels_of(const Factor& factor, const Settings& settings,
                                              std::size_t column) const {
    std::set<Setting> wanted;
    bool is_left = false;
    for (std::size_t row = 0; row < settings.rows(); ++row) {
      const Setting setting = settings.row(row)[column];
      if (std::isnan(setting)) {
        is_left = true;
      } else {
        wanted.insert(setting);
      }
    }
    if (factor.choices().empty() && wanted.size() > 2) {
      wanted = {*wanted.begin(), *wanted.rbegin()};
    }
    std::vector<Level> levels;
    if (is_left || wanted.size() < 2) levels.push_back(*base_);
    for (const Setting setting : wanted) {
      auto one = level(factor.label(setting), setting, &factor);
      if (!one) return std::nullopt;
      levels.push_back(std::move(*one));
    }
    return levels;
  }

  void look_at(const Factor& factor, const Settings& settings, std::size_t column) {
    for (const Factor* other : all_) {
      if (other == &factor) continue;
      const auto paths = paths_of(factor);
      if (std::any_of(paths.begin(), paths.end(),
                      [&](const std::string& path) { return touches(*other, path); })) {
        return;
      }
    }
    const auto levels = levels_of(factor, settings, column);
    if (!levels || levels->size() < 2) return;
    std::vector<std::string> changed;
    for (const Level& other : *levels) {
      add_changed_paths(levels->front().node, other.node, "", changed);
    }
    if (changed.empty()) {
      return say(factor, "all its settings make the same scenario: it does nothing");
    }
    find_twins(factor, *levels);
    std::string why;
    for (const std::string& path : changed) {
      const auto reason = why_idle(factor, *levels, path);
      if (!reason) return;
      why = *reason;
    }
    say(factor, fmt::format("what it changes does nothing: {}", why));
  }

  void find_twins(const Factor& factor, const std::vector<Level>& levels) {
    if (factor.choices().empty()) return;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      for (std::size_t j = i + 1; j < levels.size(); ++j) {
        if (levels[i].label.empty() || !sim::same_content(levels[i].node, levels[j].node)) continue;
        say(factor, fmt::format("{} and {} make the same scenario", sim::in_quotes(levels[i].label),
                                sim::in_quotes(levels[j].label)));
      }
    }
  }

  /// Why nothing depends on which of the levels' values stands at a path; nothing if it may.
  std::optional<std::string> why_idle(const Factor& factor, const std::vector<Level>& levels,
                                      const std::string& path) const {
    for (const char* key : {"start", "end", "warm_up_days"}) {
      const auto sets_time = [&](const Factor* f) { return touches(*f, key); };
      if (std::any_of(all_.begin(), all_.end(), sets_time)) return std::nullopt;
    }
    if (differ_after_end(levels, path)) {
      return fmt::format("its settings differ after the end of the scenario on {}",
                         sim::format_time(levels.front().end - std::chrono::days{1}));
    }
    std::optional<std::string> why;
    for (const Level& level : levels) {
      const auto document = sim::Document::from_node(level.node);
      if (!document.find(path)) continue;
      const auto whole =
          std::find_if(level.idle.begin(), level.idle.end(), [&](const sim::Diagnostic& d) {
            return !d.concerned.empty() &&
                   (path == d.concerned || path.starts_with(d.concerned + "."));
          });
      if (whole == level.idle.end()) return std::nullopt;
      for (const Factor* other : all_) {
        if (other != &factor && touches(*other, whole->concerned)) return std::nullopt;
      }
      why = fmt::format("{}: {}", whole->path, whole->message);
    }
    return why;
  }

  /// Whether a number that moves with the date moves alike up to the end.
  static bool differ_after_end(const std::vector<Level>& levels, const std::string& path) {
    const bool is_demand = path.starts_with("customers.");
    const sim::Time end =
        levels.front().end + (is_demand ? longest_look_ahead : std::chrono::days{0});
    // the path may lead to one date of a curve: the whole is the first on the way that is a number
    std::string place;
    for (const std::string& part : sim::split_path(path)) {
      place = sim::join_path(place, part);
      const sim::Schema* schema = scenario::scenario_schema().at(place);
      using Kind = sim::Schema::Kind;
      if (!schema || (schema->kind != Kind::value && schema->kind != Kind::curve)) continue;
      const auto first = value_at(levels.front(), place, *schema);
      return first && std::all_of(levels.begin(), levels.end(), [&](const Level& level) {
               const auto value = value_at(level, place, *schema);
               return value && value->factor() == first->factor() &&
                      same_up_to(value->curve(), first->curve(), end);
             });
    }
    return false;
  }
  static std::optional<sim::Value> value_at(const Level& level, const std::string& path,
                                            const sim::Schema& schema) {
    const auto document = sim::Document::from_node(level.node);
    const sim::Node* node = document.find(path);
    if (!node) return std::nullopt;
    sim::Value value;
    sim::Diagnostics problems;
    sim::Reader(problems).read(*node, value, schema.rule, {path, nullptr});
    return problems.empty() ? std::optional(value) : std::nullopt;
  }

  const LoadedStudy& study_;
  sim::Diagnostics& found_;
  std::vector<const Factor*> all_;
  std::optional<Level> base_;
};

}  // namespace

sim::Diagnostics idle_factors(const LoadedStudy& study) {
  sim::Diagnostics found;
  Finder(study, found).find();
  return found;
}

}  // namespace optichain::models::study
