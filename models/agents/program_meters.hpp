#pragma once
// What is counted of every program.

#include <vector>

#include "models/books/meters.hpp"
#include "models/catalog/catalog.hpp"

namespace optichain::models::agents {

struct ProgramMeters {
  books::MeterId strikes;         // how often it began to act
  books::MeterId down;            // 1 while it holds something up, else 0
  books::MeterId capacity_added;  // work a week that came on stream
  books::MeterId cost;            // paid for it
};

/// Defines the meters of all programs, by ProgramId.
inline std::vector<ProgramMeters> define_program_meters(const Catalog& catalog,
                                                        books::Meters& meters) {
  std::vector<ProgramMeters> all;
  for (const auto& program : catalog.programs) {
    const auto entity = measures::of(measures::Group::programs, program.name);
    all.push_back({meters.flow(entity, "strikes"), meters.level(entity, "down"),
                   meters.flow(entity, "capacity_added", 1e-3), meters.flow(entity, "cost", 1e-6)});
  }
  return all;
}

}  // namespace optichain::models::agents
