#pragma once
// How much more than it needs a buyer orders while its orders are not filled, and how much of that
// it cancels. Pure: the agent says what was ordered, shipped and is wanted.

#include <array>
#include <optional>
#include <string_view>

#include "models/policy/apportion.hpp"
#include "models/policy/units.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::policy {

/// At which sellers who is short orders more than it needs: at all, or only where the seller's rule
/// of allocation gives more to who asks for more (Cachon and Lariviere, Management Science 1999).
enum class OverOrdersWhen { always, it_pays };

}  // namespace optichain::models::policy

template <>
struct optichain::sim::Words<optichain::models::policy::OverOrdersWhen> {
  static constexpr std::array<std::string_view, 2> words = {"always", "it_pays"};
};

namespace optichain::models::policy {

struct OverOrdering {
  static constexpr std::string_view
      title = "Over-ordering",
      doc =
          "Who gets less than was ordered orders more than is needed, and "
          "cancels the excess when supply recovers (the rationing game: "
          "Lee, Padmanabhan and Whang 1997).";
  double cap = 1.5;
  double sensitivity = 1;
  double memory_weeks = 8;
  OverOrdersWhen when = OverOrdersWhen::always;
  template <class V>
  void fields(V& v) {
    v.optional("cap", cap, sim::between(1, 10),
               "at most this many pieces are on order for each that is needed");
    v.optional("sensitivity", sensitivity, sim::between(0, 10),
               "orders are multiplied by 1 / (recent fill rate) to this power, up to the cap: with "
               "1, so that what is needed would come if the fill rate stayed");
    v.optional("memory_weeks", memory_weeks, sim::between(0.1, 520),
               "how far back orders and shipments count in the recent fill rate; older ones fade "
               "exponentially");
    v.optional("when", when,
               "at every seller, or only where it pays: where the rule of allocation gives more to "
               "who asks for more, and there is another buyer to take it from");
  }
  friend bool operator==(const OverOrdering&, const OverOrdering&) = default;
};

/// The orders of one buyer for one product, of which a part is in excess of its need.
///
/// The recent fill rate is what was shipped over what was ordered, both fading exponentially. Needs
/// are multiplied by f = min(cap, fill rate ^ -sensitivity): what a buyer orders who expects to be
/// rationed in proportion to orders (Lee, Padmanabhan and Whang, Management Science 1997). Of what
/// is ordered and not shipped, the excess is at most f - 1 times the need; what is more is taken
/// for new needs first, and the rest cancelled. Who orders in lots orders more, takes and cancels
/// in whole lots, so that its excess may be a part of a lot above what it is to be.
class OverOrders {
 public:
  /// As if `per_week` had been ordered and shipped all the time before.
  OverOrders(const OverOrdering& terms, double per_week, Pieces lot = Pieces{1});

  /// `ordered` at the review before, `shipped` since, `weeks` ago. Cancelled pieces count as if
  /// they had not been ordered.
  void observe(double ordered, double shipped, double weeks);
  /// Shipped over ordered in the recent past, at most 1.
  double fill_rate() const;
  /// How many pieces are ordered for each that is needed, >= 1.
  double factor() const;

  /// The part of what is ordered and not shipped that is not needed.
  Pieces excess() const { return excess_; }
  /// Brings the excess down to the orders not shipped; returns the pieces shipped beyond the need.
  Pieces settle(Pieces outstanding);
  /// `pieces` out of `outstanding` were given up: a part of the excess like that of the rest.
  void give_up(Pieces pieces, Pieces outstanding);
  /// The same of pieces whose seller does not serve them any more, as if they had not been ordered.
  /// Returns how many of them are needed.
  Pieces take_back(Pieces pieces, Pieces outstanding);

  struct Decision {
    Pieces order{0};
    Pieces cancel{0};  // at most; see cancelled()
  };
  /// What to do about a new need, with `outstanding` pieces ordered and not shipped; no more than
  /// there is `room` for is ordered beyond it, if that is given. Requires need >= 0 and
  /// outstanding >= excess().
  Decision decide(Pieces need, Pieces outstanding, std::optional<Pieces> room = std::nullopt);
  /// So many of the pieces that were to be cancelled could be.
  void cancelled(Pieces pieces);

 private:
  OverOrdering terms_;
  Pieces lot_;
  double ordered_, shipped_;  // recently
  Pieces excess_{0};
  Carry carry_;  // of the parts of a lot that needs were to be exceeded by
};

}  // namespace optichain::models::policy
