#pragma once
// The result store: every run, replication and point of a sweep in one SQLite file. Everything else
// that people see is a view of it.
//
//   StoreWriter store(folder.part("store.sqlite"));
//   store.put(ScenarioRow{.name = "base", .weeks = weeks});
//   store.add({.run = {.key = {"base", "patient", "calm", 7}, .seed = 1}, .kpis = kpis, .series =
//   all}); store.finish();
//
//   StoreReader store("out/store.sqlite");
//   for (const RunRow& run : store.runs()) store.kpis(run.key);
//
// A run is written in one transaction: a process that is killed leaves whole runs. Rows are named
// by texts; ids exist only inside the file. In the sqlite3 shell the views v_run, v_kpi,
// v_kpi_summary, v_series, v_link and v_input show names too. The tables are in
// store_schema.cpp.
//
// What is read is whole: a finished store is sealed (store_seal.hpp), and a reader takes none whose
// seal or whose entry in its folder's list (own_folder.hpp) does not fit. Nor does it trust what
// fits: tables, types, ids and numbers are those that a writer writes, or WrongFileError is thrown.

#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/output/codec.hpp"

namespace optichain::sim {

/// What was simulated: a scenario, under a policy, in a future, with one share of luck.
struct RunKey {
  std::string scenario;
  std::string policy;
  std::string future;
  std::uint64_t replication = 0;
  friend auto operator<=>(const RunKey&, const RunKey&) = default;
};

struct RunRow {
  RunKey key;
  std::uint64_t seed = 1;
  std::string failure = {};  // why there are no results; empty if there are
  /// All of it in one text, which no other row has.
  std::string text() const;
  friend bool operator==(const RunRow&, const RunRow&) = default;
};

/// A key figure of a run. Kept exactly; a NaN stands for "not known".
struct KpiRow {
  std::string name;
  std::string unit;
  double value = 0;
  friend bool operator==(const KpiRow&, const KpiRow&) = default;
};

/// One measure of one node, week by week from the first week of the scenario.
struct SeriesRow {
  std::string node;
  std::string measure;
  std::string unit;
  std::vector<double> values = {};
  Codec codec = Codec::packed_f32;
  friend bool operator==(const SeriesRow&, const SeriesRow&) = default;
};

/// All that is written of a run.
struct RunResult {
  RunRow run;
  std::vector<KpiRow> kpis = {};
  std::vector<SeriesRow> series = {};
};

/// A value of the scenario as it was given, with where it comes from.
struct InputRow {
  std::string path;
  std::string value;
  std::string source = {};
  std::string confidence = {};
  std::optional<double> assumption_low = {};
  std::optional<double> assumption_high = {};
  std::string note = {};
  std::string place = {};  // file:line:column
  friend bool operator==(const InputRow&, const InputRow&) = default;
};

struct ScenarioRow {
  std::string name;
  std::string parent = {};  // the scenario that this one changes; may be empty
  std::string json = {};
  std::string hash = {};  // of all that makes its runs what they are; may be empty
  std::vector<Date> weeks = {};
  std::vector<InputRow> inputs = {};
  friend bool operator==(const ScenarioRow&, const ScenarioRow&) = default;
};

/// A policy or a future: one of the choices that span a sweep.
struct OptionRow {
  std::string name;
  std::string json = {};
  friend bool operator==(const OptionRow&, const OptionRow&) = default;
};

struct NodeRow {
  std::string name;
  std::optional<std::int64_t> tier = {};
  friend bool operator==(const NodeRow&, const NodeRow&) = default;
};
struct LinkRow {
  std::string from;
  std::string to;
  std::string label = {};  // what goes along it
  friend bool operator==(const LinkRow&, const LinkRow&) = default;
};

/// How a measure is to be read; measures that nobody describes have a name and a unit alone.
struct MeasureRow {
  std::string name;
  std::string unit;
  std::string good = {};  // the direction that is better: "high", "low" or empty
  std::string kind = {};  // such as "flow" or "level"
  friend bool operator==(const MeasureRow&, const MeasureRow&) = default;
};

/// All functions throw OutputError: for a full disk, a file in use, and so on.
class StoreWriter {
  struct Content;

 public:
  /// Makes a new store, or goes on with one: a run that was stopped, or replications to be added.
  /// Until finish() it counts as incomplete, and no other process can open it.
  explicit StoreWriter(const std::filesystem::path& path);
  ~StoreWriter();

  /// Facts about the whole: version of the engine, command line and the like.
  void put_meta(std::string_view key, std::string_view value);

  // Descriptions. Again under the same name they replace what was said before; but a scenario whose
  // hash is another one than that of runs already there is an error.
  void put(const ScenarioRow& scenario);
  void put_policy(const OptionRow& policy);
  void put_future(const OptionRow& future);
  void put_graph(std::span<const NodeRow> nodes, std::span<const LinkRow> links);
  void put_measures(std::span<const MeasureRow> measures);

  /// True if the run is there with its results, so that it need not be done again.
  bool has(const RunKey& key) const;
  /// Takes the figures and series of a run, one by one.
  class Rows {
   public:
    /// `good`, the direction that is better, is written when the figure is the first of its name.
    void kpi(std::string_view name, std::string_view unit, double value,
             std::string_view good = "");
    void series(std::string_view node, std::string_view measure, std::string_view unit,
                std::span<const double> values, Codec codec = Codec::packed_f32);

   private:
    friend class StoreWriter;
    Rows(Content& content, std::int64_t run) : content_(content), run_(run) {}
    Content& content_;
    std::int64_t run_;
  };
  /// Writes a run, whose figures `write` hands over. False, and nothing written, if it is there
  /// already; one that failed is replaced. The same run with another seed is an error.
  bool add(const RunRow& run, const std::function<void(Rows&)>& write);
  bool add(const RunResult& result);

  /// What is put and added within `write` is written as one, or not at all: many small runs take a
  /// tenth of the time.
  void together(const std::function<void()>& write);

  /// Says that all is there, and makes the store one file that can travel alone. Nothing can be
  /// written after it. Returns the identity of the store: a hash of what is in it, by which it is
  /// known although some of it is damaged (store_repair.hpp).
  std::string finish();

 private:
  Content& content() const;
  std::unique_ptr<Content> content_;
};

/// All functions throw WrongFileError for what a store should not hold, or does not; OutputError if
/// the machine is to blame.
class StoreReader {
 public:
  /// Refuses what is no result store, one of another schema, one that was never finished, and one
  /// that was changed or damaged since.
  explicit StoreReader(const std::filesystem::path& path);
  ~StoreReader();

  std::optional<std::string> meta(std::string_view key) const;

  /// In the order in which they were first named.
  std::vector<std::string> scenarios() const;
  ScenarioRow scenario(std::string_view name, bool with_inputs = true) const;
  std::vector<OptionRow> policies() const;
  std::vector<OptionRow> futures() const;
  std::vector<NodeRow> nodes() const;
  std::vector<LinkRow> links() const;
  std::vector<MeasureRow> measures() const;

  /// In the order of keys, the failed ones included.
  std::vector<RunRow> runs() const;
  /// In the order in which the figures were first named.
  std::vector<KpiRow> kpis(const RunKey& key) const;
  /// One key figure of all runs that have it, in the order of keys.
  std::vector<std::pair<RunKey, double>> kpi(std::string_view name) const;
  std::optional<SeriesRow> series(const RunKey& key, std::string_view node,
                                  std::string_view measure) const;
  /// Every series of a run.
  std::vector<SeriesRow> series(const RunKey& key) const;
  /// One series of all runs that have it, in the order of keys: what a fan chart is made of.
  std::vector<std::pair<RunKey, SeriesRow>> series(std::string_view node,
                                                   std::string_view measure) const;

 private:
  friend class Salvage;
  struct AsItIs {};
  /// Takes a store although it is damaged.
  StoreReader(const std::filesystem::path& path, AsItIs);

  struct Content;
  std::unique_ptr<Content> content_;
};

/// A fact about the whole (StoreWriter::put_meta) of a store that nobody has looked at yet: whoever
/// reads more of it uses a StoreReader, which checks it first. Throws WrongFileError, OutputError.
std::optional<std::string> peek_store_meta(const std::filesystem::path& path, std::string_view key);

}  // namespace optichain::sim
