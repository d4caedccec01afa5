#pragma once
// Chosen figures and series of many runs of a store: names are looked up and asked for once, and
// what nobody asked for is never unpacked.
//
//   StoreScan scan("out/results.sqlite",
//                  {.kpi = [](std::string_view name, std::string_view unit) { return ...; },
//                   .series = [](std::string_view node, std::string_view measure) { return ...;
//                   }});
//   scan.kpis(run.key, [&](int slot, double value) { ... });

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "sim/output/store.hpp"

namespace optichain::sim {

/// All functions throw as those of StoreReader.
class StoreScan {
 public:
  /// The number under which the caller knows a name, its slot; negative if it is not wanted. Each
  /// is asked for once.
  struct Wanted {
    std::function<int(std::string_view name, std::string_view unit)> kpi{};
    std::function<int(std::string_view node, std::string_view measure, std::string_view unit)>
        series{};
  };
  /// Requires a file that a StoreReader has taken, which checks it.
  StoreScan(const std::filesystem::path& path, Wanted wanted);
  ~StoreScan();

  /// The wanted key figures of a run, in the order in which they were first named.
  void kpis(const RunKey& key, const std::function<void(int slot, double value)>& visit);
  /// The wanted series of a run, in the order of nodes and measures.
  void series(const RunKey& key,
              const std::function<void(int slot, std::span<const double> values)>& visit);

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace optichain::sim
