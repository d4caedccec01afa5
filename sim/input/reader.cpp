#include "sim/input/reader.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/number.hpp"
#include "sim/base/text.hpp"
#include "sim/input/yaml.hpp"

namespace optichain::sim {
namespace {

constexpr std::size_t longest_name = 64;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

constexpr std::string_view name_rule = "a name of lower-case letters, digits and _";

std::vector<std::string> to_strings(std::span<const std::string_view> words) {
  return {words.begin(), words.end()};
}

/// What keeps a text that has the form of a date from being one.
std::vector<std::string> about_date(std::string_view text) {
  const auto year_end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto year = std::string_view(text.begin(), year_end);
  if (year.size() < 4 || (year_end != text.end() && *year_end != '-')) return {};
  if (!parse_period(year)) return {"years from 1900 to 2200 are known"};
  const bool whole = text.size() == 10 && text[4] == '-' && text[7] == '-' &&
                     std::count_if(text.begin(), text.end(), is_digit) == 8;
  if (whole) return {"the calendar has no such day"};
  return {};
}

}  // namespace

// --- messages ----------------------------------------------------------------------------------

void Reader::expected(std::string_view what, const Node& node, const Place& at) {
  diagnostics_.error(node.mark(), at.path,
                     fmt::format("expected {}, received {}", what, node.describe()));
}

bool Reader::check_name(const std::string& name, const Mark& mark, const Place& at,
                        const std::string& lost) {
  if (is_name(name)) return true;
  diagnostics_.error(mark, at.path,
                     fmt::format("expected {} (at most {}), received {}", name_rule, longest_name,
                                 in_quotes(name)),
                     {}, lost);
  return false;
}

void Reader::remember(const Node& node, const Place& at, bool numeric) {
  if (!inputs_) return;
  std::string text;
  if (node.is_scalar()) {
    text = node.text();
  } else {
    Node bare = node;
    bare.annotate(nullptr);
    text = to_yaml_flow(bare);
  }
  inputs_->push_back({at.path, std::move(text), node.mark(), numeric, around(node, at)});
}

// --- fields of a structure ---------------------------------------------------------------------

const Node* Reader::FieldReader::find(std::string_view key) {
  keys_.push_back(key);
  const auto& entries = node_.entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].key == key) {
      used_[i] = true;
      return &entries[i].value;
    }
  }
  return nullptr;
}

void Reader::FieldReader::finish() {
  const auto& entries = node_.entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (used_[i]) continue;
    const auto known = to_strings(keys_);
    reader_.diagnostics_.error(
        entries[i].key_mark, at_.path, fmt::format("unknown key {}", in_quotes(entries[i].key)),
        suggestion(entries[i].key, known, "keys"), join_path(at_.path, entries[i].key));
    // a key that is only misspelt is not missing, too
    const auto meant = closest(entries[i].key, known);
    std::erase_if(missing_, [&](const auto& entry) { return entry.first == meant; });
  }
  for (const auto& [key, doc] : missing_) {
    reader_.diagnostics_.error(node_.mark(), at_.path,
                               fmt::format("missing key {} ({})", in_quotes(key), doc), {},
                               join_path(at_.path, key));
  }
}

// --- leaves ------------------------------------------------------------------------------------

std::optional<double> Reader::read_number(const Node& node, const Rule& rule, bool whole,
                                          const Place& at) {
  const auto number = node.is_scalar() ? parse_number(node.text()) : std::nullopt;
  if (!number || !rule.allows(*number) || (whole && *number != std::floor(*number))) {
    expected(rule.expected(whole, number), node, at);
    return std::nullopt;
  }
  return number;
}

void Reader::read(const Node& node, double& out, const Rule& rule, const Place& at) {
  if (const auto number = read_number(node, rule, false, at)) out = *number;
  remember(node, at, true);
}

void Reader::read(const Node& node, std::int64_t& out, const Rule& rule, const Place& at) {
  if (const auto number = read_number(node, rule, true, at)) out = to_whole(*number);
  remember(node, at, true);
}

void Reader::read(const Node& node, bool& out, const Rule&, const Place& at) {
  // only these two words: YAML's yes, no, on and off have surprised too many
  if (node.is_scalar() && !node.quoted() && (node.text() == "true" || node.text() == "false")) {
    out = node.text() == "true";
  } else {
    expected("true or false", node, at);
  }
  remember(node, at, false);
}

void Reader::read(const Node& node, std::string& out, const Rule&, const Place& at) {
  if (!node.is_scalar()) return expected("text", node, at);
  // reports print texts as they are, and a terminal would obey an escape sequence
  if (has_control(node.text(), "\n\t"))
    return expected("text without control characters", node, at);
  out = node.text();
}

void Reader::read(const Node& node, Name& out, const Rule&, const Place& at) {
  if (!node.is_scalar()) return expected(name_rule, node, at);
  if (check_name(node.text(), node.mark(), at, at.path)) out.text = node.text();
}

std::optional<Period> Reader::read_period(const Node& node, const Place& at) {
  const auto period = node.is_scalar() ? parse_period(node.text()) : std::nullopt;
  if (period) return period;
  std::vector<std::string> notes;
  if (node.is_scalar()) notes = about_date(node.text());
  diagnostics_.error(node.mark(), at.path,
                     fmt::format("expected {}, received {}", date_forms, node.describe()),
                     std::move(notes));
  return period;
}

void Reader::read(const Node& node, Date& out, const Rule&, const Place& at) {
  if (const auto period = read_period(node, at)) out = period->begin;
  remember(node, at, false);
}

void Reader::read(const Node& node, LastDate& out, const Rule&, const Place& at) {
  if (const auto period = read_period(node, at)) out.date = period->end - one_day;
  remember(node, at, false);
}

bool Reader::read_word(const Node& node, std::span<const std::string_view> words,
                       std::size_t& index, const Place& at) {
  const auto found = std::find(words.begin(), words.end(), node.text());
  if (!node.is_scalar() || found == words.end()) {
    const auto known = to_strings(words);
    diagnostics_.error(node.mark(), at.path,
                       fmt::format("expected one of the words below, received {}", node.describe()),
                       suggestion(node.text(), known, "words"));
    return false;
  }
  index = static_cast<std::size_t>(found - words.begin());
  return true;
}

std::pair<std::size_t, const Node*> Reader::read_tag(const Node& node,
                                                     const std::vector<std::string>& tags,
                                                     const Place& at) {
  const bool single = node.is_map() && node.entries().size() == 1;
  if (!node.is_scalar() && !single) {
    expected(fmt::format("one of {}, alone or as the one key of a mapping", fmt::join(tags, ", ")),
             node, at);
    return {0, nullptr};
  }
  const std::string& tag = single ? node.entries().front().key : node.text();
  const Mark& mark = single ? node.entries().front().key_mark : node.mark();
  const auto found = std::find(tags.begin(), tags.end(), tag);
  if (found == tags.end()) {
    diagnostics_.error(mark, at.path, fmt::format("unknown choice {}", in_quotes(tag)),
                       suggestion(tag, tags, "choices"));
    return {0, nullptr};
  }
  const auto index = static_cast<std::size_t>(found - tags.begin());
  if (single) return {index, &node.entries().front().value};
  word_alone_ = Node::map(node.mark());
  return {index, &word_alone_};
}

}  // namespace optichain::sim
