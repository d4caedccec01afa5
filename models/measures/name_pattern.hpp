#pragma once
// Patterns of names, as studies give them, held against the table of measures: group and measure
// alone. Which entities and periods there are, a run of the scenario says.

#include <string>
#include <string_view>
#include <vector>

namespace optichain::models::measures {

enum class NameOf { figure, series };

/// Whether a scenario could report a name that fits the pattern (`*` any characters, `?` any one):
/// a declared measure, of any entity and, of a figure, any period.
bool can_fit(std::string_view pattern, NameOf kind);

/// The pattern with each declared measure in place of its own, of its group if there is one of that
/// name, else of all, as far as that can fit: what may have been meant.
std::vector<std::string> alternatives(std::string_view pattern, NameOf kind);

}  // namespace optichain::models::measures
