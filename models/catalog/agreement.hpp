#pragma once
// Long-term agreements (LTA): what a buyer and a seller commit themselves to for years.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/policy/contract_price.hpp"
#include "models/policy/units.hpp"
#include "sim/base/curve.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models {

using sim::Curve;
using sim::Date;
using sim::LastDate;
using sim::Name;

/// How often an agreement is settled: weeks are counted from its first day, the others are those of
/// the calendar.
enum class SettlementPeriod { week, month, quarter, year };
/// What an agreement takes from others before they are served.
enum class Reservation { none, soft, hard };
enum class Side { buyer, seller };
/// What becomes of a prepayment that is not credited in the end.
enum class Unused { refunded, forfeited };

// --- prepayment ---------------------------------------------------------------------------------

struct CreditAgainstInvoices {
  static constexpr std::string_view title = "Credit against invoices", tag = "invoices",
                                    doc =
                                        "Part of each invoice is paid from what was prepaid, "
                                        "until nothing is left.";
  double up_to = 1;
  template <class V>
  void fields(V& v) {
    v.optional("up_to", up_to, sim::share, "largest part of an invoice");
  }
  friend bool operator==(const CreditAgainstInvoices&, const CreditAgainstInvoices&) = default;
};
struct CreditPerPiece {
  static constexpr std::string_view title = "Credit per piece", tag = "per_piece",
                                    doc =
                                        "A fixed amount is credited for each piece delivered, but "
                                        "no more than the piece costs.";
  double usd = 0;
  template <class V>
  void fields(V& v) {
    v.required("usd", usd, sim::between(0, 1e9), "credited per piece");
  }
  friend bool operator==(const CreditPerPiece&, const CreditPerPiece&) = default;
};
struct CreditEvenly {
  static constexpr std::string_view title = "Credit evenly", tag = "evenly",
                                    doc =
                                        "At the end of each period the seller pays back an equal "
                                        "part of what is left.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const CreditEvenly&, const CreditEvenly&) = default;
};
using CreditSchedule = std::variant<CreditAgainstInvoices, CreditPerPiece, CreditEvenly>;

struct DatedAmount {
  static constexpr std::string_view title = "Dated amount", doc = "An amount due on a day.";
  Date on{};
  double usd = 0;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("on", on, "the day");
    v.required("usd", usd, sim::between(0, 1e12), "how much");
  }
  friend bool operator==(const DatedAmount&, const DatedAmount&) = default;
};

struct Prepayment {
  static constexpr std::string_view title = "Prepayment",
                                    doc =
                                        "What the buyer pays ahead of deliveries, and how it is "
                                        "credited.";
  std::vector<DatedAmount> payments;
  CreditSchedule credited;
  Unused unused = Unused::refunded;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("payments", payments,
               "amounts by date; those before the simulation begins have been paid");
    v.optional("credited", credited, "how it is set off against what is delivered");
    v.optional("unused", unused, "what becomes of the rest when the agreement ends");
  }
  friend bool operator==(const Prepayment&, const Prepayment&) = default;
};

// --- termination --------------------------------------------------------------------------------

struct Termination {
  static constexpr std::string_view title = "Termination",
                                    doc =
                                        "How an agreement ends before its last day. What has been "
                                        "called and not delivered becomes an ordinary order.";
  std::optional<Date> on;
  Side by = Side::buyer;
  std::optional<double> delivered_below;
  std::optional<double> called_below;
  std::int64_t periods = 1;
  double fee_usd = 0;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("on", on, "the first day without the agreement");
    v.optional("by", by, "who ends it on that day, and pays the fee");
    v.optional("delivered_below", delivered_below, sim::share,
               "the buyer ends it, and the seller pays the fee, when less than this share of what "
               "was called is delivered ...");
    v.optional("called_below", called_below, sim::share,
               "the seller ends it, and the buyer pays the fee, when less than this share of the "
               "commitment is called ...");
    v.optional("periods", periods, sim::between(1, 1000), "... in so many periods in a row");
    v.optional("fee_usd", fee_usd, sim::between(0, 1e12), "paid by the side that ends it or fails");
  }
  friend bool operator==(const Termination&, const Termination&) = default;
};

// --- the agreement ------------------------------------------------------------------------------

struct Agreement {
  static constexpr std::string_view
      title = "Agreement",
      doc =
          "A long-term agreement: a volume per period, called by the buyer in its orders and "
          "settled at the end of each period.";
  std::string description;
  Name seller, buyer, item;
  std::map<std::string, double> through;
  Date from{};
  LastDate until;
  SettlementPeriod settled = SettlementPeriod::quarter;
  std::optional<Curve> pieces_per_week, share_of_capacity, share_of_output;
  double upside = 0;
  policy::ContractPrice price;
  std::optional<Prepayment> prepayment;
  double buyer_cost_of_capital = 0, seller_cost_of_capital = 0;
  double take_or_pay = 0;
  std::int64_t make_up_periods = 0, carry_forward_periods = 0;
  double seller_damages = 0, buyer_damages = 0;
  Reservation reservation = Reservation::soft;
  std::int64_t priority = 1;
  std::optional<Termination> termination;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("description", description, "what it is, in words");
    v.required("seller", seller, "the site that sells");
    v.required("buyer", buyer, "the site or customer that is bound");
    v.required("item", item, "what the buyer buys there: an item, or a customer's family");
    v.optional("through", through, sim::not_negative,
               "sites that buy the item in the buyer's stead, each with its weight: what they make "
               "of the pieces goes to the buyer first; the buyer itself, if left out");
    v.required("from", from, "first day");
    v.required("until", until, "last day");
    v.optional("settled", settled, "how often called and delivered are compared with the volume");
    v.optional("pieces_per_week", pieces_per_week, sim::weekly_rate,
               "the committed volume, one of three ways to give it: pieces (also as a ramp, or as "
               "volumes of periods)");
    v.optional("share_of_capacity", share_of_capacity, sim::share,
               "a share of what the seller's lines and own limits allow of the item, at the yield "
               "of the day");
    v.optional("share_of_output", share_of_output, sim::share,
               "a share of what comes into the seller's stock of the item");
    v.optional("upside", upside, sim::between(0, 100),
               "what may be called on top, on the same terms, as a share of the volume");
    v.optional("price", price, "what a piece costs");
    v.optional("prepayment", prepayment, "what is paid ahead");
    v.optional("buyer_cost_of_capital", buyer_cost_of_capital, sim::between(0, 10),
               "a year, as a share, at which the buyer discounts what it pays and gets");
    v.optional("seller_cost_of_capital", seller_cost_of_capital, sim::between(0, 10),
               "a year, as a share, at which the seller discounts what it gets and gives");
    v.optional("take_or_pay", take_or_pay, sim::share,
               "share of the volume that is paid for whether it is called or not");
    v.optional("make_up_periods", make_up_periods, sim::between(0, 1000),
               "periods in which pieces paid for and not called can be had, beyond that period's "
               "minimum, without paying again");
    v.optional("carry_forward_periods", carry_forward_periods, sim::between(0, 1000),
               "periods in which pieces called beyond the volume count towards a later minimum");
    v.optional("seller_damages", seller_damages, sim::between(0, 100),
               "paid by the seller for each piece called and not delivered in its period, as a "
               "share of the price");
    v.optional("buyer_damages", buyer_damages, sim::between(0, 100),
               "paid by the buyer for each piece of the volume not called, as far as it is not "
               "paid for under `take_or_pay`, as a share of the price");
    v.optional("reservation", reservation,
               "`none`: calls are served like other orders; `soft`: calls come first, what is not "
               "called goes to others at once; `hard`: what is not called is kept until the period "
               "ends, pieces in stock, capacity lost");
    v.optional("priority", priority, sim::between(1, 1000),
               "order among agreements, lower first; equals share in proportion to their calls");
    v.optional("termination", termination, "how it may end earlier");
  }
  friend bool operator==(const Agreement&, const Agreement&) = default;
};

}  // namespace optichain::models

namespace optichain::sim {

template <>
struct Words<models::SettlementPeriod> {
  static constexpr std::array<std::string_view, 4> words = {"week", "month", "quarter", "year"};
};
template <>
struct Words<models::Reservation> {
  static constexpr std::array<std::string_view, 3> words = {"none", "soft", "hard"};
};
template <>
struct Words<models::Side> {
  static constexpr std::array<std::string_view, 2> words = {"buyer", "seller"};
};
template <>
struct Words<models::Unused> {
  static constexpr std::array<std::string_view, 2> words = {"refunded", "forfeited"};
};

}  // namespace optichain::sim
