#include "models/agents/shop_floor.hpp"

#include <algorithm>

#include "models/network/explosion.hpp"
#include "models/policy/yield.hpp"
#include "models/state/phase.hpp"

namespace optichain::models::agents {
namespace {

constexpr std::int64_t most_lots = 100'000;  // at a time: some milliseconds

}  // namespace

ShopFloor::ShopFloor(const Context& context, SiteId site,
                     std::span<const std::unique_ptr<sim::Line>> lines)
    : context_(context),
      site_(site),
      lines_(lines),
      part_used_(context.catalog[site].stocks.size(), 0) {
  books::Meters& m = context.meters;
  for (const RecipeId id : context.catalog[site].recipes) {
    const auto& recipe = context.catalog[id];
    const auto entity = measures::of(measures::Group::recipes, recipe.name);
    jobs_.push_back({.entry = &recipe,
                     .id = id,
                     .draws = sim::Stream(context.run, recipe.name, "lots"),
                     .work_draws = sim::Stream(context.run, recipe.name, "work"),
                     .input_carry = std::vector<policy::Carry>(recipe.inputs.size()),
                     .started = m.flow(entity, "started"),
                     .good = m.flow(entity, "produced"),
                     .scrap = m.flow(entity, "scrap"),
                     .in_process_level = m.level(entity, "in_process")});
  }
}

void ShopFloor::put_initial(const network::OpeningState& beginning) {
  for (std::size_t r = 0; r < jobs_.size(); ++r) {
    for (const InitialPieces& lot : beginning.lots[jobs_[r].id.index()]) {
      if (!lot.pieces) continue;
      Job& job = jobs_[r];
      change_in_process(job, lot.pieces);
      context_.ledger.begin_lot(job.id, lot.pieces);
      const std::uint64_t number = job.lots++;
      const Pieces pieces = lot.pieces;
      context_.kernel.at(
          context_.now() + sim::days_to_duration(lot.in_days), state::phase::completions,
          [this, r, number, pieces] { finish(r, number, pieces); }, &job.entry->name);
    }
  }
}

double ShopFloor::yield(std::size_t recipe) const {
  const Job& job = jobs_[recipe];
  const double yield = network::recipe_yield(context_.catalog, context_.real, job.id,
                                             context_.now(), to_double(job.started_total));
  return std::max(yield, policy::lowest_planned_yield);
}

double ShopFloor::part_used(StockId stock) const {
  return part_used_[stock.index() - context_.catalog[site_].stocks.front().index()];
}

void ShopFloor::start(std::size_t r, Pieces pieces) {
  const auto& most = jobs_[r].entry->recipe->lot_pieces;
  if (most && pieces.count() / most->count() > most_lots) {
    sim::fail("{} starts {} pieces in lots of {}: more than {} lots at a time",
              jobs_[r].entry->name, pieces, *most, most_lots);
  }
  for (; most && pieces > *most; pieces -= *most) start_lot(r, *most);
  start_lot(r, pieces);
}

void ShopFloor::start_lot(std::size_t r, Pieces pieces) {
  Job& job = jobs_[r];
  const auto& recipe = *job.entry;
  context_.ledger.begin_lot(job.id, pieces);
  take_inputs(r, pieces);
  change_in_process(job, pieces);
  job.started_total += pieces;
  context_.meters.add(job.started, pieces.count());
  const double cost = context_.real.recipe_cost[job.id.index()].value(context_.now());
  context_.accounts.pay_outside(context_.catalog.party(site_), books::Account::conversion,
                                usd(cost * to_double(pieces)));

  const std::uint64_t lot = job.lots++;
  if (!recipe.line.valid()) return leave_line(r, lot, pieces, 0);
  const double work = recipe.recipe->line_use_per_piece * to_double(pieces) *
                      recipe.recipe->work_factor.draw(context_.now(), job.work_draws);
  lines_[recipe.line.index()]->submit(
      work, state::phase::completions,
      [this, r, lot, pieces, work] { leave_line(r, lot, pieces, work); },
      // the line went out with the lot on it
      [this, r, pieces] { come_out(jobs_[r], Pieces{0}, pieces); });
}

void ShopFloor::take_inputs(std::size_t r, Pieces pieces) {
  Job& job = jobs_[r];
  const auto& recipe = *job.entry;
  for (std::size_t i = 0; i < recipe.inputs.size(); ++i) {
    const StockId stock = recipe.inputs[i].stock;
    policy::Carry& carry = job.input_carry[i];
    const double before = carry.rest();
    const Pieces used{carry.take(recipe.inputs[i].pieces * to_double(pieces),
                                 context_.inventory.on_hand(stock).count())};
    part_used_[stock.index() - context_.catalog[site_].stocks.front().index()] +=
        carry.rest() - before;
    context_.ledger.use_input(stock, used);
    context_.inventory.change(stock, -used);
    context_.meters.add(context_.inventory.meters(stock).used, used.count());
    for (agreement::Earmark* earmark : earmarks_) {
      if (earmark->input() != stock) continue;
      earmark->use(context_.catalog[recipe.output].offer, used, context_.inventory.on_hand(stock),
                   yield(r) * to_double(pieces));
    }
  }
}

void ShopFloor::leave_line(std::size_t r, std::uint64_t lot, Pieces pieces, double work) {
  const Job& job = jobs_[r];
  const sim::Time now = context_.now();
  const auto& recipe = *job.entry->recipe;
  if (job.entry->line.valid()) context_.ledger.do_work(job.entry->line, work);
  const double days = recipe.cycle_days.at(
      now, recipe.cycle_days.is_random() ? job.draws.uniform_at(2 * lot) : 0.5);
  // a law with an open end may give more than any span: the lot then is not done in a century
  context_.kernel.at(
      now + sim::days_to_duration(std::min(days, sim::span_days.max)), state::phase::completions,
      [this, r, lot, pieces] { finish(r, lot, pieces); }, &job.entry->name);
}

void ShopFloor::finish(std::size_t r, std::uint64_t lot, Pieces pieces) {
  Job& job = jobs_[r];
  const double mean = yield(r);
  const double sd = job.entry->recipe->yield_sd;
  const double yield =
      sd > 0 ? policy::lot_yield(mean, sd, job.draws.uniform_at(2 * lot + 1)) : mean;
  const Pieces good{job.good_carry.take(yield * to_double(pieces), pieces.count())};
  come_out(job, good, pieces - good);
}

void ShopFloor::come_out(Job& job, Pieces good, Pieces scrap) {
  context_.ledger.finish_lot(job.id, good, scrap);
  change_in_process(job, -(good + scrap));
  const StockId output = job.entry->output;
  context_.inventory.change(output, good);
  context_.meters.add(context_.inventory.meters(output).produced, good.count());
  context_.meters.add(context_.inventory.meters(output).scrap, scrap.count());
  context_.meters.add(job.good, good.count());
  context_.meters.add(job.scrap, scrap.count());
  context_.continuous_review.notify(site_);
}

void ShopFloor::change_in_process(Job& job, Pieces change) const {
  job.in_process += change;
  context_.meters.set(job.in_process_level, job.in_process.count(), context_.now());
}

}  // namespace optichain::models::agents
