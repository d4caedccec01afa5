#pragma once
// What was given differently to two alternatives.

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace optichain::models::run {

/// Values by their paths.
using InputValues = std::map<std::string, std::string>;

/// A value that differs, absent where it is not given.
struct InputChange {
  std::string path;
  std::optional<std::string> before, after;
};
/// In the order of paths.
std::vector<InputChange> input_changes(const InputValues& before, const InputValues& after);

}  // namespace optichain::models::run
