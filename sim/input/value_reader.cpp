// The part of the reader that reads numbers which change with the date or by chance: curves,
// distributions, and values, which are both.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/base/number.hpp"
#include "sim/input/reader.hpp"

namespace optichain::sim {
namespace {

// --- distributions: the keys of each law, its parameters in the order of the struct -------------

struct LawParameter {
  std::string_view key;
  bool required = true;
};

struct LawForm {
  std::string_view tag;
  std::vector<LawParameter> parameters;
  Law (*make)(const std::vector<double>&);
};

const std::vector<LawForm>& law_forms() {
  using P = std::vector<double>;
  static const std::vector<LawForm> forms = {
      {"uniform",
       {{"low"}, {"high"}},
       [](const P& p) -> Law {
         return UniformLaw{p[0], p[1]};
       }},
      {"triangular",
       {{"low"}, {"mode"}, {"high"}},
       [](const P& p) -> Law {
         return Triangular{p[0], p[1], p[2]};
       }},
      {"pert",
       {{"low"}, {"mode"}, {"high"}},
       [](const P& p) -> Law {
         return Pert{p[0], p[1], p[2]};
       }},
      {"normal",
       {{"mean"}, {"sd"}},
       [](const P& p) -> Law {
         return Normal{p[0], p[1]};
       }},
      {"lognormal",
       {{"mean"}, {"sd"}},
       [](const P& p) -> Law {
         return Lognormal{p[0], p[1]};
       }},
      {"gamma",
       {{"mean"}, {"sd"}},
       [](const P& p) -> Law {
         return Gamma{p[0], p[1]};
       }},
      {"beta",
       {{"mean"}, {"sd"}, {"low", false}, {"high", false}},
       [](const P& p) -> Law {
         return Beta{p[0], p[1], std::isnan(p[2]) ? 0 : p[2], std::isnan(p[3]) ? 1 : p[3]};
       }},
      {"exponential", {{"mean"}}, [](const P& p) -> Law { return Exponential{p[0]}; }},
      {"poisson", {{"mean"}}, [](const P& p) -> Law { return Poisson{p[0]}; }},
      {"binomial",
       {{"trials"}, {"probability"}},
       [](const P& p) -> Law {
         return Binomial{p[0], p[1]};
       }},
  };
  return forms;
}

/// What a mapping under a value may begin with, besides dates.
std::vector<std::string> value_tags() {
  std::vector<std::string> tags = {"steps", "volumes", "curve", "constant", "empirical"};
  for (const LawForm& form : law_forms()) tags.emplace_back(form.tag);
  return tags;
}

bool is_law(std::string_view tag) {
  if (tag == "constant" || tag == "empirical") return true;
  return std::any_of(law_forms().begin(), law_forms().end(),
                     [&](const LawForm& form) { return form.tag == tag; });
}

}  // namespace

std::optional<Curve> Reader::read_knots(const Node& node, Curve::Shape shape, const Rule& rule,
                                        const Place& at) {
  if (!node.is_map() || node.entries().empty()) {
    expected("a mapping from dates to numbers", node, at);
    return std::nullopt;
  }
  std::vector<Curve::Knot> knots;
  bool good = true;
  for (const Node::Entry& e : node.entries()) {
    const Place here{join_path(at.path, e.key), nullptr};
    const auto period = read_period(Node::scalar(e.key, e.key_mark), at);
    const auto number = read_number(e.value, rule, false, here);
    good = good && period && number;
    if (!good) continue;
    if (!knots.empty() && period->begin <= knots.back().time) {
      diagnostics_.error(e.key_mark, at.path,
                         fmt::format("expected dates in increasing order, received {} after {}",
                                     in_quotes(e.key), format_time(knots.back().time)));
      good = false;
      continue;
    }
    knots.push_back({period->begin, *number});
  }
  if (!good) return std::nullopt;
  return Curve(shape, std::move(knots));
}

/// Totals per period become a constant weekly rate within each period.
std::optional<Curve> Reader::read_volumes(const Node& node, const Rule& rule, const Place& at) {
  if (!rule.weekly_rate) {
    diagnostics_.error(node.mark(), at.path, "volumes are for rates per week only",
                       {"use dates or `steps:`"});
    return std::nullopt;
  }
  if (!node.is_map() || node.entries().empty()) {
    expected("a mapping from periods to totals", node, at);
    return std::nullopt;
  }
  std::vector<Curve::Knot> knots;
  std::optional<Date> last_end;
  bool good = true;
  for (const Node::Entry& e : node.entries()) {
    const auto period = read_period(Node::scalar(e.key, e.key_mark), at);
    const auto total = read_number(e.value, rule, false, {join_path(at.path, e.key), nullptr});
    good = good && period && total;
    if (!good) continue;
    if (last_end && period->begin != *last_end) {
      diagnostics_.error(e.key_mark, at.path,
                         fmt::format("expected a period that begins on {}, received {}",
                                     format_time(*last_end), in_quotes(e.key)),
                         {"volumes must follow each other without gap or overlap"});
      good = false;
      continue;
    }
    last_end = period->end;
    knots.push_back({period->begin, *total / to_weeks(period->end - period->begin)});
  }
  if (!good) return std::nullopt;
  return Curve(Curve::Shape::steps, std::move(knots));
}

std::optional<Curve> Reader::read_curve(const Node& node, const Rule& rule, const Place& at) {
  if (node.is_scalar()) {
    const auto number = read_number(node, rule, false, at);
    return number ? std::optional(Curve(*number)) : std::nullopt;
  }
  if (node.is_map() && node.entries().size() == 1) {
    const Node::Entry& only = node.entries().front();
    if (only.key == "steps") return read_knots(only.value, Curve::Shape::steps, rule, at);
    if (only.key == "volumes") return read_volumes(only.value, rule, at);
  }
  if (node.is_map() && !node.entries().empty() && !parse_period(node.entries().front().key) &&
      !(node.entries().front().key.front() >= '0' && node.entries().front().key.front() <= '9')) {
    const Node::Entry& first = node.entries().front();
    if (first.key == "steps" || first.key == "volumes") {
      const Node::Entry& second = node.entries()[1];
      diagnostics_.error(second.key_mark, at.path,
                         fmt::format("expected nothing beside `{}`, received {}", first.key,
                                     in_quotes(second.key)));
      return std::nullopt;
    }
    diagnostics_.error(
        first.key_mark, at.path,
        fmt::format("expected a date, `steps` or `volumes`, received {}", in_quotes(first.key)),
        suggestion(first.key, value_tags(), "forms"));
    return std::nullopt;
  }
  if (!node.is_map()) {
    expected(rule.expected() + ", or a curve", node, at);
    return std::nullopt;
  }
  return read_knots(node, Curve::Shape::linear, rule, at);
}

std::optional<Distribution> Reader::read_distribution(const Node& node, const Place& at) {
  if (node.is_scalar()) {
    const auto number = read_number(node, any_number, false, at);
    return number ? std::optional(Distribution(*number)) : std::nullopt;
  }
  if (node.is_map() && node.entries().size() > 1 && is_law(node.entries().front().key)) {
    const Node::Entry& other = node.entries()[1];
    diagnostics_.error(other.key_mark, at.path,
                       fmt::format("expected nothing beside {}, received the key {}",
                                   in_quotes(node.entries().front().key), in_quotes(other.key)));
    return std::nullopt;
  }
  if (!node.is_map() || node.entries().size() != 1 || !is_law(node.entries().front().key)) {
    expected("a distribution such as {triangular: {low: 1, mode: 2, high: 4}}", node, at);
    return std::nullopt;
  }
  const Node::Entry& e = node.entries().front();
  const Place inside{join_path(at.path, e.key), nullptr};
  const auto refuse = [&](const std::string& problem) -> std::optional<Distribution> {
    diagnostics_.error(e.key_mark, inside.path, problem);
    return std::nullopt;
  };
  if (e.key == "constant") {
    const auto number = read_number(e.value, any_number, false, inside);
    return number ? std::optional(Distribution(*number)) : std::nullopt;
  }

  const std::size_t before = diagnostics_.size();
  if (e.key == "empirical") {
    Empirical law;
    FieldReader fields{*this, e.value, inside};
    fields.required("values", law.values, "what can be drawn");
    fields.optional("weights", law.weights, "how often, relatively");
    fields.finish();
    if (diagnostics_.size() != before) return std::nullopt;
    const Node* weights = e.value.find("weights");
    if (weights && law.weights.empty()) {  // who writes them does not mean that all are alike
      diagnostics_.error(
          weights->mark(), join_path(inside.path, "weights"),
          fmt::format("expected as many weights as values ({}), received none", law.values.size()));
      return std::nullopt;
    }
    if (auto problem = Distribution::problem(law)) return refuse(*problem);
    return Distribution(std::move(law));
  }

  const LawForm& form = *std::find_if(law_forms().begin(), law_forms().end(),
                                      [&](const LawForm& f) { return f.tag == e.key; });
  if (!e.value.is_map()) {
    expected(fmt::format("a mapping with the parameters of {}", form.tag), e.value, inside);
    return std::nullopt;
  }
  FieldReader fields{*this, e.value, inside};
  std::vector<double> parameters(form.parameters.size(), std::nan(""));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const LawParameter& p = form.parameters[i];
    if (p.required) {
      fields.required(p.key, parameters[i], "a parameter of the distribution");
    } else {
      fields.optional(p.key, parameters[i], "a parameter of the distribution");
    }
  }
  Truncation cut;
  fields.optional("min", cut.min, "where the distribution is cut from below");
  fields.optional("max", cut.max, "where the distribution is cut from above");
  fields.finish();
  if (diagnostics_.size() != before) return std::nullopt;
  Law law = form.make(parameters);
  if (auto problem = Distribution::problem(law, cut)) return refuse(*problem);
  return Distribution(std::move(law), cut);
}

void Reader::read(const Node& node, Curve& out, const Rule& rule, const Place& at) {
  if (auto curve = read_curve(node, rule, at)) out = std::move(*curve);
  remember(node, at, true);
}

void Reader::read(const Node& node, Value& out, const Rule& rule, const Place& at) {
  remember(node, at, true);
  const bool map = node.is_map() && !node.entries().empty();
  const std::string_view first = map ? std::string_view(node.entries().front().key) : "";

  // the parts of {curve: ..., factor: ...} are not remembered as inputs of their own
  Reader quiet(diagnostics_);
  if (map && (node.find("curve") || node.find("factor"))) {
    const Node* curve_node = node.find("curve");
    const Node* factor_node = node.find("factor");
    for (const Node::Entry& e : node.entries()) {
      if (e.key != "curve" && e.key != "factor") {
        diagnostics_.error(e.key_mark, at.path, fmt::format("unknown key {}", in_quotes(e.key)),
                           suggestion(e.key, std::vector<std::string>{"curve", "factor"}, "keys"));
      }
    }
    if (!curve_node || !factor_node) return expected("both `curve` and `factor`", node, at);
    const auto curve = quiet.read_curve(*curve_node, rule, {join_path(at.path, "curve"), nullptr});
    const auto factor =
        quiet.read_distribution(*factor_node, {join_path(at.path, "factor"), nullptr});
    if (!curve || !factor) return;
    const Value value = factor->is_constant() ? Value(curve->scaled(factor->quantile(0.5)))
                                              : Value(*curve, *factor);
    check_bounds(value, rule, node, at);
    out = value;
    return;
  }
  if (map && is_law(first)) {
    const auto law = quiet.read_distribution(node, at);
    if (!law) return;
    const Value value = law->is_constant() ? Value(law->quantile(0.5)) : Value(Curve(1.0), *law);
    check_bounds(value, rule, node, at);
    out = value;
    return;
  }
  if (!node.is_scalar() && !map) {
    return expected(rule.expected() + ", a curve or a distribution", node, at);
  }
  if (const auto curve = quiet.read_curve(node, rule, at)) out = Value(*curve);
}

/// Draws must satisfy the rule too.
void Reader::check_bounds(const Value& value, const Rule& rule, const Node& node, const Place& at) {
  const double low = value.lowest(), high = value.highest();
  // an open end at the limit itself (a gamma above 0) has no chance of being drawn
  if (low >= rule.min && high <= rule.max) return;
  // tails without end are fine where the rule's limit is only sanity, if the mean is within it
  if (std::isinf(high) && low >= rule.min) {
    const double mean = value.curve().highest() * value.factor().mean();
    if (mean <= rule.max) return;
    return diagnostics_.error(node.mark(), at.path,
                              fmt::format("expected {}, received a distribution of mean {}",
                                          rule.expected(false, mean), format_number(mean)));
  }
  diagnostics_.error(node.mark(), at.path,
                     fmt::format("expected {}, received a distribution from {} to {}",
                                 rule.expected(false, low < rule.min ? low : high),
                                 std::isinf(low) ? "-infinity" : format_number(low),
                                 std::isinf(high) ? "infinity" : format_number(high)),
                     {"cut it with min and max: {normal: {mean: 5, sd: 2, min: 0}}"});
}

}  // namespace optichain::sim
