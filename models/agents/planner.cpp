#include "models/agents/planner.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "models/agents/unit_cost.hpp"
#include "models/policy/apportion.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::agents {
Planner::Planner(const Context& context, SiteId site, std::vector<const OrderDesk*> desks,
                 std::span<const std::unique_ptr<sim::Line>> lines, ShopFloor& floor)
    : context_(context),
      site_(site),
      entry_(context.catalog[site]),
      desks_(std::move(desks)),
      lines_(lines),
      floor_(floor),
      waiting_(entry_.recipes.size(), context.meters),
      reservations_(context.terms, context.kernel, entry_.recipes),
      needs_(entry_.stocks.size()),
      outlooks_(entry_.stocks.size()) {
  for (const RecipeId id : entry_.recipes) add_route(id);
  add_limits();
}

void Planner::add_route(RecipeId id) {
  const auto& recipe = context_.catalog[id];
  Route route{
      .entry = &recipe,
      .id = id,
      .wanted = context_.meters.flow(measures::of(measures::Group::recipes, recipe.name), "wanted"),
      .tie = context_.tie(recipe.name, "recipes")};
  for (const OrderDesk* desk : desks_) {
    const auto& variants = desk->entry().variants;
    for (std::size_t v = 0; v < variants.size(); ++v) {
      if (variants[v].stock != recipe.output) continue;
      route.desk = desk;
      route.variant = v;
    }
  }
  OPTICHAIN_CHECK(route.desk, "{} makes what the site does not sell", recipe.name);
  const std::string name = recipe.name.substr(entry_.name.size() + 1);
  route.sharing_weight = policy::weight_of(entry_.site->sharing, name);
  routes_.push_back(std::move(route));
  if (std::find(made_.begin(), made_.end(), recipe.output) == made_.end()) {
    made_.push_back(recipe.output);
  } else if (std::find(made_in_ways_.begin(), made_in_ways_.end(), recipe.output) ==
             made_in_ways_.end()) {
    made_in_ways_.push_back(recipe.output);
  }
}

std::size_t Planner::limit_of(Cause cause, std::size_t index) {
  for (std::size_t l = 0; l < limits_.size(); ++l) {
    if (limits_[l].cause == cause && limits_[l].index == index) return l;
  }
  limits_.push_back({cause, index});
  return limits_.size() - 1;
}

/// Lists what each route uses, and counts what waits for it.
void Planner::add_limits() {
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    const auto& recipe = *routes_[r].entry;
    const auto add = [&](Cause cause, std::size_t index, double per_piece,
                         const std::string& what) {
      const std::size_t limit = limit_of(cause, index);
      uses_.push_back({r, limit, per_piece});
      add_reason(r, limit, what);
    };
    if (recipe.line.valid()) {
      const auto& line = context_.catalog[recipe.line];
      const double work = recipe.recipe->line_use_per_piece;
      const bool in_pieces = std::holds_alternative<Conwip>(line.line->release);
      add(Cause::line, recipe.line.index(), in_pieces ? 1 : work,
          "line_" + line.name.substr(entry_.name.size() + 1));
      if (in_pieces) limits_[uses_.back().resource].work_per_unit = work;
    }
    if (recipe.recipe->max_starts_per_week) add(Cause::own_limit, r, 1, "own_limit");
    for (const auto& input : recipe.inputs) {
      const ItemId item = context_.catalog[input.stock].item;
      add(Cause::input, input.stock.index(), input.pieces, context_.catalog[item].name);
    }
  }
}

void Planner::add_reason(std::size_t r, std::size_t limit, const std::string& what) {
  waiting_.add(r,
               context_.meters.flow(measures::of(measures::Group::recipes, routes_[r].entry->name),
                                    "lost_to." + what),
               context_.tie(routes_[r].entry->name + " " + what, "waits"));
  routes_[r].reasons.push_back(limit);
}

void Planner::add_agreement(const agreement::AgreementAccount& account) {
  if (!reservations_.add(account)) return;
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    add_reason(r, policy::Grant::none,
               "reserved_" + account.name());  // everybody else may have to wait
  }
}

// --- planning ----------------------------------------------------------------------------------

std::span<const Planner::Takeover> Planner::plan_and_start(double weeks) {
  if (!allowances_accrue()) refill_allowances(weeks);
  const std::vector<policy::Grant> grants = plan(weeks);
  note_waits(grants, weeks);
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    context_.meters.add(routes_[r].wanted, wants_[r].pieces);
    count_waiting(r);
  }
  start(grants);
  return takeovers_;
}

std::span<const Planner::Takeover> Planner::start_between_reviews(double weeks) {
  start(plan(weeks));
  return takeovers_;
}

OrderDesk::Supply Planner::supply_of(const OrderDesk& desk) const {
  double coming = 0;
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    if (routes_[r].desk == &desk) coming += to_double(floor_.in_process(r)) * floor_.yield(r);
  }
  return {coming, lead_weeks(desk)};
}

/// What to start of each route now.
std::vector<policy::Grant> Planner::plan(double weeks) {
  look_at_routes();
  if (allowances_accrue()) accrue_allowances();
  to_wants(good_wanted(weeks));
  keep_to_room(wants_, {});

  // What lines and own limits allow tells the buyer how much input is worth having.
  list_resources(weeks);
  resources_on_hand_ = resources_;
  const std::vector<policy::Grant> feasible = grant(resources_, weeks);

  // What inputs on hand allow on top of that is what can be started.
  for (std::size_t l = 0; l < limits_.size(); ++l) {
    if (limits_[l].cause == Cause::own_limit && allowances_accrue()) {
      resources_on_hand_[l] = {routes_[limits_[l].index].allowance, false};
    }
    if (limits_[l].cause != Cause::input) continue;
    const StockId stock{limits_[l].index};
    resources_on_hand_[l].available =
        std::max(0.0, to_double(context_.inventory.on_hand(stock)) - floor_.part_used(stock));
  }
  std::vector<policy::Grant> grants = grant(resources_on_hand_, weeks);
  by_plan_ = grants;
  takeovers_.clear();
  for (std::size_t d = 0; d < desks_.size(); ++d) take_over(d, grants);
  note_needs(feasible, grants);
  return grants;
}

/// What is started at one instant goes onto its line the least work first, which lets all together
/// wait least (Smith, Naval Research Logistics 1956); of what is as much work each goes first by
/// turns.
void Planner::start(std::span<const policy::Grant> grants) {
  note_owed_shares(grants);
  note_owed_grants();
  reservations_.note_started(first_);
  static thread_local std::vector<std::size_t> order;  // kept for its memory
  order.clear();
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    if (grants[r].pieces > 0) order.push_back(r);
  }
  const auto work = [&](std::size_t r) {
    return routes_[r].entry->recipe->line_use_per_piece * static_cast<double>(grants[r].pieces);
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (work(a) != work(b)) return work(a) < work(b);
    const auto turns = [&](std::size_t r) { return static_cast<double>(routes_[r].went_first); };
    return turns(a) - routes_[a].tie < turns(b) - routes_[b].tie;
  });
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (work(order[i]) == work(order[i - 1])) ++routes_[order[i - 1]].went_first;
  }
  for (const std::size_t r : order) {
    routes_[r].allowance -= static_cast<double>(grants[r].pieces);
    floor_.start(r, Pieces{grants[r].pieces});
  }
  if (!allowances_accrue()) return;
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    const std::int64_t more = wants_[r].pieces - grants[r].pieces;
    if (more > 0 && routes_[r].can_start) await_allowance(routes_[r], wants_[r].lot, more);
  }
}

/// What holds of each route at this review, until lots are started.
void Planner::look_at_routes() {
  const sim::Time now = context_.now();
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    Route& route = routes_[r];
    route.can_start = context_.terms.can_start(route.id, now);
    route.weight = route.can_start ? context_.terms.recipe_weight(route.id, now) : 0;
    route.share = 0;
    route.yield = floor_.yield(r);
  }
}

/// What can be started of what is wanted: for agreements first, then by the site's rule. What they
/// keep from others is taken off what is available.
std::vector<policy::Grant> Planner::grant(std::vector<policy::Resource>& available, double weeks) {
  const policy::SharingRule& rule = entry_.site->sharing;
  if (reservations_.empty()) return policy::share(rule, wants_, available, uses_);
  auto layers = policy::share_in_layers(rule, wants_, reservations_.reserve(wants_, floor_, weeks),
                                        available, uses_);
  for (std::size_t l = 0; l < limits_.size(); ++l) available[l].available -= layers.kept[l];
  given_away_ = std::move(layers.given_away);
  first_ = std::move(layers.first);
  return std::move(layers.grants);
}

/// What a recipe's own limit allows and is not used is lost, except for the fraction of a piece.
void Planner::refill_allowances(double weeks) {
  const sim::Time now = context_.now();
  const sim::Time then = now + sim::days_to_duration(7 * weeks);
  for (Route& route : routes_) {
    const auto& curve = context_.real.recipe_starts[route.id.index()];
    if (!curve) continue;
    const double rest = route.allowance - std::floor(std::max(0.0, route.allowance));
    route.allowance = rest + curve->integral(now, then) / sim::seconds_per_week;
  }
}

/// Where review is continuous, what a recipe's own limit allows comes as it allows it. What is not
/// used is lost, except for a piece, or for what it allows between two looks, and a fraction of a
/// piece.
void Planner::accrue_allowances() {
  const sim::Time now = context_.now();
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    Route& route = routes_[r];
    const auto& curve = context_.real.recipe_starts[route.id.index()];
    if (!curve) continue;
    const double all = route.allowance + own_limit(route, now);
    const double most = policy::most_unused(*curve, now, look_every(), largest_start(r));
    route.allowance = std::min(all, most + (all - std::floor(all)));
    route.accrued_until = now;
  }
}

/// Pieces that its own limit allows from the last look on.
double Planner::own_limit(const Route& route, sim::Time until) const {
  const auto& curve = context_.real.recipe_starts[route.id.index()];
  return curve->integral(std::max(route.accrued_until, context_.catalog.begin()), until) /
         sim::seconds_per_week;
}

/// Starts are wanted and wait, maybe for the recipe's own limit: the site is told when that allows
/// a lot, or all that waits, at most a hundred times in the time between two reviews.
void Planner::await_allowance(Route& route, std::int64_t lot, std::int64_t more) const {
  const auto& curve = context_.real.recipe_starts[route.id.index()];
  const sim::Time now = context_.now();
  const auto one = static_cast<double>(lot);
  if (!curve || route.allowance >= one || now < route.allowance_awaited) return;
  const auto allows = [&](double pieces) -> std::optional<sim::Time> {
    const double lacking = (pieces - route.allowance) * sim::seconds_per_week;
    auto when = curve->graph().when_cumulated(curve->graph().cumulated(now) + lacking);
    if (when && route.allowance + own_limit(route, *when) < pieces) *when += sim::Duration{1};
    return when;
  };
  const auto next = allows(one);
  if (!next) return;
  sim::Time look = now + look_every();
  if (const auto all = allows(static_cast<double>(more))) look = std::min(look, *all);
  look = std::max(look, *next);
  if (look >= context_.catalog.end()) return;
  route.allowance_awaited = look;
  context_.kernel.at(
      look, state::phase::programs, [this] { context_.continuous_review.notify(site_); },
      &entry_.name);
}

/// What may be let onto a line now: in work, or in pieces if its work in process is constant.
double Planner::line_room(LineId line, sim::Time until) const {
  const Release& release = context_.catalog[line].line->release;
  if (std::holds_alternative<Push>(release)) return std::numeric_limits<double>::infinity();
  const auto* conwip = std::get_if<Conwip>(&release);
  if (!conwip) return lines_[line.index()]->free_work(until);
  Pieces room = conwip->pieces;
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    if (routes_[r].entry->line == line) room -= floor_.in_process(r);
  }
  return to_double(std::max(room, Pieces{0}));
}

/// Lines and own limits as they are, inputs without end.
void Planner::list_resources(double weeks) {
  const sim::Time then = context_.now() + sim::days_to_duration(7 * weeks);
  resources_.clear();
  for (const Limit& limit : limits_) {
    switch (limit.cause) {
      case Cause::line: {
        const ProductionLine& line = *context_.catalog[LineId{limit.index}].line;
        resources_.push_back({line_room(LineId{limit.index}, then), true,
                              std::holds_alternative<Conwip>(line.release)});
        break;
      }
      case Cause::own_limit:
        resources_.push_back({routes_[limit.index].allowance +
                                  (allowances_accrue() ? own_limit(routes_[limit.index], then) : 0),
                              true});
        break;
      case Cause::input:
        resources_.push_back({std::numeric_limits<double>::infinity(), false});
        break;
    }
  }
}

/// Pieces to start for the orders that came in since the review before.
double Planner::new_use_of(const Route& route) const {
  if (!route.can_start) return 0;
  double weight = 0;
  for (const Route& other : routes_) {
    if (other.entry->output == route.entry->output) weight += other.weight;
  }
  if (weight <= 0) return 0;
  return route.desk->last_intake_of(route.variant) * (route.weight / weight) / route.yield;
}

void Planner::note_needs(std::span<const policy::Grant> feasible,
                         std::span<const policy::Grant> grants) {
  std::fill(needs_.begin(), needs_.end(), InputNeed{});
  for (const policy::Use& use : uses_) {
    const Limit& limit = limits_[use.resource];
    if (limit.cause != Cause::input) continue;
    InputNeed& need = needs_[position(StockId{limit.index})];
    const std::size_t r = use.want;
    const double unmet = static_cast<double>(wants_[r].pieces - grants[r].pieces);
    const double allowed = static_cast<double>(feasible[r].pieces);
    double fresh = new_use_of(routes_[r]);
    if (feasible[r].bound_by == policy::Grant::none) {
      need.waiting += use.per_piece * std::max(0.0, unmet);
    } else {
      fresh = std::min(fresh, allowed);
      need.line_waiting += use.per_piece * std::max(0.0, unmet);
      need.line_room += use.per_piece * (allowed - fresh);
    }
    need.new_use += use.per_piece * fresh;
  }
}

/// What a variant cannot supply is made as another variant, as far as the waiting buyers accept it.
void Planner::take_over(std::size_t d, std::vector<policy::Grant>& grants) {
  const OrderDesk& desk = *desks_[d];
  if (desk.entry().variants.size() < 2 || desk.entry().offer->spill <= 0) return;
  std::vector<double> lacking(desk.entry().variants.size(), 0);  // good pieces
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    if (routes_[r].desk != &desk) continue;
    lacking[routes_[r].variant] +=
        static_cast<double>(wants_[r].pieces - grants[r].pieces) * routes_[r].yield;
  }
  const double total_lacking = std::accumulate(lacking.begin(), lacking.end(), 0.0);
  if (total_lacking < 1) return;

  // Routes of this family that were not cut may take over, up to what their buyers would accept.
  std::vector<double> room(routes_.size(), 0);
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    const Route& route = routes_[r];
    if (route.desk != &desk || grants[r].bound_by != policy::Grant::none) continue;
    if (!route.can_start) continue;
    const double there = to_double(context_.inventory.on_hand(route.entry->output)) +
                         to_double(floor_.in_process(r) + Pieces{grants[r].pieces}) * route.yield;
    room[r] = std::max(0.0, to_double(desk.backlog_accepting(route.variant)) - there);
  }
  const double total_room = std::accumulate(room.begin(), room.end(), 0.0);
  const double moved = std::min(total_lacking * desk.entry().offer->spill, total_room);
  if (moved < 1) return;

  std::vector<policy::Resource> left = resources_on_hand_;
  for (const policy::Use& use : uses_) {
    left[use.resource].available -= use.per_piece * static_cast<double>(grants[use.want].pieces);
  }
  std::vector<policy::Want> extra = wants_;
  for (policy::Want& want : extra) want.pieces = 0;
  const std::vector<std::int64_t> most = want_in_stead(moved, room, extra);
  keep_to_room(extra, grants);
  const auto more = policy::share(entry_.site->sharing, extra, left, uses_);
  note_in_stead(most, extra, more);
  std::vector<double> change(lacking.size(), 0);
  double made_up = 0;
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    const double good = static_cast<double>(more[r].pieces) * routes_[r].yield;
    grants[r].pieces += more[r].pieces;
    if (routes_[r].desk == &desk) change[routes_[r].variant] += good;
    made_up += good;
  }
  for (std::size_t v = 0; v < change.size(); ++v) change[v] -= made_up * lacking[v] / total_lacking;
  takeovers_.push_back({d, std::move(change)});
}

/// Splits good pieces that are made in the stead of other variants over the routes that have room
/// for them: whole pieces or lots. Returns how many each has room for.
std::vector<std::int64_t> Planner::want_in_stead(double good, std::span<const double> room,
                                                 std::span<policy::Want> wants) {
  std::vector<std::int64_t> most;
  std::vector<double> owed, ties;
  double lot = 1;
  for (std::size_t r = 0; r < room.size(); ++r) {
    if (room[r] > 0) lot = lot_of(r);  // all are of one offer
  }
  for (std::size_t r = 0; r < room.size(); ++r) {
    most.push_back(sim::to_whole(std::floor(room[r] / lot + 1e-9)));
    owed.push_back(routes_[r].owed_in_stead);
    ties.push_back(routes_[r].tie);
  }
  const auto fit = std::accumulate(most.begin(), most.end(), std::int64_t{0});
  const auto lots = std::min(sim::to_whole(std::floor(good / lot + 1e-9)), fit);
  const auto parts = policy::apportion_within(lots, most, owed, ties);
  for (std::size_t r = 0; r < parts.size(); ++r) {
    wants[r].owed = routes_[r].owed_in_stead;
    if (parts[r] > 0) want_good(r, lot * static_cast<double>(parts[r]), wants[r]);
  }
  return most;
}

/// Who was given less than its part of what is made in the stead of others is owed the rest.
void Planner::note_in_stead(std::span<const std::int64_t> most, std::span<const policy::Want> wants,
                            std::span<const policy::Grant> given) {
  const auto fit = std::accumulate(most.begin(), most.end(), std::int64_t{0});
  double made = 0;
  for (std::size_t r = 0; r < most.size(); ++r) {
    if (most[r] > 0) made += static_cast<double>(given[r].pieces / wants[r].lot);
  }
  for (std::size_t r = 0; r < most.size(); ++r) {
    if (most[r] == 0) continue;
    const double part = made * static_cast<double>(most[r]) / static_cast<double>(fit);
    routes_[r].owed_in_stead += part - static_cast<double>(given[r].pieces / wants[r].lot);
  }
}

// --- small questions ---------------------------------------------------------------------------

/// Earned per piece started: good pieces at their price, less inputs at theirs and conversion.
double Planner::margin_of(std::size_t r) const {
  const Route& route = routes_[r];
  const sim::Time now = context_.now();
  const double price = context_.terms.price_usd(route.desk->id(), route.entry->item, now);
  return -add_cost_of_start(
      -price * floor_.yield(r), context_.catalog, context_.real, route.id, now,
      [&](StockId input) { return context_.terms.price_usd(context_.catalog[input].item, now); });
}

/// Stock points of a site stand one after the other in the catalog.
std::size_t Planner::position(StockId stock) const {
  return stock.index() - entry_.stocks.front().index();
}

bool Planner::could_start(std::size_t recipe_of_site) const {
  return context_.terms.can_start(routes_[recipe_of_site].id, context_.now());
}

void Planner::note_outlook(StockId stock, const InputOutlook& outlook) {
  outlooks_[position(stock)] = outlook;
}

const Planner::InputOutlook& Planner::outlook(StockId stock) const {
  return outlooks_[position(stock)];
}

std::optional<double> Planner::margin_per_work(LineId line) const {
  std::optional<double> best;
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    const double work = routes_[r].entry->recipe->line_use_per_piece;
    if (routes_[r].entry->line != line || work <= 0 || !could_start(r)) continue;
    best = std::max(best.value_or(-std::numeric_limits<double>::infinity()), margin_of(r) / work);
  }
  return best;
}

const Planner::InputNeed& Planner::need(StockId stock) const {
  return needs_[position(stock)];
}

}  // namespace optichain::models::agents
