#include "models/tracing/rules.hpp"

#include <algorithm>
#include <array>

namespace optichain::models::tracing {
namespace {

using causes::Kind;

/// Where a kind may be found: it is called for each item or product.
using Define = std::function<void(const std::string& name)>;

void every_item_and_product(const Catalog& catalog, const Define& define) {
  for (const auto& item : catalog.items) define(item.name);
  for (const auto& product : catalog.products) define(product.name);
}

// --- capacity: a line is full -------------------------------------------------------------------

constexpr Kind capacity{"capacity"};

void items_on_lines(const Catalog& catalog, const Define& define) {
  for (const auto& recipe : catalog.recipes) {
    if (recipe.line.valid()) define(catalog[recipe.item].name);
  }
}

double capacity_of_starts(const Inspection& at, const HeldStarts& s, double pieces) {
  if (s.planner.wait(s.recipe_of_site).cause != agents::Planner::Cause::line) return pieces;
  const LineId line = at.chain.catalog[s.recipe].line;
  at.reasons.blame(at.flows.of(capacity, s.item, at.chain.catalog[line].name), pieces);
  return 0;
}

// --- limit: a recipe's own limit on starts ------------------------------------------------------

constexpr Kind limit{"limit"};

void items_with_limits(const Catalog& catalog, const Define& define) {
  for (const auto& recipe : catalog.recipes) {
    if (recipe.recipe->max_starts_per_week) define(catalog[recipe.item].name);
  }
}

double limit_of_starts(const Inspection& at, const HeldStarts& s, double pieces) {
  if (s.planner.wait(s.recipe_of_site).cause != agents::Planner::Cause::own_limit) return pieces;
  at.reasons.blame(at.flows.of(limit, s.item, at.chain.catalog[s.recipe].name), pieces);
  return 0;
}

// --- supply: neither made nor bought ------------------------------------------------------------

constexpr Kind supply{"supply"};

void items_without_source(const Catalog& catalog, const Define& define) {
  for (const auto& stock : catalog.stocks) {
    if (stock.recipes.empty() && !stock.purchase.valid()) define(catalog[stock.item].name);
  }
}

// --- qualification: no seller, variant or recipe is qualified -----------------------------------

constexpr Kind qualification{"qualification"};

/// The buyer takes no variant.
double qualification_of_orders(const Inspection& at, const OpenOrders& orders, double pieces) {
  const OfferId id = at.chain.catalog[orders.channel].offer;
  const auto& offer = at.chain.catalog[id];
  for (std::size_t v = 0; v < offer.variants.size(); ++v) {
    if (at.chain.terms.accepts(orders.channel, v, at.now)) return pieces;
  }
  at.reasons.stand(at.flows.of(qualification, at.chain.product(id), offer.name), pieces);
  return 0;
}

std::optional<TraceNode> qualification_of_idle(const Inspection& at, const Idle& idle) {
  if (idle.possible) return std::nullopt;
  return at.flows.of(qualification, idle.item, idle.where);
}

// --- program: an export control, an exit or a breakdown -----------------------------------------

constexpr Kind program{"program"};

double program_of_orders(const Inspection& at, const OpenOrders& orders, double pieces) {
  const auto blocked = at.chain.terms.blocked_by(orders.channel, at.now);
  if (!blocked) return pieces;
  const std::string& product = at.chain.product(at.chain.catalog[orders.channel].offer);
  at.reasons.stand(at.flows.of(program, product, at.chain.catalog[*blocked].name), pieces);
  return 0;
}

/// A line that a program has out or slowed down is short of the rest of its capacity only.
double program_of_starts(const Inspection& at, const HeldStarts& s, double pieces) {
  if (s.planner.wait(s.recipe_of_site).cause != agents::Planner::Cause::line) return pieces;
  const auto loss = at.chain.terms.loss_of(at.chain.catalog[s.recipe].line, at.now);
  if (!loss) return pieces;
  at.reasons.blame(at.flows.of(program, s.item, at.chain.catalog[loss->program].name),
                   pieces * (1 - loss->left));
  return pieces * loss->left;
}

std::optional<TraceNode> program_of_idle(const Inspection& at, const Idle& idle) {
  if (!idle.blocked) return std::nullopt;
  return at.flows.of(program, idle.item, at.chain.catalog[*idle.blocked].name);
}

// --- reserved: kept for the holder of an agreement ----------------------------------------------

constexpr Kind reserved{"reserved"};

/// Of what a seller owes, what it gave to holders of agreements instead.
double reserved_of_orders(const Inspection& at, const OpenOrders& orders, double pieces) {
  double all = 0;
  for (const auto& d : orders.diverted) {
    all += static_cast<double>(std::max<std::int64_t>(0, at.meters.total(d.meter)));
  }
  if (all <= 0) return pieces;
  const double taken = std::min(pieces, all);
  const std::string& product = at.chain.product(at.chain.catalog[orders.channel].offer);
  for (const auto& d : orders.diverted) {
    const double part = static_cast<double>(std::max<std::int64_t>(0, at.meters.total(d.meter)));
    at.reasons.stand(at.flows.of(reserved, product, *d.agreement), taken * (part / all));
  }
  return pieces - taken;
}

/// Of the starts that wait, those that had to make room for agreements.
double reserved_of_starts(const Inspection& at, const HeldStarts& s, double pieces) {
  double taken = 0;
  const agents::LineReservations& reservations = s.planner.reservations();
  for (std::size_t a = 0; a < reservations.size(); ++a) {
    const double part = pieces * s.planner.waiting_share(s.recipe_of_site, a);
    at.reasons.blame(at.flows.of(reserved, s.item, reservations.account(a).name()), part);
    taken += part;
  }
  return pieces - taken;
}

// --- revision: wanted on shorter notice than the longest way through the chain ------------------

constexpr Kind revision{"revision"};

void revised_products(const Catalog& catalog, const Define& define) {
  for (const auto& demand : catalog.demands) {
    if (!demand.demand->revisions.empty()) define(catalog[demand.product].name);
  }
}

void revision_of_shortfall(const Inspection& at, const Shortfall& s) {
  if (s.unforeseen <= 0 || s.unmet <= 0) return;
  at.reasons.stand_before_all(
      at.flows.of(revision, at.chain.product(s.demand), at.chain.catalog[s.demand].name),
      std::min(1.0, s.unforeseen / s.unmet));
}

// --- lead_time: all that is owed is in process or on its way ------------------------------------

constexpr Kind lead_time{"lead_time"};

std::optional<TraceNode> lead_time_of_idle(const Inspection& at, const Idle& idle) {
  if (!idle.under_way) return std::nullopt;
  return at.flows.of(lead_time, idle.item, idle.where);
}

// --- planning: nothing is under way though something could be -----------------------------------

constexpr Kind not_planned{"planning"};

std::optional<TraceNode> planning_of_idle(const Inspection& at, const Idle& idle) {
  if (!idle.possible) return std::nullopt;
  return at.flows.of(not_planned, idle.item, idle.where);
}

// --- earlier: orders from before were served first ----------------------------------------------

constexpr Kind earlier{"earlier"};

void demanded_products(const Catalog& catalog, const Define& define) {
  for (const auto& demand : catalog.demands) define(catalog[demand.product].name);
}

// --- where each may be found --------------------------------------------------------------------

struct Scope {
  Kind kind;
  void (*names)(const Catalog&, const Define&);
};
constexpr auto scopes = std::to_array<Scope>({
    {capacity, items_on_lines},
    {limit, items_with_limits},
    {supply, items_without_source},
    {qualification, every_item_and_product},
    {program, every_item_and_product},
    {reserved, every_item_and_product},
    {revision, revised_products},
    {lead_time, every_item_and_product},
    {not_planned, every_item_and_product},
    {earlier, demanded_products},
});

constexpr bool every_kind_has_a_scope() {
  std::array<int, causes::kind_rows.size()> count{};
  for (const Scope& scope : scopes) ++count[scope.kind.index()];
  return std::all_of(count.begin(), count.end(), [](int n) { return n == 1; });
}
static_assert(every_kind_has_a_scope(), "a kind of cause has no rule");

// --- the order in which they are asked ----------------------------------------------------------

using OrdersRule = double (*)(const Inspection&, const OpenOrders&, double pieces);
constexpr auto of_orders =
    std::to_array<OrdersRule>({program_of_orders, reserved_of_orders, qualification_of_orders});

using StartsRule = double (*)(const Inspection&, const HeldStarts&, double pieces);
constexpr auto of_starts = std::to_array<StartsRule>(
    {reserved_of_starts, program_of_starts, capacity_of_starts, limit_of_starts});

// the last one answers always
using IdleRule = std::optional<TraceNode> (*)(const Inspection&, const Idle&);
constexpr auto of_idle = std::to_array<IdleRule>(
    {program_of_idle, lead_time_of_idle, planning_of_idle, qualification_of_idle});

}  // namespace

void define_causes(const Catalog& catalog, Flows& flows) {
  for (const auto& [kind, names] : scopes) {
    if (kind.required() == causes::Requires::programs && catalog.programs.empty()) continue;
    if (kind.required() == causes::Requires::agreements && catalog.agreements.empty()) continue;
    names(catalog, [&, kind = kind](const std::string& name) { flows.define(kind, name); });
  }
}

double cause_of_orders(const Inspection& at, const OpenOrders& orders, double pieces) {
  for (const OrdersRule rule : of_orders) {
    if (pieces <= 0) break;
    pieces = rule(at, orders, pieces);
  }
  return pieces;
}

double cause_of_starts(const Inspection& at, const HeldStarts& starts, double pieces) {
  for (const StartsRule rule : of_starts) pieces = rule(at, starts, pieces);
  return pieces;
}

TraceNode cause_of_idle(const Inspection& at, const Idle& idle) {
  for (const IdleRule rule : of_idle) {
    if (const auto found = rule(at, idle)) return *found;
  }
  sim::fail("no rule says why nothing comes to {}", idle.where);
}

TraceNode cause_of_delay(const Inspection& at, const std::string& item, const std::string& where) {
  return at.flows.of(lead_time, item, where);
}

TraceNode cause_of_absence(const Inspection& at, StockId stock) {
  return at.flows.of(supply, at.chain.item(stock), at.chain.catalog[stock].name);
}

void cause_of_shortfall(const Inspection& at, const Shortfall& shortfall) {
  revision_of_shortfall(at, shortfall);
}

TraceNode cause_of_surplus(const Inspection& at, DemandId demand) {
  return at.flows.of(earlier, at.chain.product(demand), at.chain.catalog[demand].name);
}

}  // namespace optichain::models::tracing
