#include "sim/output/forced_end.hpp"

#include <array>
#include <atomic>
#include <climits>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sim/base/interrupt.hpp"

namespace optichain::sim {
namespace {

// Read by a signal handler, so of fixed size.
struct RemovedFile {
  std::atomic<const char*> path = nullptr;
  pid_t owner = 0;
};
struct RemovedParts {
  std::atomic<pid_t> owner = 0;  // 0: free
  std::array<char, PATH_MAX> path{};
};
std::array<RemovedFile, 8> removed_files;
std::array<RemovedParts, 4> removed_parts;

/// Calls `visit` with each name in a folder. Functions of the library that read folders are not
/// safe in a signal handler.
template <class F>
void for_each_name(int folder, F visit) {
  alignas(8) std::array<char, 4096> buffer;
  // struct linux_dirent64: inode and offset of 8 bytes, length of 2, kind of 1, name
  constexpr std::size_t length_at = 16, name_at = 19;
  while (true) {
    const long bytes = ::syscall(SYS_getdents64, folder, buffer.data(), buffer.size());
    if (bytes <= 0) return;
    for (std::size_t at = 0; at < static_cast<std::size_t>(bytes);) {
      unsigned short length = 0;
      std::memcpy(&length, buffer.data() + at + length_at, sizeof length);
      const char* name = buffer.data() + at + name_at;
      if (std::string_view(name) != "." && std::string_view(name) != "..") visit(name);
      at += length;
    }
  }
}

void remove_parts_of(const char* path) {
  constexpr const char *parts = ".optichain.part", *list = ".optichain.json";
  const int folder = ::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int inside = ::openat(folder, parts, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  for_each_name(inside, [&](const char* name) { ::unlinkat(inside, name, 0); });
  ::unlinkat(folder, parts, AT_REMOVEDIR);
  bool has_others = false;
  for_each_name(
      folder, [&](const char* name) { has_others = has_others || std::string_view(name) != list; });
  if (!has_others) ::unlinkat(folder, list, 0);
}

void remove_what_is_unfinished() {
  const pid_t self = ::getpid();
  for (const RemovedFile& file : removed_files) {
    const char* path = file.path;
    if (path && file.owner == self) ::unlink(path);
  }
  for (const RemovedParts& parts : removed_parts) {
    if (parts.owner == self) remove_parts_of(parts.path.data());
  }
}

}  // namespace

std::size_t file_to_remove(const char* path) {
  before_forced_end(remove_what_is_unfinished);
  std::size_t i = 0;
  while (i < removed_files.size() && removed_files[i].path != nullptr) ++i;
  if (i == removed_files.size()) return i;
  removed_files[i].owner = ::getpid();
  removed_files[i].path = path;
  return i;
}

void keep_file(std::size_t number) {
  if (number < removed_files.size()) removed_files[number].path = nullptr;
}

void parts_to_remove(const std::filesystem::path& folder) {
  before_forced_end(remove_what_is_unfinished);
  // the handler may be called after the working directory has changed
  const std::string path = std::filesystem::absolute(folder).string();
  for (RemovedParts& free : removed_parts) {
    if (free.owner != 0 || path.size() >= free.path.size()) continue;
    std::memcpy(free.path.data(), path.c_str(), path.size() + 1);
    free.owner = ::getpid();
    return;
  }
}

void keep_parts(const std::filesystem::path& folder) {
  const std::string path = std::filesystem::absolute(folder).string();
  for (RemovedParts& known : removed_parts) {
    if (known.owner == ::getpid() && path == known.path.data()) known.owner = 0;
  }
}

}  // namespace optichain::sim
