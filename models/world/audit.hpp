#pragma once
// The books held against the agents: what the ledger says there is, and what agents see there is.

#include "models/world/assembly.hpp"

namespace optichain::models::world {

class Audit {
 public:
  explicit Audit(const Assembly& world) : world_(world) {}

  /// What is seen along channels, one after the other by ChannelId, from the first one on. The
  /// recorder looks at all of them anyway, and each look fetches a channel from memory.
  void begin_channels();
  void see(const trade::Channel& channel);

  /// Throws Error if ledger and agents disagree now. Requires channels seen at this instant.
  void hold();
  /// What agents see now, along channels too.
  const books::Ledger::Observed& look();

 private:
  void look_at_sites();

  const Assembly& world_;
  books::Ledger::Observed seen_;  // kept for its memory
};

}  // namespace optichain::models::world
