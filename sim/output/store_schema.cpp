#include "sim/output/store_schema.hpp"

#include <map>
#include <string_view>

#include <fmt/format.h>

#include "sim/base/diagnostics.hpp"
#include "sim/base/number.hpp"

namespace optichain::sim {
namespace {

// Keys begin with the run, so that a run is written in one place: with the node first, every run
// would touch a page for each of its series (measured: README.md).
constexpr const char* schema = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE scenario(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, parent_id INTEGER REFERENCES scenario(id),
  json TEXT NOT NULL DEFAULT '', hash TEXT NOT NULL DEFAULT '');
CREATE TABLE policy(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, json TEXT NOT NULL DEFAULT '');
CREATE TABLE future(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, json TEXT NOT NULL DEFAULT '');
CREATE TABLE input(
  scenario_id INTEGER NOT NULL REFERENCES scenario(id), path TEXT NOT NULL, value TEXT NOT NULL,
  source TEXT NOT NULL, confidence TEXT NOT NULL, assumption_low REAL, assumption_high REAL,
  note TEXT NOT NULL, place TEXT NOT NULL);
CREATE TABLE week(
  scenario_id INTEGER NOT NULL REFERENCES scenario(id), number INTEGER NOT NULL,
  start_date TEXT NOT NULL,
  PRIMARY KEY (scenario_id, number)) WITHOUT ROWID;

CREATE TABLE node(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, tier INTEGER);
CREATE TABLE link(
  id INTEGER PRIMARY KEY, from_id INTEGER NOT NULL REFERENCES node(id),
  to_id INTEGER NOT NULL REFERENCES node(id), label TEXT NOT NULL,
  UNIQUE (from_id, to_id, label));
CREATE TABLE measure(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, good TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT '');

CREATE TABLE run(
  id INTEGER PRIMARY KEY, scenario_id INTEGER NOT NULL REFERENCES scenario(id),
  policy_id INTEGER NOT NULL REFERENCES policy(id),
  future_id INTEGER NOT NULL REFERENCES future(id), replication INTEGER NOT NULL,
  seed INTEGER NOT NULL, status TEXT NOT NULL CHECK (status IN ('done', 'failed')),
  failure TEXT NOT NULL, xxh3 TEXT NOT NULL DEFAULT '',
  UNIQUE (scenario_id, policy_id, future_id, replication));
CREATE TABLE kpi(
  run_id INTEGER NOT NULL REFERENCES run(id), measure_id INTEGER NOT NULL REFERENCES measure(id),
  value REAL,
  PRIMARY KEY (run_id, measure_id)) WITHOUT ROWID;
CREATE TABLE series(
  run_id INTEGER NOT NULL REFERENCES run(id), node_id INTEGER NOT NULL REFERENCES node(id),
  measure_id INTEGER NOT NULL REFERENCES measure(id), codec INTEGER NOT NULL, data BLOB NOT NULL,
  PRIMARY KEY (run_id, node_id, measure_id)) WITHOUT ROWID;
CREATE TABLE checksum(
  part TEXT PRIMARY KEY, row_count INTEGER NOT NULL, xxh3 TEXT NOT NULL) WITHOUT ROWID;

CREATE VIEW v_run AS
  SELECT scenario.name AS scenario, policy.name AS policy, future.name AS future, run.replication,
         run.seed, run.status, run.failure, run.id AS run_id
  FROM run JOIN scenario ON scenario.id = run.scenario_id JOIN policy ON policy.id = run.policy_id
       JOIN future ON future.id = run.future_id;
CREATE VIEW v_kpi AS
  SELECT scenario, policy, future, replication, measure.name AS metric, measure.unit AS unit,
         kpi.value AS value
  FROM v_run JOIN kpi USING (run_id) JOIN measure ON measure.id = kpi.measure_id;
CREATE VIEW v_kpi_summary AS
  SELECT scenario, policy, future, metric, unit, count(value) AS runs, avg(value) AS mean,
         min(value) AS min, max(value) AS max
  FROM v_kpi GROUP BY scenario, policy, future, metric, unit;
CREATE VIEW v_series AS
  SELECT scenario, policy, future, replication, node.name AS node, measure.name AS measure,
         measure.unit AS unit, series.codec AS codec, series.data AS data
  FROM v_run JOIN series USING (run_id) JOIN node ON node.id = series.node_id
       JOIN measure ON measure.id = series.measure_id;
CREATE VIEW v_link AS
  SELECT a.name AS from_node, b.name AS to_node, link.label AS label
  FROM link JOIN node a ON a.id = link.from_id JOIN node b ON b.id = link.to_id;
CREATE VIEW v_input AS
  SELECT scenario.name AS scenario, input.path, input.value, input.source, input.confidence,
         input.assumption_low, input.assumption_high, input.note, input.place
  FROM input JOIN scenario ON scenario.id = input.scenario_id;
)sql";

constexpr const char* measure_index = "CREATE UNIQUE INDEX measure_by_name ON measure(name, unit)";

using Definitions = std::map<std::string, std::string, std::less<>>;  // by type and name

/// What the statements of the schema make, as SQLite keeps it: each statement as it was written.
Definitions definitions_of_schema() {
  Definitions all;
  std::string_view rest = schema;
  for (std::size_t end; (end = rest.find(';')) != rest.npos; rest.remove_prefix(end + 1)) {
    const std::size_t begin = rest.find("CREATE");
    const std::string_view statement = rest.substr(begin, end - begin);
    std::string_view named = statement.substr(std::string_view("CREATE ").size());
    named = named.substr(0, named.find_first_of("( ", named.find(' ') + 1));  // "TABLE meta"
    all.emplace(named, statement);
  }
  return all;
}

/// The version as the database has it; empty if it has none.
std::string version_of(Database& database) {
  const std::string columns =
      database.ask("SELECT count(*) FROM pragma_table_info('meta') WHERE name IN ('key', 'value')");
  return columns == "2" ? database.ask("SELECT value FROM meta WHERE key = 'schema'") : "";
}

}  // namespace

bool has_store_schema(Database& database) {
  if (database.ask("SELECT count(*) FROM sqlite_master") == "0") return false;
  const auto version = parse_number(version_of(database));
  if (!version) database.refuse("it is a SQLite database, but no result store");
  if (*version != store_schema_version) {
    database.refuse(fmt::format("its schema has version {}, and this program works with {}: use {}",
                                format_number(*version), store_schema_version,
                                *version > store_schema_version
                                    ? "a newer program"
                                    : "the program that wrote it, or write it again"));
  }
  return true;
}

void require_store_schema(Database& database) {
  static const Definitions expected = definitions_of_schema();
  constexpr std::string_view of_sqlite = "CREATE TABLE sqlite_stat";
  std::size_t known = 0;
  SqlStatement rows(database,
                    "SELECT upper(type) || ' ' || name, ifnull(sql, ''), name FROM sqlite_master");
  rows.start();
  while (rows.next()) {
    const std::string_view sql = rows.text(1);
    const bool is_index = rows.text(0).starts_with("INDEX ") &&
                          (sql.empty() || sql == std::string_view(measure_index));
    const bool is_statistics =
        sql.starts_with(of_sqlite) && rows.text(0) == fmt::format("TABLE {}", rows.text(2));
    if (is_index || is_statistics) continue;
    const auto found = expected.find(rows.text(0));
    if (found == expected.end() || found->second != sql) {
      database.refuse(
          fmt::format("its tables are not those of a result store ({})", in_quotes(rows.text(2))));
    }
    ++known;
  }
  if (known != expected.size()) {
    database.refuse(fmt::format("it lacks {} of the tables and views of a result store",
                                expected.size() - known));
  }
}

void create_store_schema(Database& database) {
  database.run("PRAGMA page_size = 16384");  // has to come before the first table
  Transaction transaction(database);
  database.run(schema);
  SqlStatement(database, "INSERT INTO meta VALUES ('schema', ?)")
      .run(std::to_string(store_schema_version));
  transaction.commit();
}

void create_measure_index(Database& database) {
  if (database.ask("SELECT count(*) FROM sqlite_master WHERE name = 'measure_by_name'") == "0") {
    database.run(measure_index);
  }
}

}  // namespace optichain::sim
