#pragma once
// What can go wrong, and who is to blame.
//
// OPTICHAIN_CHECK guards what the program itself promises: it is always on, and a broken promise
// ends the process with file:line. Nothing that a user can write reaches it. A run that cannot go
// on (a law broken, a number too large) throws Error; the kernel adds the date and the agent.

#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace optichain::sim {

/// A run cannot go on. The message says what happened; the kernel prefixes date and agent.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Somebody stopped the program (a signal): no Error, as nothing is wrong with what was done.
class Interrupted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws Error with a formatted message.
template <class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(fmt::format(format, std::forward<Args>(args)...));
}

/// Prints the broken promise and aborts. Used through OPTICHAIN_CHECK.
[[noreturn]] void check_failed(const char* file, int line, const char* condition,
                               const std::string& message);

}  // namespace optichain::sim

#define OPTICHAIN_CHECK(condition, ...)                                                           \
  do {                                                                                            \
    if (!(condition)) [[unlikely]] {                                                              \
      ::optichain::sim::check_failed(__FILE__, __LINE__, #condition, ::fmt::format(__VA_ARGS__)); \
    }                                                                                             \
  } while (false)
