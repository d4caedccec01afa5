#pragma once
// The reference of all measures, for readers.

#include <string>

namespace optichain::models::measures {

/// A row for each measure, as a table in Markdown.
std::string reference_table();

}  // namespace optichain::models::measures
