#pragma once
// Weekly series: what was wanted, sent, missing and agreed, means and bands over replications.

#include "models/causes/kinds.hpp"
#include "models/report/page/base64.hpp"
#include "models/report/page/page_fields.hpp"
#include "models/report/store/policy_data.hpp"

namespace optichain::models::report {

/// Quantiles over replications, and single ones; f32.
struct PackedFan {
  static constexpr std::string_view title = "Fan";
  Packed weekly{};
  Packed smoothed{};
  Packed singles{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("weekly", weekly, "a row for each of Page.quantiles");
    v.field("smoothed", smoothed, "the same of means over Page.window weeks");
    v.field("singles", singles, "a row for each of the first replications");
  }
};

/// What customers wanted and got.
struct ProductSeries {
  static constexpr std::string_view title = "ProductSeries";
  std::string product{};
  PackedFan demanded{};
  PackedFan shipped{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("product", product, "`market` for all");
    v.field("demanded", demanded);
    v.field("shipped", shipped);
  }
};

/// Means over replications by week, f32, from here on.
struct ItemSeries {
  static constexpr std::string_view title = "ItemSeries";
  std::string item{};
  Packed needed{};
  Packed supplied{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("item", item);
    v.field("needed", needed);
    v.field("supplied", supplied);
  }
};

struct LinkSeries {
  static constexpr std::string_view title = "LinkSeries";
  std::string seller{};
  std::string buyer{};
  std::string item{};
  Packed shipped{};
  Packed backlog{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("seller", seller);
    v.field("buyer", buyer);
    v.field("item", item);
    v.field("shipped", shipped, "in the week");
    v.field("backlog", backlog, "ordered and not shipped at its end");
  }
};

struct CauseSeries {
  static constexpr std::string_view title = "CauseSeries";
  std::string kind{};
  std::string item{};
  std::string name{};
  Packed unmet{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("kind", kind);
    v.field("item", item);
    v.field("name", name, "in words");
    v.field("unmet", unmet);
  }
};

struct AgreementSeries {
  static constexpr std::string_view title = "AgreementSeries";
  std::string agreement{};
  std::string measure{};
  std::string unit{};
  Packed values{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("agreement", agreement);
    v.field("measure", measure);
    v.field("unit", unit);
    v.field("values", values);
  }
};

struct WeeklySeries {
  static constexpr std::string_view title = "WeeklySeries";
  std::vector<ProductSeries> fans{};
  std::vector<ItemSeries> items{};
  std::vector<LinkSeries> links{};
  std::vector<CauseSeries> causes{};
  std::vector<AgreementSeries> agreements{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("fans", fans, "the market first");
    v.field("items", items);
    v.field("links", links);
    v.field("causes", causes);
    v.field("agreements", agreements);
  }
};

template <class Rows>
inline Packed joined_f32(const Rows& rows) {
  Weekly all;
  for (const Weekly& row : rows) all.insert(all.end(), row.begin(), row.end());
  return {base64_f32(all)};
}
inline Packed packed(const Weekly& values) {
  return {base64_f32(values)};
}

inline PackedFan packed(const Fan& fan) {
  return {joined_f32(fan.weekly), joined_f32(fan.smoothed), joined_f32(fan.singles)};
}

inline WeeklySeries weekly_of(const PolicyData& policy) {
  WeeklySeries weekly;
  for (const ProductFans& f : policy.fans) {
    weekly.fans.push_back({f.product, packed(f.demanded), packed(f.shipped)});
  }
  for (const ItemWeeks& i : policy.items) {
    weekly.items.push_back({i.item, packed(i.needed), packed(i.supplied)});
  }
  for (const LinkWeeks& l : policy.links) {
    weekly.links.push_back({l.seller, l.buyer, l.item, packed(l.shipped), packed(l.backlog)});
  }
  for (const CauseWeeks& c : policy.causes) {
    weekly.causes.push_back({c.kind, c.item, causes::phrase(c.kind, c.item), packed(c.unmet)});
  }
  for (const AgreementWeeks& a : policy.agreements) {
    weekly.agreements.push_back({a.agreement, a.measure, a.unit, packed(a.values)});
  }
  return weekly;
}

}  // namespace optichain::models::report
