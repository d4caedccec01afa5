#pragma once
// Node -> struct. Every problem is collected with its exact place; reading goes on after it.

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "sim/base/curve.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/value.hpp"
#include "sim/input/node.hpp"
#include "sim/input/path.hpp"

namespace optichain::sim {

/// A value of the document as the user gave it, with where it comes from.
struct Input {
  std::string path;
  std::string text;  // as YAML on one line, without the annotation
  Mark mark;
  bool numeric = false;
  std::shared_ptr<const Annotation> annotation;  // its own, or of the mapping it stands in
};

class Reader {
 public:
  explicit Reader(Diagnostics& diagnostics, std::vector<Input>* inputs = nullptr)
      : diagnostics_(diagnostics), inputs_(inputs) {}

  /// Where a value stands: its path, and the annotation of the mapping it is in.
  struct Place {
    std::string path;
    std::shared_ptr<const Annotation> around;
  };

  // --- leaves ---
  void read(const Node& node, double& out, const Rule& rule, const Place& at);
  void read(const Node& node, std::int64_t& out, const Rule& rule, const Place& at);
  void read(const Node& node, bool& out, const Rule& rule, const Place& at);
  void read(const Node& node, std::string& out, const Rule& rule, const Place& at);
  void read(const Node& node, Name& out, const Rule& rule, const Place& at);
  void read(const Node& node, Date& out, const Rule& rule, const Place& at);
  void read(const Node& node, LastDate& out, const Rule& rule, const Place& at);
  void read(const Node& node, Value& out, const Rule& rule, const Place& at);
  void read(const Node& node, Curve& out, const Rule& rule, const Place& at);
  /// Anything, as it stands.
  void read(const Node& node, Node& out, const Rule&, const Place&) { out = node; }
  template <class Tag>
  void read(const Node& node, Quantity<Tag>& out, const Rule& rule, const Place& at) {
    std::int64_t count = out.count();
    read(node, count, rule, at);
    out = Quantity<Tag>{count};
  }
  template <Choice E>
  void read(const Node& node, E& out, const Rule&, const Place& at) {
    std::size_t index = 0;
    if (read_word(node, Words<E>::words, index, at)) out = static_cast<E>(index);
  }

  // --- containers ---
  template <class T>
  void read(const Node& node, std::optional<T>& out, const Rule& rule, const Place& at) {
    out.emplace();
    read(node, *out, rule, at);
  }
  template <class T>
  void read(const Node& node, std::vector<T>& out, const Rule& rule, const Place& at) {
    out.clear();
    if (!node.is_list()) return expected("a list", node, at);
    std::size_t i = 0;
    for (const Node& item : node.items()) {
      read(item, out.emplace_back(), rule,
           {at.path + "[" + std::to_string(i++) + "]", around(node, at)});
    }
  }
  template <class T>
  void read(const Node& node, std::map<std::string, T>& out, const Rule& rule, const Place& at) {
    out.clear();
    if (node.is_null()) return;  // `sites:` with nothing under it is an empty mapping
    if (!node.is_map()) return expected("a mapping from names", node, at);
    for (const Node::Entry& e : node.entries()) {
      // texts by key are a glossary, whose keys are free; everything else has names
      const std::string here = join_path(at.path, e.key);
      if (!std::is_same_v<T, std::string> && !check_name(e.key, e.key_mark, at, here)) continue;
      read(e.value, out[e.key], rule, {here, node.annotation()});
    }
  }
  template <HasFields T>
  void read(const Node& node, T& out, const Rule&, const Place& at) {
    if (!node.is_map() && !node.is_null()) {
      return expected("a mapping with the keys of " + std::string(T::title), node, at);
    }
    FieldReader fields{*this, node, at};
    out.fields(fields);
    fields.finish();
  }
  template <Tagged... Ts>
  void read(const Node& node, std::variant<Ts...>& out, const Rule& rule, const Place& at) {
    static const std::vector<std::string> tags = {std::string(Ts::tag)...};
    const auto [index, content] = read_tag(node, tags, at);
    std::size_t i = 0;
    const auto try_one = [&]<class T>(T alternative) {
      if (i++ == index) {
        read(*content, alternative, rule, {join_path(at.path, T::tag), nullptr});
        out = std::move(alternative);
      }
    };
    if (content) (try_one(Ts{}), ...);
  }

  Diagnostics& diagnostics() { return diagnostics_; }

 private:
  /// Visits the fields of one structure.
  class FieldReader {
   public:
    FieldReader(Reader& reader, const Node& node, const Place& at)
        : reader_(reader), node_(node), at_(at), used_(node.entries().size(), false) {}

    template <class T>
    void required(std::string_view key, T& out, const Rule& rule, std::string_view doc) {
      if (!take(key, out, rule)) missing(key, doc);
    }
    template <class T>
    void required(std::string_view key, T& out, std::string_view doc) {
      required(key, out, any_number, doc);
    }
    template <class T>
    void optional(std::string_view key, T& out, const Rule& rule, std::string_view) {
      take(key, out, rule);
    }
    template <class T>
    void optional(std::string_view key, T& out, std::string_view doc) {
      optional(key, out, any_number, doc);
    }
    void finish();

   private:
    template <class T>
    bool take(std::string_view key, T& out, const Rule& rule) {
      const Node* value = find(key);
      if (!value) return false;
      reader_.read(*value, out, rule, {join_path(at_.path, key), node_.annotation()});
      return true;
    }
    const Node* find(std::string_view key);
    void missing(std::string_view key, std::string_view doc) { missing_.emplace_back(key, doc); }

    Reader& reader_;
    const Node& node_;
    const Place& at_;
    std::vector<std::string_view> keys_;
    std::vector<bool> used_;
    std::vector<std::pair<std::string, std::string>> missing_;  // required keys, what they mean
  };

  static std::shared_ptr<const Annotation> around(const Node& node, const Place& at) {
    return node.annotation() ? node.annotation() : at.around;
  }
  void expected(std::string_view what, const Node& node, const Place& at);
  /// `lost` is what is not read if it is no name.
  bool check_name(const std::string& name, const Mark& mark, const Place& at,
                  const std::string& lost);
  bool read_word(const Node& node, std::span<const std::string_view> words, std::size_t& index,
                 const Place& at);
  /// The chosen alternative and its content; content null if there was an error.
  std::pair<std::size_t, const Node*> read_tag(const Node& node,
                                               const std::vector<std::string>& tags,
                                               const Place& at);
  std::optional<double> read_number(const Node& node, const Rule& rule, bool whole,
                                    const Place& at);
  std::optional<Period> read_period(const Node& node, const Place& at);
  std::optional<Curve> read_curve(const Node& node, const Rule& rule, const Place& at);
  std::optional<Curve> read_knots(const Node& node, Curve::Shape shape, const Rule& rule,
                                  const Place& at);
  std::optional<Curve> read_volumes(const Node& node, const Rule& rule, const Place& at);
  std::optional<Distribution> read_distribution(const Node& node, const Place& at);
  void check_bounds(const Value& value, const Rule& rule, const Node& node, const Place& at);
  void remember(const Node& node, const Place& at, bool numeric);

  Diagnostics& diagnostics_;
  std::vector<Input>* inputs_;
  Node word_alone_;  // the content of an alternative chosen by its word alone
};

}  // namespace optichain::sim
