#include "models/report/schema/schema_report.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/measures/measure.hpp"
#include "sim/output/json.hpp"

namespace optichain::models::report {
namespace {

using sim::Json;
using sim::Schema;
using Kind = Schema::Kind;

// --- Markdown ----------------------------------------------------------------------------------

std::string link(const std::string& title) {
  std::string anchor;
  for (const char c : title) {
    anchor += c == ' ' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  return fmt::format("[{}](#{})", title, anchor);
}

/// What may stand behind a key, in a few words.
std::string describe(const Schema& s) {
  const std::string range = s.rule.range().empty() ? "" : ", " + s.rule.range();
  switch (s.kind) {
    case Kind::any:
      return "any value";
    case Kind::text:
      return "text";
    case Kind::name:
      return "a name";
    case Kind::flag:
      return "true or false";
    case Kind::number:
      return "number" + range;
    case Kind::whole:
      return "whole number" + range;
    case Kind::value:
      return "[value](#values)" + range;
    case Kind::curve:
      return "number or curve" + range;
    case Kind::date:
      return "date";
    case Kind::choice:
      return fmt::format("one of {}", fmt::join(s.choices, ", "));
    case Kind::list:
      return "list of: " + describe(*s.element);
    case Kind::named:
      return s.element->kind == Kind::text ? "texts by key" : "by name: " + describe(*s.element);
    case Kind::structure:
      return link(s.title);
    case Kind::variant: {
      std::vector<std::string> choices;
      for (const auto& f : s.fields) {
        choices.push_back(f.schema->fields.empty() ? "`" + f.key + "`" : link(f.schema->title));
      }
      return fmt::format("one of {}", fmt::join(choices, ", "));
    }
  }
  return "";
}

/// Structures in the order in which a reader meets them, each once.
void collect(const Schema& s, std::vector<const Schema*>& found, std::set<std::string>& seen) {
  if (s.kind == Kind::structure) {
    if (!seen.insert(s.title).second) return;
    found.push_back(&s);
  }
  for (const auto& f : s.fields) collect(*f.schema, found, seen);
  if (s.element) collect(*s.element, found, seen);
}

/// The tag under which a structure is chosen, if it is an alternative of a variant.
void collect_tags(const Schema& s, std::map<std::string, std::string>& tags,
                  std::set<const Schema*>& seen) {
  if (!seen.insert(&s).second) return;
  for (const auto& f : s.fields) {
    if (s.kind == Kind::variant) tags[f.schema->title] = f.key;
    collect_tags(*f.schema, tags, seen);
  }
  if (s.element) collect_tags(*s.element, tags, seen);
}

std::string default_of(const Schema::Field& f) {
  if (f.required) return "**required**";
  if (f.fallback.empty() || f.fallback == "{}" || f.fallback == "[]" || f.fallback == "\"\"") {
    return "";
  }
  return "`" + f.fallback + "`";
}

// --- JSON Schema -------------------------------------------------------------------------------

Json number_schema(const Schema& s, const char* type) {
  Json j = {{"type", type}};
  j[s.rule.min_excluded ? "exclusiveMinimum" : "minimum"] = s.rule.min;
  j["maximum"] = s.rule.max;
  return j;
}

/// Any value may also be a mapping with `value` and where it comes from.
Json annotated(Json plain) {
  return {{"anyOf", Json::array({std::move(plain), {{"$ref", "#/$defs/annotated"}}})}};
}

/// A list may also be a column of a CSV file.
Json list(Json plain) {
  Json j = annotated(std::move(plain));
  j["anyOf"].push_back({{"$ref", "#/$defs/column"}});
  return j;
}

/// What says which column; where: a cell for each of some columns.
Json column_schema() {
  const Json text = {{"type", "string"}};
  return {{"type", "object"},
          {"properties",
           {{"csv", text},
            {"column", text},
            {"where", {{"type", "object"}}},
            {"separator", text},
            {"decimal", text}}},
          {"required", Json::array({"csv", "column"})},
          {"additionalProperties", false}};
}

class JsonWriter {
 public:
  Json write(const Schema& s) {
    switch (s.kind) {
      case Kind::any:
        return Json::object();
      case Kind::text:
      case Kind::date:
        return {{"type", Json::array({"string", "number"})}};
      case Kind::name:
        return {{"type", "string"}, {"pattern", "^[a-z0-9_]{1,64}$"}};
      case Kind::flag:
        return {{"type", "boolean"}};
      case Kind::number:
        return annotated(number_schema(s, "number"));
      case Kind::whole:
        return annotated(number_schema(s, "integer"));
      case Kind::value:
      case Kind::curve:
        return {{"anyOf", Json::array({number_schema(s, "number"), {{"type", "object"}}})}};
      case Kind::choice:
        return {{"enum", s.choices}};
      case Kind::list:
        return list({{"type", "array"}, {"items", write(*s.element)}});
      case Kind::named:
        return {{"type", "object"},
                {"properties", {{"include", Json::object()}}},
                {"additionalProperties", write(*s.element)}};
      case Kind::structure:
        return reference(s);
      case Kind::variant:
        return variant(s);
    }
    return {};
  }
  Json definitions() const { return definitions_; }

 private:
  Json reference(const Schema& s) {
    if (!definitions_.contains(s.title)) {
      definitions_[s.title] = Json::object();  // so that it is written once
      Json properties = Json::object(), required = Json::array();
      for (const auto& f : s.fields) {
        properties[f.key] = write(*f.schema);
        properties[f.key]["description"] = f.doc;
        if (f.required) required.push_back(f.key);
      }
      for (const char* key : {"source", "confidence", "assumption", "note", "include"}) {
        properties[key] = Json::object();
      }
      definitions_[s.title] = {{"type", "object"},
                               {"description", s.doc},
                               {"properties", properties},
                               {"required", required},
                               {"additionalProperties", false}};
    }
    return {{"$ref", "#/$defs/" + s.title}};
  }
  Json variant(const Schema& s) {
    Json alternatives = Json::array();
    for (const auto& f : s.fields) {
      const auto& keys = f.schema->fields;
      if (std::none_of(keys.begin(), keys.end(), [](const auto& k) { return k.required; })) {
        alternatives.push_back({{"const", f.key}});
      }
      alternatives.push_back({{"type", "object"},
                              {"properties", {{f.key, write(*f.schema)}}},
                              {"required", Json::array({f.key})},
                              {"additionalProperties", false}});
    }
    return {{"anyOf", alternatives}};
  }
  Json definitions_ = Json::object();
};

}  // namespace

std::string reference_page(const Schema& schema) {
  std::vector<const Schema*> structures;
  std::set<std::string> seen;
  collect(schema, structures, seen);
  std::map<std::string, std::string> tags;
  std::set<const Schema*> visited;
  collect_tags(schema, tags, visited);

  std::string page;
  for (const Schema* s : structures) {
    const auto tag = tags.find(s->title);
    if (s->fields.empty() && tag == tags.end()) continue;
    page += fmt::format("{}### {}\n\n{}", page.empty() ? "" : "\n", s->title, s->doc);
    if (tag != tags.end()) page += fmt::format(" Chosen by the word `{}`.", tag->second);
    page += "\n";
    if (s->fields.empty()) continue;
    page += "\n| key | meaning | value | default |\n|---|---|---|---|\n";
    for (const auto& f : s->fields) {
      page += fmt::format("| `{}` | {} | {} | {} |\n", f.key, f.doc, describe(*f.schema),
                          default_of(f));
    }
  }
  return page;
}

std::string json_schema(const Schema& schema) {
  JsonWriter writer;
  const Json root = writer.write(schema);
  Json definitions = writer.definitions();
  definitions["annotated"] = {{"type", "object"}, {"required", Json::array({"value"})}};
  definitions["column"] = column_schema();
  const Json extension = {
      {"type", "object"},
      {"required", Json::array({"extends"})},
      {"properties", {{"extends", {{"type", "string"}}}, {"overrides", {{"type", "object"}}}}}};
  const Json document = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                         {"title", schema.title},
                         {"description", schema.doc},
                         {"anyOf", Json::array({root, extension})},
                         {"$defs", definitions}};
  return document.dump(2) + "\n";
}

std::string measures_json() {
  Json all = Json::array();
  for (const measures::Measure& m : measures::all_measures()) {
    all.push_back(
        {{"group", measures::group_word(m.group)},
         {"measure", m.name},
         {"part", m.part},
         {"unit", m.unit},
         {"over_time", measures::over_time_word(m.over_time)},
         {"over_entities", m.over_entities == measures::OverEntities::sum ? "sum" : "none"},
         {"good", measures::good_word(m.good)},
         {"figures", m.is_figure()},
         {"weekly", m.is_weekly()},
         {"meaning", m.meaning}});
  }
  return sim::json_text(all);
}

}  // namespace optichain::models::report
