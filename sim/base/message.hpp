#pragma once
// What the program says beside its results, on standard error: complaints, warnings, what was
// written. A message that cannot be written (a full disk under a log, a reader that has gone) is
// lost, and nothing else: the work goes on, and the exit code stays what it is.

#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace optichain::sim {

/// Writes bytes to standard error as they are; for a progress line that a terminal redraws.
void write_message(std::string_view bytes);

/// Writes a formatted text to standard error. Control characters in it, but for line feeds and
/// tabs, are escaped: a terminal obeys nothing that a file or a name holds.
void print_message_text(std::string_view text);
template <class... Args>
void print_message(fmt::format_string<Args...> format, Args&&... args) {
  print_message_text(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace optichain::sim
