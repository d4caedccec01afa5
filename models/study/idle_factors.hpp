#pragma once
// Levers and uncertainties that can do nothing: no figure of any run can depend on them.

#include "models/study/loaded_study.hpp"
#include "sim/base/diagnostics.hpp"

namespace optichain::models::study {

/// Of each factor what is certain before anything is run, at its place in the study: that all its
/// settings in the design make the same scenario, that two of its values or options do, that
/// settings differ only after the end of the scenario, or only in what does nothing
/// (scenario::idle_settings). Nothing is said of a factor whose values others change, too.
sim::Diagnostics idle_factors(const LoadedStudy& study);

}  // namespace optichain::models::study
