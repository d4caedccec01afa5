#pragma once
// Checksums within a store, by which what is whole of a damaged one can be told: of each run, and
// of each table of names and descriptions. Only the store's own files include this.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/output/database.hpp"

namespace optichain::sim {

/// Of a run: of its row, and of its figures and series in any order.
class RunSum {
 public:
  void add_kpi(std::int64_t measure, double value);
  void add_series(std::int64_t node, std::int64_t measure, std::int64_t codec,
                  std::string_view data);
  /// `row` is what stands in the row of the run (RunRow::text).
  std::string text(std::string_view row) const;

 private:
  std::uint64_t kpis_ = 0, series_ = 0, hashes_ = 0;
};

/// The tables without which no run means anything, and those that only describe.
inline constexpr std::array needed_parts = {"future", "measure",  "meta", "node",
                                            "policy", "scenario", "week"};
inline constexpr std::array further_parts = {"input", "link"};

/// The numbers and checksums of runs: which ones there are.
inline constexpr std::string_view run_part = "run";
/// The checksums of all parts: which store it is.
inline constexpr std::string_view whole_part = "store";

/// What the table `checksum` says of a part, or should say.
struct PartSum {
  std::uint64_t rows = 0;
  std::string xxh3;
  friend bool operator==(const PartSum&, const PartSum&) = default;
};
PartSum sum_of_part(Database& database, std::string_view part);

/// Fills the table `checksum`; returns the checksum of all parts, by which a store is known
/// although some of it is damaged.
std::string write_sums(Database& database);

}  // namespace optichain::sim
