// Workbooks in the format of Excel, by libxlsxwriter.
#include <cerrno>
#include <cmath>
#include <memory>
#include <string>

#include <xlsxwriter.h>

#include "sim/base/check.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"
#include "sim/output/table_file.hpp"

namespace optichain::sim {
namespace {

constexpr std::size_t most_rows = 1'048'575;  // under the header
constexpr std::size_t most_text = 32'767;     // bytes; a cell holds as many characters

/// A text that a cell can hold, cut between characters.
std::string cell_text(std::string_view text) {
  if (text.size() > most_text) {
    std::size_t end = most_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text = text.substr(0, end);
  }
  return std::string(text);
}

double width_of(const TableColumn& column) {
  switch (column.type) {
    case ColumnType::text:
      return column.name == "value" || column.name == "note" || column.name == "meaning" ? 60 : 28;
    case ColumnType::date:
      return 12;
    default:
      return 14;
  }
}

struct CellWriter {
  lxw_worksheet* sheet;
  lxw_row_t row;
  lxw_col_t column;
  lxw_format* as_date;

  lxw_error operator()(std::string_view text) const {
    return worksheet_write_string(sheet, row, column, cell_text(text).c_str(), nullptr);
  }
  lxw_error operator()(double number) const {
    if (!std::isfinite(number)) return LXW_NO_ERROR;  // an empty cell
    return worksheet_write_number(sheet, row, column, number, nullptr);
  }
  /// A cell counts exactly up to 2^53 only.
  lxw_error operator()(std::uint64_t whole) const {
    if (whole > std::uint64_t{1} << 53) return (*this)(std::string_view(std::to_string(whole)));
    return worksheet_write_number(sheet, row, column, static_cast<double>(whole), nullptr);
  }
  lxw_error operator()(Date date) const {
    const std::chrono::year_month_day day(date);
    lxw_datetime when{static_cast<int>(day.year()),
                      static_cast<int>(static_cast<unsigned>(day.month())),
                      static_cast<int>(static_cast<unsigned>(day.day())),
                      0,
                      0,
                      0};
    return worksheet_write_datetime(sheet, row, column, &when, as_date);
  }
};

class Workbook {
 public:
  explicit Workbook(const std::filesystem::path& path) : path_(path) {
    std::string folder = path.parent_path().empty() ? "." : path.parent_path().string();
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;  // a row is written before the next one is begun
    options.tmpdir = folder.data();
    book_ = workbook_new_opt(path.c_str(), &options);
    if (!book_) cannot_write(path, ENOMEM);
    heading_ = workbook_add_format(book_);
    format_set_bold(heading_);
    format_set_bottom(heading_, LXW_BORDER_THIN);
    date_ = workbook_add_format(book_);
    format_set_num_format(date_, "yyyy-mm-dd");
    lxw_doc_properties properties{};
    properties.created = 1;  // equal tables are equal bytes
    check(workbook_set_properties(book_, &properties));
  }
  ~Workbook() {
    if (book_) workbook_close(book_);
  }
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  void add(const ExportTable& table) {
    lxw_worksheet* sheet = workbook_add_worksheet(book_, table.name.c_str());
    OPTICHAIN_CHECK(sheet, "{} is no name for a sheet", table.name);
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const auto column = static_cast<lxw_col_t>(c);
      check(worksheet_set_column(sheet, column, column, width_of(table.columns[c]), nullptr));
      check(worksheet_write_string(sheet, 0, column, table.columns[c].name.c_str(), heading_));
    }
    worksheet_freeze_panes(sheet, 1, 0);
    lxw_row_t row = 0;
    table.rows([&](std::span<const TableField> fields) {
      if (row == most_rows) {
        fail("{} has more than {} rows, which no sheet can hold: use csv or parquet", table.name,
             most_rows);
      }
      ++row;
      for (std::size_t c = 0; c < fields.size(); ++c) {
        check(std::visit(CellWriter{sheet, row, static_cast<lxw_col_t>(c), date_}, fields[c]));
      }
    });
    check(worksheet_autofilter(sheet, 0, 0, row, static_cast<lxw_col_t>(table.columns.size() - 1)));
  }

  void close() {
    lxw_workbook* book = book_;
    book_ = nullptr;
    errno = 0;
    check(workbook_close(book));
  }

 private:
  void check(lxw_error error) const {
    if (error == LXW_NO_ERROR) return;
    if (errno != 0) cannot_write(path_, errno);
    cannot_write(path_, lxw_strerror(error));
  }

  std::filesystem::path path_;
  lxw_workbook* book_ = nullptr;
  lxw_format* heading_ = nullptr;
  lxw_format* date_ = nullptr;
};

}  // namespace

void write_workbook(const std::filesystem::path& path, const std::vector<ExportTable>& tables) {
  Workbook book(path);
  for (const ExportTable& table : tables) book.add(table);
  book.close();
}

}  // namespace optichain::sim
