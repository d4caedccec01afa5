#include "sim/input/annotation.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/number.hpp"
#include "sim/input/path.hpp"

namespace optichain::sim {
namespace {

constexpr std::array<std::string_view, 4> annotation_keys = {"source", "confidence", "assumption",
                                                             "note"};
constexpr std::array<std::string_view, 5> confidences = {"A", "B", "C", "D", "X"};

bool is_annotation_key(std::string_view key) {
  return std::find(annotation_keys.begin(), annotation_keys.end(), key) != annotation_keys.end();
}

class AnnotationReader {
 public:
  explicit AnnotationReader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  /// Moves the annotation keys of every mapping into its annotation, and lets `value:` stand for
  /// the mapping that holds it.
  void strip(Node& node, const std::string& path) {
    for (Node& item : node.items()) strip(item, path);
    for (Node::Entry& e : node.entries()) {
      if (is_annotation_key(e.key)) continue;
      // the keys under `overrides` are paths already
      strip(e.value, path.empty() && e.key == "overrides" ? "" : join_path(path, e.key));
    }
    if (!node.is_map()) return;
    const bool annotated = std::any_of(annotation_keys.begin(), annotation_keys.end(),
                                       [&](std::string_view key) { return node.find(key); });
    Node* value = node.find("value");
    if (!annotated && !value) return;

    auto annotation = std::make_shared<Annotation>();
    read(node, *annotation, path);
    for (const std::string_view key : annotation_keys) node.erase(key);
    if (!value) {
      node.annotate(std::move(annotation));
      return;
    }
    value = node.find("value");
    for (const Node::Entry& e : node.entries()) {
      if (e.key == "value") continue;
      error(e.key_mark, path,
            fmt::format("expected only `value` and its annotation, received the key {}",
                        in_quotes(e.key)));
    }
    strip(*value, path);
    Node content = std::move(*value);
    if (annotated) content.annotate(std::move(annotation));
    check_range(content, path);
    node = std::move(content);
  }

 private:
  void read(const Node& node, Annotation& out, const std::string& path) {
    if (const Node* source = node.find("source")) read_sources(*source, out, path);
    if (const Node* confidence = node.find("confidence")) {
      out.confidence = confidence->text();
      if (std::find(confidences.begin(), confidences.end(), out.confidence) == confidences.end()) {
        expected(*confidence, path, fmt::format("a confidence ({})", fmt::join(confidences, ", ")));
      }
      if (!node.find("source")) {
        error(confidence->mark(), path, "a confidence needs a source");
      }
    }
    if (const Node* assumption = node.find("assumption")) read_assumption(*assumption, out, path);
    if (const Node* note = node.find("note")) {
      if (!note->is_scalar()) expected(*note, path, "a note in words");
      out.note = note->text();
    }
  }
  void read_sources(const Node& node, Annotation& out, const std::string& path) {
    const auto add = [&](const Node& item) {
      if (item.is_scalar() && !item.text().empty()) {
        out.sources.push_back(item.text());
      } else {
        expected(item, path, "the key of a source");
      }
    };
    if (!node.is_list()) return add(node);
    if (node.items().empty()) expected(node, path, "the key of a source");
    for (const Node& item : node.items()) add(item);
  }
  void read_assumption(const Node& node, Annotation& out, const std::string& path) {
    const Node* range = &node;
    Annotation::Range result;
    if (node.is_map() && node.entries().size() == 1 && node.entries().front().key == "factor") {
      range = &node.entries().front().value;
      result.factor = true;
    }
    std::vector<double> ends;
    for (const Node& item : range->items()) {
      if (const auto number = item.is_scalar() ? parse_number(item.text()) : std::nullopt) {
        ends.push_back(*number);
      }
    }
    if (ends.size() == 2 && ends[0] > ends[1]) {
      error(range->mark(), path,
            fmt::format("expected an assumption from low to high, received {} to {}",
                        format_number(ends[0]), format_number(ends[1])));
      return;
    }
    if (ends.size() != 2 || range->items().size() != 2) {
      return expected(node, path,
                      "the range of an assumption: [low, high] or {factor: [low, high]}");
    }
    result.low = ends[0];
    result.high = ends[1];
    out.assumption = result;
  }
  /// A number that is assumed must lie in the range that is called defensible.
  void check_range(const Node& node, const std::string& path) {
    if (!node.annotation() || !node.annotation()->assumption || !node.is_scalar()) return;
    const auto& range = *node.annotation()->assumption;
    const auto number = parse_number(node.text());
    if (!number || range.factor) return;
    if (*number < range.low || *number > range.high) {
      error(node.mark(), path,
            fmt::format("expected a value in the range of its assumption, {} to {}, "
                        "received {}",
                        format_number(range.low), format_number(range.high), node.describe()));
    }
  }
  void expected(const Node& node, const std::string& path, std::string_view what) {
    error(node.mark(), path, fmt::format("expected {}, received {}", what, node.describe()));
  }
  /// What is said of a value is lost, not the value.
  void error(const Mark& mark, const std::string& path, std::string message) {
    diagnostics_.error(mark, path, std::move(message), {}, join_path(path, "source"));
  }
  Diagnostics& diagnostics_;
};

}  // namespace

void strip_annotations(Node& node, const std::string& path, Diagnostics& diagnostics) {
  AnnotationReader(diagnostics).strip(node, path);
}

}  // namespace optichain::sim
