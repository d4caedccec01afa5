#include "tests/property/schema_change.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "sim/base/number.hpp"
#include "tests/property/dice.hpp"

namespace optichain::models {
namespace {

using sim::Node;
using sim::Schema;

/// A mapping of the document and what it may hold.
struct Place {
  Node* node;
  const Schema* schema;
};

class Changer {
 public:
  Changer(Node& root, const Schema& schema, std::uint64_t seed)
      : root_(root), schema_(schema), dice_(seed, "changes by a schema") {
    words_.push_back("x");
    collect_words(root_);
  }

  void change() {
    std::vector<Place> places;
    collect_places(root_, schema_, places);
    const Place place = dice_.one_of(places);
    if (place.node->is_map()) {
      change_map(*place.node, *place.schema);
    } else {
      change_list(*place.node, *place.schema);
    }
  }

 private:
  // names and words of the document: what a name may refer to
  void collect_words(const Node& node) {
    if (words_.size() > 500) return;
    if (node.is_scalar()) words_.push_back(node.text());
    for (const Node& item : node.items()) collect_words(item);
    for (const Node::Entry& entry : node.entries()) {
      words_.push_back(entry.key);
      collect_words(entry.value);
    }
  }

  static bool holds_entries(const Schema& schema) {
    return schema.kind == Schema::Kind::structure || schema.kind == Schema::Kind::named ||
           schema.kind == Schema::Kind::variant;
  }

  void collect_places(Node& node, const Schema& schema, std::vector<Place>& places) {
    if (node.is_map() && holds_entries(schema)) {
      places.push_back({&node, &schema});
      for (Node::Entry& entry : node.entries()) {
        const Schema* of_value = schema_of(schema, entry.key);
        if (of_value) collect_places(entry.value, *of_value, places);
      }
    } else if (node.is_list() && schema.kind == Schema::Kind::list) {
      places.push_back({&node, &schema});
      for (Node& item : node.items()) collect_places(item, *schema.element, places);
    }
  }

  static const Schema* schema_of(const Schema& schema, const std::string& key) {
    if (schema.kind == Schema::Kind::named) return schema.element.get();
    const Schema::Field* field = schema.find(key);
    return field ? field->schema.get() : nullptr;
  }

  void change_map(Node& node, const Schema& schema) {
    auto& entries = node.entries();
    const int way = entries.empty() ? 0 : dice_.whole(0, 5);
    if (way <= 2) return add_entry(node, schema);
    Node::Entry& entry = entries[index_of(entries.size())];
    const Schema* of_value = schema_of(schema, entry.key);
    if (way == 3) {
      node.erase(std::string(entry.key));
    } else if (way == 4 || schema.kind != Schema::Kind::named) {
      if (of_value) entry.value = value_of(*of_value, 0);
    } else if (dice_.chance(0.5)) {
      Node copy = entry.value;
      node.put(entry.key + "_2", std::move(copy));
    } else {
      std::swap(entry.value, entries[index_of(entries.size())].value);
    }
  }

  void add_entry(Node& node, const Schema& schema) {
    if (schema.kind == Schema::Kind::named) {
      node.put(dice_.one_of(words_), value_of(*schema.element, 0));
    } else if (!schema.fields.empty()) {
      const Schema::Field& field = dice_.one_of(schema.fields);
      node.put(field.key, value_of(*field.schema, 0));
    }
  }

  void change_list(Node& node, const Schema& schema) {
    auto& items = node.items();
    const int way = items.empty() ? 0 : dice_.whole(0, 2);
    if (way == 0) {
      node.append(value_of(*schema.element, 0));
    } else if (way == 1) {
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(index_of(items.size())));
    } else {
      items[index_of(items.size())] = value_of(*schema.element, 0);
    }
  }

  std::size_t index_of(std::size_t size) {
    return static_cast<std::size_t>(dice_.whole(0, static_cast<int>(size) - 1));
  }

  Node value_of(const Schema& schema, int depth) {
    switch (schema.kind) {
      case Schema::Kind::any:
      case Schema::Kind::text:
      case Schema::Kind::name:
        return Node::scalar(dice_.one_of(words_));
      case Schema::Kind::flag:
        return Node::scalar(dice_.chance(0.5) ? "true" : "false");
      case Schema::Kind::number:
        return Node::scalar(number(schema.rule));
      case Schema::Kind::whole:
        return Node::scalar(whole_number(schema.rule));
      case Schema::Kind::value:
        return dice_.chance(0.3) ? distribution(schema.rule) : curve(schema.rule);
      case Schema::Kind::curve:
        return curve(schema.rule);
      case Schema::Kind::date:
        return Node::scalar(date());
      case Schema::Kind::choice:
        return Node::scalar(dice_.one_of(schema.choices));
      case Schema::Kind::list:
        return list(schema, depth);
      case Schema::Kind::named:
        return named(schema, depth);
      case Schema::Kind::structure:
        return structure(schema, depth);
      case Schema::Kind::variant:
        return variant(schema, depth);
    }
    return Node::null();
  }

  Node list(const Schema& schema, int depth) {
    Node node = Node::list();
    for (int n = dice_.whole(depth > 3 ? 0 : 1, depth > 3 ? 0 : 3); n > 0; --n) {
      node.append(value_of(*schema.element, depth + 1));
    }
    return node;
  }

  Node named(const Schema& schema, int depth) {
    Node node = Node::map();
    for (int n = dice_.whole(depth > 3 ? 0 : 1, depth > 3 ? 0 : 2); n > 0; --n) {
      node.put(dice_.one_of(words_), value_of(*schema.element, depth + 1));
    }
    return node;
  }

  /// With what it must have, and some of what it may have.
  Node structure(const Schema& schema, int depth) {
    Node node = Node::map();
    for (const Schema::Field& field : schema.fields) {
      if (!field.required && (depth > 3 || !dice_.chance(0.15))) continue;
      node.put(field.key, value_of(*field.schema, depth + 1));
    }
    return node;
  }

  /// `word` or `word: {keys}`.
  Node variant(const Schema& schema, int depth) {
    const Schema::Field& field = dice_.one_of(schema.fields);
    if (dice_.chance(0.3)) return Node::scalar(field.key);
    Node node = Node::map();
    node.put(field.key, value_of(*field.schema, depth + 1));
    return node;
  }

  /// Within the rule; at its ends and a step beyond now and then.
  std::string number(const sim::Rule& rule) {
    const int way = dice_.whole(0, 11);
    if (way == 0) return sim::format_number(rule.min);
    if (way == 1) return sim::format_number(rule.max);
    if (way == 2) return sim::format_number(rule.max + 1);
    if (way == 3) return "0";
    if (way == 4) return "1";
    const double low = std::max(rule.min, 0.0);
    const double high = std::max(low, std::min(rule.max, low + 1000));
    return sim::format_number(way < 8 ? dice_.between(low, high)
                                      : std::round(dice_.between(low, high)));
  }
  std::string whole_number(const sim::Rule& rule) {
    if (dice_.chance(0.2)) return sim::format_number(dice_.chance(0.5) ? rule.min : rule.max);
    const int low = static_cast<int>(std::max(rule.min, 0.0));
    return fmt::format("{}", dice_.whole(low, low + 20));
  }

  Node curve(const sim::Rule& rule) {
    if (!dice_.chance(0.2)) return Node::scalar(number(rule));
    Node node = Node::map();
    for (int year = dice_.whole(2024, 2026), n = dice_.whole(1, 3); n > 0; --n, ++year) {
      node.put(fmt::format("{}-01-01", year), Node::scalar(number(rule)));
    }
    return node;
  }

  Node distribution(const sim::Rule& rule) {
    static const std::vector<std::vector<std::string>> kinds = {
        {"uniform", "low", "high"}, {"triangular", "low", "mode", "high"},
        {"gamma", "mean", "sd"},    {"pert", "low", "mode", "high"},
        {"beta", "mean", "sd"},     {"binomial", "trials", "probability"},
        {"normal", "mean", "sd"},   {"lognormal", "mean", "sd"},
        {"exponential", "mean"},    {"poisson", "mean"}};
    const auto& kind = dice_.one_of(kinds);
    Node parameters = Node::map();
    for (std::size_t i = 1; i < kind.size(); ++i) {
      parameters.put(kind[i], Node::scalar(number(rule)));
    }
    Node node = Node::map();
    node.put(kind[0], std::move(parameters));
    return node;
  }

  std::string date() {
    const int year = dice_.whole(2023, 2028);
    const int month = dice_.whole(1, 12);
    const int day = dice_.whole(1, 28);
    switch (dice_.whole(0, 3)) {
      case 0:
        return fmt::format("{}", year);
      case 1:
        return fmt::format("{}-{:02}", year, month);
      case 2:
        return fmt::format("{}-{:02}-{:02}", year, month, day);
      default:
        return fmt::format("{}-Q{}", year, (month + 2) / 3);
    }
  }

  Node& root_;
  const Schema& schema_;
  Dice dice_;
  std::vector<std::string> words_;
};

}  // namespace

sim::Node changed_by_schema(sim::Node document, const sim::Schema& schema, std::uint64_t seed,
                            int changes) {
  Changer changer(document, schema, seed);
  for (int i = 0; i < changes; ++i) changer.change();
  return document;
}

}  // namespace optichain::models
