#pragma once
// The types that a structure of the page's data may have, and what follows from them. A structure
// declares its fields once:
//
//   struct DatedEvent {
//     static constexpr std::string_view title = "DatedEvent";  // its name in TypeScript
//     std::string name, from, until;
//
//     template <class Visitor>
//     void fields(Visitor& v) const {
//       v.field("name", name, "a program or an outage");
//       v.field("from", from);
//       ...
//     }
//   };
//
//   json_of(event);                     // what the page is filled with
//   TypeScript().add<DatedEvent>();     // how it is declared there (page_types.hpp)
//   keys_of<DatedEvent>();              // what an object must have to be one

#include <concepts>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sim/output/json.hpp"

namespace optichain::models::report {

/// Little-endian numbers in base64, one row after the other.
struct Packed {
  std::string text;
};

/// JSON from elsewhere that is laid out as a T: rows of a table, or findings from a file.
template <class T>
struct LaidOut {
  sim::Json json;
};

/// A setting of a factor in a table: a word or a number.
struct AnySetting {};

template <class T>
concept PagePart = requires {
  T::title;
};
/// A row of a table, which may have more columns than its fields.
struct TableRow {};
template <class T>
concept PageRow = PagePart<T> && std::derived_from<T, TableRow>;

// --- JSON --------------------------------------------------------------------------------------

inline sim::Json json_of(const Packed& packed) {
  return packed.text;
}
template <class T>
sim::Json json_of(const LaidOut<T>& given) {
  return given.json;
}
template <class T>
requires std::is_arithmetic_v<T> || std::convertible_to<T, std::string> sim::Json json_of(
    const T& value) {
  return value;
}
template <class T>
sim::Json json_of(const std::optional<T>& value);
template <class T>
sim::Json json_of(const std::vector<T>& values);
template <class T>
sim::Json json_of(const std::map<std::string, T>& values);
template <PagePart T>
sim::Json json_of(const T& value);

/// Puts the fields of a structure into an object.
class JsonFields {
 public:
  template <class T>
  void field(std::string_view key, const T& value, std::string_view = "") {
    json_[std::string(key)] = json_of(value);
  }
  template <class T>
  void part(std::string_view key, const std::optional<T>& value, std::string_view = "") {
    if (value) json_[std::string(key)] = json_of(*value);
  }
  sim::Json take() { return std::move(json_); }

 private:
  sim::Json json_ = sim::Json::object();
};

template <class T>
sim::Json json_of(const std::optional<T>& value) {
  return value ? json_of(*value) : sim::Json();
}
template <class T>
sim::Json json_of(const std::vector<T>& values) {
  sim::Json list = sim::Json::array();
  for (const T& value : values) list.push_back(json_of(value));
  return list;
}
template <class T>
sim::Json json_of(const std::map<std::string, T>& values) {
  sim::Json object = sim::Json::object();
  for (const auto& [name, value] : values) object[name] = json_of(value);
  return object;
}
template <PagePart T>
sim::Json json_of(const T& value) {
  JsonFields fields;
  value.fields(fields);
  return fields.take();
}

// --- TypeScript --------------------------------------------------------------------------------

/// Interfaces, each before those that use it.
class TypeScript {
 public:
  template <PagePart T>
  void add() {
    if (!known_.insert(T::title).second) return;
    Members members{*this, {}};
    T{}.fields(members);
    text_ += "\nexport interface " + std::string(T::title) + (PageRow<T> ? " extends Row" : "") +
             " {\n" + members.text + "}\n";
  }
  const std::string& text() const { return text_; }

 private:
  struct Members {
    TypeScript& all;
    std::string text;
    template <class T>
    void field(std::string_view key, const T&, std::string_view doc = "") {
      put(key, ": " + all.name(static_cast<const T*>(nullptr)), doc);
    }
    template <class T>
    void part(std::string_view key, const std::optional<T>&, std::string_view doc = "") {
      put(key, "?: " + all.name(static_cast<const T*>(nullptr)), doc);
    }
    void put(std::string_view key, const std::string& type, std::string_view doc) {
      if (!doc.empty()) text += "  /** " + std::string(doc) + " */\n";
      text += "  " + std::string(key) + type + ";\n";
    }
  };

  std::string name(const Packed*) { return "Packed"; }
  std::string name(const AnySetting*) { return "string | number"; }
  std::string name(const bool*) { return "boolean"; }
  std::string name(const std::string*) { return "string"; }
  template <class T>
  requires std::is_arithmetic_v<T> std::string name(const T*) { return "number"; }
  template <class T>
  std::string name(const LaidOut<T>*) {
    return name(static_cast<const T*>(nullptr));
  }
  template <class T>
  std::string name(const std::optional<T>*) {
    return name(static_cast<const T*>(nullptr)) + " | null";
  }
  template <class T>
  std::string name(const std::vector<T>*) {
    return name(static_cast<const T*>(nullptr)) + "[]";
  }
  template <class T>
  std::string name(const std::map<std::string, T>*) {
    return "Record<string, " + name(static_cast<const T*>(nullptr)) + ">";
  }
  template <PagePart T>
  std::string name(const T*) {
    add<T>();
    return std::string(T::title);
  }

  std::set<std::string_view> known_;
  std::string text_;
};

// --- keys --------------------------------------------------------------------------------------

class KeyList {
 public:
  template <class T>
  void field(std::string_view key, const T&, std::string_view = "") {
    keys_.emplace_back(key);
  }
  template <class T>
  void part(std::string_view, const std::optional<T>&, std::string_view = "") {}
  const std::vector<std::string>& keys() const { return keys_; }

 private:
  std::vector<std::string> keys_;
};

/// The keys that an object must have to be a T.
template <PagePart T>
std::vector<std::string> keys_of() {
  KeyList list;
  T{}.fields(list);
  return list.keys();
}

}  // namespace optichain::models::report
