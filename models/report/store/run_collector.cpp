#include "models/report/store/run_collector.hpp"

#include <algorithm>
#include <cmath>
#include <future>
#include <limits>

#include "models/measures/figure_name.hpp"
#include "models/measures/measure.hpp"
#include "sim/batch/sample.hpp"

namespace optichain::models::report {
namespace {

constexpr double not_reported = std::numeric_limits<double>::quiet_NaN();
constexpr int not_wanted = -1;

using measures::Group;
using Halves = std::pair<std::string, std::string>;

/// What stands before and behind a mark; the second is empty if it is not there.
Halves split_at(std::string_view text, std::size_t mark) {
  if (mark == std::string_view::npos) return {std::string(text), {}};
  return {std::string(text.substr(0, mark)), std::string(text.substr(mark + 1))};
}
Halves split_first(std::string_view text, char mark) {
  return split_at(text, text.find(mark));
}
Halves split_last(std::string_view text, char mark) {
  return split_at(text, text.rfind(mark));
}

bool is_wanted(Group group, std::string_view measure) {
  const auto one_of = [&](std::initializer_list<std::string_view> all) {
    return std::find(all.begin(), all.end(), measure) != all.end();
  };
  switch (group) {
    case Group::channels:
      return one_of({"shipped", "backlog", "received"});
    case Group::demands:
      return one_of({"demanded"});
    case Group::stocks:
      return one_of({"needed", "received", "produced", "used"});
    default:
      return group == Group::causes || group == Group::agreements;
  }
}

void add_to(Weekly& sum, std::span<const double> values) {
  const std::size_t weeks = std::min(sum.size(), values.size());
  for (std::size_t w = 0; w < weeks; ++w) sum[w] += values[w];
}

Fan::Bands bands_of(const std::vector<Weekly>& runs, std::size_t weeks) {
  Fan::Bands bands;
  for (Weekly& band : bands) band.resize(weeks);
  std::vector<double> sample(runs.size());
  for (std::size_t w = 0; w < weeks; ++w) {
    for (std::size_t r = 0; r < runs.size(); ++r) sample[r] = runs[r][w];
    std::sort(sample.begin(), sample.end());
    for (std::size_t q = 0; q < Fan::quantiles.size(); ++q) {
      bands[q][w] = sim::quantile(sample, Fan::quantiles[q]);
    }
  }
  return bands;
}

/// Means over the week and those before it, `Fan::window` in all once there are as many.
Weekly smooth(const Weekly& values) {
  Weekly out(values.size());
  double sum = 0;
  for (std::size_t w = 0; w < values.size(); ++w) {
    sum += values[w];
    if (w >= Fan::window) sum -= values[w - Fan::window];
    out[w] = sum / static_cast<double>(std::min(w + 1, Fan::window));
  }
  return out;
}

Fan fan_of(const std::vector<Weekly>& runs, std::size_t weeks) {
  std::vector<Weekly> smoothed;
  for (const Weekly& run : runs) smoothed.push_back(smooth(run));
  const auto singles = static_cast<std::ptrdiff_t>(std::min(runs.size(), Fan::most_singles));
  return {bands_of(runs, weeks), bands_of(smoothed, weeks), {runs.begin(), runs.begin() + singles}};
}

}  // namespace

StoreNames::StoreNames(const std::vector<sim::MeasureRow>& measures,
                       const std::vector<sim::NodeRow>& nodes) {
  std::set<std::string> found;
  for (const sim::MeasureRow& m : measures) {
    const auto figure = measures::FigureName::parse(m.name);
    if (!figure) continue;
    const Group group = figure->entity.group;
    if (group == Group::market && measures::is_year(figure->period)) found.insert(figure->period);
    if (group != Group::families) continue;
    families.insert(figure->entity.name);
    // only families in the market have a share of it
    if (figure->measure == "share_of_shipments") in_market.insert(figure->entity.name);
  }
  periods.assign(found.begin(), found.end());
  periods.emplace_back(measures::whole_run);
  for (const sim::NodeRow& node : nodes) {
    const auto entity = measures::Entity::parse(node.name);
    if (entity && entity->group == Group::demands) {
      customers.insert(split_first(entity->name, '.').first);
    }
  }
}

RunCollector::RunCollector(const std::filesystem::path& file, const StoreNames& names,
                           std::size_t runs, std::size_t weeks)
    : names_(names),
      runs_(runs),
      weeks_(weeks),
      kpi_scan_(file, {.kpi =
                           [this](std::string_view name, std::string_view unit) {
                             return kpi_slot(std::string(name), unit);
                           }}),
      series_scan_(file, {.series = [this](std::string_view node, std::string_view measure,
                                           std::string_view unit) {
                     return series_slot(node, measure, unit);
                   }}) {}

// Figures are as much work as series, and neither needs the other.
void RunCollector::add(std::span<const sim::RunKey> keys) {
  auto kpis = std::async(std::launch::async, [&] {
    for (std::size_t run = 0; run < keys.size(); ++run) add_kpis(keys[run], run);
  });
  for (std::size_t run = 0; run < keys.size(); ++run) add_all_series(keys[run], run);
  kpis.get();
  run_ = keys.size();
}

void RunCollector::add_kpis(const sim::RunKey& key, std::size_t run) {
  kpi_scan_.kpis(key, [&](int slot, double value) {
    const KpiSlot& kpi = kpis_[static_cast<std::size_t>(slot)];
    if (kpi.figure) {
      kpi.figure->values[kpi.period][run] = value;
    } else {
      run::add_pieces(traces_[kpi.trace.period][{kpi.trace.from, kpi.trace.to}], value);
    }
  });
}

void RunCollector::add_all_series(const sim::RunKey& key, std::size_t run) {
  series_scan_.series(key, [this](int slot, std::span<const double> values) {
    add_series(series_[static_cast<std::size_t>(slot)], values);
  });
  keep_products(run);
}

void RunCollector::finish(PolicyData& out) {
  out.periods = names_.periods;
  out.figures = std::move(figures_);
  for (auto& [name, figure] : out.figures) {
    for (auto& period : figure.values) period.resize(run_);
  }
  out.fans = fans();
  collect_items(out);
  collect_links(out);
  for (const std::string& period : names_.periods) {
    run::PeriodTraces& traces = out.traces.emplace_back(run::PeriodTraces{period, {}});
    for (const auto& [ends, pieces] : traces_[period]) {
      traces.traces.push_back({ends.first, ends.second, pieces});
    }
    run::require_countable(traces);
  }
}

int RunCollector::kpi_slot(const std::string& name, std::string_view unit) {
  KpiSlot slot;
  auto trace = run::parse_trace_name(name);
  const auto figure = trace ? std::nullopt : measures::FigureName::parse(name);
  if (!trace && !figure) return not_wanted;
  const std::string& period = trace ? trace->period : figure->period;
  const auto found = std::find(names_.periods.begin(), names_.periods.end(), period);
  if (found == names_.periods.end()) return not_wanted;
  if (trace) {
    slot.trace = std::move(*trace);
  } else {
    const auto* measure = measures::find_measure(figure->entity.group, figure->measure);
    if (measure && measure->is_detail()) return not_wanted;
    slot.figure = &figures_[measures::SeriesName{figure->entity, figure->measure}.text()];
    slot.figure->unit = unit;
    slot.figure->values.resize(names_.periods.size(), std::vector<double>(runs_, not_reported));
    slot.period = static_cast<std::size_t>(found - names_.periods.begin());
  }
  kpis_.push_back(std::move(slot));
  return static_cast<int>(kpis_.size()) - 1;
}

int RunCollector::series_slot(std::string_view node, std::string_view measure,
                              std::string_view unit) {
  auto entity = measures::Entity::parse(node);
  if (!entity || !is_wanted(entity->group, measure)) return not_wanted;
  SeriesSlot slot{entity->group,     std::move(entity->name), std::string(measure),
                  std::string(unit), Weekly(weeks_, 0.0),     nullptr};
  const bool is_demand = slot.group == Group::demands;
  const std::string buyer = split_first(slot.entity, '<').first;
  const bool is_sale = slot.group == Group::channels && measure == "shipped";
  if (is_demand || (is_sale && names_.customers.contains(buyer))) {
    auto& sides = of_run_[split_last(slot.entity, '.').second];
    for (Weekly& side : sides) side.resize(weeks_, 0.0);
    slot.of_run = &sides[is_demand ? 0 : 1];
  }
  series_.push_back(std::move(slot));
  return static_cast<int>(series_.size()) - 1;
}

void RunCollector::add_series(SeriesSlot& slot, std::span<const double> values) const {
  add_to(slot.sum, values);
  if (slot.of_run) add_to(*slot.of_run, values);
}

/// Puts what customers wanted and got in this run beside that of the others.
void RunCollector::keep_products(std::size_t run) {
  std::array<Weekly, 2> market{Weekly(weeks_, 0.0), Weekly(weeks_, 0.0)};
  const auto keep = [this, run](const std::string& product, std::size_t side, Weekly values) {
    auto& sample = samples_[product][side];
    sample.resize(run, Weekly(weeks_, 0.0));  // nothing was wanted in the runs before
    sample.push_back(std::move(values));
  };
  for (auto& [product, sides] : of_run_) {
    for (std::size_t side = 0; side < sides.size(); ++side) {
      if (names_.counts_in_market(product)) add_to(market[side], sides[side]);
      keep(product, side, sides[side]);
      std::fill(sides[side].begin(), sides[side].end(), 0.0);
    }
  }
  for (std::size_t side = 0; side < market.size(); ++side) {
    keep("market", side, std::move(market[side]));
  }
}

std::vector<ProductFans> RunCollector::fans() const {
  std::vector<ProductFans> all;
  for (const auto& [product, sides] : samples_) {
    ProductFans fan{product, fan_of(sides[0], weeks_), fan_of(sides[1], weeks_)};
    all.insert(product == "market" ? all.begin() : all.end(), std::move(fan));
  }
  return all;
}

Weekly RunCollector::mean(Weekly sum) const {
  for (double& value : sum) value /= static_cast<double>(run_);
  return sum;
}

/// Needed and supplied are counted where an item is used up: at stock points that something is
/// taken from, and by customers who buy it as it is.
void RunCollector::collect_items(PolicyData& out) const {
  std::set<std::string> inputs;
  for (const SeriesSlot& s : series_) {
    if (s.group == Group::stocks && s.measure == "used") inputs.insert(s.entity);
  }
  struct Sums {
    Weekly needed, supplied;
  };
  std::map<std::string, Sums> items;
  for (const SeriesSlot& s : series_) {
    const std::string item = split_last(s.entity, '.').second;
    const bool is_lone = !names_.families.contains(item);
    const bool to_customer = names_.customers.contains(split_first(s.entity, '<').first);
    const bool is_input = s.group == Group::stocks && inputs.contains(s.entity);
    const bool needed =
        (is_input && s.measure == "needed") || (is_lone && s.group == Group::demands);
    const bool supplied =
        (is_input && (s.measure == "received" || s.measure == "produced")) ||
        (is_lone && s.group == Group::channels && s.measure == "received" && to_customer);
    if (!needed && !supplied) continue;
    Sums& sums = items[item];
    Weekly& sum = needed ? sums.needed : sums.supplied;
    sum.resize(weeks_, 0.0);
    add_to(sum, s.sum);
  }
  for (auto& [item, sums] : items) {
    sums.needed.resize(weeks_, 0.0);
    sums.supplied.resize(weeks_, 0.0);
    out.items.push_back({item, mean(std::move(sums.needed)), mean(std::move(sums.supplied))});
  }
}

void RunCollector::collect_links(PolicyData& out) const {
  std::map<std::string, LinkWeeks> links;
  for (const SeriesSlot& s : series_) {
    if (s.group == Group::causes) {
      const auto [kind, item] = split_first(s.entity, '.');
      out.causes.push_back({kind, item, mean(s.sum)});
    } else if (s.group == Group::agreements) {
      out.agreements.push_back({s.entity, s.measure, s.unit, mean(s.sum)});
    } else if (s.group == Group::channels && s.measure != "received") {
      LinkWeeks& link = links[s.entity];
      (s.measure == "shipped" ? link.shipped : link.backlog) = mean(s.sum);
    }
  }
  for (auto& [entity, link] : links) {
    const auto [buyer, offer] = split_first(entity, '<');
    std::tie(link.seller, link.item) = split_first(offer, '.');
    link.buyer = buyer;
    link.shipped.resize(weeks_, 0.0);
    link.backlog.resize(weeks_, 0.0);
    out.links.push_back(std::move(link));
  }
}

}  // namespace optichain::models::report
