// Measures are declared once: names of figures are written and read in one place, every figure of
// every scenario is declared, and everything that is declared is reported by some scenario.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "models/measures/figure_name.hpp"
#include "models/measures/measure.hpp"
#include "models/measures/reference.hpp"
#include "models/run/replicate.hpp"
#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

using measures::Group;
using measures::Measure;

TEST_CASE("Measures: the order of groups is that of their words, and no word begins another") {
  std::string before;
  for (int g = 0; g <= static_cast<int>(Group::stocks); ++g) {
    const std::string word(measures::group_word(static_cast<Group>(g)));
    CHECK(before < word);
    CHECK((before.empty() || !word.starts_with(before)));
    CHECK(measures::find_group(word) == static_cast<Group>(g));
    before = word;
  }
  CHECK(!measures::find_group("family"));
}

TEST_CASE("Measures: each is declared once, with a unit and a meaning") {
  std::set<std::pair<Group, std::string_view>> seen;
  for (const Measure& m : measures::all_measures()) {
    CAPTURE(m.name);
    const bool is_new = seen.emplace(m.group, m.name).second;
    CHECK(is_new);
    CHECK(!m.unit.empty());
    CHECK(!m.meaning.empty());
    const std::string name = std::string(m.name) + (m.part.empty() ? "" : ".x");
    CHECK(measures::find_measure(m.group, name) == &m);
    CHECK(measures::reference_table().find("`" + std::string(m.name)) != std::string::npos);
  }
  CHECK(!measures::find_measure(Group::families, "share"));  // of which variant?
  CHECK(!measures::find_measure(Group::families, "demanded.x"));
  CHECK(!measures::find_measure(Group::families, "on_hand"));
  CHECK(measures::good_direction(Group::families, "fill_rate") == "high");
  CHECK(measures::good_direction(Group::market, "unmet") == "low");
  CHECK(measures::good_direction(Group::families, "share.eml") == "");
}

TEST_CASE("Measures: a figure's name is read as it was written") {
  const auto read = [](const std::string& text) {
    const auto name = measures::FigureName::parse(text);
    REQUIRE_MESSAGE(name, text);
    CHECK(name->text() == text);
    return std::tuple(name->entity.group, name->entity.name, name->measure, name->period);
  };
  CHECK(read("market.demanded.all") == std::tuple(Group::market, "", "demanded", "all"));
  CHECK(read("families.800g.fill_rate.2026") ==
        std::tuple(Group::families, "800g", "fill_rate", "2026"));
  CHECK(read("families.800g.share.eml.2026Q3") ==
        std::tuple(Group::families, "800g", "share.eml", "2026Q3"));
  CHECK(read("families.share.demanded.2026") ==
        std::tuple(Group::families, "share", "demanded", "2026"));
  CHECK(read("customers.amazon.800g.backlog.2026") ==
        std::tuple(Group::customers, "amazon.800g", "backlog", "2026"));
  CHECK(read("migrations.to_siph.fab.share.2026") ==
        std::tuple(Group::migrations, "to_siph.fab", "share", "2026"));
  CHECK(read("recipes.fab.grow.lost_to.reserved_lta.all") ==
        std::tuple(Group::recipes, "fab.grow", "lost_to.reserved_lta", "all"));
  for (const char* text : {"", ".", "..", "demanded", "market.demanded", "lost_to.isolator",
                           "traces.amazon.800g > fab.laser.2026"}) {
    CAPTURE(text);
    CHECK(!measures::FigureName::parse(text));
  }
  CHECK(measures::is_quarter("2026Q3"));
  CHECK(measures::is_year("2026"));
  for (const char* text : {"all", "", "2026", "20Q603", "2026-03"}) {
    CHECK(!measures::is_quarter(text));
  }
  CHECK(measures::is_earlier("2027", "all"));
  CHECK(measures::is_earlier("2026", "2027"));
}

std::string scenario_file(std::string_view file) {
  return fmt::format("{}/scenarios/{}", OPTICHAIN_SOURCE_DIR, file);
}

/// Rows that are reported, of figures and of series.
struct Seen {
  std::set<const Measure*> figures, weekly;
};

void look_at(const world::Results& results, Seen& seen) {
  std::map<std::tuple<std::string, std::string>, std::vector<double>> by_product;
  for (const world::Metric& m : results.metrics) {
    const Measure* row = measures::find_measure(m.entity.group, m.measure);
    REQUIRE_MESSAGE(row, m.entity.text() << " " << m.measure);
    CHECK_MESSAGE(row->is_figure(), m.entity.text() << " " << m.measure);
    CHECK(m.unit == row->unit);
    seen.figures.insert(row);
    for (std::size_t p = 0; p < m.values.size(); ++p) {
      const measures::FigureName name{m.entity, m.measure, results.periods[p]};
      const auto again = measures::FigureName::parse(name.text());
      REQUIRE(again);
      CHECK(again->entity == m.entity);
      CHECK(again->measure == m.measure);
      if (std::isnan(m.values[p])) {
        CHECK(std::isnan(results.value(name)));
      } else {
        CHECK(results.value(name) == m.values[p]);
      }
    }
    // what adds up over entities: a customer has what it has of all products together
    const std::size_t dot = m.entity.name.find('.');
    if (m.entity.group != Group::customers || dot == std::string::npos ||
        row->over_entities != measures::OverEntities::sum) {
      continue;
    }
    auto& sum = by_product[{m.entity.name.substr(0, dot), m.measure}];
    sum.resize(m.values.size());
    for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += m.values[p];
  }
  for (const auto& [name, sum] : by_product) {
    const auto& [customer, measure] = name;
    for (std::size_t p = 0; p < sum.size(); ++p) {
      CHECK(sum[p] == doctest::Approx(results.value({measures::of(Group::customers, customer),
                                                     measure, results.periods[p]})));
    }
  }
  for (const world::Series& s : results.series) {
    const Measure* row = measures::find_measure(s.entity.group, s.measure);
    REQUIRE_MESSAGE(row, s.entity.text() << " " << s.measure);
    CHECK_MESSAGE(row->is_weekly(), s.entity.text() << " " << s.measure);
    CHECK(s.unit == row->unit);
    CHECK(results.series_of({s.entity, s.measure}) == &s);
    seen.weekly.insert(row);
  }
}

TEST_CASE("Measures: what scenarios report is declared, and what is declared is reported") {
  Seen seen;
  for (const char* file :
       {"agreements/agreements.yaml", "migration/migration.yaml", "programs/programs.yaml",
        "prices/prices.yaml", "over-ordering/over-ordering.yaml", "beer-game/beer-game.yaml",
        "reference/anylogistix.yaml", "reference/eoq.yaml", "reference/reorder-point.yaml",
        "reference/serial.yaml", "reference/take-or-pay.yaml"}) {
    CAPTURE(file);
    world::Results results = run_loaded(scenario::load_scenario(scenario_file(file)));
    run::add_bound(results, {.pieces = 1e9, .given_mix = 1e9});
    look_at(results, seen);
  }
  // who may order from nobody gives up
  look_at(run_loaded(scenario::load_scenario(
              scenario_file("programs/programs.yaml"),
              {"customers.city.demand.lamp.from.plant={from: 2027-07-01}"})),
          seen);
  look_at(run_loaded(scenario::load_scenario(scenario_file("ai-optics-2026/baseline.yaml"),
                                             {"end=2024-03-31"})),
          seen);
  for (const Measure& m : measures::all_measures()) {
    CAPTURE(measures::group_word(m.group));
    CAPTURE(m.name);
    // a series that stays zero is left out; where there is a figure of it, too, that is there
    CHECK((m.is_figure() ? seen.figures : seen.weekly).contains(&m));
  }
}

}  // namespace
}  // namespace optichain::models
