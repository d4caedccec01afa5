#pragma once
// What payments are for: every payment has a heading, a payer and a payee.
//
// A payment counts under its heading when it becomes due to somebody (sales when shipped), and in
// the ledger when money changes hands; between the two it is a receivable of one party and a
// payable of the other.

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "models/books/ledger.hpp"
#include "models/books/meters.hpp"

namespace optichain::models::books {

enum class Account {
  goods,
  conversion,
  freight,
  expediting,
  holding,
  backlog,
  idle_capacity,
  fixed,
  qualification,
  prepayment,   // paid ahead, and credited back when it is used
  take_or_pay,  // for pieces not called; paid back when they are made up
  damages,
  termination,
  capital_expenditure,
  ordering,   // the fixed cost of an order
  in_transit  // what is on its way to buyers
};

/// The figure of a party that an account is the first to enter; the later ones follow from the
/// earlier ones.
enum class PartyResult { margin, profit, cash };

/// In which scenarios there can be payments under an account.
enum class UsedWith { anything, agreements, order_costs, transit_costs };

/// The measure (models/measures) of the payer and of the payee under which an account is reported.
struct AccountName {
  std::string_view paid;
  std::string_view received;  // empty where only the outside world is paid
  PartyResult enters;
  bool of_customers;  // whether customers have it; what they pay for goods is their `spend`
  UsedWith used_with = UsedWith::anything;
};
inline constexpr std::array<AccountName, 16> account_names = {{
    {"purchases", "sales", PartyResult::margin, false},
    {"conversion_cost", "", PartyResult::margin, false},
    {"freight_cost", "", PartyResult::margin, false},
    {"expediting_cost", "", PartyResult::margin, true},
    {"holding_cost", "", PartyResult::profit, false},
    {"backlog_cost", "", PartyResult::profit, false},
    {"idle_cost", "", PartyResult::profit, false},
    {"fixed_cost", "", PartyResult::profit, false},
    {"qualification_cost", "", PartyResult::profit, true},
    {"prepayments_out", "prepayments_in", PartyResult::cash, true, UsedWith::agreements},
    {"take_or_pay_out", "take_or_pay_in", PartyResult::margin, true, UsedWith::agreements},
    {"damages_out", "damages_in", PartyResult::profit, true, UsedWith::agreements},
    {"termination_out", "termination_in", PartyResult::profit, true, UsedWith::agreements},
    {"capital_expenditure", "", PartyResult::cash, false},
    {"ordering_cost", "", PartyResult::profit, true, UsedWith::order_costs},
    {"in_transit_cost", "", PartyResult::profit, false, UsedWith::transit_costs},
}};

/// Whether there can be payments under an account.
bool is_used(const AccountName& name, const Catalog& catalog);

/// What the figures of a party are of.
measures::Entity party_entity(const Catalog& catalog, PartyId party);

/// Pays, and counts what each party paid and received under each heading: sites as payers and
/// payees, customers where they have the account, the outside world as payee.
class Accounts {
 public:
  Accounts(const Catalog& catalog, sim::Kernel& kernel, Ledger& ledger, Meters& meters);

  void pay(PartyId from, PartyId to, Account account, Money amount);
  void pay_outside(PartyId from, Account account, Money amount) {
    pay(from, ledger_.outside(), account, amount);
  }
  /// Counts now and pays at a later time, in a phase of that instant.
  void pay_at(sim::Time due, sim::Phase phase, PartyId from, PartyId to, Account account,
              Money amount);

  Money receivable(PartyId party) const { return receivable_[party.index()]; }
  Money payable(PartyId party) const { return payable_[party.index()]; }
  /// The cash that each party has by its headings: received less paid, without what is not yet due;
  /// the outside world is the last. The ledger must say the same.
  std::vector<Money> cash() const;

 private:
  void count(PartyId from, PartyId to, Account account, Money amount);
  void add(const std::vector<MeterId>& meters, Account account, Money amount);
  void settle(PartyId from, PartyId to, Money amount);

  sim::Kernel& kernel_;
  Ledger& ledger_;
  Meters& meters_;
  std::vector<std::vector<MeterId>> paid_, received_;  // by party and account; may be none
  std::vector<Money> counted_, receivable_, payable_;  // by party
};

}  // namespace optichain::models::books
