#pragma once
// Sites under continuous review: they act as soon as something changes for them.

#include <vector>

#include "models/catalog/catalog.hpp"

namespace optichain::models::state {

/// Who is told of every change at a site.
class ReviewListener {
 public:
  virtual ~ReviewListener() = default;
  virtual void on_change() = 0;
};

class ContinuousReview {
 public:
  void listen(SiteId site, ReviewListener& listener) {
    if (site.index() >= sites_.size()) sites_.resize(site.index() + 1, nullptr);
    sites_[site.index()] = &listener;
  }
  /// An order, a delivery or a finished lot came in at a site.
  void notify(SiteId site) const {
    if (site.index() < sites_.size() && sites_[site.index()]) sites_[site.index()]->on_change();
  }

 private:
  std::vector<ReviewListener*> sites_;  // by SiteId; null where nobody listens
};

}  // namespace optichain::models::state
