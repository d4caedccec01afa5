// What of a valid scenario can do nothing.
#include "models/scenario/idle_settings.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace optichain::models::scenario {
namespace {

const std::string shop = R"(
name: shop
start: 2026-01-05
end: 2027-01-03
review_days: 7
items: {good: {}}
sites:
  mine:
    sells: {good: {forecast: constant}}
    stocks: {good: {initial_pieces: 1000}}
  shop:
    buys: {good: {from: {mine: {}}, forecast: constant}}
    sells: {good: {forecast: constant}}
customers:
  public: {demand: {good: {pieces_per_week: 10, from: {shop: {}}}}}
)";

/// Paths and messages, and the first note of each if there is one.
std::vector<std::string> idle(const std::string& more = "",
                              const std::vector<std::string>& changes = {}) {
  const LoadedScenario loaded = scenario_from_text(shop + more, "shop.yaml", changes);
  std::vector<std::string> texts;
  const sim::Diagnostics found = idle_settings(loaded, Catalog(loaded.scenario));
  for (const sim::Diagnostic& d : found.errors()) {
    texts.push_back(d.path + ": " + d.message + (d.notes.empty() ? "" : " / " + d.notes.front()));
  }
  return texts;
}
using Texts = std::vector<std::string>;

TEST_CASE("Idle settings: none where everything can matter") {
  CHECK(idle() == Texts{});
}

TEST_CASE("Idle settings: a rank of somebody who never buys there, with what was meant") {
  CHECK(idle("", {"sites.shop.sells.good.allocation={priority: {buyers: [public]}}"}) == Texts{});
  CHECK(idle("", {"sites.mine.sells.good.allocation={priority: {buyers: [shop, public]}}"}) ==
        Texts{"sites.mine.sells.good.allocation: \"public\" never buys good here: its rank does "
              "nothing / known buyers: shop"});
}

TEST_CASE("Idle settings: over-ordering where it pays, and it pays nowhere") {
  const auto with = [](const std::string& when, const std::string& allocation) {
    return idle("  others: {demand: {good: {pieces_per_week: 10, from: {shop: {}}}}}",
                {"customers.public.demand.good.over_ordering={when: " + when + "}",
                 "sites.shop.sells.good.allocation=" + allocation});
  };
  CHECK(with("it_pays", "proportional") == Texts{});
  CHECK(with("always", "uniform") == Texts{});
  CHECK(with("it_pays", "uniform") ==
        Texts{"customers.public.demand.good.over_ordering: it pays at none of the sellers: their "
              "rules of allocation give no more to who asks for more, or nobody else buys there"});
  // the shop is the only one who buys of mine
  CHECK(idle("", {"sites.shop.buys.good.over_ordering={when: it_pays}"}).size() == 1);
}

TEST_CASE("Idle settings: programs and agreements outside the time") {
  CHECK(idle("programs: {gone: {exit: {site: mine, date: 2027-01-03}}}") == Texts{});
  CHECK(idle("programs: {gone: {exit: {site: mine, date: 2027-01-04}}}") ==
        Texts{"programs.gone.exit.date: it comes on 2027-01-04, after the end of the scenario on "
              "2027-01-03: it does nothing"});
  const auto control = [](const std::string& until) {
    return idle("programs: {control: {export_control: {from: 2025-01-01, until: " + until +
                ", sites: [mine]}}}");
  };
  CHECK(control("2026-01-05") == Texts{});
  CHECK(control("2026-01-04") ==
        Texts{"programs.control.export_control.until: it is over before the simulation begins on "
              "2026-01-05: it does nothing"});
  const auto agreement = [](const std::string& from, const std::string& until) {
    return idle("agreements: {lta: {buyer: shop, seller: mine, item: good, from: " + from +
                ", until: " + until + ", pieces_per_week: 5}}");
  };
  CHECK(agreement("2026-01-05", "2027-01-03") == Texts{});
  CHECK(
      agreement("2026-01-05", "2029-01-03") ==
      Texts{"agreements.lta.until: it goes on for 731 days after the end of the scenario: what is "
            "called, paid and settled then is in no figure / let the scenario end later, or value "
            "what is left by hand"});
  CHECK(agreement("2028-01-03", "2029-01-03") ==
        Texts{"agreements.lta.from: it begins on 2028-01-03, after the end of the scenario on "
              "2027-01-03: it does nothing"});
}

TEST_CASE("Idle settings: what begins after the end, has no share, is used or bought by nobody") {
  CHECK(
      idle("", {"sites.shop.buys.good.from.mine.from=2027-01-04"}) ==
      Texts{"sites.shop.buys.good.from.mine.from: the seller is qualified on 2027-01-04, after the "
            "end of the scenario on 2027-01-03: it does nothing"});
  CHECK(idle("", {"sites.mine.lines={kiln: {capacity_per_week: 5}}"}) ==
        Texts{"sites.mine.lines.kiln: no recipe of the site uses the line: it does nothing"});
  CHECK(
      idle("", {"customers.public.demand.good.from={mine: {}}"}) ==
      Texts{"sites.shop.sells.good: nobody buys it here: what is said of the offer does nothing"});
  CHECK(idle("sources: {press: \"a paper\"}") ==
        Texts{"sources: 1 of 1 sources are named by no number: press"});
}

TEST_CASE("Idle settings: a trace far from what is planned misleads who plans by shared plans") {
  const auto trace = [](const std::string& list, const std::string& forecast) {
    const std::string demand = "customers.public.demand.good";
    return idle(
        "", {demand + ".variation={trace: {quantities: " + list + "}}",
             demand + ".pieces_per_week=10", "sites.shop.sells.good.forecast=" + forecast,
             "sites.shop.buys.good.forecast=constant", "sites.mine.sells.good.forecast=constant"});
  };
  CHECK(trace("[8, 11, 8]", "shared") == Texts{});
  CHECK(trace("[20, 0, 40]", "constant") == Texts{});
  CHECK(
      trace("[20, 0, 40]", "shared") ==
      Texts{"customers.public.demand.good.pieces_per_week: the trace has 20 pieces a week on "
            "average, and 10 are planned here: who forecasts from shared plans prepares for these "
            "/ let it be what is expected of the trace, or choose another `forecast`"});
}

TEST_CASE("Idle settings: an empty chain whose parts take time is said, once") {
  const Texts empty = {
      ": the chain is empty at the beginning: the first 3 weeks show how it fills, not how it "
      "works / "
      "give `initial: steady`, `warm_up_days`, or initial pieces, lots and shipments"};
  const std::string lane = "lanes: {way: {from: mine, to: shop, transit_days: 3}}";
  CHECK(idle(lane) == Texts{});  // the mine has pieces
  CHECK(idle(lane, {"sites.mine.stocks.good.initial_pieces=0"}) == empty);
  CHECK(idle(lane, {"sites.mine.stocks.good.initial_pieces=0", "warm_up_days=30"}) == Texts{});
  CHECK(idle(lane, {"sites.mine.stocks.good.initial_pieces=0", "initial=steady"}) == Texts{});
  CHECK(idle("", {"sites.mine.stocks.good.initial_pieces=0"}) == Texts{});  // nothing takes time
}

TEST_CASE("Idle settings: single terms whose value or date lets them do nothing") {
  // a year of 364 days; each with what can have an effect, and what cannot
  struct Case {
    const char* path;
    const char* works;
    const char* idles;
    const char* where;  // of the warning, below the path
    const char* why;
  };
  for (const Case& c : {
           Case{"sites.shop.buys.good.from.mine.initial_shipments", "[{pieces: 5, in_days: 363}]",
                "[{pieces: 5, in_days: 364}]", "[0].in_days",
                "364 days are longer than the 364 days that are simulated: it never arrives"},
           Case{"sites.shop.buys.good.lead_time_elasticity", "0", "2", "",
                "there is one seller: nothing can turn to another"},
           Case{"sites.shop.buys.good.over_ordering", "{cap: 1.1}", "{cap: 1}", ".cap",
                "no more is on order than is needed: it does nothing"},
           Case{"sites.shop.buys.good.over_ordering", "{sensitivity: 0.1}", "{sensitivity: 0}",
                ".sensitivity", "with 0 orders are never increased"},
           Case{"sites.shop.sells.good.spill", "1", "0.5", "",
                "good is no family: there is nothing to choose among"},
           Case{"customers.public.demand.good.patience_days", "363", "364", "",
                "364 days are longer than the 364 days that are simulated: nothing is given up"},
           Case{"customers.public.demand.good.revisions",
                "{r: {announced: 2026-02-01, from: 2026-03-01, factor: 1.1}}",
                "{r: {announced: 2026-02-01, from: 2026-03-01, factor: 1}}", ".r.factor",
                "a factor of 1: nothing changes"},
           Case{"customers.public.demand.good.revisions",
                "{r: {announced: 2026-02-01, from: 2027-06-01, factor: 2}}",
                "{r: {announced: 2026-02-01, from: 2028-06-01, factor: 2}}", ".r.from",
                "it comes on 2028-06-01, after the end of the scenario on 2027-01-03, and further "
                "than plans look ahead: it does nothing"},
           Case{"programs",
                "{p: {disruption: {site: mine, pauses: shipments, when: {markov: "
                "{starts: 0.1, ends: 1}}}}}",
                "{p: {disruption: {site: mine, pauses: shipments, when: {markov: {starts: 0, "
                "ends: 1}}}}}",
                ".p.disruption.when.markov.starts", "with 0 it never begins"},
           Case{
               "qualifications",
               "{q: {buyer: public, seller: shop, of: good, start: 2026-11-01, duration_days: 63}}",
               "{q: {buyer: public, seller: shop, of: good, start: 2026-11-01, duration_days: 64}}",
               ".q.start",
               "it succeeds on 2027-01-04, after the end of the scenario on 2027-01-03 at the "
               "earliest: what waits for it is never used"},
           Case{"lanes", "{l: {from: mine, to: shop}}", "{l: {from: shop, to: mine}}", ".l",
                "nothing is sent along it: nobody at one end buys of somebody at the other, or "
                "lanes that name them more exactly count"},
       }) {
    CAPTURE(c.path);
    CHECK(idle("", {fmt::format("{}={}", c.path, c.works)}) == Texts{});
    CHECK(idle("", {fmt::format("{}={}", c.path, c.idles)}) ==
          Texts{fmt::format("{}{}: {}", c.path, c.where, c.why)});
  }
}

TEST_CASE("Idle settings: lines, recipes, levels and expansions that can do nothing") {
  const auto with = [](const std::string& change) {
    return idle("", {"sites.mine.lines={l: {capacity_per_week: 100}}",
                     "sites.mine.recipes={dig: {makes: good, line: l}}", change});
  };
  struct Case {
    const char* change;
    const char* said;  // empty: it can have an effect
  };
  for (const Case& c : {
           Case{"sites.mine.lines.l.outages={x: {from: 2026-03-01, until: 2026-03-02}}", ""},
           Case{"sites.mine.lines.l.outages={x: {from: 2027-03-01, until: 2027-03-02}}",
                "sites.mine.lines.l.outages.x.from: it begins on 2027-03-01, after the end of the "
                "scenario on 2027-01-03: it does nothing"},
           Case{"sites.mine.lines.l.outages={x: {from: 2025-03-01, until: 2026-01-04}}",
                "sites.mine.lines.l.outages.x.until: it is over before the simulation begins on "
                "2026-01-05: it does nothing"},
           Case{"sites.mine.lines.l.outages={x: {from: 2026-03-01, until: 2026-03-02, left: 1}}",
                "sites.mine.lines.l.outages.x.left: all capacity is left: it does nothing"},
           Case{"sites.mine.recipes.dig.yield_learning={initial: 0.5, halving_weeks: 8}", ""},
           Case{"sites.mine.recipes.dig.yield_learning={initial: 1, halving_weeks: 8}",
                "sites.mine.recipes.dig.yield_learning.initial: it begins at its limit: nothing is "
                "learnt"},
           Case{"sites.mine.stocks.good.room_pieces=1000", ""},
           Case{"programs={e: {expansion: {site: mine, line: l, adds_per_week: 5, decided: "
                "2026-06-01, lead_days: 30}}}",
                ""},
           Case{"programs={e: {expansion: {site: mine, line: l, adds_per_week: 0, decided: "
                "2026-06-01}}}",
                "programs.e.expansion.adds_per_week: it adds nothing"},
           Case{"programs={e: {expansion: {site: mine, line: l, adds_per_week: 5, decided: "
                "2026-12-31, lead_days: 30}}}",
                "programs.e.expansion.lead_days: it is there on 2027-01-30, after the end of the "
                "scenario on 2027-01-03 at the earliest"},
           Case{"programs={e: {expansion: {site: mine, line: l, adds_per_week: 5, when: "
                "{for_weeks: 52}}}}",
                "programs.e.expansion.when.for_weeks: 52 weeks are longer than the 364 days that "
                "are simulated: it is never decided"},
       }) {
    CAPTURE(c.change);
    CHECK(with(c.change) == (*c.said ? Texts{c.said} : Texts{}));
  }
  CHECK(idle("", {"sites.mine.stocks.good.room_pieces=1000",
                  "sites.mine.sells.good.replenish={base_stock: {level_pieces: 1001}}"}) ==
        Texts{"sites.mine.sells.good.replenish.base_stock.level_pieces: there is room for 1000 at "
              "most: the level of 1001 is reached only while pieces are owed"});
}

}  // namespace
}  // namespace optichain::models::scenario
