#pragma once
// Files that are there while their writer lives. Who lives is told by a lock on the file, which
// ends with its process wherever that ran: names of machines and numbers of processes mean nothing
// to another machine, to a container, or a day later.
//
// The lock is that of fcntl(2), F_SETLK: children do not inherit it, on NFS it is one of the server
// that all clients see. A process does not see its own locks, and loses one when it opens the file
// again and closes that: who writes a live file neither reads it nor asks about it. Where the file
// system knows no locks, nobody is taken for dead.

#include <filesystem>
#include <string_view>

#include <sys/types.h>

#include "sim/output/file.hpp"

namespace optichain::sim {

class LiveFile {
 public:
  /// Makes the file, which must not be there, and locks it. Throws OutputError.
  explicit LiveFile(std::filesystem::path path);
  /// Removes it, in the process that made it.
  ~LiveFile();
  LiveFile(const LiveFile&) = delete;
  LiveFile& operator=(const LiveFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void append(std::string_view text);
  /// Puts a text in the place of all that was written.
  void overwrite(std::string_view text);
  /// Returns when what was written would survive a power cut.
  void sync();

 private:
  std::filesystem::path path_;
  Descriptor file_;
  pid_t owner_;
};

enum class WriterState { lives, has_ended, unknown };
/// What is known of who writes, or wrote, a live file; `has_ended` also if the file is gone.
WriterState writer_of(const std::filesystem::path& path);

/// Removes a live file if its writer has ended; true if it did.
bool remove_if_ended(const std::filesystem::path& path);

}  // namespace optichain::sim
