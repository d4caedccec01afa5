#pragma once
// The recorder: samples levels at the end of every week, ends the periods of the results, and has
// the books held against the agents each time.

#include <cstdint>
#include <string>
#include <vector>

#include "models/policy/apportion.hpp"
#include "models/tracing/tracer.hpp"
#include "models/world/audit.hpp"
#include "models/world/waits.hpp"

namespace optichain::models::world {

class Recorder {
 public:
  explicit Recorder(Assembly& world);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Puts the ends of all periods on the agenda.
  void begin_periods();
  /// Brings shared plans up to date now and every week from now on, if anybody plans by them.
  void begin_plans();
  /// Puts the first week on the agenda.
  void begin_weeks();
  /// Ends the last period.
  void finish();

  const tracing::Tracer& tracer() const { return tracer_; }
  const Waits& waits() const { return waits_; }

 private:
  void close_period(std::size_t quarter);
  void close_books(sim::Time time);
  void trace_reviews(sim::Time time);
  void end_week(sim::Time next);
  void charge(sim::Time until);
  void look_at_channels(sim::Time now);
  void sample_lines();
  void sample_money(sim::Time now);
  void record_needs();
  void update_plans();
  std::vector<double> pieces_started() const;

  Assembly& world_;
  Audit audit_;
  tracing::Tracer tracer_;
  Waits waits_;
  std::vector<books::MeterId> demanded_, started_;  // by DemandId and RecipeId
  std::vector<std::int64_t> demanded_before_;       // by DemandId
  std::vector<policy::Carry> need_carry_;           // by StockId
  std::vector<Pieces> backlogs_;                    // by OfferId; kept for its memory
  std::vector<sim::NamedPeriod> quarters_;
  const std::string name_ = "recorder";
};

}  // namespace optichain::models::world
