#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/output/database.hpp"
#include "sim/output/error.hpp"
#include "sim/output/own_folder.hpp"
#include "sim/output/store.hpp"
#include "sim/output/store_schema.hpp"
#include "sim/output/store_seal.hpp"

namespace optichain::sim {

struct StoreReader::Content {
  explicit Content(const std::filesystem::path& path) : database(path, Database::Access::read) {
    if (!has_store_schema(database)) database.refuse("it is no result store");
  }

  /// Of what one look at small tables tells: that each run has its scenario, policy and future and
  /// is either done or has failed, and that names are numbered as a writer numbers them.
  void require_sound() {
    const auto require = [&](const char* count_of_wrong, const char* problem) {
      if (database.ask(count_of_wrong) != "0") database.refuse(problem);
    };
    require_store_schema(database);
    require("SELECT (SELECT count(*) FROM run NOT INDEXED) - (SELECT count(*) FROM v_run)",
            "it has runs of scenarios, policies or futures that it does not have");
    require(
        "SELECT count(*) FROM run NOT INDEXED WHERE (status = 'done') <> (failure = '')"
        " OR status NOT IN ('done', 'failed') OR replication < 0",
        "it has runs that are neither done nor failed, or without a number");
    for (const char* table : {"node", "measure", "policy", "future", "scenario"}) {
      const std::string ids = fmt::format(
          "SELECT count(*) <> ifnull(max(id), 0) OR ifnull(min(id), 1) <> 1 FROM {} NOT INDEXED",
          table);
      require(ids.c_str(), "its names are not numbered from 1 on");
    }
  }

  /// All rows of a query, each made by `row` from the statement that stands on it.
  template <class F, class... Ts>
  auto rows(F row, const char* sql, const Ts&... values) {
    SqlStatement statement(database, sql);
    std::vector<decltype(row(statement))> out;
    statement.start(values...);
    while (statement.next()) out.push_back(row(statement));
    return out;
  }

  /// The id of a run, which has to be there.
  std::int64_t id_of(const RunKey& key) {
    const auto ids =
        rows([](const SqlStatement& s) { return s.whole(0); },
             "SELECT run_id FROM v_run WHERE scenario = ? AND policy = ?"
             " AND future = ? AND replication = ?",
             key.scenario, key.policy, key.future, static_cast<std::int64_t>(key.replication));
    if (ids.empty()) {
      database.refuse(fmt::format("it has no replication {} of scenario {}, policy {}, future {}",
                                  key.replication, in_quotes(key.scenario), in_quotes(key.policy),
                                  in_quotes(key.future)));
    }
    return ids.front();
  }

  /// Columns from `column` on: node, measure, unit, codec, data.
  SeriesRow series(const SqlStatement& s, int column) {
    const auto codec = static_cast<Codec>(s.whole(column + 3));
    try {
      return {text(s, column), text(s, column + 1), text(s, column + 2),
              decode(s.blob(column + 4), codec), codec};
    } catch (const OutputError& error) {
      database.refuse(error.what());
    }
  }
  /// The first four columns.
  static RunKey key(const SqlStatement& s) {
    return {text(s, 0), text(s, 1), text(s, 2), s.natural(3)};
  }
  static std::string text(const SqlStatement& s, int column) { return std::string(s.text(column)); }
  static OptionRow option(const SqlStatement& s) { return {text(s, 0), text(s, 1)}; }

  Database database;
};

namespace {

/// By key, whatever the order in which the runs came to be written.
template <class T>
std::vector<T> in_order(std::vector<T> rows) {
  std::sort(rows.begin(), rows.end(), [](const T& a, const T& b) {
    if constexpr (requires { a.key; }) {
      return a.key < b.key;
    } else {
      return a.first < b.first;
    }
  });
  return rows;
}

}  // namespace

namespace {

constexpr const char* meta_by_key = "SELECT value FROM meta WHERE key = ?";

/// SQLite does not say which of the two it was.
void require_file(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) cannot_read(path, ENOENT);
  if (std::filesystem::is_directory(path, error)) cannot_read(path, EISDIR);
}

}  // namespace

StoreReader::StoreReader(const std::filesystem::path& path) {
  require_file(path);
  const auto listed = is_as_listed(path);
  const bool is_whole = listed ? *listed : seal_of(path) == Seal::right;
  // what is not whole is opened to see what it is, and never read further
  if (!is_whole) require_unused(path);
  content_ = std::make_unique<Content>(path);
  if (meta("complete") != "1") {
    content_->database.refuse("it is incomplete: the run that writes it has not finished");
  }
  if (!is_whole) {
    content_->database.refuse(
        "it is damaged, or was changed or replaced since it was written: `optichain repair` keeps "
        "what is whole");
  }
  content_->require_sound();
}

StoreReader::StoreReader(const std::filesystem::path& path, AsItIs)
    : content_(std::make_unique<Content>(path)) {}

StoreReader::~StoreReader() = default;

std::optional<std::string> StoreReader::meta(std::string_view key) const {
  const auto found =
      content_->rows([](const SqlStatement& s) { return Content::text(s, 0); }, meta_by_key, key);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::optional<std::string> peek_store_meta(const std::filesystem::path& path,
                                           std::string_view key) {
  require_file(path);
  require_unused(path);
  Database database(path, Database::Access::read);
  if (!has_store_schema(database)) database.refuse("it is no result store");
  SqlStatement row(database, meta_by_key);
  row.start(key);
  return row.next() ? std::optional(std::string(row.text(0))) : std::nullopt;
}

std::vector<std::string> StoreReader::scenarios() const {
  return content_->rows([](const SqlStatement& s) { return Content::text(s, 0); },
                        "SELECT name FROM scenario ORDER BY id");
}

// `+name`: without the index, which may be damaged where a store is repaired.
ScenarioRow StoreReader::scenario(std::string_view name, bool with_inputs) const {
  auto found = content_->rows(
      [](const SqlStatement& s) {
        return ScenarioRow{Content::text(s, 0), s.is_null(1) ? "" : Content::text(s, 1),
                           Content::text(s, 2), Content::text(s, 3)};
      },
      "SELECT scenario.name, parent.name, scenario.json, scenario.hash FROM scenario"
      " LEFT JOIN scenario parent ON parent.id = scenario.parent_id WHERE +scenario.name = ?",
      name);
  if (found.empty())
    content_->database.refuse(fmt::format("it has no scenario {}", in_quotes(name)));
  ScenarioRow scenario = std::move(found.front());
  scenario.weeks = content_->rows(
      [&](const SqlStatement& s) {
        const auto day = parse_period(s.text(0));
        if (!day) content_->database.refuse(fmt::format("{} is no date", in_quotes(s.text(0))));
        return day->begin;
      },
      "SELECT start_date FROM week JOIN scenario ON scenario.id = scenario_id WHERE +name = ?"
      " ORDER BY number",
      name);
  if (!with_inputs) return scenario;
  scenario.inputs = content_->rows(
      [](const SqlStatement& s) {
        const auto number = [&](int column) {
          return s.is_null(column) ? std::nullopt : std::optional(s.number(column));
        };
        return InputRow{Content::text(s, 0), Content::text(s, 1), Content::text(s, 2),
                        Content::text(s, 3), number(4),           number(5),
                        Content::text(s, 6), Content::text(s, 7)};
      },
      "SELECT path, value, source, confidence, assumption_low, assumption_high, note, place"
      " FROM input JOIN scenario ON scenario.id = scenario_id WHERE +name = ? ORDER BY input.rowid",
      name);
  return scenario;
}

std::vector<OptionRow> StoreReader::policies() const {
  return content_->rows(Content::option, "SELECT name, json FROM policy ORDER BY id");
}

std::vector<OptionRow> StoreReader::futures() const {
  return content_->rows(Content::option, "SELECT name, json FROM future ORDER BY id");
}

std::vector<NodeRow> StoreReader::nodes() const {
  return content_->rows(
      [](const SqlStatement& s) {
        return NodeRow{Content::text(s, 0),
                       s.is_null(1) ? std::nullopt : std::optional(s.whole(1))};
      },
      "SELECT name, tier FROM node ORDER BY id");
}

std::vector<LinkRow> StoreReader::links() const {
  return content_->rows(
      [](const SqlStatement& s) {
        return LinkRow{Content::text(s, 0), Content::text(s, 1), Content::text(s, 2)};
      },
      "SELECT a.name, b.name, label FROM link LEFT JOIN node a ON a.id = from_id"
      " LEFT JOIN node b ON b.id = to_id ORDER BY link.id");
}

std::vector<MeasureRow> StoreReader::measures() const {
  return content_->rows(
      [](const SqlStatement& s) {
        return MeasureRow{Content::text(s, 0), Content::text(s, 1), Content::text(s, 2),
                          Content::text(s, 3)};
      },
      "SELECT name, unit, good, kind FROM measure ORDER BY id");
}

std::vector<RunRow> StoreReader::runs() const {
  return in_order(content_->rows(
      [](const SqlStatement& s) {
        return RunRow{Content::key(s), static_cast<std::uint64_t>(s.whole(4)), Content::text(s, 5)};
      },
      "SELECT scenario, policy, future, replication, seed, failure FROM v_run"));
}

std::vector<KpiRow> StoreReader::kpis(const RunKey& key) const {
  return content_->rows(
      [](const SqlStatement& s) {
        return KpiRow{Content::text(s, 0), Content::text(s, 1), s.number(2)};
      },
      "SELECT name, unit, value FROM kpi LEFT JOIN measure ON measure.id = measure_id"
      " WHERE run_id = ?"
      " ORDER BY measure_id",
      content_->id_of(key));
}

std::vector<std::pair<RunKey, double>> StoreReader::kpi(std::string_view name) const {
  return in_order(content_->rows(
      [](const SqlStatement& s) { return std::pair(Content::key(s), s.number(4)); },
      "SELECT scenario, policy, future, replication, value FROM v_kpi WHERE metric = ?", name));
}

std::optional<SeriesRow> StoreReader::series(const RunKey& key, std::string_view node,
                                             std::string_view measure) const {
  auto found =
      content_->rows([&](const SqlStatement& s) { return content_->series(s, 0); },
                     "SELECT node.name, measure.name, unit, codec, data FROM series"
                     " JOIN node ON node.id = node_id JOIN measure ON measure.id = measure_id"
                     " WHERE run_id = ? AND node.name = ? AND measure.name = ?",
                     content_->id_of(key), node, measure);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<SeriesRow> StoreReader::series(const RunKey& key) const {
  return content_->rows([&](const SqlStatement& s) { return content_->series(s, 0); },
                        "SELECT node.name, measure.name, unit, codec, data FROM series"
                        " LEFT JOIN node ON node.id = node_id"
                        " LEFT JOIN measure ON measure.id = measure_id"
                        " WHERE run_id = ? ORDER BY node_id, measure_id",
                        content_->id_of(key));
}

std::vector<std::pair<RunKey, SeriesRow>> StoreReader::series(std::string_view node,
                                                              std::string_view measure) const {
  return in_order(content_->rows(
      [&](const SqlStatement& s) { return std::pair(Content::key(s), content_->series(s, 4)); },
      "SELECT scenario, policy, future, replication, node, measure, unit, codec, data"
      " FROM v_series WHERE node = ? AND measure = ?",
      node, measure));
}

}  // namespace optichain::sim
