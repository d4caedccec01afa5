#include "sim/output/store_repair.hpp"

#include <algorithm>
#include <optional>
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
      : database_(damaged, Database::Access::whole), names_(damaged, StoreReader::AsItIs{}) {
    require_store_schema(database_);
    for (const char* part : needed_parts) {
      if (!is_whole(part)) {
        database_.refuse(
            fmt::format("its table \"{}\" or the checksum of it is damaged, so that nothing of "
                        "the store can be told from what is damaged",
                        part));
      }
    }
  }

  SavedRuns save(StoreWriter& into) {
    for (const char* part : further_parts) {
      if (!is_whole(part)) saved_.without.emplace_back(part);
    }
    into.together([&] { describe(into); });
    saved_.runs = rows_of("run");
    SqlStatement row(database_,
                     "SELECT scenario_id, policy_id, future_id, replication, seed, failure, xxh3"
                     " FROM run NOT INDEXED WHERE id = ?");
    for (std::int64_t id = 1, last = last_run(); id <= last; ++id) {
      const auto run = read_run(row, id);
      if (!run) continue;
      if (run->is_whole) {
        into.together([&] { into.add(run->result); });
        ++saved_.kept;
      } else {
        saved_.lost.push_back(run->result.run.key);
      }
    }
    saved_.runs = std::max(saved_.runs, saved_.kept + saved_.lost.size());
    return std::move(saved_);
  }

 private:
  struct Run {
    RunResult result;
    bool is_whole = false;
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

  bool is_whole(std::string_view part) {
    const auto same = unless_damaged([&] {
      SqlStatement said(database_, "SELECT row_count, xxh3 FROM checksum WHERE part = ?");
      said.start(part);
      return said.next() &&
             sum_of_part(database_, part) == PartSum{said.natural(0), std::string(said.text(1))};
    });
    return same.value_or(false);
  }

  std::uint64_t rows_of(std::string_view part) {
    return unless_damaged([&] {
             SqlStatement said(database_, "SELECT row_count FROM checksum WHERE part = ?");
             said.start(part);
             return said.next() ? said.natural(0) : 0;
           })
        .value_or(0);
  }

  /// Of the numbers of runs, as far as they can be read. Those of runs that failed and were done
  /// again are left out, so the last one is more than there are.
  std::int64_t last_run() {
    std::int64_t last =
        static_cast<std::int64_t>(std::min<std::uint64_t>(rows_of("run"), 1U << 28));
    unless_damaged([&] {
      SqlStatement ids(database_, "SELECT id FROM run NOT INDEXED ORDER BY id");
      ids.start();
      while (ids.next()) last = std::max(last, ids.whole(0));
      return true;
    });
    return last;
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

  /// Nothing if there is no such run, or its row is damaged beyond a name.
  std::optional<Run> read_run(SqlStatement& row, std::int64_t id) {
    std::string sum;
    auto run = unless_damaged([&]() -> std::optional<Run> {
      row.start(id);
      if (!row.next()) return std::nullopt;
      Run found;
      found.result.run = {.key = {named(scenarios_, row.whole(0)), named(policies_, row.whole(1)),
                                  named(futures_, row.whole(2)), row.natural(3)},
                          .seed = static_cast<std::uint64_t>(row.whole(4)),
                          .failure = std::string(row.text(5))};
      sum = row.text(6);
      return found;
    });
    if (!run || !*run) return std::nullopt;
    const auto found = unless_damaged([&] { return read_rows(id, (*run)->result); });
    (*run)->is_whole = found == sum;
    return std::move(*run);
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

  Database database_;
  StoreReader names_;
  SavedRuns saved_;
  std::vector<std::string> scenarios_, policies_, futures_;
  std::vector<NodeRow> nodes_;
  std::vector<MeasureRow> measures_;
};

Salvage::Salvage(const std::filesystem::path& damaged)
    : content_(std::make_unique<Content>(damaged)) {}

Salvage::~Salvage() = default;

SavedRuns Salvage::save(StoreWriter& into) {
  return content_->save(into);
}

}  // namespace optichain::sim
