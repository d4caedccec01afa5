// What is whole of a damaged store is kept, and nothing else.
#include "models/sweep/repair.hpp"

#include <bit>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

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

std::string refusal_of_repair(const fs::path& path, const fs::path& out) {
  return sim::error_of([&] { sweep::repair(path, out); });
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
  std::string text = read_file(file);
  // the figure 1000.5 * 299 + 7 * 12 stands once in the file
  const double figure = 1000.5 * 299 + 7.0 * 12;
  std::string bytes(sizeof figure, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(std::bit_cast<std::uint64_t>(figure) >> (56 - 8 * i));
  }
  const std::size_t at = text.find(bytes);
  REQUIRE(at != std::string::npos);
  REQUIRE(text.find(bytes, at + 1) == std::string::npos);
  text[at + 5] = static_cast<char>(text[at + 5] ^ 4);
  put_file(file, text);
  const sweep::Repair repair = sweep::repair(file, {});  // beside it
  CHECK(repair.left == std::vector<std::string>{"lost: replication 12"});
  const auto kept = kept_in(test.path / "s-repaired/results.sqlite");
  CHECK(kept.size() == runs - 1);
  CHECK(!kept.contains(12));
  CHECK(sim::read_manifest(test.path / "s-repaired").at("lost_runs") == 1);
}

TEST_CASE("Repair: what is somebody else's is not replaced") {
  const TestFolder test;
  const fs::path file = test.path / "s.sqlite";
  write_store(file);
  std::string text = read_file(file);
  text[60] = static_cast<char>(text[60] ^ 1);  // the seal itself
  put_file(file, text);
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
