#include "sim/input/schema.hpp"

#include <algorithm>

namespace optichain::sim {

const Schema::Field* Schema::find(std::string_view key) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.key == key; });
  return found == fields.end() ? nullptr : &*found;
}

std::vector<std::string> Schema::keys() const {
  std::vector<std::string> result;
  for (const Field& f : fields) result.push_back(f.key);
  return result;
}

}  // namespace optichain::sim
