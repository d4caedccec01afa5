#include "models/catalog/overwrite_values.hpp"

#include <string_view>
#include <vector>

#include "sim/base/check.hpp"

namespace optichain::models {
namespace {

/// The fields of a structure in the order in which it visits them.
struct Fields {
  std::vector<void*> all;
  template <class T, class... Rest>
  void required(std::string_view, T& field, const Rest&...) {
    all.push_back(&field);
  }
  template <class T, class... Rest>
  void optional(std::string_view, T& field, const Rest&...) {
    all.push_back(&field);
  }
};

template <class T>
void overwrite_field(T& field, T& value);

/// Visits the fields of a structure with those of another of the same type beside them.
struct Overwriter {
  const std::vector<void*>& values;
  std::size_t next = 0;
  template <class T, class... Rest>
  void required(std::string_view, T& field, const Rest&...) {
    overwrite_field(field, *static_cast<T*>(values[next++]));
  }
  template <class T, class... Rest>
  void optional(std::string_view, T& field, const Rest&...) {
    overwrite_field(field, *static_cast<T*>(values[next++]));
  }
};

template <class T>
void overwrite_entries(std::map<std::string, T>& entries, std::map<std::string, T>& values) {
  for (auto& [name, entry] : entries) {
    if (const auto found = values.find(name); found != values.end()) {
      overwrite_field(entry, found->second);
    }
  }
}

template <class T>
void overwrite_field(T& field, T& value) {
  if constexpr (sim::HasFields<T>) {
    Fields fields;
    value.fields(fields);
    Overwriter overwriter{fields.all};
    field.fields(overwriter);
  } else if constexpr (sim::IsNamed<T>::value) {
    overwrite_entries(field, value);
  } else if (!(field == value)) {
    field = std::move(value);
  }
}

}  // namespace

void overwrite_values(Scenario& scenario, Scenario&& values) {
  overwrite_field(scenario, values);
}

}  // namespace optichain::models
