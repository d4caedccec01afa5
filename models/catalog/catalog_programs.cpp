// Programs resolved: which lines, offers and channels each of them acts on.
#include <algorithm>

#include "models/catalog/catalog.hpp"
#include "sim/base/check.hpp"
#include "sim/base/overloaded.hpp"

namespace optichain::models {
namespace {

template <class Entries, class Id>
Id named(const Entries& entries, const std::vector<Id>& ids, const std::string& name) {
  const auto found =
      std::find_if(ids.begin(), ids.end(), [&](Id id) { return entries[id.index()].name == name; });
  OPTICHAIN_CHECK(found != ids.end(), "unresolved name {}", name);
  return *found;
}

/// Whether a list of names says nothing or has one of some.
bool fits(const std::vector<Name>& list, std::initializer_list<std::string_view> names) {
  if (list.empty()) return true;
  return std::any_of(list.begin(), list.end(), [&](const Name& wanted) {
    return std::find(names.begin(), names.end(), wanted.text) != names.end();
  });
}
bool fits(const std::optional<Name>& wanted, const std::optional<Name>& region) {
  return !wanted || (region && *wanted == *region);
}

}  // namespace

void Catalog::add_programs() {
  for (const auto& [name, program] : scenario.programs) {
    const ProgramId id{programs.size()};
    programs.push_back({name, &program, {}, {}, {}, {}, false});
    std::visit(sim::Overloaded{
                   [&](const Expansion& p) { add_lines(id, p.site, {p.line}); },
                   [&](const Breakdowns& p) { add_lines(id, p.site, {p.line}); },
                   [&](const Conversion& p) {
                     add_lines(id, p.site, {p.from, p.to});
                   },
                   [&](const ExportControl& p) { add_control(id, p); },
                   [&](const SupplierExit& p) { add_exit(id, p); },
                   [&](const Disruption& p) { add_disruption(id, p); },
               },
               program);
  }
}

void Catalog::add_lines(ProgramId id, const Name& site, const std::vector<Name>& names) {
  ProgramEntry& entry = programs[id.index()];
  const auto found = std::find_if(sites.begin(), sites.end(),
                                  [&](const SiteEntry& s) { return s.name == site.text; });
  OPTICHAIN_CHECK(found != sites.end(), "unresolved site {}", site.text);
  entry.site = SiteId{static_cast<std::size_t>(found - sites.begin())};
  for (const Name& name : names) {
    entry.lines.push_back(named(lines, found->lines, site.text + "." + name.text));
  }
}

void Catalog::add_disruption(ProgramId id, const Disruption& disruption) {
  add_lines(id, disruption.site, {});
  if (!disruption.is_of_channels()) return;
  const PartyId site = party(programs[id.index()].site);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const PartyId seller = party(offers[channels[c].offer.index()].site), buyer = channels[c].buyer;
    const bool concerned = disruption.pauses == Activity::supply
                               ? buyer == site && fits(disruption.sellers, {party_name(seller)})
                               : seller == site && fits(disruption.buyers, {party_name(buyer)});
    if (concerned) programs[id.index()].channels.emplace_back(c);
  }
}

void Catalog::add_control(ProgramId id, const ExportControl& control) {
  Hold hold{.program = id,
            .from = control.from,
            .until = control.until ? control.until->date + std::chrono::days{1} : never,
            .withdraws = control.withdraw,
            .variants = {}};
  if (std::holds_alternative<Blocked>(control.effect)) {
    hold.weight = 0;
    hold.ships = false;
  } else if (const auto* quota = std::get_if<LicenceQuota>(&control.effect)) {
    hold.weight = quota->left;
  }
  for (std::size_t c = 0; c < channels.size(); ++c) {
    ChannelEntry& channel = channels[c];
    const OfferEntry& offer = offers[channel.offer.index()];
    const SiteEntry& seller = sites[offer.site.index()];
    const bool concerned = fits(control.sites, {seller.name}) &&
                           fits(control.buyers, {party_name(channel.buyer)}) &&
                           fits(control.from_region, seller.site->region) &&
                           fits(control.to_region, region_of(channel.buyer));
    hold.variants.clear();
    bool any = false;
    for (std::size_t v = 0; v < offer.variants.size(); ++v) {
      const ItemEntry& item = items[stocks[offer.variants[v].stock.index()].item.index()];
      const std::string& product = products[item.product.index()].name;
      hold.variants.push_back(channel.accepts[v] && fits(control.items, {item.name, product}));
      any = any || hold.variants.back();
    }
    if (!concerned || !any) continue;
    channel.holds.push_back(hold);
    programs[id.index()].channels.emplace_back(c);
  }
}

void Catalog::add_exit(ProgramId id, const SupplierExit& exit) {
  add_lines(id, exit.site, {});
  ProgramEntry& entry = programs[id.index()];
  const SiteEntry& site = sites[entry.site.index()];
  for (const OfferId o : site.offers) {
    OfferEntry& offer = offers[o.index()];
    if (!fits(exit.sells, {products[offer.product.index()].name})) continue;
    entry.offers.push_back(o);
    offer.closed_from = std::min(offer.closed_from, sim::Time{exit.date});
    for (const ChannelId c : offer.channels) {
      channels[c.index()].holds.push_back(
          {.program = id,
           .from = exit.date,
           .until = never,
           .weight = 0,
           .ships = exit.honours_orders,
           .withdraws = !exit.honours_orders,
           .variants = std::vector<bool>(offer.variants.size(), true)});
      entry.channels.push_back(c);
    }
  }
  // The lines that serve nothing else stop with the offers.
  for (const LineId line : site.lines) {
    bool used = false, elsewhere = false;
    for (const RecipeId r : site.recipes) {
      const RecipeEntry& recipe = recipes[r.index()];
      if (recipe.line != line) continue;
      used = true;
      const OfferId offer = stocks[recipe.output.index()].offer;
      const auto& closed = entry.offers;
      elsewhere = elsewhere || std::find(closed.begin(), closed.end(), offer) == closed.end();
    }
    if (used && !elsewhere) entry.lines.push_back(line);
  }
}

const std::optional<Name>& Catalog::region_of(PartyId party) const {
  return is_customer(party) ? customers[party.index() - sites.size()].customer->region
                            : sites[party.index()].site->region;
}

}  // namespace optichain::models
