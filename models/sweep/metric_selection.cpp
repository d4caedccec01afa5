#include "models/sweep/metric_selection.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/base/text.hpp"

namespace optichain::models::sweep {

bool MetricSelection::needs_bound() const {
  return std::any_of(figures.begin(), figures.end(), [](const Figure& f) {
    return f.name.entity.group == measures::Group::market && f.name.measure.starts_with("bound");
  });
}

std::vector<double> MetricSelection::values(const world::Results& results) const {
  std::vector<double> values;
  values.reserve(figures.size());
  for (const Figure& f : figures) values.push_back(results.value(f.name));
  return values;
}

sim::Json MetricSelection::json() const {
  sim::Json json = {{"figures", sim::Json::array()}, {"series", sim::Json::array()}};
  for (const Figure& f : figures) {
    json["figures"].push_back(
        sim::Json::array({f.name.entity.text(), f.name.measure, f.name.period, f.unit}));
  }
  for (const Curve& c : series) {
    json["series"].push_back(sim::Json::array({c.name.entity.text(), c.name.measure, c.unit}));
  }
  json["weeks"] = sim::Json::array();
  for (const sim::Time week : weeks) json["weeks"].push_back(week.time_since_epoch().count());
  return json;
}

namespace {

measures::Entity entity_of(const sim::Json& text) {
  const auto entity = measures::Entity::parse(text.get<std::string>());
  if (!entity) throw sim::Json::other_error::create(501, "no entity", &text);
  return *entity;
}

/// Of a day that a calendar has.
sim::Time week_of(const sim::Json& seconds) {
  constexpr std::int64_t most = std::int64_t{86'400} * 366 * 4000;
  const bool is_above =
      seconds.is_number_unsigned() && seconds.get<std::uint64_t>() > std::uint64_t{most};
  // what is no whole number, or is above all of them, is not turned into one
  const auto count =
      seconds.is_number_integer() && !is_above ? seconds.get<std::int64_t>() : most + 1;
  if (count < -most || count > most) {
    throw sim::Json::other_error::create(501, "no week", &seconds);
  }
  return sim::Time(sim::Duration(count));
}

}  // namespace

MetricSelection MetricSelection::from_json(const sim::Json& json) {
  MetricSelection selection;
  for (const sim::Json& f : json.at("figures")) {
    selection.figures.push_back({{entity_of(f.at(0)), f.at(1), f.at(2)}, f.at(3)});
  }
  for (const sim::Json& c : json.at("series")) {
    selection.series.push_back({{entity_of(c.at(0)), c.at(1)}, c.at(2)});
  }
  for (const sim::Json& week : json.at("weeks")) {
    selection.weeks.push_back(week_of(week));
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
      if (!add_matching(study.metrics[i]) && are_named) {
        none_fits("metrics", i, study.metrics[i], figure_names());
      }
    }
    for (const auto& [name, constraint] : study.constraints) {
      const std::string& metric = constraint.metric;
      if (add_figures([&](const auto& figure) { return figure.text() == metric; })) continue;
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
  /// Adds the figures that are wanted by their names; true if any is.
  template <class IsWanted>
  bool add_figures(IsWanted is_wanted) {
    bool any = false;
    for (const world::Metric& m : results_.metrics) {
      for (std::size_t p = 0; p < results_.periods.size(); ++p) {
        if (std::isnan(m.values[p])) continue;
        const measures::FigureName name{m.entity, m.measure, results_.periods[p]};
        if (!is_wanted(name)) continue;
        any = true;
        if (seen_.insert(name.text()).second) selection_.figures.push_back({name, m.unit});
      }
    }
    return any;
  }
  bool add_matching(const std::string& pattern) {
    return add_figures(
        [&](const measures::FigureName& name) { return sim::fits_pattern(pattern, name.text()); });
  }
  /// What a decision is weighed by.
  void add_decision(const study::Decision& decision) {
    using measures::Group;
    const auto add = [&](Group group, std::string_view measure, bool by_quarter) {
      add_figures([&](const measures::FigureName& f) {
        return f.entity.group == group && f.measure == measure &&
               (by_quarter ? measures::is_quarter(f.period) : f.period == measures::whole_run);
      });
    };
    for (const Group party : {Group::sites, Group::customers}) {
      add(party, "cash_flow", true);
      for (const char* level : {"receivable", "payable", "stock_value"}) add(party, level, false);
    }
    for (const char* measure : {"demanded", "delivered", "waited"}) {
      add(Group::customers, measure, true);
    }
    add(Group::customers, "backlog", false);  // who still waits
    add(Group::market, "shipped", true);
    if (!decision.agreement) return;
    const auto agreement = measures::of(Group::agreements, *decision.agreement);
    for (const bool by_quarter : {true, false}) {
      add_figures([&](const measures::FigureName& f) {
        return f.entity == agreement &&
               (by_quarter ? measures::is_quarter(f.period) : f.period == measures::whole_run);
      });
    }
  }
  void add_series(std::size_t i, const std::string& pattern) {
    bool any = false;
    std::vector<std::string> names;
    for (const world::Series& s : results_.series) {
      const measures::SeriesName name{s.entity, s.measure};
      names.push_back(name.text());
      if (!sim::fits_pattern(pattern, names.back())) continue;
      any = true;
      if (seen_.insert(names.back()).second) selection_.series.push_back({name, s.unit});
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
