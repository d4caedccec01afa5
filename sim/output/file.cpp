#include "sim/output/file.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/interrupt.hpp"
#include "sim/output/error.hpp"
#include "sim/output/forced_end.hpp"

namespace optichain::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t buffer_size = 1 << 16;

/// Opens a file; a pipe waits for its other side.
int open_file(const fs::path& path, int flags) {
  constexpr mode_t for_all_as_umask_says = 0666;
  int number = -1;
  do {
    number = ::open(path.c_str(), flags | O_CLOEXEC, for_all_as_umask_says);
  } while (number < 0 && is_to_be_repeated());
  return number;
}

/// Calls `take` with one piece of the file after the other.
template <class F>
void read_from(const Descriptor& file, const fs::path& path, F take) {
  const auto buffer = std::make_unique<char[]>(buffer_size);
  while (true) {
    const ssize_t got = ::read(file.number(), buffer.get(), buffer_size);
    if (got < 0 && is_to_be_repeated()) continue;
    if (got < 0) cannot_read(path, errno);
    if (got == 0) return;
    take(std::string_view(buffer.get(), static_cast<std::size_t>(got)));
  }
}

Descriptor open_to_read(const fs::path& path) {
  Descriptor file(open_file(path, O_RDONLY));
  if (file.number() < 0) cannot_read(path, errno);
  return file;
}

}  // namespace

TemporaryFile::TemporaryFile(fs::path path)
    : path_(std::move(path)), slot_(file_to_remove(path_.c_str())) {}

TemporaryFile::~TemporaryFile() {
  ::unlink(path_.c_str());
  keep_file(slot_);
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

void heed_size_limit() {
  struct sigaction limit {};
  if (::sigaction(SIGXFSZ, nullptr, &limit) == 0 && limit.sa_handler == SIG_DFL) {
    std::signal(SIGXFSZ, SIG_IGN);
  }
}

std::string temporary_name(std::string_view name) {
  std::uint64_t digits = 0;
  if (::getrandom(&digits, sizeof digits, 0) != sizeof digits) {
    fail("no random numbers from the system: {}", std::strerror(errno));
  }
  return fmt::format(".{}.{}.part", name, hash_digits(digits));
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  // what may not be looked at may be there
  return fs::status(path, ignored).type() != fs::file_type::not_found;
}

bool is_stream(const fs::path& path) {
  const std::string text = path.string();
  if (text.starts_with("/dev/") || text.starts_with("/proc/")) return true;
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

OutputFile::OutputFile(fs::path path)
    : path_(std::move(path)),
      descriptor_(open_file(
          path_, is_stream(path_) ? O_WRONLY | O_TRUNC : O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)),
      owner_(::getpid()) {
  if (descriptor_ < 0) cannot_write(path_, errno);
}

OutputFile::~OutputFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  remove();
}

void OutputFile::remove() {
  if (owner_ == ::getpid() && !is_stream(path_)) ::unlink(path_.c_str());
}

void OutputFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= buffer_size) flush();
}

void OutputFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && is_to_be_repeated()) continue;
    if (written < 0) cannot_write(path_, errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

void OutputFile::close() {
  flush();
  const int status = ::close(descriptor_);
  descriptor_ = -1;
  // a network file system may tell only now that there was no room
  if (status == 0 || errno == EINTR) return;
  const int error = errno;
  remove();
  cannot_write(path_, error);
}

void read_pieces(const fs::path& path, const std::function<void(std::string_view)>& take) {
  read_from(open_to_read(path), path, take);
}

void write_file(const fs::path& path, std::string_view text) {
  OutputFile file(path);
  file.write(text);
  file.close();
}

std::string read_file(const fs::path& path, std::uintmax_t most) {
  const Descriptor file = open_to_read(path);
  struct stat state {};
  if (::fstat(file.number(), &state) != 0) cannot_read(path, errno);
  // a device may have no end
  if (!S_ISREG(state.st_mode) && !S_ISFIFO(state.st_mode)) {
    cannot_read(path, S_ISDIR(state.st_mode) ? "it is a directory" : "it is no file and no pipe");
  }
  std::string text;
  read_from(file, path, [&](std::string_view piece) {
    if (piece.size() > most - text.size()) {
      cannot_read(path, fmt::format("it is larger than {} MiB", most >> 20));
    }
    text += piece;
  });
  return text;
}

FileDigest digest_file(const fs::path& path) {
  FileDigest digest;
  StreamingHash hash;
  read_pieces(path, [&](std::string_view piece) {
    digest.bytes += piece.size();
    hash.add(piece);
  });
  digest.hash = hash.value();
  return digest;
}

void sync_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0 || ::fsync(file.number()) != 0) cannot_write(path, errno);
}

void sync_directory(const fs::path& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.number() < 0) cannot_write(path, errno);
  // some file systems keep no directories to sync, and say so
  if (::fsync(directory.number()) != 0 && errno != EINVAL) cannot_write(path, errno);
}

void probe_directory(const fs::path& path) {
  const fs::path probe = path / temporary_name("probe");
  const Descriptor file(
      ::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (file.number() < 0) cannot_write(path, errno);
  const int error = ::write(file.number(), "probe", 5) == 5 ? 0 : errno;
  ::unlink(probe.c_str());
  if (error != 0) cannot_write(path, error);
}

fs::path make_folders(fs::path path) {
  std::error_code error;
  for (fs::path place = path; !place.empty(); place = place.parent_path()) {
    const fs::file_status there = fs::status(place, error);
    if (fs::exists(there) && !fs::is_directory(there)) {
      refuse_to_write(place,
                      place == path
                          ? "it is a file, and results are a folder; choose another name"
                          : "it is a file, and no folder can be made in it; choose another name");
    }
    if (fs::exists(there) || place == place.parent_path()) break;
  }
  fs::create_directories(path, error);
  if (error) cannot_write(path, error.value());
  return path;
}

void rename_file(const fs::path& from, const fs::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) cannot_write(to, errno);
}

fs::path rename_aside(const fs::path& path) {
  const std::string aside = path.string() + ".damaged";
  std::string name = aside;
  for (int i = 2;
       ::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) != 0; ++i) {
    if (errno == ENOENT) break;                // another process was first
    if (errno == EINVAL || errno == ENOSYS) {  // a file system that cannot say so itself
      std::error_code ignored;
      if (fs::symlink_status(name, ignored).type() == fs::file_type::not_found) {
        rename_file(path, name);
        break;
      }
      errno = EEXIST;
    }
    if (errno != EEXIST) cannot_write(path, errno);
    name = fmt::format("{}.{}", aside, i);
  }
  return name;
}

bool remove_file(const fs::path& path) {
  if (::unlink(path.c_str()) == 0) return true;
  if (errno != ENOENT) cannot_write(path, errno);
  return false;
}

}  // namespace optichain::sim
