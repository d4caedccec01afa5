#include "sim/output/json.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/hash.hpp"
#include "sim/base/number.hpp"

namespace optichain::sim {
namespace {

/// The library would write 1.0 for 1, and every element of a list on a line of its own.
class Writer {
 public:
  explicit Writer(bool one_line) : one_line_(one_line) {}

  void put(const Json& json) {
    if (json.is_object() && !json.empty()) return put_object(json);
    if (json.is_array() && !json.empty()) return put_array(json);
    if (json.is_number_float()) return put_number(json.get<double>());
    out += json.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  std::string out;

 private:
  void put_number(double value) { out += std::isfinite(value) ? format_number(value) : "null"; }

  void put_object(const Json& json) {
    open('{');
    bool first = true;
    for (const auto& [key, value] : json.items()) {
      separate(first, one_line_);
      put(Json(key));
      out += one_line_ ? ":" : ": ";
      put(value);
    }
    close('}', one_line_);
  }
  void put_array(const Json& json) {
    const bool plain = one_line_ || std::none_of(json.begin(), json.end(), [](const Json& item) {
                         return item.is_structured();
                       });
    open('[');
    bool first = true;
    for (const Json& item : json) {
      separate(first, plain);
      put(item);
    }
    close(']', plain);
  }

  void open(char bracket) {
    out += bracket;
    ++depth_;
  }
  void separate(bool& first, bool same_line) {
    if (!first) out += same_line && !one_line_ ? ", " : ",";
    if (!same_line) new_line();
    first = false;
  }
  void close(char bracket, bool same_line) {
    --depth_;
    if (!same_line) new_line();
    out += bracket;
  }
  void new_line() { out.append("\n").append(2 * depth_, ' '); }

  bool one_line_;
  std::size_t depth_ = 0;
};

std::string written(const Json& json, bool one_line) {
  Writer writer(one_line);
  writer.put(json);
  return std::move(writer.out);
}

}  // namespace

std::string json_text(const Json& json) {
  return written(json, false);
}

std::string json_line(const Json& json) {
  return written(json, true);
}

namespace {

constexpr const char* seal_key = "xxh3";
constexpr int deepest = 100;

/// What reads JSON goes as deep as it is nested.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '[' || c == '{')) {
      if (++depth > deepest) return true;
    } else if (!in_string && (c == ']' || c == '}')) {
      --depth;
    }
  }
  return false;
}

/// Of the object as it is read back: -0.0 is written as a whole number, and no UTF-8 is changed.
std::string seal_text(const Json& object) {
  const auto again = parse_json(json_line(object));
  return hash_digits(hash_text(json_line(again.value_or(Json()))));
}

}  // namespace

std::optional<Json> parse_json(std::string_view text) {
  if (is_too_deep(text)) return std::nullopt;
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

std::optional<std::uint64_t> natural_of(const Json& json) {
  if (!json.is_number_unsigned()) return std::nullopt;
  return json.get<std::uint64_t>();
}

std::optional<std::string> text_of(const Json& json) {
  if (!json.is_string()) return std::nullopt;
  return json.get<std::string>();
}

Json sealed(Json object) {
  object[seal_key] = seal_text(object);
  return object;
}

JsonSeal take_seal(Json& object) {
  if (!object.is_object() || !object.contains(seal_key)) return JsonSeal::none;
  const Json said = object[seal_key];
  object.erase(seal_key);
  return said == seal_text(object) ? JsonSeal::right : JsonSeal::wrong;
}

}  // namespace optichain::sim
