#include "models/run/input_change.hpp"

#include <algorithm>

namespace optichain::models::run {

std::vector<InputChange> input_changes(const InputValues& before, const InputValues& after) {
  std::vector<InputChange> changes;
  for (const auto& [path, value] : before) {
    const auto now = after.find(path);
    if (now == after.end()) {
      changes.push_back({path, value, std::nullopt});
    } else if (now->second != value) {
      changes.push_back({path, value, now->second});
    }
  }
  for (const auto& [path, value] : after) {
    if (!before.contains(path)) changes.push_back({path, std::nullopt, value});
  }
  std::sort(changes.begin(), changes.end(),
            [](const InputChange& a, const InputChange& b) { return a.path < b.path; });
  return changes;
}

}  // namespace optichain::models::run
