#include "sim/base/interrupt.hpp"

#include <cerrno>
#include <string_view>

#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

#include "sim/base/check.hpp"

namespace optichain::sim {

volatile std::sig_atomic_t stop_requested = 0;

namespace {

// Orderly ends take a fraction of it; with it, the whole end takes less than a second.
constexpr suseconds_t patience_us = 900'000;

int exit_code_by_force = 1;
pid_t listener = 0;  // the process that began to listen, none of its children
void (*clean_up_by_force)() = nullptr;
volatile std::sig_atomic_t undivided = 0;  // how many are alive
volatile std::sig_atomic_t is_due = 0;     // the end by force, as soon as none is

/// One more signal ends the process even if the disk does not answer; a handler blocks them.
void let_next_signal_end() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  sigset_t answered;
  sigemptyset(&answered);
  sigaddset(&answered, SIGINT);
  sigaddset(&answered, SIGTERM);
  ::sigprocmask(SIG_UNBLOCK, &answered, nullptr);
}

void end_by_force() {
  if (undivided > 0) {
    is_due = 1;
    return;
  }
  let_next_signal_end();
  if (clean_up_by_force) clean_up_by_force();
  constexpr std::string_view message = "optichain: stopped by a signal\n";
  pollfd stream{2, POLLOUT, 0};
  if (::getpid() == listener && ::poll(&stream, 1, 0) == 1) {
    [[maybe_unused]] const ssize_t lost = ::write(2, message.data(), message.size());
  }
  ::_exit(exit_code_by_force);
}

extern "C" void on_time_is_up(int /*signal_number*/) {
  end_by_force();
}

extern "C" void on_signal(int /*signal_number*/) {
  const int error = errno;
  if (!stop_requested) {
    stop_requested = 1;
    const itimerval once{{0, 0}, {0, patience_us}};
    ::setitimer(ITIMER_REAL, &once, nullptr);  // a plain system call on Linux, so safe here
  } else if (::getpid() == listener) {
    let_next_signal_end();  // also if something undivided has to end first
    end_by_force();
  }
  errno = error;
}

}  // namespace

void listen_to_signals(int exit_code) {
  exit_code_by_force = exit_code;
  listener = ::getpid();
  struct sigaction action = {};
  sigemptyset(&action.sa_mask);
  for (const int number : {SIGINT, SIGTERM, SIGALRM}) sigaddset(&action.sa_mask, number);
  const sigset_t answered = action.sa_mask;
  action.sa_flags = 0;  // no SA_RESTART: calls that wait return
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = on_time_is_up;
  ::sigaction(SIGALRM, &action, nullptr);
  ::sigprocmask(SIG_UNBLOCK, &answered, nullptr);  // whatever was inherited
}

void end_if_stopped() {
  if (stop_requested) throw Interrupted("stopped by a signal");
}

bool is_to_be_repeated() {
  if (errno != EINTR) return false;
  end_if_stopped();
  return true;
}

void before_forced_end(void (*clean_up)()) {
  clean_up_by_force = clean_up;
}

Undivided::Undivided() {
  undivided = undivided + 1;
}
Undivided::~Undivided() {
  undivided = undivided - 1;
  if (is_due && undivided == 0) end_by_force();
}

}  // namespace optichain::sim
