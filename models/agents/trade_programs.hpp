#pragma once
// Programs that hold up trade: export controls and exits. What they forbid and when follows from
// their dates (models/catalog/hold.hpp), and everybody who orders or ships asks CurrentTerms. Here
// is what happens at the dates themselves.

#include <vector>

#include "models/agents/context.hpp"
#include "models/agents/program_meters.hpp"
#include "models/state/current_terms.hpp"
#include "models/trade/channel.hpp"

namespace optichain::models::agents {

class TradePrograms {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    const state::CurrentTerms& terms;
  };
  /// `channels` and `meters` by ChannelId and ProgramId.
  TradePrograms(const Context& context, std::vector<trade::Channel*> channels,
                const std::vector<ProgramMeters>& meters)
      : context_(context), channels_(std::move(channels)), meters_(meters) {}

  /// Puts the dates on the agenda; call once, at the beginning.
  void schedule();

 private:
  void schedule(ProgramId program, sim::Time from, sim::Time until);
  void begin(ProgramId program);

  const Context& context_;
  std::vector<trade::Channel*> channels_;
  const std::vector<ProgramMeters>& meters_;
};

}  // namespace optichain::models::agents
