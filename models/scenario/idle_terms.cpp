#include "models/scenario/idle_terms.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "sim/base/time.hpp"

namespace optichain::models::scenario {
namespace {

class IdleTerms {
 public:
  IdleTerms(const LoadedScenario& loaded, const Catalog& catalog, sim::Diagnostics& found)
      : loaded_(loaded),
        s_(loaded.scenario),
        catalog_(catalog),
        found_(found),
        days_(sim::to_days(catalog.end() - catalog.begin())) {}

  void find() {
    for (const auto& [name, site] : s_.sites) find_on_site("sites." + name, site);
    for (const auto& [name, customer] : s_.customers) {
      for (const auto& [product, demand] : customer.demand) {
        find_in_demand("customers." + name + ".demand." + product, product, demand);
      }
    }
    for (const auto& [name, program] : s_.programs) {
      const std::string path = "programs." + name;
      if (const auto* expansion = std::get_if<Expansion>(&program)) {
        find_in_expansion(path + ".expansion", *expansion);
      } else if (const auto* disruption = std::get_if<Disruption>(&program)) {
        find_in_disruption(path + ".disruption", *disruption);
      }
    }
    for (const auto& [name, qualification] : s_.qualifications) {
      find_in_qualification("qualifications." + name, qualification);
    }
    find_in_lanes();
    find_in_elasticities();
  }

 private:
  void add(const std::string& path, std::string message) {
    found_.error(loaded_.document.locate(path), path, std::move(message));
  }
  std::string after_the_end(sim::Time time) const {
    return fmt::format("{}, after the end of the scenario on {}", sim::format_time(time),
                       sim::format_time(s_.end.date));
  }
  std::string days_of_scenario() const { return fmt::format("{:.0f} days", days_); }

  // --- sites ---

  void find_on_site(const std::string& here, const Site& site) {
    for (const auto& [name, line] : site.lines) {
      for (const auto& [outage, terms] : line.outages) {
        find_in_outage(fmt::format("{}.lines.{}.outages.{}", here, name, outage), terms);
      }
    }
    for (const auto& [name, recipe] : site.recipes) {
      const std::string path = fmt::format("{}.recipes.{}", here, name);
      find_late_pieces(path + ".initial_lots", recipe.initial_lots);
      if (recipe.yield_learning) find_in_learning(path + ".yield_learning", recipe);
    }
    for (const auto& [product, purchase] : site.buys) {
      find_in_purchase(here + ".buys." + product, purchase);
    }
    for (const auto& [product, offer] : site.sells) {
      find_in_offer(here, product, site, offer);
    }
  }
  void find_in_outage(const std::string& path, const PlannedOutage& outage) {
    if (sim::Time{outage.from} >= catalog_.end()) {
      add(path + ".from",
          "it begins on " + after_the_end(sim::Time{outage.from}) + ": it does nothing");
    } else if (outage.until.date + std::chrono::days{1} <= catalog_.begin()) {
      add(path + ".until", fmt::format("it is over before the simulation begins on {}: it does "
                                       "nothing",
                                       sim::format_time(catalog_.begin())));
    } else if (outage.left >= 1) {
      add(path + ".left", "all capacity is left: it does nothing");
    }
  }
  void find_late_pieces(const std::string& path, const std::vector<InitialPieces>& pieces) {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (pieces[i].in_days < days_) continue;
      add(fmt::format("{}[{}].in_days", path, i),
          fmt::format("{:g} days are longer than the {} that are simulated: it never arrives",
                      pieces[i].in_days, days_of_scenario()));
    }
  }
  void find_in_learning(const std::string& path, const Recipe& recipe) {
    const policy::YieldLearning& learning = *recipe.yield_learning;
    if (!recipe.yield.is_random() && learning.initial == recipe.yield.lowest() &&
        learning.initial == recipe.yield.highest()) {
      add(path + ".initial", "it begins at its limit: nothing is learnt");
    } else if (learning.from && learning.halving_weeks &&
               sim::Time{*learning.from} >= catalog_.end()) {
      add(path + ".from", "it begins on " + after_the_end(sim::Time{*learning.from}) +
                              ": the yield stays where it begins");
    }
  }
  void find_in_purchase(const std::string& path, const Purchase& purchase) {
    find_in_sources(path, purchase.from, purchase.lead_time_elasticity);
    if (purchase.over_ordering) find_in_over_ordering(path, *purchase.over_ordering);
  }
  void find_in_sources(const std::string& path, const std::map<std::string, Source>& sources,
                       double elasticity) {
    if (elasticity > 0) elasticities_.emplace_back(path + ".lead_time_elasticity", sources.size());
    for (const auto& [seller, source] : sources) {
      const std::string from = path + ".from." + seller;
      find_late_pieces(from + ".initial_orders", source.initial_orders);
      find_late_pieces(from + ".initial_shipments", source.initial_shipments);
    }
  }
  void find_in_over_ordering(const std::string& path, const policy::OverOrdering& terms) {
    if (terms.cap <= 1) {
      add(path + ".over_ordering.cap", "no more is on order than is needed: it does nothing");
    } else if (terms.sensitivity == 0) {
      add(path + ".over_ordering.sensitivity", "with 0 orders are never increased");
    }
  }
  bool is_family(const std::string& product) const { return s_.families.contains(product); }
  void find_in_offer(const std::string& here, const std::string& product, const Site& site,
                     const Offer& offer) {
    const std::string path = here + ".sells." + product;
    if (!is_family(product)) {
      const std::string alone = product + " is no family: there is nothing to choose among";
      if (!offer.mix.empty()) add(path + ".mix", alone);
      if (offer.spill != Offer{}.spill) add(path + ".spill", alone);
    }
    const auto* base = std::get_if<policy::BaseStock>(&offer.replenish);
    const auto stock = site.stocks.find(product);
    if (!base || stock == site.stocks.end() || !stock->second.room_pieces) return;
    if (base->level_pieces <= *stock->second.room_pieces) return;
    add(path + ".replenish.base_stock.level_pieces",
        fmt::format("there is room for {} at most: the level of {} is reached only while pieces "
                    "are owed",
                    stock->second.room_pieces->count(), base->level_pieces.count()));
  }

  // --- customers ---

  void find_in_demand(const std::string& path, const std::string& product, const Demand& demand) {
    find_in_sources(path, demand.from, demand.lead_time_elasticity);
    if (demand.over_ordering) find_in_over_ordering(path, *demand.over_ordering);
    if (demand.patience_days && *demand.patience_days >= days_) {
      add(path + ".patience_days",
          fmt::format("{:g} days are longer than the {} that are simulated: nothing is given up",
                      *demand.patience_days, days_of_scenario()));
    }
    if (!demand.accepts.empty() && !is_family(product)) {
      add(path + ".accepts", product + " is no family: there are no variants to accept");
    }
    for (const auto& [variant, date] : demand.accepts) {
      if (!is_family(product) || sim::Time{date} < catalog_.end()) continue;
      add(path + ".accepts." + variant,
          "it is accepted from " + after_the_end(sim::Time{date}) + ": never here");
    }
    const bool is_trace = std::holds_alternative<DemandTrace>(demand.variation);
    for (const auto& [name, revision] : demand.revisions) {
      find_in_revision(path + ".revisions." + name, revision, is_trace);
    }
  }
  void find_in_revision(const std::string& path, const DemandRevision& revision, bool is_trace) {
    constexpr std::chrono::days plans_ahead{366};  // how far shared plans look
    if (is_trace) {
      add(path, "what is wanted is a trace: only plans change");
    } else if (revision.factor && *revision.factor == 1) {
      add(path + ".factor", "a factor of 1: nothing changes");
    } else if (sim::Time{revision.from} >= catalog_.end() + plans_ahead) {
      add(path + ".from", "it comes on " + after_the_end(sim::Time{revision.from}) +
                              ", and further than plans look ahead: it does nothing");
    }
  }

  // --- what changes on the way ---

  void find_in_expansion(const std::string& path, const Expansion& expansion) {
    const double adds = std::max(expansion.adds_per_week ? expansion.adds_per_week->highest() : 0,
                                 expansion.adds_share.value_or(0));
    if (adds <= 0) {
      add(path + (expansion.adds_share ? ".adds_share" : ".adds_per_week"), "it adds nothing");
      return;
    }
    const auto first = [&](sim::Time decided) {
      return decided + sim::days_to_duration(expansion.lead_days.lowest());
    };
    if (expansion.decided && sim::Time{*expansion.decided} < catalog_.end()) {
      const sim::Time there = first(sim::Time{*expansion.decided});
      if (there >= catalog_.end()) {
        add(path + ".lead_days", "it is there on " + after_the_end(there) + " at the earliest");
      }
    }
    if (expansion.when && expansion.when->pace.for_weeks * 7 >= days_) {
      add(path + ".when.for_weeks",
          fmt::format("{:g} weeks are longer than the {} that are simulated: it is never decided",
                      expansion.when->pace.for_weeks, days_of_scenario()));
    }
  }
  void find_in_disruption(const std::string& path, const Disruption& disruption) {
    const auto* chain = std::get_if<MarkovDisruption>(&disruption.when);
    if (chain && chain->starts == 0) add(path + ".when.markov.starts", "with 0 it never begins");
  }
  void find_in_qualification(const std::string& path, const Qualification& qualification) {
    if (!qualification.start) return;
    const sim::Time earliest = sim::Time{*qualification.start} +
                               sim::days_to_duration(qualification.duration_days.lowest());
    if (earliest < catalog_.end()) return;
    add(path + ".start", "it succeeds on " + after_the_end(earliest) +
                             " at the earliest: what waits for it is never used");
  }
  void find_in_lanes() {
    std::set<const TransportLane*> used;
    for (const auto& channel : catalog_.channels) used.insert(channel.lane);
    for (const auto& [name, lane] : s_.lanes) {
      if (used.contains(&lane)) continue;
      add("lanes." + name,
          "nothing is sent along it: nobody at one end buys of somebody at the other, or lanes "
          "that name them more exactly count");
    }
  }

  /// Terms that many share, by an alias of YAML, have an effect if they have one anywhere.
  void find_in_elasticities() {
    const auto place = [&](const std::string& path) {
      const sim::Mark mark = loaded_.document.locate(path);
      return std::tuple(mark.file ? *mark.file : "", mark.line, mark.column);
    };
    std::set<decltype(place(""))> useful;
    for (const auto& [path, sellers] : elasticities_) {
      if (sellers > 1) useful.insert(place(path));
    }
    for (const auto& [path, sellers] : elasticities_) {
      if (!useful.insert(place(path)).second) continue;  // said once for all who share it
      add(path, "there is one seller: nothing can turn to another");
    }
  }

  const LoadedScenario& loaded_;
  const Scenario& s_;
  const Catalog& catalog_;
  sim::Diagnostics& found_;
  double days_;
  std::vector<std::pair<std::string, std::size_t>> elasticities_;  // path, and how many sellers
};

}  // namespace

void find_idle_terms(const LoadedScenario& loaded, const Catalog& catalog,
                     sim::Diagnostics& found) {
  IdleTerms(loaded, catalog, found).find();
}

}  // namespace optichain::models::scenario
