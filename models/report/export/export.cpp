#include "models/report/export/export.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>

#include "models/measures/figure_name.hpp"
#include "models/measures/measure.hpp"
#include "models/report/store/comparison.hpp"
#include "models/report/store/store_data.hpp"
#include "models/run/store_file.hpp"
#include "models/run/traces.hpp"
#include "sim/output/json.hpp"
#include "sim/output/store_scan.hpp"

namespace optichain::models::report {
namespace {

using sim::ColumnType;
using sim::ExportTable;
using sim::RowSink;
using sim::TableColumn;
using sim::TableField;

/// What all tables read from; kept alive by their rows.
class OpenStore {
 public:
  explicit OpenStore(const std::filesystem::path& path)
      : file_(run::store_file(path)), store_(file_) {
    for (sim::RunRow& run : store_.runs()) {
      if (run.failure.empty()) {
        done_.push_back(run.key);
      }
      runs_.push_back(std::move(run));
    }
    if (done_.empty()) refuse(path, "expected replications that were done, received none");
  }

  const sim::StoreReader& store() const { return store_; }
  const std::vector<sim::RunRow>& runs() const { return runs_; }
  const std::vector<sim::RunKey>& done() const { return done_; }
  sim::StoreScan scan(sim::StoreScan::Wanted wanted) const {
    return sim::StoreScan(file_, std::move(wanted));
  }

 private:
  std::filesystem::path file_;
  sim::StoreReader store_;
  std::vector<sim::RunRow> runs_;
  std::vector<sim::RunKey> done_;
};
using OpenStorePointer = std::shared_ptr<const OpenStore>;

const std::vector<TableColumn> key_columns = {
    {"scenario", ColumnType::text, "name of the scenario"},
    {"policy", ColumnType::text, "choices that were ours; empty in a plain run"},
    {"future", ColumnType::text, "choices that were not ours; empty in a plain run"}};
const TableColumn replication_column = {
    "replication", ColumnType::whole, "number of the replication: the same number, the same luck"};
const std::vector<TableColumn> figure_columns = {
    {"entity", ColumnType::text, "what is measured, with its group: families.800g, market"},
    {"measure", ColumnType::text, "what of it; the table measures says what it means"},
    {"period", ColumnType::text, "a year, a quarter (2026Q3) or all"},
    {"unit", ColumnType::text, "unit of the value; a share is between 0 and 1"}};

std::vector<TableColumn> joined(std::vector<std::vector<TableColumn>> parts) {
  std::vector<TableColumn> all;
  for (auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

ExportTable runs_table(const OpenStorePointer& source) {
  return {"runs", "every replication",
          joined({key_columns,
                  {replication_column,
                   {"seed", ColumnType::whole, "seed of all random numbers"},
                   {"status", ColumnType::text, "done or failed"},
                   {"failure", ColumnType::text, "why it failed"}}}),
          [source](const RowSink& row) {
            for (const sim::RunRow& run : source->runs()) {
              const bool done = run.failure.empty();
              row(std::vector<TableField>{run.key.scenario, run.key.policy, run.key.future,
                                          run.key.replication, run.seed,
                                          std::string_view(done ? "done" : "failed"), run.failure});
            }
          }};
}

ExportTable inputs_table(const OpenStorePointer& source) {
  return {
      "inputs",
      "what was given, with where it comes from",
      {{"scenario", ColumnType::text, "name of the scenario"},
       {"path", ColumnType::text, "path of the value in the scenario"},
       {"value", ColumnType::text, "as it was written"},
       {"source", ColumnType::text, "keys of its sources"},
       {"confidence", ColumnType::text, "how sure it is"},
       {"low", ColumnType::number, "of an assumption, the least that is defensible"},
       {"high", ColumnType::number, "of an assumption, the most that is defensible"},
       {"note", ColumnType::text, "how it was arrived at"},
       {"place", ColumnType::text, "file, line and column"}},
      [source](const RowSink& row) {
        for (const std::string& name : source->store().scenarios()) {
          for (const sim::InputRow& i : source->store().scenario(name).inputs) {
            row(std::vector<TableField>{name, i.path, i.value, i.source, i.confidence,
                                        i.assumption_low.value_or(std::nan("")),
                                        i.assumption_high.value_or(std::nan("")), i.note, i.place});
          }
        }
      }};
}

/// What a policy or a future sets: nothing in a plain run.
ExportTable settings_table(const OpenStorePointer& source) {
  return {"settings",
          "what each policy and each future of a sweep sets; the rest is as in the scenario",
          {{"kind", ColumnType::text, "policy or future"},
           {"name", ColumnType::text, "as in the columns policy and future of other tables"},
           {"factor", ColumnType::text, "lever or uncertainty of the study"},
           {"setting", ColumnType::text, "number or word that it is set to"}},
          [source](const RowSink& row) {
            const auto put = [&](std::string_view kind, const std::vector<sim::OptionRow>& all) {
              for (const sim::OptionRow& option : all) {
                const auto settings = sim::parse_json(option.json);
                if (!settings || !settings->is_object()) continue;
                for (const auto& [factor, value] : settings->items()) {
                  const std::string text =
                      value.is_string() ? value.get<std::string>() : sim::json_line(value);
                  row(std::vector<TableField>{kind, option.name, factor, text});
                }
              }
            };
            put("policy", source->store().policies());
            put("future", source->store().futures());
          }};
}

/// Every key figure of a store but the traces, by slot.
struct FigureNames {
  struct Name {
    std::string entity, measure, period;
  };
  std::vector<Name> names;
  std::vector<std::string> units;

  int slot(std::string_view name, std::string_view unit, bool years_only) {
    if (run::parse_trace_name(std::string(name))) return -1;
    auto figure = measures::FigureName::parse(name);
    if (!figure) return -1;
    const auto* measure = measures::find_measure(figure->entity.group, figure->measure);
    const bool detail = measure && measure->is_detail();
    if (years_only && (measures::is_quarter(figure->period) || detail)) return -1;
    names.push_back({figure->entity.text(), std::move(figure->measure), std::move(figure->period)});
    units.emplace_back(unit);
    return static_cast<int>(names.size()) - 1;
  }
};

ExportTable figures_table(const OpenStorePointer& source) {
  return {
      "figures", "every key figure of every replication",
      joined({key_columns,
              {replication_column},
              figure_columns,
              {{"value", ColumnType::number, "value in the unit"}}}),
      [source](const RowSink& row) {
        FigureNames figures;
        auto scan = source->scan({[&](std::string_view name, std::string_view unit) {
                                    return figures.slot(name, unit, false);
                                  },
                                  {}});
        for (const sim::RunKey& key : source->done()) {
          scan.kpis(key, [&](int slot, double value) {
            const auto at = static_cast<std::size_t>(slot);
            const FigureNames::Name& f = figures.names[at];
            row(std::vector<TableField>{key.scenario, key.policy, key.future, key.replication,
                                        f.entity, f.measure, f.period, figures.units[at], value});
          });
        }
      }};
}

/// Runs of one scenario, policy and future.
std::map<std::tuple<std::string, std::string, std::string>, std::vector<sim::RunKey>> by_policy(
    const OpenStore& source) {
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<sim::RunKey>> all;
  for (const sim::RunKey& key : source.done()) {
    all[{key.scenario, key.policy, key.future}].push_back(key);
  }
  return all;
}

void summarise_policy(const OpenStore& source, const std::vector<sim::RunKey>& keys,
                      bool years_only, const RowSink& row) {
  FigureNames figures;
  std::vector<std::vector<double>> samples;
  auto scan = source.scan({[&](std::string_view name, std::string_view unit) {
                             const int slot = figures.slot(name, unit, years_only);
                             if (slot >= 0) samples.emplace_back();
                             return slot;
                           },
                           {}});
  for (const sim::RunKey& key : keys) {
    scan.kpis(key, [&](int slot, double value) {
      samples[static_cast<std::size_t>(slot)].push_back(value);
    });
  }
  const sim::RunKey& key = keys.front();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto s = summary_of(samples[i]);
    if (!s) continue;
    const FigureNames::Name& f = figures.names[i];
    row(std::vector<TableField>{key.scenario, key.policy, key.future, f.entity, f.measure, f.period,
                                figures.units[i], std::uint64_t{s->n}, s->mean, s->sd, s->ci95_low,
                                s->ci95_high, s->p05, s->p50, s->p95});
  }
}

ExportTable summary_table(const OpenStorePointer& source, bool years_only) {
  return {"summary", "every key figure over the replications",
          joined({key_columns,
                  figure_columns,
                  {{"n", ColumnType::whole, "replications that report it"},
                   {"mean", ColumnType::number, "mean over them"},
                   {"sd", ColumnType::number, "standard deviation, with n - 1"},
                   {"ci95_low", ColumnType::number, "95 % interval of the mean, by Student's t"},
                   {"ci95_high", ColumnType::number, "its upper end"},
                   {"p05", ColumnType::number, "5 % quantile"},
                   {"p50", ColumnType::number, "median"},
                   {"p95", ColumnType::number, "95 % quantile"}}}),
          [source, years_only](const RowSink& row) {
            for (const auto& [name, keys] : by_policy(*source)) {
              summarise_policy(*source, keys, years_only, row);
            }
          }};
}

ExportTable traces_table(const OpenStorePointer& source) {
  return {"traces", "missing pieces that were handed on from one place to what stood behind it",
          joined({key_columns,
                  {replication_column,
                   {"period", ColumnType::text, "a year, or all"},
                   {"from", ColumnType::text, "customer.product or site.item where they lacked"},
                   {"to", ColumnType::text,
                    "the place that owed them, or kind/item/where that "
                    "bound it: a root cause"},
                   {"pieces", ColumnType::number, "pieces; below 0 where they came back"}}}),
          [source](const RowSink& row) {
            std::vector<run::TraceName> names;
            auto scan = source->scan({[&](std::string_view name, std::string_view) {
                                        auto trace = run::parse_trace_name(std::string(name));
                                        if (!trace) return -1;
                                        names.push_back(std::move(*trace));
                                        return static_cast<int>(names.size()) - 1;
                                      },
                                      {}});
            for (const sim::RunKey& key : source->done()) {
              scan.kpis(key, [&](int slot, double value) {
                const run::TraceName& t = names[static_cast<std::size_t>(slot)];
                row(std::vector<TableField>{key.scenario, key.policy, key.future, key.replication,
                                            t.period, t.from, t.to, value});
              });
            }
          }};
}

struct SeriesLabels {
  std::string entity, measure, unit;
};

void weekly_rows(const OpenStore& source, bool means, const RowSink& row) {
  for (const auto& [name, keys] : by_policy(source)) {
    const auto weeks = source.store().scenario(keys.front().scenario).weeks;
    std::vector<SeriesLabels> series;
    std::vector<std::vector<double>> sums;
    auto scan = source.scan(
        {{}, [&](std::string_view node, std::string_view measure, std::string_view unit) {
           series.push_back({std::string(node), std::string(measure), std::string(unit)});
           sums.emplace_back(weeks.size(), 0.0);
           return static_cast<int>(series.size()) - 1;
         }});
    const auto put = [&](const sim::RunKey& key, std::size_t at, std::span<const double> values) {
      const SeriesLabels& s = series[at];
      std::vector<TableField> fields{key.scenario, key.policy, key.future};
      if (!means) fields.emplace_back(key.replication);
      for (const std::string* text : {&s.entity, &s.measure, &s.unit}) {
        fields.emplace_back(std::string_view(*text));
      }
      const std::size_t week = fields.size();
      fields.resize(week + 2);
      for (std::size_t w = 0; w < std::min(weeks.size(), values.size()); ++w) {
        fields[week] = weeks[w];
        fields[week + 1] = values[w];
        row(fields);
      }
    };
    for (const sim::RunKey& key : keys) {
      scan.series(key, [&](int slot, std::span<const double> values) {
        const auto at = static_cast<std::size_t>(slot);
        if (!means) return put(key, at, values);
        for (std::size_t w = 0; w < std::min(weeks.size(), values.size()); ++w) {
          sums[at][w] += values[w] / static_cast<double>(keys.size());
        }
      });
    }
    for (std::size_t at = 0; means && at < sums.size(); ++at) put(keys.front(), at, sums[at]);
  }
}

ExportTable weekly_table(const OpenStorePointer& source, bool means) {
  std::vector<TableColumn> columns = key_columns;
  if (!means) columns.push_back(replication_column);
  columns = joined(
      {columns,
       {{"entity", ColumnType::text, "what is measured, with its group: stocks.SITE.ITEM"},
        {"measure", ColumnType::text, "what of it; the table measures says what it means"},
        {"unit", ColumnType::text, "unit of the value"},
        {"week", ColumnType::date, "the week's day; flows are those of the week that ends there"},
        {"value", ColumnType::number,
         means ? "mean over replications, single precision" : "value, single precision"}}});
  return {"weekly",
          means ? "every weekly series, mean over replications; series that are zero are left out"
                : "every weekly series of every replication; series that are zero are left out",
          columns, [source, means](const RowSink& row) { weekly_rows(*source, means, row); }};
}

/// The measures that there are, each once, and what they mean.
ExportTable measures_table(const OpenStorePointer& source) {
  return {"measures",
          "what the measures of key figures and series mean",
          {{"group", ColumnType::text, "kind of the entity"},
           {"measure", ColumnType::text, "name of the measure; that of a weekly series, too"},
           {"unit", ColumnType::text, "unit of its values"},
           {"good", ColumnType::text, "direction that is better: high, low, or empty"},
           {"over_time", ColumnType::text,
            "what several weeks or periods have together: sum, mean, at_end, or none"},
           {"meaning", ColumnType::text, "what it counts"}},
          [source](const RowSink& row) {
            std::set<const measures::Measure*> there;
            std::set<std::string> counted;  // measures of series, whatever they are of
            for (const sim::MeasureRow& m : source->store().measures()) {
              const auto figure = measures::FigureName::parse(m.name);
              if (figure) {
                there.insert(measures::find_measure(figure->entity.group, figure->measure));
              } else {
                counted.insert(m.name.substr(0, m.name.find('.')));
              }
            }
            std::set<measures::Group> groups;
            for (const sim::NodeRow& node : source->store().nodes()) {
              if (const auto entity = measures::Entity::parse(node.name)) {
                groups.insert(entity->group);
              }
            }
            for (const measures::Measure& m : measures::all_measures()) {
              const bool is_series = m.is_weekly() && groups.contains(m.group) &&
                                     counted.contains(std::string(m.name));
              if (!is_series && !there.contains(&m)) continue;
              row(std::vector<TableField>{measures::group_word(m.group), m.name, m.unit,
                                          measures::good_word(m.good),
                                          measures::over_time_word(m.over_time), m.meaning});
            }
          }};
}

/// What the tables and their columns are. It describes itself, too.
ExportTable dictionary_table(const std::vector<ExportTable>& tables) {
  ExportTable dictionary{"dictionary",
                         "what the tables and their columns mean",
                         {{"table", ColumnType::text, "name of the table"},
                          {"column", ColumnType::text, "name of the column; empty: the table"},
                          {"type", ColumnType::text, "text, number, whole number or date"},
                          {"meaning", ColumnType::text, "what it holds"}},
                         {}};
  std::vector<std::array<std::string, 4>> rows;
  const auto describe = [&rows](const ExportTable& table) {
    rows.push_back({table.name, "", "", table.meaning});
    for (const TableColumn& c : table.columns) {
      rows.push_back({table.name, c.name, std::string(sim::name_of(c.type)), c.meaning});
    }
  };
  describe(dictionary);
  for (const ExportTable& table : tables) describe(table);
  dictionary.rows = [rows](const RowSink& sink) {
    for (const auto& r : rows) sink(std::vector<TableField>{r[0], r[1], r[2], r[3]});
  };
  return dictionary;
}

}  // namespace

std::vector<ExportTable> export_tables(const std::filesystem::path& path,
                                       const ExportedParts& options) {
  const auto source = std::make_shared<const OpenStore>(path);
  std::vector<ExportTable> tables = {measures_table(source), runs_table(source),
                                     summary_table(source, options.summaries), inputs_table(source),
                                     settings_table(source)};
  if (!options.summaries) {
    tables.push_back(figures_table(source));
    tables.push_back(traces_table(source));
  }
  if (options.weekly != WeeklyExport::none) {
    tables.push_back(weekly_table(source, options.weekly == WeeklyExport::mean));
  }
  tables.insert(tables.begin(), dictionary_table(tables));
  return tables;
}

}  // namespace optichain::models::report
