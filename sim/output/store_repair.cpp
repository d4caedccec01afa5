#include "sim/output/store_repair.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "sim/output/database.hpp"
#include "sim/output/error.hpp"
#include "sim/output/store_schema.hpp"
#include "sim/output/store_sums.hpp"

namespace optichain::sim {

/// Reads a damaged store. Rows are found by their numbers alone: an index may be damaged while what
/// it leads to is whole.
struct Salvage::Content {
 public:
  explicit Content(const std::filesystem::path& damaged)
      : database_(damaged, Database::Access::read),
        names_(damaged, StoreReader::AsItIs{}),
        most_runs_(static_cast<std::int64_t>(std::filesystem::file_size(damaged) / shortest_row)) {
    if (const auto journal = journal_beside(damaged)) {
      database_.refuse(
          fmt::format("{} is beside it: a program was ended while it changed the store, or it is "
                      "of another file; `sqlite3` plays it back, and who moves it away has "
                      "`optichain repair` keep what is whole without it",
                      name_in_quotes(journal->filename())));
    }
    require_store_schema(database_);
    if (database_.ask("SELECT count(*) FROM meta WHERE key = 'complete'") == "0") {
      database_.refuse("it is incomplete: the run that writes it has not finished");
    }
    for (const char* part : needed_parts) {
      if (!is_whole(part)) {
        database_.refuse(
            fmt::format("its table \"{}\" or the checksum of it is damaged, so that nothing of "
                        "the store can be told from what is damaged",
                        part));
      }
    }
  }

  std::optional<std::string> identity() {
    if (!is_whole(whole_part)) return std::nullopt;
    return said_of(whole_part)->xxh3;
  }

  SavedRuns save(StoreWriter& into) {
    for (const char* part : further_parts) {
      if (!is_whole(part)) saved_.without.emplace_back(part);
    }
    into.together([&] { describe(into); });
    const bool is_counted = is_whole(whole_part);
    saved_.runs = said_runs();
    for (auto& [id, run] : rows_of_runs()) {
      const auto found = unless_damaged([&] { return read_rows(id, run.result); });
      if (found == run.sum) {
        into.together([&] {
          if (into.add(run.result)) ++saved_.kept;
        });
      } else {
        saved_.lost.push_back(run.result.run.key);
      }
      run = {};  // its figures are as much as those of all rows together
    }
    const std::uint64_t found = saved_.kept + saved_.lost.size();
    // what was said to be there, and is all found whole, is exactly that
    saved_.are_its_runs =
        is_counted && found <= saved_.runs && (saved_.kept < saved_.runs || is_whole(run_part));
    saved_.runs = std::max(saved_.runs, found);
    return std::move(saved_);
  }

 private:
  /// A row of the table of runs.
  struct Run {
    RunResult result;
    std::string sum;  // what its figures and series add up to; empty if the row contradicts itself
  };

  /// What the function gives; nothing if what it reads is damaged.
  template <class F>
  static auto unless_damaged(F read) -> std::optional<decltype(read())> {
    try {
      return read();
    } catch (const WrongFileError&) {
      return std::nullopt;
    }
  }

  /// What the table of checksums says of a part; nothing if that cannot be read.
  std::optional<PartSum> said_of(std::string_view part) {
    const auto said = unless_damaged([&]() -> std::optional<PartSum> {
      SqlStatement row(database_, "SELECT row_count, xxh3 FROM checksum WHERE part = ?");
      row.start(part);
      if (!row.next()) return std::nullopt;
      return PartSum{row.natural(0), std::string(row.text(1))};
    });
    return said.value_or(std::nullopt);
  }
  bool is_whole(std::string_view part) {
    const auto said = said_of(part);
    return said && unless_damaged([&] { return sum_of_part(database_, part); }) == said;
  }
  /// As many runs as the store says that it has, and no more than can be in the file.
  std::uint64_t said_runs() {
    const auto said = said_of(run_part);
    return said ? std::min(said->rows, static_cast<std::uint64_t>(most_runs_)) : 0;
  }

  /// The rows of runs from one end of their table, as far as they can be read: a page that is
  /// damaged ends it. A row whose number is damaged is one among the others: nothing that is stored
  /// under that number adds up to its checksum. True if the table was read to its other end.
  bool read_rows_of_runs(const std::string& end, std::map<std::int64_t, Run>& runs) {
    const auto is_all = unless_damaged([&] {
      SqlStatement rows(database_, run_columns + end);
      rows.start();
      for (std::int64_t read = 0; rows.next(); ++read) {
        if (read == most_runs_) return false;  // pages that lead in a circle
        take_run(rows, runs);
      }
      return true;
    });
    return is_all.value_or(false);
  }
  /// A row that uses a name that nobody has is left out.
  void take_run(SqlStatement& row, std::map<std::int64_t, Run>& runs) {
    const auto run = unless_damaged([&] { return run_of(row); });
    if (run) runs.try_emplace(row.whole(0), *run);
  }

  /// Those that can be read from either end, and those that can be found by their number. There are
  /// gaps where a run failed and was done again.
  std::map<std::int64_t, Run> rows_of_runs() {
    std::map<std::int64_t, Run> runs;
    if (read_rows_of_runs(" ORDER BY id", runs)) return runs;
    read_rows_of_runs(" ORDER BY id DESC", runs);
    SqlStatement row(database_, run_columns + " WHERE id = ?");
    const std::int64_t last = runs.empty() ? 0 : std::min(runs.rbegin()->first, most_runs_);
    const std::int64_t end = std::max(last, static_cast<std::int64_t>(said_runs()));
    for (std::int64_t id = 1; id <= end; ++id) {
      if (runs.contains(id)) continue;
      unless_damaged([&] {
        row.start(id);
        if (row.next()) take_run(row, runs);
        return true;
      });
    }
    return runs;
  }

  void describe(StoreWriter& into) {
    SqlStatement facts(database_,
                       "SELECT key, value FROM meta WHERE key NOT IN ('schema', 'complete')");
    facts.start();
    while (facts.next()) into.put_meta(facts.text(0), facts.text(1));
    const bool has_inputs = !is_without("input");
    for (const std::string& name : names_.scenarios()) {
      into.put(names_.scenario(name, has_inputs));
      scenarios_.push_back(name);
    }
    for (const OptionRow& policy : names_.policies()) {
      into.put_policy(policy);
      policies_.push_back(policy.name);
    }
    for (const OptionRow& future : names_.futures()) {
      into.put_future(future);
      futures_.push_back(future.name);
    }
    nodes_ = names_.nodes();
    into.put_graph(nodes_, is_without("link") ? std::vector<LinkRow>{} : names_.links());
    measures_ = names_.measures();
    into.put_measures(measures_);
  }
  bool is_without(std::string_view part) const {
    return std::find(saved_.without.begin(), saved_.without.end(), part) != saved_.without.end();
  }

  template <class T>
  const T& named(const std::vector<T>& all, std::int64_t id) const {
    if (id < 1 || id > static_cast<std::int64_t>(all.size())) {
      database_.refuse("it uses a name that it does not have");
    }
    return all[static_cast<std::size_t>(id) - 1];
  }

  Run run_of(SqlStatement& row) const {
    Run run;
    run.result.run = {.key = {named(scenarios_, row.whole(1)), named(policies_, row.whole(2)),
                              named(futures_, row.whole(3)), row.natural(4)},
                      .seed = static_cast<std::uint64_t>(row.whole(5)),
                      .failure = std::string(row.text(6))};
    const bool is_failure = row.text(8) != "done";
    if (is_failure != run.result.run.failure.empty()) run.sum = row.text(7);
    return run;
  }

  /// The figures and series of a run; returns its checksum.
  std::string read_rows(std::int64_t id, RunResult& run) {
    RunSum sum;
    SqlStatement kpis(database_,
                      "SELECT measure_id, value FROM kpi WHERE run_id = ? ORDER BY measure_id");
    kpis.start(id);
    while (kpis.next()) {
      const MeasureRow& measure = named(measures_, kpis.whole(0));
      run.kpis.push_back({measure.name, measure.unit, kpis.number(1)});
      sum.add_kpi(kpis.whole(0), kpis.number(1));
    }
    SqlStatement series(database_,
                        "SELECT node_id, measure_id, codec, data FROM series WHERE run_id = ?"
                        " ORDER BY node_id, measure_id");
    series.start(id);
    while (series.next()) {
      const MeasureRow& measure = named(measures_, series.whole(1));
      const auto codec = static_cast<Codec>(series.natural(2));
      sum.add_series(series.whole(0), series.whole(1), series.whole(2), series.blob(3));
      run.series.push_back({named(nodes_, series.whole(0)).name, measure.name, measure.unit,
                            decoded(series.blob(3), codec), codec});
    }
    return sum.text(run.run.text());
  }

  std::vector<double> decoded(std::string_view bytes, Codec codec) const {
    try {
      return decode(bytes, codec);
    } catch (const OutputError& error) {
      database_.refuse(error.what());
    }
  }

  inline static const std::string run_columns =
      "SELECT id, scenario_id, policy_id, future_id, replication, seed, failure, xxh3, status"
      " FROM run NOT INDEXED";
  static constexpr std::uintmax_t shortest_row = 32;  // bytes: a checksum and what it is of

  Database database_;
  StoreReader names_;
  std::int64_t most_runs_;  // that the file has room for
  SavedRuns saved_;
  std::vector<std::string> scenarios_, policies_, futures_;
  std::vector<NodeRow> nodes_;
  std::vector<MeasureRow> measures_;
};

Salvage::Salvage(const std::filesystem::path& damaged)
    : content_(std::make_unique<Content>(damaged)) {}

Salvage::~Salvage() = default;

std::optional<std::string> Salvage::identity() const {
  return content_->identity();
}

SavedRuns Salvage::save(StoreWriter& into) {
  return content_->save(into);
}

}  // namespace optichain::sim
