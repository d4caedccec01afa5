#pragma once
// Documents changed by what their schema allows: keys that it knows, values of its kinds, also at
// the ends of their ranges and a step beyond. Most of the changes read as valid, one by one; what
// they mean together nobody has thought of, which is what they are for.

#include <cstdint>

#include "sim/input/node.hpp"
#include "sim/input/schema.hpp"

namespace optichain::models {

/// The document with `changes` changes: entries added, removed, replaced, copied under another
/// name, or exchanged. The same for the same seed, on every machine.
sim::Node changed_by_schema(sim::Node document, const sim::Schema& schema, std::uint64_t seed,
                            int changes);

}  // namespace optichain::models
