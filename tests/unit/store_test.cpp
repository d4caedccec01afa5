#include "sim/output/store.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <ctime>
#include <limits>

#include <doctest/doctest.h>
#include <unistd.h>

#include "sim/output/codec.hpp"
#include "sim/output/database.hpp"
#include "sim/output/file.hpp"
#include "tests/unit/output_support.hpp"

namespace optichain::sim {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// --- store -------------------------------------------------------------------------------------

TEST_CASE("Store: what is written is read back by its names") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  const Date monday = parse_period("2026-01-05")->begin;
  const ScenarioRow base = {
      .name = "base",
      .parent = "empty",
      .json = "{}",
      .hash = "00ff",
      .weeks = {monday, monday + std::chrono::weeks{1}},
      .inputs = {{"sites.fab.rate", "12", "report; survey", "B", 10, 15, "read off", "a.yaml:3:7"},
                 {"sites.fab.name", "\"Fab\"", "", "", {}, {}, "", "a.yaml:4:7"}}};
  const std::vector<NodeRow> nodes = {{"fab", 1}, {"plant", 2}, {"customer", {}}};
  const std::vector<LinkRow> links = {
      {"fab", "plant", "chip"}, {"fab", "plant", "wafer"}, {"plant", "customer", ""}};
  const std::vector<MeasureRow> measures = {{"shipped", "pieces", "high", "flow"}};
  {
    StoreWriter store(path);
    store.put_meta("engine", "1.2.3");
    store.put(base);
    store.put_policy({"stock", "{\"level\":3}"});
    store.put_future({"boom", "{}"});
    store.put_graph(nodes, links);
    store.put_graph(nodes, links);  // twice is once
    store.put_measures(measures);
    CHECK(store.add(some_run(3)));
    store.finish();
  }
  const StoreReader store(path);
  CHECK(store.meta("engine") == "1.2.3");
  CHECK(store.meta("schema") == "3");
  CHECK(store.meta("nothing") == std::nullopt);
  CHECK(store.scenarios() == std::vector<std::string>{"base", "empty"});
  CHECK(store.scenario("base") == base);
  CHECK(store.policies() == std::vector<OptionRow>{{"stock", "{\"level\":3}"}});
  CHECK(store.futures() == std::vector<OptionRow>{{"boom", "{}"}});
  CHECK(store.nodes() == nodes);
  CHECK(store.links() == links);
  CHECK(store.measures().front() == measures.front());
  const RunResult run = some_run(3);
  CHECK(store.runs() == std::vector<RunRow>{run.run});
  CHECK(store.kpis(run.run.key) == run.kpis);
  CHECK(store.series(run.run.key) == run.series);
  CHECK(store.series(run.run.key, "plant", "shipped") == run.series.front());
  CHECK(store.series(run.run.key, "plant", "scrap") == std::nullopt);
}

TEST_CASE("Store: the first figure of a name says which direction is better") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  {
    StoreWriter store(path);
    store.add(some_run(1).run, [](StoreWriter::Rows& rows) {
      rows.kpi("fill", "share", 1, "high");
      rows.kpi("pieces", "pieces", 2);
      rows.kpi("unmet", "pieces", 3, "low");
    });
    store.add(some_run(2).run,
              [](StoreWriter::Rows& rows) { rows.kpi("fill", "share", 4, "low"); });
    store.finish();
  }
  CHECK(StoreReader(path).measures() == std::vector<MeasureRow>{{"fill", "share", "high"},
                                                                {"pieces", "pieces", ""},
                                                                {"unmet", "pieces", "low"}});
}

TEST_CASE("Store: runs are given in the order of their keys, whatever came first") {
  const TestFolder test;
  {
    StoreWriter store(test.path / "s.sqlite");
    for (const std::uint64_t i : {10U, 2U, 7U}) store.add(some_run(i));
    store.finish();
  }
  const StoreReader store(test.path / "s.sqlite");
  std::vector<std::uint64_t> runs, figures, curves;
  for (const RunRow& run : store.runs()) runs.push_back(run.key.replication);
  for (const auto& [key, value] : store.kpi("market.fill_rate.all")) {
    figures.push_back(key.replication);
    CHECK(value == 0.1);
  }
  for (const auto& [key, series] : store.series("plant", "shipped")) {
    curves.push_back(key.replication);
    CHECK(series.values.back() == static_cast<double>(key.replication));
  }
  const std::vector<std::uint64_t> expected = {2, 7, 10};
  CHECK(runs == expected);
  CHECK(figures == expected);
  CHECK(curves == expected);
}

TEST_CASE("Store: the same run again changes nothing") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  StoreWriter store(path);
  CHECK_FALSE(store.has(some_run(1).run.key));
  CHECK(store.add(some_run(1)));
  CHECK(store.has(some_run(1).run.key));
  RunResult again = some_run(1);
  again.kpis = {{"other", "usd", 1}};
  CHECK_FALSE(store.add(again));
  store.finish();
  CHECK(StoreReader(path).kpis(again.run.key) == some_run(1).kpis);
}

TEST_CASE("Store: the same run with another seed is an error") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  StoreWriter store(path);
  RunResult run = some_run(1);
  run.run.seed = std::numeric_limits<std::uint64_t>::max();
  store.add(run);
  CHECK(error_of([&] { store.add(some_run(1)); }) ==
        fmt::format("cannot write to \"{}\": replication 1 of scenario \"base\", policy \"stock\", "
                    "future \"boom\" is there with seed 18446744073709551615",
                    path.string()));
}

TEST_CASE("Store: a run that failed is recorded with its reason and can be done again") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  const RunRow failed = {.key = some_run(1).run.key, .seed = 1, .failure = "stock below zero"};
  {
    StoreWriter store(path);
    CHECK(store.add({.run = failed}));
    CHECK_FALSE(store.has(failed.key));
    store.finish();
  }
  CHECK(StoreReader(path).runs() == std::vector<RunRow>{failed});
  {
    StoreWriter store(path);
    CHECK(store.add(some_run(1)));
    CHECK(store.has(failed.key));
    store.finish();
  }
  CHECK(StoreReader(path).runs() == std::vector<RunRow>{some_run(1).run});
  CHECK(StoreReader(path).kpis(failed.key) == some_run(1).kpis);
}

TEST_CASE("Store: a scenario that changed since its runs were written is an error") {
  const TestFolder test;
  StoreWriter store(test.path / "s.sqlite");
  store.put({.name = "base", .hash = "1"});
  store.put({.name = "base", .hash = "2"});  // no run was made of the first
  store.add(some_run(1));
  CHECK_NOTHROW(store.put({.name = "base", .hash = "2"}));
  CHECK(error_of([&] { store.put({.name = "base", .hash = "3"}); })
            .ends_with("it has runs of another scenario \"base\"; give the store or the scenario a "
                       "new name"));
}

TEST_CASE("Store: after a write that failed the store can still be written to") {
  const TestFolder test;
  StoreWriter store(test.path / "s.sqlite");
  RunResult twice = some_run(1);
  twice.kpis = {{"new", "usd", 1}, {"new", "usd", 2}};
  CHECK(error_of([&] { store.add(twice); })
            .ends_with("UNIQUE constraint failed: kpi.run_id, "
                       "kpi.measure_id"));
  // the ids that the failed run had given to names are not used any more
  twice.kpis = {{"other", "usd", 1}, {"new", "usd", 2}};
  CHECK(store.add(twice));
  store.finish();
  CHECK(StoreReader(test.path / "s.sqlite").kpis(twice.run.key) == twice.kpis);
}

TEST_CASE("Store: figures are kept to the last digit and NaN stays NaN") {
  const TestFolder test;
  RunResult run = some_run(0);
  const std::vector<double> values = {0.1,     -1.0 / 3, 5e16 + 8, 5e-324,
                                      1.7e308, infinity, -infinity};
  run.kpis.clear();
  for (std::size_t i = 0; i < values.size(); ++i)
    run.kpis.push_back({fmt::format("k{}", i), "", values[i]});
  run.kpis.push_back({"nan", "", nan});
  {
    StoreWriter store(test.path / "s.sqlite");
    store.add(run);
    store.finish();
  }
  const auto kpis = StoreReader(test.path / "s.sqlite").kpis(run.run.key);
  REQUIRE(kpis.size() == values.size() + 1);
  for (std::size_t i = 0; i < values.size(); ++i) CHECK(kpis[i].value == values[i]);
  CHECK(std::isnan(kpis.back().value));
}

TEST_CASE("Store: a measure may have two units, and each run keeps its own") {
  const TestFolder test;
  RunResult a = some_run(0), b = some_run(1);
  a.kpis = {{"m", "usd", 1}, {"m", "pieces", 2}};
  b.kpis = {{"m", "pieces", 3}};
  {
    StoreWriter store(test.path / "s.sqlite");
    store.add(a);
    store.add(b);
    store.finish();
  }
  const StoreReader store(test.path / "s.sqlite");
  CHECK(store.kpis(a.run.key) == a.kpis);
  CHECK(store.kpis(b.run.key) == b.kpis);
}

TEST_CASE("Store: names may be anything") {
  const TestFolder test;
  RunResult run = some_run(0);
  run.run.key = {"it's \"x\"; --", "", "日本\n", 0};
  run.kpis = {{"a%b_c", "°C", 1}};
  {
    StoreWriter store(test.path / "s.sqlite");
    store.add(run);
    store.finish();
  }
  const StoreReader store(test.path / "s.sqlite");
  CHECK(store.runs().front().key == run.run.key);
  CHECK(store.kpis(run.run.key) == run.kpis);
}

TEST_CASE("Store: when it is finished it is one file that travels alone") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  StoreWriter store(path);
  store.add(some_run(0));
  store.add(some_run(1));
  CHECK(names_in(test.path).contains("s.sqlite-wal"));
  store.finish();
  CHECK(names_in(test.path) == Names{"s.sqlite"});
  CHECK(StoreReader(path).runs().size() == 2);
  CHECK(names_in(test.path) == Names{"s.sqlite"});  // reading leaves nothing behind either
  Database database(path, Database::Access::read);
  CHECK(database.ask("PRAGMA journal_mode") == "delete");
  CHECK(database.ask("PRAGMA page_size") == "16384");
  CHECK(database.ask("PRAGMA integrity_check") == "ok");
  CHECK(database.ask("PRAGMA foreign_key_check") == "");
}

TEST_CASE("Store: one that was never finished is not read") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  { StoreWriter(path).add(some_run(0)); }
  CHECK(error_of([&] { StoreReader store(path); }) ==
        fmt::format("cannot read \"{}\": it is incomplete: the run that writes it has not finished",
                    path.string()));
  StoreWriter(path).finish();
  CHECK(StoreReader(path).runs().size() == 1);
}

TEST_CASE("Store: runs can be added to a finished one, which is incomplete meanwhile") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  {
    StoreWriter store(path);
    store.add(some_run(0));
    store.finish();
  }
  { StoreWriter(path).add(some_run(1)); }
  CHECK(error_of([&] { StoreReader store(path); }).find("it is incomplete") != std::string::npos);
  StoreWriter(path).finish();
  CHECK(StoreReader(path).runs().size() == 2);
}

TEST_CASE("Store: kill -9 leaves whole runs, and the store goes on from there") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  run_and_kill([&](const auto& ready) {
    StoreWriter store(path);
    for (std::uint64_t i = 0; i < 200; ++i) store.add(some_run(i));
    RunResult unfinished = some_run(999);
    unfinished.kpis.push_back(unfinished.kpis.front());  // fails after half of it is written
    error_of([&] { store.add(unfinished); });
    ready();
  });
  CHECK(error_of([&] { StoreReader store(path); }).find("it is incomplete") != std::string::npos);
  StoreWriter store(path);
  for (std::uint64_t i = 0; i < 200; ++i) CHECK_FALSE(store.add(some_run(i)));
  CHECK_FALSE(store.has(some_run(999).run.key));
  store.finish();
  CHECK(StoreReader(path).runs().size() == 200);
}

TEST_CASE("Store: kill -9 in the first run leaves a store without it") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  run_and_kill([&](const auto& ready) {
    StoreWriter store(path);
    store.add(some_run(0).run, [&](StoreWriter::Rows& rows) {
      for (int k = 0; k < 200'000; ++k) rows.kpi(fmt::format("a figure of some name {}", k), "", k);
      ready();
      while (true) ::pause();
    });
  });
  CHECK(fs::file_size(path) > 1'000'000);  // more than SQLite keeps in memory is in the file
  StoreWriter store(path);
  CHECK_FALSE(store.has(some_run(0).run.key));
  CHECK(store.add(some_run(0)));
  store.finish();
  CHECK(names_in(test.path) == Names{"s.sqlite"});
  CHECK(StoreReader(path).kpis(some_run(0).run.key) == some_run(0).kpis);
  CHECK(Database(path, Database::Access::read).ask("PRAGMA integrity_check") == "ok");
}

TEST_CASE("Store: a run has all its rows, however many go into a statement") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  std::vector<RunResult> runs;
  for (const int rows : {0, 1, 63, 64, 65, 128, 200}) {
    RunResult& run = runs.emplace_back(RunResult{.run = {.key = {"a", "", "", runs.size()}}});
    for (int i = rows; i-- > 0;) {  // names that are there come in another order, new ones first
      run.kpis.push_back({fmt::format("kpi {}", i), "usd", i / 7.0});
      run.series.push_back({fmt::format("node {}", i), "stock", "pieces", {1.0 * i, 2}});
    }
  }
  {
    StoreWriter store(path);
    for (const RunResult& run : runs) CHECK(store.add(run));
    store.finish();
  }
  const StoreReader store(path);
  for (const RunResult& run : runs) {
    CAPTURE(run.kpis.size());
    const auto kpis = store.kpis(run.run.key);
    CHECK(std::is_permutation(kpis.begin(), kpis.end(), run.kpis.begin(), run.kpis.end()));
    const auto series = store.series(run.run.key);
    CHECK(std::is_permutation(series.begin(), series.end(), run.series.begin(), run.series.end()));
  }
}

TEST_CASE("Store: names that come to a finished one are new rows, whatever order the old are in") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  const auto run_with = [](std::uint64_t number, std::vector<std::string> names) {
    RunResult run{.run = {.key = {"a", "", "", number}}};
    for (const std::string& name : names) {
      run.kpis.push_back({name, "usd", 1.5});
      run.series.push_back({name, "stock", "pieces", {1, 2}});
    }
    return run;
  };
  const std::array runs = {run_with(0, {"c", "b", "a"}), run_with(1, {"a", "d", "b"})};
  for (const RunResult& run : runs) {
    StoreWriter store(path);
    CHECK(store.add(run));
    store.finish();
  }
  const StoreReader store(path);
  CHECK(store.kpis(runs[0].run.key) == runs[0].kpis);
  CHECK(store.kpis(runs[1].run.key) ==
        std::vector<KpiRow>{{"b", "usd", 1.5}, {"a", "usd", 1.5}, {"d", "usd", 1.5}});
  for (const RunResult& run : runs) {
    for (const SeriesRow& s : run.series) CHECK(store.series(run.run.key, s.node, "stock") == s);
  }
}

TEST_CASE("Store: what SQLite would play back into a finished one is not its own") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  {
    StoreWriter store(path);
    store.add(some_run(0));
    store.finish();
  }
  const std::string whole = read_file(path);
  // the log of another store, as a process that was killed leaves it
  const fs::path other = test.path / "other.sqlite";
  run_and_kill([&](const auto& ready) {
    StoreWriter store(other);
    store.add(some_run(1));
    store.add(some_run(2));
    ready();
    ::pause();
  });
  REQUIRE(fs::file_size(other.string() + "-wal") > 0);
  fs::copy_file(other.string() + "-wal", path.string() + "-wal");
  CHECK(StoreReader(path).runs().size() == 1);
  CHECK(
      error_of([&] { StoreWriter store(path); }) ==
      fmt::format("cannot write to \"{}\": \"s.sqlite-wal\" beside it is of another file: move it "
                  "away",
                  path.string()));
  CHECK(read_file(path) == whole);
  // the other one is never read half, and to look at it leaves it as it is
  const Names names = names_in(test.path);
  CHECK(error_of([&] { StoreReader store(other); }).find("it is incomplete") != std::string::npos);
  CHECK(error_of([&] { peek_store_meta(other, "study"); }).empty());
  CHECK(names_in(test.path) == names);
  StoreWriter(other).finish();
  CHECK(StoreReader(other).runs().size() == 2);
}

TEST_CASE("Store: while it is written no other process can open it") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  StoreWriter store(path);
  store.add(some_run(0));
  const auto errors_of_another_process = [&] {
    const std::string read = error_of([&] { StoreReader other(path); });
    const std::string write = error_of([&] { StoreWriter other(path); });
    return read == fmt::format("cannot read \"{}\": another program is using it", path.string()) &&
                   write == fmt::format("cannot write to \"{}\": another program is using it",
                                        path.string())
               ? 0
               : 1;
  };
  CHECK(exit_code_of(errors_of_another_process) == 0);
}

TEST_CASE("Store: a forked child that ends leaves its parent's store alone") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  auto store = std::make_unique<StoreWriter>(path);
  store->add(some_run(0));
  CHECK(exit_code_of([&] {
          store.reset();
          return 0;
        }) == 0);
  store->add(some_run(1));
  store->finish();
  CHECK(StoreReader(path).runs().size() == 2);
}

TEST_CASE("Store: what is no store is refused with the reason") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  const auto refused = [&](std::string_view read, std::string_view write) {
    CHECK(error_of([&] { StoreReader store(path); }) ==
          fmt::format("cannot read \"{}\": {}", path.string(), read));
    if (!write.empty()) {
      CHECK(error_of([&] { StoreWriter store(path); }) ==
            fmt::format("cannot write to \"{}\": {}", path.string(), write));
    }
  };
  refused("No such file or directory", "");
  put_file(path, "");
  refused("it is no result store", "");
  put_file(path, "policy,value\nbase,1\n" + std::string(5000, ' '));
  refused("it is no SQLite database", "it is no SQLite database");
  fs::remove(path);
  fs::create_directory(path);
  refused("Is a directory", "Is a directory");
  fs::remove(path);
  Database(path, Database::Access::write).run("CREATE TABLE meta(x)");
  refused("it is a SQLite database, but no result store",
          "it is a SQLite database, but no result store");
  fs::remove(path);
  StoreWriter(path).finish();
  Database(path, Database::Access::write).run("UPDATE meta SET value = '4' WHERE key = 'schema'");
  refused("its schema has version 4, and this program works with 3: use a newer program",
          "its schema has version 4, and this program works with 3: use a newer program");
  Database(path, Database::Access::write).run("UPDATE meta SET value = '0' WHERE key = 'schema'");
  refused(
      "its schema has version 0, and this program works with 3: use the program that wrote it, or "
      "write it again",
      "");
}

TEST_CASE("Store: a file that was cut short anywhere is refused") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  {
    StoreWriter store(path);
    for (std::uint64_t i = 0; i < 50; ++i) store.add(some_run(i));
    store.finish();
  }
  const std::string whole = read_file(path);
  for (std::size_t length = 0; length < whole.size(); length += 4000) {
    put_file(path, whole.substr(0, length));
    CAPTURE(length);
    CHECK(error_of([&] { StoreReader store(path); }) != "");
  }
  put_file(path, whole.substr(0, whole.size() - 1));
  CHECK(error_of([&] { StoreReader store(path); }) ==
        fmt::format("cannot read \"{}\": it is damaged, or was changed or replaced since it was "
                    "written: `optichain repair` keeps what is whole",
                    path.string()));
}

TEST_CASE("Store: a file with damaged pages gives errors and no crash") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  {
    StoreWriter store(path);
    for (std::uint64_t i = 0; i < 50; ++i) store.add(some_run(i));
    store.finish();
  }
  const std::string whole = read_file(path);
  int errors = 0;
  for (std::size_t page = 1; page < whole.size() / 16384; ++page) {
    std::string damaged = whole;
    for (std::size_t i = 0; i < 16384; i += 3) damaged[page * 16384 + i] = '\x5a';
    put_file(path, damaged);
    const std::string error = error_of([&] {
      const StoreReader store(path);
      for (const RunRow& run : store.runs()) {
        store.kpis(run.key);
        store.series(run.key);
      }
    });
    errors += error.empty() ? 0 : 1;
  }
  CHECK(errors > 0);
}

TEST_CASE("Store: in SQL the views show names and no ids") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  {
    StoreWriter store(path);
    store.put({.name = "base", .inputs = {{.path = "sites.fab.rate", .value = "12"}}});
    store.put_graph({}, {{LinkRow{"fab", "plant", "chip"}}});
    RunResult run = some_run(1);
    run.kpis = {{"fill", "share", 0.5}};
    store.add(run);
    run.run.key.replication = 2;
    run.kpis = {{"fill", "share", 1}};
    store.add(run);
    store.finish();
  }
  Database database(path, Database::Access::read);
  const auto line = [&](const std::string& columns, const std::string& view) {
    std::string all;  // a || ',' || b
    for (const char c : columns) all += c == ',' ? std::string(" || ',' || ") : std::string(1, c);
    return database.ask(("SELECT " + all + " FROM " + view).c_str());
  };
  CHECK(line("scenario,policy,future,replication,metric,unit,value", "v_kpi") ==
        "base,stock,boom,1,fill,share,0.5");
  CHECK(line("scenario,policy,future,metric,unit,runs,mean,min,max", "v_kpi_summary") ==
        "base,stock,boom,fill,share,2,0.75,0.5,1.0");
  CHECK(line("scenario,policy,future,replication,seed,status,failure", "v_run") ==
        "base,stock,boom,1,1,done,");
  CHECK(line("scenario,policy,future,replication,node,measure,unit,codec", "v_series") ==
        "base,stock,boom,1,plant,shipped,pieces,1");
  CHECK(line("from_node,to_node,label", "v_link") == "fab,plant,chip");
  CHECK(line("scenario,path,value", "v_input") == "base,sites.fab.rate,12");
}

TEST_CASE("Store: one figure of many runs is found without reading all the others") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  {
    StoreWriter store(path);
    for (std::uint64_t i = 0; i < 20; ++i) {
      RunResult run = some_run(i);
      run.series.clear();
      for (int k = 0; k < 100; ++k) run.kpis.push_back({fmt::format("kpi_{}", k), "usd", 1});
      store.add(run);
    }
    store.finish();
  }
  Database database(path, Database::Access::read);
  SqlStatement plan(database, "EXPLAIN QUERY PLAN SELECT value FROM v_kpi WHERE metric = 'kpi_7'");
  plan.start();
  std::string steps;
  while (plan.next()) steps += std::string(plan.text(3)) + "\n";
  CAPTURE(steps);
  CHECK(steps.find("SCAN kpi") == std::string::npos);
  CHECK(steps.find("AND measure_id=?)") != std::string::npos);
}

TEST_CASE("Store: a large run is written in a fraction of a second") {
  const TestFolder test;
  RunResult run = some_run(0);
  for (int k = 0; k < 15'000; ++k) {
    run.kpis.push_back(
        {fmt::format("sites.entity_{}.measure.2026Q{}", k / 4, k % 4), "usd", k / 7.0});
  }
  for (int s = 0; s < 2'000; ++s) {
    SeriesRow& series = run.series.emplace_back(SeriesRow{
        fmt::format("stocks.entity_{}", s / 4), fmt::format("measure_{}", s % 4), "pieces"});
    for (int w = 0; w < 208; ++w) series.values.push_back(w * w % (s + 7));
  }
  StoreWriter store(test.path / "s.sqlite");
  store.add(run);
  const std::clock_t before = std::clock();
  run.run.key.replication = 1;
  store.add(run);
  const double ms = 1000.0 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  MESSAGE("15,000 figures and 2,000 series took ", ms, " ms");
  CHECK(ms < 400);  // ten times what it takes, for slow machines and sanitizers
  store.finish();
}

// --- codec -------------------------------------------------------------------------------------

constexpr std::array codecs = {Codec::raw_f64, Codec::packed_f32, Codec::packed_f64};

/// Equal to the last bit, so that NaN equals NaN and 0 differs from -0.
bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

TEST_CASE("Codec: every series comes back, the empty one, the long one and the strange one too") {
  std::vector<double> lengthy;
  for (int i = 0; i < 1'000'000; ++i) lengthy.push_back(i % 977 * 0.25);
  const std::vector<std::vector<double>> all = {
      {}, {0}, {1.5}, {-0.0, 0.0}, {nan, 1, nan}, {infinity, -infinity}, lengthy};
  for (const Codec codec : codecs) {
    for (const auto& values : all) {
      CAPTURE(values.size());
      CHECK(same_bits(decode(encode(values, codec), codec), values));
    }
  }
}

TEST_CASE("Codec: two of the three are exact, the third keeps seven digits") {
  const std::vector<double> values = {0.1, 1.0 / 3, 123456789.123, 5e-324, -1.7e308};
  CHECK(same_bits(decode(encode(values, Codec::raw_f64), Codec::raw_f64), values));
  CHECK(same_bits(decode(encode(values, Codec::packed_f64), Codec::packed_f64), values));
  const std::vector<double> moderate = {0.1, 1.0 / 3, 123456789.123, -4e-30};
  const auto back = decode(encode(moderate, Codec::packed_f32), Codec::packed_f32);
  for (std::size_t i = 0; i < moderate.size(); ++i) {
    CHECK(std::fabs(back[i] - moderate[i]) <= 6e-8 * std::fabs(moderate[i]));
  }
}

TEST_CASE("Codec: packing makes a smooth series small") {
  std::vector<double> values;
  for (int i = 0; i < 208; ++i) values.push_back(1000 + i);
  CHECK(encode(values, Codec::raw_f64).size() == 208 * 8);
  CHECK(encode(values, Codec::packed_f32).size() < 208 * 2);
}

TEST_CASE("Codec: bytes that are damaged are refused and never crash") {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(std::sin(i));
  for (const Codec codec : codecs) {
    const std::string bytes = encode(values, codec);
    for (std::size_t length = 1; length < bytes.size(); ++length) {
      if (codec == Codec::raw_f64 && length % 8 == 0) continue;  // a shorter series
      CHECK(error_of([&] {
              decode(bytes.substr(0, length), codec);
            }).starts_with("a stored series is damaged: "));
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
      error_of([&] { decode(damaged, codec); });  // any answer but a crash
    }
  }
  CHECK(error_of([&] { decode("12345678", static_cast<Codec>(9)); }) ==
        "a stored series is damaged: there is no codec 9");
}

}  // namespace
}  // namespace optichain::sim
