#pragma once
// A process that forks others on request. A fork copies the page tables of the whole process that
// forks; the server is forked while the calling process is small, and does not grow, so that each
// process it forks costs the same whatever the calling process collects meanwhile.

#include <cstddef>
#include <functional>
#include <string>

#include <sys/types.h>

namespace optichain::sim {

/// How a process ended that a server was asked to fork.
struct ProcessEnd {
  int error = 0;   // of fork(); 0 if there was a process
  int status = 0;  // as of waitpid()
};

class ForkServer {
 public:
  /// `work(number, pipe)` is what each process does; it does not return. It sees memory as it is
  /// now. Throws Error if there can be no process.
  explicit ForkServer(const std::function<void(std::size_t number, int pipe)>& work);
  /// Kills what it has forked, and waits for it.
  ~ForkServer();
  ForkServer(const ForkServer&) = delete;
  ForkServer& operator=(const ForkServer&) = delete;

  enum class Answer {
    taken,  // it will be forked
    busy,   // too much is asked at once: later
    gone    // the server was killed, and with it all that it had forked
  };
  /// Forks a process for `work(number, pipe)`, where `pipe` is the end of a pipe to write to. When
  /// the process has ended, how it ended is written behind what it wrote, and the pipe is closed.
  Answer fork_one(std::size_t number, int pipe);
  /// Sends SIGTERM to all that it has forked and that have not ended.
  void terminate_all();

 private:
  pid_t pid_ = 0;
  int socket_ = -1;
};

/// Takes how a process ended from the end of what came through its pipe. False if it does not stand
/// there: the server was killed.
bool take_process_end(std::string& received, ProcessEnd& end);

}  // namespace optichain::sim
