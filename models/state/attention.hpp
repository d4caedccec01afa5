#pragma once
// Sites with continuous review: they act as soon as something changes for them.

#include <vector>

#include "models/catalog/catalog.hpp"

namespace optichain::models::state {

/// Someone who wants to know of every change.
class Attentive {
 public:
  virtual ~Attentive() = default;
  virtual void attend() = 0;
};

class Attention {
 public:
  void listen(SiteId site, Attentive& who) {
    if (site.index() >= sites_.size()) sites_.resize(site.index() + 1, nullptr);
    sites_[site.index()] = &who;
  }
  /// An order, a delivery or a finished lot came in at a site.
  void call(SiteId site) const {
    if (site.index() < sites_.size() && sites_[site.index()]) sites_[site.index()]->attend();
  }

 private:
  std::vector<Attentive*> sites_;  // by SiteId; null where nobody listens
};

}  // namespace optichain::models::state
