#include "models/report/text/claims_report.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/batch/sample.hpp"

namespace optichain::models::report {
namespace {

using sim::Cell;
using sim::Colour;
using sim::Table;

constexpr std::size_t most_causes = 3;
constexpr double worth_a_word = 0.03;  // part of the unmet pieces
constexpr double holds_in_most = 0.5;

Colour colour_of(const claims::Verdict& v) {
  if (!(v.share >= 0)) return Colour::none;
  if (v.share >= 0.9) return Colour::green;
  return v.share >= holds_in_most ? Colour::yellow : Colour::red;
}

std::string kind_text(claims::ClaimKind kind) {
  return std::string(sim::Words<claims::ClaimKind>::words[static_cast<std::size_t>(kind)]);
}

/// One value has no interval.
std::string interval_text(double low, double high, const std::string& unit) {
  if (std::isnan(low)) return "";
  const bool is_part_of_number = unit == "share" || unit == "usd" || unit == "pieces";
  const std::string shown = is_part_of_number ? unit : "";
  return fmt::format("{} to {}", claims::shown_in(low, shown), claims::shown_in(high, shown));
}
std::string interval_text(const claims::Verdict& v, const std::string& unit) {
  return v.futures == 0 ? "" : interval_text(v.low, v.high, unit);
}

/// In points for shares, in the unit where there is nothing to divide by, else in per cent.
std::string deviation_text(const claims::Verdict& v, const std::string& unit) {
  if (v.futures == 0) return "";
  if (v.deviation == 0) return "-";
  if (unit == "share") return fmt::format("{:+.0f} points", 100 * v.deviation);
  if (v.from == 0) return claims::shown_in(v.deviation, unit);
  return fmt::format("{:+.0f} %", 100 * v.deviation / v.from);
}

/// The case whose causes are a claim's: its own, or the first that it names if it names all.
std::string case_of(const claims::LoadedClaim& claim) {
  if (claim.text->in) return *claim.text->in;
  std::string named;
  for (const std::string& name : claim.figure.expression.names()) {
    const std::string in = claims::MetricName::of(name).in;
    if (in.empty()) return std::string(claims::base_case);
    if (named.empty()) named = in;
  }
  return named;
}

}  // namespace

Table claims_table(const std::vector<claims::LoadedClaim>& claims,
                   const claims::CaseFigures& figures) {
  Table table({{"id", ""},
               {"claim"},
               {"publisher"},
               {"kind"},
               {"case"},
               {"published"},
               {"simulated"},
               {"interval", "90 % of futures"},
               {"deviation"},
               {"verdict"}});
  for (const claims::LoadedClaim& claim : claims) {
    const claims::Claim& c = *claim.text;
    const claims::Verdict v = claims::judge(claim, figures);
    table.add({claim.id, c.claim, c.publisher, kind_text(c.kind), case_of(claim),
               claims::published_text(c), claims::shown_in(v.mean, c.unit),
               interval_text(v, c.unit), deviation_text(v, c.unit),
               Cell(v.text(c.kind)).in(colour_of(v))});
  }
  return table;
}

std::string tally(const std::vector<claims::LoadedClaim>& claims,
                  const claims::CaseFigures& figures) {
  std::size_t predicted = 0, always = 0, mostly = 0;
  for (const claims::LoadedClaim& claim : claims) {
    if (claim.text->kind != claims::ClaimKind::predicted) continue;
    const std::string verdict = claims::judge(claim, figures).text(claims::ClaimKind::predicted);
    ++predicted;
    if (verdict == "holds") {
      ++always;
    } else if (verdict.starts_with("holds")) {
      ++mostly;
    }
  }
  if (predicted == 0) return "";
  return fmt::format(
      "of {} predicted statements {} hold in nine futures of ten, {} more in most, {} do not",
      predicted, always, mostly, predicted - always - mostly);
}

Table vintage_table(const claims::LoadedClaims& claims, const claims::CaseFigures& figures) {
  std::vector<Table::Column> columns = {{"id", ""}, {"claim"}, {"published"}};
  for (const std::string& name : claims.text->vintages) columns.push_back({name});
  Table table(columns);
  for (const claims::LoadedClaim& claim : claims.claims) {
    const claims::Claim& c = *claim.text;
    if (claim.figure.names_cases() || c.alone || c.kind == claims::ClaimKind::given) continue;
    std::vector<Cell> row = {claim.id, c.claim, claims::published_text(c)};
    for (const std::string& name : claims.text->vintages) {
      const claims::Verdict v = claims::judge(claim, figures, name);
      const std::string mark = v.share >= 0.9             ? "holds"
                               : v.share >= holds_in_most ? "rather"
                                                          : "no";
      row.push_back(
          Cell(fmt::format("{} {}", claims::shown_in(v.mean, c.unit), mark)).in(colour_of(v)));
    }
    table.add(std::move(row));
  }
  return table;
}

Table reason_table(const claims::LoadedClaims& claims, const claims::CaseFigures& figures) {
  Table table({{"id", ""}, {"case"}, {"verdict"}, {"why"}});
  std::vector<const claims::LoadedClaim*> all;
  for (const auto* group : {&claims.claims, &claims.checks}) {
    for (const claims::LoadedClaim& claim : *group) all.push_back(&claim);
  }
  for (const claims::LoadedClaim* one : all) {
    const claims::LoadedClaim& claim = *one;
    const claims::Verdict v = claims::judge(claim, figures);
    if (v.futures == 0 || v.share >= holds_in_most) continue;
    std::vector<std::string> why;
    for (const auto& [name, mean] : v.explained_by) {
      std::string words = name;
      std::replace(words.begin(), words.end(), '_', ' ');
      const bool is_share = std::abs(mean) <= 1.5;
      why.push_back(fmt::format("{} {}", words, claims::shown_in(mean, is_share ? "share" : "")));
    }
    std::vector<std::string> causes;
    for (const auto& [name, part] : figures.causes(case_of(claim), claim.year())) {
      if (causes.size() == most_causes || part < worth_a_word) break;
      causes.push_back(fmt::format("{} {:.0f} %", name, 100 * part));
    }
    if (!causes.empty()) {
      why.push_back(fmt::format("unmet in {}: {}", claim.year(), fmt::join(causes, ", ")));
    }
    table.add({claim.id, case_of(claim), v.text(claim.text->kind),
               fmt::format("{}", fmt::join(why, "; "))});
  }
  return table;
}

Table cause_table(const claims::CaseFigures& figures, const std::string& year) {
  Table table({{"case"}, {"cause"}, {"part"}});
  for (const auto& [name, policy] : figures.cases()) {
    std::size_t shown = 0;
    for (const auto& [cause, part] : figures.causes(name, year)) {
      if (shown++ == most_causes || part < worth_a_word) break;
      table.add({name, cause, Cell::percent(part)});
    }
  }
  return table;
}

Table backtest_table(const claims::LoadedClaims& claims, const claims::CaseFigures& figures) {
  Table table({{"id", "observation"},
               {"publisher"},
               {"use"},
               {"published"},
               {"simulated"},
               {"interval", "90 % of futures"},
               {"error"},
               {"in_errors", "in its errors"}});
  struct Group {
    double squares = 0, absolute = 0;
    std::size_t n = 0;
  } fitted, held_out;
  for (const claims::LoadedObservation& o : claims.observations) {
    std::vector<double> values = figures.of(o.figure, claims::base_case);
    std::erase_if(values, [](double x) { return std::isnan(x); });
    if (values.empty()) continue;
    const sim::Summary s = sim::summarise(values);
    const double error = s.mean / o.text->published - 1;
    Group& group = o.text->fit ? fitted : held_out;
    group.squares += error * error;
    group.absolute += std::abs(error);
    ++group.n;
    table.add({o.text->observed, o.text->publisher, o.text->fit ? "fitted" : "held out",
               claims::shown_in(o.text->published, o.text->unit),
               claims::shown_in(s.mean, o.text->unit), interval_text(s.p05, s.p95, o.text->unit),
               fmt::format("{:+.0f} %", 100 * error), Cell::fixed(error / o.text->error, 1)});
  }
  const auto summary = [](const char* name, const Group& g) {
    const double n = static_cast<double>(g.n);
    return fmt::format("{}: {} figures, mean absolute error {:.0f} %, root mean square {:.0f} %",
                       name, g.n, 100 * g.absolute / n, 100 * std::sqrt(g.squares / n));
  };
  std::vector<std::string> lines;
  if (fitted.n > 0) lines.push_back(summary("fitted", fitted));
  if (held_out.n > 0) lines.push_back(summary("held out", held_out));
  table.footer(fmt::format("{}", fmt::join(lines, "\n")));
  return table;
}

sim::Json claims_findings(const claims::LoadedClaims& claims, const claims::CaseFigures& figures) {
  sim::Json rows = sim::Json::array();
  const auto number = [](bool is_known, double x) { return is_known ? sim::Json(x) : sim::Json(); };
  for (const claims::LoadedClaim& claim : claims.claims) {
    const claims::Claim& c = *claim.text;
    const claims::Verdict v = claims::judge(claim, figures);
    const bool is_known = v.futures > 0;
    const claims::ClaimRange range = claims::range_of(c);
    rows.push_back(
        {{"id", claim.id},
         {"claim", c.claim},
         {"publisher", c.publisher},
         {"kind", kind_text(c.kind)},
         {"unit", c.unit},
         {"published_low", number(c.published || c.min, c.published.value_or(c.min.value_or(0)))},
         {"published_high", number(c.published || c.max, c.published.value_or(c.max.value_or(0)))},
         {"simulated", number(is_known, v.mean)},
         {"low", number(std::isfinite(v.low), v.low)},
         {"high", number(std::isfinite(v.high), v.high)},
         {"holds_from", number(std::isfinite(range.low), range.low)},
         {"holds_to", number(std::isfinite(range.high), range.high)},
         {"holds", v.holds() ? sim::Json(*v.holds()) : sim::Json()},
         {"verdict", v.text(c.kind)}});
  }
  return {{"claims", std::move(rows)}};
}

}  // namespace optichain::models::report
