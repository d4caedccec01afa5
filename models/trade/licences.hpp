#pragma once
// The licences that export controls ask of a channel's shipments: how long they take, how much they
// allow.

#include <optional>
#include <vector>

#include "models/trade/services.hpp"

namespace optichain::models::trade {

class Licences {
 public:
  Licences(const Services& services, const Catalog::ChannelEntry& entry);

  bool empty() const { return licences_.empty(); }
  /// A time in days, with the mean wait for the licences of a shipment of now on top.
  double with_wait(double days, sim::Time now) const;
  /// How many of these pieces of a variant quotas allow to ship now.
  Pieces within_quotas(Pieces pieces, std::size_t variant, sim::Time now) const;
  /// When a quota that allows nothing now allows the next piece; nothing if none ever does so.
  std::optional<sim::Time> next_piece(sim::Time now) const;
  /// Counts a shipment under quotas; returns how long it waits for its licences.
  sim::Duration take(Pieces pieces, std::size_t variant, sim::Time now);

 private:
  struct Licence {
    const Hold* hold;
    const LicenceDelay* delay;  // one of these two
    const LicenceQuota* quota;
    sim::Stream draws;
    double base_begin_weeks;          // before the control; what was shipped since then counts
    std::int64_t base = 0, used = 0;  // pieces shipped before the control and under it
  };
  static double quota_per_week(const Licence& licence);
  static Pieces quota_left(const Licence& licence, sim::Time now);

  std::vector<Licence> licences_;
};

}  // namespace optichain::models::trade
