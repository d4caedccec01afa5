#pragma once
// The desk of one agreement: what may be called, what was called, delivered, owed, paid and
// prepaid, and the settlement at the end of each period.

#include <memory>
#include <span>
#include <vector>

#include "models/agents/agreement_dates.hpp"
#include "models/agents/context.hpp"
#include "models/policy/apportion.hpp"
#include "models/policy/settlement.hpp"
#include "sim/kernel/line.hpp"

namespace optichain::models::agents {

class Channel;

class AgreementDesk {
 public:
  /// `takers` are the channels of the catalog's entry, in its order; `lines` by LineId.
  AgreementDesk(const Context& context, AgreementDates& dates, AgreementId id,
                std::vector<Channel*> takers, std::span<const std::unique_ptr<sim::Line>> lines);
  /// Puts payments and ends of periods on the agenda, and what was prepaid before on the books.
  /// Until then there is no agreement, only a desk.
  void begin();
  bool has_begun() const { return has_begun_; }

  AgreementId id() const { return id_; }
  const Agreement& terms() const { return terms_; }
  const std::string& name() const { return entry_.name; }
  /// Whether a recipe makes what the agreement is about.
  bool is_about(RecipeId recipe) const;

  // --- the buyer's side; `part` is the position of the channel in the catalog's entry ---
  /// Of the volume up to the taker's next review, and of what can be made up: not yet called.
  Pieces still_to_call(std::size_t part);
  /// What may be called on top of that.
  Pieces upside_left(std::size_t part);
  void call(std::size_t part, Pieces pieces);
  void note_withdrawn(Pieces pieces) { record_.withdrawn += pieces; }

  // --- the seller's side ---
  /// How many of the taker's open calls come before other orders now.
  Pieces entitled(std::size_t part);
  /// What a hard reservation keeps in stock for calls that may still come in this period.
  Pieces kept_for_calls();
  /// The volume of the coming weeks, in pieces, that capacity is reserved for.
  double reserved_over(double weeks) const;
  /// The seller has shipped what it can at this review.
  void note_served();

  /// Delivers pieces: they are invoiced at the agreement's price. Returns the invoice. `spot_usd`
  /// is what a piece would cost without the agreement.
  Money deliver(std::size_t part, Pieces pieces, double spot_usd);

 private:
  struct Period {
    sim::Time begin, end;
  };
  struct Handles {
    books::MeterId committed, called, delivered, owed, shortfall_buyer, shortfall_seller,
        cash_to_seller, take_or_pay, penalty, prepaid_balance, npv_buyer, npv_seller;
  };
  void make_periods();
  void find_routes();
  bool in_force() const;
  void accrue(sim::Time until);
  void accrue_output();
  double volume(sim::Time from, sim::Time until) const;
  double good_pieces_possible(sim::Time from, sim::Time until) const;
  double output_so_far() const;
  Pieces whole_volume(double more = 0) const;
  Pieces part_of(Pieces pieces, std::size_t part) const;
  sim::Time next_review(std::size_t part) const;
  double price(double spot_usd) const;
  double spot_usd() const;

  void settle_period();
  bool fails(std::optional<double> least, Pieces part, Pieces whole, std::int64_t& in_a_row) const;
  void end_now(std::optional<Side> failing);
  void begin_period();
  void credit(Money amount);
  void pay_seller(PartyId payer, books::Account account, Money amount);
  void pay_buyer(books::Account account, Money amount);
  void pay_goods(const Catalog::ChannelEntry& channel, Money invoice);
  void count_cash(Money to_seller, sim::Time due);
  double discount(double per_year, sim::Time time) const;
  Pieces owed_now() const;

  const Context& context_;
  AgreementDates& dates_;
  AgreementId id_;
  const Catalog::AgreementEntry& entry_;
  const Agreement& terms_;
  std::vector<Channel*> takers_;
  std::span<const std::unique_ptr<sim::Line>> lines_;
  PartyId seller_;
  Handles meters_;
  bool has_begun_ = false;
  std::vector<double> weights_;
  struct Route {
    RecipeId id;
    books::MeterId started;
  };
  std::vector<Route> routes_;  // that make what the agreement is about
  std::vector<Period> periods_;
  std::size_t period_ = 0;  // the present one; periods_.size() after the end
  double accrued_ = 0;      // volume of the period up to `accrued_until_`, with the rest before
  sim::Time accrued_until_{};
  double output_seen_ = 0, output_lately_ = 0, output_per_second_ = 0;
  sim::Time lately_since_{};
  std::vector<Pieces> called_, delivered_;  // in the period, by part
  policy::PeriodRecord record_;
  policy::Banks banks_;
  Money prepaid_{};
  double index_first_ = 0;                           // price of the index on the first day, USD
  Pieces owed_{};                                    // after the seller's latest review
  std::int64_t low_deliveries_ = 0, low_calls_ = 0;  // periods in a row
};

}  // namespace optichain::models::agents
