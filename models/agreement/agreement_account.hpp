#pragma once
// The account of one agreement: what may be called, what was called, delivered, owed, paid and
// prepaid, and the settlement at the end of each period.

#include <memory>
#include <span>
#include <vector>

#include "models/agreement/agreed_volume.hpp"
#include "models/agreement/agreement_dates.hpp"
#include "models/agreement/discount.hpp"
#include "models/agreement/settlement.hpp"
#include "models/trade/channel.hpp"

namespace optichain::models::agreement {

class AgreementAccount {
 public:
  /// `takers` are the channels of the catalog's entry, in its order; `lines` by LineId.
  AgreementAccount(const trade::Services& services, const state::Realisation& real,
                   AgreementDates& dates, AgreementId id, std::vector<trade::Channel*> takers,
                   std::span<const std::unique_ptr<sim::Line>> lines);
  AgreementAccount(const AgreementAccount&) = delete;
  AgreementAccount& operator=(const AgreementAccount&) = delete;
  /// Puts payments and ends of periods on the agenda, and what was prepaid before on the books.
  /// Until then there is no agreement, only its account.
  void begin();
  bool has_begun() const { return has_begun_; }

  AgreementId id() const { return id_; }
  const Agreement& terms() const { return terms_; }
  const std::string& name() const { return entry_.name; }
  /// Whether a recipe makes what the agreement is about.
  bool is_about(RecipeId recipe) const { return volume_.is_about(recipe); }

  /// What a taker's channel needs of the agreement. `part` is the position of the channel in the
  /// catalog's entry, here and below.
  trade::CallOff& call_off(std::size_t part) { return parts_[part]; }

  // --- the seller's side ---
  /// How many of the taker's open calls come before other orders now.
  Pieces entitled(std::size_t part);
  /// What a hard reservation keeps in stock for calls that may still come in this period.
  Pieces kept_for_calls();
  /// The volume of the coming weeks, in pieces, that capacity is reserved for.
  double reserved_over(double weeks) const;
  /// The seller has shipped what it can at this review.
  void note_served();

 private:
  /// The part of one taker.
  class Part final : public trade::CallOff {
   public:
    Part(AgreementAccount& account, std::size_t part) : account_(account), part_(part) {}
    AgreementId agreement() const override { return account_.id_; }
    Pieces still_to_call() override { return account_.still_to_call(part_); }
    bool ends_before(sim::Time next) const override {
      return account_.in_force() && account_.periods_[account_.period_].end <= next;
    }
    Pieces upside_left() override { return account_.upside_left(part_); }
    void call(Pieces pieces) override { account_.call(part_, pieces); }
    void note_withdrawn(Pieces pieces) override { account_.record_.withdrawn += pieces; }
    Money deliver(Pieces pieces, double spot_usd) override {
      return account_.deliver(part_, pieces, spot_usd);
    }

   private:
    AgreementAccount& account_;
    std::size_t part_;
  };
  struct Period {
    sim::Time begin, end;
  };
  struct Handles {
    books::MeterId committed, called, delivered, owed, shortfall_buyer, shortfall_seller,
        cash_to_seller, take_or_pay, penalty, prepaid_balance, npv_buyer, npv_seller;
  };
  Pieces still_to_call(std::size_t part);
  Pieces upside_left(std::size_t part);
  void call(std::size_t part, Pieces pieces);
  Money deliver(std::size_t part, Pieces pieces, double spot_usd);
  void make_periods();
  bool in_force() const;
  Pieces part_of(Pieces pieces, std::size_t part) const;
  sim::Time next_review(std::size_t part) const;
  double price(double spot_usd) const;
  double spot_usd() const;

  void tell_at(sim::Time date);
  void settle_period();
  bool fails(std::optional<double> least, Pieces part, Pieces whole, std::int64_t& in_a_row) const;
  void end_now(std::optional<Side> failing);
  void begin_period();
  void credit(Money amount);
  void pay_seller(PartyId payer, books::Account account, Money amount);
  void pay_buyer(books::Account account, Money amount);
  void pay_goods(const Catalog::ChannelEntry& channel, Money invoice);
  void count_cash(Money to_seller, sim::Time due);
  Pieces owed_now() const;

  const trade::Services& services_;
  AgreementDates& dates_;
  AgreementId id_;
  const Catalog::AgreementEntry& entry_;
  const Agreement& terms_;
  std::vector<trade::Channel*> takers_;
  AgreedVolume volume_;
  PartyId seller_;
  std::vector<Part> parts_;
  Discount buyer_value_, seller_value_;
  Handles meters_;
  bool has_begun_ = false;
  std::vector<double> weights_;
  std::vector<double> owed_parts_;  // of a piece, to each part, of the volumes of ended periods
  std::vector<double> ties_;        // which part is first of those owed the same
  std::vector<Period> periods_;
  std::size_t period_ = 0;                  // the present one; periods_.size() after the end
  std::vector<Pieces> called_, delivered_;  // in the period, by part
  PeriodRecord record_;
  Banks banks_;
  Money prepaid_{};
  double index_first_ = 0;                           // price of the index on the first day, USD
  Pieces owed_{};                                    // after the seller's latest review
  std::int64_t low_deliveries_ = 0, low_calls_ = 0;  // periods in a row
};

}  // namespace optichain::models::agreement
