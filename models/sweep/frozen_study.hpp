#pragma once
// A study with its scenario and combinations as texts that can be read anywhere, without the files
// that they were made of.

#include <span>
#include <string>
#include <string_view>

#include "models/study/loaded_study.hpp"
#include "sim/output/json.hpp"

namespace optichain::models::sweep {

struct FrozenStudy {
  std::string study, scenario;
};
/// `scenario_file` is the name that the frozen study gives its scenario.
FrozenStudy freeze(const study::LoadedStudy& loaded, const std::string& scenario_file);

/// A frozen study whose combinations were written down. Throws InputError or OutputError.
study::LoadedStudy thaw(const std::string& study_file, const std::string& policies_file,
                        const std::string& futures_file);

/// The settings of a row as an object from factors to numbers or labels.
sim::Json row_json(std::span<const study::Factor> factors, std::span<const study::Setting> row);

/// A table with a row for each row of settings: its name, then the labels of its settings.
std::string settings_csv(std::span<const study::Factor> factors, const study::Settings& settings,
                         char letter);
/// The table read back. Throws WrongFileError if it does not fit the factors.
study::Settings read_settings_csv(std::string_view csv, std::span<const study::Factor> factors,
                                  const std::string& file);

}  // namespace optichain::models::sweep
