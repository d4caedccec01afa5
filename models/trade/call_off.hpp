#pragma once
// What a channel needs of an agreement along which its buyer calls off pieces. Whoever keeps the
// agreement implements it (models/agreement); trade knows no more of agreements than this.

#include "models/catalog/catalog.hpp"

namespace optichain::models::trade {

/// The part of a channel in an agreement.
class CallOff {
 public:
  virtual ~CallOff() = default;
  virtual AgreementId agreement() const = 0;
  /// Of the volume up to the buyer's next review, and of what can be made up: not yet called.
  virtual Pieces still_to_call() = 0;
  /// Whether what is still to call cannot be called at `next` any more.
  virtual bool ends_before(sim::Time next) const = 0;
  /// What may be called on top of that.
  virtual Pieces upside_left() = 0;
  virtual void call(Pieces pieces) = 0;
  /// The buyer gave up calls.
  virtual void note_withdrawn(Pieces pieces) = 0;
  /// Pieces are shipped on calls, and invoiced by the terms of the agreement. Returns the invoice.
  /// `spot_usd` is what a piece would cost without it.
  virtual Money deliver(Pieces pieces, double spot_usd) = 0;
};

/// Follows the pieces that were called on an agreement into the buyer's stock.
class Arrivals {
 public:
  virtual ~Arrivals() = default;
  virtual void arrive(Pieces pieces) = 0;
};

}  // namespace optichain::models::trade
