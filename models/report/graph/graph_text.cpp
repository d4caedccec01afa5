#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/report/graph/graph_report.hpp"
#include "models/report/graph/program_text.hpp"
#include "sim/base/number.hpp"

namespace optichain::models::report {
namespace {

using Names = std::set<std::string>;
using CellRows = std::vector<std::vector<std::string>>;  // of cells

/// The first few of a list: "a, b, c and 4 more".
std::string some_of(const Names& names) {
  constexpr std::size_t most = 8;
  if (names.size() <= most) return fmt::format("{}", fmt::join(names, ", "));
  const auto end = std::next(names.begin(), most - 1);
  return fmt::format("{} and {} more", fmt::join(names.begin(), end, ", "),
                     names.size() - (most - 1));
}

std::string days(double d) {
  return fmt::format("{:.0f}", d);
}

/// CellRows of cells as lines, every column but the last as wide as its widest cell. A column of
/// nothing takes no room.
std::string table(const CellRows& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i + 1 < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      if (last || widths[i] > 0) line += fmt::format("  {:<{}}", row[i], widths[i]);
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

class Text {
 public:
  Text(const Catalog& catalog, const network::Structure& structure,
       const std::optional<network::CapacityBound>& bound)
      : catalog_(catalog),
        structure_(structure),
        has_bound_(bound),
        bound_(bound ? *bound : none_) {}

  std::string write() {
    out_ = fmt::format("{}\n{} to {}; who supplies whom as qualified on {}\n",
                       catalog_.scenario.name, sim::format_time(catalog_.start()),
                       sim::format_time(catalog_.scenario.end.date),
                       sim::format_time(structure_.date));
    write_tiers();
    write_lead_times();
    write_single_points();
    write_unreachable();
    write_programs();
    if (has_bound_) {
      write_bound();
      write_valuable();
    } else {
      section("At best", {{"not worked out: the network is too large for the linear program"}});
    }
    return std::move(out_);
  }

 private:
  /// A heading over rows, if there are any.
  void section(const std::string& text, const CellRows& rows) {
    if (rows.empty()) return;
    out_ += fmt::format("\n{}\n{}", text, table(rows));
  }

  // --- tiers ---
  /// Who does what with an item at one tier.
  struct Trade {
    Names makers, resellers, buyers;
  };
  void write_tiers() {
    std::map<int, std::map<std::pair<std::string, std::string>, Trade>> tiers;
    Names nowhere;
    for (std::size_t s = 0; s < catalog_.stocks.size(); ++s) {
      const auto& stock = catalog_.stocks[s];
      const auto tier = structure_.stock_tier[s];
      if (!tier) nowhere.insert(stock.name);
      if (!tier || !stock.offer.valid()) continue;
      const auto& item = catalog_[stock.item];
      Trade& trade = tiers[*tier][{item.item->stage, item.name}];
      const std::string& site = catalog_[stock.site].name;
      (stock.recipes.empty() ? trade.resellers : trade.makers).insert(site);
      trade.buyers.merge(buyers_of(StockId{s}));
    }

    CellRows rows;
    for (const auto& customer : catalog_.customers) {
      Names wants;
      for (const DemandId d : customer.demands) wants.insert(catalog_[catalog_[d].product].name);
      rows.push_back({customer.name, "wants " + some_of(wants)});
    }
    section("Tier 0: customers", rows);
    for (const auto& [tier, trades] : tiers) {
      rows.clear();
      for (const auto& [key, trade] : trades) {
        const auto& [stage, item] = key;
        std::string text;
        if (!trade.makers.empty()) text += fmt::format("made by {}; ", some_of(trade.makers));
        if (!trade.resellers.empty()) text += fmt::format("kept by {}; ", some_of(trade.resellers));
        rows.push_back({item, stage, text + "sold to " + some_of(trade.buyers)});
      }
      section(fmt::format("Tier {}", tier), rows);
    }
    if (!nowhere.empty()) section("On no way to a customer", {{some_of(nowhere)}});
  }

  Names buyers_of(StockId id) const {
    Names buyers;
    const auto& offer = catalog_[catalog_[id].offer];
    for (const ChannelId c : offer.channels) {
      for (std::size_t v = 0; v < offer.variants.size(); ++v) {
        if (offer.variants[v].stock != id || !catalog_[c].accepts[v]) continue;
        buyers.insert(catalog_.party_name(catalog_[c].buyer));
      }
    }
    return buyers;
  }

  // --- programs ---
  void write_programs() {
    CellRows rows;
    for (std::size_t p = 0; p < catalog_.programs.size(); ++p) {
      rows.push_back({catalog_.programs[p].name, program_text(catalog_, ProgramId{p})});
    }
    section("Programs", rows);
  }

  // --- lead times ---
  void write_lead_times() {
    // Customers who wait for the same chain share a line.
    std::map<std::vector<std::string>, Names> customers_of;
    for (std::size_t d = 0; d < catalog_.demands.size(); ++d) {
      const auto& supply = structure_.demands[d];
      if (!supply.reachable) continue;
      const auto& demand = catalog_.demands[d];
      std::string chain = fmt::format("= {} delivery", days(supply.delivery_days));
      for (const auto& link : supply.chain) {
        chain += fmt::format(" + {} {}", days(link.days), catalog_[link.stock].name);
      }
      customers_of[{catalog_[demand.product].name, days(supply.critical_days), chain}].insert(
          catalog_[demand.customer].name);
    }
    CellRows rows;
    for (const auto& [key, customers] : customers_of) {
      rows.push_back({key[0], some_of(customers), key[1], key[2]});
    }
    section("Critical lead times: days from order to delivery if there is no stock anywhere", rows);
  }

  // --- single points of failure ---
  void write_single_points() {
    std::vector<std::vector<std::size_t>> demands_of(catalog_.products.size());
    for (std::size_t d = 0; d < catalog_.demands.size(); ++d) {
      if (structure_.demands[d].reachable) {
        demands_of[catalog_.demands[d].product.index()].push_back(d);
      }
    }
    CellRows rows;
    for (std::size_t p = 0; p < catalog_.products.size(); ++p) {
      Names supplied;  // customers
      std::map<std::string, Names> customers_of;
      for (const std::size_t d : demands_of[p]) {
        const std::string& customer = catalog_[catalog_.demands[d].customer].name;
        supplied.insert(customer);
        for (const SiteId s : structure_.demands[d].indispensable) {
          customers_of[catalog_[s].name].insert(customer);
        }
      }
      if (supplied.empty()) continue;
      std::map<Names, Names> sites_of;  // by the customers who need them
      for (const auto& [site, customers] : customers_of) sites_of[customers].insert(site);
      std::string product = catalog_.products[p].name;
      if (sites_of.empty()) rows.push_back({product, "nobody"});
      for (const auto& [customers, sites] : sites_of) {
        rows.push_back(
            {std::exchange(product, ""), some_of(sites),
             customers == supplied ? "for every customer" : "for " + some_of(customers)});
      }
    }
    section("Single points of failure: sites without which nothing can be supplied", rows);
  }

  void write_unreachable() {
    CellRows rows;
    for (std::size_t d = 0; d < catalog_.demands.size(); ++d) {
      const auto& supply = structure_.demands[d];
      if (supply.reachable) continue;
      const auto& demand = catalog_.demands[d];
      rows.push_back({fmt::format("{} for {}", catalog_[demand.product].name,
                                  catalog_[demand.customer].name)});
      for (const std::string& reason : supply.missing) rows.push_back({"  " + reason});
    }
    section("Cannot be supplied as things are qualified then", rows);
  }

  // --- the bound ---
  void write_bound() {
    const bool late_orders = bound_.first_counted > 0 && bound_.warm_up_orders;
    CellRows rows = {{""},
                     {late_orders ? "no run delivers more, from the start on"
                                  : "no run delivers more of what is ordered from the start on"}};
    for (const auto& year : bound_.years) {
      rows[0].push_back(year.year);
      rows[1].push_back(amount(year.most) + unit());
    }
    rows.push_back({"a plan that does, late deliveries included:"});
    for (std::size_t p = 0; p < catalog_.products.size(); ++p) {
      std::vector<std::string> row = {"  " + catalog_.products[p].name};
      double ordered_ever = 0;
      std::size_t t = bound_.first_counted;
      for (const auto& year : bound_.years) {
        double delivered = 0, ordered = 0;
        for (; t <= year.last_period; ++t) {
          delivered += bound_.delivered[p][t];
          ordered += bound_.demand[p][t];
        }
        ordered_ever += ordered;
        row.push_back(fmt::format("{} of {} ordered", amount(delivered), amount(ordered)));
      }
      if (ordered_ever > 0) rows.push_back(std::move(row));
    }
    section("At best: perfect foresight, nothing takes time, every mix that buyers accept", rows);
  }

  /// Lines and own limits by what one percent more of them in every period would add.
  void write_valuable() {
    std::vector<std::pair<double, std::vector<std::string>>> worth;
    const auto add = [&](const std::string& name,
                         const std::vector<network::CapacityBound::Limit>& limits) {
      double one_percent = 0;
      std::size_t best = 0;
      for (std::size_t t = 0; t < limits.size(); ++t) {
        one_percent += 0.01 * limits[t].available * limits[t].price;
        if (limits[t].price > limits[best].price + 1e-9) best = t;
      }
      if (one_percent < 1e-6) return;
      worth.push_back({one_percent,
                       {name, amount(one_percent) + unit(),
                        fmt::format("one more unit in {} is worth {}", bound_.periods[best].name,
                                    amount(limits[best].price))}});
    };
    for (std::size_t l = 0; l < catalog_.lines.size(); ++l) {
      add("line " + catalog_.lines[l].name, bound_.lines[l]);
    }
    for (std::size_t r = 0; r < catalog_.recipes.size(); ++r) {
      add("own limit of " + catalog_.recipes[r].name, bound_.own_limits[r]);
    }
    std::stable_sort(worth.begin(), worth.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    CellRows rows;
    for (std::size_t i = 0; i < worth.size() && i < 5; ++i) rows.push_back(worth[i].second);
    section("The capacity worth most: what one percent more of it in every period would add", rows);
  }

  /// Short, and without the last digits of the solver.
  static std::string amount(double x) { return sim::format_short(std::fabs(x) < 1e-6 ? 0 : x); }
  const char* unit() const {
    return bound_.weight == network::BoundOptions::Weight::usd ? " USD" : " pieces";
  }

  const Catalog& catalog_;
  const network::Structure& structure_;
  const network::CapacityBound none_{};
  const bool has_bound_;
  const network::CapacityBound& bound_;
  std::string out_;
};

}  // namespace

std::string graph_text(const Catalog& catalog, const network::Structure& structure,
                       const std::optional<network::CapacityBound>& bound) {
  return Text(catalog, structure, bound).write();
}

}  // namespace optichain::models::report
