#include "models/world/assembly.hpp"

#include <algorithm>

#include "models/network/filling_time.hpp"
#include "models/network/line_capacity.hpp"

namespace optichain::models::world {

Assembly::Assembly(const Catalog& c, sim::RunSeed seed, const volatile std::sig_atomic_t* stop)
    : catalog(c),
      run(seed),
      real(catalog, run),
      graph(catalog),
      terms(catalog, real),
      explosion(catalog, real, terms, graph),
      plans(catalog, real, terms, graph),
      kernel(catalog.begin(), stop),
      ledger(catalog, kernel, network::line_capacities(catalog, real)),
      inventory(kernel, meters),
      accounts(catalog, kernel, ledger, meters),
      pauses(catalog, kernel),
      agreement_dates(kernel),
      services_{catalog,           run,   kernel, ledger, meters, inventory, terms, accounts,
                continuous_review, pauses} {
  build_lines();
  build_stocks();
  build_channels();
  build_desks();
  build_sites();
  build_customers();
  build_changes();
  build_agreements();
  build_programs();
  build_money();
}

void Assembly::build_lines() {
  auto capacities = network::line_capacities(catalog, real);
  for (std::size_t l = 0; l < catalog.lines.size(); ++l) {
    const std::string& name = catalog.lines[l].name;
    lines.push_back(
        std::make_unique<sim::Line>(kernel, name, std::move(capacities[l]),
                                    static_cast<std::size_t>(catalog.lines[l].line->servers)));
    const auto entity = measures::of(measures::Group::lines, name);
    sampled.lines.push_back(
        {meters.flow(entity, "work_done", 1e-3), meters.flow(entity, "work_possible", 1e-3)});
  }
}

void Assembly::build_stocks() {
  for (const auto& stock : catalog.stocks) {
    const auto entity = measures::of(measures::Group::stocks, stock.name);
    inventory.add({.on_hand = meters.level(entity, "on_hand"),
                   .produced = meters.flow(entity, "produced"),
                   .scrap = meters.flow(entity, "scrap"),
                   .received = meters.flow(entity, "received"),
                   .used = meters.flow(entity, "used"),
                   .shipped = meters.flow(entity, "shipped")});
    sampled.needed.push_back(meters.flow(entity, "needed"));
  }
  initial_needs = network::initial_needs(catalog, real, graph);
}

void Assembly::build_channels() {
  for (std::size_t c = 0; c < catalog.channels.size(); ++c) {
    channels.push_back(std::make_unique<trade::Channel>(services_, ChannelId{c}));
  }
}

std::vector<trade::Channel*> Assembly::all_channels() const {
  std::vector<trade::Channel*> all;
  for (const auto& channel : channels) all.push_back(channel.get());
  return all;
}

void Assembly::build_desks() {
  const auto supplied = network::first_supply(catalog, graph);
  for (std::size_t o = 0; o < catalog.offers.size(); ++o) {
    sim::Duration latest{0};
    for (const auto& v : catalog.offers[o].variants) {
      latest = std::max(latest, supplied[v.stock.index()]);
    }
    std::vector<trade::Channel*> buyers;
    for (const ChannelId c : catalog.offers[o].channels)
      buyers.push_back(channels[c.index()].get());
    double rate = 0;
    for (const auto& v : catalog.offers[o].variants) rate += initial_needs[v.stock.index()];
    desks.push_back(std::make_unique<agents::OrderDesk>(
        desk_context_, OfferId{o}, std::move(buyers), rate,
        echelon(catalog.offers[o].offer->replenish, catalog.offers[o].variants.front().stock),
        catalog.begin() + latest));
  }
}

/// What is kept beyond a stock point, where the rule asks for it.
std::optional<agents::Echelon> Assembly::echelon(const policy::Replenishment& rule,
                                                 StockId stock) const {
  if (!policy::needs(rule).has(policy::StockFact::downstream)) return std::nullopt;
  return agents::Echelon(catalog, inventory, graph, stock, all_channels(), [this](RecipeId id) {
    const SiteId site = catalog[id].site;
    const auto& recipes = catalog[site].recipes;
    const auto position = std::find(recipes.begin(), recipes.end(), id) - recipes.begin();
    return sites[site.index()]->floor().in_process(static_cast<std::size_t>(position));
  });
}

void Assembly::build_sites() {
  for (std::size_t s = 0; s < catalog.sites.size(); ++s) {
    const auto& site = catalog.sites[s];
    std::vector<agents::OrderDesk*> own;
    for (const OfferId o : site.offers) own.push_back(desks[o.index()].get());
    std::vector<agents::Buyer::Input> inputs;
    for (const PurchaseId p : site.purchases) {
      const auto& purchase = catalog[p];
      agents::Buyer::Input input{&purchase,
                                 {},
                                 {},
                                 nullptr,
                                 echelon(purchase.purchase->replenish, purchase.stock),
                                 initial_needs[purchase.stock.index()],
                                 false};
      for (const RecipeId r : site.recipes) {
        for (const auto& used : catalog[r].inputs) {
          input.is_used = input.is_used || used.stock == purchase.stock;
        }
      }
      for (const ChannelId c : purchase.channels) {
        input.channels.push_back(channels[c.index()].get());
        input.sellers.push_back(desks[catalog[c].offer.index()].get());
      }
      if (const OfferId o = catalog[purchase.stock].offer; o.valid()) {
        input.own_desk = desks[o.index()].get();
      }
      inputs.push_back(std::move(input));
    }
    sites.push_back(std::make_unique<agents::SiteAgent>(site_context_, SiteId{s}, std::move(own),
                                                        std::move(inputs), lines));
  }
}

void Assembly::build_customers() {
  for (std::size_t c = 0; c < catalog.customers.size(); ++c) {
    std::vector<agents::CustomerAgent::Want> wants;
    for (const DemandId d : catalog.customers[c].demands) {
      agents::CustomerAgent::Want want{d, {}, {}};
      for (const ChannelId ch : catalog[d].channels) {
        want.channels.push_back(channels[ch.index()].get());
        want.sellers.push_back(desks[catalog[ch].offer.index()].get());
      }
      wants.push_back(std::move(want));
    }
    customers.push_back(std::make_unique<agents::CustomerAgent>(customer_context_, CustomerId{c},
                                                                std::move(wants)));
  }
  for (const auto& demand : catalog.demands) {
    sampled.backlog.push_back(
        meters.level(measures::of(measures::Group::demands, demand.name), "backlog"));
  }
}

Pieces Assembly::waiting(DemandId demand) const {
  return agents::waiting(catalog, customers, demand);
}

void Assembly::build_changes() {
  for (std::size_t m = 0; m < catalog.migrations.size(); ++m) {
    migrations.push_back(std::make_unique<agents::MigrationAgent>(
        migration_context_, MigrationId{m}, channels, desks, lines));
  }
  for (std::size_t q = 0; q < catalog.qualifications.size(); ++q) {
    qualifications.push_back(std::make_unique<agents::QualificationAgent>(
        qualification_context_, QualificationId{q}, channels));
  }
}

void Assembly::build_agreements() {
  for (std::size_t a = 0; a < catalog.agreements.size(); ++a) {
    std::vector<trade::Channel*> takers;
    for (const auto& part : catalog.agreements[a].parts) {
      takers.push_back(channels[part.channel.index()].get());
    }
    agreements.push_back(std::make_unique<agreement::AgreementAccount>(
        services_, real, agreement_dates, AgreementId{a}, std::move(takers), lines));
  }
  for (const auto& offer : catalog.offers) {
    for (const AgreementId id : offer.agreements) {  // by priority
      agreement::AgreementAccount& account = *agreements[id.index()];
      std::vector<std::size_t> positions;
      for (std::size_t part = 0; part < catalog[id].parts.size(); ++part) {
        const ChannelId channel = catalog[id].parts[part].channel;
        channels[channel.index()]->add(account.call_off(part), build_earmark(account, channel));
        const auto found = std::find(offer.channels.begin(), offer.channels.end(), channel);
        positions.push_back(static_cast<std::size_t>(found - offer.channels.begin()));
      }
      desks[static_cast<std::size_t>(&offer - catalog.offers.data())]->add_agreement(
          account, std::move(positions));
      sites[offer.site.index()]->add_agreement(account);
    }
  }
}

/// Where a site buys in the stead of an agreement's buyer: what it makes of the pieces is that
/// buyer's first. Null if the buyer takes them itself.
agreement::Earmark* Assembly::build_earmark(const agreement::AgreementAccount& account,
                                            ChannelId taken_along) {
  const PartyId buyer = catalog[account.id()].buyer;
  const auto& channel = catalog[taken_along];
  if (channel.buyer == buyer) return nullptr;
  struct Sale {
    OfferId offer;
    std::vector<std::size_t> channels;
  };
  std::vector<Sale> sales;
  std::vector<OfferId> offers;
  for (const OfferId o : catalog[catalog.site_of(channel.buyer)].offers) {
    std::vector<std::size_t> positions;
    for (std::size_t c = 0; c < catalog[o].channels.size(); ++c) {
      if (catalog[catalog[o].channels[c]].buyer == buyer) positions.push_back(c);
    }
    if (positions.empty()) continue;
    offers.push_back(o);
    sales.push_back({o, std::move(positions)});
  }
  const StockId input = catalog[channel.purchase].stock;
  earmarks.push_back(std::make_unique<agreement::Earmark>(account, input, std::move(offers)));
  agreement::Earmark& earmark = *earmarks.back();
  for (Sale& sale : sales) {
    desks[sale.offer.index()]->add_earmark(earmark, std::move(sale.channels));
  }
  sites[catalog.site_of(channel.buyer).index()]->add_earmark(earmark);
  return &earmark;
}

void Assembly::build_money() {
  market = std::make_unique<agents::MarketAgent>(market_context_, desks, initial_needs);
  line_costs = std::make_unique<agents::LineCosts>(line_costs_context_, lines);
  lost_margins = std::make_unique<agents::LostMargins>(lost_margins_context_, channels, customers);
  for (std::size_t p = 0; p < catalog.party_count(); ++p) {
    const PartyId party{p};
    const auto entity = books::party_entity(catalog, party);
    sampled.parties.push_back({meters.flow(entity, "cash_flow", 1e-6),
                               meters.level(entity, "receivable", 1e-6),
                               meters.level(entity, "payable", 1e-6)});
  }
}

void Assembly::build_programs() {
  program_meters = agents::define_program_meters(catalog, meters);
  std::vector<const agents::Planner*> planners;
  for (const auto& site : sites) planners.push_back(&site->planner());
  std::vector<const agents::OrderDesk*> sellers;
  for (const auto& desk : desks) sellers.push_back(desk.get());
  trade_programs = std::make_unique<agents::TradePrograms>(trade_programs_context_, all_channels(),
                                                           program_meters);
  turning_dates = std::make_unique<agents::TurningDates>(turning_dates_context_);
  disruptions = std::make_unique<agents::Disruptions>(disruptions_context_, program_meters);
  line_programs = std::make_unique<agents::LinePrograms>(
      line_programs_context_, lines, std::move(planners), std::move(sellers), program_meters);
}

}  // namespace optichain::models::world
