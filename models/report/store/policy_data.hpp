#pragma once
// What page and tables show of the runs of a policy: key figures of every replication, quantiles by
// week of what is shipped and wanted, and means by week of what flows, lacks and is agreed.

#include <array>
#include <map>
#include <string>
#include <vector>

#include "models/run/traces.hpp"
#include "sim/output/store.hpp"

namespace optichain::models::report {

using Weekly = std::vector<double>;

/// One side of a fan chart.
struct Fan {
  static constexpr std::array quantiles = {0.05, 0.25, 0.5, 0.75, 0.95};
  using Bands = std::array<Weekly, quantiles.size()>;  // over replications, week by week
  Bands weekly;
  Bands smoothed;  // of means over `window` weeks, the week and those before it
  static constexpr std::size_t window = 4;
  std::vector<Weekly> singles;  // of the first replications, `most_singles` at most
  static constexpr std::size_t most_singles = 40;
};

/// What customers wanted and got of a family (or of an item that they buy as it is), or of all that
/// make up the market.
struct ProductFans {
  std::string product;  // "market" for all
  Fan demanded, shipped;
};

/// Means over replications from here on.
struct ItemWeeks {
  std::string item;
  Weekly needed, supplied;  // where it is used up, as in items.X.needed and supplied
};
struct LinkWeeks {
  std::string seller, buyer, item;
  Weekly shipped, backlog;  // in the week; ordered and not shipped at its end
};
struct CauseWeeks {
  std::string kind, item;
  Weekly unmet;
};
struct AgreementWeeks {
  std::string agreement, measure, unit;
  Weekly values;
};

/// The runs of a store under one scenario, policy and future.
struct PolicyData {
  std::string name;   // what tells it from the others of the report
  std::string store;  // path as given
  std::string engine;
  sim::ScenarioRow scenario;
  std::uint64_t seed = 0;
  std::vector<std::uint64_t> replications{};  // that were done
  std::vector<std::pair<std::uint64_t, std::string>> failures{};
  std::vector<sim::NodeRow> nodes{};  // sites and customers
  std::vector<sim::MeasureRow> measures{};

  /// Years and `all`; no quarters.
  std::vector<std::string> periods{};
  struct Figure {
    std::string unit, good;
    /// By period, by replication as in `replications`; NaN where it is not reported.
    std::vector<std::vector<double>> values;
  };
  /// By name without the period, `families.800g.fill_rate`; those of stock points, recipes and
  /// traces are left out.
  std::map<std::string, Figure> figures{};

  std::vector<ProductFans> fans{};  // the market first
  std::vector<ItemWeeks> items{};
  std::vector<LinkWeeks> links{};
  std::vector<CauseWeeks> causes{};
  std::vector<AgreementWeeks> agreements{};
  std::vector<run::PeriodTraces> traces{};  // pieces added up over replications
};

}  // namespace optichain::models::report
