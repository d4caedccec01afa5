#include "models/world/key_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include "models/network/capacity_bound.hpp"
#include "models/world/price_index.hpp"
#include "models/world/report_meters.hpp"
#include "models/world/statement.hpp"
#include "sim/base/check.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::world {

namespace {

/// Part / whole, and what to say where there is no whole.
double ratio(double part, double whole, double otherwise) {
  return whole > 0 ? part / whole : otherwise;
}

/// Of what is wanted in a period the part that was delivered in it: at most all, whatever was
/// worked off of a backlog besides.
double fill_rate(double delivered, double demanded) {
  return std::min(1.0, ratio(delivered, demanded, 1));
}

/// What is missing of what was asked for, as a share of it.
double shortage(double supplied, double asked) {
  return asked > 0 ? 1 - supplied / asked : 0;
}

/// Whether a site pays for what it keeps, owes, has on its way or orders.
bool is_charged(const Catalog& catalog, const Catalog::SiteEntry& site) {
  for (const StockId s : site.stocks) {
    if (catalog[s].stock->holding_usd_per_piece_week > 0) return true;
  }
  for (const OfferId o : site.offers) {
    const Offer& offer = *catalog[o].offer;
    if (offer.backlog_usd_per_piece_week > 0 || offer.in_transit_usd_per_piece_week > 0) {
      return true;
    }
  }
  for (const PurchaseId p : site.purchases) {
    for (const ChannelId c : catalog[p].channels) {
      if (catalog[c].source->order_usd > 0) return true;
    }
  }
  return false;
}

/// Computes the key figures, period by period.
class Reporter {
 public:
  Reporter(const Catalog& catalog, const books::Meters& meters, const Waits& waits,
           const std::vector<ReportPeriod>& periods)
      : catalog_(catalog),
        meters_(meters),
        waits_(waits),
        periods_(periods),
        found_(catalog, meters),
        statements_(catalog, meters),
        quarters_(sim::quarters_between(catalog.start(), catalog.end())),
        in_market_(network::counted_products(catalog)) {
    for (const auto& site : catalog.sites) charged_.push_back(is_charged(catalog, site));
    price_index_ = find_price_index();
  }

  std::vector<Metric> report() {
    for_each_period([&] { report_market(); });
    for_each_period([&] { report_causes(); });
    for (std::size_t i = 0; i < catalog_.items.size(); ++i) {
      for_each_period([&] { report_item(ItemId{i}); });
    }
    for (std::size_t c = 0; c < catalog_.customers.size(); ++c) {
      for_each_period([&] { report_customer(CustomerId{c}); });
    }
    for (std::size_t s = 0; s < catalog_.sites.size(); ++s) {
      for_each_period([&] { report_site(s); });
    }
    for_each_period([&] { report_outside(); });
    for (std::size_t l = 0; l < catalog_.lines.size(); ++l) {
      for_each_period([&] { report_line(l); });
    }
    for_each_period([&] { report_changes(); });
    for (std::size_t a = 0; a < catalog_.agreements.size(); ++a) {
      if (!catalog_.agreements[a].dormant) for_each_period([&] { report_agreement(a); });
    }
    for (std::size_t p = 0; p < catalog_.programs.size(); ++p) {
      if (!catalog_.programs[p].dormant) for_each_period([&] { report_program(p); });
    }
    for (const books::MeterId m : found_.details) {
      for_each_period([&] { report_detail(m); });
    }
    std::sort(out_.begin(), out_.end(), [](const Metric& a, const Metric& b) {
      return std::tie(a.entity, a.measure) < std::tie(b.entity, b.measure);
    });
    return std::move(out_);
  }

 private:
  /// Reports some figures for each period, before others take their place in the caches. The period
  /// that comes first names them, in the order in which all others come to them again: the last
  /// one, `all`, which has every detail.
  template <class Report>
  void for_each_period(Report report) {
    const std::size_t first_row = out_.size();
    for (std::size_t p = periods_.size(); p-- > 0;) {
      period_ = &periods_[p];
      index_ = p;
      row_ = first_row;
      naming_ = p + 1 == periods_.size();
      report();
    }
  }

  template <class Id>
  double piece_days(Id id) const {
    return waits_.piece_days(id, period_->from_mark, period_->to_mark);
  }
  double get(books::MeterId id) const {
    return meters_.between(id, period_->from_mark, period_->to_mark);
  }
  /// Names the entity of the figures that follow.
  void about(measures::Entity entity) {
    if (naming_) entity_ = std::move(entity);
  }
  /// The measure must be declared.
  void put(std::string_view measure, double value) {
    if (naming_) {
      out_.push_back({entity_, std::string(measure),
                      std::string(measures::declared(entity_.group, measure).unit),
                      std::vector<double>(periods_.size(), std::nan(""))});
    }
    OPTICHAIN_CHECK(out_[row_].measure == measure, "figures come in another order");
    out_[row_++].values[index_] = value;
  }

  void put(const std::vector<StatementRow>& figures) {
    for (const StatementRow& f : figures) put(f.measure, f.value);
  }

  // --- sales to customers ---
  /// Sums over the channels through which customers buy a product.
  struct Sales {
    double demanded = 0, ordered = 0, shipped = 0, delivered = 0, withdrawn = 0, cancelled = 0,
           piece_days = 0, spend = 0, backlog = 0;
    void operator+=(const Sales& other) {
      demanded += other.demanded;
      ordered += other.ordered;
      cancelled += other.cancelled;
      shipped += other.shipped;
      delivered += other.delivered;
      withdrawn += other.withdrawn;
      piece_days += other.piece_days;
      spend += other.spend;
      backlog += other.backlog;
    }
  };
  /// The chained index of the prices of the families in the market, period by period.
  std::vector<double> find_price_index() {
    std::vector<Sold> sold(catalog_.products.size());
    for (const ReportPeriod& period : periods_) {
      period_ = &period;
      std::vector<Sales> sales(catalog_.products.size());
      for (std::size_t d = 0; d < catalog_.demands.size(); ++d) {
        sales[catalog_.demands[d].product.index()] += sales_of(DemandId{d});
      }
      for (std::size_t p = 0; p < sales.size(); ++p) {
        const Family* family = catalog_.products[p].family;
        const bool counts = family && family->in_market;
        sold[p].pieces.push_back(counts ? sales[p].shipped : 0);
        sold[p].spend.push_back(counts ? sales[p].spend : 0);
      }
    }
    return price_index(periods_, sold);
  }

  Sales sales_of(DemandId id) const {
    Sales s;
    s.demanded = get(found_.demands[id.index()].demanded);
    s.withdrawn = get(found_.demands[id.index()].given_up);
    s.backlog = meters_.level_at(found_.demands[id.index()].backlog, period_->to_mark);
    s.piece_days = piece_days(id);
    for (const ChannelId c : catalog_[id].channels) {
      const ReportMeters::ChannelMeters& m = found_.channels[c.index()];
      s.ordered += get(m.ordered);
      s.cancelled += get(m.cancelled);
      s.shipped += get(m.shipped);
      s.delivered += get(m.received);
      s.withdrawn += get(m.withdrawn);
      s.piece_days += piece_days(c);
      s.spend += get(m.spend);
    }
    return s;
  }

  void report_market() {
    std::vector<Sales> by_product(catalog_.products.size());
    for (std::size_t d = 0; d < catalog_.demands.size(); ++d) {
      by_product[catalog_.demands[d].product.index()] += sales_of(DemandId{d});
    }
    Sales market;
    double bandwidth = 0;
    for (std::size_t p = 0; p < by_product.size(); ++p) {
      if (!in_market_[p]) continue;
      market += by_product[p];
      const Family* family = catalog_.products[p].family;
      if (family) bandwidth += by_product[p].shipped * family->gbps_per_piece / 1000;
    }
    about(measures::of_market());
    put("revenue", market.spend);
    put("shipped", market.shipped);
    put("demanded", market.demanded);
    put("unmet", market.demanded - market.shipped);
    put("bandwidth", bandwidth);
    put("price_index", price_index_[index_]);
    for (std::size_t p = 0; p < by_product.size(); ++p) {
      if (catalog_.products[p].family) report_family(ProductId{p}, by_product[p], market.shipped);
    }
  }

  /// What stood in the way of the market's unmet pieces; the causes add up to them.
  void report_causes() {
    for (const auto& [entity, meter] : found_.causes) {
      about(entity);
      put("unmet", get(meter));
    }
  }

  void report_family(ProductId product, const Sales& s, double market_shipped) {
    const auto& entry = catalog_[product];
    about(measures::of(measures::Group::families, entry.name));
    put("demanded", s.demanded);
    put("ordered", s.ordered);
    put("shipped", s.shipped);
    put("unmet", s.demanded - s.shipped);
    put("shortage_apparent", shortage(s.shipped, s.ordered));
    put("withdrawn", s.withdrawn);
    put("cancelled", s.cancelled);
    put("backlog", s.backlog);
    put("fill_rate", fill_rate(s.shipped, s.demanded));
    put("revenue", s.spend);
    put("price", ratio(s.spend, s.shipped, 0));
    put("lead_time", mean_wait(s.piece_days, s.shipped, s.backlog));
    put("bandwidth", s.shipped * entry.family->gbps_per_piece / 1000);
    if (entry.family->in_market) {
      put("share_of_shipments", ratio(s.shipped, market_shipped, 0));
    }

    // Variants: by what leaves the sites that keep them.
    std::map<std::string, double> by_technology;
    std::vector<double> by_variant;
    double all = 0;
    for (const ItemId variant : entry.variants) {
      double shipped = 0;
      for (std::size_t i = 0; i < found_.stocks.size(); ++i) {
        if (catalog_.stocks[i].item == variant) shipped += get(found_.stocks[i].shipped);
      }
      by_variant.push_back(shipped);
      by_technology[catalog_[variant].item->technology] += shipped;
      all += shipped;
    }
    for (std::size_t v = 0; v < by_variant.size(); ++v) {
      put("share." + catalog_[entry.variants[v]].name, ratio(by_variant[v], all, 0));
    }
    for (const auto& [technology, shipped] : by_technology) {
      if (technology.empty()) continue;
      put("technology." + technology, ratio(shipped, all, 0));
    }
  }

  // --- items ---
  /// Needed and supplied are counted where an item is used up: by recipes that take it as an input
  /// and by customers who buy it as it is. Ordered and shipped are counted where it is sold.
  void report_item(ItemId item) {
    const auto& entry = catalog_[item];
    about(measures::of(measures::Group::items, entry.name));
    double shipped = 0, needed = 0, supplied = 0, scrap = 0, stock = 0, produced = 0;
    const ReportMeters::ItemPlaces& places = found_.places[item.index()];
    for (const std::size_t i : places.stocks) {
      const ReportMeters::StockMeters& m = found_.stocks[i];
      scrap += get(m.scrap);
      stock += get(m.on_hand);
      produced += get(m.produced);
      shipped += get(m.shipped);
      if (!m.is_input) continue;
      needed += get(m.needed);
      supplied += get(m.received) + get(m.produced);
    }
    put("produced", produced);
    put("shipped", shipped);
    put("scrap", scrap);
    put("stock", stock);
    if (const ReportMeters::ItemMeters& m = found_.items[item.index()]; m.factor.valid()) {
      put("price_factor", get(m.factor));
      put("spot_price", get(m.price));
    }

    double ordered = 0, cancelled = 0, spend = 0, waited = 0, waiting = 0;
    for (const std::size_t i : places.channels) {
      ordered += get(found_.channels[i].ordered);
      cancelled += get(found_.channels[i].cancelled);
      spend += get(found_.channels[i].spend);
      waited += piece_days(ChannelId{i});
      waiting += meters_.level_at(found_.channels[i].backlog, period_->to_mark);
      if (catalog_.channels[i].demand.valid()) supplied += get(found_.channels[i].received);
    }
    if (places.channels.empty())
      return;  // a variant that only customers buy: its family reports it
    for (const std::size_t d : places.demands) {
      needed += get(found_.demands[d].demanded);
      waited += piece_days(DemandId{d});
    }
    put("ordered", ordered);
    put("cancelled", cancelled);
    put("needed", needed);
    put("supplied", supplied);
    double stopped = 0;
    for (const ReportMeters::StoppedUse& use : found_.stopped[item.index()]) {
      stopped += get(use.lost) * use.pieces_per_start;
    }
    put("short", stopped);
    put("shortage_binding", ratio(stopped, needed, 0));
    put("shortage_true", shortage(supplied, needed));
    put("shortage_apparent", shortage(shipped, ordered));
    put("price", ratio(spend, shipped, 0));
    put("lead_time", mean_wait(waited, shipped, waiting));
  }

  // --- customers, sites, lines ---
  void report_customer(CustomerId id) {
    const auto& customer = catalog_[id];
    Sales total;
    for (const DemandId d : customer.demands) {
      const Sales s = sales_of(d);
      about(measures::of(measures::Group::customers, catalog_[d].name));
      put_customer(s);
      total += s;
    }
    about(measures::of(measures::Group::customers, customer.name));
    put_customer(total);
    put(statements_.customer(id, *period_));
  }
  void put_customer(const Sales& s) {
    put("demanded", s.demanded);
    put("ordered", s.ordered);
    put("delivered", s.delivered);
    put("withdrawn", s.withdrawn);
    put("cancelled", s.cancelled);
    put("fill_rate", fill_rate(s.delivered, s.demanded));
    put("backlog", s.backlog);
    put("lead_time", mean_wait(s.piece_days, s.shipped, s.backlog));
    put("waited", s.piece_days);
    put("spend", s.spend);
  }

  void report_site(std::size_t site) {
    about(measures::of(measures::Group::sites, catalog_.sites[site].name));
    const auto figures = statements_.site(SiteId{site}, *period_);
    put(figures);
    if (!charged_[site]) return;
    const sim::Duration every = catalog_.review_every(catalog_.party(SiteId{site}));
    put("cost_per_period", inventory_cost(figures, every));
  }
  void report_outside() {
    about(measures::of_outside());
    const auto figures = statements_.outside(*period_);
    put(figures);
    if (std::find(charged_.begin(), charged_.end(), true) == charged_.end()) return;
    const auto every = sim::days_to_duration(catalog_.scenario.review_days);
    put("cost_per_period", inventory_cost(figures, every));
  }
  static constexpr std::array<std::string_view, 4> inventory_measures = {
      "holding_cost", "backlog_cost", "in_transit_cost", "ordering_cost"};
  /// What inventory theory counts, per time between two reviews.
  double inventory_cost(const std::vector<StatementRow>& figures, sim::Duration every) const {
    double sum = 0;
    for (const StatementRow& f : figures) {
      const auto& measures = inventory_measures;
      if (std::find(measures.begin(), measures.end(), f.measure) != measures.end()) sum += f.value;
    }
    return sum * sim::to_days(every) / sim::to_days(length_of(*period_));
  }

  void report_line(std::size_t line) {
    about(measures::of(measures::Group::lines, catalog_.lines[line].name));
    const double done = get(found_.lines[line].done), possible = get(found_.lines[line].possible);
    double lost = 0;
    for (const books::MeterId m : found_.lines[line].lost) lost += get(m);
    put("work_done", done);
    put("work_possible", possible);
    put("utilisation", ratio(done, possible, 0));
    put("lost_to_line", lost);
  }

  /// What migrations and qualifications count, as it is: of levels the mean over the period.
  void report_changes() {
    for (const books::MeterId m : found_.changes) {
      put_as_counted(m);
    }
  }
  void put_as_counted(books::MeterId m) {
    const auto& d = meters_.definitions()[m.index()];
    about(measures::of(d.of->group, d.name()));
    put(d.measure, get(m));
  }

  void report_agreement(std::size_t agreement) {
    about(measures::of(measures::Group::agreements, catalog_.agreements[agreement].name));
    for (const books::MeterId id : found_.agreements[agreement]) {
      const auto& d = meters_.definitions()[id.index()];
      put(d.measure, d.of->is_flow() ? get(id) : meters_.level_at(id, period_->to_mark));
    }
  }
  void report_program(std::size_t program) {
    about(measures::of(measures::Group::programs, catalog_.programs[program].name));
    const auto& m = found_.programs[program];
    put("strikes", get(m.strikes));
    put("days_down", get(m.down) * sim::to_days(length_of(*period_)));
    put("capacity_added", get(m.capacity_added));
    put("cost", get(m.cost));
  }
  sim::Duration length_of(const ReportPeriod& period) const {
    return quarters_[period.to_mark - 1].end - quarters_[period.from_mark].begin;
  }

  /// Whatever is counted at a stock point or recipe, as it is.
  void report_detail(books::MeterId m) {
    if (period_->is_quarter) return;
    put_as_counted(m);
  }

  const Catalog& catalog_;
  const books::Meters& meters_;
  const Waits& waits_;
  const std::vector<ReportPeriod>& periods_;
  std::vector<Metric> out_;
  const ReportPeriod* period_ = nullptr;
  std::size_t index_ = 0;  // of the period
  std::size_t row_ = 0;    // of the next figure
  bool naming_ = false;    // whether figures are new
  measures::Entity entity_;
  ReportMeters found_;
  Statements statements_;
  std::vector<sim::NamedPeriod> quarters_;
  std::vector<double> price_index_;
  std::vector<bool> in_market_;  // by ProductId
  std::vector<bool> charged_;    // by SiteId: whether it pays for stock, backlog or orders
};

}  // namespace

std::vector<Metric> key_figures(const Catalog& catalog, const books::Meters& meters,
                                const Waits& waits, const std::vector<ReportPeriod>& periods) {
  return Reporter(catalog, meters, waits, periods).report();
}

}  // namespace optichain::models::world
