#pragma once
// The one door to the JSON library. Keys keep the order in which they were put.
//
//   Json json = {{"seed", 1}, {"mean", 0.1}, {"weeks", {1, 2, 3}}};
//   json_text(json);   // numbers as short as they can be read back exactly; NaN and infinity: null

#include <cstdint>
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

/// Nothing if the text is no JSON, or is nested deeper than anything that the program writes.
std::optional<Json> parse_json(std::string_view text);

/// A whole number from 0 on; nothing if it is anything else.
std::optional<std::uint64_t> natural_of(const Json& json);
/// The text of a string; nothing if it is anything else.
std::optional<std::string> text_of(const Json& json);

/// An object with one more key, `xxh3`: the hash of the rest as json_line() writes it.
Json sealed(Json object);
enum class JsonSeal { none, right, wrong };
/// Takes the key away again, and says whether it fits.
JsonSeal take_seal(Json& object);

}  // namespace optichain::sim
