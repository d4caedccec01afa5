#include "models/run/warm_up.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/catalog/catalog.hpp"
#include "models/run/replicate.hpp"
#include "sim/base/check.hpp"
#include "sim/batch/truncation.hpp"
#include "sim/output/csv.hpp"

namespace optichain::models::run {
namespace {

constexpr std::array<std::string_view, 4> looked_at = {"in stock", "in process",
                                                       "owed to customers", "shipped to customers"};

/// Sums over the world, record by record, added up over replications.
class Totals {
 public:
  explicit Totals(const Catalog& catalog) {
    for (const auto& channel : catalog.channels) {
      if (channel.demand.valid()) to_customers_.insert(channel.name);
    }
  }
  void add(const world::Results& results) {
    times_ = results.weeks;
    for (auto& values : sums_) values.resize(times_.size());
    for (const world::Series& s : results.series) {
      const auto which = place_of(s);
      if (which == sums_.size()) continue;
      for (std::size_t w = 0; w < s.values.size(); ++w) sums_[which][w] += s.values[w];
    }
  }
  const std::vector<double>& of(std::size_t which) const { return sums_[which]; }
  const std::vector<sim::Time>& times() const { return times_; }

 private:
  std::size_t place_of(const world::Series& s) const {
    const auto is = [&](measures::Group kind, std::string_view measure) {
      return s.entity.group == kind && s.measure == measure;
    };
    if (is(measures::Group::stocks, "on_hand")) return 0;
    if (is(measures::Group::recipes, "in_process")) return 1;
    if (is(measures::Group::demands, "backlog")) return 2;
    const bool sold = is(measures::Group::channels, "shipped");
    return sold && to_customers_.contains(s.entity.name) ? 3 : sums_.size();
  }
  std::set<std::string> to_customers_;  // names of channels
  std::vector<sim::Time> times_;
  std::array<std::vector<double>, looked_at.size()> sums_;
};

}  // namespace

bool WarmUp::settles() const {
  return std::all_of(looks.begin(), looks.end(), [](const Look& look) { return look.settles; });
}

WarmUp choose_warm_up(const scenario::LoadedScenario& loaded, const WarmUpRuns& runs) {
  Scenario scenario = loaded.scenario;
  WarmUp chosen{.replications = runs.replications, .start = scenario.start};
  scenario.start = std::chrono::floor<std::chrono::days>(Catalog(loaded.scenario).begin());
  scenario.warm_up_days = 0;
  const Catalog catalog(scenario);
  Totals totals(catalog);
  const Replications done =
      replicate(catalog, {.seed = runs.seed,
                          .count = runs.replications,
                          .jobs = runs.jobs,
                          .stop = runs.stop,
                          .on_result = [&](std::size_t, const world::Results& r) { totals.add(r); },
                          .keeps_figures = false});
  if (done.stopped) throw sim::Interrupted("stopped by a signal");
  if (!done.failures.empty()) {
    sim::fail("no warm-up can be chosen: {}", done.failures.front().reason);
  }
  std::size_t most = 0;
  for (std::size_t which = 0; which < looked_at.size(); ++which) {
    WarmUp::Look look{.series = std::string(looked_at[which])};
    const auto& values = totals.of(which);
    if (std::all_of(values.begin(), values.end(), [](double v) { return v == 0; })) continue;
    if (const auto found = sim::mser5(values)) {
      const double mean = 1 / static_cast<double>(runs.replications * runs.replications);
      look = {look.series, true, found->left_out, found->error_of_all * mean,
              found->error_of_the_rest * mean};
      most = std::max(most, found->left_out);
    }
    chosen.looks.push_back(std::move(look));
  }
  if (chosen.settles() && most > 0) {
    const auto last = totals.times()[most - 1];
    chosen.start = std::max(chosen.start, std::chrono::ceil<std::chrono::days>(last));
  }
  chosen.days = static_cast<double>((chosen.start - scenario.start).count());
  return chosen;
}

std::string warm_up_text(const WarmUp& warm_up) {
  std::vector<std::string> looks;
  for (const WarmUp::Look& look : warm_up.looks) {
    looks.push_back(look.settles ? fmt::format("{} {}", look.series, look.left_out)
                                 : fmt::format("{} does not settle", look.series));
  }
  return fmt::format(
      "Warm-up: {} days before {} do not count{} (MSER-5 on the mean of {} replications, records "
      "left out: {}).",
      warm_up.days, sim::format_time(warm_up.start),
      warm_up.settles() ? "" : ", as the scenario says: the run is too short, or has no long run",
      warm_up.replications, fmt::join(looks, ", "));
}

std::string warm_up_csv(const WarmUp& warm_up) {
  std::string text;
  sim::CsvWriter csv([&](std::string_view row) { text += row; },
                     {"series", "settles", "records_left_out", "standard_error_of_all",
                      "standard_error_of_the_rest"});
  for (const WarmUp::Look& look : warm_up.looks) {
    csv.row(look.series, look.settles ? "yes" : "no", look.left_out, std::sqrt(look.error_of_all),
            std::sqrt(look.error_of_the_rest));
  }
  return text;
}

}  // namespace optichain::models::run
