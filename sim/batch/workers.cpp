#include "sim/batch/workers.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <filesystem>
#include <map>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/check.hpp"
#include "sim/base/message.hpp"
#include "sim/batch/fork_server.hpp"

namespace optichain::sim {
namespace {

constexpr std::size_t piece_size = 1 << 16;
constexpr std::size_t room_for_ends = 64;                    // behind a result
constexpr std::size_t most_expected = std::size_t{1} << 40;  // more is no number that was sent

/// The last bytes a child sends: how its job ended, and how much of what came before counts.
struct Ending {
  std::size_t how, counts;
};
constexpr std::size_t job_done = 1, job_failed = 2, job_stopped = 3;

struct Child {
  std::size_t index = 0;
  pid_t pid = 0;           // 0 if the server forked it
  std::string received{};  // how much to expect, what came, and how it ended
};

/// Files that the calling process opens for itself while jobs run, and each job for its own.
constexpr std::size_t files_kept = 16;
/// How often, and how long after one another, a first process is tried to be forked.
constexpr int most_forks_refused = 20;
constexpr std::chrono::milliseconds between_forks{100};

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

/// In the process of a job.
class JobProcess {
 public:
  [[noreturn]] static void be(const Workers::Work& work, std::size_t number, int pipe) {
    signal(SIGPIPE, SIG_IGN);
    Reply reply(pipe);
    try {
      work(number, reply);
    } catch (const Interrupted& e) {
      reply.end(job_stopped, e.what());
    } catch (const std::exception& e) {
      reply.end(job_failed, e.what());
    }
    reply.end();
  }
};

namespace {

std::unique_ptr<ForkServer> serve(const Workers::Work& work) {
  return std::make_unique<ForkServer>(
      [&work](std::size_t number, int pipe) { JobProcess::be(work, number, pipe); });
}

class JobRunner {
 public:
  /// Does jobs `first ... first + count - 1`. Without a server each is forked from this process.
  JobRunner(std::size_t first, std::size_t count, const JobOptions& options,
            const Workers::Work& work, std::unique_ptr<ForkServer>* server)
      : first_(first),
        options_(options),
        work_(work),
        server_(server),
        outcomes_(count),
        attempts_(count, 0),
        most_(options.jobs) {
    for (std::size_t i = 0; i < count; ++i) todo_.push_back(i);
    const std::size_t wanted = std::min(count, options.jobs);
    const std::size_t spare = spare_files(wanted + files_kept);
    if (spare < wanted + files_kept) {
      allow(spare > files_kept ? spare - files_kept : 1, "no more files may be open (ulimit -n)");
    }
  }
  JobRunner(const JobRunner&) = delete;
  JobRunner& operator=(const JobRunner&) = delete;
  ~JobRunner() {
    if (children_.empty()) return;
    // first the pipes: a server that waits for room in one could not be told to end
    for (const auto& [pipe, child] : children_) close(pipe);
    if (server_) server_->reset();  // which ends them
    for (const auto& [pipe, child] : children_) {
      if (child.pid <= 0) continue;
      kill(child.pid, SIGKILL);
      wait_for(child.pid);
    }
  }

  std::vector<Outcome> run() {
    std::fflush(nullptr);  // or children would print it again
    while (true) {
      while (!stopping() && !todo_.empty() && children_.size() < most_ && begin()) {
      }
      if (children_.empty() && (stopping() || todo_.empty())) break;
      if (stopping()) end_children();
      receive();
      if (options_.on_wait) options_.on_wait();
    }
    return std::move(outcomes_);
  }

 private:
  bool stopping() const { return options_.stop && *options_.stop; }

  /// False if there can be no process now.
  bool begin() {
    // before there is a pipe, whose end the server would keep open
    if (server_ && !*server_) *server_ = serve(work_);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return refused("cannot make a pipe", errno);
    const std::size_t index = todo_.front();
    const pid_t pid = server_ ? ask_server(index, ends[1]) : fork_here(index, ends);
    const int error = errno;
    close(ends[1]);
    if (pid < 0) {
      close(ends[0]);
      return refused("cannot start a process", error);
    }
    todo_.pop_front();
    ++attempts_[index];
    children_[ends[0]] = {.index = index, .pid = pid};
    if (options_.on_begin) options_.on_begin(index);
    return true;
  }

  /// 0, or -1 if it cannot be asked now, with no error.
  pid_t ask_server(std::size_t index, int pipe) {
    const auto answer = (*server_)->fork_one(first_ + index, pipe);
    if (answer == ForkServer::Answer::taken) return 0;
    if (answer == ForkServer::Answer::gone) server_->reset();
    errno = 0;
    return -1;
  }

  pid_t fork_here(std::size_t index, const int (&ends)[2]) {
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid != 0) return pid;
    // nobody would wait for the result of a worker whose parent was killed
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    close(ends[0]);
    for (const auto& [other, child] : children_) close(other);
    JobProcess::be(work_, first_ + index, ends[1]);
  }

  /// The machine gives no more processes, or files for them: those that run have to do.
  bool refused(std::string_view what, int error) {
    if (children_.empty()) {
      if (++refusals_ > most_forks_refused) fail("{}: {}", what, std::strerror(error));
      std::this_thread::sleep_for(between_forks);
    } else if (error != 0) {
      allow(children_.size(), std::strerror(error));
    }
    return false;
  }
  void allow(std::size_t jobs, std::string_view why) {
    if (jobs >= most_) return;
    const bool is_news = most_ == options_.jobs;
    most_ = jobs;
    if (!is_news) return;
    print_message("optichain: {} processes at once instead of {}: {}\n", jobs, options_.jobs, why);
  }

  void end_children() {
    if (told_to_end_) return;
    if (server_ && *server_) (*server_)->terminate_all();
    for (const auto& [pipe, child] : children_) {
      if (child.pid > 0) kill(child.pid, SIGTERM);
    }
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
      const ssize_t n = read(w.fd, buffer, sizeof buffer);
      if (n > 0) {
        keep(child, {buffer, static_cast<std::size_t>(n)});
      } else if (n == 0 || errno != EINTR) {
        finish(w.fd);
      }
    }
  }
  /// The first bytes say how much to expect.
  static void keep(Child& child, std::string_view bytes) {
    std::size_t expected = 0;
    const bool knew = child.received.size() >= sizeof expected;
    child.received += bytes;
    if (knew || child.received.size() < sizeof expected) return;
    std::memcpy(&expected, child.received.data(), sizeof expected);
    if (expected <= most_expected) {
      child.received.reserve(expected + sizeof expected + room_for_ends);
    }
  }

  void finish(int pipe) {
    Child child = std::move(children_[pipe]);
    children_.erase(pipe);
    close(pipe);
    ProcessEnd end;
    const bool ended = child.pid == 0 ? take_process_end(child.received, end) : true;
    if (child.pid > 0) end.status = wait_for(child.pid);
    if (!stopping() && (!ended || end.error != 0)) {
      // no fault of the job: the server was killed, or can fork no more
      if (end.error != 0) --attempts_[child.index];
      if (attempts_[child.index] < most_attempts) todo_.push_front(child.index);
      if (end.error != 0) refused("cannot start a process", end.error);
      if (attempts_[child.index] < most_attempts) return;
    }
    refusals_ = 0;
    Outcome& outcome = outcomes_[child.index];
    outcome = ended ? read_outcome(std::move(child.received), end.status) : killed();
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

  static Outcome killed() { return crashed(SIGKILL); }
  static Outcome crashed(int number) {
    return {Outcome::Status::crashed,
            fmt::format("the process died of signal {} ({})", number, strsignal(number)), number};
  }
  static Outcome read_outcome(std::string received, int status) {
    using Status = Outcome::Status;
    if (WIFSIGNALED(status)) return crashed(WTERMSIG(status));
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

  const std::size_t first_;
  const JobOptions& options_;
  const Workers::Work& work_;
  std::unique_ptr<ForkServer>* server_;
  std::vector<Outcome> outcomes_;
  std::map<int, Child> children_;  // by the pipe they write to
  std::deque<std::size_t> todo_;   // numbers of jobs
  std::vector<int> attempts_;      // by job
  std::size_t most_;               // processes at once
  int refusals_ = 0;               // since a process was last begun and ended
  bool told_to_end_ = false;
};

}  // namespace

Workers::Workers(Work work) : work_(std::move(work)), server_(serve(work_)) {}

Workers::~Workers() = default;

std::vector<Outcome> Workers::run(std::size_t first, std::size_t count, const JobOptions& options) {
  OPTICHAIN_CHECK(options.jobs > 0, "somebody has to work");
  return JobRunner(first, count, options, work_, &server_).run();
}

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
  if (count > options.jobs) return Workers(work).run(0, count, options);
  // all begin at once, before there are results
  return JobRunner(0, count, options, work, nullptr).run();
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

std::size_t spare_files(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  std::error_code error;
  std::size_t open = 0;
  for (std::filesystem::directory_iterator file("/proc/self/fd", error), end; file != end;
       file.increment(error)) {
    ++open;
  }
  if (limit.rlim_cur < open + wanted && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, open + wanted);
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur > open ? static_cast<std::size_t>(limit.rlim_cur) - open : 0;
}

}  // namespace optichain::sim
