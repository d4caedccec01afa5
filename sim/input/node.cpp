#include "sim/input/node.hpp"

#include <algorithm>

namespace optichain::sim {

Node Node::null(Mark mark) {
  Node node;
  node.mark_ = std::move(mark);
  return node;
}

Node Node::scalar(std::string text, Mark mark, bool quoted) {
  Node node;
  node.kind_ = Kind::scalar;
  node.text_ = std::move(text);
  node.mark_ = std::move(mark);
  node.quoted_ = quoted;
  return node;
}

Node Node::list(Mark mark) {
  Node node;
  node.kind_ = Kind::list;
  node.mark_ = std::move(mark);
  return node;
}

Node Node::map(Mark mark) {
  Node node;
  node.kind_ = Kind::map;
  node.mark_ = std::move(mark);
  return node;
}

const Node* Node::find(std::string_view key) const {
  for (const Entry& e : entries_) {
    if (e.key == key) return &e.value;
  }
  return nullptr;
}

Node* Node::find(std::string_view key) {
  for (Entry& e : entries_) {
    if (e.key == key) return &e.value;
  }
  return nullptr;
}

Node& Node::put(std::string key, Node value) {
  return put(std::move(key), {}, std::move(value));
}

Node& Node::put(std::string key, Mark key_mark, Node value) {
  if (Node* present = find(key)) {
    *present = std::move(value);
    return *present;
  }
  entries_.push_back({std::move(key), std::move(key_mark), std::move(value)});
  return entries_.back().value;
}

bool Node::erase(std::string_view key) {
  return std::erase_if(entries_, [&](const Entry& e) { return e.key == key; }) > 0;
}

void Node::append(Node value) {
  items_.push_back(std::move(value));
}

std::string Node::describe() const {
  switch (kind_) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return in_quotes(text_);
    case Kind::list:
      return items_.empty() ? "an empty list" : "a list";
    case Kind::map:
      if (!entries_.empty()) return "a mapping";
      return annotation_ ? "an annotation without a value" : "an empty mapping";
  }
  return "";
}

bool same_content(const Node& a, const Node& b) {
  if (a.kind() != b.kind() || a.text() != b.text()) return false;
  const bool annotated = a.annotation() != nullptr;
  if (annotated != (b.annotation() != nullptr)) return false;
  if (annotated && !(*a.annotation() == *b.annotation())) return false;
  return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(),
                    same_content) &&
         std::equal(a.entries().begin(), a.entries().end(), b.entries().begin(), b.entries().end(),
                    [](const Node::Entry& x, const Node::Entry& y) {
                      return x.key == y.key && same_content(x.value, y.value);
                    });
}

}  // namespace optichain::sim
