#pragma once
// What yaml-cpp does not say about a text, or not in words that help whoever wrote it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostics.hpp"

namespace optichain::sim {

/// True if the bytes are UTF-8 without control characters; else the first place where they are not
/// is reported. (yaml-cpp guesses at other encodings and replaces what it cannot read.)
bool check_characters(std::string_view text, const Mark& file, Diagnostics& diagnostics);

/// The line on which the text in quotes that begins at a place ends, 0 if its quote is never closed
/// (yaml-cpp then takes the rest of the file), nothing if no quote stands there. Anchors and tags
/// before the quote are skipped.
std::optional<int> last_line_of_quote(std::string_view text, const Mark& place);

/// What is wrong and what would be right, from a message of yaml-cpp and the place it gives.
struct YamlMistake {
  std::string message;
  std::vector<std::string> notes;
};
YamlMistake explain(std::string_view text, const std::string& yaml_cpp_message, const Mark& place);

}  // namespace optichain::sim
