#include "models/world/world.hpp"

#include <algorithm>

#include "models/network/line_capacity.hpp"
#include "sim/base/hash.hpp"

namespace optichain::models::world {

// The loop to know:
//   run(catalog, seed):  kernel; draw what is uncertain; build lines, channels, desks, agents
//     migrations move and qualifications succeed
//     agents review on their rhythm:  customers order | allocate and ship | plan and start | order
//     lots finish and shipments arrive whenever they do, programs change lines and trade
//     the ledger checks the laws with every entry, and against the agents each week
//   at the horizon: key figures, series, fingerprint

Results World::run() {
  Results all = run_without_series();
  all.series = weekly_series(meters_);
  return all;
}

Results World::run_without_series() {
  run_until(catalog_.end() - sim::Duration{1});
  close_books(catalog_.end());
  audit();
  return results();
}

void World::run_until(sim::Time time) {
  if (!has_begun_) begin();
  kernel_.run_until(time);
}

void World::begin() {
  has_begun_ = true;
  put_initial_state();
  begin_recording();
  if (plans_.is_used()) update_plans();
  for (std::size_t s = 0; s < sites_.size(); ++s) {
    const std::string& name = catalog_.sites[s].name;
    kernel_.add_agent(name, kernel_.add_place(name),
                      [agent = sites_[s].get()](sim::Agent& self) { agent->live(self); });
  }
  for (std::size_t c = 0; c < customers_.size(); ++c) {
    const std::string& name = catalog_.customers[c].name;
    kernel_.add_agent(name, kernel_.add_place(name),
                      [agent = customers_[c].get()](sim::Agent& self) { agent->live(self); });
  }
}

void World::turn() {
  real_.adopt(state::Realisation(catalog_, run_));
  conditions_.look_again();
  for (const auto& desk : agreements_) {
    if (!desk->has_begun() && !catalog_[desk->id()].asleep) desk->begin();
  }
  for (std::size_t p = 0; p < catalog_.programs.size(); ++p) {
    if (asleep_programs_[p] && !catalog_.programs[p].asleep) line_programs_->wake(ProgramId{p});
    asleep_programs_[p] = catalog_.programs[p].asleep;
  }
}

Results World::results() {
  Results results;
  const auto periods = report_periods(catalog_);
  for (const ReportPeriod& p : periods) results.periods.push_back(p.name);
  results.metrics = key_figures(catalog_, meters_, periods);
  results.weeks.assign(meters_.week_times().begin() + 1, meters_.week_times().end());
  for (const ReportPeriod& p : periods) {
    results.traces.push_back(p.is_quarter ? std::vector<causes::Trace>{}
                                          : tracer_->between(p.from_mark, p.to_mark));
  }
  results.fingerprint = ledger_.fingerprint();
  results.events = kernel_.counts().events;
  results.wakeups = kernel_.counts().wakeups;
  return results;
}

std::uint64_t World::hash_of_series() const {
  sim::StreamingHash hash;
  meters_.for_each_weekly([&](const books::Meters::Definition& d, std::span<const double> values) {
    hash.add(fmt::format("{} {}", d.entity, d.measure));
    hash.add({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  });
  return hash.value();
}

World::World(const Catalog& catalog, sim::RunSeed run, const volatile std::sig_atomic_t* stop)
    : catalog_(catalog),
      run_(run),
      real_(catalog, run),
      graph_(catalog),
      conditions_(catalog, real_),
      explosion_(catalog, real_, conditions_, graph_),
      plans_(catalog, real_, conditions_, graph_),
      kernel_(catalog.begin(), stop),
      ledger_(catalog, kernel_, network::line_capacities(catalog, real_)),
      accounts_(catalog, kernel_, ledger_, meters_),
      pauses_(catalog, kernel_),
      context_{catalog,    real_,       run,       kernel_, ledger_,    meters_,
               inventory_, conditions_, accounts_, plans_,  attention_, pauses_},
      agreement_dates_(kernel_) {
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
  tracer_ =
      std::make_unique<tracing::Tracer>(tracing::ChainView{catalog_, real_, conditions_, graph_,
                                                           inventory_, channels_, desks_, sites_},
                                        meters_);
}

void World::build_lines() {
  auto capacities = network::line_capacities(catalog_, real_);
  for (std::size_t l = 0; l < catalog_.lines.size(); ++l) {
    const std::string& name = catalog_.lines[l].name;
    lines_.push_back(
        std::make_unique<sim::Line>(kernel_, name, std::move(capacities[l]),
                                    static_cast<std::size_t>(catalog_.lines[l].line->servers)));
    line_meters_.push_back({meters_.flow("lines." + name, "work_done", "work", 1e-3),
                            meters_.flow("lines." + name, "work_possible", "work", 1e-3)});
  }
}

void World::build_stocks() {
  for (const auto& stock : catalog_.stocks) {
    const std::string entity = "stocks." + stock.name;
    inventory_.meters.push_back({.on_hand = meters_.level(entity, "on_hand"),
                                 .produced = meters_.flow(entity, "produced"),
                                 .scrap = meters_.flow(entity, "scrap"),
                                 .received = meters_.flow(entity, "received"),
                                 .used = meters_.flow(entity, "used"),
                                 .shipped = meters_.flow(entity, "shipped")});
    needed_.push_back(meters_.flow(entity, "needed"));
  }
  inventory_.on_hand.resize(catalog_.stocks.size());
  need_carry_.resize(catalog_.stocks.size());

  // What the demand at the beginning needs of everything sets initial stocks and forecasts.
  initial_needs_ = network::initial_needs(catalog_, real_, graph_);
}

void World::build_channels() {
  for (std::size_t c = 0; c < catalog_.channels.size(); ++c) {
    channels_.push_back(std::make_unique<agents::Channel>(context_, ChannelId{c}));
  }
}

std::vector<agents::Channel*> World::all_channels() const {
  std::vector<agents::Channel*> channels;
  for (const auto& channel : channels_) channels.push_back(channel.get());
  return channels;
}

void World::build_desks() {
  for (std::size_t o = 0; o < catalog_.offers.size(); ++o) {
    std::vector<agents::Channel*> buyers;
    for (const ChannelId c : catalog_.offers[o].channels)
      buyers.push_back(channels_[c.index()].get());
    double rate = 0;
    for (const auto& v : catalog_.offers[o].variants) rate += initial_needs_[v.stock.index()];
    desks_.push_back(
        std::make_unique<agents::OrderDesk>(context_, OfferId{o}, std::move(buyers), rate));
    if (std::holds_alternative<EchelonBaseStock>(catalog_.offers[o].offer->replenish)) {
      const StockId stock = catalog_.offers[o].variants.front().stock;
      desks_.back()->add_echelon(agents::Echelon(context_, stock, all_channels()));
    }
  }
}

void World::build_sites() {
  for (std::size_t s = 0; s < catalog_.sites.size(); ++s) {
    const auto& site = catalog_.sites[s];
    std::vector<agents::OrderDesk*> desks;
    for (const OfferId o : site.offers) desks.push_back(desks_[o.index()].get());
    std::vector<agents::Buyer::Input> inputs;
    for (const PurchaseId p : site.purchases) {
      const auto& purchase = catalog_[p];
      agents::Buyer::Input input{
          &purchase, {}, {}, nullptr, {}, initial_needs_[purchase.stock.index()], false};
      if (std::holds_alternative<EchelonBaseStock>(purchase.purchase->replenish)) {
        input.downstream.emplace(context_, purchase.stock, all_channels());
      }
      for (const RecipeId r : site.recipes) {
        for (const auto& used : catalog_[r].inputs) {
          input.is_used = input.is_used || used.stock == purchase.stock;
        }
      }
      for (const ChannelId c : purchase.channels) {
        input.channels.push_back(channels_[c.index()].get());
        input.sellers.push_back(desks_[catalog_[c].offer.index()].get());
      }
      if (const OfferId o = catalog_[purchase.stock].offer; o.valid()) {
        input.own_desk = desks_[o.index()].get();
      }
      inputs.push_back(std::move(input));
    }
    sites_.push_back(std::make_unique<agents::SiteAgent>(context_, SiteId{s}, std::move(desks),
                                                         std::move(inputs), lines_));
  }
  for (const auto& recipe : catalog_.recipes) {
    started_.push_back(meters_.of("recipes." + recipe.name)("started"));
  }
}

void World::build_customers() {
  for (std::size_t c = 0; c < catalog_.customers.size(); ++c) {
    std::vector<agents::CustomerAgent::Want> wants;
    for (const DemandId d : catalog_.customers[c].demands) {
      agents::CustomerAgent::Want want{d, {}, {}};
      for (const ChannelId ch : catalog_[d].channels) {
        want.channels.push_back(channels_[ch.index()].get());
        want.sellers.push_back(desks_[catalog_[ch].offer.index()].get());
      }
      wants.push_back(std::move(want));
    }
    customers_.push_back(
        std::make_unique<agents::CustomerAgent>(context_, CustomerId{c}, std::move(wants)));
  }
  for (const auto& demand : catalog_.demands) {
    demanded_.push_back(meters_.of("demands." + demand.name)("demanded"));
    backlog_.push_back(meters_.level("demands." + demand.name, "backlog"));
  }
  demanded_before_.resize(demanded_.size(), 0);
}

void World::build_changes() {
  for (std::size_t m = 0; m < catalog_.migrations.size(); ++m) {
    migrations_.push_back(std::make_unique<agents::MigrationDesk>(context_, MigrationId{m},
                                                                  channels_, desks_, lines_));
  }
  for (std::size_t q = 0; q < catalog_.qualifications.size(); ++q) {
    qualifications_.push_back(
        std::make_unique<agents::QualificationDesk>(context_, QualificationId{q}, channels_));
  }
}

void World::build_agreements() {
  for (std::size_t a = 0; a < catalog_.agreements.size(); ++a) {
    std::vector<agents::Channel*> takers;
    for (const auto& part : catalog_.agreements[a].parts) {
      takers.push_back(channels_[part.channel.index()].get());
    }
    agreements_.push_back(std::make_unique<agents::AgreementDesk>(
        context_, agreement_dates_, AgreementId{a}, std::move(takers), lines_));
  }
  for (const auto& offer : catalog_.offers) {
    for (const AgreementId id : offer.agreements) {  // by priority
      agents::AgreementDesk& desk = *agreements_[id.index()];
      std::vector<std::size_t> positions;
      for (std::size_t part = 0; part < catalog_[id].parts.size(); ++part) {
        const ChannelId channel = catalog_[id].parts[part].channel;
        channels_[channel.index()]->attach(desk, part, build_earmark(desk, channel));
        const auto found = std::find(offer.channels.begin(), offer.channels.end(), channel);
        positions.push_back(static_cast<std::size_t>(found - offer.channels.begin()));
      }
      desks_[static_cast<std::size_t>(&offer - catalog_.offers.data())]->add_agreement(
          desk, std::move(positions));
      sites_[offer.site.index()]->add_agreement(desk);
    }
  }
}

/// Where a site buys in the stead of an agreement's buyer: what it makes of the pieces is that
/// buyer's first. Null if the buyer takes them itself.
agents::Earmark* World::build_earmark(const agents::AgreementDesk& desk, ChannelId taken_along) {
  const PartyId buyer = catalog_[desk.id()].buyer;
  const auto& channel = catalog_[taken_along];
  if (channel.buyer == buyer) return nullptr;
  struct Sale {
    OfferId offer;
    std::vector<std::size_t> channels;
  };
  std::vector<Sale> sales;
  std::vector<OfferId> offers;
  for (const OfferId o : catalog_[catalog_.site_of(channel.buyer)].offers) {
    std::vector<std::size_t> positions;
    for (std::size_t c = 0; c < catalog_[o].channels.size(); ++c) {
      if (catalog_[catalog_[o].channels[c]].buyer == buyer) positions.push_back(c);
    }
    if (positions.empty()) continue;
    offers.push_back(o);
    sales.push_back({o, std::move(positions)});
  }
  const StockId input = catalog_[channel.purchase].stock;
  earmarks_.push_back(std::make_unique<agents::Earmark>(desk, input, std::move(offers)));
  agents::Earmark& earmark = *earmarks_.back();
  for (Sale& sale : sales) {
    desks_[sale.offer.index()]->add_earmark(earmark, std::move(sale.channels));
  }
  sites_[catalog_.site_of(channel.buyer).index()]->add_earmark(earmark);
  return &earmark;
}

void World::build_money() {
  market_ = std::make_unique<agents::MarketAgent>(context_, desks_, initial_needs_);
  line_costs_ = std::make_unique<agents::LineCosts>(context_, lines_);
  lost_margins_ = std::make_unique<agents::LostMargins>(context_, channels_);
  for (std::size_t p = 0; p < catalog_.party_count(); ++p) {
    const PartyId party{p};
    const std::string entity =
        (catalog_.is_customer(party) ? "customers." : "sites.") + catalog_.party_name(party);
    cash_meters_.push_back({meters_.flow(entity, "cash_flow", "usd", 1e-6),
                            meters_.level(entity, "receivable", "usd", 1e-6),
                            meters_.level(entity, "payable", "usd", 1e-6)});
  }
}

void World::build_programs() {
  program_meters_ = agents::define_program_meters(catalog_, meters_);
  for (const auto& program : catalog_.programs) asleep_programs_.push_back(program.asleep);
  std::vector<const agents::Planner*> planners;
  for (const auto& site : sites_) planners.push_back(&site->planner());
  std::vector<const agents::OrderDesk*> desks;
  for (const auto& desk : desks_) desks.push_back(desk.get());
  trade_programs_ =
      std::make_unique<agents::TradePrograms>(context_, all_channels(), program_meters_);
  disruptions_ = std::make_unique<agents::Disruptions>(context_, program_meters_);
  line_programs_ = std::make_unique<agents::LinePrograms>(context_, lines_, std::move(planners),
                                                          std::move(desks), program_meters_);
}

void World::put_initial_state() {
  const auto stock = network::initial_stock(catalog_, initial_needs_);
  for (std::size_t s = 0; s < stock.size(); ++s) {
    if (!stock[s]) continue;
    ledger_.put_initial(StockId{s}, stock[s]);
    context_.add_stock(StockId{s}, stock[s]);
  }
  for (const auto& channel : channels_) channel->put_initial();
  for (const auto& site : sites_) site->put_initial();
  for (const auto& desk : migrations_) desk->begin();
  for (const auto& desk : qualifications_) desk->begin();
  for (const auto& agreement : agreements_) {
    if (!catalog_[agreement->id()].asleep) agreement->begin();
  }
  market_->begin();
  trade_programs_->schedule();
  line_programs_->schedule();
  disruptions_->schedule();
  for (const auto& customer : customers_) customer->begin();
}

// --- recording ---------------------------------------------------------------------------------

void World::begin_recording() {
  quarters_ = sim::quarters_between(catalog_.start(), catalog_.end());
  for (std::size_t q = 0; q < quarters_.size(); ++q) {
    kernel_.at(
        quarters_[q].begin, state::phase::closing, [this, q] { close_period(q); }, &recorder_);
  }
  kernel_.at(
      catalog_.start(), state::phase::recording, [this] { record_week(); }, &recorder_);
}

/// Charges all that is integrated over time.
void World::charge(sim::Time until) {
  line_costs_->charge(until);
  for (const auto& site : sites_) site->charge_until(until);
}

/// Brings all figures up to a time and marks it as the end of a period.
void World::close_books(sim::Time time) {
  charge(time);
  sample_lines();
  sample_money(time);
  look_at_channels(time);
  lost_margins_->value_open(time);
  tracer_->trace(kernel_.now());
  tracer_->mark_period();
  meters_.mark_period(time);
}

void World::close_period(std::size_t quarter) {
  close_books(kernel_.now());
  if (quarter > 0) return;
  // the base of the first week; what was demanded in the warm-up is not needed any more
  meters_.mark_week(kernel_.now());
  for (std::size_t d = 0; d < demanded_.size(); ++d)
    demanded_before_[d] = meters_.total(demanded_[d]);
}

/// Records what is owed along channels and what was withdrawn. All that is asked of a channel is
/// asked at once: in large networks each look at it has to be fetched from memory.
void World::look_at_channels(sim::Time now) {
  backlogs_.assign(desks_.size(), Pieces{0});
  seen_.in_transit.clear();
  seen_.open.clear();
  for (const auto& channel : channels_) {
    meters_.set(channel->meters().backlog, channel->not_shipped().count(), now);
    backlogs_[channel->offer().index()] += channel->open();
    seen_.in_transit.push_back(channel->in_transit());
    seen_.open.push_back(channel->not_shipped());
    lost_margins_->note_withdrawn(*channel);
  }
  for (std::size_t o = 0; o < desks_.size(); ++o) desks_[o]->record(backlogs_[o], now);
  for (std::size_t d = 0; d < backlog_.size(); ++d) {
    Pieces open{0};
    for (const ChannelId c : catalog_.demands[d].channels) {
      open += channels_[c.index()]->not_shipped();
    }
    meters_.set(backlog_[d], open.count(), now);
  }
}

void World::record_week() {
  charge(kernel_.now());
  look_at_channels(kernel_.now());
  sample_lines();
  sample_money(kernel_.now());
  record_needs();
  tracer_->trace(kernel_.now());
  meters_.mark_week(kernel_.now());
  audit();
  const sim::Time next = kernel_.now() + sim::days_to_duration(catalog_.scenario.review_days);
  if (next < catalog_.end()) {
    kernel_.at(
        next, state::phase::recording, [this] { record_week(); }, &recorder_);
  }
}

/// What the demand since the last record needs of every stock point.
void World::record_needs() {
  std::vector<double> demand(demanded_.size());
  for (std::size_t d = 0; d < demanded_.size(); ++d) {
    const std::int64_t total = meters_.total(demanded_[d]);
    demand[d] = static_cast<double>(total - demanded_before_[d]);
    demanded_before_[d] = total;
  }
  const auto needs = explosion_.needs(kernel_.now(), demand, pieces_started());
  for (std::size_t s = 0; s < needs.size(); ++s) {
    if (needs[s] > 0) meters_.add(needed_[s], need_carry_[s].take(needs[s]));
  }
}

std::vector<double> World::pieces_started() const {
  std::vector<double> started(started_.size());
  for (std::size_t r = 0; r < started_.size(); ++r) {
    started[r] = static_cast<double>(meters_.total(started_[r]));
  }
  return started;
}

/// Brings shared plans up to date, every week from the beginning on.
void World::update_plans() {
  plans_.update(kernel_.now(), pieces_started());
  kernel_.at(
      kernel_.now() + sim::one_week, state::phase::closing, [this] { update_plans(); }, &recorder_);
}

void World::sample_lines() {
  const sim::Time now = kernel_.now();
  for (std::size_t l = 0; l < lines_.size(); ++l) {
    meters_.set(line_meters_[l].done, sim::to_whole(lines_[l]->work_done() * 1e3), now);
    meters_.set(line_meters_[l].possible, sim::to_whole(lines_[l]->work_possible() * 1e3), now);
  }
}

void World::sample_money(sim::Time now) {
  for (std::size_t p = 0; p < cash_meters_.size(); ++p) {
    const PartyId party{p};
    meters_.set(cash_meters_[p].cash, ledger_.cash(party).count(), now);
    meters_.set(cash_meters_[p].receivable, accounts_.receivable(party).count(), now);
    meters_.set(cash_meters_[p].payable, accounts_.payable(party).count(), now);
  }
}

/// Holds what was seen in this record against the ledger.
void World::audit() {
  seen_.stock = inventory_.on_hand;
  seen_.in_process.clear();
  for (std::size_t s = 0; s < catalog_.sites.size(); ++s) {
    for (std::size_t r = 0; r < catalog_.sites[s].recipes.size(); ++r) {
      seen_.in_process.push_back(sites_[s]->floor().in_process(r));
    }
  }
  seen_.cash = accounts_.cash();
  ledger_.audit(seen_);
}

}  // namespace optichain::models::world
