#pragma once
// Files whose errors are never lost: what goes wrong on open, write, fsync, close or rename throws
// an OutputError that names the file and the reason.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <sys/types.h>

namespace optichain::sim {

/// An open file of the operating system, closed at the end of its life. Negative: none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

/// A new file being written. What is there already is an error, a link too; only what is no file
/// (/dev/stdout, a pipe) is written to as it is. Unless close() returns, the file is removed again,
/// so that nothing half-written stays.
class OutputFile {
 public:
  explicit OutputFile(std::filesystem::path path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::string_view text);
  void close();

 private:
  void flush();
  void remove();

  std::filesystem::path path_;
  int descriptor_;
  pid_t owner_;  // a forked child must not remove what its parent writes
  std::string buffer_;
};

/// Makes a limit on the size of files an error where one writes (EFBIG), where it would kill the
/// process, unless the program has other plans for SIGXFSZ.
void heed_size_limit();

/// The name of a file that is being written and will be renamed: whatever it still names at the end
/// of its life is removed, also where a signal ends the process by force.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::filesystem::path path);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::size_t slot_;
};

/// A name that nothing else has: ".NAME.0123456789abcdef.part", the digits drawn by chance.
std::string temporary_name(std::string_view name);

/// Writes a whole new file; it is removed if that fails.
void write_file(const std::filesystem::path& path, std::string_view text);

/// Whether there is something of that name, as far as the system says.
bool is_there(const std::filesystem::path& path);

/// True for what a shell or the system hands over to be written to: no file, or a name below /dev
/// or /proc, whatever it stands for.
bool is_stream(const std::filesystem::path& path);

/// A whole file into memory: a regular file or a pipe, of at most so many bytes. Throws OutputError
/// if it is none, is larger, or cannot be read to its end.
inline constexpr std::uintmax_t largest_whole_file = std::uintmax_t{1} << 30;
std::string read_file(const std::filesystem::path& path, std::uintmax_t most = largest_whole_file);
/// Calls `take` with one piece of the file after the other, each as long as there is room for.
void read_pieces(const std::filesystem::path& path,
                 const std::function<void(std::string_view piece)>& take);

/// Size and XXH3 of a file (what `xxhsum -H3` prints).
struct FileDigest {
  std::uint64_t bytes = 0;
  std::uint64_t hash = 0;
  friend bool operator==(const FileDigest&, const FileDigest&) = default;
};
FileDigest digest_file(const std::filesystem::path& path);

/// Returns when a file, or the names in a directory, would survive a power cut.
void sync_file(const std::filesystem::path& path);
void sync_directory(const std::filesystem::path& path);

/// Throws unless a file can be created in the directory and written to. Nothing but trying also
/// sees a full disk, a quota or a read-only file system.
void probe_directory(const std::filesystem::path& path);

/// Makes a folder with its parents, if it is not there; returns it. Throws RefusedError if there is
/// a file of its name, or of that of a parent.
std::filesystem::path make_folders(std::filesystem::path path);
void rename_file(const std::filesystem::path& from, const std::filesystem::path& to);
/// Gives a file the ending ".damaged", and a number if there is one already; returns its new name.
/// Does nothing if there is no such file.
std::filesystem::path rename_aside(const std::filesystem::path& path);
/// True if there was one.
bool remove_file(const std::filesystem::path& path);

}  // namespace optichain::sim
