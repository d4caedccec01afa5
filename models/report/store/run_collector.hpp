#pragma once
// Adds up the runs of one policy, replication by replication; policy_data.hpp says what comes of
// it.

#include <map>
#include <optional>
#include <set>
#include <span>

#include "models/report/store/policy_data.hpp"
#include "sim/output/store_scan.hpp"

namespace optichain::models::report {

/// What the names in a store say of its world.
struct StoreNames {
  StoreNames(const std::vector<sim::MeasureRow>& measures, const std::vector<sim::NodeRow>& nodes);

  std::set<std::string> customers, families, in_market;
  std::vector<std::string> periods;  // years in their order, then `all`

  /// If no family is in the market, everything is.
  bool counts_in_market(const std::string& product) const {
    return in_market.empty() || in_market.contains(product);
  }
};

class RunCollector {
 public:
  /// `names` must outlive it.
  RunCollector(const std::filesystem::path& file, const StoreNames& names, std::size_t runs,
               std::size_t weeks);
  /// Reads all that is wanted of these runs, at most as many as were announced; once.
  void add(std::span<const sim::RunKey> keys);
  /// Puts figures, fans, weekly means and traces of all that was added into `out`.
  void finish(PolicyData& out);

 private:
  struct KpiSlot {
    PolicyData::Figure* figure = nullptr;  // or else a trace
    std::size_t period = 0;
    run::TraceName trace{};
  };
  struct SeriesSlot {
    measures::Group group;
    std::string entity, measure, unit;  // "amazon<innolight.800g", "shipped"
    Weekly sum;
    Weekly* of_run = nullptr;  // what customers want or get of a product in this run
  };
  /// Demanded, then shipped.
  using Sides = std::array<std::vector<Weekly>, 2>;

  int kpi_slot(const std::string& name, std::string_view unit);
  int series_slot(std::string_view node, std::string_view measure, std::string_view unit);
  void add_kpis(const sim::RunKey& key, std::size_t run);
  void add_all_series(const sim::RunKey& key, std::size_t run);
  void add_series(SeriesSlot& slot, std::span<const double> values) const;
  void keep_products(std::size_t run);
  std::vector<ProductFans> fans() const;
  Weekly mean(Weekly sum) const;
  void collect_items(PolicyData& out) const;
  void collect_links(PolicyData& out) const;

  const StoreNames& names_;
  std::size_t runs_, weeks_, run_ = 0;
  sim::StoreScan kpi_scan_, series_scan_;  // read side by side, so nothing below is in both
  std::map<std::string, PolicyData::Figure> figures_;
  std::vector<KpiSlot> kpis_;
  std::map<std::string, std::map<std::pair<std::string, std::string>, std::int64_t>> traces_;

  std::vector<SeriesSlot> series_;
  std::map<std::string, std::array<Weekly, 2>> of_run_;  // by product
  std::map<std::string, Sides> samples_;                 // by product, of every run
};

}  // namespace optichain::models::report
