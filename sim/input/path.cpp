#include "sim/input/path.hpp"

namespace optichain::sim {

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t dot = path.find('.');
    parts.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    path.remove_prefix(dot + 1);
  }
}

std::string join_path(std::string_view parent, std::string_view key) {
  std::string path;
  path.reserve(parent.size() + key.size() + 1);
  path += parent;
  if (!parent.empty()) path += '.';
  path += key;
  return path;
}

bool one_holds_other(std::string_view a, std::string_view b) {
  const std::string_view shorter = a.size() < b.size() ? a : b;
  const std::string_view longer = a.size() < b.size() ? b : a;
  return shorter.empty() || (longer.starts_with(shorter) &&
                             (longer.size() == shorter.size() || longer[shorter.size()] == '.'));
}

}  // namespace optichain::sim
