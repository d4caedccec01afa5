#pragma once
// Whether options can branch from a common history.

#include "models/study/loaded_study.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/input/unread.hpp"

namespace optichain::models::study {

/// Whether the scenario with the study's changes is valid, and whether all options are there.
struct WhatIsKnown {
  bool scenario = true, options = true;
};

/// Checks the decision of a study, if it has one: what it names, that every option is valid, and
/// that no option changes anything that acts before the day of the decision. Says nothing of what
/// was not read.
void check_decision(const LoadedStudy& study, const sim::Unread& unread, WhatIsKnown known,
                    sim::Diagnostics& diagnostics);

}  // namespace optichain::models::study
