// Migrations, qualifications and substitutions in small worlds; expectations are worked out by
// hand.
#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "sim/base/number.hpp"
#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

// A maker of one family in two variants, made at once in any number; a customer who wants a million
// a week, so that whole pieces do not matter. Orders of a Monday are met from stock the same day.
const std::string two_variants = R"(
name: two variants
start: 2024-01-01
end: 2024-12-29
families: {lamp: {}}
items: {bulb: {family: lamp, technology: wire}, diode: {family: lamp, technology: solid}}
sites:
  maker:
    recipes: {make_bulb: {makes: bulb}, make_diode: {makes: diode}}
    sells: {lamp: {mix: {bulb: 1, diode: 0}, spill: 0, replenish: {order_up_to: {safety_weeks: 8}}}}
    stocks: {bulb: {initial_pieces: 8000000}, diode: {initial_pieces: 8000000}}
customers:
  user: {demand: {lamp: {pieces_per_week: 1000000, from: {maker: {}}}}}
)";

std::vector<double> weekly_share(const world::Results& r) {
  const auto bulbs = series(r, "stocks.maker.bulb", "shipped");
  const auto diodes = series(r, "stocks.maker.diode", "shipped");
  std::vector<double> shares;
  for (std::size_t w = 0; w < std::max(bulbs.size(), diodes.size()); ++w) {
    const double b = bulbs.empty() ? 0 : static_cast<double>(bulbs[w]);
    const double d = diodes.empty() ? 0 : static_cast<double>(diodes[w]);
    shares.push_back(d / (b + d));
  }
  return shares;
}

TEST_CASE("Migration: the shipments of a world follow Bass's curve") {
  // The Mondays of 16 years: the share of week w is F at 7 w days after the start.
  const world::Results r =
      run_text(two_variants, {"end=2039-12-31",
                              "migrations={leds: {of: lamp, "
                              "to: [solid], share: {bass: {start: 2024-01-01}}}}"});
  const auto shares = weekly_share(r);
  REQUIRE(shares.size() == 835);
  const auto adopted = [](double years) {  // Bass 1969, written down again
    const double e = std::exp(-0.41 * years);
    return (1 - e) / (1 + 0.38 / 0.03 * e);
  };
  for (std::size_t w = 0; w < shares.size(); ++w) {
    CHECK(shares[w] == doctest::Approx(adopted(7 * static_cast<double>(w) / 365.25)).epsilon(1e-4));
  }
  // The reference, at the Monday nearest to each of its years: half a week at 0.11 a year at most.
  std::ifstream file(OPTICHAIN_SOURCE_DIR "/tests/reference/diffusion.csv");
  std::string line;
  int compared = 0;
  while (std::getline(file, line)) {
    if (!line.starts_with("bass,p=0.03 q=0.38,F(") || line.find("F(peak)") != std::string::npos)
      continue;
    const std::size_t open = line.find('('), close = line.find(')');
    const double years = sim::parse_number(line.substr(open + 1, close - open - 1)).value();
    const double expected = sim::parse_number(line.substr(line.rfind(',') + 1)).value();
    const auto week = static_cast<std::size_t>(std::lround(years * 365.25 / 7));
    CHECK(std::abs(shares[week] - expected) < 0.0011);
    ++compared;
  }
  CHECK(compared == 7);
  // what is wanted goes on being met meanwhile
  CHECK(metric(r, "families.lamp.fill_rate.all") == doctest::Approx(1).epsilon(1e-3));
}

TEST_CASE("Migration: a pace and a ceiling hold exactly, review by review") {
  // The law jumps to 1 on 2024-02-05, the sixth Monday. A quarter of the share in a quarter of a
  // year is 0.25 * 7 / 91.3125 = 0.019165... a week; 0.6 is reached in the 32nd step.
  const std::string law =
      "migrations={leds: {of: lamp, to: [diode], share: {given: {share: {steps: {2024-01-01: 0, "
      "2024-02-05: 1}}}}, most_change_per_quarter: 0.25, most: {maker: 0.6}}}";
  const world::Results r = run_text(two_variants, {law});
  const auto shares = weekly_share(r);
  const auto meant = series(r, "migrations.leds.maker", "share");
  REQUIRE(meant.size() == 52);
  const double step = 0.25 * 7 / 91.3125;
  for (std::size_t w = 0; w < 52; ++w) {
    const double expected = std::min(0.6, w < 5 ? 0 : step * static_cast<double>(w - 4));
    CHECK(static_cast<double>(meant[w]) == doctest::Approx(expected).epsilon(2e-6));
    CHECK(shares[w] == doctest::Approx(expected).epsilon(2e-6));
  }
  CHECK(metric(r, "migrations.leds.share.2024Q4") == doctest::Approx(0.6).epsilon(1e-6));
}

TEST_CASE("Migration: a customer takes no more of the new than it allows, others do") {
  const world::Results r = run_text(
      two_variants,
      {"customers.second={demand: {lamp: {pieces_per_week: 500000, from: {maker: {}}}}}",
       "migrations={leds: {of: lamp, to: [diode], share: {given: {share: 1}}, customers: {user: "
       "{steps: {2024-01-01: 0.25, 2024-07-01: 0.5}}}}}"});
  // of a million a quarter (from July a half), and all of the half million of the second
  const auto shares = weekly_share(r);
  for (std::size_t w = 0; w < 52; ++w) {
    const double expected = ((w < 26 ? 250'000 : 500'000) + 500'000) / 1.5e6;
    CHECK(shares[w] == doctest::Approx(expected).epsilon(1e-6));
  }
  CHECK(metric(r, "customers.user.fill_rate.all") == doctest::Approx(1));
}

TEST_CASE("Migration: even where nothing else is to be had, a customer's limit holds") {
  // The maker has no more than 8 M bulbs and makes none; the customer takes a quarter as diodes.
  const world::Results r =
      run_text(two_variants, {"sites.maker.recipes.make_bulb=~", "sites.maker.sells.lamp.spill=1",
                              "migrations={leds: {of: lamp, to: [diode], share: {given: {share: "
                              "1}}, customers: {user: 0.25}}}"});
  CHECK(metric(r, "families.lamp.shipped.all") == 8e6 + 0.25 * 52e6);
}

// Two variants half and half. `red` needs dye, of which there is plenty but in the second year.
const std::string dye = R"(
name: dye
start: 2024-01-01
end: 2027-12-26
families: {cloth: {}}
items: {red: {family: cloth, price_usd: 10}, white: {family: cloth, price_usd: 10}, dye: {}}
sites:
  dyer:
    lines: {l: {capacity_per_week: {steps: {2024: 400, 2025: 20, 2026: 400}}}}
    recipes: {mix: {makes: dye, line: l, cycle_days: 14}}
    sells: {dye: {}}
  maker:
    recipes: {make_red: {makes: red, inputs: {dye: 1}, cycle_days: 7},
              make_white: {makes: white, cycle_days: 14}}
    sells: {cloth: {mix: {red: 1, white: 1}, spill: 0}}
    buys: {dye: {from: {dyer: {}}}}
customers:
  tailor: {demand: {cloth: {pieces_per_week: 100, from: {maker: {}}, patience_days: 56}}}
)";

TEST_CASE("Migration: a responsive mix moves to what is available and back again") {
  const world::Results before = run_text(dye);
  const world::Results r = run_text(dye, {"migrations={bleach: {of: cloth, to: [white], share: "
                                          "{responsive: {from: 2024-10-01}}}}"});
  // as given while nothing is scarce; fully white but for the odd piece while there is no dye; and
  // as given again
  CHECK(metric(r, "migrations.bleach.share.2024") == doctest::Approx(0.5).epsilon(0.02));
  CHECK(metric(r, "migrations.bleach.share.2025Q4") > 0.75);
  CHECK(metric(r, "migrations.bleach.share.2027Q4") == doctest::Approx(0.5).epsilon(0.02));
  CHECK(metric(r, "families.cloth.fill_rate.2025") >
        metric(before, "families.cloth.fill_rate.2025") + 0.1);
}

TEST_CASE("Migration: a responsive mix follows prices by hand-worked odds") {
  // White becomes cheaper by a fifth in the middle of 2025: with a sensitivity of 2 and no delay
  // the odds of 1 rise to (1/0.8)^2 = 1.5625, the share to 0.6098. Lead times are not looked at.
  const world::Results r = run_text(
      dye, {"items.white.price_usd={steps: {2024: 10, 2025-07-07: 8}}",
            "migrations={bleach: {of: cloth, to: [white], share: {responsive: {lead_sensitivity: "
            "0, adaptation_weeks: 0}}}}"});
  CHECK(metric(r, "migrations.bleach.share.2025Q1") == doctest::Approx(0.5));
  CHECK(metric(r, "migrations.bleach.share.2025Q4") ==
        doctest::Approx(1.5625 / 2.5625).epsilon(1e-6));
}

// Two recipes for one item: the light one needs a quarter of the clips, which become scarce.
const std::string clips = R"(
name: clips
start: 2024-01-01
end: 2026-12-27
items: {clip: {price_usd: 1}, box: {price_usd: 9}}
sites:
  bender:
    lines: {l: {capacity_per_week: {steps: {2024: 1000, 2025: 200}}}}
    recipes: {bend: {makes: clip, line: l, cycle_days: 7}}
    sells: {clip: {}}
  maker:
    recipes: {full: {makes: box, inputs: {clip: 4}, share: 3, cycle_days: 7},
              light: {makes: box, inputs: {clip: 1}, share: 1, cycle_days: 7}}
    sells: {box: {}}
    buys: {clip: {from: {bender: {}}}}
customers:
  packer: {demand: {box: {pieces_per_week: 100, from: {maker: {}}, patience_days: 56}}}
)";

TEST_CASE("Migration: recipes move by the same laws") {
  const world::Results given =
      run_text(clips, {"migrations={thin: {of: box, to: [light], share: {given: "
                       "{share: 0.6}}}}"});
  const auto started = [](const world::Results& r, const char* recipe, const char* period) {
    return metric(r, fmt::format("recipes.maker.{}.started.{}", recipe, period));
  };
  const double light = started(given, "light", "2024"), full = started(given, "full", "2024");
  CHECK(light / (light + full) == doctest::Approx(0.6).epsilon(0.01));
  // 100 boxes need 0.6 * 1 + 0.4 * 4 = 2.2 clips each
  CHECK(metric(given, "items.clip.needed.2024") == doctest::Approx(5200 * 2.2).epsilon(0.02));

  // Both recipes need clips, so both wait alike for them; but clips become four times as dear, and
  // only the light one has little of them: its cost rises from 1 to 4 where the other's rises from
  // 4 to 16, so relative prices stay. With 4 of other cost it is 5 to 8 against 8 to 20: the odds
  // of 1 to 3 change by ((8/5)/(20/8))^-2 = 2.441, the share to 2.441 / 5.441.
  const world::Results r = run_text(
      clips, {"items.clip.price_usd={steps: {2024: 1, 2025: 4}}",
              "sites.maker.recipes.full.cost_usd_per_piece=4",
              "sites.maker.recipes.light.cost_usd_per_piece=4",
              "migrations={thin: {of: box, to: [light], share: {responsive: {adaptation_weeks: "
              "0}}}}"});
  CHECK(metric(r, "migrations.thin.share.2024") == doctest::Approx(0.25));
  const double odds = std::pow((20.0 / 8) / (8.0 / 5), 2) / 3;
  CHECK(metric(r, "migrations.thin.share.2026") ==
        doctest::Approx(odds / (1 + odds)).epsilon(1e-5));
}

// --- qualifications ------------------------------------------------------------------------------

// A customer with two sellers, of whom the second has to be qualified.
const std::string two_sellers = R"(
name: two sellers
start: 2024-01-01
end: 2024-12-29
items: {chip: {price_usd: 1}}
sites:
  first: {sells: {chip: {}}, stocks: {chip: {initial_pieces: 1000}}}
  second: {sells: {chip: {}}, stocks: {chip: {initial_pieces: 1000000}}}
customers:
  user: {demand: {chip: {pieces_per_week: 100, from: {first: {}, second: {}}}}}
)";

/// The first week in which a series is not zero.
std::size_t first_week(const world::Results& r, const std::string& entity,
                       const std::string& measure) {
  const auto values = series(r, entity, measure);
  for (std::size_t w = 0; w < values.size(); ++w) {
    if (values[w] != 0) return w;
  }
  return 9999;
}

TEST_CASE("Qualification: one that fails twice succeeds the third time, and is paid thrice") {
  // Begun on Monday 5 February, 21 days, again after 14: 5 Feb to 26 Feb, 11 Mar to 1 Apr, 15 Apr
  // to 6 May, which is the Monday of week 18. The seed is one that fails twice at even odds.
  const auto outcome = [](std::uint64_t seed, std::uint64_t attempt) {
    return sim::Stream({seed, 0}, "trial", "success").uniform_at(attempt) < 0.5;
  };
  std::uint64_t seed = 1;
  while (outcome(seed, 0) || outcome(seed, 1) || !outcome(seed, 2)) ++seed;
  const auto loaded = scenario::scenario_from_text(
      two_sellers, "test.yaml",
      {"qualifications={trial: {buyer: user, seller: second, of: chip, start: 2024-02-05, "
       "duration_days: 21, retry_after_days: 14, success: 0.5, cost_usd: 2500}}"});
  const world::Results r = run_loaded(loaded, {seed, 0});
  CHECK(metric(r, "qualifications.trial.attempts.all") == 3);
  CHECK(metric(r, "qualifications.trial.failures.all") == 2);
  CHECK(metric(r, "qualifications.trial.failures.2024Q2") == 1);
  CHECK(metric(r, "qualifications.trial.cost.all") == 7500);
  CHECK(first_week(r, "channels.user<second.chip", "ordered") == 18);
  // qualified for the 238 days from 6 May to 29 December, of 364
  CHECK(metric(r, "qualifications.trial.qualified.all") == doctest::Approx(238.0 / 364));

  // after as many attempts as it has, it gives up
  const auto twice = scenario::scenario_from_text(
      two_sellers, "test.yaml",
      {"qualifications={trial: {buyer: user, seller: second, of: chip, start: 2024-02-05, "
       "duration_days: 21, retry_after_days: 14, success: 0.5, attempts: 2}}"});
  const world::Results never = run_loaded(twice, {seed, 0});
  CHECK(metric(never, "qualifications.trial.qualified.all") == 0);
  CHECK(series(never, "channels.user<second.chip", "ordered").empty());
}

TEST_CASE("Qualification: scarcity triggers it in the right week") {
  // The first seller has ten weeks of stock (weeks 0 to 9). From week 10 on nothing comes. On the
  // Monday of week 11 the fill rate of the last week is 0 for the first time, on that of week 14 it
  // has been so for three weeks. A week of trial: the second is ordered from in week 15.
  const std::string when = "when: {fill_below: 0.5, for_weeks: 3, over_weeks: 1}";
  const auto with = [&](const std::string& terms) {
    return run_text(two_sellers, {"qualifications={trial: {buyer: user, seller: second, of: chip, "
                                  "duration_days: 7, " +
                                  terms + "}}"});
  };
  const world::Results r = with(when);
  CHECK(first_week(r, "channels.user<second.chip", "ordered") == 15);
  CHECK(first_week(r, "qualifications.trial", "attempts") == 14);
  // over four weeks: below a half from the Monday on that has three empty weeks behind it (13), and
  // three weeks later it is tried
  const world::Results slower = with("when: {fill_below: 0.5, for_weeks: 3, over_weeks: 4}");
  CHECK(first_week(slower, "qualifications.trial", "attempts") == 16);
  // not before its day
  const world::Results later = with(when + ", start: 2024-07-01");
  CHECK(first_week(later, "qualifications.trial", "attempts") == 30);
  // never without scarcity
  const world::Results enough =
      run_text(two_sellers, {"sites.first.stocks.chip.initial_pieces=1000000",
                             "qualifications={trial: {buyer: user, seller: second, of: chip, "
                             "duration_days: 7, " +
                                 when + "}}"});
  CHECK(metric(enough, "qualifications.trial.attempts.all") == 0);
}

TEST_CASE("Qualification: a variant is not taken and a recipe not started before") {
  const world::Results r =
      run_text(two_variants,
               {"sites.maker.sells.lamp.mix={bulb: 1, diode: 1}",
                "qualifications={leds: {buyer: user, seller: maker, of: lamp, variants: [diode], "
                "duration_days: 35, cost_usd: 10}}"});
  // the Monday of week 5 is 35 days after the first
  const auto shares = weekly_share(r);
  for (std::size_t w = 0; w < 52; ++w) CHECK(shares[w] == (w < 5 ? 0 : 0.5));

  const world::Results recipe =
      run_text(clips, {"qualifications={thin: {buyer: maker, recipe: light, start: 2024-07-01, "
                       "duration_days: 28, cost_usd: 300}}"});
  // 26 weeks and 4
  CHECK(first_week(recipe, "recipes.maker.light", "started") == 30);
  CHECK(metric(recipe, "sites.maker.qualification_cost.all") == 300);
}

TEST_CASE("Qualification: one can ask whether it is the reason why something is not taken") {
  const auto loaded = scenario::scenario_from_text(
      two_variants, "test.yaml",
      {"qualifications={leds: {buyer: user, seller: maker, of: lamp, variants: [diode], "
       "duration_days: 35}}"});
  const Catalog catalog(loaded.scenario);
  const state::Realisation real(catalog);
  state::CurrentTerms terms(catalog, real);
  const ChannelId channel{0};
  const sim::Time late = catalog.end();
  CHECK_FALSE(terms.accepts(channel, 1, late));
  CHECK(terms.awaits_qualification(channel, 1));
  CHECK_FALSE(terms.awaits_qualification(channel, 0));
  CHECK_FALSE(terms.awaits_qualification(channel));
  CHECK(catalog.earliest(channel, 1) == catalog.begin() + 5 * sim::one_week);
  terms.pass(QualificationId{0});
  CHECK(terms.accepts(channel, 1, late));
  CHECK_FALSE(terms.awaits_qualification(channel, 1));
}

// --- substitutions -------------------------------------------------------------------------------

TEST_CASE("Substitution: what one product loses the other gains, week by week") {
  const std::string yaml = R"(
name: plugs
start: 2024-01-01
end: 2024-03-10
items: {plug: {}, engine: {}}
sites:
  maker: {recipes: {make_plug: {makes: plug}, make_engine: {makes: engine}},
          sells: {plug: {}, engine: {}}}
customers:
  cloud:
    demand:
      plug: {pieces_per_week: {2024-01-01: 1000, 2024-03-11: 8000}, from: {maker: {}}}
      engine: {pieces_per_week: 40, from: {maker: {}}}
  other: {demand: {plug: {pieces_per_week: 7, from: {maker: {}}}}}
)";
  const std::string law =
      "substitutions={cpo: {from: plug, to: engine, pieces_per_piece: 2, share: {given: {share: "
      "{steps: {2024-01-01: 0.25, 2024-02-05: 0.5}}}}}}";
  const world::Results r = run_text(yaml, {law});
  // Demand grows by 700 a week each week: week w wants 1350 + 700 w. A quarter of it turns in the
  // first five weeks, half of it in the last five.
  const auto plugs = series(r, "demands.cloud.plug", "demanded");
  const auto engines = series(r, "demands.cloud.engine", "demanded");
  REQUIRE(plugs.size() == 10);
  double carried_plugs = 0, carried_engines = 0;
  for (std::size_t w = 0; w < 10; ++w) {
    const double wanted = 1350 + 700 * static_cast<double>(w), share = w < 5 ? 0.25 : 0.5;
    carried_plugs += wanted * (1 - share) - static_cast<double>(plugs[w]);
    carried_engines += 40 + 2 * wanted * share - static_cast<double>(engines[w]);
    // whole pieces, and the second in which one share goes over into the next
    CHECK(std::abs(carried_plugs) < 1.01);
    CHECK(std::abs(carried_engines) < 1.01);
  }
  CHECK(metric(r, "customers.other.demanded.all") == 70);

  // two that take more than all of it take all of it
  const world::Results all = run_text(
      yaml, {"substitutions={a: {from: plug, to: engine, share: {given: {share: 0.8}}}, b: {from: "
             "plug, to: engine, share: {given: {share: 0.8}}}}"});
  CHECK(metric(all, "customers.cloud.plug.demanded.all") == 0);
}

TEST_CASE("Substitution: a share is held for a week, however late it is") {
  const auto loaded = scenario::scenario_from_text(R"(
name: plugs for fifteen years
start: 2024-01-01
end: 2038-12-31
items: {plug: {}, engine: {}}
sites:
  maker: {recipes: {make_plug: {makes: plug}, make_engine: {makes: engine}},
          sells: {plug: {}, engine: {}}}
customers:
  cloud:
    demand:
      plug: {pieces_per_week: 1000, from: {maker: {}}}
      engine: {pieces_per_week: 40, from: {maker: {}}}
substitutions:
  # the 550th week begins on 2034-07-17
  cpo: {from: plug, to: engine, share: {given: {share: {steps: {2024: 0.25, 2034-07-17: 0.5}}}}}
)",
                                                   "test.yaml", {});
  const Catalog catalog(loaded.scenario);
  const state::Realisation real(catalog, {1, 0});
  const auto plugs = [&](int week, int days) {
    const auto d = catalog[DemandId{0}].name == "cloud.plug" ? DemandId{0} : DemandId{1};
    return real.demand[d.index()].value(catalog.start() + week * sim::one_week +
                                        days * sim::one_day);
  };
  CHECK(plugs(549, 6) == doctest::Approx(750));
  CHECK(plugs(550, 1) == doctest::Approx(500));
  CHECK(plugs(551, 1) == doctest::Approx(500));
}

// --- the example ---------------------------------------------------------------------------------

TEST_CASE("Migration: in the example it is the shortage that moves the industry") {
  const auto run = [](const std::vector<std::string>& changes) {
    return run_loaded(scenario::load_scenario(
        OPTICHAIN_SOURCE_DIR "/scenarios/migration/migration.yaml", changes));
  };
  const world::Results shortage = run({});
  const world::Results enough = run({"sites.eml_fab.lines.wafers.capacity_per_week=180000"});
  const world::Results rigid = run({"migrations.siph=~"});
  const std::string intended = "migrations.siph.share.2027Q2", fill = "families.module.fill_rate.";
  CHECK(metric(enough, intended) == doctest::Approx(0.3).epsilon(0.15));
  CHECK(metric(shortage, intended) > metric(enough, intended) + 0.25);
  CHECK(metric(shortage, fill + "2027") > metric(rigid, fill + "2027") + 0.1);
  CHECK(metric(enough, fill + "2027") > 0.99);
}

// --- what must not matter ------------------------------------------------------------------------

TEST_CASE("Migration: it changes no draw of anything else") {
  const auto beside = [](const std::string& prefix) {
    return std::vector<std::string>{
        "items." + prefix + "ore={}",
        "sites." + prefix + "mine={recipes: {dig: {makes: " + prefix +
            "ore, cycle_days: {exponential: {mean: 9}}, yield: 0.8, yield_sd: 0.1}}, sells: {" +
            prefix + "ore: {}}}",
        "customers." + prefix + "smith={demand: {" + prefix +
            "ore: {pieces_per_week: 50, variation: poisson, from: {" + prefix + "mine: {}}}}}"};
  };
  auto changes = beside("a_");
  const world::Results plain = run_text(dye, changes);
  changes.push_back("migrations={bleach: {of: cloth, to: [white], share: {responsive: {}}}}");
  changes.push_back(
      "qualifications={trial: {buyer: tailor, seller: maker, of: cloth, variants: [white], "
      "success: "
      "0.3, duration_days: {exponential: {mean: 30}}}}");
  const world::Results moved = run_text(dye, changes);
  int compared = 0;
  for (const world::Series& s : plain.series) {
    if (s.entity.name.find("a_") == std::string::npos) continue;
    CHECK(series(moved, s.entity.text(), s.measure) == s.values);
    ++compared;
  }
  CHECK(compared > 10);
  CHECK(plain.fingerprint != moved.fingerprint);
}

}  // namespace
}  // namespace optichain::models
