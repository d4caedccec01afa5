#pragma once
// A scenario brought to life: all that a run consists of, built and wired, before anything has
// happened. Who needs what of whom is said here and nowhere else.

#include <csignal>
#include <memory>
#include <vector>

#include "models/agents/customer_agent.hpp"
#include "models/agents/disruptions.hpp"
#include "models/agents/line_costs.hpp"
#include "models/agents/line_programs.hpp"
#include "models/agents/lost_margins.hpp"
#include "models/agents/market.hpp"
#include "models/agents/migration_agent.hpp"
#include "models/agents/qualification_agent.hpp"
#include "models/agents/site_agent.hpp"
#include "models/agents/trade_programs.hpp"
#include "models/agents/turning_dates.hpp"
#include "models/network/explosion.hpp"

namespace optichain::models::world {

/// Meters of what the recorder samples, defined beside those that the agents write.
struct SampledMeters {
  struct Line {
    books::MeterId done, possible;
  };
  struct Party {
    books::MeterId cash, receivable, payable;
  };
  std::vector<Line> lines;              // by LineId
  std::vector<Party> parties;           // by PartyId
  std::vector<books::MeterId> needed;   // by StockId
  std::vector<books::MeterId> backlog;  // by DemandId
};

class Assembly {
 public:
  /// Requires a catalog of a valid scenario, which must outlive it. `stop`, if given, ends the run
  /// as soon as it is not zero.
  Assembly(const Catalog& catalog, sim::RunSeed run, const volatile std::sig_atomic_t* stop);
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  // --- what holds, and the books ---
  const Catalog& catalog;
  const sim::RunSeed run;
  state::Realisation real;
  const network::FlowGraph graph;
  state::CurrentTerms terms;
  network::Explosion explosion;
  network::PlannedNeeds plans;
  sim::Kernel kernel;
  books::Ledger ledger;
  books::Meters meters;
  state::Inventory inventory;
  books::Accounts accounts;
  state::ContinuousReview continuous_review;
  state::Pauses pauses;

  // --- who acts ---
  std::vector<std::unique_ptr<sim::Line>> lines;                            // by LineId
  std::vector<std::unique_ptr<trade::Channel>> channels;                    // by ChannelId
  std::vector<std::unique_ptr<agents::OrderDesk>> desks;                    // by OfferId
  std::vector<std::unique_ptr<agents::SiteAgent>> sites;                    // by SiteId
  std::vector<std::unique_ptr<agents::CustomerAgent>> customers;            // by CustomerId
  std::vector<std::unique_ptr<agents::MigrationAgent>> migrations;          // by MigrationId
  std::vector<std::unique_ptr<agents::QualificationAgent>> qualifications;  // by QualificationId
  agreement::AgreementDates agreement_dates;
  std::vector<std::unique_ptr<agreement::AgreementAccount>> agreements;  // by AgreementId
  std::vector<std::unique_ptr<agreement::Earmark>> earmarks;
  std::vector<agents::ProgramMeters> program_meters;  // by ProgramId
  std::unique_ptr<agents::TradePrograms> trade_programs;
  std::unique_ptr<agents::TurningDates> turning_dates;
  std::unique_ptr<agents::Disruptions> disruptions;
  std::unique_ptr<agents::LinePrograms> line_programs;
  std::unique_ptr<agents::MarketAgent> market;
  std::unique_ptr<agents::LineCosts> line_costs;
  std::unique_ptr<agents::LostMargins> lost_margins;

  /// What a customer wants and could order from nobody so far.
  Pieces waiting(DemandId demand) const;

  SampledMeters sampled;
  /// What the demand at the beginning needs of everything, in pieces a week by StockId: it sets
  /// initial stocks and forecasts.
  std::vector<double> initial_needs;

 private:
  // in this order, which is that of the meters
  void build_lines();
  void build_stocks();
  void build_channels();
  void build_desks();
  void build_sites();
  void build_customers();
  void build_changes();
  void build_agreements();
  agreement::Earmark* build_earmark(const agreement::AgreementAccount& account,
                                    ChannelId taken_along);
  void build_programs();
  void build_money();
  std::vector<trade::Channel*> all_channels() const;
  std::optional<agents::Echelon> echelon(const policy::Replenishment& rule, StockId stock) const;

  // what each kind of agent needs of all this
  const trade::Services services_;
  const agents::OrderDesk::Context desk_context_{
      {catalog, kernel, meters, run}, inventory, terms, plans, pauses};
  const agents::ShopFloor::Context floor_context_{
      {catalog, kernel, meters, run}, real, ledger, inventory, accounts, continuous_review};
  const agents::Planner::Context planner_context_{
      {catalog, kernel, meters, run}, real, inventory, terms, continuous_review};
  const agents::Buyer::Context buyer_context_{
      {catalog, kernel, meters, run}, inventory, terms, plans, pauses};
  const agents::LevelCosts::Context level_costs_context_{catalog, meters, inventory, accounts};
  const agents::SiteAgent::Context site_context_{
      catalog,          kernel,         continuous_review,   floor_context_,
      planner_context_, buyer_context_, level_costs_context_};
  const agents::CustomerAgent::Context customer_context_{
      {catalog, kernel, meters, run}, real, terms, ledger, continuous_review};
  const agents::MigrationAgent::Context migration_context_{
      {catalog, kernel, meters, run}, real, terms, continuous_review};
  const agents::QualificationAgent::Context qualification_context_{
      {catalog, kernel, meters, run}, terms, accounts, continuous_review};
  const agents::TradePrograms::Context trade_programs_context_{{catalog, kernel, meters, run},
                                                               terms};
  const agents::TurningDates::Context turning_dates_context_{
      {catalog, kernel, meters, run}, real, continuous_review};
  const agents::Disruptions::Context disruptions_context_{
      {catalog, kernel, meters, run}, pauses, continuous_review};
  const agents::LinePrograms::Context line_programs_context_{
      {catalog, kernel, meters, run}, real, ledger, terms, accounts, continuous_review};
  const agents::MarketAgent::Context market_context_{
      {catalog, kernel, meters, run}, inventory, terms};
  const agents::LineCosts::Context line_costs_context_{catalog, accounts};
  const agents::LostMargins::Context lost_margins_context_{
      {catalog, kernel, meters, run}, real, inventory, terms};
};

}  // namespace optichain::models::world
