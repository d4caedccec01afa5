#pragma once
// Work in child processes: an engine of its own for each job, and a crash that costs one job.
//
//   const auto outcomes = run_jobs(50, {.jobs = 2}, [&](std::size_t i) { return simulate(i); });
//
// Results come back by index, so the number of workers cannot change a byte of them. Jobs that wait
// for others to end are forked by a small process of their own (fork_server.hpp): what the calling
// process collects meanwhile makes none of them slower.

#include <csignal>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace optichain::sim {

struct Outcome {
  enum class Status {
    done,
    failed,   // the job threw: `text` is its message
    crashed,  // the process died: `text` says of what
    stopped   // the stop flag was raised before it was done
  };
  Status status = Status::stopped;
  std::string text;  // what the job returned, or what went wrong
  int signal = 0;    // that a crashed process died of; 0 if it ended by itself
  /// Whether it died of a signal that says nothing about the job: somebody, or a machine short of
  /// memory, sent it.
  bool was_killed() const;
};

/// How often a job is tried whose process dies.
inline constexpr int most_attempts = 3;
/// Which deaths let a job be tried again, when all others have begun.
enum class Retry { never, killed, crashed };

struct JobOptions {
  /// Processes at once. Where the limits of files or processes allow fewer, there are fewer, which
  /// is said on stderr.
  std::size_t jobs = 1;
  /// As soon as it is not zero, running jobs are ended and no more are begun.
  const volatile std::sig_atomic_t* stop = nullptr;
  Retry retry = Retry::never;
  /// Called in the parent whenever a job begins, and when it begins again.
  std::function<void(std::size_t index)> on_begin{};
  /// Called in the parent whenever a job ends for good. It may take the text, so that not all are
  /// kept; what it throws ends the other jobs.
  std::function<void(std::size_t index, Outcome& outcome)> on_end{};
  /// Called in the parent a few times a second while jobs run.
  std::function<void()> on_wait{};
};

/// What a job gives back, piece by piece. Only in the process of the job.
class Reply {
 public:
  /// How much will be added in all, so that room is made for it at once; if at all, first.
  void expect(std::size_t bytes) { expected_ = bytes; }
  void add(std::string_view piece);
  /// The job is done: ends the process at once. What it holds is not taken apart, which for a
  /// large world takes a while.
  [[noreturn]] void end();

 private:
  friend class JobProcess;
  explicit Reply(int pipe) : pipe_(pipe) {}
  /// Only the last `counts` bytes are the outcome's text.
  [[noreturn]] void end(std::size_t how, std::size_t counts);
  [[noreturn]] void end(std::size_t how, std::string_view message);
  void send(std::string_view bytes);
  int pipe_;
  bool began_ = false;
  std::string buffer_;
  std::size_t expected_ = 0, added_ = 0;
};

class ForkServer;

/// Workers for jobs that are not all known at once: each is as small as the calling process was
/// when these were made.
class Workers {
 public:
  using Work = std::function<void(std::size_t, Reply&)>;
  /// The calling process must hold no engine; its buffers of standard output are flushed first.
  explicit Workers(Work work);
  ~Workers();
  /// Calls `work(first) ... work(first + count - 1)`, each in a process of its own, and returns
  /// what they returned. Jobs are numbered from 0 in what it returns and in the options.
  std::vector<Outcome> run(std::size_t first, std::size_t count, const JobOptions& options);

 private:
  Work work_;
  std::unique_ptr<ForkServer> server_;
};

/// Calls `work(0) ... work(count - 1)`, each in a forked process, and returns what they returned.
/// The calling process must hold no engine; its buffers of standard output are flushed first.
std::vector<Outcome> run_jobs(std::size_t count, const JobOptions& options,
                              const std::function<std::string(std::size_t)>& work);
/// The same for results too large to be put together before they are sent.
std::vector<Outcome> run_jobs(std::size_t count, const JobOptions& options,
                              const std::function<void(std::size_t, Reply&)>& work);

/// One job in a process of its own. Throws Interrupted if it is stopped.
Outcome run_job(const volatile std::sig_atomic_t* stop, Retry retry,
                const std::function<std::string()>& work);

/// The number of processors this process may use.
std::size_t processor_count();

/// How many more files this process may open. Raises its limit, as far as it may, until there are
/// `wanted`.
std::size_t spare_files(std::size_t wanted);

}  // namespace optichain::sim
