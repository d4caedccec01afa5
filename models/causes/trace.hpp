#pragma once
// The record of unmet pieces that were handed on: who asked whom for how many.

#include <cstdint>
#include <string>
#include <string_view>

namespace optichain::models::causes {

/// Unmet pieces that were handed on from a demand or stock point to the one that owes, or to a
/// cause. Demands are named customer.product, stock points site.item, causes kind/item/where.
struct Trace {
  std::string from;
  std::string to;
  std::int64_t pieces = 0;
};

/// What the name of a cause says.
struct CauseName {
  std::string kind, item, where;
  std::string text() const { return kind + "/" + item + "/" + where; }
};

/// Whether the end of a trace is a cause.
bool is_cause(std::string_view node);
/// Throws Error if it is none.
CauseName cause_name(std::string_view node);

}  // namespace optichain::models::causes
