#pragma once
// The types of the page's data, for the page: web/src/page_types.ts, written by
// `optichain schema --of page`.

#include <string>

namespace optichain::models::report {

std::string page_typescript();

}  // namespace optichain::models::report
