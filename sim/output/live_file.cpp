#include "sim/output/live_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/output/error.hpp"

namespace optichain::sim {
namespace {

namespace fs = std::filesystem;

void write_all(int file, const fs::path& path, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) cannot_write(path, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool lock(int file, int command) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(file, command, &whole) == 0;
}

/// An open file, and whether nobody had it locked; if so it is locked now.
struct Looked {
  Descriptor file;
  WriterState writer;
};

Looked look_at(const fs::path& path) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  WriterState writer = WriterState::unknown;
  if (file.number() < 0) {
    if (errno == ENOENT) writer = WriterState::has_ended;
  } else if (lock(file.number(), F_SETLK)) {
    writer = WriterState::has_ended;
  } else if (errno == EAGAIN || errno == EACCES) {
    writer = WriterState::lives;
  }
  return {std::move(file), writer};
}

/// Between making and locking it another process may take the file for one that was left, and
/// remove it. It holds the lock while it does, so who got the lock late looks whether the file is
/// there.
int open_locked(const fs::path& path) {
  heed_size_limit();
  constexpr int most_attempts = 100;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const int file =
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0) cannot_write(path, errno);
    struct stat state {};
    lock(file, F_SETLKW);  // without locks it goes on: publishing still is safe
    if (::fstat(file, &state) != 0 || state.st_nlink > 0) return file;
    ::close(file);
  }
  cannot_write(path, "another process keeps removing it");
}

}  // namespace

LiveFile::LiveFile(fs::path path)
    : path_(std::move(path)), file_(open_locked(path_)), owner_(::getpid()) {}

LiveFile::~LiveFile() {
  if (owner_ == ::getpid()) ::unlink(path_.c_str());
}

void LiveFile::append(std::string_view text) {
  write_all(file_.number(), path_, text);
}

void LiveFile::overwrite(std::string_view text) {
  if (::ftruncate(file_.number(), 0) != 0) cannot_write(path_, errno);
  append(text);
}

void LiveFile::sync() {
  if (::fsync(file_.number()) != 0) cannot_write(path_, errno);
}

WriterState writer_of(const fs::path& path) {
  return look_at(path).writer;
}

bool remove_if_ended(const fs::path& path) {
  const Looked looked = look_at(path);
  if (looked.file.number() < 0 || looked.writer != WriterState::has_ended) return false;
  struct stat state {};
  if (::fstat(looked.file.number(), &state) != 0 || !S_ISREG(state.st_mode)) return false;
  return remove_file(path);
}

}  // namespace optichain::sim
