#pragma once
// Why pieces are missing: the tree of causes, cut by models/causes/tree.hpp, as rows to draw.

#include "models/causes/tree.hpp"
#include "models/report/page/page_fields.hpp"
#include "models/report/store/policy_data.hpp"
#include "models/report/text/explanation.hpp"

namespace optichain::models::report {

/// A part of what is missing; those it is made of follow it and are one deeper.
struct WhyRow {
  static constexpr std::string_view title = "WhyRow";
  std::size_t depth = 0;
  bool cause = false;
  bool repeated = false;
  std::string name{};
  std::string text{};
  double share = 0;
  std::string where{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("depth", depth);
    v.field("cause", cause, "else a step on the way");
    v.field("repeated", repeated, "its parts stand further up");
    v.field("name", name);
    v.field("text", text, "pieces and share");
    v.field("share", share, "of all that is missing");
    v.field("where", where, "of a cause");
  }
};

struct WhyTree {
  static constexpr std::string_view title = "WhyTree";
  std::string from{};
  double pieces = 0;
  std::vector<WhyRow> rows{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("from", from, "a step; empty: all that customers did not get");
    v.field("pieces", pieces);
    v.field("rows", rows);
  }
};

/// What is missing in a period, traced back: computed and cut by models/causes/tree.hpp.
struct WhyMissing {
  static constexpr std::string_view title = "WhyMissing";
  std::vector<WhyRow> causes{};
  std::vector<WhyTree> item{};
  std::vector<WhyTree> site{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("causes", causes, "what bound it in the end");
    v.field("item", item, "steps are items");
    v.field("site", site, "steps are items at sites");
  }
};

inline std::vector<WhyRow> rows_of(const causes::Tree& tree) {
  std::vector<WhyRow> rows;
  for (const causes::TreeRow& row : tree.rows) {
    rows.push_back({row.depth, row.kind == causes::TreeRow::Kind::cause,
                    row.kind == causes::TreeRow::Kind::repeated, row_name(row), row_amount(row),
                    row.share, row.where});
  }
  return rows;
}

/// From all that is missing, and from each step of that tree.
inline std::vector<WhyTree> trees_of(const causes::Trees& trees) {
  const causes::Tree all = trees.all();
  std::vector<WhyTree> told = {{"", all.pieces, rows_of(all)}};
  for (std::size_t r = 0; r + 1 < all.rows.size(); ++r) {
    if (all.rows[r + 1].depth <= all.rows[r].depth) continue;  // it has no parts
    const causes::Tree tree = trees.from(all.rows[r].name);
    told.push_back({all.rows[r].name, tree.pieces, rows_of(tree)});
  }
  return told;
}

inline std::map<std::string, WhyMissing> why_of(const PolicyData& policy) {
  std::map<std::string, WhyMissing> periods;
  for (const run::PeriodTraces& period : policy.traces) {
    const auto runs = static_cast<double>(policy.replications.size());
    const causes::Trees by_item(period.traces, {.divisor = runs});
    const causes::Trees by_site(period.traces, {.divisor = runs, .by_site = true});
    periods[period.period] = {rows_of(by_item.causes()), trees_of(by_item), trees_of(by_site)};
  }
  return periods;
}

}  // namespace optichain::models::report
