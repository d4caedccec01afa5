#include "models/world/week.hpp"

#include <algorithm>
#include <array>

#include "models/network/steady_start.hpp"

namespace optichain::models::world {
namespace {

namespace phase = state::phase;

/// A phase, and what puts the first of it on the agenda; null where it follows from other phases.
struct Row {
  sim::Phase phase;
  void (*begin)(Assembly& world, Recorder& recorder);
};

void begin_periods(Assembly& world, Recorder& recorder);
void begin_agreements(Assembly& world, Recorder& recorder);
void begin_changes(Assembly& world, Recorder& recorder);
void begin_customers(Assembly& world, Recorder& recorder);
void begin_sites(Assembly& world, Recorder& recorder);
void begin_market(Assembly& world, Recorder& recorder);
void begin_weeks(Assembly& world, Recorder& recorder);

// What is due at one instant is done phase by phase, in the order of this table; within a phase in
// the order in which it was put on the agenda. Most of it comes once a review, every week.
constexpr std::array<Row, phase::count> week = {{
    // before anything happens a period of the results ends; plans are shared for the new week
    {phase::closing, begin_periods},
    // agreements: what is prepaid is paid ahead of deliveries; a new period begins
    {phase::prepaying, begin_agreements},
    // channels: shipments arrive, due since they were sent
    {phase::arrivals, nullptr},
    // shop floors: lots leave lines and are finished, due since they were started
    {phase::completions, nullptr},
    // lines and trade change: migrations move, qualifications succeed, programs and disruptions
    // act; who waited for that, or for a date of the scenario, is told
    {phase::programs, begin_changes},
    // customers order; orders reach their sellers
    {phase::orders_in, begin_customers},
    // sites, first step of a review: order desks take note of orders, allocate and ship
    {phase::allocation, begin_sites},
    // customers give up what has taken too long; without patience what was not shipped at once
    {phase::giving_up, nullptr},
    // sites, second step: planners start lots on the shop floor
    {phase::planning, nullptr},
    // sites, third step: buyers order inputs
    {phase::ordering, nullptr},
    // sites, last step: what is kept and owed is charged; accounts: bills are paid
    {phase::charging, nullptr},
    // the market moves spot prices
    {phase::pricing, begin_market},
    // the recorder traces what causes have left waiting after the reviews
    {phase::recording, begin_weeks},
    // agreements: what a period lacks is settled, in its last second
    {phase::settling, nullptr},
    // the recorder samples levels, ends the week of the series, at its last instant, and audits the
    // books
    {phase::ending, nullptr},
}};
static_assert(std::is_sorted(week.begin(), week.end(),
                             [](const Row& a, const Row& b) { return a.phase < b.phase; }));

// --- who begins ----------------------------------------------------------------------------------

void begin_periods(Assembly& /*world*/, Recorder& recorder) {
  recorder.begin_periods();
  recorder.begin_plans();
}

void begin_agreements(Assembly& world, Recorder& /*recorder*/) {
  for (const auto& agreement : world.agreements) {
    if (!world.catalog[agreement->id()].dormant) agreement->begin();
  }
}

void begin_changes(Assembly& world, Recorder& /*recorder*/) {
  for (const auto& migration : world.migrations) migration->begin();
  for (const auto& qualification : world.qualifications) qualification->begin();
  world.trade_programs->schedule();
  world.turning_dates->schedule();
  world.line_programs->schedule();
  world.disruptions->schedule();
}

void begin_customers(Assembly& world, Recorder& /*recorder*/) {
  for (std::size_t c = 0; c < world.customers.size(); ++c) {
    agents::CustomerAgent& customer = *world.customers[c];
    customer.begin();
    const std::string& name = world.catalog.customers[c].name;
    world.kernel.add_agent(name, world.kernel.add_place(name),
                           [&customer](sim::Agent& self) { customer.live(self); });
  }
}

void begin_sites(Assembly& world, Recorder& /*recorder*/) {
  for (std::size_t s = 0; s < world.sites.size(); ++s) {
    agents::SiteAgent& site = *world.sites[s];
    const std::string& name = world.catalog.sites[s].name;
    world.kernel.add_agent(name, world.kernel.add_place(name),
                           [&site](sim::Agent& self) { site.live(self); });
  }
}

void begin_market(Assembly& world, Recorder& /*recorder*/) {
  world.market->begin();
}

void begin_weeks(Assembly& /*world*/, Recorder& recorder) {
  recorder.begin_weeks();
}

/// What is there before anything happens: stocks, orders and shipments under way, lots in process.
void put_initial_state(Assembly& world) {
  const network::OpeningState before =
      network::opening_state(world.catalog, world.real, world.initial_needs);
  for (std::size_t s = 0; s < before.stock.size(); ++s) {
    const Pieces pieces = before.stock[s];
    if (!pieces) continue;
    world.ledger.put_initial(StockId{s}, pieces);
    world.inventory.change(StockId{s}, pieces);
  }
  for (std::size_t c = 0; c < world.channels.size(); ++c) {
    world.channels[c]->put_initial(before.orders[c], before.shipments[c]);
  }
  for (const auto& site : world.sites) site->put_initial(before);
}

}  // namespace

void begin_week(Assembly& world, Recorder& recorder) {
  put_initial_state(world);
  for (const Row& row : week) {
    if (row.begin) row.begin(world, recorder);
  }
}

}  // namespace optichain::models::world
