// The baseline of the optical chain against the published totals it was made from. Nothing here
// runs the simulation: the YAML is compared with the data sheet, by year, with the tolerance of the
// sheet.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "models/policy/yield.hpp"
#include "models/scenario/load.hpp"

namespace optichain::models {
namespace {

using sim::Curve;
using sim::Date;
using sim::Time;

const scenario::LoadedScenario& baseline() {
  static const scenario::LoadedScenario loaded =
      scenario::load_scenario(OPTICHAIN_SOURCE_DIR "/scenarios/ai-optics-2026/baseline.yaml");
  return loaded;
}
/// The baseline with spot prices.
const scenario::LoadedScenario& with_markets() {
  static const scenario::LoadedScenario loaded =
      scenario::load_scenario(OPTICHAIN_SOURCE_DIR "/scenarios/ai-optics-2026/prices.yaml");
  return loaded;
}
const Scenario& scenario() {
  return baseline().scenario;
}

Time at(int year, unsigned month = 1) {
  return Date{std::chrono::year{year} / std::chrono::month{month} / 1};
}

/// What a weekly rate adds up to, in millions.
double millions(const Curve& per_week, Time from, Time to) {
  return per_week.integral(from, to) / 604800 / 1e6;
}

/// A site, one of its recipes, and what can be started of it.
struct Making {
  std::string site;
  const Recipe* recipe;
  std::function<double(Time, Time)> started;  // millions between two dates
};

/// The curve that limits a recipe: its own limit, or the line it runs on.
const Curve& limit_of(const Site& site, const Recipe& recipe) {
  if (recipe.max_starts_per_week) return recipe.max_starts_per_week->curve();
  return site.lines.at(recipe.line->text).capacity_per_week.curve();
}

/// Everybody who makes an item. Where a line is shared, recipes with a limit of their own take it
/// in full, and the one without gets what the line has left.
std::vector<Making> makers_of(const std::string& item) {
  std::vector<Making> makers;
  for (const auto& [name, site] : scenario().sites) {
    for (const auto& [recipe_name, recipe] : site.recipes) {
      if (recipe.makes.text != item) continue;
      std::vector<const Recipe*> others;
      for (const auto& [other_name, other] : site.recipes) {
        const bool same_line = other.line && other.line == recipe.line;
        if (same_line && other_name != recipe_name && other.max_starts_per_week) {
          others.push_back(&other);
        }
      }
      const Site* where = &site;
      const Recipe* made = &recipe;
      makers.push_back({name, made, [where, made, others](Time from, Time to) {
                          double left = millions(limit_of(*where, *made), from, to);
                          if (made->max_starts_per_week) return left;
                          for (const Recipe* other : others) {
                            left -= other->line_use_per_piece *
                                    millions(other->max_starts_per_week->curve(), from, to);
                          }
                          return left / made->line_use_per_piece;
                        }});
    }
  }
  return makers;
}

/// Good pieces that come out between two dates, in millions: started a mean cycle earlier.
double output(const Making& making, Time from, Time to) {
  const Recipe& r = *making.recipe;
  double good = 0;
  for (Time week = from; week < to; week += sim::one_week) {
    const Time end = std::min(to, week + sim::one_week);
    const sim::Duration cycle = sim::days_to_duration(r.cycle_days.mean(week));
    const double yield =
        policy::mean_yield(r.yield.mean(week), r.yield_learning, week, scenario().start, 0);
    good += making.started(week - cycle, end - cycle) * yield;
  }
  return good;
}

using Condition = std::function<bool(const std::string& site)>;
const Condition everybody = [](const std::string&) { return true; };
Condition one_of(std::vector<std::string> sites) {
  return [sites = std::move(sites)](const std::string& site) {
    return std::find(sites.begin(), sites.end(), site) != sites.end();
  };
}

double output(const std::string& item, int year, const Condition& counts = everybody) {
  double sum = 0;
  for (const Making& m : makers_of(item)) {
    if (counts(m.site)) sum += output(m, at(year), at(year + 1));
  }
  return sum;
}

double demand(const std::string& customer, const std::string& product, Time from, Time to) {
  const auto& demands = scenario().customers.at(customer).demand;
  const auto found = demands.find(product);
  return found == demands.end() ? 0 : millions(found->second.pieces_per_week.curve(), from, to);
}
double demand(const std::string& product, Time from, Time to) {
  double sum = 0;
  for (const auto& [name, customer] : scenario().customers) sum += demand(name, product, from, to);
  return sum;
}
double demand(const std::string& product, int year) {
  return demand(product, at(year), at(year + 1));
}

void check_near(const std::string& what, double yaml, double sheet, double share) {
  MESSAGE(what << ": sheet " << sheet << ", YAML " << yaml);
  CHECK_MESSAGE(std::fabs(yaml - sheet) <= share * sheet, what);
}
void check_within(const std::string& what, double yaml, double low, double high) {
  MESSAGE(what << ": sheet " << low << " to " << high << ", YAML " << yaml);
  CHECK_MESSAGE((low <= yaml && yaml <= high), what);
}

// --- provenance --------------------------------------------------------------------------------

/// Counts the numbers of a scenario; one that says nothing of where it comes from is a failure.
std::size_t count_numbers(const scenario::LoadedScenario& loaded) {
  std::size_t numbers = 0;
  for (const sim::Input& input : loaded.inputs) {
    if (!input.numeric) continue;
    ++numbers;
    const auto& a = input.annotation;
    const bool sourced = a && !a->sources.empty() && !a->confidence.empty();
    if (sourced || (a && a->assumption)) continue;
    FAIL_CHECK(fmt::format("{}: {} = {}", input.mark.text(), input.path, input.text));
  }
  MESSAGE("numeric inputs: " << numbers);
  return numbers;
}

TEST_CASE(
    "Baseline: every number has a source with its confidence, or the range of an assumption") {
  CHECK(count_numbers(baseline()) > 1500);
}

TEST_CASE("Variants: what CPO and a responsive mix add has a source or a range, too") {
  const std::string folder = OPTICHAIN_SOURCE_DIR "/scenarios/ai-optics-2026/";
  const scenario::LoadedScenario cpo = scenario::load_scenario(folder + "cpo.yaml");
  CHECK(count_numbers(cpo) > count_numbers(baseline()));
  CHECK(count_numbers(scenario::load_scenario(folder + "responsive.yaml")) >
        count_numbers(baseline()));
  // Section 4 of the sheet: 0 to 2% in 2026, 2 to 8% in 2027. And 5% of the 50 M of 2027 at 72
  // engines and 18 external lasers a switch are within 5% of the 35.2 thousand switches and 633
  // thousand external lasers of N10.
  const auto& share = cpo.scenario.substitutions.at("cpo").share;
  const auto mean = [&](int year) {
    return (share_at(share, at(year)) + share_at(share, at(year, 7)) +
            share_at(share, at(year, 12))) /
           3;
  };
  check_within("CPO 2026", mean(2026), 0, 0.02);
  check_within("CPO 2027", mean(2027), 0.02, 0.08);
  check_near("switches 2027", 0.05 * 50e6 / 72, 35'200, 0.05);
  const auto& els = cpo.scenario.sites.at("cpo_makers").recipes.at("cpo_engine").inputs.at("els");
  check_near("external lasers 2027", 0.05 * 50e6 * els, 633'000, 0.05);
}

TEST_CASE("Disruptions: every number that is added has a source or the range of an assumption") {
  const auto disruptions =
      scenario::load_scenario(OPTICHAIN_SOURCE_DIR "/scenarios/ai-optics-2026/disruptions.yaml");
  CHECK(disruptions.scenario.programs.size() >= 9);
  CHECK(count_numbers(disruptions) > count_numbers(baseline()));
}

TEST_CASE("Baseline: what is derived or assumed says how") {
  std::size_t derived = 0;
  for (const sim::Input& input : baseline().inputs) {
    if (!input.numeric || !input.annotation || input.annotation->confidence != "X") continue;
    CHECK_MESSAGE(!input.annotation->note.empty(), input.path);
    ++derived;
  }
  CHECK(derived > 0);
}

TEST_CASE("Baseline: its variant with spot prices says where its numbers come from, too") {
  std::size_t markets = 0;
  for (const sim::Input& input : with_markets().inputs) {
    if (!input.numeric) continue;
    const auto& a = input.annotation;
    const bool sourced = a && !a->sources.empty() && !a->confidence.empty();
    CHECK_MESSAGE((sourced || (a && a->assumption)), input.path);
    if (a && a->confidence == "X") CHECK_MESSAGE(!a->note.empty(), input.path);
    markets += input.path.find(".market.") != std::string::npos ? 1U : 0U;
  }
  CHECK(markets == 2 * 6);
  // the observed rise is not counted twice: what a market moves has no curve of its own
  for (const auto& [name, item] : with_markets().scenario.items) {
    if (item.market) CHECK_MESSAGE(item.price_usd.is_constant(), name);
  }
}

// --- capacity ----------------------------------------------------------------------------------

// World output by year, in millions: section 10 of the first sheet, corrected by section 16 of the
// second. The photonic ICs of all modules come off lines that are counted in pieces whatever they
// are for.
TEST_CASE("Baseline: world output of lasers, garnet and isolators adds up to the sheet") {
  struct Row {
    const char* item;
    double year_2025, year_2026, year_2027, tolerance;
    double low_2026, high_2026;
  };
  const Row rows[] = {
      {"eml_200g", 7, 45, 90, 0.08, 30, 60},
      {"eml_100g", 210, 200, 172, 0.04, 170, 240},
      {"cw_laser", 90, 220, 345, 0.04, 150, 350},
      {"garnet_chip", 185, 300, 430, 0.02, 190, 520},
      // isolators are assembled from it with a tenth to spare
      {"isolator", 203.5, 330, 473, 0.02, 190, 572},
      {"pic_1p6t", 23, 55, 92, 0.04, 38, 83},
      {"dsp_1p6t", 4.45, 20, 45, 0.04, 14, 30},
  };
  for (const Row& row : rows) {
    check_near(fmt::format("{} 2025", row.item), output(row.item, 2025), row.year_2025,
               row.tolerance);
    check_near(fmt::format("{} 2026", row.item), output(row.item, 2026), row.year_2026,
               row.tolerance);
    check_near(fmt::format("{} 2027", row.item), output(row.item, 2027), row.year_2027,
               row.tolerance);
    check_within(fmt::format("{} 2026", row.item), output(row.item, 2026), row.low_2026,
                 row.high_2026);
  }
}

TEST_CASE("Baseline: companies have the volumes and shares that the sheet reports") {
  const Condition lumentum = one_of({"lumentum_lasers"});
  check_near("Lumentum EML 200G 2025", output("eml_200g", 2025, lumentum), 2.2, 0.06);
  check_near("Lumentum EML 200G 2026", output("eml_200g", 2026, lumentum), 13.7, 0.03);
  check_near("Lumentum EML 200G 2027", output("eml_200g", 2027, lumentum), 26, 0.03);
  const auto eml = [](int year, const Condition& who) {
    return output("eml_100g", year, who) + output("eml_200g", year, who);
  };
  check_near("Lumentum EML 2025", eml(2025, lumentum), 60, 0.05);
  check_near("Lumentum EML 2026", eml(2026, lumentum), 100, 0.05);
  check_near("Yuanjie CW 2025", output("cw_laser", 2025, one_of({"yuanjie_lasers"})), 40, 0.03);
  check_near("Yuanjie CW 2026", output("cw_laser", 2026, one_of({"yuanjie_lasers"})), 70, 0.03);
  check_near("Shijia CW 2025", output("cw_laser", 2025, one_of({"shijia_lasers"})), 15, 0.03);

  // TrendForce, June 2026: 72% of EML and 55% of EML and CW with the first three; the latter counts
  // CW for other uses too.
  const Condition eml_top = one_of({"lumentum_lasers", "broadcom_lasers", "mitsubishi_lasers"});
  check_near("EML of the first three 2026", eml(2026, eml_top) / eml(2026, everybody), 0.72, 0.07);
  const Condition all_top = one_of({"lumentum_lasers", "broadcom_lasers", "sumitomo_lasers"});
  const double all = eml(2026, everybody) + output("cw_laser", 2026);
  check_near("EML and CW of the first three 2026",
             (eml(2026, all_top) + output("cw_laser", 2026, all_top)) / all, 0.55, 0.15);

  const Condition growers = one_of({"coherent_garnet", "granopt_garnet"});
  check_within("garnet of the first two 2025",
               output("garnet_chip", 2025, growers) / output("garnet_chip", 2025), 0.70, 0.85);
  const auto garnet_2026 = [](const char* who) {
    return output("garnet_chip", 2026, one_of({who})) / output("garnet_chip", 2026);
  };
  check_within("garnet of Coherent 2026", garnet_2026("coherent_garnet"), 0.40, 0.60);
  check_within("garnet of GRANOPT 2026", garnet_2026("granopt_garnet"), 0.20, 0.40);
  check_within("garnet of Shin-Etsu 2026", garnet_2026("shinetsu_garnet"), 0, 0.10);
  check_within("film of Chinese growers 2026", garnet_2026("china_garnet"), 0.05, 0.25);
  check_within("film of newcomers 2026", garnet_2026("new_garnet"), 0, 0.08);
  const auto isolators = [](const char* who) {
    return output("isolator", 2025, one_of({who})) / output("isolator", 2025);
  };
  check_within("isolators of Coherent", isolators("coherent_isolators"), 0.495, 0.60);
  check_within("isolators of SMM", isolators("smm_isolators"), 0.20, 0.30);
}

TEST_CASE("Baseline: Innolight can make what it filed for both halves of 2025") {
  const Site& innolight = scenario().sites.at("innolight");
  double starts = 0;
  for (const auto& [name, line] : innolight.lines) {
    starts += millions(line.capacity_per_week.curve(), at(2025), at(2025, 7));
  }
  const double yield = innolight.recipes.at("m800_eml_dr8").yield.mean(at(2025));
  check_near("capacity H1 2025", starts / 0.9, 11.61, 0.01);
  check_near("output H1 2025", starts * yield, 9.40, 0.01);
  double second = 0;
  for (const auto& [name, line] : innolight.lines) {
    second += millions(line.capacity_per_week.curve(), at(2025, 7), at(2026));
  }
  check_near("output H2 2025", second * yield, 14.36, 0.02);
}

// --- demand ------------------------------------------------------------------------------------

TEST_CASE("Baseline: demand adds up to the vintage, family by family and year by year") {
  struct Row {
    const char* family;
    double by_year[4];
  };
  const Row rows[] = {{"800g", {9, 20, 50, 56}},
                      {"1p6t", {0.1, 2.4, 25, 50}},
                      {"400g", {14, 20, 17, 13}},
                      {"legacy", {24, 24, 23, 22}},
                      {"isolator", {20, 20, 20, 20}}};
  for (const Row& row : rows) {
    for (int y = 0; y < 4; ++y) {
      check_near(fmt::format("{} {}", row.family, 2024 + y), demand(row.family, 2024 + y),
                 row.by_year[y], 0.005);
    }
  }
  // 1.6T in 2026 by quarter: 12, 19, 29, 40%.
  const double shape[] = {0.12, 0.19, 0.29, 0.40};
  for (unsigned q = 0; q < 4; ++q) {
    const Time end = q < 3 ? at(2026, 3 * q + 4) : at(2027);
    check_near(fmt::format("1p6t 2026Q{}", q + 1), demand("1p6t", at(2026, 3 * q + 1), end) / 25,
               shape[q], 0.01);
  }
}

TEST_CASE("Baseline: customers want what the claims say") {
  const auto wanted = [](const char* who, int year) {
    return demand(who, "800g", at(year), at(year + 1));
  };
  check_within("Meta 2026", wanted("meta", 2026), 10, 12);
  check_near("Google and Microsoft 2026", wanted("google", 2026) + wanted("microsoft", 2026), 12,
             0.02);
  check_near("Amazon 2026", wanted("amazon", 2026), 5.5, 0.02);
  check_near("North America 2025", demand("800g", 2025) - wanted("china_clouds", 2025), 20, 0.05);
  const double large = demand("800g", 2024) + demand("1p6t", 2024);
  const double all = large + demand("400g", 2024) + demand("legacy", 2024);
  check_near("share of 800G and above in 2024", large / all, 0.195, 0.03);
}

TEST_CASE("Baseline: shares that are published are not cut") {
  const auto share = [](const char* who, const char* family, const char* maker) {
    const auto& from = scenario().customers.at(who).demand.at(family).from;
    double all = 0;
    for (const auto& [name, source] : from) {
      if (!source.from ||
          *source.from <= Date{std::chrono::year{2025} / std::chrono::month{7} / 1}) {
        all += source.share.curve().value(at(2025, 7));
      }
    }
    return from.at(maker).share.curve().value(at(2025, 7)) / all;
  };
  check_within("Innolight at Google, 800G", share("google", "800g", "innolight"), 0.60, 0.70);
  check_within("Innolight at Google, 1.6T", share("google", "1p6t", "innolight"), 0.60, 0.70);
  check_within("Eoptolink at Amazon", share("amazon", "800g", "eoptolink"), 0.50, 0.65);
  check_within("Eoptolink at Meta", share("meta", "800g", "eoptolink"), 0.25, 0.35);
}

// --- modules -----------------------------------------------------------------------------------

TEST_CASE("Baseline: bills of materials are those of the sheet, at every maker") {
  using Inputs = std::map<std::string, double>;
  const std::map<std::string, Inputs> sheet = {
      {"m800_eml_dr8", {{"eml_100g", 8}, {"isolator", 8}, {"dsp_800g", 1}}},
      {"m800_eml_2fr4", {{"eml_100g", 8}, {"isolator", 2}, {"dsp_800g", 1}}},
      {"m800_siph_dr8", {{"cw_laser", 3}, {"isolator", 3}, {"pic_800g", 1}, {"dsp_800g", 1}}},
      {"m800_siph_2fr4", {{"cw_laser", 4}, {"isolator", 4}, {"pic_800g", 1}, {"dsp_800g", 1}}},
      {"m800_sr8", {{"vcsel_100g", 8}, {"dsp_800g", 1}}},
      {"m800_lpo", {{"cw_laser", 3}, {"isolator", 3}, {"pic_800g", 1}}},
      {"m1600_eml_dr8", {{"eml_200g", 8}, {"isolator", 8}, {"dsp_1p6t", 1}}},
      {"m1600_eml_2fr4", {{"eml_200g", 8}, {"isolator", 2}, {"dsp_1p6t", 1}}},
      {"m1600_siph_dr8", {{"cw_laser", 4}, {"isolator", 4}, {"pic_1p6t", 1}, {"dsp_1p6t", 1}}},
      {"m400_eml_dr4", {{"eml_100g", 4}, {"isolator", 4}, {"dsp_400g", 1}}},
      {"m400_eml_fr4", {{"eml_100g", 4}, {"isolator", 1}, {"dsp_400g", 1}}},
      {"m400_siph_dr4", {{"cw_laser", 1.5}, {"isolator", 1.5}, {"pic_400g", 1}, {"dsp_400g", 1}}},
      {"isolator", {{"garnet_chip", 1}}},
  };
  std::set<std::string> seen;
  for (const auto& [name, site] : scenario().sites) {
    for (const auto& [recipe_name, recipe] : site.recipes) {
      const auto wanted = sheet.find(recipe.makes.text);
      if (recipe.makes.text ==
          "garnet_chip") {  // licences hit who buys rare earths, no one in China
        const bool chinese = name == "china_garnet" || name == "new_garnet";
        CHECK_MESSAGE(recipe.inputs == (chinese ? Inputs{} : Inputs{{"rare_earths", 1}}), name);
        continue;
      }
      if (wanted == sheet.end()) {
        CHECK_MESSAGE(recipe.inputs.empty(), name << "." << recipe_name);
        continue;
      }
      seen.insert(wanted->first);
      CHECK_MESSAGE(recipe.inputs == wanted->second, name << "." << recipe_name);
    }
  }
  CHECK(seen.size() == sheet.size());
}

TEST_CASE("Baseline: a switch of 32 ports of 800G carries 25.6 Tb/s, of 400G 12.8") {
  CHECK(32 * scenario().families.at("800g").gbps_per_piece == 25'600);
  CHECK(32 * scenario().families.at("400g").gbps_per_piece == 12'800);
  CHECK(scenario().families.at("1p6t").gbps_per_piece == 1600);
}

// --- nothing stands still for a silly reason ---------------------------------------------------

TEST_CASE("Baseline: whoever buys has a qualified seller from the beginning") {
  const auto qualified = [](const std::map<std::string, Source>& from) {
    return std::any_of(from.begin(), from.end(), [](const auto& entry) {
      return !entry.second.from && entry.second.share.lowest() > 0;
    });
  };
  std::size_t purchases = 0, demands = 0;
  for (const auto& [name, site] : scenario().sites) {
    for (const auto& [item, purchase] : site.buys) {
      CHECK_MESSAGE(qualified(purchase.from), name << " buys " << item);
      ++purchases;
    }
  }
  for (const auto& [name, customer] : scenario().customers) {
    for (const auto& [product, wanted] : customer.demand) {
      CHECK_MESSAGE(qualified(wanted.from), name << " wants " << product);
      ++demands;
    }
  }
  CHECK(purchases > 0);
  CHECK(demands > 0);
}

TEST_CASE("Baseline: every maker a customer orders from makes a variant it accepts by then") {
  std::size_t choosy = 0;
  for (const auto& [name, customer] : scenario().customers) {
    for (const auto& [product, wanted] : customer.demand) {
      if (wanted.accepts.empty()) continue;
      for (const auto& [seller, source] : wanted.from) {
        const Date begin = source.from.value_or(scenario().start);
        const auto& recipes = scenario().sites.at(seller).recipes;
        const bool any =
            std::any_of(wanted.accepts.begin(), wanted.accepts.end(), [&](const auto& accepted) {
              return accepted.second <= begin && recipes.contains(accepted.first);
            });
        CHECK_MESSAGE(any, name << " orders " << product << " from " << seller);
        ++choosy;
      }
    }
  }
  CHECK(choosy > 0);
}

TEST_CASE("Baseline: what is sold is bought by somebody") {
  std::set<std::pair<std::string, std::string>> bought;
  for (const auto& [name, site] : scenario().sites) {
    for (const auto& [item, purchase] : site.buys) {
      for (const auto& [seller, source] : purchase.from) bought.insert({seller, item});
    }
  }
  for (const auto& [name, customer] : scenario().customers) {
    for (const auto& [product, wanted] : customer.demand) {
      for (const auto& [seller, source] : wanted.from) bought.insert({seller, product});
    }
  }
  std::size_t sold = 0;
  for (const auto& [name, site] : scenario().sites) {
    for (const auto& [product, offer] : site.sells) {
      CHECK_MESSAGE(bought.contains({name, product}), name << " sells " << product);
      ++sold;
    }
  }
  CHECK(sold > 0);
}

}  // namespace
}  // namespace optichain::models
