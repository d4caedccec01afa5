#pragma once
// What the two sides of an agreement owe each other at the end of a period. Pure functions: no
// clock, no state.
//
// Take-or-pay with make-up and carry-forward is that of gas contracts (Masten and Crocker, American
// Economic Review 75, 1985; Creti and Villeneuve, Utilities Policy 13, 2004): the buyer pays for a
// minimum whether it takes it or not; what it paid for in vain it may take later, beyond the
// minimum of that period; what it took beyond the volume counts towards a later minimum.

#include <vector>

#include "models/catalog/agreement.hpp"

namespace optichain::models::agreement {

/// Pieces put by for later periods, the oldest first.
struct Bank {
  struct Lot {
    Pieces pieces;
    std::int64_t periods_left;  // that begin after this one
    friend bool operator==(const Lot&, const Lot&) = default;
  };
  std::vector<Lot> lots;

  Pieces total() const;
  void take(Pieces pieces);  // requires pieces <= total()
  /// A period ends: every lot has one period less, and `fresh` comes in for `periods` from now on.
  void age(Pieces fresh, std::int64_t periods);
  friend bool operator==(const Bank&, const Bank&) = default;
};

struct Banks {
  Bank make_up;  // paid for and not called
  Bank carried;  // called beyond the volume
};

/// What happened in a period.
struct PeriodRecord {
  Pieces committed{};    // the volume
  Pieces called{};       // in the period
  Pieces delivered{};    // shipped in the period, on calls of this period or earlier ones
  Pieces owed_before{};  // called earlier and not shipped when the period began
  Pieces owed_after{};   // called and not shipped when it ended
  Pieces withdrawn{};    // calls that the buyer gave up in the period
  double price_usd = 0;  // of a piece at the end of the period
};

struct Settlement {
  Pieces shortfall_buyer;   // of the volume, not called
  Pieces shortfall_seller;  // called in this period and not delivered in it
  Money take_or_pay;        // buyer to seller
  Money make_up;            // seller to buyer: pieces called that had been paid for
  Money buyer_damages;      // buyer to seller
  Money seller_damages;     // seller to buyer
};

/// Settles a period and brings the banks up to date.
///
/// The minimum is take_or_pay x volume. What was called beyond it is made up first, as far as there
/// is something to make up: they are invoiced like others, and paid back here. Where less was
/// called than the minimum (than the volume, if `buyer_damages` are agreed), carried pieces count;
/// the rest of the minimum is paid for, and damages for the rest of the volume. Calls are filled
/// oldest first, so that of what was not delivered owed_before - delivered is from earlier periods,
/// for which it was a shortfall already.
Settlement settle(const Agreement& terms, const PeriodRecord& period, Banks& banks);

}  // namespace optichain::models::agreement
