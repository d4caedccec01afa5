#pragma once
// A world: a scenario brought to life on a kernel and run to its end.

#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/agents/customer_agent.hpp"
#include "models/agents/disruptions.hpp"
#include "models/agents/line_costs.hpp"
#include "models/agents/line_programs.hpp"
#include "models/agents/lost_margins.hpp"
#include "models/agents/market.hpp"
#include "models/agents/migration_desk.hpp"
#include "models/agents/qualification_desk.hpp"
#include "models/agents/site_agent.hpp"
#include "models/agents/trade_programs.hpp"
#include "models/network/explosion.hpp"
#include "models/tracing/tracer.hpp"
#include "models/world/results.hpp"

namespace optichain::models::world {

class World {
 public:
  /// Requires a catalog of a valid scenario. `stop`, if given, ends the run as soon as it is not
  /// zero.
  World(const Catalog& catalog, sim::RunSeed run, const volatile std::sig_atomic_t* stop = nullptr);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Runs to the end of the scenario. Throws Error (with date and agent) if a law is broken.
  Results run();
  /// The same without the weekly series, which take as long as all other results.
  Results run_without_series();
  /// A hash over the weekly series so far: their names and values, in the order of definition.
  std::uint64_t hash_of_series() const;

  /// Runs up to a moment, all of whose events are done then.
  void run_until(sim::Time time);
  /// From now on the world follows what its catalog says now: values that were changed in place
  /// (adopt.hpp, Catalog::turn), agreements and expansions that were woken. What they say of the
  /// past is not looked at.
  void turn();

 private:
  void begin();
  Results results();
  void build_lines();
  void build_stocks();
  void build_channels();
  void build_desks();
  void build_sites();
  void build_customers();
  void build_changes();
  void build_agreements();
  agents::Earmark* build_earmark(const agents::AgreementDesk& desk, ChannelId taken_along);
  void build_money();
  void build_programs();
  void put_initial_state();

  void begin_recording();
  std::vector<agents::Channel*> all_channels() const;
  void charge(sim::Time until);
  void close_books(sim::Time time);
  void close_period(std::size_t quarter);
  void look_at_channels(sim::Time now);
  void record_week();
  void record_needs();
  void update_plans();
  std::vector<double> pieces_started() const;
  void sample_lines();
  void sample_money(sim::Time now);
  void audit();

  const Catalog& catalog_;
  sim::RunSeed run_;
  bool has_begun_ = false;
  state::Realisation real_;
  network::FlowGraph graph_;
  state::Conditions conditions_;
  network::Explosion explosion_;
  network::PlannedNeeds plans_;
  sim::Kernel kernel_;
  books::Ledger ledger_;
  books::Meters meters_;
  agents::Inventory inventory_;
  books::Accounts accounts_;
  state::Attention attention_;
  state::Pauses pauses_;
  agents::Context context_;

  std::vector<std::unique_ptr<sim::Line>> lines_;           // by LineId
  std::vector<std::unique_ptr<agents::Channel>> channels_;  // by ChannelId
  std::vector<std::unique_ptr<agents::OrderDesk>> desks_;   // by OfferId
  std::vector<std::unique_ptr<agents::SiteAgent>> sites_;   // by SiteId
  std::vector<std::unique_ptr<agents::CustomerAgent>> customers_;
  agents::AgreementDates agreement_dates_;
  std::vector<std::unique_ptr<agents::AgreementDesk>> agreements_;  // by AgreementId
  std::vector<std::unique_ptr<agents::Earmark>> earmarks_;
  std::vector<std::unique_ptr<agents::MigrationDesk>> migrations_;          // by MigrationId
  std::vector<std::unique_ptr<agents::QualificationDesk>> qualifications_;  // by QualificationId
  std::vector<agents::ProgramMeters> program_meters_;                       // by ProgramId
  std::vector<bool> asleep_programs_;                                       // by ProgramId
  std::unique_ptr<agents::TradePrograms> trade_programs_;
  std::unique_ptr<agents::LinePrograms> line_programs_;
  std::unique_ptr<agents::Disruptions> disruptions_;

  std::unique_ptr<agents::MarketAgent> market_;
  std::unique_ptr<agents::LineCosts> line_costs_;
  std::unique_ptr<agents::LostMargins> lost_margins_;
  std::unique_ptr<tracing::Tracer> tracer_;

  std::vector<double> initial_needs_;  // per week, by StockId
  struct LineMeters {
    books::MeterId done, possible;
  };
  std::vector<LineMeters> line_meters_;
  struct CashMeters {
    books::MeterId cash, receivable, payable;
  };
  std::vector<CashMeters> cash_meters_;  // by PartyId
  std::vector<books::MeterId> needed_, demanded_, backlog_,
      started_;  // by StockId, DemandId (2), RecipeId
  std::vector<std::int64_t> demanded_before_;
  std::vector<policy::Carry> need_carry_;
  // what is seen of the world at an end of a week; kept for its memory
  books::Ledger::Observed seen_;
  std::vector<Pieces> backlogs_;  // by OfferId
  std::vector<sim::NamedPeriod> quarters_;
  const std::string recorder_ = "recorder";
};

}  // namespace optichain::models::world
