#pragma once
// The one door to the JSON library. Keys keep the order in which they were put.
//
//   Json json = {{"seed", 1}, {"mean", 0.1}, {"weeks", {1, 2, 3}}};
//   json_text(json);   // numbers as short as they can be read back exactly; NaN and infinity: null

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace optichain::sim {

using Json = nlohmann::ordered_json;

/// JSON for people and programs: two spaces a level, a list of plain values on one line. Bytes that
/// are no UTF-8 become U+FFFD. No newline at the end.
std::string json_text(const Json& json);
/// The same on one line.
std::string json_line(const Json& json);

/// Nothing if the text is no JSON.
std::optional<Json> parse_json(std::string_view text);

}  // namespace optichain::sim
