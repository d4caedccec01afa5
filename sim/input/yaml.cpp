#include "sim/input/yaml.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <unordered_map>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "sim/base/check.hpp"
#include "sim/base/number.hpp"
#include "sim/input/yaml_text.hpp"

namespace optichain::sim {
namespace {

constexpr std::size_t most_values = 4'000'000;
constexpr std::size_t most_alias_values = 1'000'000;
constexpr std::size_t most_depth = 100;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// Ends parsing after an error that makes going on pointless; the diagnostics already say why.
struct GiveUp {};

/// Builds the tree from yaml-cpp's events, which carry a mark for every scalar and container.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& name, Diagnostics& diagnostics)
      : file_(std::make_shared<const std::string>(name)), diagnostics_(diagnostics) {}

  /// yaml-cpp counts lines and columns from 0.
  Mark mark(const YAML::Mark& m) const { return {file_, m.line + 1, m.column + 1}; }
  Mark file_mark() const { return {file_, 0, 0}; }
  Node take_root() { return std::move(root_); }
  bool has_root() const { return has_root_; }
  /// Where the text in quotes stands that came last; line 0 if there was none.
  const Mark& last_quoted() const { return last_quoted_; }

  /// The innermost list or mapping in flow style ([ or {) that is still open.
  const Node* open_flow() const {
    for (auto it = open_.rbegin(); it != open_.rend(); ++it) {
      if (it->flow) return &it->node;
    }
    return nullptr;
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& m, YAML::anchor_t anchor) override {
    // A missing value is marked at the next line; its key is the better place.
    add(Node::null(awaiting_value() ? open_.back().key_mark : mark(m)), anchor);
  }
  void OnScalar(const YAML::Mark& m, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_tag(m, tag);
    if (tag == "!") last_quoted_ = mark(m);
    add(Node::scalar(value, mark(m), tag == "!"), anchor);
  }
  void OnAlias(const YAML::Mark& m, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      diagnostics_.error(mark(m), "", "this alias refers to a value that contains it");
      throw GiveUp{};
    }
    alias_values_ += found->second.size;
    if (alias_values_ > most_alias_values) {
      diagnostics_.error(mark(m), "",
                         fmt::format("aliases stand for more than {} values", most_alias_values));
      throw GiveUp{};
    }
    count_values(mark(m), found->second.size);
    Node copy = found->second.node;
    add(std::move(copy), 0);
  }
  void OnSequenceStart(const YAML::Mark& m, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(Node::list(mark(m)), m, tag, anchor, style);
  }
  void OnMapStart(const YAML::Mark& m, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(Node::map(mark(m)), m, tag, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    bool flow = false;
    std::size_t values_before = 0;
    bool has_key = false;  // of a mapping: the next node is a value
    std::string key;
    Mark key_mark;
    bool is_key = false;                         // this container stands where a key should
    std::unordered_map<std::string, Mark> seen;  // keys of a mapping
  };
  struct Anchored {
    Node node;
    std::size_t size;
  };

  bool awaiting_value() const {
    return !open_.empty() && open_.back().node.is_map() && open_.back().has_key;
  }
  bool awaiting_key() const {
    return !open_.empty() && open_.back().node.is_map() && !open_.back().has_key;
  }
  void refuse_tag(const YAML::Mark& m, const std::string& tag) {
    // "?" and "!" are what yaml-cpp itself puts on plain and quoted scalars
    if (tag.empty() || tag == "?" || tag == "!") return;
    diagnostics_.error(mark(m), "", fmt::format("tags ({}) have no meaning here", in_quotes(tag)));
  }
  void count_values(const Mark& where, std::size_t more) {
    values_ += more;
    if (values_ <= most_values) return;
    diagnostics_.error(where, "", fmt::format("more than {} values in one file", most_values));
    throw GiveUp{};
  }
  void open(Node node, const YAML::Mark& m, const std::string& tag, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style) {
    refuse_tag(m, tag);
    count_values(mark(m), 1);
    if (open_.size() >= most_depth) {
      diagnostics_.error(mark(m), "", fmt::format("nested more than {} deep", most_depth));
      throw GiveUp{};
    }
    Open container;
    container.is_key = awaiting_key();
    container.node = std::move(node);
    container.anchor = anchor;
    container.flow = style == YAML::EmitterStyle::Flow;
    container.values_before = values_;
    open_.push_back(std::move(container));
  }
  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.is_key) {
      diagnostics_.error(done.node.mark(), "",
                         fmt::format("expected a key, received {}", done.node.describe()));
    }
    const std::size_t size = values_ - done.values_before + 1;
    place(std::move(done.node), done.anchor, size);
  }
  void add(Node node, YAML::anchor_t anchor) {
    count_values(node.mark(), 1);
    place(std::move(node), anchor, 1);
  }
  void place(Node node, YAML::anchor_t anchor, std::size_t size) {
    if (anchor != 0) anchors_.insert_or_assign(anchor, Anchored{node, size});
    if (open_.empty()) {
      root_ = std::move(node);
      has_root_ = true;
    } else if (open_.back().node.is_list()) {
      open_.back().node.append(std::move(node));
    } else if (!open_.back().has_key) {
      place_key(node);
    } else {
      place_value(std::move(node));
    }
  }
  void place_key(const Node& node) {
    Open& map = open_.back();
    map.has_key = true;
    map.key = node.text();
    map.key_mark = node.mark();
    if (node.is_null()) {
      diagnostics_.error(node.mark(), "", "expected a key, received nothing");
    } else if (node.is_scalar() && node.text() == "<<" && !node.quoted()) {
      diagnostics_.error(node.mark(), "", "merge keys are not used here",
                         {"use `extends:` or `include:`, or an alias for a whole value"});
    }
  }
  void place_value(Node node) {
    Open& map = open_.back();
    map.has_key = false;
    const auto [earlier, is_new] = map.seen.try_emplace(map.key, map.key_mark);
    if (!is_new) {
      diagnostics_.error(map.key_mark, "",
                         fmt::format("the key {} is given twice", in_quotes(map.key)),
                         {fmt::format("first at {}", earlier->second.text())});
      return;
    }
    map.node.entries().push_back({std::move(map.key), map.key_mark, std::move(node)});
  }

  std::shared_ptr<const std::string> file_;
  Diagnostics& diagnostics_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t values_ = 0;
  std::size_t alias_values_ = 0;
  Mark last_quoted_;
  Node root_;
  bool has_root_ = false;
};

/// True, with an error, if the last text in quotes is not closed: yaml-cpp lets it end with the
/// file.
bool unclosed_quote(std::string_view text, const TreeBuilder& builder, Diagnostics& diagnostics) {
  if (last_line_of_quote(text, builder.last_quoted()) != 0) return false;
  diagnostics.error(builder.last_quoted(), "", "a quote opened here is not closed");
  return true;
}

/// yaml-cpp notices an unclosed quote or bracket only where the file goes on; say where it was
/// opened.
void report(const YAML::Exception& e, std::string_view text, const TreeBuilder& builder,
            Diagnostics& diagnostics) {
  if (unclosed_quote(text, builder, diagnostics)) return;
  const Mark noticed = e.mark.is_null() ? builder.file_mark() : builder.mark(e.mark);
  const bool unclosed = e.msg.starts_with("end of") || e.msg == "illegal flow end";
  if (const Node* open = builder.open_flow(); open && unclosed) {
    diagnostics.error(
        open->mark(), "",
        fmt::format("{} opened here is not closed", open->is_list() ? "a list" : "a mapping"),
        {fmt::format("noticed at {}", noticed.text())});
    return;
  }
  YamlMistake explanation = explain(text, e.msg, noticed);
  const Mark& quote = builder.last_quoted();
  const int quote_end = last_line_of_quote(text, quote).value_or(quote.line);
  if (quote_end > quote.line && quote_end <= noticed.line) {
    explanation.notes.push_back(
        fmt::format("the text in quotes from {} goes on to line {}", quote.text(), quote_end));
  }
  diagnostics.error(noticed, "", std::move(explanation.message), std::move(explanation.notes));
}

// --- writing -----------------------------------------------------------------------------------

bool is_leaf(const Node& node) {
  return node.is_scalar() || node.is_null();
}

/// Short containers of leaves go on one line.
bool fits_on_a_line(const Node& node) {
  if (is_leaf(node)) return true;
  if (node.items().size() + node.entries().size() > 8) return false;
  const auto leaf_like = [](const Node& n) { return fits_on_a_line(n); };
  return std::all_of(node.items().begin(), node.items().end(), leaf_like) &&
         std::all_of(node.entries().begin(), node.entries().end(),
                     [&](const Node::Entry& e) { return leaf_like(e.value); });
}

void emit(YAML::Emitter& out, const Node& node, bool flow);

/// Letters, digits and what joins them: such a text needs no quotes anywhere. What begins with a
/// sign, or is long, is left to yaml-cpp.
bool is_plain_word(std::string_view text) {
  const auto may_begin = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  const auto may_follow = [&](char c) { return may_begin(c) || c == '.' || c == '-'; };
  return !text.empty() && text.size() < 100 && may_begin(text.front()) &&
         std::all_of(text.begin(), text.end(), may_follow) && text != "null" && text != "Null" &&
         text != "NULL";
}

/// yaml-cpp holds every character of a text against a dozen patterns, which takes most of the time
/// that a large scenario takes to write; what it streams as it does numbers it writes as it is.
void emit_text(YAML::Emitter& out, const std::string& text) {
  if (is_plain_word(text)) {
    out.WriteIntegralType(std::string_view(text));
  } else {
    out << text;
  }
}

void emit_scalar(YAML::Emitter& out, const Node& node) {
  if (node.is_null()) {
    out << YAML::Null;
  } else if (node.quoted()) {
    out << YAML::DoubleQuoted << node.text();
  } else {
    emit_text(out, node.text());
  }
}

void emit_annotation(YAML::Emitter& out, const Annotation& a) {
  if (a.sources.size() == 1) {
    out << YAML::Key << "source" << YAML::Value << a.sources.front();
  } else if (!a.sources.empty()) {
    out << YAML::Key << "source" << YAML::Value << YAML::Flow << a.sources;
  }
  if (!a.confidence.empty()) out << YAML::Key << "confidence" << YAML::Value << a.confidence;
  if (a.assumption) {
    out << YAML::Key << "assumption" << YAML::Value << YAML::Flow;
    if (a.assumption->factor) out << YAML::BeginMap << YAML::Key << "factor" << YAML::Value;
    out << YAML::Flow << YAML::BeginSeq << format_number(a.assumption->low)
        << format_number(a.assumption->high) << YAML::EndSeq;
    if (a.assumption->factor) out << YAML::EndMap;
  }
  if (!a.note.empty()) out << YAML::Key << "note" << YAML::Value << YAML::DoubleQuoted << a.note;
}

void emit_map(YAML::Emitter& out, const Node& node, bool flow) {
  out << (flow ? YAML::Flow : YAML::Block) << YAML::BeginMap;
  for (const auto& e : node.entries()) {
    out << YAML::Key;
    emit_text(out, e.key);
    out << YAML::Value;
    emit(out, e.value, flow);
  }
  if (node.annotation()) emit_annotation(out, *node.annotation());
  out << YAML::EndMap;
}

void emit(YAML::Emitter& out, const Node& node, bool flow) {
  flow = flow || fits_on_a_line(node);
  if (node.is_map()) {
    emit_map(out, node, flow);
    return;
  }
  // only a mapping has room for an annotation beside its values
  if (node.annotation()) out << YAML::Flow << YAML::BeginMap << YAML::Key << "value" << YAML::Value;
  if (node.is_list()) {
    out << (flow ? YAML::Flow : YAML::Block) << YAML::BeginSeq;
    for (const Node& item : node.items()) emit(out, item, flow);
    out << YAML::EndSeq;
  } else {
    emit_scalar(out, node);
  }
  if (node.annotation()) {
    emit_annotation(out, *node.annotation());
    out << YAML::EndMap;
  }
}

std::string document_text(const Node& node, bool flow) {
  YAML::Emitter out;
  out.SetNullFormat(YAML::TildeNull);
  emit(out, node, flow);
  OPTICHAIN_CHECK(out.good(), "yaml-cpp cannot write: {}", out.GetLastError());
  return out.c_str();
}

}  // namespace

Node parse_yaml(std::string_view text, const std::string& name, Diagnostics& diagnostics) {
  TreeBuilder builder(name, diagnostics);
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (!check_characters(text, builder.file_mark(), diagnostics)) return {};
  // With a line end behind it, an unclosed quote is always taken to end with the file.
  const std::string_view line_end = text.ends_with('\n') ? "" : "\n";
  std::istringstream stream{fmt::format("{}{}", text, line_end)};
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder) || !builder.has_root()) {
      diagnostics.error(builder.file_mark(), "", "the file is empty");
      return {};
    }
    Node root = builder.take_root();
    if (unclosed_quote(text, builder, diagnostics)) return {};
    if (parser) {
      TreeBuilder rest(name, diagnostics);
      if (parser.HandleNextDocument(rest) && rest.has_root()) {
        diagnostics.error(rest.take_root().mark(), "", "expected one YAML document in the file");
      }
    }
    return root;
  } catch (const GiveUp&) {
  } catch (const YAML::Exception& e) {
    report(e, text, builder, diagnostics);
  }
  return {};
}

std::string to_yaml(const Node& node) {
  return document_text(node, false) + "\n";
}
std::string to_yaml_flow(const Node& node) {
  return document_text(node, true);
}

}  // namespace optichain::sim
