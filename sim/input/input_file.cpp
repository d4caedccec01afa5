#include "sim/input/input_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "sim/base/interrupt.hpp"

namespace optichain::sim {
namespace {

constexpr std::uintmax_t largest_file = 16 << 20;

/// A file that is open for reading; negative if it cannot be opened, for the reason in errno.
struct OpenFile {
  explicit OpenFile(const std::string& name) {
    do {
      number = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    } while (number < 0 && is_to_be_repeated());
  }
  ~OpenFile() {
    if (number >= 0) ::close(number);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int number = -1;
};

}  // namespace

std::optional<std::string> read_input_file(const std::string& name, const Mark& named,
                                           const std::string& path, Diagnostics& diagnostics) {
  const auto refuse = [&](const std::string& why) -> std::optional<std::string> {
    Mark mark = named;
    if (mark.line == 0) mark.file = std::make_shared<const std::string>(name);
    diagnostics.error(mark, path, fmt::format("cannot read {}: {}", in_quotes(name), why));
    return std::nullopt;
  };
  // the system would open what stands before it
  if (name.find('\0') != std::string::npos) return refuse("there is a zero byte in its name");
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(name, error);
  if (!std::filesystem::exists(status)) return refuse("no such file");
  if (std::filesystem::is_directory(status)) return refuse("it is a directory");
  // standard input may be a pipe, but one that a file names would be waited for without end
  if (named.line != 0 && !std::filesystem::is_regular_file(status))
    return refuse("it is not a regular file");
  const OpenFile file(name);
  if (file.number < 0) return refuse(std::strerror(errno));
  std::string text;
  std::array<char, 1 << 16> buffer{};
  while (true) {
    const ssize_t got = ::read(file.number, buffer.data(), buffer.size());
    if (got < 0 && is_to_be_repeated()) continue;
    if (got < 0) return refuse(std::strerror(errno));  // in the middle, too: half a file is none
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > largest_file) return refuse("it is larger than 16 MiB");
  }
}

}  // namespace optichain::sim
