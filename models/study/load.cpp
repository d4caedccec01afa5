#include "models/study/load.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "models/measures/name_pattern.hpp"
#include "models/study/decision_rules.hpp"
#include "models/study/futures_file.hpp"
#include "sim/base/check.hpp"
#include "sim/batch/unit_design.hpp"
#include "sim/input/csv.hpp"
#include "sim/input/input_file.hpp"
#include "sim/input/path.hpp"
#include "sim/input/reader.hpp"
#include "sim/input/unread.hpp"
#include "sim/input/writer.hpp"
#include "sim/input/yaml.hpp"

namespace optichain::models::study {
namespace {

namespace fs = std::filesystem;

void throw_if_any(sim::Diagnostics& diagnostics) {
  if (!diagnostics.empty()) throw sim::InputError(std::move(diagnostics));
}

/// What a design says of its file beside the name; an error where it says something unknown.
sim::CsvFormat format_of(const CsvDesign& csv, const sim::Document& study, const std::string& path,
                         sim::Diagnostics& diagnostics) {
  sim::CsvFormat format;
  const auto read = [&](const std::string& key, const std::optional<std::string>& text, auto parse,
                        std::string_view known, std::optional<char>& out) {
    if (!text) return;
    out = parse(*text);
    if (out) return;
    const std::string at = path + ".csv." + key;
    diagnostics.error(study.locate(at), at,
                      fmt::format("expected {}, received {}", known, sim::in_quotes(*text)));
  };
  read("separator", csv.separator, sim::csv_separator, sim::csv_separators, format.separator);
  read("decimal", csv.decimal, sim::csv_decimal, sim::csv_decimals, format.decimal);
  return format;
}

/// A file of combinations becomes a list of rows, each cell at its place.
void read_rows(DesignChoice& design, const fs::path& folder, const sim::Document& study,
               const std::string& path, sim::Diagnostics& diagnostics) {
  const auto* csv = std::get_if<CsvDesign>(&design);
  if (!csv) return;
  const std::string file = (folder / csv->file).string(), at = path + ".csv.file";
  const sim::CsvFormat format = format_of(*csv, study, path, diagnostics);
  const auto text = sim::read_input_file(file, study.locate(at), at, diagnostics);
  if (!text) return;
  auto table = sim::read_csv(*text, file, format, at, diagnostics);
  if (!table) return;
  std::vector<std::size_t> columns(table->header.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  sim::plain_numbers(*table, columns, at, diagnostics);
  ListDesign list;
  for (const auto& cells : table->rows) {
    auto& row = list.rows.emplace_back();
    for (const std::size_t c : columns) {
      if (cells[c].text.empty()) continue;
      row[table->header[c].text] = sim::Node::scalar(cells[c].text, table->mark(cells[c]));
    }
  }
  design = std::move(list);
}

/// A row with lists of values becomes one for each combination, the last list fastest.
void expand_lists(DesignChoice& design) {
  auto* list = std::get_if<ListDesign>(&design);
  if (!list) return;
  std::vector<std::map<std::string, sim::Node>> rows;
  for (auto& given : list->rows) {
    std::vector<std::map<std::string, sim::Node>> expanded = {std::move(given)};
    for (std::size_t i = 0; i < expanded.size();) {
      auto row = expanded[i];
      const auto found = std::find_if(row.begin(), row.end(),
                                      [](const auto& cell) { return cell.second.is_list(); });
      if (found == row.end()) {
        ++i;
        continue;
      }
      const auto values = found->second.items();
      expanded.erase(expanded.begin() + static_cast<std::ptrdiff_t>(i));
      for (std::size_t v = values.size(); v-- > 0;) {
        found->second = values[v];
        expanded.insert(expanded.begin() + static_cast<std::ptrdiff_t>(i), row);
      }
      if (rows.size() + expanded.size() > most_points) break;
    }
    rows.insert(rows.end(), expanded.begin(), expanded.end());
  }
  list->rows = std::move(rows);
}

/// What the rows of a list give a factor.
std::vector<sim::Node> values_in_rows(const DesignChoice& design, const std::string& factor) {
  std::vector<sim::Node> values;
  if (const auto* list = std::get_if<ListDesign>(&design)) {
    for (const auto& row : list->rows) {
      if (const auto cell = row.find(factor); cell != row.end()) values.push_back(cell->second);
    }
  }
  return values;
}

/// Reads a study and holds it against its scenario. An error in one part hides none in another:
/// what was not read, and what depends on it, is left out of what follows.
class Loader {
 public:
  explicit Loader(const std::string& file) : file_(file), folder_(fs::path(file).parent_path()) {}

  LoadedStudy factors() {
    read();
    throw_if_any(diagnostics_);
    return std::move(out_);
  }
  LoadedStudy everything() {
    read();
    make_points();
    if (is_valid_) check_extremes();
    check_decision(out_, unread_, {.scenario = is_valid_, .options = is_valid_ && levers_.is_whole},
                   diagnostics_);
    throw_if_any(diagnostics_);
    return std::move(out_);
  }

 private:
  /// The levers or the uncertainties: whether all of them, and their design, could be read.
  struct Side {
    const char* key;
    bool is_whole = true;
    bool has_rows = true;  // whether what its design writes down was read
  };

  void read() {
    read_study();
    check_constraints();
    check_names();
    if (read_base()) read_factors();
  }

  void read_study() {
    out_.document = sim::Document::load(file_, study_schema(), diagnostics_);
    if (!out_.document.is_whole()) throw_if_any(diagnostics_);
    sim::Reader(diagnostics_).read(out_.document.root(), out_.study, sim::any_number, {});
    unread_ = sim::Unread(diagnostics_, out_.document);
    const auto read_design = [&](DesignChoice& design, Side& side) {
      const std::string path = fmt::format("design.{}", side.key);
      side.is_whole = !unread_.touches(path) && !unread_.concerns(side.key);
      const std::size_t before = diagnostics_.size();
      read_rows(design, folder_, out_.document, path, diagnostics_);
      side.has_rows = !unread_.touches(path) && diagnostics_.size() == before;
      side.is_whole = side.is_whole && side.has_rows;
      if (side.is_whole) expand_lists(design);
    };
    read_design(out_.study.design.levers, levers_);
    const bool has_futures = take_futures();
    read_design(out_.study.design.uncertainties, uncertainties_);
    if (!has_futures) uncertainties_.is_whole = uncertainties_.has_rows = false;
  }

  /// A file of futures becomes a list of its rows, and its uncertainties those of the study. False
  /// if there is one that cannot be used.
  bool take_futures() {
    const std::string path = "design.uncertainties.futures", at = path + ".file";
    if (std::holds_alternative<FuturesDesign>(out_.study.design.levers)) {
      diagnostics_.error(out_.document.locate("design.levers"), "design.levers",
                         "futures are of uncertainties: expected another design of the levers");
    }
    const auto* design = std::get_if<FuturesDesign>(&out_.study.design.uncertainties);
    if (!design || unread_.touches(path)) return true;
    const std::size_t before = diagnostics_.size();
    auto futures =
        read_futures((folder_ / design->file).string(), out_.document.locate(at), at, diagnostics_);
    if (!futures) return false;
    for (const auto& [name, text] : out_.study.uncertainties) drawn_.push_back(name);
    for (const auto& [name, text] : futures->head.uncertainties) {
      if (out_.study.uncertainties.emplace(name, text).second) continue;
      const std::string twice = sim::join_path("uncertainties", name);
      diagnostics_.error(out_.document.locate(twice), twice,
                         fmt::format("{} has an uncertainty of this name, too", design->file));
    }
    const std::size_t rows = futures->rows.size();
    const auto wanted = static_cast<std::size_t>(design->points.value_or(0));
    if (wanted > rows) {
      const std::string points = path + ".points";
      diagnostics_.error(out_.document.locate(points), points,
                         fmt::format("expected at most the {} futures of {}, received {}", rows,
                                     design->file, wanted));
    } else if (wanted > 0) {
      futures->rows.resize(wanted);
    }
    std::string from =
        fmt::format("{} {} ({})", design->file, futures->head.hash, futures->head.engine);
    out_.study.design.uncertainties = ListDesign{std::move(futures->rows), std::move(from)};
    return diagnostics_.size() == before;
  }

  /// Uncertainties that the study names beside a file of futures are not in its rows.
  void draw_those_beside() {
    if (drawn_.empty()) return;
    const Settings rows = std::move(out_.futures);
    const auto seed = static_cast<std::uint64_t>(out_.study.seed);
    const sim::UnitDesign design = sim::latin_hypercube(seed, drawn_, rows.rows());
    out_.futures = Settings(out_.uncertainties.size());
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      std::vector<Setting> row(rows.row(i).begin(), rows.row(i).end());
      for (std::size_t f = 0; f < row.size(); ++f) {
        const auto drawn =
            std::find(drawn_.begin(), drawn_.end(), out_.uncertainties[f].name()) - drawn_.begin();
        const auto column = static_cast<std::size_t>(drawn);
        if (column < drawn_.size()) row[f] = out_.uncertainties[f].at(design.at(i, column));
      }
      out_.futures.add(row);
    }
  }

  /// Whether there is a scenario that factors can be held against.
  bool read_base() {
    levers_.is_whole = levers_.is_whole && (unread_.empty() || !out_.study.levers.empty());
    if (unread_.concerns("base")) return false;
    const std::string base = (folder_ / out_.study.base).string();
    std::error_code ignored;
    if (!fs::exists(base, ignored)) {
      diagnostics_.error(out_.document.locate("base"), "base",
                         fmt::format("cannot read {}: no such file", sim::in_quotes(base)));
      return false;
    }
    try {
      out_.scenario = scenario::load_scenario(base).document;
      apply_changes();
      scenario::load_scenario(out_.scenario, {});
      is_valid_ = out_.scenario.refused().empty() && !unread_.concerns("changes");
    } catch (const sim::InputError& e) {
      diagnostics_.add(e.diagnostics());
    }
    return out_.scenario.root().is_map();
  }
  void apply_changes() {
    const sim::Node& changes = out_.study.changes;
    if (!changes.is_map() && !changes.is_null()) {
      diagnostics_.error(
          changes.mark(), "changes",
          fmt::format("expected a mapping from paths to values, received {}", changes.describe()));
    }
    out_.scenario.apply(sim::overrides_of(changes), scenario::scenario_schema(), diagnostics_);
  }

  void read_factors() {
    refused_ = sim::Unread({}, out_.scenario);
    const auto make = [&](Side& side, bool levers, const std::map<std::string, FactorText>& texts,
                          const DesignChoice& design, std::vector<Factor>& out) {
      for (const auto& [name, text] : texts) {
        sim::Diagnostics found;
        const bool is_read = !unread_.concerns(fmt::format("{}.{}", side.key, name));
        if (is_read) {
          std::vector<sim::Node> rows = values_in_rows(design, name);
          if (!side.has_rows) rows.push_back(sim::Node::scalar("1"));
          Factor factor =
              Factor::make(name, levers, text, rows, out_.scenario, out_.document, found);
          if (found.empty() && side.has_rows) {
            out.push_back(std::move(factor));
            continue;
          }
        }
        side.is_whole = false;
        if (!follows_refused_change(text)) diagnostics_.add(found);
      }
    };
    make(levers_, true, out_.study.levers, out_.study.design.levers, out_.levers);
    make(uncertainties_, false, out_.study.uncertainties, out_.study.design.uncertainties,
         out_.uncertainties);
    check_overlaps();
  }
  /// Whether a path of the factor leads to what a change would have put there.
  bool follows_refused_change(const FactorText& text) const {
    if (refused_.empty()) return false;
    std::vector<std::string> paths = text.paths;
    paths.push_back(text.path);
    for (const auto& [name, changes] : text.options) {
      for (const auto& e : changes.entries()) paths.push_back(e.key);
    }
    return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
      std::string known;
      for (const std::string& part : sim::split_path(path)) {
        known = sim::join_path(known, part);
        if (!out_.scenario.find(known)) return refused_.holds(part);
      }
      return false;
    });
  }

  /// Two factors that set the same value would depend on which goes first.
  void check_overlaps() {
    std::vector<const Factor*> all;
    for (const Factor& f : out_.levers) all.push_back(&f);
    for (const Factor& f : out_.uncertainties) all.push_back(&f);
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (std::size_t j = i + 1; j < all.size(); ++j) {
        if (all[i]->name() == all[j]->name()) {
          diagnostics_.error(all[j]->place().mark, all[j]->place().path,
                             "a lever has this name, too");
        }
        for (const auto& a : all[i]->paths_set()) {
          for (const auto& b : all[j]->paths_set()) {
            if (!sim::one_holds_other(a, b)) continue;
            diagnostics_.error(all[j]->place().mark, all[j]->place().path,
                               fmt::format("{} sets {}, too", all[i]->place().path, a),
                               {"one of them may multiply it: `as: factor`"});
          }
        }
      }
    }
  }

  void check_constraints() {
    for (const auto& [name, c] : out_.study.constraints) {
      const std::string path = "constraints." + name;
      if (unread_.concerns(path)) continue;
      if (!c.min && !c.max) {
        diagnostics_.error(out_.document.locate(path), path, "expected `min` or `max`");
      } else if (c.min && c.max && *c.min > *c.max) {
        diagnostics_.error(out_.document.locate(path), path, "expected `min` up to `max`");
      }
    }
  }

  static std::vector<std::string> notes_on(const std::string& pattern, measures::NameOf kind) {
    using measures::NameOf;
    if (kind == NameOf::series && measures::can_fit(pattern + ".all", NameOf::figure)) {
      return {"it has no weekly series: `metrics` may keep it, with a period behind it"};
    }
    const auto names = measures::alternatives(pattern, kind);
    if (!names.empty()) return sim::suggestion(pattern, names, "names");
    return {kind == NameOf::series
                ? "a series is group.entity.measure"
                : "a figure is group.entity.measure.period: a year, a quarter (2026Q3) or all"};
  }

  /// Of what is to be kept: groups and measures. Which entities report them, and when, is not known
  /// before the scenario has been run.
  void check_names() {
    using measures::NameOf;
    const auto check = [&](const sim::Mark& mark, const std::string& path, NameOf kind,
                           const std::string& pattern) {
      if (unread_.concerns(path) || measures::can_fit(pattern, kind)) return;
      diagnostics_.error(mark, path,
                         fmt::format("no measure is reported as {}", sim::in_quotes(pattern)),
                         notes_on(pattern, kind));
    };
    const auto check_list = [&](const std::string& key, NameOf kind,
                                const std::vector<std::string>& patterns) {
      const sim::Node* list = out_.document.find(key);
      for (std::size_t i = 0; list && i < patterns.size(); ++i) {
        check(list->items().at(i).mark(), fmt::format("{}[{}]", key, i), kind, patterns[i]);
      }
    };
    check_list("metrics", NameOf::figure, out_.study.metrics);
    check_list("series", NameOf::series, out_.study.series);
    for (const auto& [name, constraint] : out_.study.constraints) {
      const std::string path = "constraints." + name + ".metric";
      check(out_.document.locate(path), path, NameOf::figure, constraint.metric);
    }
  }

  void make_points() {
    const auto seed = static_cast<std::uint64_t>(out_.study.seed);
    const std::size_t before = diagnostics_.size();
    if (levers_.is_whole) {
      out_.policies = make_settings(out_.study.design.levers, seed, out_.levers, out_.document,
                                    "design.levers", diagnostics_);
      levers_.is_whole = diagnostics_.size() == before;
    }
    if (uncertainties_.is_whole) {
      out_.futures = make_settings(out_.study.design.uncertainties, seed, out_.uncertainties,
                                   out_.document, "design.uncertainties", diagnostics_);
      if (diagnostics_.size() == before) draw_those_beside();
    }
    const auto points =
        static_cast<double>(out_.policies.rows()) * static_cast<double>(out_.futures.rows());
    if (points <= static_cast<double>(most_points)) return;
    diagnostics_.error(out_.document.locate("design"), "design",
                       fmt::format("expected at most {} points, received {} policies times {} "
                                   "futures",
                                   most_points, out_.policies.rows(), out_.futures.rows()));
  }

  /// The scenario has to be valid with each factor alone at its ends.
  void check_extremes() {
    const auto check = [&](const Factor& f) {
      for (const Setting setting : f.extremes(0.998)) {
        sim::Document trial = out_.scenario;
        sim::Diagnostics found;
        f.apply(setting, trial, found);
        try {
          if (found.empty()) scenario::load_scenario(std::move(trial), {});
        } catch (const sim::InputError& e) {
          found = e.diagnostics();
        }
        for (const auto& e : found.errors()) {
          auto notes = e.notes;
          notes.push_back(fmt::format("with {} = {}", f.name(), f.label(setting)));
          diagnostics_.error(e.mark, e.path, e.message, notes);
        }
      }
    };
    for (const Factor& f : out_.levers) check(f);
    for (const Factor& f : out_.uncertainties) check(f);
  }

  const std::string& file_;
  fs::path folder_;
  LoadedStudy out_;
  Side levers_{"levers"}, uncertainties_{"uncertainties"};
  std::vector<std::string> drawn_;  // uncertainties beside those of a file of futures
  bool is_valid_ = false;           // the scenario with all changes
  sim::Unread unread_;              // of the study
  sim::Unread refused_;             // of the changes
  sim::Diagnostics diagnostics_;
};

}  // namespace

const sim::Schema& study_schema() {
  static const std::shared_ptr<const sim::Schema> schema = sim::schema_of<Study>();
  return *schema;
}

bool has_key(const std::string& file, const char* key, const char* lacking) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return false;
  sim::Diagnostics unused;
  const auto text = sim::read_input_file(file, {}, "", unused);
  if (!text) return false;
  const sim::Node root = sim::parse_yaml(*text, file, unused);
  return root.is_map() && root.find(key) && !root.find(lacking);
}

bool is_study(const std::string& file) {
  return has_key(file, "base", "sites");
}

LoadedStudy load_study(const std::string& file) {
  return Loader(file).everything();
}

LoadedStudy load_factors(const std::string& file) {
  return Loader(file).factors();
}

}  // namespace optichain::models::study
