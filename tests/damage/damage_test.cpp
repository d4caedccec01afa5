// Damaged and crafted files through the functions by which commands read them: the same answer or
// an error, and no crash. OPTICHAIN_DAMAGES says how many are tried of each kind.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "models/lta/analysis.hpp"
#include "models/lta/report.hpp"
#include "models/report/export/export.hpp"
#include "models/report/page/findings.hpp"
#include "models/report/page/page_data.hpp"
#include "models/report/store/store_data.hpp"
#include "models/report/text/explanation.hpp"
#include "models/report/text/sweep_analysis.hpp"
#include "models/run/compare.hpp"
#include "models/run/run_store.hpp"
#include "models/sweep/merge.hpp"
#include "models/sweep/repair.hpp"
#include "models/sweep/results.hpp"
#include "models/sweep/state.hpp"
#include "models/sweep/whole_sweep.hpp"
#include "sim/base/check.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/output/chunk_file.hpp"
#include "sim/output/database.hpp"
#include "sim/output/file.hpp"
#include "sim/output/store_seal.hpp"
#include "tests/damage/damages.hpp"
#include "tests/unit/output_support.hpp"

namespace optichain::models {
namespace {

namespace fs = std::filesystem;
using sim::put_file;
using sim::read_file;
using sim::TestFolder;

const std::string programs = OPTICHAIN_SOURCE_DIR "/scenarios/programs/programs.yaml";

std::size_t tries(std::size_t few) {
  const char* asked = std::getenv("OPTICHAIN_DAMAGES");
  return asked ? static_cast<std::size_t>(std::atoll(asked)) : few;
}

// --- files of the program ------------------------------------------------------------------------

/// A store of three replications, with everything in it.
void make_run(const fs::path& folder, const std::vector<std::string>& changes = {}) {
  // more is wanted than can be made, so that there are traces of what is missing
  std::vector<std::string> all = {"end=2026-03-31",
                                  "customers.city.demand.lamp.pieces_per_week=3000"};
  all.insert(all.end(), changes.begin(), changes.end());
  const auto loaded = scenario::load_scenario(programs, all);
  const Catalog catalog(loaded.scenario);
  sim::RunFolder out(folder);
  run::RunWriter writer(out, loaded, catalog, 1);
  const run::Replications runs = run::replicate(
      catalog, {.count = 3, .on_result = [&](std::size_t r, const world::Results& results) {
                  writer.add(r, results);
                }});
  REQUIRE(runs.done.size() == 3);
  writer.finish(runs, runs.summarise());
}

study::LoadedStudy small_study(const fs::path& folder) {
  const fs::path file = folder / "study.yaml";
  put_file(file, "name: Test\nbase: " + programs +
                     "\n"
                     "changes: {end: 2026-02-28}\n"
                     "replications: 2\n"
                     "levers:\n"
                     "  stock: {path: sites.plant.stocks.crystal.initial_weeks, values: [2, 8]}\n"
                     "  shift: {options: {by_rule: {}, never: {programs.second_shift: ~}}}\n"
                     "uncertainties:\n"
                     "  demand: {path: customers.city.demand.lamp.pieces_per_week, as: factor,\n"
                     "           low: 0.8, high: 1.3}\n"
                     "design: {uncertainties: {sobol: {points: 2}}}\n"
                     "metrics: [market.shipped.all, customers.city.fill_rate.all]\n"
                     "series: [customers.city.*]\n"
                     "constraints: {served: {metric: customers.city.fill_rate.all, min: 0.8}}\n");
  return study::load_study(file);
}

void make_sweep(const fs::path& folder, const fs::path& place_of_study) {
  const study::LoadedStudy study = small_study(place_of_study);
  const auto pilot = sweep::pilot_run(study, nullptr);
  const auto whole = sweep::sweep_whole(study, pilot, {folder},
                                        {.chunk_size = {.seconds = 10, .runs = 4}, .quiet = true});
  REQUIRE(whole.merged);
  REQUIRE(whole.merged->done == 16);
}

/// A store as that of a decision, with figures of nobody's run.
void make_decision(const fs::path& file) {
  sim::StoreWriter store(file);
  store.put_meta("engine", "0");
  store.put_meta("study", R"(
name: Agreement
base: scenario.yaml
replications: 3
levers:
  measure: {options: {spot: {agreements.lta: ~}, sign: {}}}
  price: {path: agreements.lta.price.fixed.usd}
uncertainties:
  demand: {path: customers.cloud.demand.module.pieces_per_week, as: factor, low: 0.5, high: 1.2}
metrics: [market.shipped.all]
decision: {date: 2025-07-01, by: north, reference: spot, agreement: lta, discount_rate: 0.1,
           undelivered_usd: {module: 140}, ranking: {indifference_usd: 100, first: 2, at_most: 3}}
)");
  store.put_meta("agreement",
                 R"({"name":"lta","terms":{"13":{"take_or_pay":0.8,"volume":900,"price":13},)"
                 R"("15":{"take_or_pay":0.8,"volume":900,"price":15}},)"
                 R"("seller":"fab","buyer":"north","served":["cloud"]})");
  store.put({.name = "base", .hash = "1", .weeks = {sim::parse_period("2025-01-06")->begin}});
  store.put_policy({"spot", R"({"measure":"spot"})"});
  store.put_policy({"13", R"({"measure":"sign","price":13})"});
  store.put_policy({"15", R"({"measure":"sign","price":15})"});
  store.put_future({"f1", R"({"demand":0.7})"});
  store.put_future({"f2", R"({"demand":1.1})"});
  Chance chance(7);
  for (const char* policy : {"spot", "13", "15"}) {
    for (const char* future : {"f1", "f2"}) {
      for (std::uint64_t r = 0; r < 3; ++r) {
        sim::RunResult run{.run = {.key = {"base", policy, future, r}}};
        const auto add = [&](const std::string& name) {
          run.kpis.push_back({name, "usd", static_cast<double>(chance.below(1000))});
        };
        for (const char* quarter : {"2025Q3", "2025Q4"}) {
          for (const char* party : {"sites.north", "sites.fab", "customers.cloud"}) {
            add(fmt::format("{}.cash_flow.{}", party, quarter));
          }
          for (const char* measure : {"demanded", "delivered", "waited"}) {
            add(fmt::format("customers.cloud.{}.{}", measure, quarter));
            add(fmt::format("customers.cloud.module.{}.{}", measure, quarter));
          }
        }
        for (const char* level : {"receivable", "payable", "stock_value"}) {
          add(fmt::format("sites.north.{}.all", level));
        }
        add("market.shipped.all");
        store.add(run);
      }
    }
  }
  store.finish();
}

// --- what commands make of them ------------------------------------------------------------------

std::string text_of_tables(const std::vector<sim::ExportTable>& tables) {
  std::string text;
  for (const sim::ExportTable& table : tables) {
    text += table.name + "\n";
    table.rows([&](std::span<const sim::TableField> row) {
      for (const sim::TableField& field : row) {
        if (const auto* words = std::get_if<std::string_view>(&field)) text += *words;
        if (const auto* number = std::get_if<double>(&field)) text += fmt::format("{}", *number);
        if (const auto* whole = std::get_if<std::uint64_t>(&field)) {
          text += fmt::format("{}", *whole);
        }
        if (const auto* day = std::get_if<sim::Date>(&field)) text += sim::format_time(*day);
        text += ',';
      }
    });
  }
  return text;
}

std::string report_of(const fs::path& store) {
  auto policies = report::read_policies(store);
  for (report::PolicyData& policy : policies) policy.store = "";  // the path is no answer
  report::require_comparable(policies);
  return sim::json_line(report::page_data(policies));
}

std::string answers_of_run(const fs::path& store) {
  std::string text = report::is_sweep(store) ? "a sweep" : report_of(store);
  text += text_of_tables(report::export_tables(store, {.weekly = report::WeeklyExport::mean}));
  const auto traces = run::read_traces(store);
  text += report::explanation(traces, {}) + report::cause_table(traces).csv() +
          sim::json_line(report::explanation_json(traces));
  const auto figures = run::load_alternative(store.string(), {"*"}, {});
  for (const auto& [path, value] : figures.inputs) text += path + value;
  for (const auto& [name, figure] : figures.figures) {
    for (const auto& [r, value] : figure.by_replication) {
      text += fmt::format("{} {} {}\n", name, r, value);
    }
  }
  return text;
}

std::string answers_of_sweep(const fs::path& store) {
  const sweep::SweepResults results(store);
  std::string text =
      text_of_tables(report::export_tables(store, {.weekly = report::WeeklyExport::all}));
  for (const sim::MeasureRow& m : results.measures()) {
    text += report::response_table(results, m.name).csv();
    text += report::tornado_table(results, m.name).csv();
    if (const auto t = report::sobol_table(results, m.name)) text += t->csv();
  }
  if (const auto t = report::robustness_table(results)) text += t->csv();
  if (const auto t = report::failure_box_table(results)) text += t->csv();
  if (!report::is_sweep(store)) return text;
  return text + sim::json_line(report::sweep_findings(store));
}

std::string answers_of_decision(const fs::path& store) {
  const lta::LtaAnalysis analysis(store);
  return lta::lta_report(analysis, sim::Format::table, false) +
         sim::json_line(lta::lta_json(analysis)) + sim::json_line(report::sweep_findings(store));
}

/// What `status`, `run` and `merge` make of a folder.
std::string answers_of_folder(const fs::path& folder) {
  const sweep::SweepFiles files{folder};
  const sweep::Plan plan = sweep::read_plan(files);
  const sweep::PointIndex index(plan.study);
  std::string text = plan.context + plan.study.study.name;
  for (const sweep::Chunk& chunk : plan.chunks)
    text += fmt::format("{} {}\n", chunk.id, chunk.size());
  for (const auto reading : {sweep::Reading::ends, sweep::Reading::whole}) {
    const auto state = sweep::read_state(plan, index, {files}, reading);
    // a damaged chunk is named, and its runs are missing: that is no other answer
    if (!state.damaged.empty()) sim::wrong_file(state.damaged.front(), "it is damaged");
    if (state.foreign_chunks > 0) text += "foreign";
    text += fmt::format("{}\n", state.coverage.count(sweep::Coverage::State::done));
  }
  const TestFolder out;
  const auto merged = sweep::merge_sweep(plan, {files}, out.path / "out", false);
  text += fmt::format("{} {} {}", merged.done, merged.failed, merged.missing);
  return text + read_file(out.path / "out" / "runs.csv");
}

// --- the law -------------------------------------------------------------------------------------

struct Outcome {
  std::string answer;
  std::string error;  // of those that commands show; the answer is then empty
};

/// Anything but an answer or an error for people ends the test.
template <class F>
Outcome outcome_of(F answer) {
  try {
    return {answer(), ""};
  } catch (const sim::InputError& error) {
    return {"", error.what()};
  } catch (const sim::OutputError& error) {
    return {"", error.what()};
  } catch (const sim::Error& error) {
    return {"", error.what()};
  }
}

struct Tally {
  std::size_t same = 0, errors = 0, different = 0;
};

/// Damages a file again and again and asks for an answer; the file is whole at the end.
template <class F>
Tally try_damages(const fs::path& file, std::uint64_t seed, std::size_t count, F answer) {
  const std::string whole = read_file(file);
  const std::string right = answer();
  Chance chance(seed);
  Tally tally;
  for (std::size_t i = 0; i < count; ++i) {
    const Damaged damaged = damage(whole, chance);
    put_file(file, damaged.text);
    const Outcome outcome = outcome_of(answer);
    if (!outcome.error.empty()) {
      ++tally.errors;
      continue;
    }
    const bool is_same = outcome.answer == right;
    ++(is_same ? tally.same : tally.different);
    CHECK_MESSAGE(is_same, file.filename().string(), ": ", damaged.how, ": another answer");
  }
  put_file(file, whole);
  MESSAGE(file.filename().string(), ": ", count, " damaged: ", tally.errors, " errors, ",
          tally.same, " the same answer, ", tally.different, " another answer");
  return tally;
}

/// The same by somebody who can seal a store: there is no right answer, but a crash is none.
template <class F>
void try_sealed_damages(const fs::path& file, std::uint64_t seed, std::size_t count, F answer) {
  const std::string whole = read_file(file);
  Chance chance(seed);
  std::size_t errors = 0;
  for (std::size_t i = 0; i < count; ++i) {
    put_file(file, damage(whole, chance).text);
    sim::seal_store(file);
    if (!outcome_of(answer).error.empty()) ++errors;
  }
  put_file(file, whole);
  MESSAGE(file.filename().string(), ": ", count, " damaged and sealed: ", errors, " errors");
}

/// A copy of a store alone, out of its folder.
fs::path copy_alone(const fs::path& store, const fs::path& folder) {
  const fs::path file = folder / "alone.sqlite";
  fs::copy_file(store, file);
  return file;
}

TEST_CASE("Damage: a run's store gives the same answer or an error") {
  const TestFolder test;
  make_run(test.path / "run");
  const fs::path listed = test.path / "run/results.sqlite";
  const fs::path alone = copy_alone(listed, test.path);
  const std::size_t count = tries(100);
  for (const fs::path& file : {listed, alone}) {
    const Tally tally = try_damages(file, 1, count / 2, [&] { return answers_of_run(file); });
    CHECK(tally.different == 0);
    CHECK(tally.errors > 0);
  }
  try_sealed_damages(alone, 2, tries(20), [&] { return answers_of_run(alone); });
}

TEST_CASE("Damage: a sweep's store gives the same answer or an error") {
  const TestFolder test;
  make_sweep(test.path / "sweep", test.path);
  const fs::path alone = copy_alone(test.path / "sweep/results.sqlite", test.path);
  try_damages(alone, 3, tries(40), [&] { return answers_of_sweep(alone); });
  try_sealed_damages(alone, 4, tries(20), [&] { return answers_of_sweep(alone); });
}

TEST_CASE("Damage: the store of a decision gives the same answer or an error") {
  const TestFolder test;
  const fs::path store = test.path / "alone.sqlite";
  make_decision(store);
  try_damages(store, 5, tries(40), [&] { return answers_of_decision(store); });
  try_sealed_damages(store, 6, tries(20), [&] { return answers_of_decision(store); });
}

TEST_CASE("Damage: plan and chunks of a sweep give the same answer or an error") {
  const TestFolder test;
  const fs::path folder = test.path / "sweep";
  make_sweep(folder, test.path);
  std::vector<fs::path> files;
  for (const char* name :
       {"plan.json", "study.yaml", "scenario.yaml", "policies.csv", "futures.csv"}) {
    files.push_back(folder / name);
  }
  for (const fs::path& chunk : sweep::chunk_files({folder})) files.push_back(chunk);
  REQUIRE(files.size() == 5 + 4);
  for (std::size_t f = 0; f < files.size(); ++f) {
    try_damages(files[f], 10 + f, tries(45) / files.size(),
                [&] { return answers_of_folder(folder); });
  }
}

TEST_CASE("Damage: findings of the program give the same answer or an error") {
  const TestFolder test;
  const fs::path file = test.path / "findings.json";
  const sim::Json rows = {{{"id", "a"},
                           {"claim", "26 USD B"},
                           {"publisher", "press"},
                           {"kind", "given"},
                           {"unit", "usd"},
                           {"published_low", 25},
                           {"published_high", 26.5},
                           {"simulated", 23.7},
                           {"low", 23},
                           {"high", 24},
                           {"holds", false},
                           {"verdict", "too high"}}};
  put_file(file, sim::json_text(sim::sealed({{"claims", rows}})) + "\n");
  CHECK(report::read_findings(file) == sim::Json{{"claims", rows}});
  const Tally tally =
      try_damages(file, 8, tries(60), [&] { return sim::json_line(report::read_findings(file)); });
  CHECK(tally.errors > 0);
}

TEST_CASE("Damage: what is damaged of a sweep is set aside, and the sweep can go on") {
  const TestFolder test;
  const fs::path folder = test.path / "sweep";
  make_sweep(folder, test.path);
  const std::string right = answers_of_folder(folder);
  CHECK(sweep::repair(folder, {}).is_whole());
  const fs::path chunk = sweep::chunk_files({folder}).front(), store = folder / "results.sqlite";
  for (const fs::path& file : {chunk, store}) {
    const std::string text = read_file(file);
    put_file(file, flipped(text, text.size() / 2, 16));
  }
  const sweep::Repair repair = sweep::repair(folder, {});
  CHECK(repair.damaged.size() == 2);
  CHECK(!repair.is_mended());
  CHECK(fs::exists(chunk.string() + ".damaged"));
  CHECK(fs::exists(store.string() + ".damaged"));
  CHECK(!fs::exists(store));
  const sweep::Plan plan = sweep::read_plan({folder});
  CHECK(sweep::run_sweep({folder}, plan, {.quiet = true}).missing == 0);
  CHECK(answers_of_folder(folder) == right);
  CHECK(sweep::merge_sweep(plan, {{folder}}, folder, false).done == 16);
  CHECK(sweep::repair(folder, {}).is_whole());
}

TEST_CASE("Damage: with its list damaged, a plan that does not hold together is set aside whole") {
  const TestFolder test;
  const fs::path folder = test.path / "sweep";
  make_sweep(folder, test.path);
  const sweep::SweepFiles files{folder};
  put_file(files.policies(), "changed");
  put_file(folder / sim::list_name, "{}");
  const sweep::Repair repair = sweep::repair(folder, {});
  CHECK(!repair.is_mended());
  for (const fs::path& file : files.of_plan()) {
    CAPTURE(file);
    CHECK(!fs::exists(file));
    CHECK(fs::exists(file.string() + ".damaged"));
  }
  // the names are free, and the work is still there
  const study::LoadedStudy study = small_study(test.path);
  const auto pilot = sweep::pilot_run(study, nullptr);
  const auto again = sweep::sweep_whole(study, pilot, files,
                                        {.chunk_size = {.seconds = 10, .runs = 4}, .quiet = true});
  REQUIRE(again.merged);
  CHECK(again.merged->done == 16);
}

TEST_CASE("Damage: another sweep that is at work is not disturbed by a repair") {
  const TestFolder test;
  const fs::path folder = test.path / "sweep";
  make_sweep(folder, test.path);
  put_file(folder / "policies.csv", "changed");
  const sim::Names names = sim::names_in(folder);
  {
    const sweep::SweepLock lock({folder}, sweep::SweepLock::Kind::shared);
    CHECK(sim::error_of([&] {
            sweep::repair(folder, {});
          }).find("another sweep is running there") != std::string::npos);
  }
  CHECK(sim::names_in(folder) == names);
  CHECK(!sweep::repair(folder, {}).is_whole());
}

TEST_CASE("Damage: weeks of a plan that no calendar has are none") {
  const sim::Json whole = {{"figures", sim::Json::array()}, {"series", sim::Json::array()}};
  const auto read = [&](const char* week) {
    sim::Json json = whole;
    json["weeks"] = *sim::parse_json(fmt::format("[{}]", week));
    return sweep::MetricSelection::from_json(json).weeks.size();
  };
  for (const char* week : {"0", "1767571200", "-1767571200"}) CHECK(read(week) == 1);
  for (const char* week : {"-9223372036854775808", "9223372036854775807", "18446744073709551615",
                           "1e300", "-1e300", "0.5", "\"monday\"", "null"}) {
    CAPTURE(week);
    CHECK_THROWS_AS(read(week), sim::Json::exception);
  }
}

TEST_CASE("Damage: a chunk that cannot be read is not called damaged") {
  const TestFolder test;
  const fs::path folder = test.path / "sweep";
  make_sweep(folder, test.path);
  const sweep::Plan plan = sweep::read_plan({folder});
  const sweep::PointIndex index(plan.study);
  const fs::path chunk = sweep::chunk_files({folder}).front();
  fs::permissions(test.path, fs::perms::all);
  fs::permissions(chunk, fs::perms::none);
  const int code = sim::exit_code_of([&] {
    constexpr uid_t nobody = 65534;
    if (::geteuid() == 0 && ::seteuid(nobody) != 0) return 77;
    const std::string why =
        sim::error_of([&] { sweep::read_state(plan, index, {{folder}}, sweep::Reading::ends); });
    return why.find("Permission denied") != std::string::npos ? 0 : 1;
  });
  if (code == 77) {
    MESSAGE("not tried: this user can become nobody else");
    return;
  }
  CHECK(code == 0);
  // a folder in its place is no chunk, one that is gone is missing
  fs::remove(chunk);
  fs::create_directory(chunk);
  CHECK(sweep::read_state(plan, index, {{folder}}, sweep::Reading::ends).damaged.size() == 1);
}

// --- strangers -----------------------------------------------------------------------------------

/// What somebody else made of a store and sealed: each has to be refused.
void refuse_all(const fs::path& whole, const std::vector<const char*>& crafts,
                const std::function<std::string(const fs::path&)>& answer) {
  const TestFolder test;
  for (const char* sql : crafts) {
    const std::string change = sql;
    CAPTURE(change);
    const fs::path file = test.path / "crafted.sqlite";
    fs::remove(file);
    fs::copy_file(whole, file);
    sim::Database(file, sim::Database::Access::write).run(sql);
    sim::seal_store(file);
    const Outcome outcome = outcome_of([&] { return answer(file); });
    CHECK(outcome.answer == "");
    CHECK(outcome.error.find("crafted.sqlite") != std::string::npos);
    CHECK(outcome.error.find("json") == std::string::npos);
    CHECK(outcome.error.find('\n') >= outcome.error.size() - 1);  // at its end, if at all
  }
}

TEST_CASE("Damage: a crafted store of a run is refused in a sentence") {
  const TestFolder test;
  make_run(test.path / "run");
  const fs::path whole = copy_alone(test.path / "run/results.sqlite", test.path);
  refuse_all(
      whole,
      {"UPDATE node SET id = -1 WHERE id = 1",
       "UPDATE node SET id = 1000000000000 WHERE id = 1",
       "UPDATE node SET id = 9223372036854775807 WHERE id = 1",
       "UPDATE measure SET id = -1 WHERE id = 1",
       "UPDATE measure SET id = 0 WHERE id = 1",
       "UPDATE measure SET id = 4611686018427387904 WHERE id = 1",
       "UPDATE scenario SET id = -7",
       "UPDATE kpi SET measure_id = -1 WHERE measure_id = 1",
       "UPDATE kpi SET measure_id = 1000000000000 WHERE measure_id = 1",
       "UPDATE series SET node_id = -1 WHERE (run_id, node_id, measure_id) = (SELECT run_id,"
       " node_id, measure_id FROM series LIMIT 1)",
       "UPDATE series SET node_id = 100000 WHERE (run_id, node_id, measure_id) = (SELECT run_id,"
       " node_id, measure_id FROM series LIMIT 1)",
       "UPDATE series SET measure_id = -5 WHERE (run_id, node_id, measure_id) = (SELECT run_id,"
       " node_id, measure_id FROM series LIMIT 1)",
       "UPDATE run SET scenario_id = 99 WHERE id = 1",
       "UPDATE run SET policy_id = -1 WHERE id = 1",
       "UPDATE run SET replication = -1 WHERE id = 1",
       "UPDATE run SET replication = 'first' WHERE id = 1",
       "UPDATE run SET seed = x'00' WHERE id = 1",
       "UPDATE run SET seed = 0.5",
       "UPDATE run SET failure = 'a reason' WHERE id = 1",
       "UPDATE run SET failure = x'00', status = 'failed' WHERE id = 1",
       "DELETE FROM run",
       "DELETE FROM node",
       "DELETE FROM measure",
       "DELETE FROM scenario",
       "DELETE FROM kpi",
       "DELETE FROM meta",
       "DROP VIEW v_run",
       "DROP TABLE kpi",
       "DROP TABLE checksum",
       "ALTER TABLE kpi RENAME COLUMN value TO worth",
       "ALTER TABLE run ADD COLUMN more TEXT",
       "ALTER TABLE week RENAME TO weeks",
       "CREATE TABLE more(x)",
       "DROP VIEW v_kpi; CREATE VIEW v_kpi AS SELECT * FROM v_run",
       "DROP TABLE kpi; CREATE VIEW kpi AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1"
       " FROM n) SELECT 1 AS run_id, x AS measure_id, x AS value FROM n",
       "PRAGMA legacy_alter_table = ON; CREATE TABLE k(run_id, measure_id, value); INSERT INTO k "
       "SELECT * FROM kpi; DROP TABLE kpi;"
       "ALTER TABLE k RENAME TO kpi",
       "UPDATE kpi SET value = 'many' WHERE measure_id = 1",
       "UPDATE kpi SET value = x'0011' WHERE measure_id = 1",
       "UPDATE measure SET name = x'00ff' WHERE id = 1",
       "UPDATE measure SET unit = x'00ff' WHERE id = 1",
       "UPDATE series SET data = substr(data, 1, 5)",
       "UPDATE series SET data = x'28b52ffda0ffffff7f'",
       "UPDATE series SET data = 'text'",
       "UPDATE series SET codec = 9",
       "UPDATE series SET codec = -1",
       "UPDATE series SET codec = 'packed'",
       "UPDATE series SET codec = 0, data = zeroblob(8388616)",
       "UPDATE series SET codec = 0, data = zeroblob(12)",
       "UPDATE week SET start_date = 'never' WHERE number = 0",
       "UPDATE week SET start_date = x'32303236' WHERE number = 0",
       "UPDATE node SET tier = 'far' WHERE tier IS NOT NULL",
       "UPDATE input SET assumption_low = 'low' WHERE rowid = 1",
       "UPDATE kpi SET value = 1e19 WHERE measure_id IN (SELECT id FROM measure WHERE name LIKE"
       " 'traces.%')",
       "UPDATE kpi SET value = 9e18 WHERE measure_id IN (SELECT id FROM measure WHERE name LIKE"
       " 'traces.%')",
       "UPDATE kpi SET value = 9e999 WHERE measure_id IN (SELECT id FROM measure WHERE name LIKE"
       " 'traces.%')",
       "UPDATE measure SET name = 'traces.x' WHERE name LIKE 'traces.%' AND id = (SELECT min(id)"
       " FROM measure WHERE name LIKE 'traces.%')",
       "UPDATE meta SET value = 'no' WHERE key = 'complete'",
       "UPDATE meta SET value = '2' WHERE key = 'schema'"},
      [](const fs::path& file) { return answers_of_run(file); });
}

TEST_CASE("Damage: a crafted store of a sweep or a decision is refused in a sentence") {
  const TestFolder test;
  make_sweep(test.path / "sweep", test.path);
  refuse_all(copy_alone(test.path / "sweep/results.sqlite", test.path),
             {"UPDATE policy SET json = '[' WHERE id = 1",
              "UPDATE policy SET json = '[]' WHERE id = 1",
              "UPDATE policy SET json = '{\"stock\":[1]}' WHERE id = 1",
              "UPDATE policy SET json = '{\"stock\":null}' WHERE id = 1",
              "UPDATE policy SET json = '{\"stock\":true}' WHERE id = 1",
              "UPDATE policy SET json = 7 WHERE id = 1",
              "UPDATE future SET json = replace(hex(zeroblob(50000)), '00', '[') WHERE id = 1",
              "DELETE FROM policy",
              "DELETE FROM future",
              "DELETE FROM run",
              "DELETE FROM run; DELETE FROM policy; DELETE FROM future",
              "INSERT INTO policy(name) VALUES ('more')",
              "UPDATE run SET policy_id = 99 WHERE id = 1",
              "UPDATE run SET replication = 7 WHERE id = 1; DELETE FROM run WHERE id = 2",
              "UPDATE meta SET value = '-5' WHERE key = 'study'",
              "UPDATE meta SET value = replace(value, 'replications: 2', 'replications: 1000000')"
              " WHERE key = 'study'",
              "INSERT INTO meta VALUES ('missing_runs', '-1')",
              "INSERT INTO meta VALUES ('missing_runs', 'nan')",
              "INSERT INTO meta VALUES ('missing_runs', x'00')",
              "INSERT INTO meta VALUES ('missing_runs', '100000000000000')"},
             [](const fs::path& file) { return answers_of_sweep(file); });
  const fs::path decision = test.path / "decision.sqlite";
  make_decision(decision);
  refuse_all(decision,
             {"UPDATE meta SET value = '{\"usual\":3}' WHERE key = 'agreement'",
              "UPDATE meta SET value = '{\"name\":1}' WHERE key = 'agreement'",
              "UPDATE meta SET value = '{\"terms\":{\"13\":{}}}' WHERE key = 'agreement'",
              "UPDATE meta SET value = '{\"served\":\"all\"}' WHERE key = 'agreement'",
              "UPDATE policy SET name = 'other' WHERE name = 'spot'", "DELETE FROM kpi",
              "UPDATE measure SET name = replace(name, '2025Q3', '2025Q9')"},
             [](const fs::path& file) { return answers_of_decision(file); });
}

}  // namespace
}  // namespace optichain::models
