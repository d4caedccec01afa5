#include "models/agents/planner.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "models/network/explosion.hpp"
#include "models/policy/replenishment.hpp"
#include "models/policy/yield.hpp"
#include "sim/base/check.hpp"

namespace optichain::models {
namespace {

template <class Ids, class Id>
std::size_t position(const Ids& ids, Id id) {
  const auto found = std::find(ids.begin(), ids.end(), id);
  OPTICHAIN_CHECK(found != ids.end(), "not of this site");
  return static_cast<std::size_t>(found - ids.begin());
}

}  // namespace

Planner::Planner(const Context& context, SiteId site, std::vector<OrderDesk*> desks,
                 std::span<const std::unique_ptr<sim::Line>> lines)
    : context_(context),
      site_(site),
      entry_(context.catalog[site]),
      desks_(std::move(desks)),
      lines_(lines),
      needs_(entry_.stocks.size()),
      outlooks_(entry_.stocks.size()) {
  for (const RecipeId id : entry_.recipes) add_route(id);
  add_limits();
}

void Planner::add_route(RecipeId id) {
  const auto& recipe = context_.catalog[id];
  const std::string entity = "recipes." + recipe.name;
  Meters& m = context_.meters;
  Route route{.entry = &recipe,
              .id = id,
              .draws = sim::Stream(context_.run, recipe.name, "lots"),
              .input_carry = std::vector<Carry>(recipe.inputs.size()),
              .wanted = m.flow(entity, "wanted"),
              .started = m.flow(entity, "started"),
              .good = m.flow(entity, "produced"),
              .scrap = m.flow(entity, "scrap"),
              .in_process_level = m.level(entity, "in_process")};
  for (OrderDesk* desk : desks_) {
    const auto& variants = desk->entry().variants;
    for (std::size_t v = 0; v < variants.size(); ++v) {
      if (variants[v].stock != recipe.output) continue;
      route.desk = desk;
      route.variant = v;
    }
  }
  OPTICHAIN_CHECK(route.desk, "{} makes what the site does not sell", recipe.name);
  routes_.push_back(std::move(route));
  const auto* fixed = std::get_if<ShareFixed>(&entry_.site->sharing);
  const std::string name = recipe.name.substr(entry_.name.size() + 1);
  const bool named = fixed && fixed->shares.contains(name);
  fixed_weights_.push_back(named ? fixed->shares.at(name) : 0);
}

std::size_t Planner::limit_of(Cause cause, std::size_t index) {
  for (std::size_t l = 0; l < limits_.size(); ++l) {
    if (limits_[l].cause == cause && limits_[l].index == index) return l;
  }
  limits_.push_back({cause, index});
  return limits_.size() - 1;
}

/// Lists what each route uses, and gives every pair a meter for what it costs.
void Planner::add_limits() {
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    const auto& recipe = *routes_[r].entry;
    routes_[r].first_cut = cuts_.size();
    const auto add = [&](Cause cause, std::size_t index, double per_piece,
                         const std::string& what) {
      const std::size_t limit = limit_of(cause, index);
      uses_.push_back({r, limit, per_piece});
      cuts_.push_back(
          {r, limit, none, context_.meters.flow("recipes." + recipe.name, "lost_to." + what)});
    };
    if (recipe.line.valid()) {
      const std::string& line = context_.catalog[recipe.line].name;
      add(Cause::line, recipe.line.index(), recipe.recipe->line_use_per_piece,
          "line_" + line.substr(entry_.name.size() + 1));
    }
    if (recipe.recipe->max_starts_per_week) add(Cause::own_limit, r, 1, "own_limit");
    for (const auto& input : recipe.inputs) {
      const ItemId item = context_.catalog[input.stock].item;
      add(Cause::input, input.stock.index(), input.pieces, context_.catalog[item].name);
    }
    routes_[r].last_cut = cuts_.size();
  }
}

void Planner::put_initial() {
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    for (const InitialPieces& lot : routes_[r].entry->recipe->initial_lots) {
      if (!lot.pieces) continue;
      Route& route = routes_[r];
      change_in_process(route, lot.pieces);
      context_.ledger.begin_lot(route.id, lot.pieces);
      const std::uint64_t number = route.lots++;
      const Pieces pieces = lot.pieces;
      context_.kernel.at(
          context_.now() + sim::days_to_duration(lot.in_days), phase::completions,
          [this, r, number, pieces] { finish(r, number, pieces); }, &route.entry->name);
    }
  }
}

// --- planning ----------------------------------------------------------------------------------

void Planner::plan_and_start(double weeks) {
  const std::vector<Want> wants = to_wants(good_wanted(weeks));

  // What lines and own limits allow tells the buyer how much input is worth having.
  std::vector<Resource> available = resources_without_inputs(weeks);
  std::vector<Resource> lines_only = available;
  const std::vector<Grant> feasible = grant(wants, lines_only, weeks);

  // What inputs on hand allow on top of that is what can be started.
  for (std::size_t l = 0; l < limits_.size(); ++l) {
    if (limits_[l].cause != Cause::input) continue;
    available[l].available = to_double(context_.inventory.on_hand[limits_[l].index]);
  }
  std::vector<Grant> grants = grant(wants, available, weeks);
  const std::vector<Grant> by_plan = grants;
  for (OrderDesk* desk : desks_) spill(*desk, wants, available, grants);

  note_needs(wants, feasible, grants);
  note_waits(wants, by_plan, grants, weeks);
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    context_.meters.add(routes_[r].wanted, wants[r].pieces);
    record_cuts(r, std::max<std::int64_t>(0, wants[r].pieces - by_plan[r].pieces),
                by_plan[r].bound_by);
    start(r, Pieces{grants[r].pieces});
  }
  for (OrderDesk* desk : desks_) {
    double coming = 0;
    for (const Route& route : routes_) {
      if (route.desk == desk) coming += to_double(route.in_process) * yield_of(route);
    }
    desk->note_supply(coming, lead_weeks(*desk));
  }
}

/// What can be started of what is wanted: for agreements first, then by the site's rule. What they
/// keep from others is taken off what is available.
std::vector<Grant> Planner::grant(std::span<const Want> wants, std::vector<Resource>& available,
                                  double weeks) {
  const SharingRule& rule = entry_.site->sharing;
  if (reserved_.empty()) return share(rule, wants, available, uses_);
  auto layers = share_in_layers(rule, wants, reserve_starts(wants, weeks), available, uses_);
  for (std::size_t l = 0; l < limits_.size(); ++l) available[l].available -= layers.kept[l];
  given_away_ = std::move(layers.given_away);
  return std::move(layers.grants);
}

void Planner::add_agreement(const AgreementDesk& desk) {
  Reserved reserved{&desk, {}, {}};
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    if (desk.is_about(routes_[r].id)) reserved.routes.push_back(r);
  }
  if (reserved.routes.empty()) return;
  reserved.starts.resize(reserved.routes.size());
  // Everybody else at the site may have to wait for it.
  std::vector<Cut> cuts;
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    Route& route = routes_[r];
    const std::size_t first = cuts.size();
    cuts.insert(cuts.end(), cuts_.begin() + static_cast<std::ptrdiff_t>(route.first_cut),
                cuts_.begin() + static_cast<std::ptrdiff_t>(route.last_cut));
    cuts.push_back(
        {r, none, reserved_.size(),
         context_.meters.flow("recipes." + route.entry->name, "lost_to.reserved_" + desk.name())});
    route.first_cut = first;
    route.last_cut = cuts.size();
  }
  cuts_ = std::move(cuts);
  reserved_.push_back(std::move(reserved));
}

/// The volume of the coming review in starts, over the recipes that make it as far as each is
/// wanted.
std::vector<ReservedStarts> Planner::reserve_starts(std::span<const Want> wants, double weeks) {
  std::vector<ReservedStarts> starts(routes_.size());
  for (Reserved& reserved : reserved_) {
    const double good = reserved.desk->reserved_over(weeks);
    double wanted = 0, able = 0;
    for (const std::size_t r : reserved.routes) {
      wanted += static_cast<double>(wants[r].pieces) * yield_of(routes_[r]);
      able += context_.conditions.can_start(routes_[r].id, context_.now()) ? 1 : 0;
    }
    const bool hard = reserved.desk->terms().reservation == Reservation::hard;
    for (std::size_t i = 0; i < reserved.routes.size(); ++i) {
      const std::size_t r = reserved.routes[i];
      reserved.starts[i] = 0;
      if (!context_.conditions.can_start(routes_[r].id, context_.now())) continue;
      const double yield = yield_of(routes_[r]);
      const double part =
          wanted > 0 ? static_cast<double>(wants[r].pieces) * yield / wanted : 1 / able;
      reserved.starts[i] = good * part / yield;
      (hard ? starts[r].hard : starts[r].soft) += reserved.starts[i];
    }
  }
  return starts;
}

/// How much of a resource is reserved at this review.
double Planner::reserved_of(const Reserved& reserved, std::size_t resource) const {
  double sum = 0;
  for (const Use& use : uses_) {
    for (std::size_t i = 0; i < reserved.routes.size(); ++i) {
      if (use.resource != resource || use.want != reserved.routes[i]) continue;
      sum += use.per_piece * reserved.starts[i];
    }
  }
  return sum;
}

/// Good pieces wanted of each route.
std::vector<double> Planner::good_wanted(double weeks) {
  std::vector<double> wanted(routes_.size(), 0);
  for (const OrderDesk* desk : desks_) want_of_desk(*desk, weeks, wanted);
  return wanted;
}

/// Fills the view of a desk; false if nothing it sells can be started now.
bool Planner::look_at(const OrderDesk& desk) {
  const std::size_t variants = desk.entry().variants.size();
  const sim::Time now = context_.now();
  view_.route_weight.assign(routes_.size(), 0);
  view_.variant_weight.assign(variants, 0);
  view_.on_hand.assign(variants, 0);
  view_.coming.assign(variants, 0);
  view_.lacking.assign(variants, 0);
  bool makes_any = false;
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    const Route& route = routes_[r];
    if (route.desk != &desk) continue;
    view_.coming[route.variant] += to_double(route.in_process) * yield_of(route);
    if (!context_.conditions.can_start(route.id, now)) continue;
    view_.route_weight[r] = context_.conditions.recipe_weight(route.id, now);
    view_.variant_weight[route.variant] += view_.route_weight[r];
    makes_any = makes_any || view_.route_weight[r] > 0;
  }
  for (std::size_t v = 0; v < variants; ++v) {
    view_.on_hand[v] = to_double(context_.on_hand(desk.entry().variants[v].stock));
  }
  return makes_any;
}

void Planner::want_of_desk(const OrderDesk& desk, double weeks, std::vector<double>& wanted) {
  if (!look_at(desk)) return;
  auto& [route_weight, variant_weight, on_hand, coming, lacking] = view_;
  const std::size_t variants = on_hand.size();

  // Who has given up selling it makes what is open and no more. Pieces that no buyer can use do not
  // count as stock.
  const bool closed = context_.conditions.is_closed(desk.id(), context_.now());
  InventoryState state{
      .backlog = to_double(desk.backlog()), .lead_weeks = lead_weeks(desk), .review_weeks = weeks};
  const double future = closed ? 0 : desk.forecast().over(state.lead_weeks + weeks);
  for (std::size_t v = 0; v < variants; ++v) {
    const double there = on_hand[v] + coming[v];
    const double usable =
        variants == 1 ? there : std::min(there, to_double(desk.backlog_accepting(v)) + future);
    state.on_hand += std::min(on_hand[v], usable);
    state.pipeline += usable - std::min(on_hand[v], usable);
  }
  const double total =
      closed ? state.backlog - state.on_hand - state.pipeline
             : replenishment_quantity(desk.entry().offer->replenish, state, desk.forecast());
  if (total <= 0) return;

  // Of a family: what each variant lacks of its part, brought to the total.
  if (variants == 1) {
    lacking[0] = total;
  } else {
    const double target = total + state.on_hand + state.pipeline;
    const auto parts = desk.wanted_by_variant(std::max(0.0, target - state.backlog));
    for (std::size_t v = 0; v < variants; ++v) {
      if (variant_weight[v] > 0) lacking[v] = std::max(0.0, parts[v] - on_hand[v] - coming[v]);
    }
  }
  const double sum = std::accumulate(lacking.begin(), lacking.end(), 0.0);
  if (sum <= 0) return;
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    if (route_weight[r] <= 0) continue;
    const std::size_t v = routes_[r].variant;
    wanted[r] = total * (lacking[v] / sum) * (route_weight[r] / variant_weight[v]);
  }
}

/// From the start of a lot to good pieces, as things stand: the line's queue and the cycle time.
double Planner::lead_weeks(const OrderDesk& desk) const {
  const sim::Time now = context_.now();
  double sum = 0, weights = 0;
  for (const Route& route : routes_) {
    if (route.desk != &desk || !context_.conditions.can_start(route.id, now)) continue;
    double lead = route.entry->recipe->cycle_days.mean(now) / 7;
    if (route.entry->line.valid()) {
      const sim::Line& line = *lines_[route.entry->line.index()];
      const double per_week = line.capacity().value(now) * sim::seconds_per_week;
      if (per_week > 0) lead += line.queued_work() / per_week;
    }
    const double weight = context_.conditions.recipe_weight(route.id, now) *
                          std::max(context_.conditions.mix(desk.id(), route.variant, now), 1e-9);
    sum += weight * lead;
    weights += weight;
  }
  return weights > 0 ? sum / weights : 0;
}

std::vector<Want> Planner::to_wants(const std::vector<double>& good) const {
  std::vector<Want> wants;
  const bool by_margin = std::holds_alternative<ShareByMargin>(entry_.site->sharing);
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    Want want;
    if (good[r] > 0) want.pieces = sim::to_whole(std::ceil(good[r] / yield_of(routes_[r]) - 1e-9));
    if (by_margin) want.margin_usd = margin_of(routes_[r]);
    want.weight = fixed_weights_[r];
    wants.push_back(want);
  }
  return wants;
}

std::vector<Resource> Planner::resources_without_inputs(double weeks) {
  const sim::Time now = context_.now();
  const sim::Time then = now + sim::days_to_duration(7 * weeks);
  std::vector<Resource> list;
  for (const Limit& limit : limits_) {
    switch (limit.cause) {
      case Cause::line:
        list.push_back({lines_[limit.index]->free_work(then), true});
        break;
      case Cause::own_limit: {
        // what is not used is lost, except for the fraction of a piece
        Route& route = routes_[limit.index];
        const double rest = route.allowance - std::floor(std::max(0.0, route.allowance));
        const auto& curve = *context_.real.recipe_starts[route.id.index()];
        route.allowance = rest + curve.integral(now, then) / sim::seconds_per_week;
        list.push_back({route.allowance, true});
        break;
      }
      case Cause::input:
        list.push_back({std::numeric_limits<double>::infinity(), false});
        break;
    }
  }
  return list;
}

/// Pieces to start for the orders that came in since the review before.
double Planner::new_use_of(const Route& route) const {
  const sim::Time now = context_.now();
  if (!context_.conditions.can_start(route.id, now)) return 0;
  double weight = 0;
  for (const Route& other : routes_) {
    if (other.entry->output != route.entry->output) continue;
    weight += context_.conditions.recipe_weight(other.id, now);
  }
  if (weight <= 0) return 0;
  const double part = context_.conditions.recipe_weight(route.id, now) / weight;
  return route.desk->last_intake_of(route.variant) * part / yield_of(route);
}

void Planner::note_needs(std::span<const Want> wants, std::span<const Grant> feasible,
                         std::span<const Grant> grants) {
  std::fill(needs_.begin(), needs_.end(), InputNeed{});
  for (const Use& use : uses_) {
    const Limit& limit = limits_[use.resource];
    if (limit.cause != Cause::input) continue;
    InputNeed& need = needs_[position(entry_.stocks, StockId{limit.index})];
    const std::size_t r = use.want;
    const double unmet = static_cast<double>(wants[r].pieces - grants[r].pieces);
    const double allowed = static_cast<double>(feasible[r].pieces);
    double fresh = new_use_of(routes_[r]);
    if (feasible[r].bound_by == Grant::none) {
      need.waiting += use.per_piece * std::max(0.0, unmet);
    } else {
      fresh = std::min(fresh, allowed);
      need.line_waiting += use.per_piece * std::max(0.0, unmet);
      need.line_room += use.per_piece * (allowed - fresh);
    }
    need.new_use += use.per_piece * fresh;
  }
}

/// Finds the bottleneck of each recipe that was cut: what takes longest to provide for all that is
/// wanted. (What happens to be used up at this review may be another thing; deliveries come in
/// lots.) What other variants took over does not wait.
void Planner::note_waits(std::span<const Want> wants, std::span<const Grant> by_plan,
                         std::span<const Grant> grants, double weeks) {
  double lacking = 0, taken_over = 0;  // good pieces
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    const double yield = yield_of(routes_[r]);
    const double unmet = static_cast<double>(wants[r].pieces - by_plan[r].pieces);
    routes_[r].wait = {.good_pieces = std::max(0.0, unmet) * yield};
    lacking += routes_[r].wait.good_pieces;
    taken_over += static_cast<double>(grants[r].pieces - by_plan[r].pieces) * yield;
  }
  if (lacking <= 0) return;
  const double still = std::max(0.0, 1 - taken_over / lacking);

  std::vector<double> wanted(limits_.size(), 0), weeks_of(limits_.size(), 0);
  for (const Use& use : uses_) {
    wanted[use.resource] += use.per_piece * static_cast<double>(wants[use.want].pieces);
  }
  for (std::size_t l = 0; l < limits_.size(); ++l) weeks_of[l] = weeks_to_get(l, wanted[l], weeks);

  std::vector<double> longest(routes_.size(), -1);
  for (const Use& use : uses_) {
    Wait& wait = routes_[use.want].wait;
    const bool cut = use.resource == by_plan[use.want].bound_by;  // decides among equals
    const double weeks_needed = weeks_of[use.resource];
    if (weeks_needed < longest[use.want] || (weeks_needed == longest[use.want] && !cut)) continue;
    longest[use.want] = weeks_needed;
    wait.cause = limits_[use.resource].cause;
    wait.index = limits_[use.resource].index;
  }
  for (Route& route : routes_) route.wait.good_pieces *= still;
}

/// Weeks until a limit has provided for what is wanted of it: at the capacity of a line, at the
/// rate at which sellers deliver if they owe more than is normal, else after the lead time they
/// quote.
double Planner::weeks_to_get(std::size_t limit, double wanted, double weeks) const {
  const auto [cause, index] = limits_[limit];
  const sim::Time now = context_.now();
  double missing = wanted, per_week = 0;
  switch (cause) {
    case Cause::line:
      per_week = lines_[index]->capacity().value(now) * sim::seconds_per_week;
      break;
    case Cause::own_limit:
      per_week = context_.real.recipe_starts[routes_[index].id.index()]->value(now);
      break;
    case Cause::input: {
      const InputOutlook& seen = outlook(StockId{index});
      missing -= to_double(context_.inventory.on_hand[index]);
      per_week = seen.received_per_week;
      // one review's orders are always open, because sellers allocate before buyers order
      if (missing > 0 && seen.owed <= 2 * per_week * weeks) return seen.lead_weeks;
      break;
    }
  }
  if (missing <= 0) return 0;
  return per_week > 0 ? missing / per_week : std::numeric_limits<double>::infinity();
}

/// Counts what waits for want of what. A piece that waits for weeks is counted once, when it begins
/// to wait, and taken off the count when it is started after all; who began to wait for what is
/// forgotten among the pieces of a route. Pieces whose buyers gave up stay counted.
void Planner::record_cuts(std::size_t r, std::int64_t unmet, std::size_t bound_by) {
  const std::span<Cut> mine(cuts_.data() + routes_[r].first_cut,
                            cuts_.data() + routes_[r].last_cut);
  std::int64_t before = 0;
  for (const Cut& cut : mine) before += cut.waiting;
  if (before == 0 && unmet == 0) return;

  const OrderDesk& desk = *routes_[r].desk;
  if (before > 0 && desk.last_withdrawn() > Pieces{0}) {
    const double withdrawn = to_double(desk.last_withdrawn());
    const double kept = 1 - withdrawn / (withdrawn + to_double(desk.backlog()));
    before = sim::to_whole(kept * static_cast<double>(before));
    shrink_waiting(mine, before, false);
  }
  if (unmet < before) {
    shrink_waiting(mine, unmet, true);
  } else if (unmet > before) {
    begin_to_wait(mine, unmet - before, bound_by, given_away(r));
  }
}

/// Pieces begin to wait: as many as were given away now, for the agreements that reserve most of
/// what bound the plan; the others for that itself.
void Planner::begin_to_wait(std::span<Cut> cuts, std::int64_t pieces, std::size_t bound_by,
                            std::int64_t given_away) {
  double reserved = 0;
  for (const Reserved& r : reserved_) reserved += reserved_of(r, bound_by);
  const double away = reserved > 0 ? static_cast<double>(std::min(given_away, pieces)) : 0;
  std::vector<double> weights;
  for (const Cut& cut : cuts) {
    if (cut.reserved != none) {
      const double part = away > 0 ? reserved_of(reserved_[cut.reserved], bound_by) / reserved : 0;
      weights.push_back(away * part);
    } else {
      weights.push_back(cut.limit == bound_by ? static_cast<double>(pieces) - away : 0);
    }
  }
  const auto parts = apportion(pieces, weights);
  for (std::size_t c = 0; c < cuts.size(); ++c) {
    context_.meters.add(cuts[c].lost, parts[c]);
    cuts[c].waiting += parts[c];
  }
}

/// Brings the pieces that wait for this and that down to a total, in proportion; off the count,
/// too, if they were started.
void Planner::shrink_waiting(std::span<Cut> cuts, std::int64_t total, bool started) {
  std::vector<double> weights;
  for (const Cut& cut : cuts) weights.push_back(static_cast<double>(cut.waiting));
  const auto left = apportion(total, weights);
  for (std::size_t c = 0; c < cuts.size(); ++c) {
    if (started) context_.meters.add(cuts[c].lost, left[c] - cuts[c].waiting);
    cuts[c].waiting = left[c];
  }
}

/// What a variant cannot supply is made as another variant, as far as the waiting buyers accept it.
void Planner::spill(OrderDesk& desk, std::span<const Want> wants,
                    std::span<const Resource> available, std::vector<Grant>& grants) const {
  if (desk.entry().variants.size() < 2 || desk.entry().offer->spill <= 0) return;
  std::vector<double> lacking(desk.entry().variants.size(), 0);  // good pieces
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    if (routes_[r].desk != &desk) continue;
    lacking[routes_[r].variant] +=
        static_cast<double>(wants[r].pieces - grants[r].pieces) * yield_of(routes_[r]);
  }
  const double total_lacking = std::accumulate(lacking.begin(), lacking.end(), 0.0);
  if (total_lacking < 1) return;

  // Routes of this family that were not cut may take over, up to what their buyers would accept.
  std::vector<double> room(routes_.size(), 0);
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    const Route& route = routes_[r];
    if (route.desk != &desk || grants[r].bound_by != Grant::none) continue;
    if (!context_.conditions.can_start(route.id, context_.now())) continue;
    const double there = to_double(context_.on_hand(route.entry->output)) +
                         to_double(route.in_process + Pieces{grants[r].pieces}) * yield_of(route);
    room[r] = std::max(0.0, to_double(desk.backlog_accepting(route.variant)) - there);
  }
  const double total_room = std::accumulate(room.begin(), room.end(), 0.0);
  const double moved = std::min(total_lacking * desk.entry().offer->spill, total_room);
  if (moved < 1) return;

  std::vector<Resource> left(available.begin(), available.end());
  for (const Use& use : uses_) {
    left[use.resource].available -= use.per_piece * static_cast<double>(grants[use.want].pieces);
  }
  std::vector<Want> extra(wants.begin(), wants.end());
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    const double good = moved * (room[r] / total_room);
    extra[r].pieces = sim::to_whole(std::floor(good / yield_of(routes_[r])));
  }
  const auto more = share(entry_.site->sharing, extra, left, uses_);
  std::vector<double> change(lacking.size(), 0);
  double made_up = 0;
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    const double good = static_cast<double>(more[r].pieces) * yield_of(routes_[r]);
    grants[r].pieces += more[r].pieces;
    if (routes_[r].desk == &desk) change[routes_[r].variant] += good;
    made_up += good;
  }
  for (std::size_t v = 0; v < change.size(); ++v) change[v] -= made_up * lacking[v] / total_lacking;
  desk.change_meant(change);
}

// --- lots --------------------------------------------------------------------------------------

void Planner::change_in_process(Route& route, Pieces change) const {
  route.in_process += change;
  context_.meters.set(route.in_process_level, route.in_process.count(), context_.now());
}

void Planner::start(std::size_t r, Pieces pieces) {
  if (pieces <= Pieces{0}) return;
  Route& route = routes_[r];
  const auto& recipe = *route.entry;
  context_.ledger.begin_lot(route.id, pieces);
  for (std::size_t i = 0; i < recipe.inputs.size(); ++i) {
    const StockId stock = recipe.inputs[i].stock;
    const Pieces used{route.input_carry[i].take(recipe.inputs[i].pieces * to_double(pieces),
                                                context_.on_hand(stock).count())};
    context_.ledger.use_input(stock, used);
    context_.add_stock(stock, -used);
    context_.meters.add(context_.inventory.meters[stock.index()].used, used.count());
    for (Earmark* earmark : earmarks_) {
      if (earmark->input() != stock) continue;
      earmark->use(route.desk->id(), used, context_.on_hand(stock),
                   yield_of(route) * to_double(pieces));
    }
  }
  change_in_process(route, pieces);
  route.started_total += pieces;
  route.allowance -= to_double(pieces);
  context_.meters.add(route.started, pieces.count());
  const double cost = context_.real.recipe_cost[route.id.index()].value(context_.now());
  context_.accounts.pay_outside(context_.catalog.party(site_), Account::conversion,
                                usd(cost * to_double(pieces)));

  const std::uint64_t lot = route.lots++;
  if (!recipe.line.valid()) return leave_line(r, lot, pieces);
  lines_[recipe.line.index()]->submit(
      recipe.recipe->line_use_per_piece * to_double(pieces), phase::completions,
      [this, r, lot, pieces] { leave_line(r, lot, pieces); },
      [this, r, pieces] { lose(r, pieces); });
}

void Planner::leave_line(std::size_t r, std::uint64_t lot, Pieces pieces) {
  const Route& route = routes_[r];
  const sim::Time now = context_.now();
  const auto& recipe = *route.entry->recipe;
  if (route.entry->line.valid()) {
    context_.ledger.do_work(route.entry->line, recipe.line_use_per_piece * to_double(pieces));
  }
  const double days = recipe.cycle_days.at(
      now, recipe.cycle_days.is_random() ? route.draws.uniform_at(2 * lot) : 0.5);
  // a law with an open end may give more than any span: the lot then is not done in a century
  context_.kernel.at(
      now + sim::days_to_duration(std::min(days, sim::span_days.max)), phase::completions,
      [this, r, lot, pieces] { finish(r, lot, pieces); }, &route.entry->name);
}

void Planner::finish(std::size_t r, std::uint64_t lot, Pieces pieces) {
  Route& route = routes_[r];
  const double mean = yield_of(route);
  const double sd = route.entry->recipe->yield_sd;
  const double yield = sd > 0 ? lot_yield(mean, sd, route.draws.uniform_at(2 * lot + 1)) : mean;
  const Pieces good{route.good_carry.take(yield * to_double(pieces), pieces.count())};
  come_out(route, good, pieces - good);
}

/// The line went out with the lot on it.
void Planner::lose(std::size_t r, Pieces pieces) {
  come_out(routes_[r], Pieces{0}, pieces);
}

void Planner::come_out(Route& route, Pieces good, Pieces scrap) {
  context_.ledger.finish_lot(route.id, good, scrap);
  change_in_process(route, -(good + scrap));
  const StockId output = route.entry->output;
  context_.add_stock(output, good);
  context_.meters.add(context_.inventory.meters[output.index()].produced, good.count());
  context_.meters.add(context_.inventory.meters[output.index()].scrap, scrap.count());
  context_.meters.add(route.good, good.count());
  context_.meters.add(route.scrap, scrap.count());
}

// --- small questions ---------------------------------------------------------------------------

double Planner::yield_of(const Route& route) const {
  const double yield = recipe_yield(context_.catalog, context_.real, route.id, context_.now(),
                                    to_double(route.started_total));
  return std::max(yield, lowest_planned_yield);
}

/// Earned per piece started: good pieces at their price, less inputs at theirs and conversion.
double Planner::margin_of(const Route& route) const {
  const sim::Time now = context_.now();
  const double price = context_.conditions.price_usd(route.desk->id(), route.entry->item, now);
  double margin = price * yield_of(route) - context_.real.recipe_cost[route.id.index()].value(now);
  for (const auto& input : route.entry->inputs) {
    margin -= input.pieces * context_.conditions.price_usd(context_.catalog[input.stock].item, now);
  }
  return margin;
}

bool Planner::could_start(std::size_t recipe_of_site) const {
  return context_.conditions.can_start(routes_[recipe_of_site].id, context_.now());
}

void Planner::note_outlook(StockId stock, InputOutlook outlook) {
  outlooks_[position(entry_.stocks, stock)] = outlook;
}

const Planner::InputOutlook& Planner::outlook(StockId stock) const {
  return outlooks_[position(entry_.stocks, stock)];
}

std::optional<double> Planner::margin_per_work(LineId line) const {
  std::optional<double> best;
  for (const Route& route : routes_) {
    const double work = route.entry->recipe->line_use_per_piece;
    if (route.entry->line != line || work <= 0) continue;
    if (!context_.conditions.can_start(route.id, context_.now())) continue;
    best =
        std::max(best.value_or(-std::numeric_limits<double>::infinity()), margin_of(route) / work);
  }
  return best;
}

const Planner::InputNeed& Planner::need(StockId stock) const {
  return needs_[position(entry_.stocks, stock)];
}

}  // namespace optichain::models
