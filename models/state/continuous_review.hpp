#pragma once
// Who acts as soon as something changes for it: sites under continuous review, and customers where
// something waits for somebody to order from.

#include <vector>

#include "models/catalog/catalog.hpp"

namespace optichain::models::state {

/// Who is told of every change at a site, or of what a customer may order.
class ReviewListener {
 public:
  virtual ~ReviewListener() = default;
  virtual void on_change() = 0;
};

class ContinuousReview {
 public:
  void listen(PartyId party, ReviewListener& listener) {
    if (party.index() >= parties_.size()) parties_.resize(party.index() + 1, nullptr);
    parties_[party.index()] = &listener;
  }
  bool listens(PartyId party) const {
    return party.index() < parties_.size() && parties_[party.index()];
  }
  /// Something changed: an order, a delivery or a finished lot came in, or a condition began or
  /// ended for which it may have waited.
  void notify(PartyId party) const {
    if (listens(party)) parties_[party.index()]->on_change();
  }
  /// The same of a site.
  void notify(SiteId site) const { notify(PartyId{site.index()}); }
  /// Buyer and seller of a channel: what may be ordered or shipped there changed.
  void notify_both(const Catalog& catalog, ChannelId channel) const {
    notify(catalog[catalog[channel].offer].site);
    notify(catalog[channel].buyer);
  }

 private:
  std::vector<ReviewListener*> parties_;  // by PartyId; null where nobody listens
};

}  // namespace optichain::models::state
