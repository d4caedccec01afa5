#include "sim/batch/workers.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <deque>
#include <map>

#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/check.hpp"

namespace optichain::sim {
namespace {

constexpr std::size_t piece_size = 1 << 16;

/// The last bytes a child sends: how its job ended, and how much of what came before counts.
struct Ending {
  std::size_t how, counts;
};
constexpr std::size_t job_done = 1, job_failed = 2, job_stopped = 3;

struct Child {
  std::size_t index = 0;
  pid_t pid = 0;
  bool began = false;  // it has said how much to expect
  std::string received{};
};

}  // namespace

bool Outcome::was_killed() const {
  return status == Status::crashed && (signal == SIGKILL || signal == SIGTERM || signal == SIGINT ||
                                       signal == SIGHUP || signal == SIGXCPU);
}

void Reply::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(pipe_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) _exit(1);  // the parent is gone
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void Reply::add(std::string_view piece) {
  if (!began_) send({reinterpret_cast<const char*>(&expected_), sizeof expected_});
  began_ = true;
  added_ += piece.size();
  buffer_ += piece;
  if (buffer_.size() < piece_size) return;
  send(buffer_);
  buffer_.clear();
}

void Reply::end() {
  end(job_done, added_);
}

void Reply::end(std::size_t how, std::string_view message) {
  add(message);
  end(how, message.size());
}

void Reply::end(std::size_t how, std::size_t counts) {
  const Ending ending{how, counts};
  add({reinterpret_cast<const char*>(&ending), sizeof ending});
  send(buffer_);
  std::fflush(nullptr);
  _exit(0);  // no clean-up of what belongs to the parent
}

class JobRunner {
 public:
  JobRunner(std::size_t count, const JobOptions& options,
            const std::function<void(std::size_t, Reply&)>& work)
      : options_(options), work_(work), outcomes_(count), attempts_(count, 0) {
    for (std::size_t i = 0; i < count; ++i) todo_.push_back(i);
  }
  JobRunner(const JobRunner&) = delete;
  JobRunner& operator=(const JobRunner&) = delete;
  ~JobRunner() {
    for (const auto& [pipe, child] : children_) {
      kill(child.pid, SIGKILL);
      close(pipe);
      wait_for(child.pid);
    }
  }

  std::vector<Outcome> run() {
    std::fflush(nullptr);  // or children would print it again
    while (true) {
      while (!stopping() && !todo_.empty() && children_.size() < options_.jobs) begin();
      if (children_.empty()) break;
      if (stopping()) end_children();
      receive();
      if (options_.on_wait) options_.on_wait();
    }
    return std::move(outcomes_);
  }

 private:
  bool stopping() const { return options_.stop && *options_.stop; }

  void begin() {
    int ends[2];
    if (pipe(ends) != 0) fail("cannot make a pipe: {}", std::strerror(errno));
    const std::size_t index = todo_.front();
    todo_.pop_front();
    ++attempts_[index];
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) fail("cannot start a process: {}", std::strerror(errno));
    if (pid == 0) {
      // nobody would wait for the result of a worker whose parent was killed
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != parent) _exit(1);
      close(ends[0]);
      for (const auto& [other, child] : children_) close(other);
      be_child(ends[1], index);
    }
    close(ends[1]);
    children_[ends[0]] = {.index = index, .pid = pid};
  }

  [[noreturn]] void be_child(int pipe, std::size_t index) {
    signal(SIGPIPE, SIG_IGN);
    Reply reply(pipe);
    try {
      work_(index, reply);
    } catch (const Interrupted& e) {
      reply.end(job_stopped, e.what());
    } catch (const std::exception& e) {
      reply.end(job_failed, e.what());
    }
    reply.end();
  }

  void end_children() {
    if (told_to_end_) return;
    for (const auto& [pipe, child] : children_) kill(child.pid, SIGTERM);
    told_to_end_ = true;
  }

  void receive() {
    std::vector<pollfd> waiting;
    for (const auto& [pipe, child] : children_) waiting.push_back({pipe, POLLIN, 0});
    // wakes up now and then to look at the stop flag even if no signal interrupts it
    if (poll(waiting.data(), waiting.size(), 200) <= 0) return;
    for (const pollfd& w : waiting) {
      if (w.revents == 0) continue;
      Child& child = children_[w.fd];
      char buffer[piece_size];
      std::size_t expected = 0;  // sent in one piece, and alone
      const ssize_t n =
          child.began ? read(w.fd, buffer, sizeof buffer) : read(w.fd, &expected, sizeof expected);
      if (n > 0 && child.began) {
        child.received.append(buffer, static_cast<std::size_t>(n));
      } else if (n > 0) {
        child.began = true;
        child.received.reserve(expected + sizeof(Ending));
      } else if (n == 0 || errno != EINTR) {
        finish(w.fd);
      }
    }
  }

  void finish(int pipe) {
    Child child = std::move(children_[pipe]);
    children_.erase(pipe);
    close(pipe);
    const int status = wait_for(child.pid);
    Outcome& outcome = outcomes_[child.index];
    outcome = read_outcome(std::move(child.received), status);
    if (stopping() && outcome.status != Outcome::Status::done) {
      outcome = {};
    }
    if (is_tried_again(outcome) && attempts_[child.index] < most_attempts) {
      return todo_.push_back(child.index);
    }
    if (options_.on_end) options_.on_end(child.index, outcome);
  }

  bool is_tried_again(const Outcome& outcome) const {
    return options_.retry == Retry::crashed
               ? outcome.status == Outcome::Status::crashed
               : options_.retry == Retry::killed && outcome.was_killed();
  }

  static int wait_for(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
  }

  static Outcome read_outcome(std::string received, int status) {
    using Status = Outcome::Status;
    if (WIFSIGNALED(status)) {
      const int number = WTERMSIG(status);
      return {Status::crashed,
              fmt::format("the process died of signal {} ({})", number, strsignal(number)), number};
    }
    if (received.size() < sizeof(Ending) || WEXITSTATUS(status) != 0) {
      return {Status::crashed,
              fmt::format("the process ended with status {} and no result", WEXITSTATUS(status)),
              0};
    }
    Ending ending{};
    std::memcpy(&ending, received.data() + received.size() - sizeof ending, sizeof ending);
    received.resize(received.size() - sizeof ending);
    received.erase(0, received.size() - ending.counts);
    const Status ended = ending.how == job_done     ? Status::done
                         : ending.how == job_failed ? Status::failed
                                                    : Status::stopped;
    return {ended, std::move(received), 0};
  }

  const JobOptions& options_;
  const std::function<void(std::size_t, Reply&)>& work_;
  std::vector<Outcome> outcomes_;
  std::map<int, Child> children_;  // by the pipe they write to
  std::deque<std::size_t> todo_;   // numbers of jobs
  std::vector<int> attempts_;      // by job
  bool told_to_end_ = false;
};

std::vector<Outcome> run_jobs(std::size_t count, const JobOptions& options,
                              const std::function<std::string(std::size_t)>& work) {
  return run_jobs(count, options, [&](std::size_t i, Reply& reply) {
    const std::string text = work(i);
    reply.expect(text.size());
    reply.add(text);
  });
}

std::vector<Outcome> run_jobs(std::size_t count, const JobOptions& options,
                              const std::function<void(std::size_t, Reply&)>& work) {
  OPTICHAIN_CHECK(options.jobs > 0, "somebody has to work");
  return JobRunner(count, options, work).run();
}

Outcome run_job(const volatile std::sig_atomic_t* stop, Retry retry,
                const std::function<std::string()>& work) {
  Outcome outcome = run_jobs(1, {.jobs = 1, .stop = stop, .retry = retry}, [&](std::size_t) {
                      return work();
                    }).front();
  if (outcome.status == Outcome::Status::stopped) throw Interrupted("stopped by a signal");
  return outcome;
}

std::size_t processor_count() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

}  // namespace optichain::sim
