#include "models/world/world.hpp"

#include "models/world/audit.hpp"
#include "models/world/key_figures.hpp"
#include "models/world/week.hpp"
#include "sim/base/hash.hpp"

namespace optichain::models::world {

World::World(const Catalog& catalog, sim::RunSeed run, const volatile std::sig_atomic_t* stop)
    : parts_(catalog, run, stop), recorder_(parts_) {
  for (const auto& program : catalog.programs) dormant_programs_.push_back(program.dormant);
}

Results World::run() {
  Results all = run_without_series();
  all.series = weekly_series(parts_.meters);
  return all;
}

Results World::run_without_series() {
  run_until(parts_.catalog.end() - sim::Duration{1});
  recorder_.finish();
  return results();
}

void World::run_until(sim::Time time) {
  if (!has_begun_) begin_week(parts_, recorder_);
  has_begun_ = true;
  parts_.kernel.run_until(time);
}

network::StartState World::run_warm_up() {
  run_until(parts_.catalog.start() - sim::Duration{1});
  Audit audit(parts_);
  const books::Ledger::Observed& seen = audit.look();
  return {seen.stock, seen.in_process, seen.in_transit, seen.open};
}

void World::apply_changes() {
  const Catalog& catalog = parts_.catalog;
  parts_.real.overwrite_values(state::Realisation(catalog, parts_.run));
  parts_.terms.refresh();
  parts_.turning_dates->schedule_shares();
  for (const auto& account : parts_.agreements) {
    if (!account->has_begun() && !catalog[account->id()].dormant) account->begin();
  }
  for (std::size_t p = 0; p < catalog.programs.size(); ++p) {
    const bool dormant = catalog.programs[p].dormant;
    if (dormant_programs_[p] && !dormant) parts_.line_programs->activate(ProgramId{p});
    dormant_programs_[p] = dormant;
  }
}

Results World::results() {
  Results results;
  const auto periods = report_periods(parts_.catalog);
  for (const ReportPeriod& p : periods) results.periods.push_back(p.name);
  results.metrics = key_figures(parts_.catalog, parts_.meters, recorder_.waits(), periods);
  const auto& weeks = parts_.meters.week_times();
  results.weeks.assign(weeks.begin(), weeks.end() - 1);  // each by its first day
  for (const ReportPeriod& p : periods) {
    results.traces.push_back(p.is_quarter ? std::vector<causes::Trace>{}
                                          : recorder_.tracer().between(p.from_mark, p.to_mark));
  }
  results.fingerprint = parts_.ledger.fingerprint();
  results.events = parts_.kernel.counts().events;
  results.wakeups = parts_.kernel.counts().wakeups;
  return results;
}

std::uint64_t World::hash_of_series() const {
  sim::StreamingHash hash;
  parts_.meters.for_each_weekly(
      [&](const books::Meters::Definition& d, std::span<const double> values) {
        hash.add(fmt::format("{} {}", d.entity, d.measure));
        hash.add({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
      });
  return hash.value();
}

}  // namespace optichain::models::world
