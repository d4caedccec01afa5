#pragma once
// The order desk of one offer: open orders, allocation of what is scarce, the lead time quoted.

#include <algorithm>
#include <memory>
#include <span>

#include "models/agents/context.hpp"
#include "models/agents/echelon.hpp"
#include "models/agreement/earmark.hpp"
#include "models/network/planned_needs.hpp"
#include "models/policy/allocation/all.hpp"
#include "models/policy/forecast/all.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/inventory.hpp"
#include "models/state/pauses.hpp"
#include "models/trade/channel.hpp"

namespace optichain::models::agents {

class OrderDesk {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    const state::Inventory& inventory;
    const state::CurrentTerms& terms;
    const network::PlannedNeeds& plans;
    const state::Pauses& pauses;
  };
  struct Handles {
    books::MeterId backlog;
  };

  /// `channels` are those of all buyers, in the order of the catalog's entry. In a chain that
  /// begins empty there cannot be anything to ship before `first_supply`.
  OrderDesk(const Context& context, OfferId id, std::vector<trade::Channel*> channels,
            double initial_per_week, std::optional<Echelon> echelon = std::nullopt,
            sim::Time first_supply = sim::Time::min());

  /// An agreement on what is sold here; they are added by priority. `channels` are those along
  /// which it is called, by position in the offer, in the order of the agreement's parts.
  void add_agreement(agreement::AgreementAccount& account, std::vector<std::size_t> channels);

  /// Products that go to the buyer of an agreement first, along these channels.
  void add_earmark(agreement::Earmark& earmark, std::vector<std::size_t> channels);

  /// What buyers keep, where that counts in what is made here; else 0.
  double downstream() const { return echelon_ ? echelon_->pieces() : 0; }

  OfferId id() const { return id_; }
  const Catalog::OfferEntry& entry() const { return entry_; }

  /// Takes note of the orders that came in during the last `weeks`, then ships what the policy
  /// awards.
  void allocate_and_ship(double weeks);
  /// Ships what the policy awards of what is there now. The orders that came in are taken note of
  /// at the next review.
  void ship_between_reviews();

  /// Open orders of all buyers.
  Pieces backlog() const;
  /// What is on its way to them.
  Pieces in_transit() const;
  /// One meter of each channel.
  std::vector<books::MeterId> meters_of(books::MeterId trade::Channel::Handles::*which) const;
  /// The same with the orders that are on their way here.
  Pieces backlog_with_mail() const;
  /// Open orders that are meant to be met with a variant.
  double meant(std::size_t variant) const { return std::max(0.0, meant_[variant]); }
  /// Lots of a variant that were not made because others were, whose stock met what was meant for
  /// it (less than 0: the other way round); a lot at most. Where single pieces are made there are
  /// none.
  double owed_lots(std::size_t variant) const { return owed_lots_[variant]; }
  /// Which variant comes first of those that lack the same.
  double tie(std::size_t variant) const { return ties_[variant]; }
  /// Open orders that a variant may meet: what channels may claim of it now.
  Pieces backlog_accepting(std::size_t variant) const;
  /// How many pieces of each variant are meant to meet the open orders and `future` more. Each
  /// order is meant for the variants its buyer accepts, by the mix at the time it came in.
  std::vector<double> wanted_by_variant(double future) const;
  /// From now on, pieces of open orders meant for some variants are meant for others; `change` sums
  /// to zero.
  void change_meant(std::span<const double> change);
  /// Of the orders that came in between the last two reviews, how many are meant for a variant.
  double last_intake_of(std::size_t variant) const { return intake_by_variant_[variant]; }
  /// Of the open orders meant for a variant, what is not in stock.
  double lacking(std::size_t variant) const;
  /// Orders that came in after the last review.
  Pieces unseen() const;
  /// Orders that were withdrawn between the last two reviews.
  Pieces last_withdrawn() const { return last_withdrawn_; }
  /// Expected future orders.
  const policy::Forecast& forecast() const { return forecast_; }
  Pieces on_hand() const;

  /// What is on its way into stock, and how long it takes from start or order to stock.
  struct Supply {
    double coming = 0;  // pieces
    double lead_weeks = 0;
  };
  /// What the site has under way after its review. Its agent says so after planning (good pieces
  /// in process, over all variants), and again after ordering of what is bought and sold on: then
  /// the last input ordered counts alone, also of a family, and whatever is made beside it.
  void note_supply(const Supply& supply) { supply_ = supply; }
  /// How long a new order waits here, in weeks: 0 if stock covers it; else what is owed, this
  /// review's orders included, at the rate at which supply comes (Little 1961: what is under way
  /// over its lead time, or the recent rate of shipping if that is higher). Smoothed over reviews.
  double quoted_weeks() const { return quoted_weeks_; }

  /// Brings the meter of the backlog up to date.
  void record(Pieces backlog, sim::Time now) const;

 private:
  struct Reserved;
  std::vector<std::size_t> shipping_order() const;
  void ship_variant(std::size_t variant);
  Pieces available(std::size_t variant) const;
  void claim_open(std::size_t variant);
  void add_reserved(Reserved reserved, const agreement::AgreementAccount& agreement);
  Pieces claimed(std::size_t channel) const;
  Pieces ship_on_agreements(std::size_t variant, Pieces available);
  Pieces keep_for_calls(std::size_t variant, Pieces available);
  Pieces ship_awards(const policy::Awards& awards, std::size_t variant, Pieces available);
  void ship_to(std::size_t channel, std::size_t variant, Pieces pieces, const Reserved* on);
  void note_policy(std::size_t variant, Pieces available);
  void note_diverted();
  void add_by_mix(std::size_t channel, double pieces, std::vector<double>& by_variant) const;
  void settle_meant();
  void meet_from_other_stock();
  void look_at_intake();
  void take_orders_in(double weeks);
  void ship();
  bool awaits_first_supply() const;
  void update_quote(double weeks);
  policy::Allocation allocation_of_buyers() const;

  const Context& context_;
  OfferId id_;
  const Catalog::OfferEntry& entry_;
  std::vector<trade::Channel*> channels_;
  std::optional<Echelon> echelon_;
  policy::Allocation allocation_;
  std::vector<double> intake_rates_;  // orders per week and channel, smoothed
  // Open orders by the variant meant to meet them; less than 0 where one shipped a whole piece for
  // a part of it.
  std::vector<double> meant_;
  std::vector<double> owed_lots_, ties_;  // by variant
  policy::Forecast forecast_;
  double shipping_per_week_;  // recent rate, smoothed
  double observed_weeks_ = 0, rate_alpha_ = 0;
  double quoted_weeks_ = 0;
  Supply supply_;
  sim::Time first_supply_;
  bool has_shipped_ = false;
  std::vector<double> intake_by_variant_;
  Pieces last_withdrawn_, backlog_after_;
  // since the last review
  Pieces shipped_;
  std::vector<Pieces> seen_;  // orders that came in, by channel
  std::vector<double> seen_by_variant_, fresh_;
  /// An agreement's claims at this order desk: on what is sold here, or on what is made of it.
  struct Reserved {
    agreement::AgreementAccount* account;
    agreement::Earmark* earmark;           // one of the two
    std::vector<std::size_t> channels;     // by part
    std::vector<books::MeterId> diverted;  // by channel of the offer
    std::vector<double> owed{};            // parts of a piece, by channel of the offer
    std::vector<double> ties{};            // the same way
    std::vector<double> owed_diverted{};   // of what others would have had, the same way
    Pieces to_keep{};                      // at this review, for calls still to come
    Pieces kept{};                         // of the variant at hand
  };
  std::vector<Reserved> reserved_;  // by priority
  std::vector<policy::Claimant> claims_;
  std::vector<std::size_t> claimants_;
  std::vector<Reserved*> claimed_on_;    // what each claim is for, if it is one of those
  std::vector<Pieces> shipped_to_;       // of the variant at hand, by channel
  std::vector<std::int64_t> by_policy_;  // what the policy alone would award of it, by channel
  Handles meters_;
};

}  // namespace optichain::models::agents
