#pragma once
// struct -> Node, every default spelt out; and type -> Schema. Both visit the same fields() that
// the reader visits, so reading what was written gives the same struct.

#include <memory>
#include <string>
#include <string_view>

#include "sim/base/curve.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/value.hpp"
#include "sim/input/node.hpp"
#include "sim/input/schema.hpp"
#include "sim/input/yaml.hpp"

namespace optichain::sim {

Node to_node(double value);
Node to_node(std::int64_t value);
Node to_node(bool value);
Node to_node(const std::string& value);
Node to_node(const Name& value);
Node to_node(Date value);
Node to_node(const LastDate& value);
Node to_node(const Curve& value);
Node to_node(const Value& value);
inline Node to_node(const Node& value) {
  return value;
}
template <class Tag>
Node to_node(Quantity<Tag> value) {
  return to_node(value.count());
}
template <Choice E>
Node to_node(E value) {
  return Node::scalar(std::string(Words<E>::words[static_cast<std::size_t>(value)]));
}
template <class T>
Node to_node(const std::vector<T>& values);
template <class T>
Node to_node(const std::map<std::string, T>& values);
template <HasFields T>
Node to_node(const T& value);
template <Tagged... Ts>
Node to_node(const std::variant<Ts...>& value);

/// Visits the fields of one structure and puts them into a mapping.
class FieldWriter {
 public:
  explicit FieldWriter(Node& map) : map_(map) {}
  template <class T>
  void required(std::string_view key, const T& value, const Rule&, std::string_view) {
    put(key, value);
  }
  template <class T>
  void required(std::string_view key, const T& value, std::string_view) {
    put(key, value);
  }
  template <class T>
  void optional(std::string_view key, const T& value, const Rule&, std::string_view) {
    put(key, value);
  }
  template <class T>
  void optional(std::string_view key, const T& value, std::string_view) {
    put(key, value);
  }

 private:
  template <class T>
  void put(std::string_view key, const T& value) {
    if constexpr (IsOptional<T>::value) {
      if (value) map_.entries().push_back({std::string(key), {}, to_node(*value)});
    } else {
      map_.entries().push_back({std::string(key), {}, to_node(value)});
    }
  }
  Node& map_;
};

template <class T>
Node to_node(const std::vector<T>& values) {
  Node list = Node::list();
  for (const T& value : values) list.append(to_node(value));
  return list;
}

template <class T>
Node to_node(const std::map<std::string, T>& values) {
  Node map = Node::map();
  for (const auto& [name, value] : values) map.entries().push_back({name, {}, to_node(value)});
  return map;
}

template <HasFields T>
Node to_node(const T& value) {
  Node map = Node::map();
  FieldWriter writer(map);
  // fields() serves readers too, so it takes a mutable struct
  const_cast<T&>(value).fields(writer);  // NOLINT
  return map;
}

template <Tagged... Ts>
Node to_node(const std::variant<Ts...>& value) {
  return std::visit(
      []<class T>(const T& alternative) {
        Node content = to_node(alternative);
        if (content.entries().empty()) return Node::scalar(std::string(T::tag));
        Node map = Node::map();
        map.put(std::string(T::tag), std::move(content));
        return map;
      },
      value);
}

/// Puts the annotations of one tree on the matching values of another.
void copy_annotations(const Node& from, Node& to);

// --- schema ------------------------------------------------------------------------------------

template <class T>
std::shared_ptr<const Schema> schema_of(const Rule& rule = any_number);

/// Visits the fields of a default-made structure and lists them.
class FieldLister {
 public:
  explicit FieldLister(Schema& schema) : schema_(schema) {}
  template <class T>
  void required(std::string_view key, const T&, const Rule& rule, std::string_view doc) {
    add<T>(key, true, "", rule, doc);
  }
  template <class T>
  void required(std::string_view key, const T&, std::string_view doc) {
    add<T>(key, true, "", any_number, doc);
  }
  template <class T>
  void optional(std::string_view key, const T& value, const Rule& rule, std::string_view doc) {
    add<T>(key, false, fallback(value), rule, doc);
  }
  template <class T>
  void optional(std::string_view key, const T& value, std::string_view doc) {
    add<T>(key, false, fallback(value), any_number, doc);
  }

 private:
  template <class T>
  static std::string fallback(const T& value) {
    if constexpr (IsOptional<T>::value) {
      return "";
    } else {
      return to_yaml_flow(to_node(value));
    }
  }
  template <class T>
  void add(std::string_view key, bool is_required, std::string fallback, const Rule& rule,
           std::string_view doc) {
    schema_.fields.push_back(
        {std::string(key), is_required, std::move(fallback), std::string(doc), schema_of<T>(rule)});
  }
  Schema& schema_;
};

template <class T>
std::shared_ptr<const Schema> schema_of(const Rule& rule) {
  auto schema = std::make_shared<Schema>();
  schema->rule = rule;
  using Kind = Schema::Kind;
  if constexpr (IsOptional<T>::value) {
    return schema_of<typename T::value_type>(rule);
  } else if constexpr (IsVariant<T>::value) {
    schema->kind = Kind::variant;
    [&]<class... Ts>(const std::variant<Ts...>*) {
      (schema->fields.push_back(
           {std::string(Ts::tag), false, "", std::string(Ts::doc), schema_of<Ts>()}),
       ...);
    }(static_cast<const T*>(nullptr));
  } else if constexpr (HasFields<T>) {
    schema->kind = Kind::structure;
    schema->title = T::title;
    schema->doc = T::doc;
    FieldLister lister(*schema);
    T{}.fields(lister);
  } else if constexpr (Choice<T>) {
    schema->kind = Kind::choice;
    schema->choices.assign(Words<T>::words.begin(), Words<T>::words.end());
  } else if constexpr (IsNamed<T>::value) {
    schema->kind = Kind::named;
    schema->element = schema_of<typename T::mapped_type>(rule);
  } else if constexpr (IsList<T>::value) {
    schema->kind = Kind::list;
    schema->element = schema_of<typename T::value_type>(rule);
  } else if constexpr (std::is_same_v<T, double>) {
    schema->kind = Kind::number;
  } else if constexpr (std::is_same_v<T, std::int64_t> || IsQuantity<T>::value) {
    schema->kind = Kind::whole;
  } else if constexpr (std::is_same_v<T, bool>) {
    schema->kind = Kind::flag;
  } else if constexpr (std::is_same_v<T, Value>) {
    schema->kind = Kind::value;
  } else if constexpr (std::is_same_v<T, Curve>) {
    schema->kind = Kind::curve;
  } else if constexpr (std::is_same_v<T, Date> || std::is_same_v<T, LastDate>) {
    schema->kind = Kind::date;
  } else if constexpr (std::is_same_v<T, Name>) {
    schema->kind = Kind::name;
  } else if constexpr (std::is_same_v<T, Node>) {
    schema->kind = Kind::any;
  } else {
    static_assert(std::is_same_v<T, std::string>, "a field has a type that cannot be read");
    schema->kind = Kind::text;
  }
  return schema;
}

}  // namespace optichain::sim
