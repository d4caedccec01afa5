#pragma once
// What the measures of key figures and weekly series are called in a sentence, for the dictionary
// of an export. models/world/README.md says it in full, by the kind of thing that is measured.

#include <string_view>

namespace optichain::models::report {

/// Of a measure's name without entity and period: `fill_rate`, `lost_to.isolator`. Empty if nobody
/// has said it.
std::string_view measure_meaning(std::string_view measure);

}  // namespace optichain::models::report
