#include "models/study/factor.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include "models/scenario/load.hpp"
#include "sim/base/check.hpp"
#include "sim/base/number.hpp"
#include "sim/input/path.hpp"
#include "sim/input/reader.hpp"
#include "sim/input/writer.hpp"
#include "sim/input/yaml.hpp"

namespace optichain::models::study {
namespace {

using Kind = sim::Schema::Kind;

bool is_number(const sim::Schema& s) {
  return s.kind == Kind::number || s.kind == Kind::whole || s.kind == Kind::value ||
         s.kind == Kind::curve;
}

/// As a choice is called where it can be seen: its text on one line.
std::string label_of(const sim::Node& node) {
  sim::Node bare = node;
  bare.annotate(nullptr);
  return bare.is_scalar() ? bare.text() : sim::to_yaml_flow(bare);
}

/// Adds the paths below a node that fit the parts from `i` on. A part with `*` or `?` stands for
/// all entries that fit; the last part need not be there, for it may have a default.
void expand(const sim::Node& node, const std::vector<std::string>& parts, std::size_t i,
            const std::string& path, std::vector<std::string>& out) {
  if (i == parts.size()) {
    out.push_back(path);
    return;
  }
  if (parts[i].find_first_of("*?") == std::string::npos) {
    const sim::Node* child = node.find(parts[i]);
    if (child) return expand(*child, parts, i + 1, sim::join_path(path, parts[i]), out);
    if (i + 1 == parts.size() && node.is_map()) out.push_back(sim::join_path(path, parts[i]));
    return;
  }
  for (const sim::Node::Entry& e : node.entries()) {
    if (::fnmatch(parts[i].c_str(), e.key.c_str(), 0) == 0) {
      expand(e.value, parts, i + 1, sim::join_path(path, e.key), out);
    }
  }
}

}  // namespace

void Factor::expand_paths(const sim::Document& scenario, sim::Diagnostics& diagnostics) {
  std::vector<std::string> expanded;
  for (const std::string& path : paths_) {
    if (path.find_first_of("*?") == std::string::npos) {
      expanded.push_back(path);
      continue;
    }
    const std::size_t before = expanded.size();
    expand(scenario.root(), sim::split_path(path), 0, "", expanded);
    if (expanded.size() == before) {
      error(diagnostics, fmt::format("no value of the scenario fits {}", sim::in_quotes(path)));
    }
  }
  paths_ = std::move(expanded);
}

void Factor::error(sim::Diagnostics& diagnostics, std::string message,
                   std::vector<std::string> notes) const {
  diagnostics.error(place_.mark, place_.path, std::move(message), std::move(notes));
}

Factor Factor::make(const std::string& name, bool is_lever, const FactorText& text,
                    const std::vector<sim::Node>& rows, const sim::Document& scenario,
                    const sim::Document& study, sim::Diagnostics& diagnostics) {
  Factor f;
  f.name_ = name;
  f.is_lever_ = is_lever;
  f.place_.path = sim::join_path(is_lever ? "levers" : "uncertainties", name);
  f.place_.mark = study.locate(f.place_.path);
  f.multiplies_ = text.as == Applied::factor;
  f.from_ = text.from;
  f.levels_ = static_cast<std::size_t>(text.levels);
  f.paths_ = text.paths;
  if (!text.path.empty()) f.paths_.push_back(text.path);

  const std::size_t before = diagnostics.size();
  const int forms = !text.values.empty() + !text.options.empty() + text.distribution.has_value() +
                    (text.low || text.high);
  if (text.from && !f.multiplies_) {
    f.error(diagnostics, "expected `as: factor` beside `from`: only what is multiplied may begin");
  }
  if (forms > 1) {
    f.error(diagnostics,
            "expected one of `values`, `options`, `distribution` and `low` with `high`");
  }
  if (text.path.empty() == text.paths.empty() && text.options.empty()) {
    f.error(diagnostics, "expected one of `path`, `paths` and `options`");
  }
  if (!text.options.empty() && (!f.paths_.empty() || f.multiplies_)) {
    f.error(diagnostics, "`options` name their own paths: expected no `path`, `paths` or `as`");
  }
  if (is_lever && text.distribution) {
    f.error(diagnostics, "a lever is decided, not drawn: expected no `distribution`");
  }
  if (diagnostics.size() != before) return f;

  f.expand_paths(scenario, diagnostics);
  f.check_paths(scenario, diagnostics);
  if (diagnostics.size() != before) return f;
  const bool is_written_down = forms == 0 && !rows.empty();
  if (!text.values.empty() || !text.options.empty() || is_written_down) {
    f.make_choices(text, rows, diagnostics);
  } else {
    f.make_law(text, scenario, diagnostics);
  }
  return f;
}

void Factor::check_paths(const sim::Document& scenario, sim::Diagnostics& diagnostics) {
  whole_ = !paths_.empty();
  for (const std::string& path : paths_) {
    // what cannot be replaced is reported as everywhere, with what was probably meant
    sim::Document trial = scenario;
    const std::size_t before = diagnostics.size();
    const sim::Node* now = scenario.find(path);
    trial.apply({path, place_.mark, now ? *now : sim::Node::scalar("0", place_.mark)},
                scenario::scenario_schema(), diagnostics);
    if (diagnostics.size() != before) continue;
    const sim::Schema* schema = scenario::scenario_schema().at(path);
    whole_ = whole_ && schema && schema->kind == Kind::whole;
    if (!multiplies_) continue;
    if (!schema || !is_number(*schema)) {
      error(diagnostics, fmt::format("{} is no number, so nothing can multiply it", path));
    } else if (!now) {
      error(diagnostics,
            fmt::format("the scenario does not give {}, so nothing can multiply it", path));
    }
  }
}

void Factor::make_choices(const FactorText& text, const std::vector<sim::Node>& rows,
                          sim::Diagnostics& diagnostics) {
  const auto add = [&](std::string label, std::vector<sim::Override> changes) {
    const auto same = [&](const Choice& c) { return c.label == label; };
    if (std::any_of(choices_.begin(), choices_.end(), same)) {
      error(diagnostics, fmt::format("{} is there twice", sim::in_quotes(label)));
    }
    choices_.push_back({std::move(label), std::move(changes)});
  };
  const auto set_paths = [&](const sim::Node& value) {
    std::vector<sim::Override> changes;
    for (const std::string& path : paths_) changes.push_back({path, value.mark(), value});
    return changes;
  };
  for (const auto& [name, changes] : text.options) {
    if (!changes.is_map() && !changes.is_null()) {
      diagnostics.error(
          changes.mark(), place_.path + ".options." + name,
          fmt::format("expected a mapping from paths to values, received {}", changes.describe()));
      continue;
    }
    std::vector<sim::Override> overrides;
    for (const auto& e : changes.entries()) overrides.push_back({e.key, e.key_mark, e.value});
    add(name, std::move(overrides));
  }
  for (const sim::Node& value : text.values) add(label_of(value), set_paths(value));
  if (choices_.empty()) {
    for (const sim::Node& value : rows) {
      const std::string label = label_of(value);
      if (!parse(label)) add(label, set_paths(value));
    }
  }
  if (!multiplies_) return;
  for (const Choice& choice : choices_) {
    if (sim::parse_number(choice.label)) continue;
    error(diagnostics, fmt::format("expected numbers to multiply with, received {}",
                                   sim::in_quotes(choice.label)));
  }
}

void Factor::make_law(const FactorText& text, const sim::Document& scenario,
                      sim::Diagnostics& diagnostics) {
  if (text.distribution) {
    if (!(text.distribution->curve() == sim::Curve(1.0)) || !text.distribution->is_random()) {
      error(diagnostics,
            "expected a distribution such as {triangular: {low: 1, mode: 2, high: 4}}");
      return;
    }
    law_ = text.distribution->factor();
    return;
  }
  evenly_ = true;
  if (!text.low && !text.high) {
    if (!is_lever_) law_ = law_of_assumption(scenario, diagnostics);
    if (is_lever_) error(diagnostics, "expected `values`, `options` or `low` with `high`");
    return;
  }
  if (!text.low || !text.high || !(*text.low < *text.high)) {
    error(diagnostics, "expected `low` below `high`");
    return;
  }
  law_ = sim::Distribution(sim::UniformLaw{*text.low, *text.high});
}

std::optional<sim::Distribution> Factor::law_of_assumption(const sim::Document& scenario,
                                                           sim::Diagnostics& diagnostics) {
  const auto assumption_at = [&](const std::string& path) {
    const sim::Node* value = scenario.find(path);
    const auto annotation = value ? value->annotation() : nullptr;
    return annotation ? annotation->assumption : std::nullopt;
  };
  const auto found = assumption_at(paths_.front());
  const bool is_shared = std::all_of(paths_.begin(), paths_.end(), [&](const std::string& path) {
    return assumption_at(path) == found;
  });
  if (!found || !is_shared) {
    error(diagnostics, "expected a distribution, `low` with `high`, `values` or `options`",
          {"they may be left out if the same `assumption` stands beside each of the values"});
    return std::nullopt;
  }
  const auto& range = *found;
  if (multiplies_ != range.factor) {
    error(diagnostics, range.factor
                           ? "the assumption beside the value is a factor: expected `as: factor`"
                           : "the assumption beside the value is no factor: expected `as: value`");
    return std::nullopt;
  }
  if (!(range.low < range.high)) {
    error(diagnostics, "the assumption beside the value leaves nothing open");
    return std::nullopt;
  }
  return sim::Distribution(sim::UniformLaw{range.low, range.high});
}

// --- settings ----------------------------------------------------------------------------------

double Factor::round(double value) const {
  if (whole_ && !multiplies_) return std::round(value);
  return *sim::parse_number(fmt::format("{:.9g}", value));
}

Setting Factor::at(double u) const {
  if (law_) return round(law_->quantile(u));
  const auto n = static_cast<double>(choices_.size());
  return std::min(std::floor(u * n), n - 1);
}

std::vector<Setting> Factor::levels() const {
  std::vector<Setting> settings;
  if (!law_) {
    for (std::size_t i = 0; i < choices_.size(); ++i) settings.push_back(static_cast<double>(i));
    return settings;
  }
  for (std::size_t i = 0; i < levels_; ++i) {
    const auto n = static_cast<double>(levels_), k = static_cast<double>(i);
    const double low = law_->low(), high = law_->high();
    settings.push_back(evenly_ ? round(low + (high - low) * k / (n - 1)) : at((k + 0.5) / n));
  }
  settings.erase(std::unique(settings.begin(), settings.end()), settings.end());
  return settings;
}

std::vector<Setting> Factor::extremes(double coverage) const {
  if (!law_) return levels();
  if (evenly_) return {round(law_->low()), round(law_->high())};
  return {at((1 - coverage) / 2), at((1 + coverage) / 2)};
}

std::string Factor::label(Setting setting) const {
  if (std::isnan(setting)) return "";
  return law_ ? sim::format_number(setting) : choices_[static_cast<std::size_t>(setting)].label;
}

std::optional<Setting> Factor::parse(const std::string& label) const {
  if (law_) return sim::parse_number(label);
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    if (choices_[i].label == label) return static_cast<double>(i);
  }
  return std::nullopt;
}

// --- effects -----------------------------------------------------------------------------------

void Factor::apply(Setting setting, sim::Document& scenario, sim::Diagnostics& diagnostics) const {
  if (std::isnan(setting)) return;
  if (multiplies_) {
    const double by = *sim::parse_number(label(setting));
    for (const auto& path : paths_) multiply(scenario, path, place_.mark, by, from_, diagnostics);
  } else if (law_) {
    for (const auto& path : paths_) {
      scenario.apply({path, place_.mark, sim::Node::scalar(label(setting), place_.mark)},
                     scenario::scenario_schema(), diagnostics);
    }
  } else {
    for (const auto& change : choices_[static_cast<std::size_t>(setting)].changes) {
      scenario.apply(change, scenario::scenario_schema(), diagnostics);
    }
  }
}

std::string Factor::effect(Setting setting) const {
  if (std::isnan(setting)) return "";
  std::string effect;
  if (law_ || multiplies_) {
    for (const auto& path : paths_) {
      const std::string from = from_ ? " from " + sim::format_time(*from_) : "";
      effect += fmt::format("{}{}{}{}\n", path, multiplies_ ? "*=" : "=", label(setting), from);
    }
    return effect;
  }
  for (const auto& c : choices_[static_cast<std::size_t>(setting)].changes) {
    effect += fmt::format("{}={}\n", c.path, label_of(c.value));
  }
  return effect;
}

std::vector<std::string> Factor::paths_set() const {
  if (multiplies_) return {};
  std::vector<std::string> paths = paths_;
  for (const Choice& choice : choices_) {
    for (const auto& change : choice.changes) {
      // what an option takes away, others may set where it is there
      if (!change.value.is_null()) paths.push_back(change.path);
    }
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

namespace {

/// The curve, multiplied from a day on. Straight lines get there in the day before.
sim::Curve scaled_from(const sim::Curve& curve, sim::Date day, double by) {
  const bool is_linear = curve.shape() == sim::Curve::Shape::linear && !curve.is_constant();
  const sim::Time last_before = day - std::chrono::days{1};
  std::vector<sim::Curve::Knot> knots;
  for (const auto& knot : curve.knots()) {
    if (knot.time < last_before) knots.push_back(knot);
  }
  knots.push_back({last_before, curve.value(last_before)});
  knots.push_back({day, by * curve.value(day)});
  for (const auto& knot : curve.knots()) {
    if (knot.time > day) knots.push_back({knot.time, by * knot.value});
  }
  return {is_linear ? sim::Curve::Shape::linear : sim::Curve::Shape::steps, std::move(knots)};
}

}  // namespace

void multiply(sim::Document& scenario, const std::string& path, const sim::Mark& mark, double by,
              std::optional<sim::Date> from, sim::Diagnostics& diagnostics) {
  const sim::Schema* schema = scenario::scenario_schema().at(path);
  const sim::Node* now = scenario.find(path);
  if (!schema || !is_number(*schema) || !now) {
    diagnostics.error(mark, path, "there is no number here to be multiplied");
    return;
  }
  sim::Value value;
  const std::size_t before = diagnostics.size();
  sim::Reader(diagnostics).read(*now, value, schema->rule, {path, nullptr});
  if (diagnostics.size() != before) return;
  sim::Curve curve =
      from && by != 1 ? scaled_from(value.curve(), *from, by) : value.curve().scaled(by);
  if (schema->kind == Kind::whole) curve = sim::Curve(std::round(curve.lowest()));
  sim::Node product = sim::to_node(sim::Value(curve, value.factor()));
  product.set_mark(mark);
  product.annotate(now->annotation());
  scenario.apply({path, mark, std::move(product)}, scenario::scenario_schema(), diagnostics);
}

}  // namespace optichain::models::study
