// What is whole of a damaged store is kept, and nothing else.
#include "models/sweep/repair.hpp"

#include <bit>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sim/output/codec.hpp"
#include "sim/output/database.hpp"
#include "sim/output/file.hpp"
#include "sim/output/own_folder.hpp"
#include "sim/output/run_folder.hpp"
#include "sim/output/store.hpp"
#include "tests/damage/damages.hpp"
#include "tests/unit/output_support.hpp"

namespace optichain::models {
namespace {

namespace fs = std::filesystem;
using sim::put_file;
using sim::read_file;
using sim::TestFolder;

constexpr std::size_t page = 16384;
constexpr std::size_t in_seal = 60;  // a byte of the seal
constexpr std::uint64_t runs = 30;

/// Thirty runs, three of them on a page.
sim::RunResult some_result(std::uint64_t replication) {
  sim::RunResult run{.run = {.key = {"base", "", "", replication}}};
  for (int i = 0; i < 300; ++i) {
    run.kpis.push_back({fmt::format("sites.s{}.cost.2026", i), "usd",
                        1000.5 * i + 7.0 * static_cast<double>(replication)});
  }
  for (int i = 0; i < 20; ++i) {
    run.series.push_back({fmt::format("stocks.s{}.chip", i),
                          "level",
                          "pieces",
                          {1.0 * i, 2, static_cast<double>(replication)}});
  }
  return run;
}

void write_store(const fs::path& path) {
  sim::StoreWriter store(path);
  store.put_meta("engine", "1");
  store.put({.name = "base",
             .hash = "1",
             .weeks = {sim::parse_period("2026-01-05")->begin},
             .inputs = {{.path = "a.b", .value = "3"}}});
  store.put_graph({{sim::NodeRow{"fab", 1}}}, {{sim::LinkRow{"fab", "city", "chip"}}});
  for (std::uint64_t r = 0; r < runs; ++r) store.add(some_result(r));
  store.finish();
}

/// The runs of a repaired store, each of which has to be as it was.
std::set<std::uint64_t> kept_in(const fs::path& file) {
  std::set<std::uint64_t> kept;
  const sim::StoreReader store(file);
  for (const sim::RunRow& row : store.runs()) {
    const sim::RunResult was = some_result(row.key.replication);
    CHECK(row == was.run);
    CHECK(store.kpis(row.key) == was.kpis);
    CHECK(store.series(row.key) == was.series);
    kept.insert(row.key.replication);
  }
  CHECK(store.meta("engine") == "1");
  CHECK(store.scenario("base").weeks.size() == 1);
  return kept;
}

std::string error_of_reading(const fs::path& store) {
  return sim::error_of([&] { sim::StoreReader reader(store); });
}

std::string refusal_of_repair(const fs::path& path, const fs::path& out) {
  return sim::error_of([&] { sweep::repair(path, out); });
}

/// The bytes of a number as SQLite keeps it.
std::string bytes_of(double figure) {
  std::string bytes(sizeof figure, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(std::bit_cast<std::uint64_t>(figure) >> (56 - 8 * i));
  }
  return bytes;
}

TEST_CASE("Repair: nothing is written where nothing is damaged") {
  const TestFolder test;
  write_store(test.path / "s.sqlite");
  CHECK(sweep::repair(test.path / "s.sqlite", {}).is_whole());
  CHECK(sim::names_in(test.path) == sim::Names{"s.sqlite"});
}

TEST_CASE("Repair: whatever page is lost, the runs of the other pages are kept as they were") {
  const TestFolder test;
  const fs::path file = test.path / "s.sqlite";
  write_store(file);
  const std::string whole = read_file(file);
  std::size_t all = 0, part = 0, none = 0;
  std::set<std::uint64_t> ever_lost;
  for (std::size_t p = 0; p < whole.size() / page; ++p) {
    CAPTURE(p);
    std::string damaged = whole;
    damaged.replace(p * page, page, std::string(page, '\0'));
    put_file(file, damaged);
    const fs::path out = test.path / fmt::format("out{}", p);
    sweep::Repair repair;
    const std::string refusal = sim::error_of([&] { repair = sweep::repair(file, out); });
    CHECK(read_file(file) == damaged);  // it is not written to
    if (!refusal.empty()) {
      CHECK(refusal.find("s.sqlite") != std::string::npos);
      CHECK(!fs::exists(out / "results.sqlite"));
      ++none;
      continue;
    }
    CHECK(!repair.is_whole());
    const auto kept = kept_in(out / "results.sqlite");
    CHECK(!kept.empty());
    CHECK(repair.done.front() == fmt::format("{} of {} runs are whole and were written to {}",
                                             kept.size(), runs, (out / "results.sqlite").string()));
    for (std::uint64_t r = 0; r < runs; ++r) {
      if (!kept.contains(r)) ever_lost.insert(r);
    }
    ++(kept.size() == runs ? all : part);
    if (kept.size() < runs) CHECK(!repair.is_mended());
  }
  MESSAGE(all, " pages without loss, ", part, " with some, ", none, " after which nothing is left");
  CHECK(all > 0);  // an index
  CHECK(part >= 8);
  CHECK(ever_lost.size() == runs);
}

TEST_CASE("Repair: one wrong bit costs the run that it is in and no other") {
  const TestFolder test;
  const fs::path file = test.path / "s.sqlite";
  write_store(file);
  const std::string text = read_file(file);
  // the figure 1000.5 * 299 + 7 * 12 stands once in the file
  const double figure = 1000.5 * 299 + 7.0 * 12;
  const std::string bytes = bytes_of(figure);
  const std::size_t at = text.find(bytes);
  REQUIRE(at != std::string::npos);
  REQUIRE(text.find(bytes, at + 1) == std::string::npos);
  put_file(file, flipped(text, at + 5, 4));
  const sweep::Repair repair = sweep::repair(file, {});  // beside it
  CHECK(repair.left == std::vector<std::string>{"lost: replication 12"});
  const auto kept = kept_in(test.path / "s-repaired/results.sqlite");
  CHECK(kept.size() == runs - 1);
  CHECK(!kept.contains(12));
  CHECK(sim::read_manifest(test.path / "s-repaired").at("lost_runs") == 1);
}

TEST_CASE("Repair: one wrong bit in a series costs its run, one in the seal costs nothing") {
  const TestFolder test;
  const fs::path file = test.path / "s.sqlite";
  write_store(file);
  const std::string whole = read_file(file);
  const sim::RunResult result = some_result(21);
  const std::string series = sim::encode(result.series[7].values, result.series[7].codec);
  const std::size_t in_series = whole.find(series);
  REQUIRE(in_series != std::string::npos);
  REQUIRE(whole.find(series, in_series + 1) == std::string::npos);
  for (std::size_t bit = 0; bit < 8 * series.size(); bit += 5) {
    CAPTURE(bit);
    put_file(file, flipped(whole, in_series + bit / 8, 1 << bit % 8));
    const fs::path out = test.path / fmt::format("out{}", bit);
    CHECK(sweep::repair(file, out).left == std::vector<std::string>{"lost: replication 21"});
    CHECK(kept_in(out / "results.sqlite").size() == runs - 1);
  }
  for (const std::size_t byte : {60U, 63U, 68U, 71U}) {
    put_file(file, flipped(whole, byte));
    CHECK(!sim::error_of([&] { sim::StoreReader store(file); }).empty());
    const fs::path out = test.path / fmt::format("seal{}", byte);
    CHECK(sweep::repair(file, out).is_mended());
    CHECK(kept_in(out / "results.sqlite").size() == runs);
  }
}

/// Where in a store the number of a row stands, as one byte, whose cell holds this text: in a leaf
/// of a table each cell begins with the size of its row and its number.
/// Source: https://www.sqlite.org/fileformat2.html section 1.6.
std::size_t place_of_number(const std::string& store, const std::string& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(store.at(i)); };
  const auto two = [&](std::size_t i) { return std::size_t{256} * byte(i) + byte(i + 1); };
  for (std::size_t begin = page; begin < store.size(); begin += page) {
    if (byte(begin) != 13) continue;  // no leaf of a table
    const std::size_t in_page = store.find(text, begin);
    if (in_page >= begin + page) continue;
    std::size_t cell = 0;
    for (std::size_t i = 0; i < two(begin + 3); ++i) {
      const std::size_t start = begin + two(begin + 8 + 2 * i);
      if (start < in_page) cell = std::max(cell, start);
    }
    while (byte(cell) >= 128) ++cell;  // the size of the row
    return cell + 1;
  }
  return 0;
}

TEST_CASE("Repair: a wrong number of a row of the list of runs costs its run alone") {
  const TestFolder test;
  const fs::path file = test.path / "s.sqlite";
  write_store(file);
  std::string sum;
  {
    sim::Database database(file, sim::Database::Access::read);
    sum = database.ask("SELECT xxh3 FROM run WHERE replication = 12");
  }
  const std::string whole = read_file(file);
  const std::size_t number = place_of_number(whole, sum);
  REQUIRE(whole.at(number) == 13);
  put_file(file, flipped(whole, number, 64));  // the 77th between the twelfth and the 14th
  const fs::path out = test.path / "out";
  const sweep::Repair repair = sweep::repair(file, out);
  CHECK(repair.left.front() == "lost: replication 12");
  CHECK(kept_in(out / "results.sqlite").size() == runs - 1);
}

TEST_CASE("Repair: what leads from one table to another is part of what has to be whole") {
  const TestFolder test;
  const fs::path whole = test.path / "whole.sqlite", file = test.path / "s.sqlite";
  write_store(whole);
  struct Change {
    const char* sql;
    std::vector<std::string> left;
  };
  const std::string list =
      "its list of runs is damaged: whether these are its runs, and all of them, cannot be told";
  for (const auto& [sql, left] : std::vector<Change>{
           {"UPDATE series SET node_id = 1 WHERE run_id = 6 AND node_id = 3",
            {"lost: replication 5"}},
           {"UPDATE kpi SET measure_id = 301 WHERE run_id = 6 AND measure_id = 4",
            {"lost: replication 5"}},
           {"DELETE FROM kpi WHERE run_id = 6 AND measure_id = 4", {"lost: replication 5"}},
           {"DELETE FROM series WHERE run_id = 6", {"lost: replication 5"}},
           {"UPDATE run SET status = 'failed' WHERE id = 6", {"lost: replication 5"}},
           {"UPDATE run SET failure = 'why', status = 'failed' WHERE id = 6",
            {"lost: replication 5"}},
           {"UPDATE run SET seed = 77 WHERE id = 6", {"lost: replication 5"}},
           {"UPDATE run SET xxh3 = '' WHERE id = 6", {"lost: replication 5"}},
           {"DELETE FROM run WHERE id = 6", {"lost: 1 run"}},
           {"UPDATE run SET id = 9223372036854775807 WHERE id = 30", {"lost: replication 29"}},
           {"UPDATE run SET id = -5 WHERE id = 30", {"lost: replication 29"}},
           // a run that is whole, under another number; and one that nobody counts
           {"UPDATE run SET id = 31 WHERE id = 30; UPDATE kpi SET run_id = 31 WHERE run_id = 30;"
            "UPDATE series SET run_id = 31 WHERE run_id = 30",
            {list}},
           {"DELETE FROM run WHERE id = 6; UPDATE checksum SET row_count = 29 WHERE part = 'run'",
            {list}},
           {"UPDATE checksum SET xxh3 = '0123456789abcdef' WHERE part = 'store'", {list}}}) {
    CAPTURE(std::string(sql));
    fs::remove(file);
    fs::copy_file(whole, file);
    sim::Database(file, sim::Database::Access::write).run(sql);
    sim::Database(file, sim::Database::Access::write).run("PRAGMA user_version = 1");  // the seal
    const fs::path out = test.path / "out";
    const sweep::Repair repair = sweep::repair(file, out);
    CHECK(repair.left == left);
    kept_in(out / "results.sqlite");
    fs::remove_all(out);
  }
}

TEST_CASE("Repair: half of a change is never taken for a store") {
  const TestFolder test;
  const fs::path file = test.path / "s.sqlite";
  write_store(file);
  const std::string whole = read_file(file);
  for (const char* ending : {"-journal", "-wal"}) {
    const fs::path journal = file.string() + ending;
    put_file(journal, "somebody's");
    CHECK(kept_in(file).size() == runs);  // nothing beside a whole store counts
    CHECK(sweep::repair(file, {}).is_whole());
    put_file(file, flipped(whole, in_seal));
    CHECK(refusal_of_repair(file, test.path / "out").find("is beside it") != std::string::npos);
    CHECK(read_file(journal) == "somebody's");
    CHECK(!fs::exists(test.path / "out"));
    put_file(journal, "");  // SQLite leaves it so, too
    CHECK(sweep::repair(file, test.path / "out").is_mended());
    fs::remove_all(test.path / "out");
    fs::remove(journal);
    put_file(file, whole);
  }
}

/// A folder of a run, as the program leaves it.
void write_run(const fs::path& folder, std::uint64_t first = 0) {
  sim::RunFolder run(folder);
  std::string identity;
  {
    sim::StoreWriter store(run.part("results.sqlite"));
    for (std::uint64_t r = first; r < first + 3; ++r) store.add(some_result(r));
    identity = store.finish();
  }
  run.write("resolved.yaml", "name: x\n");
  run.finish({{"store", identity}});
}

TEST_CASE("Repair: the store of another run does not pass for the one that was written there") {
  const TestFolder test;
  const fs::path run = test.path / "run", store = run / "results.sqlite";
  write_run(run);
  write_run(test.path / "other", 1);
  const std::string own = read_file(store), other = read_file(test.path / "other/results.sqlite");
  for (const std::string& put : {other, flipped(other, in_seal)}) {
    put_file(store, put);
    for (const fs::path& path : {run, store}) {
      CHECK(refusal_of_repair(path, test.path / "out").find("it is the store of another run") !=
            std::string::npos);
      CHECK(!fs::exists(test.path / "out"));
    }
  }
  put_file(store, flipped(own, in_seal));
  CHECK(sweep::repair(run, test.path / "out").is_mended());
  fs::remove_all(test.path / "out");
  // without a manifest nobody knows
  put_file(run / "manifest.json", "{}");
  const sweep::Repair repair = sweep::repair(run, test.path / "out");
  REQUIRE(!repair.is_mended());
  CHECK(repair.left.front().find("cannot be told: the manifest beside it") != std::string::npos);
}

TEST_CASE("Repair: a folder whose list is damaged has it made again of what the manifest says") {
  const TestFolder test;
  const fs::path run = test.path / "run", list = run / ".optichain.json";
  write_run(run);
  const std::string whole = read_file(list);
  const std::size_t size = whole.size();
  for (const std::string& damaged :
       {whole.substr(0, size / 2), std::string(), whole + " x", std::string("{}")}) {
    put_file(list, damaged);
    CHECK(error_of_reading(run / "results.sqlite").find(".optichain.json") != std::string::npos);
    const sweep::Repair repair = sweep::repair(run, {});
    CHECK(repair.damaged.size() == 1);
    CHECK(repair.is_mended());
    CHECK(read_file(list) == whole);
    CHECK(error_of_reading(run / "results.sqlite").empty());
    CHECK(sweep::repair(run, {}).is_whole());
  }
  // a file that was changed before is not taken for whole
  put_file(run / "resolved.yaml", "name: y\n");
  put_file(list, "{}");
  CHECK(sweep::repair(run, {}).damaged.size() == 2);
  CHECK(sweep::repair(run, {}).damaged.size() == 1);
}

TEST_CASE("Repair: one run is one run") {
  const TestFolder test;
  const fs::path file = test.path / "s.sqlite";
  {
    sim::StoreWriter store(file);
    store.add(some_result(0));
    store.finish();
  }
  const std::string text = read_file(file);
  put_file(file, flipped(text, in_seal));
  CHECK(sweep::repair(file, test.path / "out").done ==
        std::vector<std::string>{fmt::format("its 1 run is whole and was written to {}",
                                             (test.path / "out/results.sqlite").string())});
  const std::size_t at = text.find(bytes_of(1000.5 * 299));
  REQUIRE(at != std::string::npos);
  put_file(file, flipped(text, at + 5, 4));
  CHECK(refusal_of_repair(file, test.path / "none").find("no run of it is whole") !=
        std::string::npos);
  CHECK(!fs::exists(test.path / "none"));  // it was made for nothing
}

TEST_CASE("Repair: what is somebody else's is not replaced") {
  const TestFolder test;
  const fs::path file = test.path / "s.sqlite";
  write_store(file);
  put_file(file, flipped(read_file(file), in_seal));
  fs::create_directory(test.path / "mine");
  put_file(test.path / "mine/results.sqlite", "mine");
  CHECK(!sim::refusal_of([&] { sweep::repair(file, test.path / "mine"); }).empty());
  CHECK(read_file(test.path / "mine/results.sqlite") == "mine");
  const sweep::Repair repair = sweep::repair(file, test.path / "out");
  CHECK(repair.is_mended());
  CHECK(kept_in(test.path / "out/results.sqlite").size() == runs);
}

TEST_CASE("Repair: what is no store, or one of which all is lost, is said") {
  const TestFolder test;
  const fs::path file = test.path / "s.sqlite", out = test.path / "out";
  put_file(file, "policy,value\n" + std::string(5000, ' '));
  CHECK(refusal_of_repair(file, out) ==
        fmt::format("cannot read \"{}\": it is no SQLite database", file.string()));
  fs::remove(file);
  {
    sim::StoreWriter store(file);
    store.add(some_result(0));
    store.finish();
  }
  std::string text = read_file(file);
  const std::size_t figure = text.find("stocks.s1.chip");
  REQUIRE(figure != std::string::npos);
  text[figure] = 'S';
  put_file(file, text);
  CHECK(refusal_of_repair(file, out).find("its table \"node\" or the checksum of it is damaged") !=
        std::string::npos);
}

TEST_CASE("Repair: files of a run that nobody can mend are named") {
  const TestFolder test;
  const fs::path folder = test.path / "run";
  {
    sim::RunFolder run(folder);
    write_store(run.part("results.sqlite"));
    run.write("summary.csv", "a,b\n");
    run.write("resolved.yaml", "name: x\n");
    run.finish(sim::Json::object());
  }
  CHECK(sweep::repair(folder, {}).is_whole());
  put_file(folder / "summary.csv", "a,c\n");
  fs::remove(folder / "resolved.yaml");
  const sweep::Repair repair = sweep::repair(folder, {});
  REQUIRE(repair.damaged.size() == 2);
  CHECK(repair.damaged[0] == fmt::format("\"{}\" is missing", (folder / "resolved.yaml").string()));
  CHECK(repair.damaged[1] == fmt::format("\"{}\" is damaged, or was changed since it was written",
                                         (folder / "summary.csv").string()));
  CHECK(repair.done.empty());
  CHECK(!repair.is_mended());
  CHECK(!fs::exists(test.path / "run-repaired"));
}

}  // namespace
}  // namespace optichain::models
