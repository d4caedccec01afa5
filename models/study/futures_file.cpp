#include "models/study/futures_file.hpp"

#include <fmt/format.h>

#include "sim/base/hash.hpp"
#include "sim/input/csv.hpp"
#include "sim/input/input_file.hpp"
#include "sim/input/reader.hpp"
#include "sim/input/writer.hpp"
#include "sim/input/yaml.hpp"

namespace optichain::models::study {
namespace {

constexpr std::string_view hash_key = "# hash: ";

/// The two parts of a file, each with the other's lines left empty, so that places stay.
struct Parts {
  std::string head, table;
  std::string hashed;  // all but the first line, and what another program may know the file by
};

Parts parts_of(std::string_view text) {
  Parts parts;
  bool in_head = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const bool is_comment = line.starts_with('#');
    in_head = in_head && is_comment;
    if (in_head) parts.head += fmt::format(" {}", line.substr(1));
    if (!is_comment) parts.table += line;
    if ((in_head && at > 0) || !is_comment) parts.hashed += fmt::format("{}\n", line);
    parts.head += '\n';
    parts.table += '\n';
    at = end + 1;
  }
  return parts;
}

/// The table held against what the head says.
void take_rows(const sim::CsvTable& table, const std::string& path, FuturesFile& out,
               sim::Diagnostics& diagnostics) {
  std::vector<std::string> expected = {"name"};
  for (const auto& [name, text] : out.head.uncertainties) expected.push_back(name);
  if (table.names() != expected) {
    diagnostics.error(table.mark(table.header.front()), path,
                      fmt::format("expected the columns {}", fmt::join(expected, ",")));
    return;
  }
  if (table.rows.size() != static_cast<std::size_t>(out.head.futures)) {
    diagnostics.error(table.mark(table.header.front()), path,
                      fmt::format("expected {} futures, as the head says, received {}",
                                  out.head.futures, table.rows.size()));
    return;
  }
  for (const auto& cells : table.rows) {
    auto& row = out.rows.emplace_back();
    for (std::size_t c = 1; c < cells.size(); ++c) {
      if (cells[c].text.empty()) {
        diagnostics.error(table.mark(cells[c]), path,
                          fmt::format("expected a setting of {}", expected[c]));
      }
      row[expected[c]] = sim::Node::scalar(cells[c].text, table.mark(cells[c]));
    }
  }
}

}  // namespace

std::optional<FuturesFile> read_futures(const std::string& file, const sim::Mark& named,
                                        const std::string& path, sim::Diagnostics& diagnostics) {
  const auto text = sim::read_input_file(file, named, path, diagnostics);
  if (!text) return std::nullopt;
  const std::size_t before = diagnostics.size();
  const sim::Mark first{std::make_shared<const std::string>(file), 1, 1};
  if (!text->starts_with(hash_key)) {
    diagnostics.error(first, path,
                      fmt::format("expected a file of futures, which begins with `{}`", hash_key),
                      {"`optichain condition` writes one; other tables are read by `csv`"});
    return std::nullopt;
  }
  const Parts parts = parts_of(*text);
  const std::string said = text->substr(hash_key.size(), text->find('\n') - hash_key.size());
  if (said != sim::hash_digits(sim::hash_text(parts.hashed))) {
    diagnostics.error(first, path, "the file is damaged, or was changed since it was written",
                      {"write it again with `optichain condition`"});
    return std::nullopt;
  }
  FuturesFile out;
  const sim::Node head = sim::parse_yaml(parts.head, file, diagnostics);
  if (diagnostics.size() == before) {
    sim::Reader(diagnostics).read(head, out.head, sim::any_number, {});
  }
  if (diagnostics.size() != before) return std::nullopt;
  const auto table = sim::read_csv(parts.table, file, {',', '.'}, path, diagnostics);
  if (table) take_rows(*table, path, out, diagnostics);
  if (diagnostics.size() != before) return std::nullopt;
  return out;
}

std::string futures_text(FuturesHead head, const std::vector<std::vector<std::string>>& rows) {
  head.futures = static_cast<std::int64_t>(rows.size());
  sim::Node node = sim::to_node(head);
  node.erase("hash");
  std::string text;
  const std::string yaml = sim::to_yaml(node);
  for (std::size_t at = 0; at < yaml.size();) {
    const std::size_t end = std::min(yaml.find('\n', at), yaml.size());
    text += fmt::format("# {}\n", std::string_view(yaml).substr(at, end - at));
    at = end + 1;
  }
  const auto quoted = [](const std::string& cell) {
    if (cell.find_first_of(",\"\n\r #") == std::string::npos) return cell;
    std::string out = "\"";
    for (const char c : cell) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
  };
  text += "name";
  for (const auto& [name, unused] : head.uncertainties) text += "," + name;
  text += "\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += fmt::format("f{}", i + 1);
    for (const std::string& cell : rows[i]) text += "," + quoted(cell);
    text += "\n";
  }
  return fmt::format("{}{}\n{}", hash_key, sim::hash_digits(sim::hash_text(text)), text);
}

}  // namespace optichain::models::study
