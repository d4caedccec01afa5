#pragma once
// What each party earned, paid and has in a period: profit and loss as things are shipped, cash as
// they are paid. What every measure means is said in models/measures.

#include <array>
#include <string_view>
#include <vector>

#include "models/books/accounts.hpp"
#include "models/world/report_periods.hpp"

namespace optichain::models::world {

struct StatementRow {
  std::string_view measure;
  double value;
};

/// The statements of all parties; their figures come in the same order for every period.
class Statements {
 public:
  /// Keeps references to both. The meters must be defined.
  Statements(const Catalog& catalog, const books::Meters& meters);

  std::vector<StatementRow> site(SiteId site, const ReportPeriod& period) const;
  std::vector<StatementRow> customer(CustomerId customer, const ReportPeriod& period) const;
  /// What all parties paid to the outside world.
  std::vector<StatementRow> outside(const ReportPeriod& period) const;

 private:
  /// A party's meters of what it paid and received by account, and of what it has.
  struct PartyMeters {
    std::array<books::MeterId, books::account_names.size()> paid,
        received;  // not valid where there is none
    books::MeterId cash, receivable, payable;
  };
  struct SiteMeters {
    books::MeterId lost_margin, waiting_margin, stock_value;
    std::vector<books::MeterId> expedited;  // of the channels that may go express
  };
  struct CustomerMeters {
    books::MeterId lost_value, waiting_value;
    bool values;  // whether it says what pieces are worth
  };
  struct Result {
    double margin = 0, profit = 0;
  };
  PartyMeters find(PartyId party) const;
  Result add_accounts(const PartyMeters& meters, const ReportPeriod& period,
                      std::vector<StatementRow>& figures) const;
  double flow(books::MeterId id, const ReportPeriod& period) const;
  double at_end(books::MeterId id, const ReportPeriod& period) const;

  const Catalog& catalog_;
  const books::Meters& meters_;
  std::array<bool, books::account_names.size()> used_{};
  std::vector<PartyMeters> parties_;
  std::vector<SiteMeters> sites_;
  std::vector<CustomerMeters> customers_;
  std::array<books::MeterId, books::account_names.size()> outside_;
};

}  // namespace optichain::models::world
