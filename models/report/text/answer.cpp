#include "models/report/text/answer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/causes/kinds.hpp"
#include "models/network/filling_time.hpp"
#include "models/world/report_periods.hpp"
#include "models/world/results.hpp"
#include "sim/base/amount.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::report {
namespace {

using sim::Cell;
using sim::Table;

/// How a figure is written.
enum class Style { pieces, usd, percent, days };

class Answer {
 public:
  Answer(const Catalog& catalog, const run::Summaries& metrics, std::size_t replications,
         const AnswerOptions& options)
      : catalog_(catalog),
        metrics_(metrics.metrics),
        replications_(replications),
        options_(options) {
    for (std::size_t p = 0; p < metrics.periods.size(); ++p) period_[metrics.periods[p]] = p;
    for (const world::ReportPeriod& p : world::report_periods(catalog)) {
      if (measures::is_year(p.name)) years_.push_back(p.name);
    }
  }

  std::string write() {
    std::string text = heading();
    for (const std::string& part :
         {families(), shortages(), customers(), agreements(), lines(), money(), costs()}) {
      if (!part.empty()) text += "\n" + part;
    }
    return text;
  }

 private:
  using Group = measures::Group;

  // --- figures ---
  const sim::Summary* find(const measures::Entity& entity, const std::string& measure,
                           const std::string& period) const {
    const auto name = std::tie(entity, measure);
    const auto found = std::lower_bound(metrics_.begin(), metrics_.end(), name,
                                        [](const run::MetricSummary& m, const auto& n) {
                                          return std::tie(m.entity, m.measure) < n;
                                        });
    if (found == metrics_.end() || std::tie(found->entity, found->measure) != name) return nullptr;
    const auto& summary = found->periods[period_.at(period)];
    return summary ? &*summary : nullptr;
  }
  double mean(const measures::Entity& entity, const std::string& measure,
              const std::string& period) const {
    const sim::Summary* s = find(entity, measure, period);
    return s ? s->mean : 0;
  }
  /// The largest mean over the years.
  double peak(const measures::Entity& entity, const std::string& measure) const {
    double most = 0;
    for (const std::string& year : years_) most = std::max(most, mean(entity, measure, year));
    return most;
  }
  static std::string shown(double value, Style style) {
    switch (style) {
      case Style::percent:
        return sim::percent_text(value);
      case Style::days:
        return fmt::format("{:.0f} d", value);
      case Style::usd:
        return sim::usd_text(value);
      case Style::pieces:
        return sim::amount_text(value, "pieces");
    }
    return "";
  }
  std::string figure(const measures::Entity& entity, const std::string& measure,
                     const std::string& period, Style style) const {
    const sim::Summary* s = find(entity, measure, period);
    return s ? shown(s->mean, style) : "";
  }

  // --- parts ---
  std::string heading() const {
    return fmt::format("{}: {} to {}, {}\n{}{}", catalog_.scenario.name,
                       sim::format_time(catalog_.start()),
                       sim::format_time(catalog_.scenario.end.date),
                       replications_ > 1 ? fmt::format("mean of {} replications", replications_)
                                         : "one run (--replications gives intervals)",
                       changed(), headline());
  }
  /// Which values are not those of the scenario that is named.
  std::string changed() const {
    const auto& all = options_.changes;
    if (all.empty()) return "";
    constexpr std::size_t most = 4;
    const auto shown = std::span(all).first(std::min(all.size(), most));
    return fmt::format("With {} changed: {}{}.\n",
                       all.size() == 1 ? "1 value" : fmt::format("{} values", all.size()),
                       fmt::join(shown, ", "),
                       all.size() > most ? fmt::format(" and {} more", all.size() - most) : "");
  }
  /// The years that begin when the chain is full.
  std::span<const std::string> full_years(double filling_weeks) const {
    const sim::Time full = catalog_.start() + sim::days_to_duration(7 * filling_weeks);
    std::size_t first = 0;
    while (first < years_.size() && sim::Time{sim::parse_period(years_[first])->begin} < full &&
           filling_weeks > 0) {
      ++first;
    }
    return std::span(years_).subspan(first);
  }
  /// The market's worst year, and which items stand in its way.
  std::string headline() const {
    const std::string* worst = nullptr;
    double lowest = 1;
    const double filling = network::filling_weeks(catalog_);
    const auto full = full_years(filling);
    for (const std::string& year : full.empty() ? std::span(years_) : full) {
      const double wanted = mean(measures::of_market(), "demanded", year);
      if (wanted <= 0) continue;
      const double fill = mean(measures::of_market(), "shipped", year) / wanted;
      if (!worst || fill < lowest) {
        worst = &year;
        lowest = fill;
      }
    }
    if (!worst) return "";
    std::string text =
        full.size() == years_.size() ? ""
        : full.empty()
            ? fmt::format(
                  "The chain begins empty. Its first {:.0f} weeks, in which it fills, are in "
                  "all that follows.\n",
                  filling)
            : fmt::format(
                  "The chain begins empty. Without the years of its first {:.0f} weeks, in "
                  "which it fills:\n",
                  filling);
    text += fmt::format("Worst year {}: {} of {} pieces wanted are shipped ({}), for {}.\n", *worst,
                        figure(measures::of_market(), "shipped", *worst, Style::pieces),
                        figure(measures::of_market(), "demanded", *worst, Style::pieces),
                        shown(lowest, Style::percent),
                        figure(measures::of_market(), "revenue", *worst, Style::usd));
    text += luck_of(*worst);
    std::vector<std::string> causes;
    for (const ShortItem& item : short_items([&](const measures::Entity& entity) {
           return mean(entity, "shortage_binding", *worst);
         })) {
      if (item.own < 0.05 || causes.size() == 4) break;
      causes.push_back(fmt::format("{} {}", item.name, shown(item.own, Style::percent)));
    }
    if (!causes.empty()) {
      text += fmt::format("Missing first where it is used, of what was needed: {}.\n",
                          fmt::join(causes, ", "));
    }
    return text + root_causes(*worst) + bound();
  }
  /// How far runs differ from one another in a year.
  std::string luck_of(const std::string& year) const {
    const sim::Summary* shipped = find(measures::of_market(), "shipped", year);
    const sim::Summary* revenue = find(measures::of_market(), "revenue", year);
    if (!has_ranges() || !shipped || !revenue) return "";
    return fmt::format(
        "In nine in ten runs it is {} to {} pieces, for {} to {}: by luck alone,\n"
        "with every assumption as it stands.\n",
        shown(shipped->p05, Style::pieces), shown(shipped->p95, Style::pieces),
        shown(revenue->p05, Style::usd), shown(revenue->p95, Style::usd));
  }
  /// Whether there are enough runs to say what nine in ten do.
  bool has_ranges() const { return replications_ >= 10; }
  /// A share, and what it is in nine in ten runs.
  std::string with_range(const sim::Summary& share) const {
    const std::string mean = shown(share.mean, Style::percent);
    if (!has_ranges()) return mean;
    return fmt::format("{} ({} to {})", mean, shown(share.p05, Style::percent),
                       shown(share.p95, Style::percent));
  }
  /// What most of the market's unmet pieces of a year are traced back to.
  std::string root_causes(const std::string& year) const {
    const double unmet = mean(measures::of_market(), "unmet", year);
    if (unmet <= 0) return "";
    std::vector<std::pair<double, std::string>> found;
    for (const run::MetricSummary& m : metrics_) {
      if (m.entity.group != Group::causes) continue;
      const double share = mean(m.entity, "unmet", year) / unmet;
      const std::string& name = m.entity.name;
      const std::size_t dot = name.find('.');
      if (share < 0.05) continue;
      found.emplace_back(-share, causes::phrase(name.substr(0, dot), name.substr(dot + 1)) + " " +
                                     shown(share, Style::percent));
    }
    if (found.empty()) return "";
    std::sort(found.begin(), found.end());
    std::vector<std::string> texts;
    for (const auto& [share, text] :
         std::span(found).first(std::min<std::size_t>(3, found.size()))) {
      texts.push_back(text);
    }
    return fmt::format("Root causes of what was not shipped, traced back through the chain: {}.\n",
                       fmt::join(texts, ", "));
  }
  /// What is shipped of the most that could be, with the mixes in force if there are any, and free.
  std::string bound() const {
    const measures::Entity market = measures::of_market();
    const sim::Summary* ratio = find(market, "bound_ratio", "all");
    if (!ratio) return "";
    const sim::Summary* given = find(market, "bound_given_mix_ratio", "all");
    if (!given) {
      return fmt::format(
          "In all, {} is shipped of what\n"
          "perfect foresight could deliver if shares, mixes and allocation were free and\n"
          "nothing took time{}.\n{}",
          with_range(*ratio), why_above(*ratio, "bound"), bound_of_expected());
    }
    const bool is_left = std::any_of(
        catalog_.offers.begin(), catalog_.offers.end(),
        [](const auto& offer) { return offer.variants.size() > 1 && offer.offer->spill > 0; });
    return fmt::format(
        "In all, {} is shipped of what\n"
        "perfect foresight could deliver with the mixes in force, if shares and\n"
        "allocation were free and nothing took time{}; and {} of what it\n"
        "could if mixes were free, too{}.\n{}",
        with_range(*given),
        is_left && given->mean >= above_all ? " (above 100 %: orders change over to other variants)"
                                            : why_above(*given, "bound_given_mix"),
        with_range(*ratio), why_above(*ratio, "bound"), bound_of_expected());
  }
  /// The bound is of expected demand: what a run wants by chance moves the ratio, too.
  std::string bound_of_expected() const {
    const bool by_chance =
        std::any_of(catalog_.demands.begin(), catalog_.demands.end(), [](const auto& demand) {
          return !std::holds_alternative<NoVariation>(demand.demand->variation);
        });
    if (!by_chance) return "";
    return "That could be delivered of the demand that is expected; in a run customers want more "
           "or\n"
           "less of it by chance.\n";
  }
  static constexpr double above_all = 1.005;  // is shown as more than 100 %
  /// Why more than all of a bound may be shipped: it is of expected demand.
  std::string why_above(const sim::Summary& ratio, const char* bound) const {
    const bool is_luck = ratio.mean >= above_all && mean(measures::of_market(), "demanded", "all") >
                                                        mean(measures::of_market(), bound, "all");
    return is_luck ? "; above 100 %, as more was wanted than expected" : "";
  }
  struct ShortItem {
    std::string name, stage;
    double own, needed;  // the item's own part in its shortage, and the shortage
  };
  /// All items, those with the largest own part in a shortage first.
  template <class Own>
  std::vector<ShortItem> short_items(Own own) const {
    std::vector<ShortItem> items;
    for (const auto& item : catalog_.items) {
      const auto entity = measures::of(Group::items, item.name);
      items.push_back({item.name, item.item->stage, own(entity), peak(entity, "shortage_true")});
    }
    std::stable_sort(items.begin(), items.end(), [](const ShortItem& a, const ShortItem& b) {
      const double x = std::round(a.own * 100), y = std::round(b.own * 100);
      return x != y ? x > y : a.needed > b.needed;
    });
    return items;
  }
  std::vector<Table::Column> year_columns(std::vector<Table::Column> first) const {
    for (const std::string& year : years_) first.push_back({year});
    return first;
  }
  void add_years(Table& table, std::vector<Cell> row, const measures::Entity& entity,
                 const std::string& measure, Style style) const {
    for (const std::string& year : years_) row.push_back(figure(entity, measure, year, style));
    table.add(std::move(row));
  }

  std::string families() const {
    if (peak(measures::of_market(), "demanded") <= 0) return "";
    Table table(year_columns({{"what", "Market and families"}}));
    add_years(table, {"market revenue"}, measures::of_market(), "revenue", Style::usd);
    if (has_ranges()) {
      std::vector<Cell> row = {"  nine in ten runs"};
      for (const std::string& year : years_) {
        const sim::Summary* s = find(measures::of_market(), "revenue", year);
        row.push_back(
            s ? fmt::format("{} to {}", shown(s->p05, Style::usd), shown(s->p95, Style::usd)) : "");
      }
      table.add(std::move(row));
    }
    add_years(table, {"  pieces wanted"}, measures::of_market(), "demanded", Style::pieces);
    add_years(table, {"  pieces shipped"}, measures::of_market(), "shipped", Style::pieces);
    for (const auto& product : catalog_.products) {
      const auto entity = measures::of(Group::families, product.name);
      if (!product.family || peak(entity, "demanded") <= 0) continue;
      add_years(table, {product.name + " wanted"}, entity, "demanded", Style::pieces);
      add_years(table, {"  shipped"}, entity, "shipped", Style::pieces);
      add_years(table, {"  fill rate"}, entity, "fill_rate", Style::percent);
      add_years(table, {"  average price"}, entity, "price", Style::usd);
      std::map<std::string, int> technologies;
      for (const ItemId variant : product.variants) {
        ++technologies[catalog_[variant].item->technology];
      }
      for (const auto& [technology, count] : technologies) {
        if (technology.empty() || technologies.size() < 2) continue;
        add_years(table, {"  share of " + technology}, entity, "technology." + technology,
                  Style::percent);
      }
    }
    return table.text(options_.colour);
  }

  std::string shortages() const {
    std::vector<ShortItem> items = short_items(
        [this](const measures::Entity& entity) { return mean(entity, "shortage_binding", "all"); });
    std::erase_if(items, [](const ShortItem& i) { return std::max(i.own, i.needed) < 0.01; });
    if (items.empty()) return "";
    Table table(year_columns({{"item", "Short items: A / B"}, {"stage"}}));
    for (const ShortItem& item : std::span(items).first(std::min(items.size(), options_.items))) {
      std::vector<Cell> row = {item.name, item.stage};
      for (const std::string& year : years_) {
        const auto entity = measures::of(Group::items, item.name);
        row.push_back(fmt::format("{} / {}",
                                  shown(mean(entity, "shortage_true", year), Style::percent),
                                  shown(mean(entity, "shortage_binding", year), Style::percent)));
      }
      table.add(std::move(row));
    }
    table.footer(
        "A / B, both in % of the pieces that the end demand of the year needs. A: not supplied\n"
        "(below 0 %: more was supplied than needed, and stocks grow). B: missing first where the "
        "item\n"
        "is used, its own part in the shortage (above 100 %: pieces for stocks were missing, "
        "too);\n"
        "what is not supplied beyond that waits for other items");
    return table.text(options_.colour);
  }

  std::string customers() const {
    Table table(year_columns({{"customer", "Fill rate by customer"}, {"wanted"}}));
    for (const auto& customer : catalog_.customers) {
      const auto entity = measures::of(Group::customers, customer.name);
      std::vector<Cell> row = {customer.name,
                               shown(mean(entity, "demanded", "all"), Style::pieces)};
      for (const std::string& year : years_) {
        row.push_back(mean(entity, "demanded", year) > 0
                          ? figure(entity, "fill_rate", year, Style::percent)
                          : "");
      }
      table.add(std::move(row));
    }
    return table.empty() ? "" : table.text(options_.colour);
  }

  std::string agreements() const {
    Table table({{"agreement", "Agreements"},
                 {"committed"},
                 {"called"},
                 {"delivered"},
                 {"to the seller"},
                 {"penalties"},
                 {"gain of the buyer"}});
    for (const auto& agreement : catalog_.agreements) {
      const auto entity = measures::of(Group::agreements, agreement.name);
      const auto shown_as = [&](const char* measure, Style style) {
        return figure(entity, measure, "all", style);
      };
      table.add({agreement.name, shown_as("committed", Style::pieces),
                 shown_as("called", Style::pieces), shown_as("delivered", Style::pieces),
                 shown_as("cash_to_seller", Style::usd), shown_as("penalty", Style::usd),
                 shown_as("npv_buyer", Style::usd)});
    }
    if (table.empty()) return "";
    table.footer("gain: against the same pieces at the price of the day, discounted");
    return table.text(options_.colour);
  }

  std::string lines() const {
    struct Row {
      std::string name, stage;
      double peak, lost;
    };
    std::vector<Row> rows;
    for (const auto& line : catalog_.lines) {
      const auto entity = measures::of(Group::lines, line.name);
      rows.push_back({line.name, catalog_[line.site].site->stage, peak(entity, "utilisation"),
                      mean(entity, "lost_to_line", "all")});
    }
    if (rows.empty()) return "";
    // The tightest: fullest in some year, and of equally full ones where most was wanted in vain.
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
      const double x = std::round(a.peak * 100), y = std::round(b.peak * 100);
      return x != y ? x > y : a.lost > b.lost;
    });
    Table table(year_columns({{"line", "Tightest lines"}, {"stage"}}));
    for (std::size_t i = 0; i < std::min(rows.size(), options_.lines); ++i) {
      add_years(table, {rows[i].name, rows[i].stage}, measures::of(Group::lines, rows[i].name),
                "utilisation", Style::percent);
    }
    table.footer("utilisation: work done of what was possible");
    return table.text(options_.colour);
  }

  /// Sales and what is left of them, stages with the largest sales first.
  std::string money() const {
    std::map<std::string, std::vector<measures::Entity>> sites;  // by stage; alone if it has none
    for (const auto& site : catalog_.sites) {
      const std::string& stage = site.site->stage;
      sites[stage.empty() ? site.name : stage].push_back(measures::of(Group::sites, site.name));
    }
    const auto sum = [&](const std::string& stage, const char* measure, const std::string& when) {
      double total = 0;
      for (const measures::Entity& entity : sites.at(stage)) total += mean(entity, measure, when);
      return total;
    };
    std::vector<std::pair<double, std::string>> stages;
    for (const auto& [stage, entities] : sites) {
      if (const double sales = sum(stage, "sales", "all"); sales > 0) {
        stages.emplace_back(sales, stage);
      }
    }
    if (stages.empty()) return "";
    std::stable_sort(stages.begin(), stages.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    Table table(year_columns({{"stage", "Money by stage"}}));
    for (std::size_t i = 0; i < std::min(stages.size(), options_.items); ++i) {
      std::vector<Cell> row = {stages[i].second};
      for (const std::string& year : years_) {
        const double sales = sum(stages[i].second, "sales", year);
        const double profit = sum(stages[i].second, "profit", year);
        row.push_back(sales > 0 ? fmt::format("{} / {}", shown(sales, Style::usd),
                                              shown(profit / sales, Style::percent))
                                : "");
      }
      table.add(std::move(row));
    }
    table.footer(
        "sales / part of them left as profit, after goods, work, transport, capacity and stocks");
    return table.text(options_.colour);
  }

  /// What waiting and haste cost: the headings under which anything was paid, and their sum.
  std::string costs() const {
    static constexpr std::array<std::pair<const char*, const char*>, 5> headings = {
        {{"holding", "holding_cost"},
         {"backlog", "backlog_cost"},
         {"expediting", "expediting_cost"},
         {"idle lines", "idle_cost"},
         {"fixed", "fixed_cost"}}};
    std::vector<Table::Column> columns = {{"site", "Costs by site"}};
    std::vector<const char*> paid_for;
    for (const auto& [heading, measure] : headings) {
      double paid = 0;
      for (const auto& site : catalog_.sites)
        paid += mean(measures::of(Group::sites, site.name), measure, "all");
      if (paid <= 0) continue;
      columns.push_back({heading});
      paid_for.push_back(measure);
    }
    if (paid_for.empty()) return "";
    columns.push_back({"total"});
    Table table(columns);
    double all = 0;
    for (const auto& site : catalog_.sites) {
      std::vector<Cell> row = {site.name};
      double total = 0;
      for (const char* measure : paid_for) {
        const double paid = mean(measures::of(Group::sites, site.name), measure, "all");
        row.emplace_back(shown(paid, Style::usd));
        total += paid;
      }
      if (total <= 0) continue;
      all += total;
      row.emplace_back(shown(total, Style::usd));
      table.add(std::move(row));
    }
    std::vector<Cell> last(paid_for.size() + 2, "");
    last.front() = "all";
    last.back() = shown(all, Style::usd);
    table.add(std::move(last));
    return table.text(options_.colour);
  }

  const Catalog& catalog_;
  const std::vector<run::MetricSummary>& metrics_;
  std::size_t replications_;
  AnswerOptions options_;
  std::map<std::string, std::size_t> period_;
  std::vector<std::string> years_;
};

}  // namespace

std::string answer(const Catalog& catalog, const run::Summaries& metrics, std::size_t replications,
                   const AnswerOptions& options) {
  return Answer(catalog, metrics, replications, options).write();
}

}  // namespace optichain::models::report
