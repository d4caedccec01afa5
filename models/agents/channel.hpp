#pragma once
// A channel: one buyer's orders at one offer, from the order slip to the goods received.

#include <deque>
#include <memory>
#include <optional>

#include "models/agents/context.hpp"
#include "sim/kernel/lane.hpp"

namespace optichain::models::agents {

class AgreementDesk;
class Earmark;

/// Aligned, so that what is asked for in every review stands in as few cache lines as possible.
class alignas(64) Channel {
 public:
  struct Handles {
    books::MeterId ordered, shipped, received, withdrawn, cancelled, lead_time, spend;
    books::MeterId backlog;    // not_shipped(), as the world samples it
    books::MeterId expedited;  // not valid where nothing ever goes express
    // levels, where what is owed and on its way is charged continuously
    books::MeterId open_level, in_transit_level;
  };

  Channel(const Context& context, ChannelId id);
  /// The channel takes part in an agreement; they are attached by priority.
  /// `earmark`, if given, is told what arrives on it.
  void attach(AgreementDesk& desk, std::size_t part, Earmark* earmark);
  /// Orders and shipments under way at the beginning of the simulation.
  void put_initial();

  ChannelId id() const { return id_; }
  OfferId offer() const { return offer_; }

  // --- the buyer's side ---
  /// Orders pieces, on agreements as far as they go: their volumes, then their upsides.
  void order(Pieces pieces);
  /// What the buyer should order here before it orders elsewhere: volumes not yet called.
  Pieces committed() const;
  /// Withdraws what was ordered at or before `limit` and not shipped; returns how much.
  Pieces withdraw_ordered_before(sim::Time limit);
  /// Cancels up to so many of the pieces that have reached the seller and are not shipped, those
  /// that came last first; returns how many.
  Pieces cancel_newest(Pieces pieces);
  /// Everything ordered and not yet shipped.
  Pieces not_shipped() const { return in_mail_ + open_; }
  /// Everything ordered and not yet received.
  Pieces on_order() const { return in_mail_ + open_ + in_transit_; }
  /// Time from order to receipt without any wait at the seller, in weeks.
  double way_weeks() const { return constant_way_weeks_ ? *constant_way_weeks_ : way_weeks_now(); }

  // --- the seller's side ---
  /// Orders that have reached the seller and are not shipped.
  Pieces open() const { return open_; }
  /// Orders that have reached the seller since the last call.
  Pieces take_intake();
  Pieces intake() const { return intake_; }
  bool accepts(std::size_t variant) const;
  bool could_accept(std::size_t variant) const { return context_.terms.could_accept(id_, variant); }
  /// Open orders that may be met with a variant now: none if the buyer does not take it or a
  /// program forbids it, no more than a quota allows, and of the new variants of a migration no
  /// more than the buyer takes.
  Pieces claim(std::size_t variant) const;
  /// Ships pieces of a variant against the oldest orders, or against those placed on one agreement
  /// only. Requires as many to be open, and pieces <= claim(variant).
  void ship(std::size_t variant, Pieces pieces, AgreementId on = {});
  /// Orders placed on an agreement that have reached the seller and are not shipped.
  Pieces open_calls(AgreementId id) const;
  /// Orders placed on an agreement become ordinary ones.
  void release_calls(AgreementId id);
  /// What a piece costs without agreements, in USD.
  double spot_usd(StockId stock) const;

  Pieces in_mail() const { return in_mail_; }
  Pieces in_transit() const { return in_transit_; }
  Handles meters() const { return meters_; }

 private:
  struct OpenOrder {
    sim::Time placed;
    Pieces pieces;
    std::uint32_t tie = no_tie;  // on which agreement, by position
  };
  /// The channel's part in an agreement.
  struct Tie {
    AgreementDesk* desk;
    std::size_t part;
    AgreementId id;
    Earmark* earmark;
    Pieces open{};
    Pieces filled{};  // by the shipment at hand
  };
  static constexpr std::uint32_t no_tie = ~std::uint32_t{0};
  double way_weeks_now() const;
  void place(Pieces pieces, std::uint32_t tie);
  void reach_seller(sim::Time placed, Pieces pieces, std::uint32_t tie = no_tie);
  void take_from(OpenOrder& order, Pieces pieces);
  bool is_on(const OpenOrder& order, AgreementId on) const;
  Pieces late(Pieces pieces, AgreementId on) const;
  void dispatch(sim::Lane& lane, StockId stock, Pieces pieces, AgreementId on, sim::Duration wait);
  void fill_oldest(Pieces pieces, sim::Time arrival, AgreementId on);
  /// An export control that asks for licences: how long they take, how much they allow.
  struct Licence {
    const Hold* hold;
    const LicenceDelay* delay;  // one of these two
    const LicenceQuota* quota;
    sim::Stream draws;
    double base_begin_weeks;          // before the control; what was shipped since then counts
    std::int64_t base = 0, used = 0;  // pieces shipped before the control and under it
  };
  void add_licences();
  Pieces quota_left(const Licence& licence) const;
  sim::Duration take_licences(std::size_t variant, Pieces pieces);
  void pay_for_goods(StockId stock, Pieces pieces);
  void pay_for_transport(Pieces pieces, Pieces express);
  Tie* tie_of(AgreementId id);
  void land(StockId from, Pieces pieces, sim::Duration held_up_before, sim::Time due);
  void arrive(StockId from, Pieces pieces);
  void pay_for_order() const;
  void note_open() const;
  void change_in_transit(Pieces change);

  // what buyers, sellers and the recorder look at in every review, side by side
  Pieces in_mail_, open_, in_transit_, intake_;
  std::optional<double> constant_way_weeks_;
  ChannelId id_;
  OfferId offer_;
  SiteId seller_, buyer_;  // the buyer is not valid if it is a customer
  const Context& context_;
  const Catalog::ChannelEntry& entry_;
  Handles meters_{};
  // what orders and shipments need on top of that
  std::vector<Tie> ties_;  // to agreements, by priority
  sim::Duration order_delay_;
  std::deque<OpenOrder> orders_;
  std::vector<Licence> licences_;
  std::unique_ptr<sim::Lane> express_;
  sim::Lane lane_;
  std::vector<double> room_;  // by limit: pieces that may still be met with new variants
};

}  // namespace optichain::models::agents
