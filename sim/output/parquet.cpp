// Parquet files (apache/parquet-format, version 2.10 of the description, files of version 1).
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <unordered_map>

#include <zstd.h>

#include "sim/base/check.hpp"
#include "sim/output/file.hpp"
#include "sim/output/table_file.hpp"
#include "sim/output/thrift.hpp"

namespace optichain::sim {
namespace {

// Numbers of parquet.thrift.
enum PhysicalType { int32 = 1, int64 = 2, float64 = 5, byte_array = 6 };
enum ConvertedType { utf8 = 0, date = 6, uint_64 = 14 };
enum Encoding { plain = 0, rle = 3, rle_dictionary = 8 };
constexpr int codec_zstd = 6;
constexpr int data_page = 0, dictionary_page = 2;
constexpr std::string_view magic = "PAR1";
constexpr int zstd_level = 3;

PhysicalType physical(ColumnType type) {
  switch (type) {
    case ColumnType::text:
      return byte_array;
    case ColumnType::number:
      return float64;
    case ColumnType::whole:
      return int64;
    case ColumnType::date:
      return int32;
  }
  return byte_array;
}

template <class T>
std::string little_endian(T value) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

std::string compressed_page(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size =
      ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), zstd_level);
  OPTICHAIN_CHECK(!ZSTD_isError(size), "{}", ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

/// Values of one column of a row group.
class Column {
 public:
  explicit Column(const TableColumn& what) : what_(what) {}

  void add(const TableField& field) {
    switch (what_.type) {
      case ColumnType::text:
        return add_text(std::get<std::string_view>(field));
      case ColumnType::number:
        return add_number(std::get<double>(field));
      case ColumnType::whole:
        plain_ += little_endian(std::get<std::uint64_t>(field));
        return;
      case ColumnType::date:
        return add_day(static_cast<std::int32_t>(std::get<Date>(field).time_since_epoch().count()));
    }
  }

  struct Page {
    int type;
    Encoding encoding;
    std::size_t values;
    std::string bytes;
  };
  /// The dictionary, if there is one, then the data.
  std::vector<Page> pages(std::size_t rows) const {
    if (what_.type != ColumnType::text) return {{data_page, plain, rows, plain_}};
    std::string words;
    for (const std::string* word : words_) {
      words += little_endian(static_cast<std::uint32_t>(word->size())) + *word;
    }
    return {{dictionary_page, plain, words_.size(), words},
            {data_page, rle_dictionary, rows, packed_indices()}};
  }

  bool has_bounds() const { return !least_.empty() || !greatest_.empty(); }
  /// As they are written; texts without their length.
  const std::string& least() const { return least_; }
  const std::string& greatest() const { return greatest_; }

 private:
  void add_text(std::string_view text) {
    const auto [found, added] =
        numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(words_.size()));
    if (added) {
      words_.push_back(&found->first);
      if (words_.size() == 1 || text < least_) least_ = text;
      if (words_.size() == 1 || text > greatest_) greatest_ = text;
    }
    indices_.push_back(found->second);
  }
  void add_number(double value) {
    plain_ += little_endian(value);
    if (std::isnan(value)) return;
    // readers must not take one zero for less than the other
    if (!(value >= low_)) least_ = little_endian((low_ = value) == 0 ? -0.0 : value);
    if (!(value <= high_)) greatest_ = little_endian((high_ = value) == 0 ? 0.0 : value);
  }
  void add_day(std::int32_t day) {
    plain_ += little_endian(day);
    if (!(day >= low_)) least_ = little_endian(day), low_ = day;
    if (!(day <= high_)) greatest_ = little_endian(day), high_ = day;
  }

  /// Width of the indices, then one bit-packed run of the hybrid encoding, in groups of eight.
  std::string packed_indices() const {
    unsigned width = 0;
    while (width < 32 && (words_.size() - 1) >> width != 0) ++width;
    std::string bytes(1, static_cast<char>(width));
    const std::size_t groups = (indices_.size() + 7) / 8;
    for (std::size_t head = groups << 1 | 1; true; head >>= 7) {
      bytes += static_cast<char>((head & 0x7f) | (head >= 0x80 ? 0x80 : 0));
      if (head < 0x80) break;
    }
    std::uint64_t buffer = 0;
    unsigned bits = 0;
    for (std::size_t i = 0; i < 8 * groups; ++i) {
      buffer |= std::uint64_t{i < indices_.size() ? indices_[i] : 0} << bits;
      for (bits += width; bits >= 8; bits -= 8, buffer >>= 8) bytes += static_cast<char>(buffer);
    }
    return bytes;
  }

  const TableColumn& what_;
  std::string plain_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<const std::string*> words_;
  std::vector<std::uint32_t> indices_;
  double low_ = std::numeric_limits<double>::quiet_NaN(), high_ = low_;
  std::string least_, greatest_;
};

/// What the footer says of a column's part in a row group.
struct ColumnChunk {
  std::int64_t begin = 0, dictionary = -1, data = 0;
  std::int64_t raw_bytes = 0, bytes = 0, values = 0;
  bool bounded = false;
  std::string least{}, greatest{};
};
struct RowGroup {
  std::vector<ColumnChunk> chunks;
  std::int64_t rows = 0, raw_bytes = 0;
};

class ParquetFile {
 public:
  ParquetFile(const std::filesystem::path& path, const ExportTable& table)
      : table_(table), file_(path) {
    write(magic);
    begin_group();
  }

  void add(std::span<const TableField> row) {
    OPTICHAIN_CHECK(row.size() == columns_.size(), "{} fields under {} columns", row.size(),
                    columns_.size());
    for (std::size_t c = 0; c < row.size(); ++c) columns_[c].add(row[c]);
    if (++rows_ == parquet_group_rows) end_group();
  }

  void finish() {
    if (rows_ > 0) end_group();
    const std::string footer = footer_bytes();
    write(footer);
    write(little_endian(static_cast<std::uint32_t>(footer.size())));
    write(magic);
    file_.close();
  }

 private:
  void write(std::string_view bytes) {
    file_.write(bytes);
    at_ += static_cast<std::int64_t>(bytes.size());
  }

  void begin_group() {
    columns_.clear();
    for (const TableColumn& column : table_.columns) columns_.emplace_back(column);
    rows_ = 0;
  }

  void end_group() {
    RowGroup& group = groups_.emplace_back();
    group.rows = static_cast<std::int64_t>(rows_);
    for (const Column& column : columns_) {
      ColumnChunk chunk{.begin = at_, .values = group.rows};
      for (const Column::Page& page : column.pages(rows_)) write_page(page, chunk);
      chunk.bounded = column.has_bounds();
      chunk.least = column.least();
      chunk.greatest = column.greatest();
      group.raw_bytes += chunk.raw_bytes;
      group.chunks.push_back(std::move(chunk));
    }
    begin_group();
  }

  void write_page(const Column::Page& page, ColumnChunk& chunk) {
    (page.type == data_page ? chunk.data : chunk.dictionary) = at_;
    const std::string bytes = compressed_page(page.bytes);
    ThriftWriter header;
    header.bare_structure([&] {
      header.i32(1, page.type);
      header.i32(2, static_cast<std::int32_t>(page.bytes.size()));
      header.i32(3, static_cast<std::int32_t>(bytes.size()));
      header.structure(page.type == data_page ? 5 : 7, [&] {
        header.i32(1, static_cast<std::int32_t>(page.values));
        header.i32(2, page.encoding);
        if (page.type != data_page) return;
        header.i32(3, rle);  // of levels, of which required columns have none
        header.i32(4, rle);
      });
    });
    write(header.bytes());
    write(bytes);
    const auto head = static_cast<std::int64_t>(header.bytes().size());
    chunk.raw_bytes += head + static_cast<std::int64_t>(page.bytes.size());
    chunk.bytes += head + static_cast<std::int64_t>(bytes.size());
  }

  std::string footer_bytes() const {
    ThriftWriter t;
    std::int64_t rows = 0;
    for (const RowGroup& group : groups_) rows += group.rows;
    t.bare_structure([&] {
      t.i32(1, 1);
      t.structures(2, table_.columns.size() + 1, [&](std::size_t i) { write_schema(t, i); });
      t.i64(3, rows);
      t.structures(4, groups_.size(), [&](std::size_t g) { write_group(t, groups_[g]); });
      t.text(6, "optichain");
      t.structures(7, table_.columns.size(), [&](std::size_t) { t.structure(1, [] {}); });
    });
    return t.bytes();
  }

  /// The root, then the columns.
  void write_schema(ThriftWriter& t, std::size_t i) const {
    if (i == 0) {
      t.text(4, table_.name);
      t.i32(5, static_cast<std::int32_t>(table_.columns.size()));
      return;
    }
    const TableColumn& column = table_.columns[i - 1];
    t.i32(1, physical(column.type));
    t.i32(3, 0);  // required
    t.text(4, column.name);
    if (column.type == ColumnType::text) t.i32(6, utf8);
    if (column.type == ColumnType::date) t.i32(6, date);
    if (column.type == ColumnType::whole) t.i32(6, uint_64);
  }

  void write_group(ThriftWriter& t, const RowGroup& group) const {
    t.structures(1, group.chunks.size(), [&](std::size_t c) {
      t.i64(2, group.chunks[c].begin);
      t.structure(3, [&] { write_chunk(t, table_.columns[c], group.chunks[c]); });
    });
    t.i64(2, group.raw_bytes);
    t.i64(3, group.rows);
  }

  static void write_chunk(ThriftWriter& t, const TableColumn& column, const ColumnChunk& chunk) {
    const bool is_text = column.type == ColumnType::text;
    t.i32(1, physical(column.type));
    t.numbers(2, is_text ? 2 : 1,
              [&](std::size_t i) { t.bare_number(is_text && i == 0 ? rle_dictionary : plain); });
    t.texts(3, 1, [&](std::size_t) { t.bare_text(column.name); });
    t.i32(4, codec_zstd);
    t.i64(5, chunk.values);
    t.i64(6, chunk.raw_bytes);
    t.i64(7, chunk.bytes);
    t.i64(9, chunk.data);
    if (chunk.dictionary >= 0) t.i64(11, chunk.dictionary);
    t.structure(12, [&] {
      t.i64(3, 0);  // nulls
      if (!chunk.bounded) return;
      t.text(5, chunk.greatest);
      t.text(6, chunk.least);
    });
  }

  const ExportTable& table_;
  OutputFile file_;
  std::int64_t at_ = 0;
  std::vector<Column> columns_;
  std::size_t rows_ = 0;
  std::vector<RowGroup> groups_;
};

}  // namespace

void write_parquet(const std::filesystem::path& path, const ExportTable& table) {
  ParquetFile file(path, table);
  table.rows([&](std::span<const TableField> row) { file.add(row); });
  file.finish();
}

}  // namespace optichain::sim
