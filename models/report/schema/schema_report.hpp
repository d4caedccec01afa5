#pragma once
// What a scenario may contain, for people and for editors; both follow from the structs.

#include <string>

#include "sim/input/schema.hpp"

namespace optichain::models::report {

/// A table of keys for every structure that the schema leads to, as Markdown.
std::string reference_page(const sim::Schema& schema);

/// JSON Schema (draft 2020-12), so that editors complete keys and mark mistakes while one types.
std::string json_schema(const sim::Schema& schema);

/// Every measure of a run's results as a list of objects.
std::string measures_json();

}  // namespace optichain::models::report
