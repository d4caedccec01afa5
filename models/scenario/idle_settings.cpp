#include "models/scenario/idle_settings.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/network/filling_time.hpp"
#include "models/network/planned_needs.hpp"
#include "models/scenario/idle_terms.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::scenario {
namespace {

class IdleSettings {
 public:
  IdleSettings(const LoadedScenario& loaded, const Catalog& catalog, sim::Diagnostics& found)
      : loaded_(loaded), s_(loaded.scenario), catalog_(catalog), found_(found) {}

  void find() {
    find_in_offers();
    find_in_purchases();
    find_in_over_ordering();
    find_on_sites();
    find_in_agreements();
    find_in_programs();
    find_in_sources();
    find_in_traces();
    find_empty_pipeline();
    find_idle_terms(loaded_, catalog_, found_);
  }

 private:
  void add(const std::string& path, std::string message, std::vector<std::string> notes = {},
           const std::string& whole = "") {
    found_.error(loaded_.document.locate(path), path, std::move(message), std::move(notes), whole);
  }
  /// Says of a date that it comes too late to matter.
  bool is_after_the_end(const std::string& path, sim::Date date, const char* what,
                        const std::string& whole) {
    if (sim::Time{date} < catalog_.end()) return false;
    add(path,
        fmt::format("{} on {}, after the end of the scenario on {}: it does nothing", what,
                    sim::format_time(date), sim::format_time(s_.end.date)),
        {}, whole);
    return true;
  }
  bool is_over_before_the_beginning(const std::string& path, sim::Time end,
                                    const std::string& whole) {
    if (end > catalog_.begin()) return false;
    add(path,
        fmt::format("it is over before the simulation begins on {}: it does nothing",
                    sim::format_time(catalog_.begin())),
        {}, whole);
    return true;
  }

  void find_in_offers() {
    for (const auto& offer : catalog_.offers) {
      const std::string& site = catalog_[offer.site].name;
      const std::string product = offer.name.substr(site.size() + 1);
      const std::string path = "sites." + site + ".sells." + product;
      if (offer.channels.empty()) {
        add(path, "nobody buys it here: what is said of the offer does nothing");
        continue;
      }
      const auto* ranks = std::get_if<policy::Priority>(&offer.offer->allocation);
      if (!ranks) continue;
      std::vector<std::string> buyers;
      for (const ChannelId c : offer.channels) {
        buyers.push_back(catalog_.party_name(catalog_[c].buyer));
      }
      for (const sim::Name& ranked : ranks->buyers) {
        if (std::find(buyers.begin(), buyers.end(), ranked.text) != buyers.end()) continue;
        add(path + ".allocation",
            fmt::format("{} never buys {} here: its rank does nothing", sim::in_quotes(ranked.text),
                        product),
            sim::suggestion(ranked.text, buyers, "buyers"));
      }
    }
  }

  void find_in_purchases() {
    for (const auto& channel : catalog_.channels) {
      const Source& source = *channel.source;
      const std::string path = path_of(channel);
      if (source.from)
        is_after_the_end(path + ".from", *source.from, "the seller is qualified", path + ".from");
      if (source.share.highest() <= 0 && !is_called(channel)) {
        add(path + ".share", "a share of 0 throughout: nothing is ordered here");
      }
    }
  }
  /// Whether some agreement is about what is bought along the channel.
  bool is_called(const Catalog::ChannelEntry& channel) const {
    return std::any_of(
        catalog_.agreements.begin(), catalog_.agreements.end(), [&](const auto& agreement) {
          return std::any_of(agreement.parts.begin(), agreement.parts.end(),
                             [&](const auto& part) { return &catalog_[part.channel] == &channel; });
        });
  }
  std::string path_of(const Catalog::ChannelEntry& channel) const {
    const auto& seller = catalog_[catalog_[channel.offer].site].name;
    if (channel.purchase.valid()) {
      const auto& purchase = catalog_[channel.purchase];
      const std::string& site = catalog_[purchase.site].name;
      return fmt::format("sites.{}.buys.{}.from.{}", site, purchase.name.substr(site.size() + 1),
                         seller);
    }
    const auto& demand = catalog_[channel.demand];
    const std::string& customer = catalog_[demand.customer].name;
    return fmt::format("customers.{}.demand.{}.from.{}", customer,
                       demand.name.substr(customer.size() + 1), seller);
  }

  /// Who over-orders where it pays, and buys only where it never can.
  void find_in_over_ordering() {
    const auto look = [&](const auto& terms, std::span<const ChannelId> channels,
                          const std::string& path) {
      if (!terms) return;
      const auto at = over_orders_at(catalog_, channels, *terms);
      if (std::find(at.begin(), at.end(), true) != at.end()) return;
      add(path + ".over_ordering",
          "it pays at none of the sellers: their rules of allocation give no more to who asks for "
          "more, or nobody else buys there");
    };
    for (const auto& purchase : catalog_.purchases) {
      const std::string& site = catalog_[purchase.site].name;
      look(purchase.purchase->over_ordering, purchase.channels,
           "sites." + site + ".buys." + purchase.name.substr(site.size() + 1));
    }
    for (const auto& demand : catalog_.demands) {
      const std::string& customer = catalog_[demand.customer].name;
      look(demand.demand->over_ordering, demand.channels,
           "customers." + customer + ".demand." + demand.name.substr(customer.size() + 1));
    }
  }

  void find_on_sites() {
    for (const auto& [name, site] : s_.sites) {
      std::set<std::string> used;
      for (const auto& [recipe, terms] : site.recipes) {
        const std::string path = fmt::format("sites.{}.recipes.{}", name, recipe);
        if (terms.line) used.insert(terms.line->text);
        if (terms.from)
          is_after_the_end(path + ".from", *terms.from, "it can be started", path + ".from");
      }
      for (const auto& [line, terms] : site.lines) {
        if (used.contains(line)) continue;
        add(fmt::format("sites.{}.lines.{}", name, line),
            "no recipe of the site uses the line: it does nothing");
      }
    }
  }

  void find_in_agreements() {
    for (const auto& [name, agreement] : s_.agreements) {
      const std::string path = "agreements." + name;
      // what is paid ahead is paid on days of its own
      const std::string whole = agreement.prepayment ? "" : path;
      if (is_after_the_end(path + ".from", agreement.from, "it begins", whole)) continue;
      const sim::Time end = agreement.until.date + std::chrono::days{1};
      if (is_over_before_the_beginning(path + ".until", end, whole) || end <= catalog_.end())
        continue;
      add(path + ".until",
          fmt::format("it goes on for {:.0f} days after the end of the scenario: what is called, "
                      "paid and settled then is in no figure",
                      sim::to_days(end - catalog_.end())),
          {"let the scenario end later, or value what is left by hand"});
    }
  }

  void find_in_programs() {
    for (const auto& [name, program] : s_.programs) {
      std::visit(
          [&]<class Terms>(const Terms& terms) {
            find_in_program("programs." + name, fmt::format("programs.{}.{}", name, Terms::tag),
                            terms);
          },
          program);
    }
  }
  template <class Terms>
  void find_in_program(const std::string& whole, const std::string& path, const Terms& terms) {
    if constexpr (requires { terms.decided; }) {
      if (terms.decided)
        is_after_the_end(path + ".decided", *terms.decided, "it is decided", whole);
    }
    if constexpr (requires { terms.date; })
      is_after_the_end(path + ".date", terms.date, "it comes", whole);
    if constexpr (requires { terms.until; }) {
      if (is_after_the_end(path + ".from", terms.from, "it begins", whole) || !terms.until) return;
      is_over_before_the_beginning(path + ".until", terms.until->date + std::chrono::days{1},
                                   whole);
    }
    if constexpr (std::is_same_v<Terms, Disruption>) {
      const auto* dated = std::get_if<DatedDisruption>(&terms.when);
      if (!dated) return;
      const std::string when = path + ".when.dated.from";
      if (is_after_the_end(when, dated->from, "it begins", whole) || dated->every_days) return;
      is_over_before_the_beginning(
          when, sim::Time{dated->from} + sim::days_to_duration(dated->days), whole);
    }
  }

  void find_in_sources() {
    std::set<std::string> named;
    for (const sim::Input& input : loaded_.inputs) {
      if (!input.annotation) continue;
      named.insert(input.annotation->sources.begin(), input.annotation->sources.end());
    }
    std::vector<std::string> idle;
    for (const auto& [key, text] : s_.sources) {
      if (!named.contains(key)) idle.push_back(key);
    }
    if (idle.empty()) return;
    constexpr std::size_t most_shown = 10;
    const std::size_t shown = std::min(most_shown, idle.size());
    add("sources", fmt::format("{} of {} sources are named by no number: {}{}", idle.size(),
                               s_.sources.size(), fmt::join(std::span(idle).first(shown), ", "),
                               shown < idle.size() ? ", ..." : ""));
  }

  /// A trace is what comes, `pieces_per_week` what is planned: far apart, plans mislead.
  void find_in_traces() {
    constexpr double far_apart = 0.25;
    if (!network::anybody_shares_plans(catalog_)) return;
    for (const auto& demand : catalog_.demands) {
      const auto* trace = std::get_if<DemandTrace>(&demand.demand->variation);
      if (!trace || trace->quantities.empty()) continue;
      const sim::Duration every = catalog_.review_every(catalog_.party(demand.customer));
      const double weeks = sim::to_weeks(every) * static_cast<double>(trace->quantities.size());
      const double wanted =
          std::accumulate(trace->quantities.begin(), trace->quantities.end(), 0.0) *
          trace->pieces_per_unit / weeks;
      const sim::Value& plan = demand.demand->pieces_per_week;
      const sim::Time until = catalog_.begin() + sim::days_to_duration(7 * weeks);
      const double planned = plan.curve().integral(catalog_.begin(), until) /
                             static_cast<double>((until - catalog_.begin()).count()) *
                             (plan.is_random() ? plan.factor().mean() : 1);
      if (std::fabs(wanted - planned) <= far_apart * std::max(wanted, planned)) continue;
      const std::string& customer = catalog_[demand.customer].name;
      add(fmt::format("customers.{}.demand.{}.pieces_per_week", customer,
                      demand.name.substr(customer.size() + 1)),
          fmt::format("the trace has {:.3g} pieces a week on average, and {:.3g} are planned here: "
                      "who forecasts from shared plans prepares for these",
                      wanted, planned),
          {"let it be what is expected of the trace, or choose another `forecast`"});
    }
  }

  /// Where making or bringing takes time and nothing is anywhere, the first weeks fill the chain.
  /// Who gives a warm-up knows.
  void find_empty_pipeline() {
    if (s_.warm_up_days > 0) return;
    const sim::Duration filling = network::filling_time(catalog_, network::FlowGraph(catalog_));
    if (filling <= sim::Duration{0}) return;
    add("",
        fmt::format(
            "the chain is empty at the beginning: the first {:.0f} weeks show how it fills, "
            "not how it works",
            std::ceil(sim::to_weeks(filling))),
        {"give `initial: steady`, `warm_up_days`, or initial pieces, lots and shipments"});
  }

  const LoadedScenario& loaded_;
  const Scenario& s_;
  const Catalog& catalog_;
  sim::Diagnostics& found_;
};

}  // namespace

sim::Diagnostics idle_settings(const LoadedScenario& loaded, const Catalog& catalog) {
  sim::Diagnostics found;
  IdleSettings(loaded, catalog, found).find();
  return found;
}

}  // namespace optichain::models::scenario
