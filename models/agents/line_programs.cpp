#include "models/agents/line_programs.hpp"

#include <algorithm>
#include <cmath>

#include "models/state/phase.hpp"
#include "sim/base/overloaded.hpp"

namespace optichain::models::agents {
namespace {

policy::Trigger::Rule rule_of(const Pace& pace) {
  return {pace.for_weeks, pace.at_most, pace.wait_weeks};
}

/// A second at least, so that time goes on whatever is drawn, and a century at most.
sim::Duration to_span(double days) {
  return std::max(sim::days_to_duration(std::min(days, sim::span_days.max)), sim::Duration{1});
}

}  // namespace

LinePrograms::LinePrograms(const Context& context,
                           std::span<const std::unique_ptr<sim::Line>> lines,
                           std::vector<const Planner*> planners,
                           std::vector<const OrderDesk*> desks,
                           const std::vector<ProgramMeters>& meters)
    : context_(context),
      lines_(lines),
      planners_(std::move(planners)),
      desks_(std::move(desks)),
      meters_(meters) {
  for (const auto& program : context.catalog.programs) {
    State state{{}, {}, sim::Stream(context.run, "programs." + program.name, "times")};
    if (const auto* e = std::get_if<Expansion>(program.program); e && e->when) {
      state.forth = policy::Trigger(rule_of(e->when->pace));
    }
    if (const auto* c = std::get_if<Conversion>(program.program); c && c->when) {
      state.forth = policy::Trigger(rule_of(c->when->pace));
      if (c->back) state.back = policy::Trigger(rule_of(c->when->pace));
    }
    states_.push_back(std::move(state));
  }
  if (states_.empty()) return;
  for (std::size_t l = 0; l < context.catalog.lines.size(); ++l) {
    plans_.push_back(network::line_plan(context.catalog, context.real, LineId{l}));
  }
  watches_.resize(plans_.size());
}

// --- dates -------------------------------------------------------------------------------------

void LinePrograms::schedule() {
  for (std::size_t l = 0; l < lines_.size(); ++l) schedule_outages(LineId{l});
  for (std::size_t p = 0; p < states_.size(); ++p) schedule_program(ProgramId{p});
  if (!needs_reviews()) return;
  const auto every = sim::days_to_duration(context_.catalog.scenario.review_days);
  context_.kernel.at(
      context_.now() + every, state::phase::programs, [this] { review(); }, &name_);
}

void LinePrograms::schedule_outages(LineId line) {
  for (const auto& [name, outage] : context_.catalog[line].line->outages) {
    if (outage.work != WorkInOutage::lost || sim::Time{outage.from} < context_.now()) continue;
    context_.kernel.at(
        outage.from, state::phase::programs, [this, line] { lose_lot(line); },
        &context_.catalog[line].name);
  }
}

void LinePrograms::activate(ProgramId id) {
  schedule_program(id);
  auto addition = network::dated_addition(context_.catalog, context_.real, id);
  if (!addition) return;
  const LineId line = context_.catalog[id].lines.front();
  network::LinePlan& plan = plans_[line.index()];
  plan.add(std::move(*addition));
  const sim::PiecewiseLinear capacity = plan.available();
  context_.ledger.change_capacity(line, capacity);
  lines_[line.index()]->change_future(capacity);
}

void LinePrograms::schedule_program(ProgramId id) {
  if (context_.catalog[id].dormant) return;
  const auto& program = *context_.catalog[id].program;
  std::optional<Date> decided;
  if (const auto* e = std::get_if<Expansion>(&program)) decided = e->decided;
  if (const auto* c = std::get_if<Conversion>(&program)) decided = c->decided;
  if (decided && sim::Time{*decided} >= context_.now()) {
    context_.kernel.at(
        *decided, state::phase::programs, [this, id] { decide(id); }, &context_.catalog[id].name);
  }
  if (const auto& dated = context_.real.expansions[id.index()]) {
    note_addition(id, dated->begin, dated->per_week / sim::seconds_per_week);
  }
  if (std::holds_alternative<Breakdowns>(program)) schedule_failure(id);
}

bool LinePrograms::needs_reviews() const {
  const auto& programs = context_.catalog.programs;
  for (std::size_t p = 0; p < programs.size(); ++p) {
    if (states_[p].forth) return true;
    const auto* exit = std::get_if<SupplierExit>(programs[p].program);
    if (exit && exit->honours_orders && !programs[p].lines.empty()) return true;
  }
  return false;
}

// --- rules -------------------------------------------------------------------------------------

void LinePrograms::review() {
  const auto every = sim::days_to_duration(context_.catalog.scenario.review_days);
  observe_lines();
  for (std::size_t p = 0; p < states_.size(); ++p) {
    review_program(ProgramId{p}, sim::to_weeks(every));
  }
  context_.kernel.at(
      context_.now() + every, state::phase::programs, [this] { review(); }, &name_);
}

void LinePrograms::observe_lines() {
  for (std::size_t l = 0; l < lines_.size(); ++l) {
    Watch& watch = watches_[l];
    const double done = lines_[l]->work_done(), possible = lines_[l]->work_possible();
    const double could = possible - watch.possible;
    watch = {done, possible, could > 0 ? (done - watch.done) / could : 0};
  }
}

void LinePrograms::review_program(ProgramId id, double weeks) {
  const auto& entry = context_.catalog[id];
  State& state = states_[id.index()];
  if (const auto* e = std::get_if<Expansion>(entry.program); e && e->when) {
    if (state.forth->look(is_full(*e->when, entry.lines.front()), weeks)) decide(id);
  }
  if (const auto* c = std::get_if<Conversion>(entry.program); c && c->when) {
    const LineId from = entry.lines[0], to = entry.lines[1];
    if (state.forth->look(should_convert(*c->when, from, to), weeks)) convert(id, *c, false);
    if (state.back && state.back->look(should_convert(*c->when, to, from), weeks)) {
      convert(id, *c, true);
    }
  }
  const auto* exit = std::get_if<SupplierExit>(entry.program);
  if (exit && exit->honours_orders && !state.stopped && has_served_all(entry)) {
    state.stopped = true;
    for (const LineId line : entry.lines) {
      plans_[line.index()].outages.push_back({context_.now(), never, 0});
      change(line);
    }
  }
}

bool LinePrograms::is_full(const ExpansionRule& rule, LineId line) const {
  return counts_from(rule.pace.from) && watches_[line.index()].utilisation > rule.utilisation_above;
}

/// Whether what was seen since the review before is within the time that a rule looks at.
bool LinePrograms::counts_from(const std::optional<Date>& from) const {
  const auto every = sim::days_to_duration(context_.catalog.scenario.review_days);
  return !from || context_.now() - every >= sim::Time{*from};
}

bool LinePrograms::should_convert(const ConversionRule& rule, LineId from, LineId to) const {
  if (!counts_from(rule.pace.from)) return false;
  const auto here = planners_[site_of(from).index()]->margin_per_work(from);
  const auto there = planners_[site_of(to).index()]->margin_per_work(to);
  if (!there || watches_[to.index()].utilisation < rule.utilisation_above) return false;
  return policy::earns_more(here.value_or(0), *there, rule.margin_advantage);
}

bool LinePrograms::has_served_all(const Catalog::ProgramEntry& exit) const {
  if (context_.now() < sim::Time{std::get<SupplierExit>(*exit.program).date}) return false;
  const bool none_open = std::all_of(exit.offers.begin(), exit.offers.end(), [&](OfferId o) {
    return desks_[o.index()]->backlog_with_mail() == Pieces{0};
  });
  return none_open && std::all_of(exit.lines.begin(), exit.lines.end(),
                                  [&](LineId l) { return lines_[l.index()]->queued_jobs() == 0; });
}

// --- decisions ---------------------------------------------------------------------------------

void LinePrograms::decide(ProgramId id) {
  std::visit(sim::Overloaded{
                 [&](const Expansion& e) { expand(id, e); },
                 [&](const Conversion& c) { convert(id, c, false); },
                 [](const auto&) {},
             },
             *context_.catalog[id].program);
}

/// Pays for one that is decided, and adds what is not in the line's plan from the beginning.
void LinePrograms::expand(ProgramId id, const Expansion& expansion) {
  const auto& entry = context_.catalog[id];
  const sim::Time now = context_.now();
  context_.meters.add(meters_[id.index()].strikes, 1);
  pay(id);
  if (expansion.decided) return;
  const sim::Time begin = now + sim::days_to_duration(draw_days(id, expansion.lead_days));
  const double per_second =
      context_.real.added_per_week(context_.catalog, id, now) / sim::seconds_per_week;
  network::LinePlan& plan = plans_[entry.lines.front().index()];
  plan.capacity =
      sim::sum(plan.capacity,
               sim::ramp(begin, begin + sim::days_to_duration(expansion.ramp_days), per_second));
  add(entry.lines.front());
  note_addition(id, begin, per_second);
}

void LinePrograms::convert(ProgramId id, const Conversion& conversion, bool back) {
  const auto& entry = context_.catalog[id];
  const LineId from = entry.lines[back ? 1 : 0], to = entry.lines[back ? 0 : 1];
  const sim::Time now = context_.now();
  const sim::Time there = now + sim::days_to_duration(draw_days(id, conversion.lead_days));
  context_.meters.add(meters_[id.index()].strikes, 1);
  pay(id);

  plans_[from.index()].decide_until(now);
  sim::PiecewiseLinear& given = plans_[from.index()].capacity;
  const auto moved = sim::times_step(given, there, 0, conversion.moves * (1 - conversion.loses));
  given = sim::times_step(given, now, 1, 1 - conversion.moves);
  sim::PiecewiseLinear& taken = plans_[to.index()].capacity;
  taken = sim::sum(taken, moved);
  change(from);
  add(to);
  note_addition(id, there, moved.value(there));
}

void LinePrograms::pay(ProgramId id) {
  const sim::Time now = context_.now();
  const Money cost = usd(context_.real.program_cost[id.index()].value(now));
  const PartyId payer = context_.catalog.party(context_.catalog[id].site);
  context_.accounts.pay_outside(payer, books::Account::capital_expenditure, cost);
  context_.meters.add(meters_[id.index()].cost, cost.count());
}

/// Counts an addition when it comes on stream.
void LinePrograms::note_addition(ProgramId id, sim::Time when, double per_second) {
  if (when < context_.now()) return;
  const std::int64_t thousandths = sim::to_whole(per_second * sim::seconds_per_week * 1e3);
  context_.kernel.at(
      when, state::phase::programs,
      [this, id, thousandths] {
        context_.meters.add(meters_[id.index()].capacity_added, thousandths);
      },
      &context_.catalog[id].name);
}

// --- breakdowns --------------------------------------------------------------------------------

void LinePrograms::schedule_failure(ProgramId id) {
  const auto& breakdowns = std::get<Breakdowns>(*context_.catalog[id].program);
  const sim::Time when = context_.now() + to_span(draw_exponential_days(id, breakdowns.mtbf_days));
  context_.kernel.at(
      when, state::phase::programs, [this, id] { fail(id); }, &context_.catalog[id].name);
}

void LinePrograms::fail(ProgramId id) {
  const auto& entry = context_.catalog[id];
  const auto& breakdowns = std::get<Breakdowns>(*entry.program);
  const LineId line = entry.lines.front();
  const sim::Time now = context_.now();
  const sim::Time until = now + to_span(draw_exponential_days(id, breakdowns.mttr_days));
  context_.meters.add(meters_[id.index()].strikes, 1);
  context_.meters.set(meters_[id.index()].down, 1, now);
  context_.terms.note_loss(line, {id, until, breakdowns.left});
  if (breakdowns.work == WorkInOutage::lost) lose_lot(line);
  plans_[line.index()].outages.push_back({now, until, breakdowns.left});
  change(line);
  context_.kernel.at(
      until, state::phase::programs, [this, id] { repair(id); }, &entry.name);
}

void LinePrograms::repair(ProgramId id) {
  context_.meters.set(meters_[id.index()].down, 0, context_.now());
  schedule_failure(id);
}

// --- small steps -------------------------------------------------------------------------------

double LinePrograms::draw_days(ProgramId id, const Value& value) {
  State& state = states_[id.index()];
  const double u = state.draws.uniform_at(state.drawn++);
  return std::min(value.at(context_.now(), u), sim::span_days.max);
}

/// A value that is no distribution is the mean of an exponential one.
double LinePrograms::draw_exponential_days(ProgramId id, const Value& value) {
  if (value.is_random()) return draw_days(id, value);
  State& state = states_[id.index()];
  const double u = state.draws.uniform_at(state.drawn++);
  return -std::log1p(-u) * value.curve().value(context_.now());
}

/// Lets a line and the ledger know what the line can do from now on.
void LinePrograms::change(LineId line) {
  network::LinePlan& plan = plans_[line.index()];
  std::erase_if(plan.outages, [&](const sim::Outage& o) { return o.end <= context_.now(); });
  const sim::PiecewiseLinear capacity = plan.available();
  context_.ledger.change_capacity(line, capacity);
  lines_[line.index()]->change_capacity(capacity);
}

/// The same of a line that can do more. Who waits for it is told now: what is to come until the
/// next review can be started on, and the review sees the rest.
void LinePrograms::add(LineId line) {
  change(line);
  context_.continuous_review.notify(site_of(line));
}

/// What has been done of the lot was work all the same.
void LinePrograms::lose_lot(LineId line) {
  if (const auto work = lines_[line.index()]->lose_jobs()) context_.ledger.do_work(line, *work);
}

}  // namespace optichain::models::agents
