#include <array>
#include <vector>

#include "sim/base/check.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/hash_numbers.hpp"
#include "sim/output/database.hpp"
#include "sim/output/error.hpp"
#include "sim/output/store.hpp"
#include "sim/output/store_schema.hpp"
#include "sim/output/store_seal.hpp"
#include "sim/output/store_sums.hpp"

namespace optichain::sim {
namespace {

/// Gives each name its id in a table; a new name becomes a new row.
class Names {
 public:
  /// `select` gives ids, then what makes up a name; `into` takes `columns` values: what makes up a
  /// name, and what id_of() gets besides.
  Names(Database& database, const char* select, std::string_view into, std::size_t columns)
      : select_(database, fmt::format("{} ORDER BY id", select)),
        insert_(database, into, columns) {}

  /// The row is in the table.
  template <class... Parts>
  std::int64_t id(const Parts&... parts) {
    const std::int64_t id = id_of(std::array{std::string_view(parts)...});
    flush();
    return id;
  }
  /// `more` is what the table takes besides: it is written with a new name and changes no old one.
  /// The row is in the table after the next flush().
  template <std::size_t N, class... More>
  std::int64_t id_of(const std::array<std::string_view, N>& name, const More&... more) {
    load(N);
    key_.clear();
    for (const std::string_view part : name) extend_key(part);
    const auto [number, is_new] = numbers_.find_or_add(wide_hash(key_));
    if (is_new) {
      // what SQLite gives the row; to be told it would take longer
      ids_.push_back(ids_.empty() ? 1 : ids_.back() + 1);
      std::apply([&](const auto&... parts) { insert_.add(parts..., more...); }, name);
    }
    return ids_[number];
  }
  void flush() { insert_.flush(); }

  /// After a transaction that was undone: what is in the table has to be read again.
  void forget() {
    insert_.clear();
    numbers_.clear();
    ids_.clear();
    loaded_ = false;
  }

 private:
  void load(std::size_t parts) {
    if (loaded_) return;
    select_.start();
    while (select_.next()) {
      key_.clear();
      for (std::size_t i = 1; i <= parts; ++i) extend_key(select_.text(static_cast<int>(i)));
      numbers_.find_or_add(wide_hash(key_));
      ids_.push_back(select_.whole(0));
    }
    loaded_ = true;
  }
  void extend_key(std::string_view part) {
    key_ += part;
    key_ += '\0';
  }

  SqlStatement select_;
  BulkInsert insert_;
  HashNumbers numbers_;            // hashes stand for the names, which may be a million
  std::vector<std::int64_t> ids_;  // by number
  std::string key_;
  bool loaded_ = false;
};

/// A store that can be written to: a new one, or an earlier one with its results. It comes before
/// the statements, which cannot be prepared without tables.
class OpenStore {
 public:
  explicit OpenStore(const std::filesystem::path& file) : OpenStore(file, seal_before(file)) {}
  /// Later runs go to a log first, which needs no waiting for the disk. The first one, and the
  /// index at the end, only make the file longer: they are written once, to their place.
  void use_log() {
    if (!has_log_) database.run("PRAGMA journal_mode = WAL");
    has_log_ = true;
  }
  Database database;
  const std::filesystem::path path;

 private:
  /// The file is looked at before SQLite opens it: to close it again would end SQLite's locks.
  static Seal seal_before(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) return Seal::none;
    const Seal seal = seal_of(file);
    // SQLite would play it back: what stands in it is not of a file that was finished
    const auto journal = seal == Seal::right ? journal_beside(file) : std::nullopt;
    if (journal) {
      cannot_write(file, fmt::format("{} beside it is of another file: move it away",
                                     name_in_quotes(journal->filename())));
    }
    return seal;
  }
  OpenStore(const std::filesystem::path& file, Seal seal)
      : database(file, Database::Access::write), path(file) {
    const bool exists = has_store_schema(database);
    if (seal == Seal::wrong &&
        database.ask("SELECT value FROM meta WHERE key = 'complete'") == "1") {
      database.refuse("it is damaged, or was changed since it was finished");
    }
    // One process has the file from here on. That spares SQLite its shared memory, and nobody reads
    // a store that is half written.
    database.run("PRAGMA locking_mode = EXCLUSIVE");
    if (!exists) create_store_schema(database);
    database.run(
        "PRAGMA synchronous = NORMAL;"
        "BEGIN;"
        "DELETE FROM meta WHERE key = 'complete';"
        "DELETE FROM checksum;"
        "COMMIT");
    if (exists) use_log();
  }

  bool has_log_ = false;
};

}  // namespace

struct StoreWriter::Content : OpenStore {
  using OpenStore::OpenStore;

  bool in_transaction = false;
  bool has_runs = false;
  RunSum sum{};  // of the run that is being written

  /// Runs `write` as one transaction, or as a part of the one that is open.
  template <class F>
  void at_once(F write) {
    if (in_transaction) return write();
    Transaction transaction(database);
    in_transaction = true;
    try {
      write();
      in_transaction = false;
      transaction.commit();
    } catch (...) {
      in_transaction = false;
      for (Names* names : {&scenarios, &policies, &futures, &nodes, &measures}) names->forget();
      for (BulkInsert* rows : {&kpis, &series}) rows->clear();
      throw;
    }
    if (has_runs) use_log();
  }

  /// The ids of a key's scenario, policy and future.
  struct Ids {
    std::int64_t scenario, policy, future;
  };
  Ids ids(std::string_view scenario, std::string_view policy, std::string_view future) {
    return {scenarios.id(scenario), policies.id(policy), futures.id(future)};
  }
  /// The row of a new measure is there after the next flush().
  std::int64_t measure(std::string_view name, std::string_view unit, std::string_view good = "") {
    return measures.id_of(std::array{name, unit}, good);
  }
  void flush() {
    nodes.flush();
    measures.flush();
    kpis.flush();
    series.flush();
  }
  struct Found {
    std::int64_t id;
    bool done;
    std::uint64_t seed;
  };
  std::optional<Found> find(const RunKey& key) {
    std::optional<Found> found;
    find_run.start(key.scenario, key.policy, key.future,
                   static_cast<std::int64_t>(key.replication));
    while (find_run.next()) {
      found = {find_run.whole(0), find_run.whole(1) != 0,
               static_cast<std::uint64_t>(find_run.whole(2))};
    }
    return found;
  }

  Names scenarios{database, "SELECT id, name FROM scenario", "INSERT INTO scenario(name)", 1};
  Names policies{database, "SELECT id, name FROM policy", "INSERT INTO policy(name)", 1};
  Names futures{database, "SELECT id, name FROM future", "INSERT INTO future(name)", 1};
  Names nodes{database, "SELECT id, name FROM node", "INSERT INTO node(name)", 1};
  Names measures{database, "SELECT id, name, unit FROM measure",
                 "INSERT INTO measure(name, unit, good)", 3};

  SqlStatement find_run{database,
                        "SELECT run_id, status = 'done', seed FROM v_run WHERE scenario = ?"
                        " AND policy = ? AND future = ? AND replication = ?"};
  SqlStatement insert_run{database,
                          "INSERT INTO run(scenario_id, policy_id, future_id, replication, seed,"
                          " status, failure) VALUES (?, ?, ?, ?, ?, ?, ?)"};
  SqlStatement delete_run{database, "DELETE FROM run WHERE id = ?"};
  SqlStatement sum_up_run{database, "UPDATE run SET xxh3 = ? WHERE id = ?"};
  BulkInsert kpis{database, "INSERT INTO kpi", 3};
  BulkInsert series{database, "INSERT INTO series", 5};
};

std::string RunRow::text() const {
  return fmt::format("{}\n{}\n{}\n{} {}\n{}", key.scenario, key.policy, key.future, key.replication,
                     seed, failure);
}

StoreWriter::StoreWriter(const std::filesystem::path& path)
    : content_(std::make_unique<Content>(path)) {}

StoreWriter::~StoreWriter() = default;

void StoreWriter::put_meta(std::string_view key, std::string_view value) {
  OPTICHAIN_CHECK(key != "schema" && key != "complete", "the store itself writes {}", key);
  SqlStatement(content().database, "INSERT OR REPLACE INTO meta VALUES (?, ?)").run(key, value);
}

void StoreWriter::put(const ScenarioRow& scenario) {
  Content& c = content();
  c.at_once([&] {
    const std::int64_t id = c.scenarios.id(scenario.name);
    SqlStatement other(c.database,
                       "SELECT 1 FROM scenario JOIN run ON run.scenario_id = scenario.id"
                       " WHERE scenario.id = ? AND hash NOT IN ('', ?) LIMIT 1");
    other.start(id, std::string_view(scenario.hash));
    if (other.next()) {
      c.database.refuse(fmt::format(
          "it has runs of another scenario {}; give the store or the scenario a new name",
          in_quotes(scenario.name)));
    }
    std::optional<std::int64_t> parent;
    if (!scenario.parent.empty()) parent = c.scenarios.id(scenario.parent);
    SqlStatement(c.database, "UPDATE scenario SET parent_id = ?, json = ?, hash = ? WHERE id = ?")
        .run(parent, std::string_view(scenario.json), std::string_view(scenario.hash), id);

    SqlStatement(c.database, "DELETE FROM week WHERE scenario_id = ?").run(id);
    SqlStatement insert_week(c.database, "INSERT INTO week VALUES (?, ?, ?)");
    std::int64_t number = 0;
    for (const Date week : scenario.weeks) insert_week.run(id, number++, format_time(week));

    SqlStatement(c.database, "DELETE FROM input WHERE scenario_id = ?").run(id);
    SqlStatement insert_input(c.database, "INSERT INTO input VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const InputRow& i : scenario.inputs) {
      insert_input.run(id, i.path, i.value, i.source, i.confidence, i.assumption_low,
                       i.assumption_high, i.note, i.place);
    }
  });
}

void StoreWriter::put_policy(const OptionRow& policy) {
  Content& c = content();
  c.at_once([&] {
    SqlStatement(c.database, "UPDATE policy SET json = ? WHERE id = ?")
        .run(policy.json, c.policies.id(policy.name));
  });
}

void StoreWriter::put_future(const OptionRow& future) {
  Content& c = content();
  c.at_once([&] {
    SqlStatement(c.database, "UPDATE future SET json = ? WHERE id = ?")
        .run(future.json, c.futures.id(future.name));
  });
}

void StoreWriter::put_graph(std::span<const NodeRow> nodes, std::span<const LinkRow> links) {
  Content& c = content();
  c.at_once([&] {
    SqlStatement update_node(c.database, "UPDATE node SET tier = ? WHERE id = ?");
    for (const NodeRow& node : nodes) update_node.run(node.tier, c.nodes.id(node.name));
    SqlStatement insert_link(c.database,
                             "INSERT OR IGNORE INTO link(from_id, to_id, label) VALUES (?, ?, ?)");
    for (const LinkRow& link : links) {
      const std::int64_t from = c.nodes.id(link.from);
      const std::int64_t to = c.nodes.id(link.to);
      insert_link.run(from, to, link.label);
    }
  });
}

void StoreWriter::put_measures(std::span<const MeasureRow> measures) {
  Content& c = content();
  c.at_once([&] {
    SqlStatement update(c.database, "UPDATE measure SET good = ?, kind = ? WHERE id = ?");
    for (const MeasureRow& m : measures) {
      const std::int64_t id = c.measure(m.name, m.unit);
      c.flush();
      update.run(m.good, m.kind, id);
    }
  });
}

bool StoreWriter::has(const RunKey& key) const {
  const auto found = content().find(key);
  return found && found->done;
}

bool StoreWriter::add(const RunResult& result) {
  OPTICHAIN_CHECK(result.run.failure.empty() || (result.kpis.empty() && result.series.empty()),
                  "a run that failed has no results");
  return add(result.run, [&](Rows& rows) {
    for (const KpiRow& kpi : result.kpis) rows.kpi(kpi.name, kpi.unit, kpi.value);
    for (const SeriesRow& s : result.series) {
      rows.series(s.node, s.measure, s.unit, s.values, s.codec);
    }
  });
}

bool StoreWriter::add(const RunRow& run, const std::function<void(Rows&)>& write) {
  Content& c = content();
  const RunKey& key = run.key;
  const auto earlier = c.find(key);
  if (earlier && earlier->seed != run.seed) {
    c.database.refuse(
        fmt::format("replication {} of scenario {}, policy {}, future {} is there with seed {}",
                    key.replication, in_quotes(key.scenario), in_quotes(key.policy),
                    in_quotes(key.future), earlier->seed));
  }
  if (earlier && earlier->done) return false;

  c.at_once([&] {
    if (earlier) c.delete_run.run(earlier->id);
    const auto ids = c.ids(key.scenario, key.policy, key.future);
    // SQL knows no unsigned numbers: the upper half of the seeds looks negative there
    c.insert_run.run(
        ids.scenario, ids.policy, ids.future, static_cast<std::int64_t>(key.replication),
        static_cast<std::int64_t>(run.seed), run.failure.empty() ? "done" : "failed", run.failure);
    c.sum = {};
    Rows rows(c, sqlite3_last_insert_rowid(c.database.handle()));
    write(rows);
    c.flush();
    c.sum_up_run.run(c.sum.text(run.text()), rows.run_);
    c.has_runs = true;
  });
  return true;
}

void StoreWriter::Rows::kpi(std::string_view name, std::string_view unit, double value,
                            std::string_view good) {
  const std::int64_t measure = content_.measure(name, unit, good);
  content_.sum.add_kpi(measure, value);
  content_.kpis.add(run_, measure, value);
}

void StoreWriter::Rows::series(std::string_view node, std::string_view measure,
                               std::string_view unit, std::span<const double> values, Codec codec) {
  const std::int64_t node_id = content_.nodes.id_of(std::array{node});
  const std::int64_t measure_id = content_.measure(measure, unit);
  const auto way = static_cast<std::int64_t>(codec);
  const std::string data = encode(values, codec);
  content_.sum.add_series(node_id, measure_id, way, data);
  content_.series.add(run_, node_id, measure_id, way, Blob{data});
}

void StoreWriter::together(const std::function<void()>& write) {
  content().at_once(write);
}

std::string StoreWriter::finish() {
  Database& database = content().database;
  // First the results go into the file, then the mark that they are complete: a copy that is taken
  // in between is incomplete and says so.
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
  const std::string mode = database.ask("PRAGMA journal_mode = DELETE");
  if (mode != "delete") database.refuse("it cannot be made one file");
  // Readers find a measure by its name; built in one go the index costs a third of what it costs
  // row by row. The statistics tell SQLite to begin with the measure and not with all figures.
  create_measure_index(database);
  database.run(
      "PRAGMA analysis_limit = 1000;"
      "ANALYZE");
  database.run("PRAGMA locking_mode = NORMAL");
  Transaction end(database);
  std::string identity = write_sums(database);
  database.run("INSERT INTO meta VALUES ('complete', '1')");
  end.commit();
  const std::filesystem::path path = content_->path;
  content_.reset();
  seal_store(path);
  return identity;
}

StoreWriter::Content& StoreWriter::content() const {
  OPTICHAIN_CHECK(content_, "the store is finished");
  return *content_;
}

}  // namespace optichain::sim
