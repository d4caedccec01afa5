#include "models/trade/shipments.hpp"

#include <utility>

namespace optichain::models::trade {
namespace {

const Value& transit_days(const Catalog::ChannelEntry& entry) {
  static const Value at_once{0.0};
  return entry.lane ? entry.lane->transit_days : at_once;
}

}  // namespace

Shipments::Shipments(const Services& services, const Catalog::ChannelEntry& entry, SiteId buyer,
                     books::MeterId lead_time, Receive receive)
    : services_(services),
      entry_(entry),
      buyer_(buyer),
      lead_time_(lead_time),
      usual_(services.kernel, transit_days(entry),
             sim::Stream(services.run, entry.name, "transit")),
      receive_(std::move(receive)) {
  if (!entry.source->expedite) return;
  express_ = std::make_unique<sim::Lane>(services.kernel, entry.lane->express->transit_days,
                                         sim::Stream(services.run, entry.name, "express"));
}

bool Shipments::take_constant_time() const {
  return transit_days(entry_).curve().is_constant();
}

sim::Time Shipments::send(Way way, StockId from, Pieces pieces, sim::Duration wait) {
  const sim::Duration held_up =
      buyer_.valid() ? services_.pauses.so_far(buyer_, Activity::transit) : sim::Duration{0};
  return lane(way).send(
      state::phase::arrivals,
      [this, from, pieces, held_up] { land(from, pieces, held_up, services_.now()); }, &entry_.name,
      wait);
}

void Shipments::expect(sim::Time due, StockId from, Pieces pieces) {
  services_.kernel.at(
      due, state::phase::arrivals,
      [this, from, pieces] { land(from, pieces, sim::Duration{0}, services_.now()); },
      &entry_.name);
}

/// A shipment was due at a time, if it had not stood still for longer than it had when that was
/// reckoned: it arrives, unless it has to make up for that, or waits at the door.
void Shipments::land(StockId from, Pieces pieces, sim::Duration held_up_before, sim::Time due) {
  state::Pauses& pauses = services_.pauses;
  if (!buyer_.valid() || !pauses.are_used()) return receive_(from, pieces);
  if (pauses.holds(buyer_, Activity::transit)) {
    return pauses.when_over(buyer_, Activity::transit, [this, from, pieces, held_up_before, due] {
      land(from, pieces, held_up_before, due);
    });
  }
  const sim::Duration held_up = pauses.so_far(buyer_, Activity::transit);
  if (held_up > held_up_before) {
    const sim::Duration late = held_up - held_up_before;
    note_late(pieces, late);
    services_.kernel.at(
        due + late, state::phase::arrivals,
        [this, from, pieces, held_up] { land(from, pieces, held_up, services_.now()); },
        &entry_.name);
    return;
  }
  if (!pauses.holds(buyer_, Activity::receipts)) return receive_(from, pieces);
  pauses.when_over(buyer_, Activity::receipts, [this, from, pieces, due] {
    note_late(pieces, services_.now() - due);
    receive_(from, pieces);
  });
}

void Shipments::note_late(Pieces pieces, sim::Duration late) {
  services_.meters.add(lead_time_, (pieces * late.count()).count());
  waited_ += to_double(pieces) * static_cast<double>(late.count());
}

}  // namespace optichain::models::trade
