#include "models/run/run_store.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/measures/measure.hpp"
#include "models/network/filling_time.hpp"
#include "models/network/structure.hpp"
#include "models/run/traces.hpp"
#include "models/run/version.hpp"
#include "sim/base/hash.hpp"
#include "sim/output/csv.hpp"
#include "sim/output/file.hpp"
#include "sim/output/json.hpp"
#include "sim/output/store.hpp"

namespace optichain::models::run {
namespace {

std::vector<sim::InputRow> input_rows(const scenario::LoadedScenario& loaded) {
  std::vector<sim::InputRow> rows;
  for (const sim::Input& input : loaded.inputs) {
    sim::InputRow row{.path = input.path, .value = input.text, .place = input.mark.text()};
    if (const auto& a = input.annotation) {
      row.source = fmt::format("{}", fmt::join(a->sources, " "));
      row.confidence = a->confidence;
      row.note = a->note;
      if (a->assumption) {
        row.assumption_low = a->assumption->low;
        row.assumption_high = a->assumption->high;
        if (a->assumption->factor) row.note += row.note.empty() ? "factor" : " (range: factor)";
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Sites and customers with their tiers, and who buys what from whom.
void put_graph(sim::StoreWriter& store, const Catalog& catalog,
               const network::Structure& structure) {
  std::vector<sim::NodeRow> nodes;
  for (std::size_t s = 0; s < catalog.sites.size(); ++s) {
    nodes.push_back({catalog.sites[s].name, structure.site_tier[s]});
  }
  for (const auto& customer : catalog.customers) nodes.push_back({customer.name, 0});
  std::vector<sim::LinkRow> links;
  for (const auto& channel : catalog.channels) {
    const auto& offer = catalog[channel.offer];
    links.push_back(
        {catalog[offer.site].name, catalog.party_name(channel.buyer), catalog[offer.product].name});
  }
  store.put_graph(nodes, links);
}

void write_summary(const Summaries& metrics, sim::CsvWriter::Sink write) {
  sim::CsvWriter csv(std::move(write), {"metric", "unit", "n", "mean", "sd", "p05", "p50", "p95"});
  metrics.for_each([&](const std::string& name, const std::string& unit, const sim::Summary& s) {
    csv.row(name, unit, s.n, s.mean, s.sd, s.p05, s.p50, s.p95);
  });
}

constexpr const char* filling_key = "filling_weeks";

sim::RunRow row_of(const Catalog& catalog, std::size_t replication, std::uint64_t seed) {
  return {.key = {catalog.scenario.name, "", "", replication}, .seed = seed};
}

}  // namespace

sim::ScenarioRow scenario_row(const scenario::LoadedScenario& loaded, const Catalog& catalog,
                              const std::string& resolved, std::span<const sim::Time> weeks) {
  const sim::Json facts = {{filling_key, network::filling_weeks(catalog)}};
  sim::ScenarioRow scenario{.name = loaded.scenario.name,
                            .json = sim::json_line(facts),
                            .hash = sim::hash_digits(sim::hash_text(resolved)),
                            .inputs = input_rows(loaded)};
  for (const sim::Time week : weeks) {
    scenario.weeks.push_back(std::chrono::floor<std::chrono::days>(week));
  }
  return scenario;
}

double filling_weeks(const sim::ScenarioRow& scenario) {
  const auto facts = sim::parse_json(scenario.json);
  if (!facts || !facts->is_object() || !facts->contains(filling_key)) return 0;
  const sim::Json& weeks = (*facts)[filling_key];
  return weeks.is_number() ? weeks.get<double>() : 0;
}

/// series.csv: a row for each number, exactly as it was counted.
class SeriesFile {
 public:
  explicit SeriesFile(const std::filesystem::path& path)
      : file_(path),
        csv_([this](std::string_view row) { file_.write(row); },
             {"replication", "date", "entity", "measure", "unit", "value"}) {}
  void add(std::size_t replication, const world::Results& results) {
    for (const world::Series& s : results.series) {
      const std::string entity = s.entity.text();
      for (std::size_t w = 0; w < s.values.size(); ++w) {
        csv_.row(replication, sim::format_time(results.weeks[w]), entity, s.measure, s.unit,
                 s.values[w]);
      }
    }
  }
  void close() { file_.close(); }

 private:
  sim::OutputFile file_;
  sim::CsvWriter csv_;
};

std::string summary_csv(const Summaries& metrics) {
  std::string text;
  write_summary(metrics, [&](std::string_view row) { text += row; });
  return text;
}

RunWriter::RunWriter(sim::RunFolder& folder, const scenario::LoadedScenario& loaded,
                     const Catalog& catalog, std::uint64_t seed)
    : folder_(folder),
      loaded_(loaded),
      catalog_(catalog),
      seed_(seed),
      resolved_(scenario::resolved_yaml(loaded)),
      store_(std::make_unique<sim::StoreWriter>(folder.part("results.sqlite"))) {}

RunWriter::~RunWriter() = default;

void RunWriter::write_series() {
  series_ = std::make_unique<SeriesFile>(folder_.part("series.csv"));
}

/// What the store says of the scenario; the weeks are known from the first results.
void RunWriter::describe(const world::Results& first) {
  store_->put_meta("engine", engine());
  store_->put(scenario_row(loaded_, catalog_, resolved_, first.weeks));
  put_graph(*store_, catalog_,
            network::analyse_structure(catalog_, state::Realisation(catalog_),
                                       network::FlowGraph(catalog_), catalog_.start()));
  described_ = true;
}

void RunWriter::add(std::size_t replication, const world::Results& results) {
  store_->together([&] { add_to_store(replication, results); });
  if (series_) series_->add(replication, results);
}

void RunWriter::add_to_store(std::size_t replication, const world::Results& results) {
  if (!described_) describe(results);
  store_->add(row_of(catalog_, replication, seed_), [&](sim::StoreWriter::Rows& rows) {
    for (const world::Metric& m : results.metrics) {
      const std::string good(measures::good_direction(m.entity.group, m.measure));
      for (std::size_t p = 0; p < results.periods.size(); ++p) {
        if (std::isnan(m.values[p])) continue;
        rows.kpi(world::metric_name(m, results.periods[p]), m.unit, m.values[p], good);
      }
    }
    for (std::size_t p = 0; p < results.traces.size(); ++p) {
      for (const causes::Trace& t : results.traces[p]) {
        rows.kpi(trace_name(t, results.periods[p]), "pieces", static_cast<double>(t.pieces));
      }
    }
    for (const world::Series& s : results.series) {
      rows.series(s.entity.text(), s.measure, s.unit, s.values);
    }
  });
}

void RunWriter::finish(const Replications& runs, const Summaries& metrics) {
  sim::Json failed = sim::Json::array();
  for (const auto& failure : runs.failures) {
    sim::RunResult run;
    run.run = row_of(catalog_, failure.replication, seed_);
    run.run.failure = failure.reason;
    store_->add(run);
    failed.push_back(failure.replication);
  }
  const std::string identity = store_->finish();
  store_.reset();
  if (series_) series_->close();
  sim::OutputFile summary(folder_.part("summary.csv"));
  write_summary(metrics, [&](std::string_view row) { summary.write(row); });
  summary.close();
  folder_.write("resolved.yaml", resolved_);
  folder_.finish({{"engine", engine()},
                  {"store", identity},
                  {"scenario", catalog_.scenario.name},
                  {"seed", seed_},
                  {"replications", runs.done.size()},
                  {"failed_replications", failed},
                  {"fingerprint", runs.fingerprint()}});
}

}  // namespace optichain::models::run
