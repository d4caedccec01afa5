#pragma once
// A line: work queues for it and is done first come, first served, at the capacity of the moment.
//
//   Line line(kernel, "eml fab", capacity);          // capacity: work per second, by date
//   line.submit(120.0, completions, [&] { ... });    // 120 units of work; called when done
//
// Capacity is integrated exactly: a job that starts on a ramp, or waits out an outage, ends at the
// second at which the integral of the capacity has covered its work. A line of constant capacity 1
// is the single server of queueing theory; one with several servers shares its capacity evenly
// between them, and each works on one job at a time (M/M/c).

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/curve.hpp"
#include "sim/kernel/kernel.hpp"

namespace optichain::sim {

class Line {
 public:
  /// `capacity` of all servers together in units of work per second, >= 0; `servers` >= 1.
  Line(Kernel& kernel, std::string name, PiecewiseLinear capacity, std::size_t servers = 1);
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  const std::string& name() const { return name_; }

  /// Queues work (>= 0) for the server that is free first and calls `done` in `phase` when it is
  /// finished, or `lost` (if given) when it is lost.
  void submit(double work, Phase phase, Callback done, Callback lost = {});
  /// Takes the jobs in progress off the line, which loses what has been done of them; returns how
  /// much that was, or nothing if no job is in progress.
  std::optional<double> lose_jobs();

  /// Capacity from now until `until` that no queued job needs yet.
  double free_work(Time until) const;
  /// Work waiting or in progress now.
  double queued_work() const { return queued_work(kernel_.now()); }
  std::size_t queued_jobs() const;
  /// Work done from the beginning until now, the job in progress included up to now.
  double work_done() const { return work_done(kernel_.now()); }
  /// The same until a time, now or later, if nothing more is submitted.
  double work_done(Time until) const;
  /// Work the line could have done from its beginning until now.
  double work_possible() const { return work_possible(kernel_.now()); }
  double work_possible(Time until) const {
    return possible_before_ + (spent(until) - origin_) * per_server_;
  }

  /// From now on the line has another capacity; the work in progress keeps what is done of it.
  void change_capacity(PiecewiseLinear capacity);
  /// The line will have another capacity; up to now it had the same. Whatever ends at the same time
  /// as before keeps its place in the agenda.
  void change_future(PiecewiseLinear capacity);
  const PiecewiseLinear& capacity() const { return capacity_; }

 private:
  struct Job {
    double begin, finish;  // on the server's clock
    double work;
    Phase phase;
    Callback done, lost;
  };
  struct Server {
    std::deque<Job> queue;
    double last_finish;  // of its last job
    Ticket head;
  };
  double queued_work(Time at) const;
  /// The clock of a server: the capacity that it has had so far.
  double spent(Time time) const { return capacity_.cumulated(time) / per_server_; }
  std::optional<double> lose_job(std::size_t server);
  std::optional<Time> head_time(std::size_t server) const;
  void schedule_head(std::size_t server);
  void finish_head(std::size_t server);

  Kernel& kernel_;
  std::string name_;
  PiecewiseLinear capacity_;
  double per_server_;  // capacity of the line per capacity of a server: their number
  std::vector<Server> servers_;
  double origin_;               // a server's clock when this capacity took effect
  double possible_before_ = 0;  // work possible under earlier capacities
  double left_ = 0;             // work done of the jobs that have left
};

}  // namespace optichain::sim
