// Patterns of names against the table of measures.
#include "models/measures/name_pattern.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "models/measures/measure.hpp"

namespace optichain::models {
namespace {

using measures::can_fit;
using measures::NameOf;

TEST_CASE("Measures: a pattern can fit a name of each declared measure, and of no other") {
  for (const measures::Measure& m : measures::all_measures()) {
    const bool alone = m.group == measures::Group::market || m.group == measures::Group::outside;
    const std::string group(measures::group_word(m.group));
    const std::string part = m.part.empty() ? "" : ".some.thing";
    const std::string name = group + (alone ? "." : ".an.entity.") + std::string(m.name) + part;
    CAPTURE(name);
    CHECK(can_fit(name, NameOf::series) == m.is_weekly());
    for (const char* period : {".all", ".2026", ".2026Q3", ".????", ".2026Q?"}) {
      CHECK(can_fit(name + period, NameOf::figure) == m.is_figure());
    }
    CHECK_FALSE(can_fit("x" + name, NameOf::series));
    CHECK_FALSE(can_fit(name + ".20x6", NameOf::figure));
  }
}

TEST_CASE("Measures: wildcards stand for any characters, dots included, or for one") {
  for (const std::string pattern :
       {"*", "market.*", "*.all", "customers.*.fill_rate.all", "customers.ama?on.fill_rate.*",
        "*.fill_*", "sites.fab.*.2026", "recipes.*.lost_to.*.all", "stocks.[a-c]*.on_hand.2026",
        "market.\\shipped.all", "m*t.s*d.a*l"}) {
    CAPTURE(pattern);
    CHECK(can_fit(pattern, NameOf::figure));
  }
  for (const std::string pattern :
       {"", "market", "market.shipped", "market.shipped.", "market.shipped.?", "market..all",
        "market.shipped.2026Q", "customers.fill_rate.all", "recipes.make.lost_to.all",
        "customers.*.fill_rat.all", "?market.*", "market.fab.shipped.all"}) {
    CAPTURE(pattern);
    CHECK_FALSE(can_fit(pattern, NameOf::figure));
  }
}

TEST_CASE("Measures: what may have been meant keeps entity and period of a pattern") {
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  CHECK(has(measures::alternatives("market.shiped.all", NameOf::figure), "market.shipped.all"));
  const auto rates = measures::alternatives("familes.a.b.fill_rate.2026", NameOf::figure);
  CHECK(has(rates, "families.a.b.fill_rate.2026"));
  CHECK(has(rates, "customers.a.b.fill_rate.2026"));
  const auto lost = measures::alternatives("recipes.fab.make.lost_too.line.2026", NameOf::figure);
  CHECK(has(lost, "recipes.fab.make.lost_to.line.2026"));
  CHECK_FALSE(has(lost, "sites.fab.make.lost_too.margin.2026"));
  CHECK(measures::alternatives("market", NameOf::figure).empty());
}

}  // namespace
}  // namespace optichain::models
