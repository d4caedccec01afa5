#include "sim/output/store_sums.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "sim/base/hash.hpp"

namespace optichain::sim {
namespace {

template <std::size_t n>
std::uint64_t hash_of(const std::array<std::uint64_t, n>& numbers) {
  return hash_text({reinterpret_cast<const char*>(numbers.data()), sizeof numbers});
}

std::uint64_t bits_of(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

/// As SQLite gives a number back: it knows neither the kinds of NaN nor a zero below zero.
std::uint64_t bits_of(double value) {
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);
}

/// A value with its type and length, so that no two rows give the same bytes.
void add_value(StreamingHash& hash, const SqlStatement& row, int column) {
  const auto add = [&](std::uint64_t kind, std::uint64_t number, std::string_view bytes = {}) {
    const std::array<std::uint64_t, 2> head = {kind, number};
    hash.add({reinterpret_cast<const char*>(head.data()), sizeof head});
    hash.add(bytes);
  };
  switch (row.type(column)) {
    case SQLITE_INTEGER:
      return add(1, bits_of(row.whole(column)));
    case SQLITE_FLOAT:
      return add(2, bits_of(row.number(column)));
    case SQLITE_TEXT:
      return add(3, row.text(column).size(), row.text(column));
    case SQLITE_BLOB:
      return add(4, row.blob(column).size(), row.blob(column));
    default:
      return add(5, 0);
  }
}

std::string rows_of_part(std::string_view part) {
  if (part == run_part) return "SELECT id, xxh3 FROM run NOT INDEXED ORDER BY id";
  if (part == "meta") return "SELECT * FROM meta WHERE key <> 'complete' ORDER BY key";
  if (part == whole_part) {
    return fmt::format("SELECT * FROM checksum WHERE part <> '{}' ORDER BY part", whole_part);
  }
  if (part == "week") return "SELECT * FROM week ORDER BY scenario_id, number";
  return fmt::format("SELECT * FROM {} NOT INDEXED ORDER BY rowid", part);
}

}  // namespace

// The sum of hashes is the same in any order of rows: a later run names its figures in another one.

void RunSum::add_kpi(std::int64_t measure, double value) {
  ++kpis_;
  hashes_ += hash_of(std::array{bits_of(measure), bits_of(value)});
}

void RunSum::add_series(std::int64_t node, std::int64_t measure, std::int64_t codec,
                        std::string_view data) {
  ++series_;
  hashes_ += hash_of(std::array{bits_of(node), bits_of(measure), bits_of(codec), hash_text(data)});
}

std::string RunSum::text(std::string_view row) const {
  return hash_digits(
      hash_text(fmt::format("{} {} {}\n{}", kpis_, series_, hash_digits(hashes_), row)));
}

PartSum sum_of_part(Database& database, std::string_view part) {
  SqlStatement rows(database, rows_of_part(part));
  PartSum sum;
  StreamingHash hash;
  rows.start();
  while (rows.next()) {
    ++sum.rows;
    for (int column = 0; column < rows.columns(); ++column) add_value(hash, rows, column);
  }
  sum.xxh3 = hash_digits(hash.value());
  return sum;
}

std::string write_sums(Database& database) {
  SqlStatement insert(database, "INSERT OR REPLACE INTO checksum VALUES (?, ?, ?)");
  const auto write = [&](std::string_view part) {
    PartSum sum = sum_of_part(database, part);
    insert.run(part, static_cast<std::int64_t>(sum.rows), std::string_view(sum.xxh3));
    return std::move(sum.xxh3);
  };
  for (const char* part : needed_parts) write(part);
  for (const char* part : further_parts) write(part);
  write(run_part);
  return write(whole_part);
}

}  // namespace optichain::sim
