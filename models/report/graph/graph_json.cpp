#include <cmath>

#include <fmt/format.h>

#include "models/report/graph/graph_report.hpp"
#include "models/report/graph/program_text.hpp"
#include "sim/base/number.hpp"
#include "sim/output/json.hpp"

namespace optichain::models::report {
namespace {

using sim::Json;

/// The last digits of what a solver returns depend on its version.
double rounded(double x) {
  return std::abs(x) < 1e-9 ? 0 : sim::parse_number(fmt::format("{:.9g}", x)).value_or(x);
}

Json rounded(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double x : values) list.push_back(rounded(x));
  return list;
}

template <class Ids>
Json names(const Catalog& catalog, const Ids& ids) {
  Json list = Json::array();
  for (const auto id : ids) list.push_back(catalog[id].name);
  return list;
}

Json site_json(const Catalog& catalog, const network::Structure& structure, std::size_t s) {
  const auto& site = catalog.sites[s];
  Json out = {{"name", site.name}, {"tier", nullptr}, {"stage", site.site->stage}};
  if (structure.site_tier[s]) out["tier"] = *structure.site_tier[s];

  Json& stocks = out["stock_points"] = Json::array();
  for (const StockId id : site.stocks) {
    const auto& stock = catalog[id];
    Json point = {{"item", catalog[stock.item].name}, {"tier", nullptr}};
    if (const auto tier = structure.stock_tier[id.index()]) point["tier"] = *tier;
    point["producible"] = static_cast<bool>(structure.producible[id.index()]);
    point["recipes"] = names(catalog, stock.recipes);
    Json& sellers = point["bought_from"] = Json::array();
    if (stock.purchase.valid()) {
      for (const ChannelId c : catalog[stock.purchase].channels) {
        sellers.push_back(catalog[catalog[catalog[c].offer].site].name);
      }
    }
    stocks.push_back(std::move(point));
  }

  Json& sells = out["sells"] = Json::array();
  for (const OfferId o : site.offers) {
    Json buyers = Json::array();
    for (const ChannelId c : catalog[o].channels) {
      buyers.push_back(catalog.party_name(catalog[c].buyer));
    }
    sells.push_back({{"product", catalog[catalog[o].product].name}, {"to", std::move(buyers)}});
  }
  return out;
}

Json demand_json(const Catalog& catalog, const network::Structure& structure, DemandId id) {
  const auto& supply = structure.demands[id.index()];
  Json out = {{"customer", catalog[catalog[id].customer].name},
              {"product", catalog[catalog[id].product].name},
              {"reachable", supply.reachable}};
  if (!supply.reachable) {
    out["missing"] = supply.missing;
    return out;
  }
  out["critical_days"] = supply.critical_days;
  out["delivery_days"] = supply.delivery_days;
  Json& chain = out["chain"] = Json::array();
  for (const auto& link : supply.chain) {
    chain.push_back({{"stock", catalog[link.stock].name}, {"days", link.days}});
  }
  out["single_points_of_failure"] = names(catalog, supply.indispensable);
  return out;
}

Json limits_json(const std::string& name,
                 const std::vector<network::CapacityBound::Limit>& limits) {
  Json out = {{"name", name}};
  for (const char* key : {"available", "used", "price"}) out[key] = Json::array();
  for (const auto& limit : limits) {
    out["available"].push_back(rounded(limit.available));
    out["used"].push_back(rounded(limit.used));
    out["price"].push_back(rounded(limit.price));
  }
  return out;
}

Json bound_json(const Catalog& catalog, const network::CapacityBound& bound) {
  const auto counted = network::counted_products(catalog);
  Json out = {{"unit", bound.weight == network::BoundOptions::Weight::usd ? "usd" : "pieces"},
              {"total", rounded(bound.total)},
              {"first_counted_period", bound.first_counted},
              {"warm_up_orders", bound.warm_up_orders}};
  Json& periods = out["periods"] = Json::array();
  for (const auto& p : bound.periods) {
    periods.push_back(
        {{"name", p.name}, {"begin", sim::format_time(p.begin)}, {"end", sim::format_time(p.end)}});
  }
  Json& years = out["years"] = Json::array();
  for (const auto& y : bound.years) years.push_back({{"year", y.year}, {"most", rounded(y.most)}});
  for (const char* key : {"products", "lines", "own_limits"}) out[key] = Json::array();
  for (std::size_t p = 0; p < catalog.products.size(); ++p) {
    out["products"].push_back({{"name", catalog.products[p].name},
                               {"counted", static_cast<bool>(counted[p])},
                               {"demand", rounded(bound.demand[p])},
                               {"delivered", rounded(bound.delivered[p])}});
  }
  for (std::size_t l = 0; l < catalog.lines.size(); ++l) {
    out["lines"].push_back(limits_json(catalog.lines[l].name, bound.lines[l]));
  }
  for (std::size_t r = 0; r < catalog.recipes.size(); ++r) {
    if (bound.own_limits[r].empty()) continue;
    out["own_limits"].push_back(limits_json(catalog.recipes[r].name, bound.own_limits[r]));
  }
  return out;
}

}  // namespace

std::string graph_json(const Catalog& catalog, const network::Structure& structure,
                       const std::optional<network::CapacityBound>& bound) {
  Json out = {{"scenario", catalog.scenario.name}, {"date", sim::format_time(structure.date)}};
  Json& customers = out["customers"] = Json::array();
  for (const auto& customer : catalog.customers) customers.push_back(customer.name);
  Json& sites = out["sites"] = Json::array();
  for (std::size_t s = 0; s < catalog.sites.size(); ++s) {
    sites.push_back(site_json(catalog, structure, s));
  }
  Json& demands = out["demands"] = Json::array();
  for (std::size_t d = 0; d < catalog.demands.size(); ++d) {
    demands.push_back(demand_json(catalog, structure, DemandId{d}));
  }
  for (std::size_t p = 0; p < catalog.programs.size(); ++p) {
    out["programs"].push_back(
        {{"name", catalog.programs[p].name}, {"what", program_text(catalog, ProgramId{p})}});
  }
  out["bound"] = bound ? bound_json(catalog, *bound) : Json();
  return sim::json_text(out) + "\n";
}

}  // namespace optichain::models::report
