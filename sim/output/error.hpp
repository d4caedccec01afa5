#pragma once
// What could not be written or read, and why:
//
//   cannot write to "out/summary.csv.part": No space left on device
//
// An OutputError is the fault of the machine or of the file in hand, never of the program or of a
// scenario; whoever catches it shows the message and ends with exit code 1.

#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "sim/base/diagnostics.hpp"

namespace optichain::sim {

class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What stands in a file is not what the program wrote there: it is damaged, was changed, or is of
/// another program or version. Exit code 2.
class WrongFileError : public OutputError {
 public:
  using OutputError::OutputError;
};

/// What is there is not the program's to replace or to remove. Nothing was touched; exit code 2.
class RefusedError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
/// A name of a file, whole and fit for a message.
inline std::string name_in_quotes(const std::filesystem::path& path) {
  const std::string name = path.string();
  return in_quotes(name, name.size());
}

[[noreturn]] inline void refuse_to_write(const std::filesystem::path& path,
                                         std::string_view reason) {
  throw RefusedError(fmt::format("{} is left as it is: {}", name_in_quotes(path), reason));
}

[[noreturn]] inline void cannot_write(const std::filesystem::path& path, std::string_view reason) {
  throw OutputError(fmt::format("cannot write to {}: {}", name_in_quotes(path), reason));
}
[[noreturn]] inline void cannot_read(const std::filesystem::path& path, std::string_view reason) {
  throw OutputError(fmt::format("cannot read {}: {}", name_in_quotes(path), reason));
}
[[noreturn]] inline void wrong_file(const std::filesystem::path& path, std::string_view reason) {
  throw WrongFileError(fmt::format("cannot read {}: {}", name_in_quotes(path), reason));
}
/// The same with the system's words for an errno.
[[noreturn]] inline void cannot_write(const std::filesystem::path& path, int error) {
  cannot_write(path, std::generic_category().message(error));
}
[[noreturn]] inline void cannot_read(const std::filesystem::path& path, int error) {
  cannot_read(path, std::generic_category().message(error));
}

}  // namespace optichain::sim
