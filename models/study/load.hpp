#pragma once
// YAML -> study, held against its scenario: every path, value and combination.

#include <string>

#include "models/study/loaded_study.hpp"

namespace optichain::models::study {

const sim::Schema& study_schema();

/// True if a file is a mapping that has one key and lacks another.
bool has_key(const std::string& file, const char* key, const char* lacking);

/// True if a file is meant to be a study: it names a `base`.
bool is_study(const std::string& file);

/// Reads and checks a study. The scenario is also checked with each factor alone at its lowest and
/// highest, or at each of its values. Throws InputError with all that is wrong.
LoadedStudy load_study(const std::string& file);

/// The same without its combinations, and without the checks that need them.
LoadedStudy load_factors(const std::string& file);

}  // namespace optichain::models::study
