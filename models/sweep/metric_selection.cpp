#include "models/sweep/metric_selection.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "sim/base/text.hpp"

namespace optichain::models::sweep {

bool MetricSelection::needs_bound() const {
  return std::any_of(figures.begin(), figures.end(), [](const Figure& f) {
    return f.entity == "market" && f.measure.starts_with("bound");
  });
}

std::vector<double> MetricSelection::values(const world::Results& results) const {
  std::vector<double> values;
  values.reserve(figures.size());
  for (const Figure& f : figures) {
    const auto metric =
        std::lower_bound(results.metrics.begin(), results.metrics.end(), f,
                         [](const world::Metric& m, const Figure& w) {
                           return std::tie(m.entity, m.measure) < std::tie(w.entity, w.measure);
                         });
    const auto period = std::find(results.periods.begin(), results.periods.end(), f.period);
    const bool found = metric != results.metrics.end() && metric->entity == f.entity &&
                       metric->measure == f.measure && period != results.periods.end();
    values.push_back(
        found ? metric->values[static_cast<std::size_t>(period - results.periods.begin())]
              : std::numeric_limits<double>::quiet_NaN());
  }
  return values;
}

sim::Json MetricSelection::json() const {
  sim::Json json = {{"figures", sim::Json::array()}, {"series", sim::Json::array()}};
  for (const Figure& f : figures) {
    json["figures"].push_back(sim::Json::array({f.entity, f.measure, f.period, f.unit}));
  }
  for (const Curve& c : series) {
    json["series"].push_back(sim::Json::array({c.entity, c.measure, c.unit}));
  }
  json["weeks"] = sim::Json::array();
  for (const sim::Time week : weeks) json["weeks"].push_back(week.time_since_epoch().count());
  return json;
}

MetricSelection MetricSelection::from_json(const sim::Json& json) {
  MetricSelection selection;
  for (const sim::Json& f : json.at("figures")) {
    selection.figures.push_back({f.at(0), f.at(1), f.at(2), f.at(3)});
  }
  for (const sim::Json& c : json.at("series"))
    selection.series.push_back({c.at(0), c.at(1), c.at(2)});
  for (const sim::Json& week : json.at("weeks")) {
    selection.weeks.emplace_back(sim::Duration(week.get<std::int64_t>()));
  }
  return selection;
}

namespace {

class Selector {
 public:
  Selector(const study::LoadedStudy& loaded, const world::Results& results)
      : loaded_(loaded), results_(results) {}

  MetricSelection select() {
    const study::Study& study = loaded_.study;
    const bool are_named = loaded_.document.find("metrics") != nullptr;
    for (std::size_t i = 0; i < study.metrics.size(); ++i) {
      if (!add_figures(study.metrics[i]) && are_named) {
        none_fits("metrics", i, study.metrics[i], figure_names());
      }
    }
    for (const auto& [name, constraint] : study.constraints) {
      if (add_figures(constraint.metric, true)) continue;
      const std::string path = "constraints." + name + ".metric";
      diagnostics_.error(loaded_.document.locate(path), path,
                         fmt::format("there is no metric {}", sim::in_quotes(constraint.metric)),
                         sim::suggestion(constraint.metric, figure_names(), "metrics"));
    }
    if (study.decision) add_decision(*study.decision);
    for (std::size_t i = 0; i < study.series.size(); ++i) add_series(i, study.series[i]);
    if (!diagnostics_.empty()) throw sim::InputError(std::move(diagnostics_));
    if (!selection_.series.empty()) selection_.weeks = results_.weeks;
    return std::move(selection_);
  }

 private:
  /// True if any fits.
  bool add_figures(const std::string& pattern, bool exactly = false) {
    bool any = false;
    for (const world::Metric& m : results_.metrics) {
      for (std::size_t p = 0; p < results_.periods.size(); ++p) {
        if (std::isnan(m.values[p])) continue;
        const std::string name = world::metric_name(m, results_.periods[p]);
        if (exactly ? name != pattern : !sim::fits_pattern(pattern, name)) continue;
        any = true;
        if (!seen_.insert(name).second) continue;
        selection_.figures.push_back({m.entity, m.measure, results_.periods[p], m.unit});
      }
    }
    return any;
  }
  /// What a decision is weighed by.
  void add_decision(const study::Decision& decision) {
    for (const char* party : {"sites.*", "customers.*"}) {
      add_figures(fmt::format("{}.cash_flow.????Q?", party));
      for (const char* level : {"receivable", "payable", "stock_value"}) {
        add_figures(fmt::format("{}.{}.all", party, level));
      }
    }
    for (const char* measure : {"demanded", "delivered", "lead_time"}) {
      add_figures(fmt::format("customers.*.{}.????Q?", measure));
    }
    add_figures("market.shipped.????Q?");
    if (!decision.agreement) return;
    for (const char* period : {"????Q?", "all"}) {
      add_figures(fmt::format("agreements.{}.*.{}", *decision.agreement, period));
    }
  }
  void add_series(std::size_t i, const std::string& pattern) {
    bool any = false;
    std::vector<std::string> names;
    for (const world::Series& s : results_.series) {
      const std::string name = s.entity + "." + s.measure;
      names.push_back(name);
      if (!sim::fits_pattern(pattern, name)) continue;
      any = true;
      if (seen_.insert(name).second) selection_.series.push_back({s.entity, s.measure, s.unit});
    }
    if (!any) none_fits("series", i, pattern, names);
  }
  void none_fits(const std::string& key, std::size_t i, const std::string& pattern,
                 const std::vector<std::string>& names) {
    const sim::Node* list = loaded_.document.find(key);
    diagnostics_.error(
        list->items().at(i).mark(), fmt::format("{}[{}]", key, i),
        fmt::format("no name of the scenario's results fits {}", sim::in_quotes(pattern)),
        sim::suggestion(pattern, names, "names"));
  }
  std::vector<std::string> figure_names() const {
    std::vector<std::string> names;
    for (const world::Metric& m : results_.metrics) {
      for (std::size_t p = 0; p < results_.periods.size(); ++p) {
        if (!std::isnan(m.values[p])) names.push_back(world::metric_name(m, results_.periods[p]));
      }
    }
    return names;
  }

  const study::LoadedStudy& loaded_;
  const world::Results& results_;
  MetricSelection selection_;
  std::set<std::string> seen_;
  sim::Diagnostics diagnostics_;
};

}  // namespace

MetricSelection select_metrics(const study::LoadedStudy& loaded, const world::Results& results) {
  return Selector(loaded, results).select();
}

}  // namespace optichain::models::sweep
