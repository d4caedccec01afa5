// A result store that was changed, value by value or byte by byte, and sealed again as a stranger
// would: every way of reading it gives rows or refuses the file with a sentence.
//
// An input is a list of changes of seven bytes each: what is done, where, and with which value.

#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "sim/output/database.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"
#include "sim/output/store.hpp"
#include "sim/output/store_scan.hpp"
#include "sim/output/store_seal.hpp"

namespace {

namespace fs = std::filesystem;
using namespace optichain::sim;  // NOLINT

fs::path folder() {
  static const fs::path made = [] {
    const fs::path path = fs::temp_directory_path() / fmt::format("fuzzed_stores.{}", ::getpid());
    fs::create_directories(path);
    return path;
  }();
  return made;
}

/// A store with a row or two of everything.
const std::string& whole_store() {
  static const std::string bytes = [] {
    const fs::path path = folder() / "whole.sqlite";
    StoreWriter store(path);
    store.put_meta("engine", "1");
    store.put_meta("study", "name: x");
    const Date monday = parse_period("2025-01-06")->begin;
    store.put({.name = "base",
               .json = "{}",
               .hash = "1",
               .weeks = {monday, monday + std::chrono::days{7}},
               .inputs = {{.path = "a.b", .value = "1", .source = "S1", .assumption_low = 0.5}}});
    store.put_policy({"p", R"({"x":1})"});
    store.put_future({"f", "{}"});
    const std::vector<NodeRow> nodes = {{"fab", 1}, {"shop", std::nullopt}};
    const std::vector<LinkRow> links = {{"fab", "shop", "lamp"}};
    const std::vector<MeasureRow> measures = {{"market.shipped.all", "pieces", "high", "flow"}};
    store.put_graph(nodes, links);
    store.put_measures(measures);
    store.add({.run = {.key = {"base", "p", "f", 2}, .seed = 7, .failure = "why"}});
    for (std::uint64_t r = 0; r < 2; ++r) {
      store.add({.run = {.key = {"base", "p", "f", r}, .seed = 7},
                 .kpis = {{"market.shipped.all", "pieces", 1.5}},
                 .series = {{"fab", "shipped", "pieces", {1, 2}},
                            {"shop", "stock", "pieces", {3, 4}, Codec::packed_f64}}});
    }
    store.finish();
    return read_file(path);
  }();
  return bytes;
}

struct Change {
  std::uint8_t kind, table, column, row, value;
  std::uint16_t size;
};

std::string value_of(const Change& c) {
  switch (c.value % 10) {
    case 0:
      return "-1";
    case 1:
      return "NULL";
    case 2:
      return "9223372036854775807";
    case 3:
      return "1e308";
    case 4:
      return "''";
    case 5:
      return "'../../evil'";
    case 6:
      return fmt::format("zeroblob({})", c.size);
    case 7:
      return fmt::format("randomblob({})", c.size % 200);
    case 8:
      return fmt::format("{}", c.size);
    default:
      return "'{\"x\": [1, {\"y\": null}]}'";
  }
}

std::vector<std::string> names(Database& database, const std::string& query) {
  SqlStatement statement(database, query);
  statement.start();
  std::vector<std::string> found;
  while (statement.next()) found.emplace_back(statement.text(0));
  return found;
}

void change_value(Database& database, const Change& c) {
  const auto tables = names(
      database, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
  if (tables.empty()) return;
  const std::string& table = tables[c.table % tables.size()];
  const auto columns =
      names(database, fmt::format("SELECT name FROM pragma_table_info('{}')", table));
  const std::string& column = columns[c.column % columns.size()];
  const std::string& key = columns.front();
  switch (c.kind % 8) {
    case 0:
      return database.run(fmt::format("DELETE FROM \"{}\"", table).c_str());
    case 1:
      return database.run(
          fmt::format("ALTER TABLE \"{}\" DROP COLUMN \"{}\"", table, column).c_str());
    case 2:
      return database.run(
          fmt::format("INSERT OR IGNORE INTO \"{0}\" SELECT * FROM \"{0}\"", table).c_str());
    default:
      return database.run(fmt::format("UPDATE OR IGNORE \"{0}\" SET \"{1}\" = {2} WHERE \"{3}\" IN"
                                      " (SELECT \"{3}\" FROM \"{0}\" LIMIT 1 OFFSET {4})",
                                      table, column, value_of(c), key, c.row % 4)
                              .c_str());
  }
}

/// Through every way of reading.
void read_all(const fs::path& path) {
  StoreReader store(path);
  for (const std::string& scenario : store.scenarios()) store.scenario(scenario);
  store.policies();
  store.futures();
  store.nodes();
  store.links();
  for (const MeasureRow& measure : store.measures()) store.kpi(measure.name);
  StoreScan scan(
      path, {.kpi = [](std::string_view, std::string_view) { return 0; },
             .series = [](std::string_view, std::string_view, std::string_view) { return 0; }});
  for (const RunRow& run : store.runs()) {
    store.kpis(run.key);
    store.series(run.key);
    scan.kpis(run.key, [](int, double) {});
    scan.series(run.key, [](int, std::span<const double>) {});
  }
  store.series("fab", "shipped");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes = whole_store();
  const fs::path path = folder() / "fuzzed.sqlite";
  std::vector<Change> in_rows;
  for (; size >= 7; data += 7, size -= 7) {
    const Change c{data[0], data[1], data[2],
                   data[3], data[4], static_cast<std::uint16_t>(data[5] << 8 | data[6])};
    if (c.kind < 192) {
      in_rows.push_back(c);
    } else if (c.kind < 250) {  // a byte: the page by table, its place by size
      const std::size_t at = (c.table * std::size_t{16384} + c.size) % bytes.size();
      bytes[at] = static_cast<char>(c.value);
    } else {
      bytes.resize(std::max<std::size_t>(bytes.size() * c.value / 256, 100));
    }
  }
  fs::remove(path);
  write_file(path, bytes);
  try {
    if (!in_rows.empty()) {
      Database database(path, Database::Access::write);
      database.run("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF");
      for (const Change& c : in_rows) {
        try {
          change_value(database, c);
        } catch (const OutputError&) {  // no change that SQLite makes
        }
      }
    }
    seal_store(path);
    read_all(path);
  } catch (const OutputError&) {
  }
  return 0;
}
