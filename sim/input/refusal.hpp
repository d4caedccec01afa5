#pragma once
// One sentence about what somebody named or typed, where there is no line to point at:
//
//   --metric: error: the sweep kept no metric "x"
//     note: did you mean "y"?

#include <string>
#include <vector>

namespace optichain::sim {

/// Throws an InputError about a file, a folder or an option, by its name, with notes such as
/// suggestion() gives.
[[noreturn]] void refuse_input(const std::string& named, const std::string& message,
                               std::vector<std::string> notes = {});

}  // namespace optichain::sim
