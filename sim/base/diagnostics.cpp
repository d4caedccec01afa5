#include "sim/base/diagnostics.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/text.hpp"

namespace optichain::sim {
namespace {

constexpr std::size_t most_suggested = 10;

/// Edits between two names, a swap of neighbours counting as one (Damerau-Levenshtein, restricted).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({change, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::string Mark::text() const {
  const std::string name = file ? printable(*file) : "input";
  if (line == 0) return name;
  return fmt::format("{}:{}:{}", name, line, column);
}

void Diagnostics::error(Mark mark, std::string path, std::string message,
                        std::vector<std::string> notes, std::optional<std::string> concerned) {
  if (errors_.size() >= most_kept) {
    ++dropped_;
    return;
  }
  for (const Diagnostic& e : errors_) {
    if (e.mark.line == mark.line && e.mark.column == mark.column && e.message == message &&
        e.path == path && e.mark.text() == mark.text()) {
      return;
    }
  }
  std::string about = concerned ? std::move(*concerned) : path;
  errors_.push_back(
      {std::move(mark), std::move(path), std::move(message), std::move(notes), std::move(about)});
}

void Diagnostics::add(const Diagnostics& others) {
  for (const Diagnostic& e : others.errors_) error(e.mark, e.path, e.message, e.notes, e.concerned);
  dropped_ += others.dropped_;
}

std::string Diagnostics::text(std::size_t limit, std::string_view kind) const {
  // Files in the order in which they first went wrong, then by place.
  std::map<std::string, std::size_t> file_order;
  for (const Diagnostic& e : errors_) {
    file_order.try_emplace(e.mark.file ? *e.mark.file : "", file_order.size());
  }
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& e : errors_) sorted.push_back(&e);
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Diagnostic* a, const Diagnostic* b) {
    const auto key = [&](const Diagnostic* e) {
      return std::tuple(file_order.at(e->mark.file ? *e->mark.file : ""), e->mark.line,
                        e->mark.column);
    };
    return key(a) < key(b);
  });

  std::string out;
  std::set<std::string> listed;
  for (std::size_t i = 0; i < std::min(limit, sorted.size()); ++i) {
    const Diagnostic& e = *sorted[i];
    out += fmt::format("{}: {}: {}{}{}\n", e.mark.text(), kind, printable(e.path),
                       e.path.empty() ? "" : ": ", printable(e.message));
    for (const std::string& note : e.notes) {
      // what is known is listed once
      if (note.starts_with("known ") && !listed.insert(note).second) continue;
      out += fmt::format("  note: {}\n", printable(note));
    }
  }
  if (size() > limit) out += fmt::format("... and {} more {}s\n", size() - limit, kind);
  return out;
}

std::optional<std::string> closest(std::string_view name, std::span<const std::string> known) {
  if (name.size() > 200) return std::nullopt;  // the comparison is quadratic
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string& candidate : known) {
    if (candidate.size() > name.size() + best_distance) continue;
    if (const std::size_t d = distance(name, candidate); d < best_distance) {
      best_distance = d;
      best = candidate;
    }
  }
  return best;
}

std::vector<std::string> suggestion(std::string_view name, std::span<const std::string> known,
                                    std::string_view kind) {
  if (auto near = closest(name, known)) return {fmt::format("did you mean \"{}\"?", *near)};
  std::vector<std::string_view> names;  // each once
  for (const std::string& other : known) {
    const bool is_new = std::find(names.begin(), names.end(), other) == names.end();
    if (is_new && !other.empty()) names.push_back(other);
    if (names.size() > most_suggested) break;
  }
  if (names.empty()) return {};
  const bool all = names.size() <= most_suggested;
  if (!all) names.pop_back();
  return {fmt::format("known {}: {}{}", kind, fmt::join(names, ", "), all ? "" : ", ...")};
}

std::string in_quotes(std::string_view text, std::size_t longest) {
  std::string out = "\"";
  std::size_t shown = 0;
  while (shown < text.size()) {
    const auto character = first_character(text.substr(shown));
    const std::string_view bytes = text.substr(shown, character ? character->bytes : 1);
    if (shown + bytes.size() > longest) break;
    shown += bytes.size();
    if (bytes == "\"" || bytes == "\\") out += '\\';
    out += printable(bytes);
  }
  return out + (shown < text.size() ? "\"..." : "\"");
}

}  // namespace optichain::sim
