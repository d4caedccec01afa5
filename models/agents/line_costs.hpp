#pragma once
// What lines cost whether they work or not: fixed costs, and capacity that is not used.

#include <memory>
#include <span>
#include <vector>

#include "models/books/accounts.hpp"
#include "sim/kernel/line.hpp"

namespace optichain::models::agents {

class LineCosts {
 public:
  /// What it needs of its world; all must outlive it.
  struct Context {
    const Catalog& catalog;
    books::Accounts& accounts;
  };
  /// `lines` by LineId over all sites.
  LineCosts(const Context& context, std::span<const std::unique_ptr<sim::Line>> lines);

  /// Charges what has become due up to a time, now or later. Capacity is integrated, so it does not
  /// matter how often this is called.
  void charge(sim::Time until);

 private:
  struct Charged {
    LineId line;
    Money fixed, idle;
  };
  void charge_up_to(Money due, Money& charged, LineId line, books::Account account) const;

  const Context& context_;
  std::span<const std::unique_ptr<sim::Line>> lines_;
  std::vector<Charged> charged_;  // of the lines that cost anything
};

}  // namespace optichain::models::agents
