#include "sim/input/yaml_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "sim/base/text.hpp"

namespace optichain::sim {
namespace {

constexpr std::string_view save_as_utf8 = "save the file as UTF-8";

/// Where the byte at `offset` of the text stands.
Mark mark_at(std::string_view text, std::size_t offset, Mark file) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  file.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  file.column = 1 + static_cast<int>(offset - line_start);
  return file;
}

/// The offset at which a line begins; the size of the text if there is no such line.
std::size_t start_of_line(std::string_view text, int line) {
  std::size_t start = 0;
  for (int i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos) return text.size();
    start = end + 1;
  }
  return start;
}

/// The offset just behind the closing quote of the text that is opened at `at`.
std::optional<std::size_t> end_of_quote(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!doubled) return i + 1;
      ++i;
    }
  }
  return std::nullopt;
}

}  // namespace

bool check_characters(std::string_view text, const Mark& file, Diagnostics& diagnostics) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    diagnostics.error(mark_at(text, 0, file), "", "the file is in UTF-16",
                      {std::string(save_as_utf8)});
    return false;
  }
  for (std::size_t i = 0; i < text.size();) {
    const auto character = first_character(text.substr(i));
    if (!character) {
      diagnostics.error(mark_at(text, i, file), "",
                        fmt::format("no UTF-8 character begins with the byte 0x{:02x}",
                                    static_cast<unsigned char>(text[i])),
                        {std::string(save_as_utf8)});
      return false;
    }
    const char32_t code = character->code;
    if (is_control(code) && code != '\n' && code != '\t' && code != '\r') {
      const std::string what =
          code == 0 ? "a zero byte"
                    : fmt::format("the control character 0x{:02x}", static_cast<unsigned>(code));
      diagnostics.error(mark_at(text, i, file), "", "not a text file: it contains " + what);
      return false;
    }
    i += character->bytes;
  }
  return true;
}

std::optional<int> last_line_of_quote(std::string_view text, const Mark& place) {
  if (place.line < 1) return std::nullopt;
  std::size_t at = start_of_line(text, place.line) + static_cast<std::size_t>(place.column - 1);
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    at = std::min(text.find_first_of(" \t\r\n", at), text.size());
    at = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
  }
  if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return std::nullopt;
  const auto end = end_of_quote(text, at);
  return end ? mark_at(text, *end, {}).line : 0;
}

YamlMistake explain(std::string_view text, const std::string& yaml_cpp_message, const Mark& place) {
  if (place.line > 0) {
    const std::string_view line = text.substr(start_of_line(text, place.line));
    const std::string_view indentation = line.substr(0, line.find_first_not_of(" \t"));
    if (indentation.find('\t') != std::string_view::npos) {
      return {"a tab in the indentation of this line", {"indent with spaces"}};
    }
  }
  static const std::array<std::pair<std::string_view, YamlMistake>, 12> known = {{
      {"illegal map value",
       {"a colon where no key can stand",
        {"a text with \": \" in it needs quotes",
         "or the line before has no colon after its key"}}},
      {"illegal map key", {"a key where none can stand", {}}},
      {"illegal block entry", {"a list entry (-) where none can stand", {}}},
      {"illegal flow end", {"a closing bracket that nothing opened", {}}},
      {"end of map not found",
       {"expected a key at the indentation of the keys before it, or a comma",
        {"all keys of a mapping stand in the same column"}}},
      {"end of sequence not found",
       {"expected a list entry (-) at the indentation of the entries before it", {}}},
      {"unknown token", {"no value can begin with this character", {"put the text in quotes"}}},
      {"unknown escape character",
       {"a backslash in double quotes that begins no known escape",
        {"write \\\\ for a backslash, or use single quotes"}}},
      {"the referenced anchor is not defined", {"an alias (*) without its anchor (&)", {}}},
      {"illegal document indicator in scalar",
       {"a text in quotes that is not closed before this line", {}}},
      {"illegal tab when looking for indentation",
       {"a tab in the indentation of this line", {"indent with spaces"}}},
      {"bad file", {"nested too deep", {}}},
  }};
  for (const auto& [beginning, explanation] : known) {
    if (yaml_cpp_message.starts_with(beginning)) return explanation;
  }
  return {fmt::format("not valid YAML: {}", yaml_cpp_message), {}};
}

}  // namespace optichain::sim
