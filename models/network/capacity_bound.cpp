#include "models/network/capacity_bound.hpp"

#include <algorithm>

#include "models/network/best_case.hpp"
#include "models/network/line_capacity.hpp"
#include "models/network/linear_program.hpp"
#include "models/network/mixes_in_force.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::network {
namespace {

using Row = LinearProgram::Row;
using Column = LinearProgram::Column;
using Entries = std::vector<LinearProgram::Entry>;
using Terms = std::vector<LinearSolver::Term>;

/// The program, and what its rows and columns mean. A row says that what leaves is at most what
/// comes, a column is something done in a period.
class Model {
 public:
  Model(const Catalog& catalog, const state::Realisation& real, const FlowGraph& graph,
        const BoundOptions& options)
      : catalog_(catalog),
        at_start_(options.at_start != nullptr),
        best_(catalog, real, graph, options.at_start),
        counted_(counted_products(catalog)) {
    bound_.weight = options.weight;
    bound_.warm_up_orders = options.warm_up_orders;
    bound_.periods = best_.periods();
    bound_.first_counted = bound_.periods.front().begin < catalog.start() ? 1 : 0;
    add_stocks();
    add_lines(highest_line_capacities(catalog, real));
    add_demands(options.demand.empty() ? expected_demand(catalog, real, graph, options.at_start)
                                       : options.demand);
    if (options.given_mix) add_mixes(MixesInForce(catalog, real, bound_.periods));
    for (std::size_t r = 0; r < catalog.recipes.size(); ++r) add_recipe(RecipeId{r});
    for (std::size_t c = 0; c < catalog.channels.size(); ++c) add_channel(ChannelId{c});
    if (program_.columns() > options.most_columns) {
      sim::fail("a linear program of {} columns takes too long; at most {} are solved here",
                program_.columns(), options.most_columns);
    }
  }

  /// The total alone, with the mixes free and as they are given, which takes a fraction of the
  /// time.
  ExpectedBound solve_for_totals() {
    LinearSolver solver(program_);
    for (const MixLimit& mix : mix_limits_) solver.set_limit(mix.row, no_limit);
    const Terms market = market_until(periods() - 1);
    ExpectedBound found{solver.maximise(market), std::nullopt};
    if (mix_limits_.empty()) return found;
    for (const MixLimit& mix : mix_limits_) solver.set_limit(mix.row, mix.pieces);
    found.given_mix = solver.maximise(market);
    return found;
  }

  CapacityBound solve() {
    LinearSolver solver(program_);
    // The maximum to the end of each year starts from the solution for the year before.
    for (std::size_t t = bound_.first_counted; t < periods(); ++t) {
      const std::string year = bound_.periods[t].name.substr(0, 4);
      if (t + 1 < periods() && bound_.periods[t + 1].name.starts_with(year)) continue;
      bound_.years.push_back({year, t, solver.maximise(market_until(t))});
      bound_.proven = bound_.proven && solver.is_proven();
    }
    bound_.total = bound_.years.back().most;
    read_prices(solver);

    // One goal after the other, none at the expense of an earlier one.
    solver.keep_maximum();
    solver.maximise(other_products());
    solver.keep_maximum();
    solver.maximise(earliness());
    read_plan(solver);
    return std::move(bound_);
  }

 private:
  std::size_t periods() const { return bound_.periods.size(); }

  // --- rows ---
  /// A row per period, from which an amount can be carried on to the next period's row.
  std::vector<Row> add_balance(const std::vector<double>& comes_in,
                               const std::vector<double>& most_carried) {
    std::vector<Row> rows;
    for (const double pieces : comes_in) rows.push_back(program_.add_row(pieces));
    for (std::size_t t = 0; t + 1 < rows.size(); ++t) {
      if (most_carried[t] == 0) continue;
      program_.add_column({{rows[t], 1}, {rows[t + 1], -1}}, most_carried[t]);
    }
    return rows;
  }
  void add_stocks() {
    const auto given = best_.given_pieces();
    for (std::size_t s = 0; s < given.size(); ++s) {
      // What is bought can as well be kept at the seller, from whom it can be had ever after. A
      // second place to keep it would only give the solver more equal solutions to go through.
      // Unless the seller is held up one day: then it is good to have bought before.
      const bool passes_on =
          catalog_.stocks[s].purchase.valid() && always_open(catalog_.stocks[s].purchase) &&
          std::all_of(given[s].begin(), given[s].end(), [](double pieces) { return pieces == 0; });
      stock_rows_.push_back(
          add_balance(given[s], std::vector<double>(periods(), passes_on ? 0 : no_limit)));
    }
  }

  bool always_open(PurchaseId id) const {
    const auto& channels = catalog_[id].channels;
    return std::all_of(channels.begin(), channels.end(),
                       [&](ChannelId c) { return catalog_[c].holds.empty(); });
  }

  void add_lines(const std::vector<sim::PiecewiseLinear>& capacities) {
    for (const auto& capacity : capacities) {
      auto& limits = bound_.lines.emplace_back();
      auto& rows = line_rows_.emplace_back();
      for (const auto& p : bound_.periods) {
        limits.push_back({.available = std::max(0.0, capacity.integral(p.begin, p.end))});
        rows.push_back(program_.add_row(limits.back().available));
      }
      line_work_.emplace_back(periods());
    }
  }

  void add_demands(const std::vector<std::vector<double>>& demand) {
    bound_.demand.assign(catalog_.products.size(), std::vector<double>(periods(), 0));
    bound_.delivered = bound_.demand;
    for (std::size_t d = 0; d < catalog_.demands.size(); ++d) {
      const DemandId id{d};
      std::vector<double> ordered = demand[d];
      OPTICHAIN_CHECK(ordered.size() == periods(), "demand is given for {} of {} periods",
                      ordered.size(), periods());
      const double before = best_.ordered_before(id);
      ordered[0] += before;
      auto& of_product = bound_.demand[catalog_[id].product.index()];
      for (std::size_t t = 0; t < periods(); ++t) of_product[t] += ordered[t];
      // who orders more than it wants may be shipped more; what is open at the start has been
      // ordered
      const double factor = best_.over_ordering(id);
      for (double& pieces : ordered) pieces *= factor;
      if (at_start_) ordered[0] -= before * (factor - 1);
      ordered_.push_back(ordered);
      before_.push_back(before * (at_start_ ? 1 : factor));
      std::vector<double> most_open = best_.still_open(id, ordered);
      if (bound_.first_counted > 0 && !bound_.warm_up_orders) most_open[0] = 0;
      demand_rows_.push_back(add_balance(ordered, most_open));
    }
  }

  /// Of what customers have ordered of a family up to a period, no more is met with a variant than
  /// is meant for it. Whose order it is met for, is the seller's choice. What was ordered before
  /// the first period may be met with any variant.
  void add_mixes(const MixesInForce& mixes) {
    mix_rows_.assign(catalog_.items.size(), {});
    if (!mixes.any()) return;
    std::vector<std::vector<double>> meant(catalog_.items.size());
    std::vector<bool> is_held(catalog_.items.size(), false);
    for (std::size_t d = 0; d < catalog_.demands.size(); ++d) {
      const auto& variants = catalog_[catalog_.demands[d].product].variants;
      for (std::size_t v = 0; v < variants.size(); ++v) {
        auto& pieces = meant[variants[v].index()];
        pieces.resize(periods(), 0);
        for (std::size_t t = 0; t < periods(); ++t) {
          const double most = mixes.most(DemandId{d}, v, t);
          const double before = t == 0 ? before_[d] : 0;
          pieces[t] += before + most * (ordered_[d][t] - before);
          if (most < 1) is_held[variants[v].index()] = true;
        }
      }
    }
    for (std::size_t i = 0; i < meant.size(); ++i) {
      if (!is_held[i]) continue;
      mix_rows_[i] = add_balance(meant[i], std::vector<double>(periods(), no_limit));
      for (std::size_t t = 0; t < periods(); ++t)
        mix_limits_.push_back({mix_rows_[i][t], meant[i][t]});
    }
  }

  // --- columns ---
  /// Pieces take their inputs, then take their work on the line and come out, in the same period
  /// or later.
  void add_recipe(RecipeId id) {
    const auto& recipe = catalog_[id];
    const bool limited = recipe.recipe->max_starts_per_week.has_value();
    // Who may start only so much starts in time and waits for a line that is out. Without a limit
    // the inputs themselves can wait.
    std::vector<Row> queue;
    if (limited) {
      const double most_waiting = recipe.line.valid() ? no_limit : 0;
      queue = add_balance(std::vector<double>(periods(), 0),
                          std::vector<double>(periods(), most_waiting));
    }
    auto& starts = starts_.emplace_back();
    auto& limits = bound_.own_limits.emplace_back();
    for (std::size_t t = 0; t < periods(); ++t) {
      const double most = best_.starts(id, t);
      Entries takes;
      for (const auto& input : recipe.inputs) {
        takes.push_back({stock_rows_[input.stock.index()][t], input.pieces});
      }
      if (limited) {
        takes.push_back({queue[t], -1});
        starts.push_back(program_.add_column(takes, most));
        limits.push_back({.available = most});
        takes = {{queue[t], 1}};
      }
      if (limited || most > 0) add_work(id, t, std::move(takes));
    }
  }

  /// Work that is done in a period, for each period in which the pieces may be ready. Only a better
  /// yield is worth waiting for.
  void add_work(RecipeId id, std::size_t t, Entries takes) {
    const auto& recipe = catalog_[id];
    const double line_use = best_.line_use(id);
    if (recipe.line.valid()) takes.push_back({line_rows_[recipe.line.index()][t], line_use});
    const sim::Time ready_by = best_.ready_by(id, t);
    double best_yield = 0;
    for (std::size_t s = t; s < periods() && bound_.periods[s].begin < ready_by; ++s) {
      const auto& p = bound_.periods[s];
      const double yield = best_.yield(id, p.begin, std::min(p.end, ready_by));
      if (yield <= best_yield) continue;
      best_yield = yield;
      Entries entries = takes;
      entries.push_back({stock_rows_[recipe.output.index()][s], -yield});
      const Column worked = program_.add_column(entries);
      if (recipe.line.valid()) line_work_[recipe.line.index()][t].push_back({worked, line_use});
    }
  }

  void add_channel(ChannelId id) {
    const auto& c = catalog_[id];
    const auto& variants = catalog_[c.offer].variants;
    for (std::size_t v = 0; v < variants.size(); ++v) {
      for (std::size_t t = 0; t < periods(); ++t) {
        if (!best_.can_ship(id, v, t)) continue;
        const Row out = stock_rows_[variants[v].stock.index()][t];
        if (c.purchase.valid()) {
          program_.add_column({{out, 1}, {stock_rows_[catalog_[c.purchase].stock.index()][t], -1}});
          continue;
        }
        Entries entries = {{out, 1}, {demand_rows_[c.demand.index()][t], 1}};
        const ItemId item = catalog_[variants[v].stock].item;
        if (!mix_rows_.empty() && !mix_rows_[item.index()].empty()) {
          entries.push_back({mix_rows_[item.index()][t], 1});
        }
        const Column sale = program_.add_column(entries);
        const bool usd = bound_.weight == BoundOptions::Weight::usd;
        sales_.push_back(
            {sale, catalog_[c.demand].product, t, usd ? best_.price_usd(id, v, t) : 1.0});
      }
    }
  }

  // --- objectives ---
  struct MixLimit {
    Row row;
    double pieces;
  };
  struct Sale {
    Column column;
    ProductId product;
    std::size_t period;
    double weight;
  };
  template <class Weight>
  Terms sum_of_sales(Weight weight) const {
    Terms terms;
    for (const Sale& s : sales_) {
      const double w = weight(s);
      if (w != 0) terms.push_back({s.column, w});
    }
    return terms;
  }
  Terms market_until(std::size_t last) const {
    return sum_of_sales([&](const Sale& s) {
      const bool in_time = s.period >= bound_.first_counted && s.period <= last;
      return in_time && counted_[s.product.index()] ? s.weight : 0;
    });
  }
  Terms other_products() const {
    return sum_of_sales([&](const Sale& s) {
      return s.period >= bound_.first_counted && !counted_[s.product.index()] ? s.weight : 0;
    });
  }
  Terms earliness() const {
    return sum_of_sales([&](const Sale& s) { return static_cast<double>(periods() - s.period); });
  }

  // --- results ---
  void read_prices(const LinearSolver& solver) {
    for (std::size_t l = 0; l < bound_.lines.size(); ++l) {
      for (std::size_t t = 0; t < periods(); ++t) {
        bound_.lines[l][t].price = solver.row_price(line_rows_[l][t]);
      }
    }
    for (std::size_t r = 0; r < bound_.own_limits.size(); ++r) {
      for (std::size_t t = 0; t < bound_.own_limits[r].size(); ++t) {
        bound_.own_limits[r][t].price = solver.limit_price(starts_[r][t]);
      }
    }
  }
  void read_plan(const LinearSolver& solver) {
    for (const Sale& s : sales_) {
      bound_.delivered[s.product.index()][s.period] += solver.value(s.column);
    }
    for (std::size_t l = 0; l < bound_.lines.size(); ++l) {
      for (std::size_t t = 0; t < periods(); ++t) {
        for (const auto& work : line_work_[l][t]) {
          bound_.lines[l][t].used += work.weight * solver.value(work.column);
        }
      }
    }
    for (std::size_t r = 0; r < bound_.own_limits.size(); ++r) {
      for (std::size_t t = 0; t < bound_.own_limits[r].size(); ++t) {
        bound_.own_limits[r][t].used = solver.value(starts_[r][t]);
      }
    }
  }

  const Catalog& catalog_;
  const bool at_start_;  // whether the warm-up is past
  BestCase best_;
  std::vector<bool> counted_;
  CapacityBound bound_;
  LinearProgram program_;
  std::vector<std::vector<Row>> stock_rows_, line_rows_, demand_rows_;  // by id and period
  std::vector<std::vector<Row>> mix_rows_;  // by ItemId and period; of most items none
  std::vector<MixLimit> mix_limits_;
  std::vector<std::vector<double>> ordered_;   // by DemandId and period, what is over-ordered too
  std::vector<double> before_;                 // of that, before the first period
  std::vector<std::vector<Column>> starts_;    // by RecipeId and period
  std::vector<std::vector<Terms>> line_work_;  // by LineId and period
  std::vector<Sale> sales_;
};

}  // namespace

std::vector<bool> counted_products(const Catalog& catalog) {
  std::vector<bool> counted(catalog.products.size(), false);
  bool any = false;
  for (const auto& demand : catalog.demands) {
    const Family* family = catalog[demand.product].family;
    if (!family || !family->in_market) continue;
    counted[demand.product.index()] = true;
    any = true;
  }
  if (!any) counted.assign(counted.size(), true);
  return counted;
}

std::vector<std::vector<double>> expected_demand(const Catalog& catalog,
                                                 const state::Realisation& real,
                                                 const FlowGraph& graph,
                                                 const StartState* at_start) {
  const BestCase best(catalog, real, graph, at_start);
  std::vector<std::vector<double>> pieces(catalog.demands.size());
  for (std::size_t d = 0; d < pieces.size(); ++d) {
    for (std::size_t t = 0; t < best.periods().size(); ++t) {
      pieces[d].push_back(best.ordered(DemandId{d}, t));
    }
  }
  return pieces;
}

CapacityBound capacity_bound(const Catalog& catalog, const state::Realisation& real,
                             const FlowGraph& graph, const BoundOptions& options) {
  OPTICHAIN_CHECK(options.demand.empty() || options.demand.size() == catalog.demands.size(),
                  "demand is given for {} of {} demands", options.demand.size(),
                  catalog.demands.size());
  return Model(catalog, real, graph, options).solve();
}

ExpectedBound expected_bound(const Catalog& catalog, const std::function<StartState()>& at_start) {
  const state::Realisation real(catalog);
  const FlowGraph graph(catalog);
  BoundOptions options;
  options.most_columns = quick_columns;
  options.given_mix = true;
  Model from_the_beginning(catalog, real, graph, options);
  if (catalog.begin() == catalog.start()) return from_the_beginning.solve_for_totals();
  const StartState there = at_start();
  options.at_start = &there;
  return Model(catalog, real, graph, options).solve_for_totals();
}

}  // namespace optichain::models::network
