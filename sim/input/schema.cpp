#include "sim/input/schema.hpp"

#include <algorithm>

#include "sim/input/path.hpp"

namespace optichain::sim {

const Schema::Field* Schema::find(std::string_view key) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.key == key; });
  return found == fields.end() ? nullptr : &*found;
}

const Schema* Schema::at(std::string_view path) const {
  const Schema* level = this;
  for (const std::string& part : split_path(path)) {
    switch (level->kind) {
      case Kind::structure:
      case Kind::variant: {
        const Field* field = level->find(part);
        if (!field) return nullptr;
        level = field->schema.get();
        break;
      }
      case Kind::named:
        level = level->element.get();
        break;
      case Kind::value:
      case Kind::curve:
        break;
      default:
        return nullptr;
    }
  }
  return level;
}

std::vector<std::string> Schema::keys() const {
  std::vector<std::string> result;
  for (const Field& f : fields) result.push_back(f.key);
  return result;
}

}  // namespace optichain::sim
