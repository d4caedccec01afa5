#include "sim/input/input_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include <fmt/format.h>

namespace optichain::sim {
namespace {

constexpr std::uintmax_t largest_file = 16 << 20;

}  // namespace

std::optional<std::string> read_input_file(const std::string& name, const Mark& named,
                                           const std::string& path, Diagnostics& diagnostics) {
  const auto refuse = [&](const std::string& why) -> std::optional<std::string> {
    Mark mark = named;
    if (mark.line == 0) mark.file = std::make_shared<const std::string>(name);
    diagnostics.error(mark, path, fmt::format("cannot read {}: {}", in_quotes(name), why));
    return std::nullopt;
  };
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(name, error);
  if (!std::filesystem::exists(status)) return refuse("no such file");
  if (std::filesystem::is_directory(status)) return refuse("it is a directory");
  // standard input may be a pipe, but one that a file names would be waited for without end
  if (named.line != 0 && !std::filesystem::is_regular_file(status))
    return refuse("it is not a regular file");
  errno = 0;
  std::ifstream file(name, std::ios::binary);
  if (!file) return refuse(errno != 0 ? std::strerror(errno) : "it cannot be opened");
  std::string text;
  std::array<char, 1 << 16> buffer{};
  while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > largest_file) return refuse("it is larger than 16 MiB");
  }
  return text;
}

}  // namespace optichain::sim
