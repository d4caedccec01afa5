#include "sim/input/unread.hpp"

#include <algorithm>

#include "sim/input/path.hpp"

namespace optichain::sim {
namespace {

std::string_view parent_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}

void collect(const Node& node, std::set<std::string>& names) {
  if (node.is_scalar()) names.insert(node.text());
  for (const Node& item : node.items()) collect(item, names);
  for (const Node::Entry& e : node.entries()) {
    names.insert(e.key);
    collect(e.value, names);
  }
}

}  // namespace

Unread::Unread(const Diagnostics& of_form, const Document& document) {
  for (const Diagnostic& e : of_form.errors()) {
    const std::string path = e.concerned.substr(0, e.concerned.find('['));  // of a list, all
    add(path, document.find(path));
  }
  for (const Override& change : document.refused()) {
    add(change.path, &change.value);
    const auto parts = split_path(change.path);
    names_.insert(parts.begin(), parts.end());
  }
}

void Unread::add(std::string_view path, const Node* value) {
  paths_.emplace_back(path);
  if (value) collect(*value, names_);
}

bool Unread::concerns(std::string_view path) const {
  return std::any_of(paths_.begin(), paths_.end(),
                     [&](const std::string& unread) { return one_holds_other(path, unread); });
}

bool Unread::touches(std::string_view path) const {
  return concerns(path) ||
         std::any_of(paths_.begin(), paths_.end(), [&](const std::string& unread) {
           return parent_of(unread) == parent_of(path);
         });
}

bool Unread::has(std::string_view pattern) const {
  const auto wanted = split_path(pattern);
  return std::any_of(paths_.begin(), paths_.end(), [&](const std::string& unread) {
    const auto parts = split_path(unread);
    return std::equal(parts.begin(), parts.end(), wanted.begin(), wanted.end(),
                      [](const std::string& part, const std::string& other) {
                        return other == "*" || part == other;
                      });
  });
}

}  // namespace optichain::sim
