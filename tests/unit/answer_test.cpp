#include "models/report/text/answer.hpp"

#include <algorithm>
#include <tuple>

#include <doctest/doctest.h>

#include "models/scenario/load.hpp"

namespace optichain::models {
namespace {

const char* const two_years = R"(
name: Two years
start: 2026-01-01
end: 2027-12-31
families: {fam: {}}
items:
  module: {family: fam}
  laser: {stage: Lasers}
  chip: {stage: Chips}
sites:
  maker:
    recipes: {build: {makes: module, inputs: {laser: 1, chip: 1}}}
    buys: {laser: {from: {fab: {}}}, chip: {from: {fab: {}}}}
    sells: {fam: {}}
  fab:
    lines: {etch: {capacity_per_week: 1}, grow: {capacity_per_week: 1}}
    recipes: {laser: {makes: laser, line: etch}, chip: {makes: chip, line: grow}}
    sells: {laser: {}, chip: {}}
customers:
  cloud: {demand: {fam: {pieces_per_week: 1, from: {maker: {}}}}}
)";

/// Key figures written by hand, for the years and for both together.
class Figures {
 public:
  explicit Figures(std::size_t replications) : results_(replications) {}
  void put(const std::string& entity, const std::string& measure, std::vector<double> values) {
    for (std::size_t r = 0; r < results_.size(); ++r) {
      world::Metric metric{*measures::Entity::parse(entity), measure, "", {}};
      for (const double v : values) {
        metric.values.push_back(v * (1 + 0.1 * static_cast<double>(r)));
      }
      results_[r].metrics.push_back(std::move(metric));
    }
  }
  std::string answer(const std::vector<std::string>& changes = {}) {
    const scenario::LoadedScenario loaded =
        scenario::scenario_from_text(two_years, "t.yaml", changes);
    run::Replications runs;
    for (world::Results& results : results_) {
      results.periods = {"2026", "2027", "all"};
      runs.add(runs.done.size(), results);
    }
    run::Summaries summaries = runs.summarise();
    std::sort(summaries.metrics.begin(), summaries.metrics.end(), [](const auto& a, const auto& b) {
      return std::tie(a.entity, a.measure) < std::tie(b.entity, b.measure);
    });
    return models::report::answer(Catalog(loaded.scenario), summaries, runs.done.size(),
                                  {.changes = changes});
  }

 private:
  std::vector<world::Results> results_;
};

Figures market(std::size_t replications) {
  Figures f(replications);
  f.put("market", "demanded", {100, 200, 300});
  f.put("market", "shipped", {90, 80, 170});
  f.put("market", "revenue", {9e9, 7.5e9, 16.5e9});
  return f;
}

TEST_CASE("Answer: begins with the market's worst year and what was missing in it") {
  const std::string text = market(1).answer();
  CHECK(text.starts_with(
      "Two years: 2026-01-01 to 2027-12-31, one run (--replications gives intervals)\n"
      "Worst year 2027: 80 of 200 pieces wanted are shipped (40 %), for $7.50 B.\n"));
  CHECK(text.find("Missing first") == std::string::npos);

  Figures f = market(1);
  f.put("items.laser", "shortage_binding", {0.9, 0.04, 0.3});
  f.put("items.chip", "shortage_binding", {0, 0.55, 0.35});
  CHECK(f.answer().find("Missing first where it is used, of what was needed: chip 55 %.\n") !=
        std::string::npos);
}

TEST_CASE("Answer: the year in which an empty chain fills is not its worst one") {
  // 28 days for a chip, 14 for a module, and twice up to a week until it is shipped: 8 weeks
  const std::vector<std::string> slow = {"sites.fab.recipes.chip.cycle_days=28",
                                         "sites.maker.recipes.build.cycle_days=14"};
  Figures f(1);
  f.put("market", "demanded", {100, 200, 300});
  f.put("market", "shipped", {20, 190, 210});
  f.put("market", "revenue", {2e9, 19e9, 21e9});
  const auto second_line = [&](const std::vector<std::string>& changes) {
    const std::string text = f.answer(changes);
    std::size_t from = text.find('\n') + 1;
    if (text.substr(from).starts_with("With ")) from = text.find('\n', from) + 1;
    return text.substr(from);
  };
  CHECK(second_line({}).starts_with("Worst year 2026: 20 of 100"));  // nothing takes time
  CHECK(second_line(slow).starts_with(
      "The chain begins empty. Without the years of its first 8 weeks, in which it fills:\n"
      "Worst year 2027: 190 of 200 pieces"));
  const auto and_one = [&](const char* change) {
    std::vector<std::string> changes = slow;
    changes.emplace_back(change);
    return changes;
  };
  CHECK(second_line(and_one("initial=steady")).starts_with("Worst year 2026"));
  CHECK(second_line(and_one("warm_up_days=56")).starts_with("Worst year 2026"));
  CHECK(
      second_line(and_one("sites.maker.recipes.build.cycle_days=900"))
          .starts_with("The chain begins empty. Its first 135 weeks, in which it fills, are in all "
                       "that follows.\nWorst year 2026"));
}

TEST_CASE("Answer: the bound says what it frees, and why more than all of it may be shipped") {
  const std::string said =
      "is shipped of what\n"
      "perfect foresight could deliver if shares, mixes and allocation were free and\n"
      "nothing took time";
  Figures f = market(1);
  CHECK(f.answer().find("foresight") == std::string::npos);
  f.put("market", "bound", {0, 0, 400});
  f.put("market", "bound_ratio", {0, 0, 0.65});
  CHECK(f.answer().find("In all, 65 % " + said + ".\n") != std::string::npos);
  Figures lucky = market(1);
  lucky.put("market", "bound", {0, 0, 1});
  lucky.put("market", "bound_ratio", {0, 0, 1.02});
  CHECK(lucky.answer().find("In all, 102 % " + said +
                            "; above 100 %, as more was wanted than expected.\n") !=
        std::string::npos);
}

TEST_CASE("Answer: a bound of expected demand says so where demand is by chance") {
  const std::string said =
      "nothing took time.\nThat could be delivered of the demand that is expected; in a run "
      "customers want more or\nless of it by chance.\n";
  Figures f = market(1);
  f.put("market", "bound", {0, 0, 400});
  f.put("market", "bound_ratio", {0, 0, 0.9});
  CHECK(f.answer().find("expected") == std::string::npos);
  CHECK(f.answer({"customers.cloud.demand.fam.variation=poisson"}).find(said) != std::string::npos);
}

TEST_CASE("Answer: says of how many runs it is, and which values were changed") {
  CHECK(
      market(3).answer().starts_with("Two years: 2026-01-01 to 2027-12-31, mean of 3 "
                                     "replications\nWorst year"));
  const std::vector<std::string> one = {"sites.fab.lines.etch.capacity_per_week=2"};
  const std::string text = market(1).answer(one);
  CHECK(text.find("\nWith 1 value changed: sites.fab.lines.etch.capacity_per_week=2.\nWorst") !=
        std::string::npos);
  std::vector<std::string> many(6, one.front());
  CHECK(market(1).answer(many).find("With 6 values changed: ") != std::string::npos);
  CHECK(market(1).answer(many).find("per_week=2 and 2 more.\nWorst") != std::string::npos);
}

TEST_CASE("Answer: with a mix in force the bound is said for it and for free mixes") {
  Figures f = market(1);
  f.put("market", "bound", {0, 0, 400});
  f.put("market", "bound_ratio", {0, 0, 0.65});
  f.put("market", "bound_given_mix", {0, 0, 300});
  f.put("market", "bound_given_mix_ratio", {0, 0, 0.87});
  CHECK(f.answer().find(
            "In all, 87 % is shipped of what\nperfect foresight could deliver with the mixes in "
            "force, if shares and\nallocation were free and nothing took time; and 65 % of what "
            "it\ncould if mixes were free, too.\n") != std::string::npos);
}

TEST_CASE("Answer: says in words what most of the unmet pieces are traced back to") {
  Figures f = market(1);
  f.put("market", "unmet", {10, 120, 130});
  f.put("causes.capacity.chip", "unmet", {10, 72, 82});
  f.put("causes.lead_time.laser", "unmet", {0, 24, 24});
  f.put("causes.reserved.laser", "unmet", {0, 18, 18});
  f.put("causes.planning.chip", "unmet", {0, 6, 6});
  CHECK(f.answer().find("Root causes of what was not shipped, traced back through the chain: "
                        "capacity of chip 60 %, lead time of "
                        "laser 20 %, laser reserved for others 15 %.\n") != std::string::npos);
}

TEST_CASE("Answer: items are in the order of their own part over the whole time, not of a peak") {
  Figures f = market(1);
  f.put("items.laser", "shortage_true", {0.9, -0.1, 0.1});
  f.put("items.laser", "shortage_binding", {1.2, 0, 0.02});
  f.put("items.chip", "shortage_true", {0.2, 0.5, 0.4});
  f.put("items.chip", "shortage_binding", {0.1, 0.6, 0.35});
  CHECK(f.answer().find("Short items: A / B  stage   2026          2027\n"
                        "------------------  ------  ------------  -----------\n"
                        "chip                Chips   20 % / 10 %   50 % / 60 %\n"
                        "laser               Lasers  90 % / 120 %  -10 % / 0 %\n") !=
        std::string::npos);
}

TEST_CASE("Answer: of ten replications and more it says what nine in ten of them lie between") {
  Figures f = market(21);  // 1, 1.1, ... 3 times the figures: 1.1 and 2.9 times for nine in ten
  f.put("market", "bound", {0, 0, 400});
  f.put("market", "bound_ratio", {0, 0, 0.3});
  const std::string text = f.answer();
  CHECK(text.find("Worst year 2027: 160 of 400 pieces wanted are shipped (40 %), for $15.0 B.\n"
                  "In nine in ten runs it is 88 to 232 pieces, for $8.25 B to $21.8 B: by luck "
                  "alone,\nwith every assumption as it stands.\n") != std::string::npos);
  CHECK(text.find("In all, 60 % (33 % to 87 %) is shipped of what") != std::string::npos);
  CHECK(text.find("$9.90 B to $26.1 B") != std::string::npos);
  // of fewer, the least and the most would be all there is to go by
  CHECK(market(9).answer().find("nine in ten") == std::string::npos);
}

TEST_CASE("Answer: the tightest lines first") {
  Figures f = market(3);  // 1, 1.1 and 1.2 times the figures
  f.put("lines.fab.etch", "utilisation", {0.5, 0.6, 0.55});
  f.put("lines.fab.grow", "utilisation", {0.7, 0.4, 0.55});
  const std::string text = f.answer();
  CHECK(text.find("mean of 3 replications") != std::string::npos);
  CHECK(text.find("market revenue       $9.90 B") != std::string::npos);
  CHECK(text.find("\nfab.grow") < text.find("\nfab.etch"));
}

TEST_CASE("Answer: money by stage, the largest sales first, and only costs that were paid") {
  Figures f = market(1);
  f.put("sites.maker", "sales", {9e9, 7.5e9, 16.5e9});
  f.put("sites.maker", "profit", {1.8e9, -0.75e9, 1.05e9});
  f.put("sites.fab", "sales", {2e9, 0, 2e9});
  f.put("sites.fab", "profit", {1e9, -1e8, 9e8});
  f.put("sites.fab", "idle_cost", {0, 1e8, 1e8});
  const std::string text = f.answer();
  CHECK(text.find("Money by stage  2026            2027\n"
                  "--------------  --------------  ---------------\n"
                  "maker           $9.00 B / 20 %  $7.50 B / -10 %\n"
                  "fab             $2.00 B / 50 %\n") != std::string::npos);
  CHECK(text.find("Costs by site  idle lines  total\n"
                  "-------------  ----------  ------\n"
                  "fab            $100 M      $100 M\n"
                  "all                        $100 M\n") != std::string::npos);
}

}  // namespace
}  // namespace optichain::models
