// What a process does with signals, as its parent sees it.
#include "sim/base/interrupt.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <functional>
#include <string>

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/check.hpp"

namespace optichain::sim {
namespace {

constexpr int stopped = 75;

/// A process that listens to signals and then works. What it writes, it writes one byte at a time.
class Listener {
 public:
  /// `work` gets the pipe to write to; a process that comes to its end exits with 0.
  explicit Listener(const std::function<void(int pipe)>& work) {
    REQUIRE(pipe(ends_) == 0);
    pid_ = fork();
    REQUIRE(pid_ >= 0);
    if (pid_ > 0) {
      close(ends_[1]);
      REQUIRE(next() == 'r');
      return;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(ends_[0]);
    close(2);  // what it says of its end is for people
    listen_to_signals(stopped);
    put(ends_[1], 'r');  // ready
    work(ends_[1]);
    _exit(0);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() {
    close(ends_[0]);
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  void send(int signal) const { REQUIRE(kill(pid_, signal) == 0); }
  /// The next byte that it writes; 0 if it ended.
  char next() const {
    char byte = 0;
    while (read(ends_[0], &byte, 1) < 0 && errno == EINTR) {
    }
    return byte;
  }
  /// How it ended, as of waitpid().
  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status;
  }
  static void put(int pipe, char byte) {
    if (write(pipe, &byte, 1) != 1) _exit(1);
  }

 private:
  int ends_[2] = {-1, -1};
  pid_t pid_ = 0;
};

/// Says when a signal came, and does not end for it.
void work_on(int pipe) {
  for (bool told = false;;) {
    usleep(1'000);
    if (!stop_requested || told) continue;
    Listener::put(pipe, 's');
    told = true;
  }
}

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

TEST_CASE("Interrupt: the first signal raises a flag, and who looks ends in order") {
  for (const int signal : {SIGINT, SIGTERM}) {
    Listener listener([](int) {
      while (true) {
        usleep(1'000);
        try {
          end_if_stopped();
        } catch (const Interrupted&) {
          _exit(7);
        }
      }
    });
    listener.send(signal);
    const int status = listener.wait();
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 7);
  }
}

TEST_CASE("Interrupt: who has not ended by then is ended before a second is over") {
  Listener listener(work_on);
  listener.send(SIGTERM);
  int status = 0;
  const double seconds = seconds_of([&] { status = listener.wait(); });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == stopped);
  CHECK(seconds > 0.5);  // there was time to end in order
}

TEST_CASE("Interrupt: a second signal ends at once, and what is unfinished is removed") {
  Listener listener([](int pipe) {
    static int out = -1;
    out = pipe;
    before_forced_end([] { Listener::put(out, 'c'); });
    work_on(pipe);
  });
  listener.send(SIGINT);
  REQUIRE(listener.next() == 's');
  int status = 0;
  const double seconds = seconds_of([&] {
    listener.send(SIGINT);
    CHECK(listener.next() == 'c');
    status = listener.wait();
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == stopped);
  CHECK(seconds < 0.6);  // before the time of the first is up
}

TEST_CASE("Interrupt: what belongs together happens wholly, unless a third signal insists") {
  const auto half = [](int pipe) {
    Undivided undivided;
    while (!stop_requested) usleep(1'000);
    Listener::put(pipe, '1');
    sleep(1);           // the second signal wakes it
    usleep(1'200'000);  // longer than anybody is waited for
    Listener::put(pipe, '2');
  };
  {
    Listener listener(half);
    listener.send(SIGINT);
    REQUIRE(listener.next() == '1');
    listener.send(SIGINT);
    CHECK(listener.next() == '2');
    const int status = listener.wait();
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == stopped);  // it did not come to its end
  }
  Listener listener(half);
  listener.send(SIGINT);
  REQUIRE(listener.next() == '1');
  listener.send(SIGTERM);
  usleep(100'000);
  listener.send(SIGTERM);
  CHECK(listener.next() == 0);
  CHECK(WIFSIGNALED(listener.wait()));
}

TEST_CASE("Interrupt: where even the end by force waits for the disk, one more signal ends it") {
  for (const bool is_hurried : {false, true}) {  // by a second signal, or as its time is up
    Listener listener([](int pipe) {
      static int out = -1;
      out = pipe;
      before_forced_end([] {
        Listener::put(out, 'c');
        while (true) pause();
      });
      work_on(pipe);
    });
    listener.send(SIGINT);
    REQUIRE(listener.next() == 's');
    if (is_hurried) listener.send(SIGINT);
    REQUIRE(listener.next() == 'c');
    listener.send(SIGTERM);
    CHECK(WIFSIGNALED(listener.wait()));
  }
}

TEST_CASE("Interrupt: a call that another signal woke is made again") {
  errno = EINTR;
  CHECK(is_to_be_repeated());
  errno = EBADF;
  CHECK_FALSE(is_to_be_repeated());
  Listener listener([](int pipe) {
    while (!stop_requested) usleep(1'000);
    errno = EINTR;
    try {
      is_to_be_repeated();
    } catch (const Interrupted&) {
      Listener::put(pipe, 'i');
    }
  });
  listener.send(SIGTERM);
  CHECK(listener.next() == 'i');
}

}  // namespace
}  // namespace optichain::sim
