#include "models/sweep/run.hpp"

#include <cerrno>
#include <chrono>
#include <set>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include "models/sweep/chunk_worker.hpp"
#include "models/sweep/state.hpp"
#include "sim/base/check.hpp"
#include "sim/batch/shared_counts.hpp"
#include "sim/batch/workers.hpp"
#include "sim/output/chunk_file.hpp"
#include "sim/output/error.hpp"
#include "sim/output/progress.hpp"

namespace optichain::models::sweep {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds between_session_writes{2};
constexpr std::chrono::milliseconds between_lock_attempts{20};
constexpr int most_lock_attempts = 50;  // the workers of a killed parent need a moment to end

using State = Coverage::State;

/// Calls `visit` with the state of each run of a chunk.
template <class F>
void for_each_run(const Chunk& chunk, const Coverage& coverage, F visit) {
  for (const RunRange& r : chunk.runs) {
    for (std::uint64_t i = 0; i < r.runs(); ++i) {
      visit(coverage.at(r.point + i / r.replications, r.first + i % r.replications));
    }
  }
}

std::uint64_t missing_in(const Chunk& chunk, const Coverage& coverage) {
  std::uint64_t missing = 0;
  for_each_run(chunk, coverage, [&](State state) { missing += state == State::missing; });
  return missing;
}

/// The chunks of a shard: those of the plan, or, for who does all and finds runs missing that the
/// plan took for done (a chunk that was damaged since), cut anew.
std::vector<Chunk> chunks_of_shard(const Plan& plan, const PointIndex& index, const SweepWork& work,
                                   const Coverage& coverage) {
  std::vector<Chunk> chunks;
  std::uint64_t planned = 0;
  for (std::size_t c = work.shard; c < plan.chunks.size(); c += work.shards) {
    chunks.push_back(plan.chunks[c]);
    planned += missing_in(chunks.back(), coverage);
  }
  if (work.shards > 1 || planned == missing_runs(plan, index, coverage)) return chunks;
  return cut(plan, index, coverage, work.chunk_size);
}

/// Gives chunks to workers until all are there, or their workers have died too often.
class WorkerPool {
 public:
  WorkerPool(const SweepFiles& files, const Plan& plan, const PointIndex& index,
             const SweepWork& work, std::vector<Chunk> chunks, SweepOutcome outcome)
      : files_(files),
        plan_(plan),
        index_(index),
        work_(work),
        chunks_(std::move(chunks)),
        outcome_(std::move(outcome)),
        counts_(2 * chunks_.size()),
        session_(files),
        progress_({.what = "runs",
                   .total = outcome_.runs,
                   .done_before = outcome_.done + outcome_.failed,
                   .style = sim::Progress::style_for_stderr(work.quiet)}) {}

  SweepOutcome run() {
    sim::run_jobs(chunks_.size(),
                  {.jobs = work_.jobs,
                   .stop = work_.stop,
                   .retry = sim::Retry::crashed,
                   .on_begin = [&](std::size_t i) { at_work_.insert(i); },
                   .on_end = [&](std::size_t i, sim::Outcome& o) { take(i, o); },
                   .on_wait = [&] { show(); }},
                  [&](std::size_t i, sim::Reply&) { work_on(i); });
    outcome_.done += done_;
    outcome_.failed += failed_;
    outcome_.missing = outcome_.runs - outcome_.done - outcome_.failed;
    outcome_.stopped = stopping() && outcome_.missing > 0;
    progress_.update(done_, failed_);
    progress_.finish();
    return std::move(outcome_);
  }

 private:
  bool stopping() const { return work_.stop && *work_.stop; }

  /// In the worker's process.
  void work_on(std::size_t number) {
    auto& done = counts_[2 * number];
    auto& failed = counts_[2 * number + 1];
    done = 0;
    failed = 0;
    run_chunk(files_, plan_, index_, chunks_[number], work_.stop,
              [&](bool is_failure) { ++(is_failure ? failed : done); });
  }

  void take(std::size_t number, const sim::Outcome& outcome) {
    const Chunk& chunk = chunks_[number];
    if (outcome.status == sim::Outcome::Status::done) {
      const std::uint64_t failed = counts_[2 * number + 1];
      failed_ += failed;
      done_ += chunk.size() - failed;
    } else if (outcome.status == sim::Outcome::Status::failed) {
      // what befalls one chunk because of the machine would befall all: a full disk
      throw sim::OutputError(outcome.text);
    } else if (outcome.status == sim::Outcome::Status::crashed) {
      outcome_.problems.push_back(
          fmt::format("chunk {} ({} runs): {}", chunk.id, chunk.size(), outcome.text));
    }
    at_work_.erase(number);
    show();
  }

  void show() {
    std::uint64_t done = done_, failed = failed_;
    for (const std::size_t c : at_work_) {
      done += counts_[2 * c];
      failed += counts_[2 * c + 1];
    }
    progress_.update(done, failed);
    const auto now = Clock::now();
    if (now - last_session_write_ < between_session_writes) return;
    last_session_write_ = now;
    session_.write(done, failed, std::chrono::duration<double>(now - begin_).count());
  }

  const SweepFiles& files_;
  const Plan& plan_;
  const PointIndex& index_;
  const SweepWork& work_;
  const std::vector<Chunk> chunks_;
  SweepOutcome outcome_;
  std::uint64_t done_ = 0, failed_ = 0;  // in chunks that were published in this session
  sim::SharedCounts counts_;             // of each chunk: done, failed
  std::set<std::size_t> at_work_;        // the chunks whose counts are not in done_ and failed_
  SessionFile session_;
  sim::Progress progress_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point last_session_write_{};
};

}  // namespace

SweepOutcome run_sweep(const SweepFiles& files, const Plan& plan, const SweepWork& work) {
  sim::probe_directory(files.chunks());
  remove_ended(files);
  const PointIndex index(plan.study);
  SweepState state =
      read_state(plan, index, {files}, work.shards == 1 ? Reading::whole : Reading::ends);
  SweepOutcome outcome;
  for (const auto& path : state.damaged) {
    outcome.problems.push_back(
        fmt::format("{} is damaged; it was set aside and is done again", path.string()));
  }
  set_aside(state.damaged);

  std::vector<Chunk> chunks = chunks_of_shard(plan, index, work, state.coverage);
  if (work.shards == 1) {
    outcome.runs = plan.runs();
    outcome.done = state.coverage.count(State::done);
    outcome.failed = state.coverage.count(State::failed);
  } else {
    for (const Chunk& chunk : chunks) {
      outcome.runs += chunk.size();
      for_each_run(chunk, state.coverage, [&](State run) {
        outcome.done += run == State::done;
        outcome.failed += run == State::failed;
      });
    }
  }
  std::erase_if(chunks, [&](const Chunk& c) { return missing_in(c, state.coverage) == 0; });
  try {
    outcome = WorkerPool(files, plan, index, work, std::move(chunks), std::move(outcome)).run();
  } catch (...) {
    remove_ended(files);
    throw;
  }
  remove_ended(files);
  return outcome;
}

void check_same_engine(const Plan& plan, const volatile std::sig_atomic_t* stop) {
  Plan again = make_plan(plan.study, pilot_run(plan.study, stop));
  if (again.context == plan.context) return;
  sim::fail(
      "this program does not compute what the program did that made the plan: use that program, "
      "or plan again (what was done then counts no more)");
}

SweepLock::SweepLock(const SweepFiles& files, Kind kind)
    : folder_(::open(files.chunks().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (folder_.number() < 0 && (errno == ENOENT || errno == ENOTDIR)) no_chunks(files);
  if (folder_.number() < 0) sim::cannot_read(files.chunks(), errno);
  for (int attempt = 0; attempt < most_lock_attempts; ++attempt) {
    if (::flock(folder_.number(), (kind == Kind::alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) return;
    if (errno != EWOULDBLOCK) return;  // a file system without locks: publishing still is safe
    std::this_thread::sleep_for(between_lock_attempts);
  }
  sim::cannot_write(files.folder, "another sweep is running there");
}

}  // namespace optichain::models::sweep
