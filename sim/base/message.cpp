#include "sim/base/message.hpp"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

#include "sim/base/text.hpp"

namespace optichain::sim {

void write_message(std::string_view bytes) {
  constexpr int patience_ms = 1000;  // with a stream that takes nothing at the moment
  while (!bytes.empty()) {
    const ssize_t written = ::write(2, bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    pollfd stream{2, POLLOUT, 0};
    const bool later = written < 0 && errno == EAGAIN;
    if (!later || ::poll(&stream, 1, patience_ms) <= 0) return;
  }
}

void print_message_text(std::string_view text) {
  write_message(printable(text, "\n\t"));
}

}  // namespace optichain::sim
