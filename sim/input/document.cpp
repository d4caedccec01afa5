#include "sim/input/document.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/text.hpp"
#include "sim/base/time.hpp"
#include "sim/input/annotation.hpp"
#include "sim/input/csv_column.hpp"
#include "sim/input/input_file.hpp"
#include "sim/input/key_places.hpp"
#include "sim/input/path.hpp"
#include "sim/input/schema.hpp"
#include "sim/input/yaml.hpp"

namespace optichain::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t deepest_chain = 32;
constexpr std::size_t most_suggestions = 1000;  // of entries that were meant

// --- files -------------------------------------------------------------------------------------

/// A file that names another, so that a missing one is reported where it is named.
struct Reference {
  Mark mark;  // of the name; empty for the file on the command line
  std::string path;
};

// --- include and extends -----------------------------------------------------------------------

class Loader {
 public:
  Loader(const Schema& schema, Diagnostics& diagnostics)
      : schema_(schema), diagnostics_(diagnostics) {}

  Node load(const std::string& name, const Reference& from) {
    if (!enter(name, from)) return {};
    Node root;
    if (const auto text = read_input_file(name, from.mark, from.path, diagnostics_))
      root = parse(*text, name);
    chain_.pop_back();
    return root;
  }
  Node parse(std::string_view text, const std::string& name) {
    const std::size_t before = diagnostics_.size();
    Node root = parse_yaml(text, name, diagnostics_);
    if (diagnostics_.size() != before) return {};
    if (root.is_null()) {
      diagnostics_.error({std::make_shared<const std::string>(name), 0, 0}, "",
                         "the file is empty");
      return {};
    }
    const std::size_t with_annotations = diagnostics_.size();
    strip_annotations(root, "", diagnostics_);
    harmless_ += diagnostics_.size() - with_annotations;
    const fs::path directory = fs::path(name).parent_path();
    splice_includes(root, directory, "");
    if (root.find("extends")) return extend(std::move(root), directory);
    for (const Node::Entry& e : root.entries()) {
      if (e.key != "overrides") continue;
      diagnostics_.error(e.key_mark, e.key, "there is nothing to override without `extends`",
                         {"change the values themselves, or name the file with `extends: FILE`"});
      return {};
    }
    return root;
  }
  /// Requires: the diagnostics held `before` errors before anything was loaded.
  bool is_whole(std::size_t before) const { return diagnostics_.size() - before == harmless_; }
  std::vector<Override> take_refused() { return std::move(refused_); }

 private:
  /// False, with an error, if the file is already being read: a cycle.
  bool enter(const std::string& name, const Reference& from) {
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(name, error);
    const auto again = std::find(chain_.begin(), chain_.end(), canonical);
    if (again != chain_.end()) {
      std::vector<std::string> names;
      for (auto it = again; it != chain_.end(); ++it) names.push_back(it->filename().string());
      names.push_back(canonical.filename().string());
      diagnostics_.error(
          from.mark, from.path,
          fmt::format("files name each other in a circle: {}", fmt::join(names, " -> ")));
      return false;
    }
    if (chain_.size() >= deepest_chain) {
      diagnostics_.error(from.mark, from.path,
                         fmt::format("files name each other more than {} deep", deepest_chain));
      return false;
    }
    chain_.push_back(canonical);
    return true;
  }

  void splice_includes(Node& node, const fs::path& directory, const std::string& path) {
    if (node.find("csv") && node.find("column")) return splice_column(node, directory, path);
    for (Node& item : node.items()) splice_includes(item, directory, path);
    for (Node::Entry& e : node.entries()) {
      splice_includes(e.value, directory, join_path(path, e.key));
    }
    const Node* include = node.find("include");
    if (!include) return;
    const Node wanted = *include;  // keep it while the mapping changes
    std::vector<const Node*> files;
    if (wanted.is_list()) {
      for (const Node& item : wanted.items()) files.push_back(&item);
    } else {
      files.push_back(&wanted);
    }
    node.erase("include");
    for (const Node* file : files) {
      if (!file->is_scalar()) {
        diagnostics_.error(
            file->mark(), path,
            fmt::format("expected the name of a file, received {}", file->describe()));
        continue;
      }
      splice(node, load((directory / file->text()).string(), {file->mark(), path}), *file, path);
    }
  }
  /// Puts a column of a CSV file in the place of the mapping that asks for it.
  void splice_column(Node& node, const fs::path& directory, const std::string& path) {
    const Node* file = nullptr;
    CsvSelection wanted;
    bool good = true;
    const auto text_of = [&](const Node::Entry& e) -> std::string {
      if (e.value.is_scalar()) return e.value.text();
      good = false;
      diagnostics_.error(e.value.mark(), join_path(path, e.key),
                         fmt::format("expected text, received {}", e.value.describe()));
      return {};
    };
    const auto mark_of = [&](const Node::Entry& e, std::optional<char> mark,
                             std::string_view known) {
      if (!mark && e.value.is_scalar()) {
        good = false;
        diagnostics_.error(e.value.mark(), join_path(path, e.key),
                           fmt::format("expected {}, received {}", known, e.value.describe()));
      }
      return mark;
    };
    for (const Node::Entry& e : node.entries()) {
      if (e.key == "csv") {
        text_of(e);
        file = &e.value;
      } else if (e.key == "column") {
        wanted.column = text_of(e);
      } else if (e.key == "where" && e.value.is_map()) {
        for (const Node::Entry& row : e.value.entries()) wanted.where[row.key] = text_of(row);
      } else if (e.key == "separator") {
        wanted.format.separator = mark_of(e, csv_separator(text_of(e)), csv_separators);
      } else if (e.key == "decimal") {
        wanted.format.decimal = mark_of(e, csv_decimal(text_of(e)), csv_decimals);
      } else {
        good = false;
        diagnostics_.error(e.key_mark, path,
                           fmt::format("expected the keys csv, column, where (a mapping), "
                                       "separator and decimal, received {}",
                                       in_quotes(e.key)));
      }
    }
    if (!good) return;
    const std::string name = (directory / file->text()).lexically_normal().string();
    const auto text = read_input_file(name, file->mark(), path, diagnostics_);
    if (text) node = csv_column(*text, name, wanted, path, diagnostics_);
  }
  void splice(Node& into, Node part, const Node& file, const std::string& path) {
    if (part.is_null()) return;  // already reported
    if (!part.is_map()) {
      diagnostics_.error(
          file.mark(), path,
          fmt::format("expected a file with a mapping, received {}", part.describe()));
      return;
    }
    for (Node::Entry& e : part.entries()) {
      const auto& present = into.entries();
      const auto earlier = std::find_if(present.begin(), present.end(),
                                        [&](const Node::Entry& p) { return p.key == e.key; });
      if (earlier != present.end()) {
        diagnostics_.error(e.key_mark, path, fmt::format("{} is given twice", in_quotes(e.key)),
                           {fmt::format("first at {}", earlier->key_mark.text())});
        continue;
      }
      into.entries().push_back(std::move(e));
    }
  }

  /// The base with this file's overrides; of its other keys, only those that name it.
  Node extend(Node child, const fs::path& directory) {
    const Node extends = *child.find("extends");
    if (!extends.is_scalar()) {
      diagnostics_.error(
          extends.mark(), "extends",
          fmt::format("expected the name of a file, received {}", extends.describe()));
      return {};
    }
    Node base = load((directory / extends.text()).string(), {extends.mark(), "extends"});
    if (!base.is_map()) {
      if (!base.is_null()) {  // or it is reported already
        diagnostics_.error(
            extends.mark(), "extends",
            fmt::format("expected a file with a mapping, received {}", base.describe()));
      }
      return {};
    }
    Document document = Document::from_node(std::move(base));
    for (Node::Entry& e : child.entries()) {
      if (e.key == "extends") continue;
      if (e.key == "overrides") {
        apply_overrides(document, e.value);
      } else if (e.value.is_map()) {
        diagnostics_.error(
            e.key_mark, e.key,
            "a file that extends another changes mappings by path, under `overrides`");
      } else {
        const Override change{e.key, e.key_mark, std::move(e.value)};
        apply(document, {&change, 1});
      }
    }
    const auto refused = document.refused();
    refused_.insert(refused_.end(), refused.begin(), refused.end());
    return document.root();
  }
  void apply_overrides(Document& document, const Node& overrides) {
    if (!overrides.is_map()) {
      diagnostics_.error(overrides.mark(), "overrides",
                         fmt::format("expected a mapping from paths to values, received {}",
                                     overrides.describe()));
      return;
    }
    apply(document, overrides_of(overrides));
  }
  void apply(Document& document, std::span<const Override> changes) {
    const std::size_t before = diagnostics_.size();
    document.apply(changes, schema_, diagnostics_);
    harmless_ += diagnostics_.size() - before;
  }

  const Schema& schema_;
  Diagnostics& diagnostics_;
  std::size_t harmless_ = 0;  // errors beside which the rest of the document is as it was meant
  std::vector<Override> refused_;
  std::vector<fs::path> chain_;
};

// --- paths -------------------------------------------------------------------------------------

std::vector<std::string> keys_of(const Node& node) {
  std::vector<std::string> keys;
  for (const Node::Entry& e : node.entries()) keys.push_back(e.key);
  return keys;
}

/// Structures and variants have fixed keys; names and the dates of a curve are the user's own;
/// nothing else has parts that a path could name.
bool has_fixed_keys(const Schema& level) {
  return level.kind == Schema::Kind::structure || level.kind == Schema::Kind::variant;
}
bool has_open_keys(const Schema& level) {
  using Kind = Schema::Kind;
  return level.kind == Kind::named || level.kind == Kind::value || level.kind == Kind::curve;
}

/// Why a path cannot lead into a value.
std::vector<std::string> no_parts(const Schema& level, const Node* value) {
  if (level.kind == Schema::Kind::list) return {"it is a list, which is replaced as a whole"};
  if (value) return {fmt::format("it is {}, which has no parts", value->describe())};
  return {"it is a plain value, which has no parts"};
}

void set_marks(Node& node, const Mark& mark) {
  node.set_mark(mark);
  for (Node& item : node.items()) set_marks(item, mark);
  for (Node::Entry& e : node.entries()) {
    e.key_mark = mark;
    set_marks(e.value, mark);
  }
}

}  // namespace

Document Document::from_node(Node root) {
  Document document;
  document.root_ = std::move(root);
  return document;
}

Document Document::load(const std::string& name, const Schema& schema, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  Loader loader(schema, diagnostics);
  Document document = from_node(loader.load(name, {}));
  document.is_whole_ = loader.is_whole(before);
  document.refused_ = loader.take_refused();
  return document;
}

Document Document::from_text(std::string_view text, const std::string& name, const Schema& schema,
                             Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  Loader loader(schema, diagnostics);
  Document document = from_node(loader.parse(text, name));
  document.is_whole_ = loader.is_whole(before);
  document.refused_ = loader.take_refused();
  return document;
}

void Document::apply(std::span<const Override> changes, const Schema& schema,
                     Diagnostics& diagnostics) {
  KeyPlaces places(root_, changes.size());
  for (const Override& change : changes) apply(change, places, schema, diagnostics);
}

void Document::apply(const Override& change, const Schema& schema, Diagnostics& diagnostics) {
  apply({&change, 1}, schema, diagnostics);
}

void Document::apply(const Override& change, KeyPlaces& places, const Schema& schema,
                     Diagnostics& diagnostics) {
  using Kind = Schema::Kind;
  const auto parts = split_path(change.path);
  const auto refuse = [&](std::size_t i, std::string_view kind, std::vector<std::string> notes) {
    const std::string before = fmt::format(
        "{}", fmt::join(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(i), "."));
    diagnostics.error(change.mark, change.path,
                      fmt::format("{} has no {} {}", before.empty() ? "the document" : before, kind,
                                  in_quotes(parts[i])),
                      std::move(notes));
    refused_.push_back(change);
  };
  const auto known_entries = [&](std::size_t i, const Node& node) {
    // nobody reads what is meant behind so many errors, and it takes a while to find
    if (diagnostics.size() >= most_suggestions) return std::vector<std::string>();
    return suggestion(parts[i], keys_of(node), "entries");
  };

  Node* node = &root_;
  std::string path;  // of the node
  const Schema* level = &schema;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool fixed = has_fixed_keys(*level), open = has_open_keys(*level);
    const Schema::Field* field = fixed ? level->find(parts[i]) : nullptr;
    if (fixed && !field) return refuse(i, "key", suggestion(parts[i], level->keys(), "keys"));

    // What was left out, or chosen differently, makes room; a number has no parts.
    const bool other_choice = level->kind == Kind::variant && !node->find(parts[i]);
    if (node->is_null() || other_choice) {
      *node = Node::map(change.mark);
      places.forget(path);
    }
    if (!node->is_map()) return refuse(i, "entry", no_parts(*level, node));

    Node::Entry* child = places.find(path, *node, parts[i]);
    if (i + 1 == parts.size()) {
      if (change.value.is_null()) {
        if (!child) return refuse(i, "entry", known_entries(i, *node));
        places.erase(path, *node, *child);
      } else if (child) {
        places.forget(join_path(path, child->key));
        child->key_mark = change.mark;
        child->value = change.value;
      } else {
        places.put(path, *node, {parts[i], change.mark, change.value});
      }
      return;
    }
    if (!child && open) return refuse(i, "entry", known_entries(i, *node));
    if (fixed) {
      level = field->schema.get();
    } else if (level->kind == Kind::named) {
      level = level->element.get();
    }
    if (!has_fixed_keys(*level) && !has_open_keys(*level)) {
      return refuse(i + 1, "entry", no_parts(*level, child ? &child->value : nullptr));
    }
    const std::string key = child ? child->key : parts[i];
    node = child ? &child->value
                 : &places.put(path, *node, {key, change.mark, Node::map(change.mark)});
    path = join_path(path, key);
  }
}

const Node* Document::find(std::string_view path) const {
  const Node* node = &root_;
  for (const std::string& part : split_path(path)) {
    const Node::Entry* entry = find_entry(*node, part);
    if (!entry) return nullptr;
    node = &entry->value;
  }
  return node;
}

Mark Document::locate(std::string_view path) const {
  const Node* node = &root_;
  Mark mark = root_.mark();
  for (const std::string& part : split_path(path)) {
    const auto entry = std::find_if(node->entries().begin(), node->entries().end(),
                                    [&](const Node::Entry& e) { return e.key == part; });
    if (entry == node->entries().end()) break;
    mark = entry->value.is_map() ? entry->key_mark : entry->value.mark();
    node = &entry->value;
  }
  return mark;
}

std::vector<Override> overrides_of(const Node& mapping) {
  std::vector<Override> changes;
  for (const Node::Entry& e : mapping.entries()) changes.push_back({e.key, e.key_mark, e.value});
  return changes;
}

std::optional<Override> parse_assignment(const std::string& text, Diagnostics& diagnostics) {
  const Mark mark{
      std::make_shared<const std::string>("--set " + (has_control(text) ? in_quotes(text) : text)),
      0, 0};
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    diagnostics.error(mark, "", "expected path=value");
    return std::nullopt;
  }
  const std::string value = text.substr(equals + 1);
  Override change{text.substr(0, equals), mark, Node::null(mark)};
  if (value.empty()) {
    diagnostics.error(mark, "", "expected a value after =", {"to remove something, set it to ~"});
    return std::nullopt;
  }
  // A place within one argument says less than the argument itself.
  Diagnostics inside;
  change.value = parse_yaml(value, *mark.file, inside);
  set_marks(change.value, mark);
  strip_annotations(change.value, change.path, inside);
  for (const Diagnostic& e : inside.errors()) diagnostics.error(mark, e.path, e.message);
  if (!inside.empty()) return std::nullopt;
  return change;
}

}  // namespace optichain::sim
