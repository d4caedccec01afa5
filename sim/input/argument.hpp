#pragma once
// What people type on a command line, or a batch system leaves in the environment: each kind is
// read in one way, in plain decimal notation, or refused in a sentence that names its limits.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/rule.hpp"
#include "sim/base/time.hpp"

namespace optichain::sim {

/// A value, or the sentence that says why there is none.
template <class T>
struct Typed {
  std::optional<T> value;
  std::string problem;
};

/// Digits alone: no sign, no blanks, no zeros before it (which would make other programs read it as
/// octal), no other notation.
Typed<std::uint64_t> read_whole_number(std::string_view text, std::uint64_t low,
                                       std::uint64_t high);

/// A number as parse_number() reads it, within the limits of the rule.
Typed<double> read_number(std::string_view text, const Rule& rule);

/// A day, month, quarter or year.
Typed<Period> read_period(std::string_view text);

/// The name of a file or folder, or a title: not empty. What begins with `-` is an option whose
/// value was forgotten before.
Typed<std::string> read_name(std::string_view text);

}  // namespace optichain::sim
