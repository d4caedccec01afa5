#pragma once
// What payments are for: every payment has a heading, a payer and a payee.

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "models/books/ledger.hpp"
#include "models/books/meters.hpp"

namespace optichain::models {

enum class Account {
  goods,
  conversion,
  freight,
  holding,
  backlog,
  prepayment,   // paid ahead, and credited back when it is used
  take_or_pay,  // for pieces not called; paid back when they are made up
  damages,
  termination
};

/// The measure of the payer and of the payee under which an account is reported.
struct AccountName {
  std::string_view paid;
  std::string_view received;  // empty where only the outside world is paid
  bool of_agreements = false;
};
inline constexpr std::array<AccountName, 9> account_names = {{
    {"purchases", "sales"},
    {"conversion_cost", ""},
    {"freight_cost", ""},
    {"holding_cost", ""},
    {"backlog_cost", ""},
    {"prepayments_out", "prepayments_in", true},
    {"take_or_pay_out", "take_or_pay_in", true},
    {"damages_out", "damages_in", true},
    {"termination_out", "termination_in", true},
}};

/// Pays, and counts what each site paid and received under each heading.
class Accounts {
 public:
  Accounts(const Catalog& catalog, Ledger& ledger, Meters& meters);

  void pay(PartyId from, PartyId to, Account account, Money amount);
  void pay_outside(PartyId from, Account account, Money amount) {
    pay(from, ledger_.outside(), account, amount);
  }

 private:
  void count(const std::vector<MeterId>& meters, Account account, Money amount);

  Ledger& ledger_;
  Meters& meters_;
  std::vector<std::vector<MeterId>> paid_, received_;  // by party and account; sites only
};

}  // namespace optichain::models
