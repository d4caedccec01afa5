#include "models/causes/kinds.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/check.hpp"

namespace optichain::models::causes {

const KindRow& kind_row(std::string_view word) {
  const auto* row = std::find_if(kind_rows.begin(), kind_rows.end(),
                                 [&](const KindRow& r) { return r.word == word; });
  if (row == kind_rows.end()) sim::fail("there is no kind of cause \"{}\"", word);
  return *row;
}

std::string phrase(std::string_view kind, std::string_view item) {
  return fmt::format(fmt::runtime(kind_row(kind).phrase), item);
}

std::string legend(std::size_t width) {
  std::string text, line;
  const auto add = [&](std::string_view word) {
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      text += line + "\n";
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  };
  for (const KindRow& row : kind_rows) {
    const bool last = row.word == kind_rows.back().word;
    std::string all = fmt::format("{}: {}{}", row.word, row.legend, last ? "" : ";");
    for (std::size_t from = 0; from < all.size();) {
      const std::size_t blank = std::min(all.find(' ', from), all.size());
      add(std::string_view(all).substr(from, blank - from));
      from = blank + 1;
    }
  }
  return text + line;
}

}  // namespace optichain::models::causes
