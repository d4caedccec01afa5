#pragma once
// SQLite as the store uses it: statements that are prepared once, transactions that end with their
// scope, and errors that say which file and why. Only the store's own files include this.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>
#include <sys/types.h>

namespace optichain::sim {

class Database {
 public:
  /// `read` takes the file as it is: nothing beside it counts (a journal or a log may be of another
  /// file), and nothing is written there. Whoever reads a file that others may be writing makes
  /// sure first that it is whole, or that nobody does (require_unused).
  enum class Access { read, write };

  /// For writing, creates the file if there is none. Throws OutputError if it cannot be opened.
  Database(const std::filesystem::path& path, Access access);
  /// In a forked child, forgets the database without touching its file.
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs one or more statements without parameters.
  void run(const char* sql);
  /// The first column of the first row that a statement gives; empty if there is none.
  std::string ask(const char* sql);
  /// Throws in the words for a result code that is no success: WrongFileError if the file is to
  /// blame, OutputError if the machine is.
  void check(int code) const;
  /// Throws WrongFileError, or OutputError if the file was opened to be written.
  [[noreturn]] void refuse(std::string_view reason) const;

  sqlite3* handle() const { return handle_; }

 private:
  [[noreturn]] void give_up(std::string_view reason) const;

  sqlite3* handle_ = nullptr;
  std::filesystem::path path_;
  Access access_;
  pid_t owner_;
};

/// Throws OutputError while another program has the file open to write to it.
void require_unused(const std::filesystem::path& path);

/// The journal or log that SQLite keeps beside a file while it changes it, if there is one with
/// anything in it: the file alone may be half of what it was or will be.
std::optional<std::filesystem::path> journal_beside(const std::filesystem::path& path);

/// Bytes that are no text.
struct Blob {
  std::string_view bytes;
};

class SqlStatement {
 public:
  SqlStatement(Database& database, std::string_view sql);
  ~SqlStatement() { sqlite3_finalize(handle_); }
  SqlStatement(const SqlStatement&) = delete;
  SqlStatement& operator=(const SqlStatement&) = delete;

  /// Runs it to its end with these values for its parameters.
  template <class... Ts>
  void run(const Ts&... values) {
    start(values...);
    while (next()) {
    }
  }
  /// Binds the values; then next() gives row after row. Texts and blobs must live until the last.
  template <class... Ts>
  void start(const Ts&... values) {
    sqlite3_reset(handle_);
    parameter_ = 0;
    (bind(values), ...);
  }
  /// False after the last row.
  bool next();

  // The columns of the row, from 0. Views hold until the next row. A value of another type than
  // asked for is one that the program did not write: Database::refuse.
  std::int64_t whole(int column) const;
  /// Counts and numbers of things.
  std::uint64_t natural(int column) const;
  /// NaN if it is null.
  double number(int column) const;
  std::string_view text(int column) const;
  std::string_view blob(int column) const;
  /// A value of any type.
  std::string shown(int column) const;
  int type(int column) const { return sqlite3_column_type(handle_, column); }
  bool is_null(int column) const { return type(column) == SQLITE_NULL; }
  int columns() const { return sqlite3_column_count(handle_); }

 private:
  friend class BulkInsert;
  void require(bool is_right, int column, const char* expected) const;
  std::string_view bytes(int column) const;
  void bind(std::int64_t value);
  void bind(double value);  // NaN becomes null
  void bind(std::string_view value);
  void bind(Blob value);
  template <class T>
  void bind(const std::optional<T>& value) {
    value ? bind(*value) : database_.check(sqlite3_bind_null(handle_, ++parameter_));
  }

  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
  int parameter_ = 0;
};

/// Rows for one table, many of which are written by one statement: that takes half the time.
class BulkInsert {
 public:
  /// `into` is what stands before VALUES: "INSERT INTO week".
  BulkInsert(Database& database, std::string_view into, std::size_t columns);

  /// Takes a value for each column. The row is in the table after flush() at the latest.
  template <class... Ts>
  void add(const Ts&... values) {
    (keep(values), ...);
    if (used_ == cells_.size()) flush();
  }
  void flush();
  /// Forgets the rows that are not yet in the table.
  void clear() { used_ = 0; }

 private:
  struct Cell {
    enum class Kind { whole, number, text, blob } kind;
    std::int64_t whole = 0;
    double number = 0;
    std::string bytes{};  // of a text or blob
  };
  Cell& next(Cell::Kind kind);
  void keep(std::int64_t value) { next(Cell::Kind::whole).whole = value; }
  void keep(double value) { next(Cell::Kind::number).number = value; }
  void keep(std::string_view value) { next(Cell::Kind::text).bytes = value; }
  void keep(Blob value) { next(Cell::Kind::blob).bytes = value.bytes; }
  /// Runs a statement with the values of the cells from `first` on for its parameters.
  static void run(SqlStatement& statement, const Cell* first, std::size_t count);

  Database& database_;
  std::string into_, row_;  // "INSERT INTO week", "(?,?,?)"
  std::size_t columns_;
  SqlStatement one_;
  std::optional<SqlStatement> many_;  // prepared when there are as many
  std::vector<Cell> cells_;
  std::size_t used_ = 0;
};

/// Everything or nothing: what is not committed at the end of the scope is undone.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace optichain::sim
