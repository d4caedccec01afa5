#include "models/study/changed_paths.hpp"

#include "sim/input/path.hpp"

namespace optichain::models::study {

void add_changed_paths(const sim::Node& a, const sim::Node& b, const std::string& path,
                       std::vector<std::string>& out) {
  if (sim::same_content(a, b)) return;
  const bool whole = path.starts_with("agreements.") || path.starts_with("programs.");
  if (whole || !a.is_map() || !b.is_map()) return out.push_back(path);
  for (const auto& e : a.entries()) {
    const std::string below = sim::join_path(path, e.key);
    const sim::Node* other = b.find(e.key);
    if (other) {
      add_changed_paths(e.value, *other, below, out);
    } else {
      out.push_back(below);
    }
  }
  for (const auto& e : b.entries()) {
    if (!a.find(e.key)) out.push_back(sim::join_path(path, e.key));
  }
}

}  // namespace optichain::models::study
