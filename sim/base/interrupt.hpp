#pragma once
// How the program is stopped from outside, by SIGINT or SIGTERM: one way for every command.
//
// The first signal raises a flag. Whoever works long looks at it and ends in order; system calls
// that wait (a pipe that nobody writes to) return with EINTR. What has not ended by then is ended
// by force before a second is over: unfinished files are removed, and the process exits. A second
// signal does so at once.

#include <csignal>

namespace optichain::sim {

/// Not zero from the first signal on.
extern volatile std::sig_atomic_t stop_requested;

/// From here on signals are answered as above; `exit_code` is that of a process ended by force.
/// Forked processes answer the first signal alike, and leave it to their parent to be in a hurry.
void listen_to_signals(int exit_code);

/// Throws Interrupted if a signal has come.
void end_if_stopped();

/// After a system call that failed: true if a signal woke it that does not stop the program, and it
/// is to be called again. Throws Interrupted if a signal has come that does.
bool is_to_be_repeated();

/// What is called before a process is ended by force, inside the signal handler: nothing but
/// functions that are safe there (signal-safety(7)). At most one.
void before_forced_end(void (*clean_up)());

/// While one lives, nobody is ended by force: what belongs together happens wholly. For the moment
/// in which files take their names, not for work.
class Undivided {
 public:
  Undivided();
  ~Undivided();
  Undivided(const Undivided&) = delete;
  Undivided& operator=(const Undivided&) = delete;
};

}  // namespace optichain::sim
