#pragma once
// Which program made a file.

namespace optichain::models::run {

/// The version of the program, as the build was told: "0.1.0".
const char* version();
/// What stands in the files it writes: "optichain 0.1.0".
const char* engine();

}  // namespace optichain::models::run
