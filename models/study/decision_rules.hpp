#pragma once
// Whether options can branch from a common history.

#include "models/study/loaded_study.hpp"

namespace optichain::models::study {

/// Checks the decision of a study, if it has one: what it names, that every option is valid, and
/// that no option changes anything that acts before the day of the decision. Throws InputError with
/// all that is wrong.
void check_decision(const LoadedStudy& study);

}  // namespace optichain::models::study
