#include "sim/output/database.hpp"

#include <cctype>
#include <cerrno>
#include <limits>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "sim/output/error.hpp"
#include "sim/output/file.hpp"

namespace optichain::sim {

namespace {

// Others may look at the file for a moment; whoever has it for longer is reported.
constexpr int patience_ms = 200;

constexpr const char* in_use = "another program is using it";

// With more, a statement takes longer to prepare and no less time for each row.
constexpr std::size_t rows_at_once = 64;

/// What the operating system said when SQLite could not go on; 0 if that is not known.
int system_error(sqlite3* database) {
  if (const int error = sqlite3_system_errno(database); error != 0) return error;
  int error = 0;
  sqlite3_file_control(database, "main", SQLITE_FCNTL_LAST_ERRNO, &error);
  if (error != 0) return error;
  // SQLite does not pass on what befell the journal
  sqlite3_file* journal = nullptr;
  sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal);
  if (journal && journal->pMethods) {
    journal->pMethods->xFileControl(journal, SQLITE_FCNTL_LAST_ERRNO, &error);
  }
  return error;
}

/// How SQLite is told that nobody writes a file.
std::string immutable_uri(const std::filesystem::path& path) {
  constexpr std::string_view plain = "/._-";
  std::string uri = "file://";
  for (const char c : std::filesystem::absolute(path).string()) {
    const bool as_it_is =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || plain.find(c) != plain.npos;
    uri += as_it_is ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri + "?immutable=1";
}

}  // namespace

void require_unused(const std::filesystem::path& path) {
  // the bytes that SQLite locks, "pending" to the last "shared":
  // https://www.sqlite.org/lockingv3.html
  constexpr off_t first = 0x40000000, count = 2 + 510;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct flock lock {};
  lock.l_type = F_RDLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = first;
  lock.l_len = count;
  // a file system without locks has to do without
  if (file.number() < 0 || ::fcntl(file.number(), F_GETLK, &lock) != 0) return;
  if (lock.l_type != F_UNLCK) cannot_read(path, in_use);
}

std::optional<std::filesystem::path> journal_beside(const std::filesystem::path& path) {
  for (const char* ending : {"-journal", "-wal"}) {
    const std::filesystem::path journal = path.string() + ending;
    std::error_code none;
    const std::uintmax_t bytes = std::filesystem::file_size(journal, none);
    if (!none && bytes > 0) return journal;
  }
  return std::nullopt;
}

Database::Database(const std::filesystem::path& path, Access access)
    : path_(path), access_(access), owner_(::getpid()) {
  const bool writes = access == Access::write;
  const int flags =
      writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  const std::string name = writes ? path.string() : immutable_uri(path);
  const int code = sqlite3_open_v2(name.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  try {
    check(code);
    check(sqlite3_busy_timeout(handle_, patience_ms));
    // what SQLite says about files of strangers: https://www.sqlite.org/security.html
    check(sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr));
    check(sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr));
    if (access != Access::write) run("PRAGMA cell_size_check = ON");
  } catch (...) {
    sqlite3_close(handle_);  // the destructor does not run
    throw;
  }
}

Database::~Database() {
  // To close would write to the file and take it off the list of locks of a process that is not
  // ours.
  if (owner_ == ::getpid()) sqlite3_close_v2(handle_);
}

void Database::run(const char* sql) {
  check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
}

std::string Database::ask(const char* sql) {
  SqlStatement statement(*this, sql);
  statement.start();
  std::string answer;
  if (statement.next()) answer = statement.shown(0);
  return answer;
}

void Database::refuse(std::string_view reason) const {
  if (access_ == Access::write) cannot_write(path_, reason);
  wrong_file(path_, reason);
}

void Database::give_up(std::string_view reason) const {
  if (access_ == Access::write) cannot_write(path_, reason);
  cannot_read(path_, reason);
}

void Database::check(int code) const {
  switch (code & 0xff) {  // the upper bits say more than we show
    case SQLITE_OK:
      return;
    case SQLITE_NOTADB:
      refuse("it is no SQLite database");
    case SQLITE_CORRUPT:
      refuse("it is damaged or cut short");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      give_up(in_use);
    case SQLITE_PERM:
    case SQLITE_INTERRUPT:
    case SQLITE_PROTOCOL:
      give_up(sqlite3_errmsg(handle_));
    case SQLITE_FULL:
      give_up(std::generic_category().message(ENOSPC));
    case SQLITE_READONLY:
      give_up("it is read-only");
    case SQLITE_NOMEM:
      give_up(std::generic_category().message(ENOMEM));
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      if (const int error = handle_ ? system_error(handle_) : 0; error != 0) {
        give_up(std::generic_category().message(error));
      }
      give_up(handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(code));
    default:
      break;
  }
  refuse(handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(code));
}

SqlStatement::SqlStatement(Database& database, std::string_view sql) : database_(database) {
  database.check(sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                    SQLITE_PREPARE_PERSISTENT, &handle_, nullptr));
}

bool SqlStatement::next() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  sqlite3_reset(handle_);
  if (code != SQLITE_DONE) database_.check(code);
  return false;
}

void SqlStatement::require(bool is_right, int column, const char* expected) const {
  if (is_right) return;
  const char* name = sqlite3_column_name(handle_, column);
  database_.refuse(fmt::format("a row of it has {} in the place of {} ({})",
                               is_null(column) ? "nothing" : "something else", expected,
                               name ? name : "a column"));
}

std::int64_t SqlStatement::whole(int column) const {
  require(type(column) == SQLITE_INTEGER, column, "a whole number");
  return sqlite3_column_int64(handle_, column);
}

std::uint64_t SqlStatement::natural(int column) const {
  const std::int64_t value = whole(column);
  require(value >= 0, column, "a whole number from 0 on");
  return static_cast<std::uint64_t>(value);
}

double SqlStatement::number(int column) const {
  if (is_null(column)) return std::numeric_limits<double>::quiet_NaN();
  const int found = type(column);
  require(found == SQLITE_FLOAT || found == SQLITE_INTEGER, column, "a number");
  return sqlite3_column_double(handle_, column);
}

std::string_view SqlStatement::bytes(int column) const {
  const auto* first = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  return first ? std::string_view(first, size) : std::string_view();
}

std::string_view SqlStatement::text(int column) const {
  require(type(column) == SQLITE_TEXT, column, "a text");
  return bytes(column);
}

std::string_view SqlStatement::blob(int column) const {
  require(type(column) == SQLITE_BLOB, column, "bytes");
  return bytes(column);
}

std::string SqlStatement::shown(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return text ? text : "";
}

void SqlStatement::bind(std::int64_t value) {
  database_.check(sqlite3_bind_int64(handle_, ++parameter_, value));
}

void SqlStatement::bind(double value) {
  database_.check(sqlite3_bind_double(handle_, ++parameter_, value));
}

void SqlStatement::bind(std::string_view value) {
  // a null pointer would be bound as null
  database_.check(sqlite3_bind_text64(handle_, ++parameter_, value.data() ? value.data() : "",
                                      value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void SqlStatement::bind(Blob value) {
  const char* bytes = value.bytes.data() ? value.bytes.data() : "";
  database_.check(
      sqlite3_bind_blob64(handle_, ++parameter_, bytes, value.bytes.size(), SQLITE_STATIC));
}

BulkInsert::BulkInsert(Database& database, std::string_view into, std::size_t columns)
    : database_(database),
      into_(into),
      row_(fmt::format("({})", fmt::join(std::vector<char>(columns, '?'), ","))),
      columns_(columns),
      one_(database, fmt::format("{} VALUES {}", into_, row_)),
      cells_(columns * rows_at_once) {}

BulkInsert::Cell& BulkInsert::next(Cell::Kind kind) {
  Cell& cell = cells_[used_++];
  cell.kind = kind;
  return cell;
}

void BulkInsert::run(SqlStatement& statement, const Cell* first, std::size_t count) {
  statement.start();
  for (const Cell* cell = first; cell != first + count; ++cell) {
    switch (cell->kind) {
      case Cell::Kind::whole:
        statement.bind(cell->whole);
        break;
      case Cell::Kind::number:
        statement.bind(cell->number);
        break;
      case Cell::Kind::text:
        statement.bind(std::string_view(cell->bytes));
        break;
      case Cell::Kind::blob:
        statement.bind(Blob{cell->bytes});
        break;
    }
  }
  statement.next();
}

void BulkInsert::flush() {
  const std::size_t used = std::exchange(used_, 0);  // also if it fails
  if (used < cells_.size()) {
    for (std::size_t i = 0; i < used; i += columns_) run(one_, &cells_[i], columns_);
    return;
  }
  if (!many_) {
    const std::vector<std::string_view> rows(rows_at_once, row_);
    many_.emplace(database_, fmt::format("{} VALUES {}", into_, fmt::join(rows, ",")));
  }
  run(*many_, cells_.data(), used);
}

Transaction::Transaction(Database& database) : database_(database) {
  database.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // after a full disk SQLite may have rolled back by itself
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace optichain::sim
