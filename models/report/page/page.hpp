#pragma once
// The page of `optichain report`: one HTML file with everything in it.

#include <string>
#include <string_view>

#include "sim/output/json.hpp"

namespace optichain::models::report {

/// The page without data, as models/report/page/web makes it at build time; empty if it could not
/// be made, and then why.
std::string_view page_template();
std::string_view page_template_problem();

/// The page with its data: JSON, deflated and in base64, less than half of its text and without any
/// character that could end the script element that holds it. Throws Error if there is no template.
std::string page(const sim::Json& data);

}  // namespace optichain::models::report
