#include "models/catalog/catalog.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "sim/base/check.hpp"

namespace optichain::models {
namespace {

/// Position of a name in a vector of entries sorted by name.
template <class Entries>
std::size_t index_of(const Entries& entries, std::string_view name) {
  const auto found = std::lower_bound(entries.begin(), entries.end(), name,
                                      [](const auto& e, std::string_view n) { return e.name < n; });
  OPTICHAIN_CHECK(found != entries.end() && found->name == name, "unresolved name {}", name);
  return static_cast<std::size_t>(found - entries.begin());
}

const Stock& default_stock() {
  static const Stock stock;
  return stock;
}

}  // namespace

Catalog::Catalog(const Scenario& s, const Dormant& dormant) : scenario(s) {
  add_items();
  add_sites();
  add_customers();
  add_channels();
  add_migrations();
  add_qualifications();
  add_substitutions();
  add_agreements();
  add_programs();
  set_dormant(dormant);
}

void Catalog::set_dormant(const Dormant& dormant) {
  for (auto& agreement : agreements)
    agreement.dormant = dormant.agreements.contains(agreement.name);
  for (auto& program : programs) program.dormant = dormant.programs.contains(program.name);
}

void Catalog::apply_changes(const Dormant& dormant) {
  for (OfferEntry& offer : offers) {
    for (VariantEntry& v : offer.variants) v.mix = mix_of(*offer.offer, v.stock);
  }
  for (AgreementEntry& entry : agreements) {
    const auto* indexed = std::get_if<policy::IndexedPrice>(&entry.agreement->price);
    entry.index = indexed ? ItemId{index_of(items, indexed->index.text)} : ItemId{};
    if (entry.agreement->through.empty()) continue;
    std::size_t part = 0;  // parts stand in the order of names
    for (const auto& [taker, weight] : entry.agreement->through)
      entry.parts[part++].weight = weight;
  }
  set_dormant(dormant);
}

bool Catalog::has_agreements() const {
  return std::any_of(agreements.begin(), agreements.end(),
                     [](const auto& a) { return !a.dormant; });
}

bool Catalog::has_programs() const {
  return std::any_of(programs.begin(), programs.end(), [](const auto& p) { return !p.dormant; });
}

void Catalog::add_items() {
  for (const auto& [name, family] : scenario.families) products.push_back({name, &family, {}});
  for (const auto& [name, item] : scenario.items) {
    if (!item.family) products.push_back({name, nullptr, {}});
  }
  std::sort(products.begin(), products.end(),
            [](const ProductEntry& a, const ProductEntry& b) { return a.name < b.name; });
  for (const auto& [name, item] : scenario.items) {
    const ProductId product{index_of(products, item.family ? item.family->text : name)};
    products[product.index()].variants.push_back(ItemId{items.size()});
    items.push_back({name, &item, product});
  }
}

void Catalog::add_sites() {
  for (const auto& [name, site] : scenario.sites)
    sites.push_back({name, &site, {}, {}, {}, {}, {}});
  for (std::size_t i = 0; i < sites.size(); ++i) add_site_parts(SiteId{i});
}

void Catalog::add_site_parts(SiteId id) {
  SiteEntry& entry = sites[id.index()];
  const Site& site = *entry.site;
  const auto name_of = [&](const std::string& part) { return entry.name + "." + part; };

  for (const auto& [name, line] : site.lines) {
    entry.lines.push_back(LineId{lines.size()});
    lines.push_back({name_of(name), id, &line});
  }

  // Every item that is made, bought, used or kept here has a stock point.
  std::set<std::string> kept;
  for (const auto& [name, recipe] : site.recipes) {
    kept.insert(recipe.makes.text);
    for (const auto& [input, pieces] : recipe.inputs) kept.insert(input);
  }
  for (const auto& [name, purchase] : site.buys) kept.insert(name);
  for (const auto& [name, stock] : site.stocks) kept.insert(name);
  for (const std::string& name : kept) {
    const auto terms = site.stocks.find(name);
    entry.stocks.push_back(StockId{stocks.size()});
    stocks.push_back({name_of(name),
                      id,
                      ItemId{index_of(items, name)},
                      terms == site.stocks.end() ? &default_stock() : &terms->second,
                      {},
                      {},
                      {}});
  }

  for (const auto& [name, recipe] : site.recipes) {
    const RecipeId recipe_id{recipes.size()};
    RecipeEntry r;
    r.name = name_of(name);
    r.site = id;
    r.recipe = &recipe;
    r.item = ItemId{index_of(items, recipe.makes.text)};
    r.output = stock_of(id, r.item);
    if (recipe.line) {
      const auto found = std::find_if(entry.lines.begin(), entry.lines.end(), [&](LineId line) {
        return lines[line.index()].name == name_of(recipe.line->text);
      });
      OPTICHAIN_CHECK(found != entry.lines.end(), "unresolved line {}", recipe.line->text);
      r.line = *found;
    }
    for (const auto& [input, pieces] : recipe.inputs) {
      r.inputs.push_back({stock_of(id, ItemId{index_of(items, input)}), pieces});
    }
    stocks[r.output.index()].recipes.push_back(recipe_id);
    entry.recipes.push_back(recipe_id);
    recipes.push_back(std::move(r));
  }

  for (const auto& [name, purchase] : site.buys) {
    const StockId stock = stock_of(id, ItemId{index_of(items, name)});
    stocks[stock.index()].purchase = PurchaseId{purchases.size()};
    entry.purchases.push_back(PurchaseId{purchases.size()});
    purchases.push_back({name_of(name), id, stock, &purchase, {}});
  }

  for (const auto& [name, offer] : site.sells) {
    const OfferId offer_id{offers.size()};
    OfferEntry o{name_of(name), id, ProductId{index_of(products, name)}, &offer, {}, {}, {}};
    for (const ItemId variant : products[o.product.index()].variants) {
      if (!kept.contains(items[variant.index()].name)) continue;
      const StockId stock = stock_of(id, variant);
      stocks[stock.index()].offer = offer_id;
      o.variants.push_back({stock, stocks[stock.index()].recipes, mix_of(offer, stock)});
    }
    entry.offers.push_back(offer_id);
    offers.push_back(std::move(o));
  }
}

/// The weight of a variant in the mix of an offer: equal ones if none is given.
Value Catalog::mix_of(const Offer& offer, StockId variant) const {
  const auto given = offer.mix.find(items[stocks[variant.index()].item.index()].name);
  if (given != offer.mix.end()) return given->second;
  return offer.mix.empty() ? Value{1.0} : Value{0.0};
}

void Catalog::add_customers() {
  for (const auto& [name, customer] : scenario.customers) {
    const CustomerId id{customers.size()};
    customers.push_back({name, &customer, {}});
    for (const auto& [product, demand] : customer.demand) {
      customers.back().demands.push_back(DemandId{demands.size()});
      demands.push_back(
          {name + "." + product, id, ProductId{index_of(products, product)}, &demand, {}});
    }
  }
}

void Catalog::add_channels() {
  for (std::size_t i = 0; i < purchases.size(); ++i) {
    PurchaseEntry& p = purchases[i];
    const ProductId product = items[stocks[p.stock.index()].item.index()].product;
    for (const auto& [seller, source] : p.purchase->from) {
      const ChannelId channel = add_channel(party(p.site), seller, product, source);
      ChannelEntry& c = channels[channel.index()];
      // several variants of a family may be bought from one seller, each along a channel of its own
      c.name = fmt::format("{}<{}.{}", sites[p.site.index()].name, seller,
                           items[stocks[p.stock.index()].item.index()].name);
      c.purchase = PurchaseId{i};
      // a site that buys an item takes that item and no other variant
      const OfferEntry& offer = offers[c.offer.index()];
      for (const VariantEntry& v : offer.variants) {
        const bool same = stocks[v.stock.index()].item == stocks[p.stock.index()].item;
        c.accepts.push_back(same ? std::optional(long_ago) : std::nullopt);
      }
      p.channels.push_back(channel);
    }
  }
  for (std::size_t i = 0; i < demands.size(); ++i) {
    DemandEntry& d = demands[i];
    for (const auto& [seller, source] : d.demand->from) {
      const ChannelId channel = add_channel(party(d.customer), seller, d.product, source);
      ChannelEntry& c = channels[channel.index()];
      c.demand = DemandId{i};
      for (const VariantEntry& v : offers[c.offer.index()].variants) {
        const std::string& item = items[stocks[v.stock.index()].item.index()].name;
        const auto accepted = d.demand->accepts.find(item);
        if (d.demand->accepts.empty()) {
          c.accepts.emplace_back(long_ago);
        } else if (accepted != d.demand->accepts.end()) {
          c.accepts.emplace_back(accepted->second);
        } else {
          c.accepts.emplace_back(std::nullopt);
        }
      }
      d.channels.push_back(channel);
    }
  }
}

ChannelId Catalog::add_channel(PartyId buyer, const std::string& seller, ProductId product,
                               const Source& source) {
  const ChannelId id{channels.size()};
  const SiteId site{index_of(sites, seller)};
  const auto& site_offers = sites[site.index()].offers;
  const auto found = std::find_if(site_offers.begin(), site_offers.end(),
                                  [&](OfferId o) { return offers[o.index()].product == product; });
  OPTICHAIN_CHECK(found != site_offers.end(), "{} does not sell {}", seller,
                  products[product.index()].name);
  ChannelEntry c;
  c.name = fmt::format("{}<{}", party_name(buyer), offers[found->index()].name);
  c.buyer = buyer;
  c.offer = *found;
  c.source = &source;
  c.lane = best_lane(scenario, seller, sites[site.index()].site->region, party_name(buyer),
                     region_of(buyer));
  offers[found->index()].channels.push_back(id);
  channels.push_back(std::move(c));
  return id;
}

void Catalog::add_agreements() {
  for (const auto& [name, agreement] : scenario.agreements) {
    AgreementEntry entry{name, &agreement, {}, {}, {}, {}, false};
    const std::string& seller = agreement.seller.text;
    const std::string& item = agreement.item.text;
    std::map<std::string, double> takers = agreement.through;
    if (takers.empty()) takers.emplace(agreement.buyer.text, 1);
    for (const auto& [taker, weight] : takers) {
      entry.parts.push_back({channel_of(taker, seller, item), weight});
    }
    for (std::size_t p = 0; p < party_count(); ++p) {
      if (party_name(PartyId{p}) == agreement.buyer.text) entry.buyer = PartyId{p};
    }
    entry.offer = channels[entry.parts.front().channel.index()].offer;
    if (const auto* indexed = std::get_if<policy::IndexedPrice>(&agreement.price)) {
      entry.index = ItemId{index_of(items, indexed->index.text)};
    }
    offers[entry.offer.index()].agreements.push_back(AgreementId{agreements.size()});
    agreements.push_back(std::move(entry));
  }
  for (OfferEntry& offer : offers) {
    std::stable_sort(offer.agreements.begin(), offer.agreements.end(),
                     [&](AgreementId a, AgreementId b) {
                       return agreements[a.index()].agreement->priority <
                              agreements[b.index()].agreement->priority;
                     });
  }
}

/// The channel along which a party buys an item, or a customer a product, from a seller.
ChannelId Catalog::channel_of(const std::string& buyer, const std::string& seller,
                              const std::string& item) const {
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const ChannelEntry& channel = channels[c];
    const OfferEntry& offer = offers[channel.offer.index()];
    if (party_name(channel.buyer) != buyer || sites[offer.site.index()].name != seller) continue;
    const std::string& bought =
        channel.purchase.valid()
            ? items[stocks[purchases[channel.purchase.index()].stock.index()].item.index()].name
            : products[offer.product.index()].name;
    if (bought == item) return ChannelId{c};
  }
  OPTICHAIN_CHECK(false, "{} does not buy {} from {}", buyer, item, seller);
  return {};
}

StockId Catalog::stock_of(SiteId site, ItemId item) const {
  for (const StockId id : sites[site.index()].stocks) {
    if (stocks[id.index()].item == item) return id;
  }
  OPTICHAIN_CHECK(false, "{} is not kept at {}", items[item.index()].name,
                  sites[site.index()].name);
  return {};
}

const std::string& Catalog::party_name(PartyId party) const {
  return is_customer(party) ? customers[party.index() - sites.size()].name
                            : sites[party.index()].name;
}

sim::Time Catalog::begin() const {
  return start() - sim::days_to_duration(scenario.warm_up_days);
}

sim::Duration Catalog::review_every(PartyId party) const {
  const auto& own = is_customer(party)
                        ? customers[party.index() - sites.size()].customer->review_days
                        : sites[party.index()].site->review_days;
  return sim::days_to_duration(own.value_or(scenario.review_days));
}

sim::Duration Catalog::review_offset(PartyId party) const {
  return sim::days_to_duration(
      is_customer(party) ? customers[party.index() - sites.size()].customer->review_offset_days
                         : sites[party.index()].site->review_offset_days);
}

const TransportLane* best_lane(const Scenario& scenario, const std::string& from,
                               const std::optional<Name>& from_region, const std::string& to,
                               const std::optional<Name>& to_region) {
  // 2 for the party itself, 1 for its region, 0 for `any`, -1 for no match
  const auto match = [](const Name& wanted, const std::string& party,
                        const std::optional<Name>& region) {
    if (wanted.text == party) return 2;
    if (region && wanted == *region) return 1;
    return wanted.text == "any" ? 0 : -1;
  };
  const TransportLane* best = nullptr;
  int best_score = -1;
  for (const auto& [name, lane] : scenario.lanes) {
    const int a = match(lane.from, from, from_region), b = match(lane.to, to, to_region);
    if (a < 0 || b < 0) continue;
    if (a + b > best_score) {
      best_score = a + b;
      best = &lane;
    }
  }
  return best;
}

// --- over-ordering -------------------------------------------------------------------------------

std::vector<policy::BuyerFacts> buyer_facts(const Catalog& catalog, OfferId offer) {
  std::vector<policy::BuyerFacts> buyers;
  for (const ChannelId c : catalog[offer].channels) {
    const auto& channel = catalog[c];
    buyers.push_back({catalog.party_name(channel.buyer), channel.source->premium});
  }
  return buyers;
}

bool over_ordering_pays(const Catalog& catalog, ChannelId channel) {
  const OfferId offer = catalog[channel].offer;
  const auto& channels = catalog[offer].channels;
  const auto place = std::find(channels.begin(), channels.end(), channel) - channels.begin();
  return policy::Allocation(catalog[offer].offer->allocation, buyer_facts(catalog, offer))
      .rewards_orders(static_cast<std::size_t>(place));
}

std::vector<bool> over_orders_at(const Catalog& catalog, std::span<const ChannelId> channels,
                                 const policy::OverOrdering& terms) {
  std::vector<bool> at;
  for (const ChannelId c : channels) {
    at.push_back(terms.when == policy::OverOrdersWhen::always || over_ordering_pays(catalog, c));
  }
  return at;
}

}  // namespace optichain::models
