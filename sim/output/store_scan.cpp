#include "sim/output/store_scan.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/output/database.hpp"
#include "sim/output/error.hpp"

namespace optichain::sim {
namespace {

constexpr int not_wanted = -1;

struct NameRow {
  std::string text, unit;
};

/// A table of names by its ids, which count from 1 on without a gap.
std::vector<NameRow> names(Database& database, const char* sql) {
  std::vector<NameRow> out(1);
  SqlStatement statement(database, sql);
  statement.start();
  while (statement.next()) {
    if (statement.natural(0) != out.size()) database.refuse("its names are not numbered from 1 on");
    out.push_back({std::string(statement.text(1)), std::string(statement.text(2))});
  }
  return out;
}

const NameRow& named(const std::vector<NameRow>& all, std::int64_t id, Database& database) {
  const auto index = static_cast<std::size_t>(id);
  if (id < 1 || index >= all.size()) database.refuse("it uses a name that it does not have");
  return all[index];
}

}  // namespace

struct StoreScan::Content {
  Content(const std::filesystem::path& path, Wanted what)
      : database(path, Database::Access::read),
        wanted(std::move(what)),
        nodes(names(database, "SELECT id, name, '' FROM node ORDER BY id")),
        measures(names(database, "SELECT id, name, unit FROM measure ORDER BY id")),
        kpi_slots(measures.size()),
        run(database,
            "SELECT run_id FROM v_run WHERE scenario = ? AND policy = ? AND future = ?"
            " AND replication = ?"),
        kpis(database, "SELECT measure_id, value FROM kpi WHERE run_id = ? ORDER BY measure_id"),
        series(database,
               "SELECT node_id, measure_id, codec, data FROM series WHERE run_id = ?"
               " ORDER BY node_id, measure_id") {}

  std::int64_t id_of(const RunKey& key) {
    run.start(key.scenario, key.policy, key.future, static_cast<std::int64_t>(key.replication));
    if (!run.next()) database.refuse(fmt::format("it has no replication {}", key.replication));
    const std::int64_t id = run.whole(0);
    run.next();  // to its end, so that it can be bound again
    return id;
  }

  int kpi_slot(std::int64_t measure) {
    const NameRow& name = named(measures, measure, database);
    auto& slot = kpi_slots[static_cast<std::size_t>(measure)];
    if (!slot) slot = wanted.kpi(name.text, name.unit);
    return *slot;
  }

  int series_slot(std::int64_t node, std::int64_t measure) {
    const NameRow& of = named(nodes, node, database);
    const NameRow& name = named(measures, measure, database);
    const auto key =
        static_cast<std::uint64_t>(node) * measures.size() + static_cast<std::uint64_t>(measure);
    const auto [found, added] = series_slots.try_emplace(key, not_wanted);
    if (added) found->second = wanted.series(of.text, name.text, name.unit);
    return found->second;
  }

  Database database;
  Wanted wanted;
  std::vector<NameRow> nodes, measures;
  std::vector<std::optional<int>> kpi_slots;
  std::unordered_map<std::uint64_t, int> series_slots;
  SqlStatement run, kpis, series;
};

StoreScan::StoreScan(const std::filesystem::path& path, Wanted wanted)
    : content_(std::make_unique<Content>(path, std::move(wanted))) {}

StoreScan::~StoreScan() = default;

void StoreScan::kpis(const RunKey& key, const std::function<void(int, double)>& visit) {
  SqlStatement& row = content_->kpis;
  row.start(content_->id_of(key));
  while (row.next()) {
    const int slot = content_->kpi_slot(row.whole(0));
    if (slot >= 0) visit(slot, row.number(1));
  }
}

void StoreScan::series(const RunKey& key,
                       const std::function<void(int, std::span<const double>)>& visit) {
  SqlStatement& row = content_->series;
  row.start(content_->id_of(key));
  while (row.next()) {
    const int slot = content_->series_slot(row.whole(0), row.whole(1));
    if (slot < 0) continue;
    try {
      visit(slot, decode(row.blob(3), static_cast<Codec>(row.whole(2))));
    } catch (const OutputError& error) {
      content_->database.refuse(error.what());
    }
  }
}

}  // namespace optichain::sim
