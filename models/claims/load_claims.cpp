#include "models/claims/load_claims.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "sim/base/amount.hpp"
#include "sim/input/path.hpp"
#include "sim/input/reader.hpp"
#include "sim/input/schema.hpp"
#include "sim/input/writer.hpp"

namespace optichain::models::claims {
namespace {

class Loader {
 public:
  explicit Loader(const std::string& file) { out_.file = file; }

  LoadedClaims load() {
    out_.document = sim::Document::load(out_.file, claims_schema(), diagnostics_);
    throw_if_any();
    auto text = std::make_unique<ClaimsText>();
    sim::Reader(diagnostics_).read(out_.document.root(), *text, sim::any_number, {});
    throw_if_any();
    out_.text = std::move(text);
    read_files();
    read_claims("claims", out_.text->claims, out_.claims);
    read_claims("checks", out_.text->checks, out_.checks);
    read_observations();
    check_calibration();
    throw_if_any();
    return std::move(out_);
  }

 private:
  void throw_if_any() {
    if (!diagnostics_.empty()) throw sim::InputError(std::move(diagnostics_));
  }
  void error(const std::string& path, std::string message) {
    diagnostics_.error(out_.document.locate(path), path, std::move(message));
  }

  void read_files() {
    const auto folder = std::filesystem::path(out_.file).parent_path();
    out_.study_file = (folder / out_.text->study).string();
    if (out_.text->consistency) out_.consistency_file = (folder / *out_.text->consistency).string();
  }

  std::optional<Figure> figure(const std::string& text, const std::string& path) {
    sim::Mark mark = out_.document.locate(path);
    try {
      return Figure{sim::Expression(text), path, mark};
    } catch (const sim::ExpressionError& e) {
      const bool is_plain = text.find('\n') == std::string::npos;
      if (is_plain && mark.line > 0) mark.column += static_cast<int>(e.position);
      diagnostics_.error(mark, path,
                         fmt::format("expected an expression, received {}", sim::in_quotes(text)),
                         {e.what()});
      return std::nullopt;
    }
  }

  void read_claims(const std::string& group, const std::map<std::string, Claim>& texts,
                   std::vector<LoadedClaim>& out) {
    for (const auto& [id, text] : texts) {
      const std::string path = sim::join_path(group, id);
      check_bounds(text, path);
      auto main = figure(text.metric, path + ".metric");
      if (!main) continue;
      LoadedClaim claim{id, &text, std::move(*main), {}};
      for (const auto& [name, expression] : text.explained_by) {
        if (auto f = figure(expression, path + ".explained_by." + name)) {
          claim.explained_by.emplace_back(name, std::move(*f));
        }
      }
      out.push_back(std::move(claim));
    }
  }

  void check_bounds(const Claim& c, const std::string& path) {
    if (!c.published && !c.min && !c.max) {
      error(path, "expected `published`, `min` or `max`: nothing can be held against it");
    } else if (c.published && (c.min || c.max)) {
      error(path, "expected `published` or bounds, received both");
    } else if (c.min && c.max && *c.min > *c.max) {
      error(path, "expected `min` up to `max`");
    }
    if (c.tolerance > 0 && c.because.empty()) {
      error(path, "expected `because`: a tolerance needs its reason");
    }
  }

  void read_observations() {
    for (const auto& [id, text] : out_.text->observations) {
      if (auto f = figure(text.metric, "observations." + id + ".metric")) {
        if (f->names_cases()) {
          error(f->path, "expected metrics without cases: the past has but one");
        }
        out_.observations.push_back({id, &text, std::move(*f)});
      }
    }
  }

  void check_calibration() {
    if (!out_.text->calibration) return;
    const auto& observations = out_.text->observations;
    if (std::none_of(observations.begin(), observations.end(),
                     [](const auto& entry) { return entry.second.fit; })) {
      error("calibration", "expected observations with `fit: true`, received none");
    }
    for (const auto& [name, p] : out_.text->calibration->parameters) {
      const std::string path = "calibration.parameters." + name;
      if (p.path.empty() && p.paths.empty()) error(path, "expected `path` or `paths`");
      if (!(p.low < 1 && 1 < p.high)) {
        error(path, "expected `low` below 1 and `high` above 1: with 1 the scenario is as it is");
      }
    }
  }

  LoadedClaims out_;
  sim::Diagnostics diagnostics_;
};

/// Calls `visit` for each expression of the file.
template <class Visit>
void for_each_figure(const LoadedClaims& claims, Visit visit) {
  for (const auto* group : {&claims.claims, &claims.checks}) {
    for (const LoadedClaim& claim : *group) {
      visit(claim.figure);
      for (const auto& [name, figure] : claim.explained_by) visit(figure);
    }
  }
  for (const LoadedObservation& o : claims.observations) visit(o.figure);
}

}  // namespace

MetricName MetricName::of(const std::string& name) {
  const std::size_t at = name.find('@');
  if (at == std::string::npos) return {name, ""};
  return {name.substr(0, at), name.substr(at + 1)};
}

bool Figure::names_cases() const {
  return std::any_of(expression.names().begin(), expression.names().end(),
                     [](const std::string& name) { return name.find('@') != std::string::npos; });
}

std::string LoadedClaim::year() const {
  std::string last;
  for (const std::string& name : figure.expression.names()) {
    const std::string metric = MetricName::of(name).metric;
    const std::string year = metric.substr(metric.rfind('.') + 1, 4);
    const bool is_year =
        year.size() == 4 && year.find_first_not_of("0123456789") == std::string::npos;
    if (is_year) last = std::max(last, year);
  }
  return last;
}

std::vector<std::string> LoadedClaims::metrics() const {
  std::set<std::string> names;
  for_each_figure(*this, [&](const Figure& figure) {
    for (const std::string& name : figure.expression.names()) {
      names.insert(MetricName::of(name).metric);
    }
  });
  return {names.begin(), names.end()};
}

const sim::Schema& claims_schema() {
  static const std::shared_ptr<const sim::Schema> schema = sim::schema_of<ClaimsText>();
  return *schema;
}

bool is_claims(const std::string& file) {
  return study::has_key(file, "claims", "sites");
}

LoadedClaims load_claims(const std::string& file) {
  return Loader(file).load();
}

Cases cases_of(const study::LoadedStudy& study, const LoadedClaims& claims) {
  if (study.levers.size() > 1) {
    sim::Diagnostics diagnostics;
    diagnostics.error(
        claims.document.locate("study"), "study",
        fmt::format("expected a study with one lever at most, received {}", study.levers.size()));
    throw sim::InputError(std::move(diagnostics));
  }
  Cases cases;
  for (std::size_t p = 0; p < study.policies.rows(); ++p) {
    std::string name;
    if (!study.levers.empty()) name = study.levers[0].label(study.policies.row(p)[0]);
    cases.emplace(name.empty() ? std::string(base_case) : name, p);
  }
  return cases;
}

void check_metrics(const LoadedClaims& claims, const world::Results& results) {
  std::vector<std::string> known;
  for (const world::Metric& m : results.metrics) {
    for (std::size_t p = 0; p < results.periods.size(); ++p) {
      if (!std::isnan(m.values[p])) known.push_back(world::metric_name(m, results.periods[p]));
    }
  }
  const std::set<std::string> metrics(known.begin(), known.end());
  sim::Diagnostics diagnostics;
  for_each_figure(claims, [&](const Figure& figure) {
    for (const std::string& name : figure.expression.names()) {
      const MetricName n = MetricName::of(name);
      if (metrics.contains(n.metric)) continue;
      diagnostics.error(figure.mark, figure.path,
                        fmt::format("there is no metric {}", sim::in_quotes(n.metric)),
                        sim::suggestion(n.metric, known, "metrics"));
    }
  });
  if (!diagnostics.empty()) throw sim::InputError(std::move(diagnostics));
}

namespace {

void check_cases(const LoadedClaims& claims, const Cases& cases) {
  std::vector<std::string> known;
  for (const auto& [name, policy] : cases) known.push_back(name);
  sim::Diagnostics diagnostics;
  const auto check = [&](const sim::Mark& mark, const std::string& path, const std::string& name) {
    if (name.empty() || cases.contains(name)) return;
    diagnostics.error(mark, path, fmt::format("the study has no case {}", sim::in_quotes(name)),
                      sim::suggestion(name, known, "cases"));
  };
  for_each_figure(claims, [&](const Figure& figure) {
    for (const std::string& name : figure.expression.names()) {
      check(figure.mark, figure.path, MetricName::of(name).in);
    }
  });
  const auto check_group = [&](const char* group, const std::map<std::string, Claim>& texts) {
    for (const auto& [id, text] : texts) {
      const std::string path = fmt::format("{}.{}.in", group, id);
      if (text.in) check(claims.document.locate(path), path, *text.in);
    }
  };
  check_group("claims", claims.text->claims);
  check_group("checks", claims.text->checks);
  for (const std::string& name : claims.text->vintages) {
    check(claims.document.locate("vintages"), "vintages", name);
  }
  if (!diagnostics.empty()) throw sim::InputError(std::move(diagnostics));
}

}  // namespace

void check_names(const LoadedClaims& claims, const Cases& cases, const world::Results& results) {
  check_cases(claims, cases);
  check_metrics(claims, results);
}

std::string shown_in(double value, const std::string& unit) {
  // shares are published with a decimal, or without
  if (unit == "share")
    return sim::percent_text(value, std::fabs(std::remainder(100 * value, 1)) < 0.05 ? 0 : 1);
  const std::string text = sim::amount_text(value, unit);
  return unit.empty() || unit == "usd" || unit == "pieces" ? text : text + " " + unit;
}

}  // namespace optichain::models::claims
