#pragma once
// Programs that change lines: expansions, breakdowns, conversions, and lines that stop when their
// site has served its last orders; planned outages that cost the lot on the line, too.

#include <memory>
#include <optional>
#include <vector>

#include "models/agents/context.hpp"
#include "models/agents/planner.hpp"
#include "models/agents/program_meters.hpp"
#include "models/books/accounts.hpp"
#include "models/books/ledger.hpp"
#include "models/network/line_capacity.hpp"
#include "models/policy/trigger.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/realisation.hpp"

namespace optichain::models::agents {

class LinePrograms {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    const state::Realisation& real;
    books::Ledger& ledger;
    state::CurrentTerms& terms;
    books::Accounts& accounts;
    const state::ContinuousReview& continuous_review;
  };
  /// `lines`, `planners`, `desks` and `meters` by LineId, SiteId, OfferId and ProgramId.
  LinePrograms(const Context& context, std::span<const std::unique_ptr<sim::Line>> lines,
               std::vector<const Planner*> planners, std::vector<const OrderDesk*> desks,
               const std::vector<ProgramMeters>& meters);

  /// Puts dates, first failures and the first review on the agenda; call once, at the beginning.
  void schedule();
  /// An expansion that was dormant is in force: it is decided at its date.
  void activate(ProgramId expansion);

 private:
  struct State {
    std::optional<policy::Trigger> forth, back;  // of what is decided by a rule
    sim::Stream draws;
    std::uint64_t drawn = 0;
    bool stopped = false;  // of an exit: whether its lines have been
  };
  struct Watch {  // of a line, since the last review
    double done = 0, possible = 0, utilisation = 0;
  };

  void schedule_outages(LineId line);
  void schedule_program(ProgramId program);
  bool needs_reviews() const;

  void review();
  void observe_lines();
  void review_program(ProgramId program, double weeks);

  void decide(ProgramId program);
  void expand(ProgramId program, const Expansion& expansion);
  void convert(ProgramId program, const Conversion& conversion, bool back);
  bool is_full(const ExpansionRule& rule, LineId line) const;
  bool counts_from(const std::optional<Date>& from) const;
  bool should_convert(const ConversionRule& rule, LineId from, LineId to) const;
  void pay(ProgramId program);
  void note_addition(ProgramId program, sim::Time when, double per_second);

  void schedule_failure(ProgramId program);
  void fail(ProgramId program);
  void repair(ProgramId program);

  bool has_served_all(const Catalog::ProgramEntry& exit) const;

  double draw_days(ProgramId program, const Value& value);
  double draw_exponential_days(ProgramId program, const Value& value);
  void change(LineId line);
  void add(LineId line);
  void lose_lot(LineId line);
  SiteId site_of(LineId line) const { return context_.catalog[line].site; }

  const Context& context_;
  std::span<const std::unique_ptr<sim::Line>> lines_;
  std::vector<const Planner*> planners_;
  std::vector<const OrderDesk*> desks_;
  const std::vector<ProgramMeters>& meters_;
  std::vector<network::LinePlan> plans_;  // by LineId, as things stand; empty without programs
  std::vector<State> states_;             // by ProgramId
  std::vector<Watch> watches_;            // by LineId
  const std::string name_ = "programs";
};

}  // namespace optichain::models::agents
