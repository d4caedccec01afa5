// What holds in every world: run on random ones, each run in a process of its own.
//
// A failure prints the seed and the scenario. OPTICHAIN_WORLD_SEED=1234 with OPTICHAIN_WORLDS=1
// runs that world again; see tests/README.md.
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <numeric>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

#include "models/books/accounts.hpp"
#include "models/network/capacity_bound.hpp"
#include "models/network/explosion.hpp"
#include "models/network/steady_start.hpp"
#include "models/policy/replenishment/all.hpp"
#include "models/policy/yield.hpp"
#include "models/world/branch.hpp"
#include "models/world/report_periods.hpp"
#include "sim/base/number.hpp"
#include "sim/input/yaml.hpp"
#include "tests/model/run_text.hpp"
#include "tests/property/random_world.hpp"
#include "tests/property/schema_change.hpp"

namespace optichain::models {
namespace {

using sim::Node;

constexpr unsigned patience_seconds = 120;  // a world that takes longer hangs

/// A property that does not hold.
template <class... Args>
[[noreturn]] void broken(fmt::format_string<Args...> format, Args&&... args) {
  throw std::runtime_error(fmt::format(format, std::forward<Args>(args)...));
}

// --- runs ----------------------------------------------------------------------------------------

/// What became of a run: its results, or what went wrong.
struct Run {
  world::Results results;
  std::string error;
};

Run run_world(const scenario::LoadedScenario& loaded, sim::RunSeed seed) {
  const Catalog catalog(loaded.scenario);
  const auto outcomes = sim::run_jobs(1, {.jobs = 1}, [&](std::size_t) {
    alarm(patience_seconds);
    world::World world(catalog, seed);
    return world::pack(world.run());
  });
  if (outcomes[0].status != sim::Outcome::Status::done) return {{}, outcomes[0].text};
  return {world::unpack(outcomes[0].text), ""};
}

/// A run may end because it cannot count that far. That is right for some extreme worlds, and for
/// one usual world in thousands: where several tiers extrapolate the trend of lumpy daily orders
/// over dozens of weeks, orders run away.
bool beyond_counting(const std::string& error) {
  return error.find("the scenario's numbers are too large") != std::string::npos ||
         error.find("what customers want needs") != std::string::npos;
}

/// Only extreme worlds may be beyond the linear solver.
bool beyond_solving(const std::string& error) {
  return error.find("the scenario's numbers are too far apart") != std::string::npos;
}

struct BeyondCounting {};
struct BeyondSolving {};

scenario::LoadedScenario load(const Node& world) {
  try {
    return scenario::scenario_from_text(sim::to_yaml(world), "world.yaml");
  } catch (const sim::InputError& error) {
    if (beyond_counting(error.what())) throw BeyondCounting();
    throw;
  }
}

world::Results run_to_end(const Node& world, sim::RunSeed seed, const char* what) {
  Run run = run_world(load(world), seed);
  if (beyond_counting(run.error)) throw BeyondCounting();
  if (!run.error.empty()) broken("{}: {}", what, run.error);
  return std::move(run.results);
}

/// Key figures by name, series by name.
class Figures {
 public:
  explicit Figures(const world::Results& results) : results_(results) {
    for (const world::Metric& m : results.metrics)
      metrics_.emplace(m.entity.text() + " " + m.measure, &m);
    for (const world::Series& s : results.series)
      series_.emplace(s.entity.text() + " " + s.measure, &s);
  }
  bool has(const std::string& entity, const std::string& measure) const {
    return metrics_.contains(entity + " " + measure);
  }
  double at(const std::string& entity, const std::string& measure, std::size_t period) const {
    const auto found = metrics_.find(entity + " " + measure);
    if (found == metrics_.end()) broken("no figure {} of {}", measure, entity);
    return found->second->values[period];
  }
  std::size_t period(const std::string& name) const {
    const auto& p = results_.periods;
    const auto found = std::find(p.begin(), p.end(), name);
    if (found == p.end()) broken("no period {}", name);
    return static_cast<std::size_t>(found - p.begin());
  }
  /// Week `w` of a series; those that stay zero are left out of the results.
  double week(const std::string& entity, const std::string& measure, std::size_t w) const {
    const auto found = series_.find(entity + " " + measure);
    return found == series_.end() ? 0 : static_cast<double>(found->second->values[w]);
  }
  const world::Results& results() const { return results_; }

 private:
  const world::Results& results_;
  std::map<std::string, const world::Metric*> metrics_;
  std::map<std::string, const world::Series*> series_;
};

/// Equal up to the rounding of sums in floating point. Series are in single precision.
void expect_equal(double a, double b, double size, double relative, const std::string& what) {
  if (std::fabs(a - b) <= relative * (std::fabs(size) + 1)) return;
  broken("{}: {} and {}", what, a, b);
}

// --- properties ----------------------------------------------------------------------------------

/// Results that must be the same bytes.
void expect_same(const world::Results& a, const world::Results& b, const char* what) {
  if (a.fingerprint != b.fingerprint) broken("{}: another fingerprint", what);
  if (world::pack(a) != world::pack(b)) broken("{}: the same ledger, other figures", what);
}

/// Every figure and series of `a` is in `b` and has the same bits there, except those of the
/// outside world, which the others pay, too.
void expect_within(const world::Results& a, const world::Results& b, const char* what) {
  const Figures other(b);
  for (const world::Metric& m : a.metrics) {
    // what all pay together; and where nothing is in the market, all products are
    if (m.entity == measures::of_outside() || m.entity == measures::of_market()) continue;
    for (std::size_t p = 0; p < m.values.size(); ++p) {
      const double there = other.at(m.entity.text(), m.measure, p);
      const bool same = std::isnan(m.values[p]) ? std::isnan(there) : m.values[p] == there;
      if (!same) {
        broken("{}: {} is {} and {}", what, world::metric_name(m, a.periods[p]), m.values[p],
               there);
      }
    }
  }
  for (const world::Series& s : a.series) {
    if (s.entity == measures::of_outside()) continue;
    for (std::size_t w = 0; w < s.values.size(); ++w) {
      if (static_cast<double>(s.values[w]) == other.week(s.entity.text(), s.measure, w)) continue;
      broken("{}: {} of {} in week {}", what, s.measure, s.entity.text(), w);
    }
  }
}

/// The weeks up to a date have the same series in both runs.
void expect_same_until(sim::Time date, const world::Results& early, const world::Results& late,
                       const char* what) {
  const Figures a(early), b(late);
  std::set<std::pair<std::string, std::string>> names;
  for (const world::Series& s : early.series) names.emplace(s.entity.text(), s.measure);
  for (const world::Series& s : late.series) names.emplace(s.entity.text(), s.measure);
  for (const auto& [entity, measure] : names) {
    // weeks that are over by then; the last one of a run may be cut short
    for (std::size_t w = 0; w + 1 < early.weeks.size() && early.weeks[w + 1] <= date; ++w) {
      if (w >= late.weeks.size()) broken("{}: the weeks end too early", what);
      if (a.week(entity, measure, w) == b.week(entity, measure, w)) continue;
      broken("{}: {} of {} in week {} is {}, and {} in the whole run", what, measure, entity, w,
             a.week(entity, measure, w), b.week(entity, measure, w));
    }
  }
}

/// Whatever goes out somewhere comes in elsewhere, by the weekly series and by the key figures.
class Sums {
 public:
  Sums(const Catalog& catalog, const world::Results& results)
      : catalog_(catalog),
        results_(results),
        figures_(results),
        paid_later_(std::any_of(catalog.channels.begin(), catalog.channels.end(),
                                [](const auto& c) { return c.source->payment_days > 0; })) {}

  void check() const {
    for (std::size_t w = 1; w < results_.weeks.size(); ++w) check_week(w);
    for (std::size_t p = 0; p < results_.periods.size(); ++p) {
      check_money(p);
      check_causes(p);
      check_traces(p);
    }
    check_periods();
    check_families();
    check_lines();
    check_migrations();
    for (const auto& p : catalog_.purchases) {
      check_shares(p.name, p.channels, p.purchase->lead_time_elasticity,
                   p.purchase->over_ordering.has_value(), policy::lot_of(p.purchase->replenish));
      check_lots(p);
    }
    for (const auto& recipe : catalog_.recipes) check_started_lots(recipe);
    for (const auto& d : catalog_.demands) {
      check_shares(d.name, d.channels, d.demand->lead_time_elasticity,
                   d.demand->over_ordering.has_value(), Pieces{1});
    }
  }

 private:
  static constexpr double single = 1e-6;  // relative; a little more than single precision
  static constexpr double twice = 1e-11;

  bool is_called(ChannelId channel) const {
    return std::any_of(
        catalog_.agreements.begin(), catalog_.agreements.end(), [&](const auto& agreement) {
          return std::any_of(agreement.parts.begin(), agreement.parts.end(),
                             [&](const auto& part) { return part.channel == channel; });
        });
  }

  /// Who orders in lots orders and cancels whole ones. A part of one may be called on agreements,
  /// and ordered for what is owed by who has given up selling.
  void check_lots(const Catalog::PurchaseEntry& p) const {
    const std::int64_t lot = policy::lot_of(p.purchase->replenish).count();
    const OfferId offer = catalog_[p.stock].offer;
    if (lot == 1 || (offer.valid() && catalog_[offer].closed_from != never)) return;
    for (const ChannelId c : p.channels) {
      if (is_called(c)) return;
    }
    for (const ChannelId c : p.channels) {
      for (std::size_t w = 0; w < results_.weeks.size(); ++w) {
        for (const char* measure : {"ordered", "cancelled"}) {
          const double pieces = figures_.week("channels." + catalog_[c].name, measure, w);
          // series are in single precision, which counts that far
          if (pieces > 1e7 || std::fmod(pieces, static_cast<double>(lot)) == 0) continue;
          broken("{} {} in lots of {}: {} in week {}", catalog_[c].name, measure, lot, pieces, w);
        }
      }
    }
  }

  /// What is made in lots is started in whole ones, whatever lines, inputs, limits and rooms allow;
  /// but for what is owed by who has given up selling.
  void check_started_lots(const Catalog::RecipeEntry& recipe) const {
    const OfferId offer = catalog_[recipe.output].offer;
    if (!offer.valid() || catalog_[offer].closed_from != never) return;
    const Pieces lot = policy::lot_of(catalog_[offer].offer->replenish);
    const Value& yield = recipe.recipe->yield;
    if (lot == Pieces{1} || !yield.is_constant() || recipe.recipe->yield_learning) return;
    const double planned = std::max(yield.lowest(), policy::lowest_planned_yield);
    const auto starts = static_cast<double>(policy::starts_for(to_double(lot), planned));
    for (std::size_t w = 0; w < results_.weeks.size(); ++w) {
      const double pieces = figures_.week("recipes." + recipe.name, "started", w);
      if (pieces > 1e7 || std::fmod(pieces, starts) == 0) continue;  // in single precision
      broken("{} is started in lots of {}: {} in week {}", recipe.name, starts, pieces, w);
    }
  }

  /// Sellers whose shares stay the same have them of all orders together, to a lot.
  void check_shares(const std::string& name, const std::vector<ChannelId>& channels,
                    double elasticity, bool over_orders, Pieces lot) const {
    if (channels.size() < 2 || elasticity > 0 || over_orders) return;
    std::vector<double> shares, ordered;
    for (const ChannelId c : channels) {
      const auto& channel = catalog_[c];
      const Source& source = *channel.source;
      if (source.from || source.share.lowest() != source.share.highest() || is_called(c) ||
          !channel.holds.empty() || !channel.qualifications.empty() || !channel.limits.empty()) {
        return;
      }
      shares.push_back(source.share.lowest());
      double pieces = 0;
      for (std::size_t w = 0; w < results_.weeks.size(); ++w) {
        pieces += figures_.week("channels." + channel.name, "ordered", w);
      }
      ordered.push_back(pieces);
    }
    const double all = std::accumulate(ordered.begin(), ordered.end(), 0.0);
    const double weights = std::accumulate(shares.begin(), shares.end(), 0.0);
    for (std::size_t c = 0; c < shares.size(); ++c) {
      const double exact = weights > 0 ? all * shares[c] / weights : 0;
      // of a window behind a warm-up: as much off at its end as at its beginning
      const double lots = catalog_.scenario.warm_up_days > 0 ? 2 * 1.25 : 1.25;
      if (std::fabs(ordered[c] - exact) <= lots * to_double(lot) + single * all) continue;
      broken("{} ordered {} of {} from {}, whose share is {}", name, ordered[c], all,
             catalog_[channels[c]].name, exact);
    }
  }

  /// The causes add up to what the market did not get, in every period.
  void check_causes(std::size_t p) const {
    double sum = 0, size = 0;
    for (const world::Metric& m : results_.metrics) {
      if (m.entity.group != measures::Group::causes) continue;
      sum += m.values[p];
      size += std::fabs(m.values[p]);
    }
    expect_equal(sum, figures_.at("market", "unmet", p), size, twice, "root causes");
  }
  /// What is handed to a stock point is handed on from there, to the piece; and what is handed to
  /// causes is what demands lack.
  void check_traces(std::size_t p) const {
    std::map<std::string, std::int64_t> open;  // handed on, less handed to it
    std::int64_t from_demands = 0, to_causes = 0;
    for (const causes::Trace& t : results_.traces[p]) {
      open[t.from] += t.pieces;
      if (!causes::is_cause(t.to)) {
        open[t.to] -= t.pieces;
      } else {
        to_causes += t.pieces;
      }
    }
    for (const auto& demand : catalog_.demands) {
      from_demands += open[demand.name];
      open.erase(demand.name);
    }
    for (const auto& [name, pieces] : open) {
      if (pieces != 0) broken("{} pieces that {} was asked for stay there", pieces, name);
    }
    if (from_demands != to_causes) broken("{} pieces lack, {} traced", from_demands, to_causes);
  }

  void check_week(std::size_t w) const {
    const auto week = [&](const std::string& entity, const char* measure) {
      return figures_.week(entity, measure, w);
    };
    const auto change = [&](const std::string& entity, const char* measure) {
      return figures_.week(entity, measure, w) - figures_.week(entity, measure, w - 1);
    };
    std::vector<double> made(catalog_.stocks.size()), scrapped(made), sold(made.size());
    for (const auto& r : catalog_.recipes) {
      const std::string e = "recipes." + r.name;
      made[r.output.index()] += week(e, "produced");
      scrapped[r.output.index()] += week(e, "scrap");
      expect_equal(change(e, "in_process"),
                   week(e, "started") - week(e, "produced") - week(e, "scrap"),
                   week(e, "in_process") + week(e, "started") + week(e, "produced") +
                       week(e, "scrap") + figures_.week(e, "in_process", w - 1),
                   single, e + " in process");
    }
    for (std::size_t s = 0; s < made.size(); ++s) {
      const std::string e = "stocks." + catalog_.stocks[s].name;
      const double in = week(e, "produced") + week(e, "received");
      const double out = week(e, "used") + week(e, "shipped");
      expect_equal(change(e, "on_hand"), in - out,
                   in + out + week(e, "on_hand") + figures_.week(e, "on_hand", w - 1), single,
                   e + " on hand");
      expect_equal(week(e, "produced"), made[s], made[s], single, e + " produced");
      check_room(s, w);
      expect_equal(week(e, "scrap"), scrapped[s], scrapped[s], single, e + " scrap");
    }
    for (const auto& o : catalog_.offers) {
      double by_stock = 0, by_channel = 0;
      for (const auto& v : o.variants)
        by_stock += week("stocks." + catalog_[v.stock].name, "shipped");
      for (const ChannelId c : o.channels)
        by_channel += week("channels." + catalog_[c].name, "shipped");
      expect_equal(by_stock, by_channel, by_stock, single, o.name + " shipped");
    }
    for (const auto& p : catalog_.purchases) {
      double received = 0;
      for (const ChannelId c : p.channels)
        received += week("channels." + catalog_[c].name, "received");
      expect_equal(week("stocks." + catalog_[p.stock].name, "received"), received, received, single,
                   p.name + " received");
    }
    for (const auto& d : catalog_.demands) {
      double ordered = 0, shipped = 0, withdrawn = 0;  // and cancelled
      double cancelled = 0;
      double open = 0, open_before = 0;
      for (const ChannelId c : d.channels) {
        open += week("channels." + catalog_[c].name, "backlog");
        open_before += figures_.week("channels." + catalog_[c].name, "backlog", w - 1);
        ordered += week("channels." + catalog_[c].name, "ordered");
        shipped += week("channels." + catalog_[c].name, "shipped");
        cancelled += week("channels." + catalog_[c].name, "cancelled");
        withdrawn += week("channels." + catalog_[c].name, "withdrawn") +
                     week("channels." + catalog_[c].name, "cancelled");
      }
      const std::string e = "demands." + d.name;
      const double demanded = week(e, "demanded");
      const double size = ordered + shipped + withdrawn + demanded + open + open_before +
                          week(e, "backlog") + figures_.week(e, "backlog", w - 1);
      expect_equal(open - open_before, ordered - shipped - withdrawn, size, single,
                   d.name + " open");
      // what is owed and not open waits for somebody to order from
      const double waiting = week(e, "backlog") - open;
      const double waited = figures_.week(e, "backlog", w - 1) - open_before;
      if (waiting < -single * size || (always_ordered(d) && waiting > single * size)) {
        broken("{} owes {}, of which {} are open", d.name, week(e, "backlog"), open);
      }
      const auto& excess = d.demand->over_ordering;
      // who does not over-order cancels only what it orders anew
      const double again = excess ? 0 : cancelled;
      const double wanted = demanded + std::max(0.0, waited) + cancelled;
      if (ordered > (excess ? excess->cap : 1) * wanted + (excess ? 1 : 0) + single * (size + 1)) {
        broken("{} ordered {} and wanted {}", d.name, ordered, wanted);
      }
      if (!excess) {
        expect_equal(change(e, "backlog"),
                     demanded - shipped - (withdrawn - again) - week(e, "given_up"), size, single,
                     d.name + " backlog");
      }
    }
  }
  /// What is there, and what is ordered or in process for it, has room.
  void check_room(std::size_t s, std::size_t w) const {
    const auto& stock = catalog_.stocks[s];
    if (!stock.stock->room_pieces) return;
    double pieces = figures_.week("stocks." + stock.name, "on_hand", w);
    for (const auto& recipe : catalog_.recipes) {
      if (recipe.output.index() != s) continue;
      pieces += figures_.week("recipes." + recipe.name, "in_process", w);
    }
    for (const auto& purchase : catalog_.purchases) {
      if (purchase.stock.index() != s) continue;
      for (const ChannelId c : purchase.channels) {
        pieces += figures_.week("channels." + catalog_[c].name, "backlog", w);
      }
    }
    const double room = to_double(*stock.stock->room_pieces);
    if (pieces > room * (1 + single)) {
      broken("{} has {} and room for {} in week {}", stock.name, pieces, room, w);
    }
  }
  /// Whether some seller is qualified all the time. Without one, what is wanted waits.
  static bool always_ordered(const Catalog& catalog, const Catalog::DemandEntry& d) {
    return std::any_of(d.channels.begin(), d.channels.end(), [&](ChannelId c) {
      const Source& source = *catalog[c].source;
      return !source.from && source.share.lowest() > 0 && catalog[c].holds.empty() &&
             catalog[c].qualifications.empty();
    });
  }
  bool always_ordered(const Catalog::DemandEntry& d) const { return always_ordered(catalog_, d); }

  static constexpr std::array direct_costs = {"purchases", "conversion_cost", "freight_cost",
                                              "expediting_cost"};
  static constexpr std::array period_costs = {"holding_cost", "backlog_cost", "idle_cost",
                                              "fixed_cost", "qualification_cost"};
  static constexpr std::array rare_costs = {"ordering_cost", "in_transit_cost"};

  void check_money(std::size_t p) const {
    double sales = 0, bought = 0;
    std::map<std::string, double> outside;  // what was paid to it, by heading
    for (const auto& s : catalog_.sites) {
      const std::string e = "sites." + s.name;
      double margin = figures_.at(e, "sales", p), size = margin;
      sales += margin;
      const auto less = [&](double& from, const std::string& cost) {
        const double paid = figures_.at(e, cost, p);
        from -= paid;
        size += paid;
        (cost == "purchases" ? bought : outside[cost]) += paid;
      };
      for (const char* cost : direct_costs) less(margin, cost);
      margin += net(e, p, "take_or_pay", size);
      expect_equal(figures_.at(e, "margin", p), margin, size, twice, e + " margin");
      double profit = margin;
      for (const char* cost : period_costs) less(profit, cost);
      for (const char* cost : rare_costs) {
        if (figures_.has("outside", cost)) less(profit, cost);
      }
      profit += net(e, p, "damages", size) + net(e, p, "termination", size);
      expect_equal(figures_.at(e, "profit", p), profit, size, twice, e + " profit");
      less(profit, "capital_expenditure");
      profit += net(e, p, "prepayments", size);
      check_cash(e, p, profit, size);
    }
    for (const auto& c : catalog_.customers) {
      const std::string e = "customers." + c.name;
      const double spend = figures_.at(e, "spend", p);
      const double express = figures_.at(e, "expediting_cost", p);
      bought += spend;
      const double trials = figures_.at(e, "qualification_cost", p);
      outside["expediting_cost"] += express;
      outside["qualification_cost"] += trials;
      const bool has_orders = figures_.has("outside", "ordering_cost");
      const double orders = has_orders ? figures_.at(e, "ordering_cost", p) : 0;
      if (has_orders) outside["ordering_cost"] += orders;
      double size = spend + express + trials + orders, agreed = 0;
      for (const char* account : {"take_or_pay", "damages", "termination", "prepayments"}) {
        agreed += net(e, p, account, size);
      }
      check_cash(e, p, agreed - spend - express - trials - orders, size);
    }
    const std::string& when = results_.periods[p];
    expect_equal(sales, bought, sales, twice, "sales and purchases in " + when);
    for (const auto& [cost, paid] : outside) {
      expect_equal(figures_.at("outside", cost, p), paid, paid, twice, cost + " in " + when);
    }
  }
  /// What a party received less what it paid under an account of agreements.
  double net(const std::string& party, std::size_t p, const std::string& account,
             double& size) const {
    if (catalog_.agreements.empty()) return 0;
    const double in = figures_.at(party, account + "_in", p);
    const double out = figures_.at(party, account + "_out", p);
    size += in + out;
    return in - out;
  }
  /// The cash flow of a period is what counted in it, less what is still to come in, and with what
  /// is still to be paid.
  void check_cash(const std::string& party, std::size_t p, double counted, double size) const {
    const auto due = [&](std::size_t at) {
      return figures_.at(party, "receivable", at) - figures_.at(party, "payable", at);
    };
    const double flow = figures_.at(party, "cash_flow", p);
    if (!paid_later_) expect_equal(flow, counted, size, twice, party + " cash flow");
    // what the first quarter had to get at its beginning is not said
    if (p == 0 || !world::report_periods(catalog_)[p].is_quarter) return;
    const double owed =
        figures_.at(party, "receivable", p - 1) + figures_.at(party, "payable", p - 1);
    expect_equal(flow, counted - (due(p) - due(p - 1)), size + std::fabs(flow) + owed, twice,
                 party + " cash flow");
    const double cash = figures_.at(party, "cash", p), before = figures_.at(party, "cash", p - 1);
    expect_equal(cash, before + flow, std::fabs(cash) + std::fabs(before) + std::fabs(flow), twice,
                 party + " cash");
  }

  /// Quarters add up to years and years to all, for everything that is a flow.
  void check_periods() const {
    const auto periods = world::report_periods(catalog_);
    for (const world::Metric& m : results_.metrics) {
      for (const double value : m.values) {
        if (m.measure == "fill_rate" && (value < 0 || value > 1)) {
          broken("{} of {} is {}", m.measure, m.entity.text(), value);
        }
      }
      const measures::Measure& measure = measures::declared(m.entity.group, m.measure);
      if (!measure.is_flow() || measure.is_detail() || is_rest(measure.name)) continue;
      for (std::size_t p = 0; p < periods.size(); ++p) {
        if (periods[p].is_quarter) continue;
        double sum = 0, size = turnover(m, p);
        for (std::size_t q = periods[p].from_mark; q < periods[p].to_mark; ++q) {
          sum += m.values[q];
          size += std::fabs(m.values[q]) + turnover(m, q);
        }
        expect_equal(sum, m.values[p], size, twice, world::metric_name(m, periods[p].name));
      }
    }
  }

  /// What is left of larger numbers is rounded as they are, and they are looked at themselves.
  static bool is_rest(std::string_view measure) {
    return measure == "unmet" || measure == "short" || measure == "lost_to_line";
  }
  /// What a margin or a profit is the rest of: all that the party received and paid, which is
  /// rounded before it cancels.
  double turnover(const world::Metric& rest, std::size_t p) const {
    if (rest.measure != "margin" && rest.measure != "profit") return 0;
    double size = 0;
    for (const books::AccountName& account : books::account_names) {
      for (const std::string_view measure : {account.paid, account.received}) {
        const std::string name(measure);
        if (figures_.has(rest.entity.text(), name))
          size += figures_.at(rest.entity.text(), name, p);
      }
    }
    return size;
  }

  /// What is wanted of a family, or ordered beyond the need, is shipped, withdrawn, cancelled or
  /// still owed, quarter by quarter.
  void check_families() const {
    const auto periods = world::report_periods(catalog_);
    for (const auto& product : catalog_.products) {
      if (!product.family) continue;
      const std::string e = "families." + product.name;
      bool ordered_at_once = true, as_needed = true;
      for (const auto& d : catalog_.demands) {
        if (&catalog_[d.product] != &product) continue;
        ordered_at_once = ordered_at_once && always_ordered(d);
        as_needed = as_needed && !d.demand->over_ordering;
      }
      for (std::size_t q = 1; q < periods.size() && periods[q].is_quarter; ++q) {
        const auto at = [&](const char* measure) { return figures_.at(e, measure, q); };
        const double owed = at("backlog"), before = figures_.at(e, "backlog", q - 1);
        for (const char* measure : {"ordered", "demanded"}) {
          const bool orders = measure == std::string_view("ordered");
          if (!(orders ? ordered_at_once : as_needed)) continue;
          // what is cancelled without excess is ordered elsewhere, and still wanted
          const double left = at("shipped") + at("withdrawn") + (orders ? at("cancelled") : 0);
          expect_equal(owed - before, at(measure) - left, owed + before, twice,
                       fmt::format("{} {} and owed in {}", e, measure, periods[q].name));
        }
      }
    }
  }
  /// Shares stay within the limits of a migration. Weeks end with the rhythm of the scenario.
  void check_migrations() const {
    for (const auto& m : catalog_.migrations) {
      const double review = m.migration->review_days.value_or(catalog_.scenario.review_days);
      const double steps = std::floor(catalog_.scenario.review_days / review + 1e-9) + 1;
      const double pace = m.migration->most_change_per_quarter.value_or(1e9);
      for (const auto& leg : m.legs) {
        const OfferId offer = leg.offer.valid() ? leg.offer : catalog_[leg.stock].offer;
        const std::string e =
            fmt::format("migrations.{}.{}", m.name, catalog_[catalog_[offer].site].name);
        const double most = leg.most ? leg.most->highest() : 1;
        const bool falls = leg.most && !leg.most->is_constant();
        for (std::size_t w = 0; w < results_.weeks.size(); ++w) {
          const double share = figures_.week(e, "share", w);
          if (share < 0 || share > most + 1e-6) broken("{} is {}, at most {}", e, share, most);
          if (w == 0 || falls) continue;
          const double change = std::fabs(share - figures_.week(e, "share", w - 1));
          if (change > pace * steps * review / 91.3125 + 3e-6) {
            broken("{} moves by {} in week {}, at a pace of {}", e, change, w, pace);
          }
        }
      }
    }
  }

  void check_lines() const {
    for (const auto& l : catalog_.lines) {
      for (std::size_t p = 0; p < results_.periods.size(); ++p) {
        const double possible = figures_.at("lines." + l.name, "work_possible", p);
        // meters count thousandths of the unit of work; and a line cannot tell moments apart
        // between which it could do less than a millionth of a millionth of all it can do in ten
        // years
        const double rounding = 2e-3 + 1e-12 * 520 * l.line->capacity_per_week.highest();
        if (figures_.at("lines." + l.name, "work_done", p) > possible * (1 + 1e-9) + rounding) {
          broken("line {} did more than it could in {}", l.name, results_.periods[p]);
        }
      }
    }
  }

  const Catalog& catalog_;
  const world::Results& results_;
  Figures figures_;
  bool paid_later_;
};

/// There are at most as many payments as events and wakeups.
double most_payments(const world::Results& results) {
  return static_cast<double>(results.events + 100 * results.wakeups);
}

// --- the capacity bound --------------------------------------------------------------------------

/// What customers ordered, by demand and period of the bound. What is ordered in the warm-up is not
/// in the results: it is asked of a run that starts where the warm-up does and stops at its end.
std::vector<std::vector<double>> demand_of(const scenario::LoadedScenario& loaded,
                                           const world::Results& results, sim::RunSeed seed) {
  const Catalog catalog(loaded.scenario);
  const bool warms_up = catalog.begin() < catalog.start();
  world::Results warm_up;
  if (warms_up) {
    scenario::LoadedScenario before = loaded;
    before.scenario.start = std::chrono::floor<std::chrono::days>(catalog.begin());
    before.scenario.end.date = loaded.scenario.start - std::chrono::days{1};
    before.scenario.warm_up_days = 0;
    Run run = run_world(before, seed);
    if (beyond_counting(run.error)) return {};  // needs are recorded here, and not in a warm-up
    if (!run.error.empty()) broken("the warm-up alone: {}", run.error);
    warm_up = std::move(run.results);
  }
  const Figures figures(results), early(warm_up);
  std::vector<std::vector<double>> demand;
  for (const auto& d : catalog.demands) {
    auto& by_period = demand.emplace_back();
    const std::string entity = "customers." + d.name;
    if (warms_up) by_period.push_back(early.at(entity, "demanded", early.period("all")));
    for (const world::ReportPeriod& p : world::report_periods(catalog)) {
      if (p.is_quarter)
        by_period.push_back(figures.at(entity, "demanded", by_period.size() - (warms_up ? 1 : 0)));
    }
  }
  return demand;
}

/// The scenario without luck in its favour: where the yield varies from lot to lot, no lot can be
/// better than all good. What is there at the beginning may depend on yields and is kept as it is.
Scenario without_luck(const Scenario& original, sim::RunSeed seed) {
  const Catalog catalog(original);
  const state::Realisation real(catalog, seed);
  const network::FlowGraph graph(catalog);
  const network::OpeningState opening =
      network::opening_state(catalog, real, network::initial_needs(catalog, real, graph));
  Scenario scenario = original;
  for (const auto& stock : catalog.stocks) {
    scenario.sites.at(catalog[stock.site].name).stocks[catalog[stock.item].name];  // is its own
  }
  const Catalog same(scenario);  // whose entries lead to what is to be changed
  for (std::size_t s = 0; s < same.stocks.size(); ++s) {
    auto& stock = const_cast<Stock&>(*same.stocks[s].stock);
    stock.initial_pieces = opening.stock[s];
    stock.initial_weeks.reset();
  }
  for (std::size_t r = 0; r < same.recipes.size(); ++r) {
    const_cast<Recipe&>(*same.recipes[r].recipe).initial_lots = opening.lots[r];
  }
  for (std::size_t c = 0; c < same.channels.size(); ++c) {
    auto& source = const_cast<Source&>(*same.channels[c].source);
    source.initial_orders = opening.orders[c];
    source.initial_shipments = opening.shipments[c];
  }
  scenario.initial = InitialState::given;
  for (auto& [name, site] : scenario.sites) {
    for (auto& [recipe_name, recipe] : site.recipes) {
      if (recipe.yield_sd == 0) continue;
      recipe.yield = Value(1.0);
      recipe.yield_learning.reset();
    }
  }
  return scenario;
}

/// What does not vary is ordered as expected, up to the part of a piece that is carried on.
void check_expected(const Catalog& catalog, const state::Realisation& real,
                    const network::FlowGraph& graph,
                    const std::vector<std::vector<double>>& demand) {
  const auto expected = network::expected_demand(catalog, real, graph);
  for (std::size_t d = 0; d < demand.size(); ++d) {
    if (!std::holds_alternative<NoVariation>(catalog.demands[d].demand->variation)) continue;
    double before = 0, expected_before = 0;
    for (std::size_t t = 0; t < demand[d].size(); ++t) {
      before += demand[d][t];
      expected_before += expected[d][t];
      const double rounding = 1e-9 * expected_before + 1e-6;
      if (before <= expected_before + rounding && before >= expected_before - 1 - rounding)
        continue;
      broken("{} wanted {} to the end of period {}, and should have wanted {}",
             catalog.demands[d].name, before, t, expected_before);
    }
  }
}

/// With the mixes in force no more can be delivered than with free ones, and a run delivers no more
/// than that if no order changes over to another variant, up to a piece of each at each seller.
void check_given_mix(const Catalog& catalog, const state::Realisation& real,
                     const network::FlowGraph& graph,
                     const std::vector<std::vector<double>>& demand,
                     const network::CapacityBound& free, double delivered) {
  network::BoundOptions options;
  options.demand = demand;
  options.given_mix = true;
  const network::CapacityBound given = network::capacity_bound(catalog, real, graph, options);
  const double slack = 1e-6 * free.total + 1e-3;
  if (given.total > free.total + slack) {
    broken("the bound grows with the mixes in force: {} instead of {}", given.total, free.total);
  }
  double parts = 0;
  for (const auto& offer : catalog.offers) {
    if (offer.variants.size() < 2) continue;
    if (offer.offer->spill > 0) return;  // a run may leave the mix
    parts += static_cast<double>(offer.variants.size());
  }
  if (delivered > given.total + parts + slack) {
    broken("the bound for the mixes in force is beaten: {} pieces, at best {}", delivered,
           given.total);
  }
}

/// Returns the pieces delivered as a share of the bound, or 0 where nothing counts.
double check_bound(const scenario::LoadedScenario& loaded, const world::Results& results,
                   sim::RunSeed seed) {
  const Scenario scenario = without_luck(loaded.scenario, seed);
  const Catalog catalog(scenario);
  const network::FlowGraph graph(catalog);
  const state::Realisation real(catalog, seed);
  const auto demand = demand_of(loaded, results, seed);
  if (demand.empty()) return 0;
  check_expected(catalog, real, graph, demand);
  const Figures figures(results);
  const bool market =
      std::any_of(catalog.demands.begin(), catalog.demands.end(), [&](const auto& d) {
        return catalog[d.product].family && catalog[d.product].family->in_market;
      });
  if (!market) return 0;  // what the bound counts is then not a key figure
  double share = 0;
  for (const auto weight :
       {network::BoundOptions::Weight::usd, network::BoundOptions::Weight::pieces}) {
    const bool usd = weight == network::BoundOptions::Weight::usd;
    const network::CapacityBound best =
        network::capacity_bound(catalog, real, graph, {.weight = weight, .demand = demand});
    double cumulated = 0;
    for (const auto& year : best.years) {
      const double more =
          figures.at("market", usd ? "revenue" : "shipped", figures.period(year.year));
      cumulated += more;
      // The solver keeps limits to a ten-millionth; payments are rounded to micro-dollars.
      const double slack = 1e-6 * year.most + 1e-3 + (usd ? 1e-6 * most_payments(results) : 0);
      if (cumulated > year.most + slack) {
        if (!best.proven) broken("the scenario's numbers are too far apart");
        broken("the bound is beaten: {} {} to the end of {}, at best {}", cumulated,
               usd ? "USD" : "pieces", year.year, year.most);
      }
    }
    share = best.total > 0 ? cumulated / best.total : 0;
    if (!usd) check_given_mix(catalog, real, graph, demand, best, cumulated);
  }
  return share;
}

/// The bound is a maximum: with more of everything it is no lower.
void check_bound_grows(const scenario::LoadedScenario& loaded, sim::RunSeed seed) {
  const Catalog catalog(loaded.scenario);
  const network::FlowGraph graph(catalog);
  const state::Realisation real(catalog, seed);
  const double best = network::capacity_bound(catalog, real, graph).total;
  state::Realisation more = real;
  for (auto& curve : more.line_capacity) curve = curve.scaled(1.3);
  const double with_lines = network::capacity_bound(catalog, more, graph).total;
  for (auto& curve : more.recipe_starts) {
    if (curve) curve = curve->scaled(1.3);
  }
  const double with_starts = network::capacity_bound(catalog, more, graph).total;
  network::BoundOptions eager;
  eager.demand = network::expected_demand(catalog, real, graph);
  for (auto& periods : eager.demand) {
    for (double& pieces : periods) pieces *= 1.5;
  }
  const double with_demand = network::capacity_bound(catalog, more, graph, eager).total;
  const double slack = 1e-6 * best + 1e-3;
  if (with_lines < best - slack || with_starts < with_lines - slack ||
      with_demand < with_starts - slack) {
    broken("the bound falls with more capacity, starts and demand: {}, {}, {}, {}", best,
           with_lines, with_starts, with_demand);
  }
}

// --- money is only counted -----------------------------------------------------------------------

/// Prices in a unit half as large: the same pieces go the same ways, and all sums double.
void check_money_doubled(const Node& world, const world::Results& results, sim::RunSeed seed) {
  const world::Results doubled = run_to_end(with_money_doubled(world), seed, "with money doubled");
  const Figures other(doubled);
  for (const world::Metric& m : results.metrics) {
    for (std::size_t p = 0; p < m.values.size(); ++p) {
      const double there = other.at(m.entity.text(), m.measure, p);
      if (std::isnan(m.values[p]) && std::isnan(there)) continue;
      const bool money = m.unit == "usd";
      const bool price = m.measure == "price";
      if (m.measure == "price_index") continue;        // of prices that are rounded
      const double payments = most_payments(results);  // each is rounded to micro-dollars
      const double slack = money ? (price ? 1e-5 : 2e-6) * payments : 0;
      if (std::fabs((money ? 2 : 1) * m.values[p] - there) <=
          slack + (money ? 1e-9 * std::fabs(there) : 0))
        continue;
      broken("with money doubled: {} is {} and {}", world::metric_name(m, results.periods[p]),
             m.values[p], there);
    }
  }
}

// --- one world -----------------------------------------------------------------------------------

sim::RunSeed run_seed(std::uint64_t seed) {
  return {.seed = seed, .replication = seed % 3};
}

/// Written with every default, it reads as the same scenario.
void check_written(const scenario::LoadedScenario& loaded) {
  if (!(scenario::scenario_from_text(scenario::resolved_yaml(loaded), "resolved.yaml").scenario ==
        loaded.scenario)) {
    broken("written and read again, it is another scenario");
  }
}

/// Neither when a run ends nor what comes later is known before.
void check_foresight(const Node& world, const scenario::LoadedScenario& loaded,
                     const world::Results& results, sim::RunSeed luck) {
  const Scenario& s = loaded.scenario;
  const sim::Date then = s.start + (s.end.date - s.start) * 2 / 3;
  const std::string day = sim::format_time(then);
  Node shorter = world;
  shorter.put("end", Node::scalar(day));
  expect_same_until(then + sim::one_day, run_to_end(shorter, luck, "stopped earlier"), results,
                    "stopped earlier");
  expect_same_until(then, run_to_end(with_change_on(world, day), luck, "with a change"), results,
                    "with a change later on");
}

#ifndef OPTICHAIN_SANITIZE
/// The world up to a day and from then on that of an option, in a process that is forked there.
world::Results run_branch(const scenario::LoadedScenario& past,
                          const scenario::LoadedScenario& option, sim::Date day,
                          sim::RunSeed luck) {
  world::BranchPoint point(past.scenario, {option.scenario}, day);
  const auto outcomes = sim::run_jobs(1, {.jobs = 1}, [&](std::size_t) {
    alarm(patience_seconds);
    world::World world(point.catalog(), luck);
    world.run_until(point.moment_before());
    const auto branch = sim::run_jobs(1, {.jobs = 1}, [&](std::size_t) {
      point.take(0, world);
      return world::pack(world.run());
    });
    if (branch[0].status != sim::Outcome::Status::done) sim::fail("{}", branch[0].text);
    return branch[0].text;
  });
  if (beyond_counting(outcomes[0].text)) throw BeyondCounting();
  if (outcomes[0].status != sim::Outcome::Status::done) broken("branch: {}", outcomes[0].text);
  return world::unpack(outcomes[0].text);
}

/// A branch that takes what is there, or what changes from its day on, is the run from the
/// beginning.
void check_branch(const Node& world, const scenario::LoadedScenario& loaded,
                  const world::Results& results, sim::RunSeed luck) {
  const Scenario& s = loaded.scenario;
  const sim::Date day = s.start + (s.end.date - s.start) / 2;
  if (day <= Catalog(s).begin()) return;  // a world of two days has no past
  expect_same(results, run_branch(loaded, loaded, day, luck), "a branch without change");
  const Node changed = with_change_on(world, sim::format_time(day));
  expect_same(run_to_end(changed, luck, "with a change"),
              run_branch(loaded, load(changed), day, luck), "a branch with a change");
}
#endif

double check_usual(const Node& world, std::uint64_t seed) {
  const scenario::LoadedScenario loaded = load(world);
  const sim::RunSeed luck = run_seed(seed);
  const world::Results results = run_to_end(world, luck, "the run");
  Sums(Catalog(loaded.scenario), results).check();
  const double share = check_bound(loaded, results, luck);
  check_bound_grows(loaded, luck);
  expect_same(results, run_to_end(world, luck, "run again"), "run again");
  expect_same(results, run_to_end(shuffled(world, seed), luck, "in another order"),
              "in another order");
  expect_within(results, run_to_end(with_stranger(world, "a_"), luck, "with strangers"),
                "with strangers named before all");
  expect_within(results, run_to_end(with_stranger(world, "m_"), luck, "with strangers"),
                "with strangers in between");
  check_written(loaded);
  check_foresight(world, loaded, results, luck);
#ifndef OPTICHAIN_SANITIZE  // threads do not survive a fork
  check_branch(world, loaded, results, luck);
#endif
  check_money_doubled(world, results, luck);
  return share;
}

/// Numbers at the ends of what is allowed may be too large to count, and a run says so. Nothing
/// else may go wrong.
double check_extreme(const Node& world, std::uint64_t seed) {
  const scenario::LoadedScenario loaded = load(world);
  const sim::RunSeed luck = run_seed(seed);
  const world::Results results = run_to_end(world, luck, "the run");
  Sums(Catalog(loaded.scenario), results).check();
  expect_same(results, run_to_end(shuffled(world, seed), luck, "in another order"),
              "in another order");
  try {
    return check_bound(loaded, results, luck);
  } catch (const std::runtime_error& error) {
    if (beyond_solving(error.what())) throw BeyondSolving();
    throw;
  }
}

Node world_from_file(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  std::stringstream text;
  text << in.rdbuf();
  sim::Diagnostics diagnostics;
  Node world = sim::parse_yaml(text.str(), file, diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(std::move(diagnostics));
  return world;
}

/// The world of a seed, or the one that was put in its place.
Node world_of(std::uint64_t seed, WorldKind kind) {
  const char* file = std::getenv("OPTICHAIN_WORLD_FILE");
  return file && *file ? world_from_file(file) : random_world(seed, kind);
}

/// A world changed by what the schema allows: refused with a place for every error, or a world in
/// which the laws hold.
std::string check_changed(std::uint64_t seed) {
  const int changes = 1 + static_cast<int>(seed % 4);
  const Node world =
      changed_by_schema(random_world(seed), scenario::scenario_schema(), seed, changes);
  try {
    load(world);
  } catch (const sim::InputError& error) {
    for (const sim::Diagnostic& d : error.diagnostics().errors()) {
      if (d.mark.line <= 0) broken("an error without a place: {}", d.message);
    }
    return "refused";
  } catch (const BeyondCounting&) {
    return "beyond counting";
  }
  try {
    check_extreme(world, seed);
    check_written(load(world));
    return "held";
  } catch (const BeyondCounting&) {
    return "beyond counting";
  } catch (const BeyondSolving&) {
    return "beyond solving";
  } catch (const std::exception& error) {
    broken("{}\n{}", error.what(), sim::to_yaml(world));
  }
}

/// Checks worlds side by side; prints those for which something does not hold.
void check_worlds(std::uint64_t first, std::size_t count, WorldKind kind) {
  const auto outcomes = sim::run_jobs(count, {.jobs = sim::processor_count()}, [&](std::size_t i) {
    const bool usual = kind == WorldKind::usual;
    const Node world = world_of(first + i, kind);
    try {
      return fmt::format("{}",
                         usual ? check_usual(world, first + i) : check_extreme(world, first + i));
    } catch (const BeyondCounting&) {
      return std::string("beyond counting");
    } catch (const BeyondSolving&) {
      return std::string("beyond solving");
    }
  });
  std::size_t shown = 0, delivering = 0, near_bound = 0, uncounted = 0, unsolved = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (outcomes[i].status == sim::Outcome::Status::done) {
      const double share = sim::parse_number(outcomes[i].text).value_or(0);
      delivering += share > 0 ? 1 : 0;
      near_bound += share > 0.9 ? 1 : 0;
      uncounted += outcomes[i].text == "beyond counting" ? 1U : 0U;
      unsolved += outcomes[i].text == "beyond solving" ? 1U : 0U;
      continue;
    }
    if (shown++ < 3) fmt::print("{}", sim::to_yaml(world_of(first + i, kind)));
    FAIL_CHECK("seed " << first + i << ": " << outcomes[i].text);
  }
  MESSAGE(count << " worlds: " << delivering << " deliver something that the bound counts, "
                << near_bound << " more than 0.9 of it, " << uncounted << " cannot be counted, "
                << unsolved << " not solved");
  // what the bound is held against must be there in most worlds
  if (kind == WorldKind::usual) CHECK(delivering >= count / 2);
  // an end that should be rare must not become the way out
  CHECK(uncounted <= 1 + count / (kind == WorldKind::usual ? 100U : 2U));
  CHECK(unsolved <= 1 + count / 100U);
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text && *text ? std::strtoull(text, nullptr, 10) : otherwise;
}
std::uint64_t first_seed() {
  return from_environment("OPTICHAIN_WORLD_SEED", 1010);
}
std::size_t how_many() {
#ifdef OPTICHAIN_SANITIZE
  return from_environment("OPTICHAIN_WORLDS", 8);  // each takes ten times as long
#else
  return from_environment("OPTICHAIN_WORLDS", 40);
#endif
}

TEST_CASE("World: in random worlds the laws hold, sums close and the bound is kept") {
  check_worlds(first_seed(), how_many(), WorldKind::usual);
}

TEST_CASE("World: numbers at the ends of what is allowed break nothing") {
  check_worlds(first_seed(), how_many(), WorldKind::extreme);
}

// A chip takes a billionth of an ore: what that is worth was below the solver's tolerance, and the
// bound with free mixes below that with given ones.
TEST_CASE("World: the bound counts what a billionth of a piece is good for") {
  const Node world =
      world_from_file(OPTICHAIN_SOURCE_DIR "/tests/property/worlds/billionth-of-a-piece.yaml");
  CHECK(check_extreme(world, 40926) > 0);
}

TEST_CASE("World: changed as the schema allows, a world is refused or holds the laws") {
  const std::size_t count = how_many() * 5;
  const auto outcomes = sim::run_jobs(count, {.jobs = sim::processor_count()}, [](std::size_t i) {
    return check_changed(first_seed() + i);
  });
  std::map<std::string, std::size_t> ends;
  for (std::size_t i = 0; i < count; ++i) {
    const bool done = outcomes[i].status == sim::Outcome::Status::done;
    ++ends[done ? outcomes[i].text : "broken"];
    if (!done) FAIL_CHECK("seed " << first_seed() + i << ": " << outcomes[i].text);
  }
  MESSAGE(count << " worlds: " << ends["held"] << " hold the laws, " << ends["refused"]
                << " are refused, " << ends["beyond counting"] << " cannot be counted, "
                << ends["beyond solving"] << " not solved");
  // both ways must be tried
  CHECK(ends["held"] > count / 10);
  CHECK(ends["refused"] > count / 10);
  CHECK(ends["beyond counting"] <= 1 + count / 20);
  CHECK(ends["beyond solving"] <= 1 + count / 100);
}

// --- from another process ------------------------------------------------------------------------

std::string fingerprints() {
  std::string text;
  for (std::uint64_t seed = first_seed(); seed < first_seed() + 5; ++seed) {
    const world::Results results = run_to_end(random_world(seed), run_seed(seed), "the run");
    text += fmt::format("world {}: {}\n", seed, results.fingerprint);
  }
  return text;
}

// To keep the world of a seed as a file: what a seed makes changes with what worlds are made of.
TEST_CASE("World: the extreme scenario of a seed, printed" * doctest::skip()) {
  fmt::print("{}", sim::to_yaml(random_world(first_seed(), WorldKind::extreme)));
}

TEST_CASE("World: fingerprints for another process to read" * doctest::skip()) {
  fmt::print("{}", fingerprints());
}

TEST_CASE("World: a program started anew leaves the same fingerprints, wherever it is") {
  std::array<char, 4096> self{};
  REQUIRE(readlink("/proc/self/exe", self.data(), self.size() - 1) > 0);
  // other addresses, another time zone, and memory that is not zero when it is new
  const std::string command = fmt::format(
      "TZ=Asia/Tokyo MALLOC_PERTURB_=90 '{}' --no-skip --test-case='World: fingerprints*'",
      self.data());
  FILE* child = popen(command.c_str(), "r");
  REQUIRE(child);
  std::string printed;
  for (std::array<char, 4096> part{};
       const std::size_t n = fread(part.data(), 1, part.size(), child);) {
    printed.append(part.data(), n);
  }
  REQUIRE(pclose(child) == 0);
  CHECK(printed.find(fingerprints()) != std::string::npos);
}

}  // namespace
}  // namespace optichain::models
