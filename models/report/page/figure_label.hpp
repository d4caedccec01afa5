#pragma once
// What the page calls a figure, in words.

#include <string>

#include "models/measures/figure_name.hpp"

namespace optichain::models::report {

/// `customers.city.fill_rate.2026` as `city: fill rate, 2026`: a party, family or agreement before
/// its figure, other groups as a word of their own; of the whole run no period, nor if it is empty.
std::string figure_label(const measures::FigureName& figure);
/// The same of a figure by its name; of a name that is none, its words.
std::string figure_label(const std::string& name);

}  // namespace optichain::models::report
