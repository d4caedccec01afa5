#include "sim/output/json.hpp"

#include <algorithm>
#include <cmath>

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

std::optional<Json> parse_json(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

}  // namespace optichain::sim
