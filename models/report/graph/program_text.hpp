#pragma once
// Programs in words.

#include <string>

#include "models/catalog/catalog.hpp"

namespace optichain::models::report {

/// What a program does, where and when, on one line.
std::string program_text(const Catalog& catalog, ProgramId program);

}  // namespace optichain::models::report
