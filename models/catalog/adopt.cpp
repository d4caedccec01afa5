#include "models/catalog/adopt.hpp"

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
void adopt_field(T& field, T& value);

/// Visits the fields of a structure with those of another of the same type beside them.
struct Adopter {
  const std::vector<void*>& values;
  std::size_t next = 0;
  template <class T, class... Rest>
  void required(std::string_view, T& field, const Rest&...) {
    adopt_field(field, *static_cast<T*>(values[next++]));
  }
  template <class T, class... Rest>
  void optional(std::string_view, T& field, const Rest&...) {
    adopt_field(field, *static_cast<T*>(values[next++]));
  }
};

template <class T>
void adopt_entries(std::map<std::string, T>& entries, std::map<std::string, T>& values) {
  for (auto& [name, entry] : entries) {
    if (const auto found = values.find(name); found != values.end()) {
      adopt_field(entry, found->second);
    }
  }
}

template <class T>
void adopt_field(T& field, T& value) {
  if constexpr (sim::HasFields<T>) {
    Fields fields;
    value.fields(fields);
    Adopter adopter{fields.all};
    field.fields(adopter);
  } else if constexpr (sim::IsNamed<T>::value) {
    adopt_entries(field, value);
  } else if (!(field == value)) {
    field = std::move(value);
  }
}

}  // namespace

void adopt(Scenario& scenario, Scenario&& values) {
  adopt_field(scenario, values);
}

}  // namespace optichain::models
