#include "models/condition/load_observations.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "models/measures/figure_name.hpp"
#include "models/study/load.hpp"
#include "sim/input/path.hpp"
#include "sim/input/reader.hpp"
#include "sim/input/schema.hpp"
#include "sim/input/writer.hpp"

namespace optichain::models::condition {
namespace {

constexpr std::string_view period_word = "PERIOD";

std::string with_period(std::string text, const std::string& period) {
  for (std::size_t at = text.find(period_word); at != std::string::npos;
       at = text.find(period_word, at + period.size())) {
    text.replace(at, period_word.size(), period);
  }
  return text;
}

class Loader {
 public:
  explicit Loader(const std::string& file) { out_.file = file; }

  LoadedObservations load() {
    out_.document = sim::Document::load(out_.file, observations_schema(), diagnostics_);
    throw_if_any();
    sim::Reader(diagnostics_).read(out_.document.root(), out_.text, sim::any_number, {});
    throw_if_any();
    for (const auto& [name, series] : out_.text.series) read_series(name, series);
    throw_if_any();
    std::sort(out_.figures.begin(), out_.figures.end(),
              [](const LoadedFigure& a, const LoadedFigure& b) {
                return std::tie(a.time.end, a.series, a.period) <
                       std::tie(b.time.end, b.series, b.period);
              });
    return std::move(out_);
  }

 private:
  void throw_if_any() {
    if (!diagnostics_.empty()) throw sim::InputError(std::move(diagnostics_));
  }
  void error(const std::string& path, std::string message, std::vector<std::string> notes = {}) {
    diagnostics_.error(out_.document.locate(path), path, std::move(message), std::move(notes));
  }

  void read_series(const std::string& name, const ObservedSeries& series) {
    const std::string path = sim::join_path("series", name), metric = path + ".metric";
    if (series.metric.find(period_word) == std::string::npos) {
      return error(metric, fmt::format("expected an expression with PERIOD, received {}",
                                       sim::in_quotes(series.metric)));
    }
    if (series.figures.empty()) error(path + ".figures", "expected at least one figure");
    for (std::size_t i = 0; i < series.figures.size(); ++i) read_figure(name, series, i);
  }

  /// An error of a figure, at one of its keys.
  void figure_error(const std::string& series, std::size_t i, const char* key,
                    std::string message) {
    const std::string list = sim::join_path("series", series) + ".figures";
    const sim::Node& figure = out_.document.find(list)->items().at(i);
    const sim::Node* value = figure.find(key);
    diagnostics_.error(value ? value->mark() : figure.mark(),
                       fmt::format("{}[{}].{}", list, i, key), std::move(message));
  }

  void read_figure(const std::string& name, const ObservedSeries& series, std::size_t i) {
    const PublishedFigure& figure = series.figures[i];
    const std::string& period = figure.period;
    const auto time = sim::parse_period(period);
    if (!time || !(measures::is_quarter(period) || measures::is_year(period))) {
      return figure_error(name, i, "period",
                          fmt::format("expected a quarter (2026Q3) or a year, received {}",
                                      sim::in_quotes(period)));
    }
    if (figure.day && *figure.day < time->end) {
      return figure_error(
          name, i, "day",
          fmt::format("expected a day after the end of {}: what is not over is a forecast",
                      period));
    }
    for (std::size_t k = 0; k < series.figures.size(); ++k) {
      const std::string& other = series.figures[k].period;
      if (k < i && other == period) {
        return figure_error(name, i, "period", fmt::format("{} is there twice", period));
      }
      if (measures::is_year(period) && measures::is_quarter(other) && other.starts_with(period)) {
        return figure_error(
            name, i, "period",
            fmt::format("{} and its quarter {} say the same twice: leave one of them out, or give "
                        "the rest of the year as another series",
                        period, other));
      }
    }
    const std::string metric = sim::join_path("series", name) + ".metric";
    const double deviation = figure.error.value_or(series.error);
    try {
      out_.figures.push_back({name, period, *time, figure.published, deviation,
                              series.discrepancy.value_or(deviation), figure.day, series.unit,
                              sim::Expression(with_period(series.metric, period)), metric,
                              out_.document.locate(metric)});
    } catch (const sim::ExpressionError& e) {
      error(metric,
            fmt::format("expected an expression, received {}", sim::in_quotes(series.metric)),
            {e.what()});
    }
  }

  LoadedObservations out_;
  sim::Diagnostics diagnostics_;
};

}  // namespace

const sim::Schema& observations_schema() {
  static const std::shared_ptr<const sim::Schema> schema = sim::schema_of<ObservationsText>();
  return *schema;
}

bool are_observations(const std::string& file) {
  return study::has_key(file, "series", "base");
}

LoadedObservations load_observations(const std::string& file) {
  return Loader(file).load();
}

void check_metrics(const LoadedObservations& observations, sim::Date end,
                   const world::Results& results) {
  std::set<std::string> reported;
  for (std::size_t p = 0; p < results.periods.size(); ++p) {
    for (const world::Metric& metric : results.metrics) {
      if (std::isnan(metric.values[p])) continue;
      reported.insert(world::metric_name(metric, results.periods[p]));
    }
  }
  const std::vector<std::string> known(reported.begin(), reported.end());
  sim::Diagnostics diagnostics;
  for (const LoadedFigure& figure : observations.figures) {
    if (figure.time.end > end) continue;
    for (const std::string& name : figure.expression.names()) {
      if (reported.contains(name)) continue;
      diagnostics.error(figure.mark, figure.path,
                        fmt::format("there is no metric {}", sim::in_quotes(name)),
                        sim::suggestion(name, known, "metrics"));
    }
  }
  if (!diagnostics.empty()) throw sim::InputError(std::move(diagnostics));
}

}  // namespace optichain::models::condition
