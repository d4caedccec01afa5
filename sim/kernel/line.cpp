#include "sim/kernel/line.hpp"

#include <algorithm>
#include <cmath>

namespace optichain::sim {

namespace {

/// The cumulated capacity at which a job is done: rounding must not make it a second late, and far
/// less wait when the line goes out just as it ends.
double reached_at(double finish) {
  return finish - 1e-12 * std::fabs(finish);
}

/// The function from a time on, so that what is cumulated before it takes no digits of what comes:
/// a line of 1e12 a week has done 3e15 between 1970 and 2026, beside which no job of 1,000 counts.
PiecewiseLinear from(const PiecewiseLinear& function, Time begin) {
  const double value = function.value(begin);
  std::vector<PiecewiseLinear::Segment> segments = {{begin, value, value}};
  for (const PiecewiseLinear::Segment& segment : function.segments()) {
    if (segment.begin <= begin) {
      segments.front().at_end = segment.at_end;
    } else {
      segments.push_back(segment);
    }
  }
  return PiecewiseLinear(std::move(segments));
}

}  // namespace

// The clock of a server is the capacity that it has had so far: on that scale it works at speed
// one, always. A job that arrives at `spent(now)` with work w leaves at max(spent(now), last
// finish) + w, and the time of that moment is read off the inverse. Rounding a finish up to a whole
// second therefore costs no capacity: the next job still starts where the last one ended on that
// scale. Jobs that are handed, as they come, to the server that is free first are served first
// come, first served by all of them.

Line::Line(Kernel& kernel, std::string name, PiecewiseLinear capacity, std::size_t servers)
    : kernel_(kernel),
      name_(std::move(name)),
      capacity_(from(capacity, kernel.now())),
      per_server_(static_cast<double>(servers)),
      origin_(spent(kernel.now())) {
  OPTICHAIN_CHECK(capacity_.lowest() >= 0, "line {} has negative capacity", name_);
  OPTICHAIN_CHECK(servers >= 1, "line {} has no server", name_);
  servers_.resize(servers, Server{{}, origin_, {}});
}

void Line::submit(double work, Phase phase, Callback done, Callback lost) {
  OPTICHAIN_CHECK(work >= 0, "line {} was given {} work", name_, work);
  const auto first = std::min_element(
      servers_.begin(), servers_.end(),
      [](const Server& a, const Server& b) { return a.last_finish < b.last_finish; });
  const double begin = std::max(spent(kernel_.now()), first->last_finish);
  first->last_finish = begin + work;
  first->queue.push_back({begin, first->last_finish, work, phase, done, lost});
  if (first->queue.size() == 1) schedule_head(static_cast<std::size_t>(first - servers_.begin()));
}

std::optional<double> Line::lose_jobs() {
  std::optional<double> lost;
  for (std::size_t s = 0; s < servers_.size(); ++s) {
    if (const auto work = lose_job(s)) lost = lost.value_or(0) + *work;
  }
  return lost;
}

std::optional<double> Line::lose_job(std::size_t s) {
  Server& server = servers_[s];
  // a job that is finished and only waits for its phase at this instant is not in progress
  const double now = spent(kernel_.now());
  if (server.queue.empty() || reached_at(server.queue.front().finish) <= now) return std::nullopt;
  Job job = server.queue.front();
  server.queue.pop_front();
  kernel_.cancel(server.head);
  const double left = std::clamp(job.finish - now, 0.0, job.work);
  left_ += job.work - left;
  server.last_finish -= left;
  for (Job& other : server.queue) {
    other.begin -= left;
    other.finish -= left;
  }
  schedule_head(s);
  if (job.lost) job.lost();
  return job.work - left;
}

std::size_t Line::queued_jobs() const {
  std::size_t jobs = 0;
  for (const Server& server : servers_) jobs += server.queue.size();
  return jobs;
}

double Line::queued_work(Time at) const {
  double work = 0;
  const double then = spent(at);
  for (const Server& server : servers_) work += std::max(0.0, server.last_finish - then);
  return work;
}

/// What waits is not taken off what came: beside a queue of a million years, a week would be lost
/// in rounding.
double Line::work_done(Time until) const {
  double work = left_;
  const double then = spent(until);
  for (const Server& server : servers_) {
    for (const Job& job : server.queue) {
      if (job.begin >= then) break;
      work += std::min(then - job.begin, job.work);
    }
  }
  return work;
}

double Line::free_work(Time until) const {
  double work = 0;
  const double now = spent(kernel_.now()), then = spent(until);
  for (const Server& server : servers_) {
    work += std::max(0.0, then - std::max(now, server.last_finish));
  }
  return work;
}

void Line::change_capacity(PiecewiseLinear capacity) {
  OPTICHAIN_CHECK(capacity.lowest() >= 0, "line {} has negative capacity", name_);
  const double before = spent(kernel_.now());
  possible_before_ += (before - origin_) * per_server_;
  capacity_ = from(capacity, kernel_.now());
  origin_ = spent(kernel_.now());
  for (std::size_t s = 0; s < servers_.size(); ++s) {
    for (Job& job : servers_[s].queue) {
      job.begin += origin_ - before;
      job.finish += origin_ - before;
    }
    servers_[s].last_finish += origin_ - before;
    kernel_.cancel(servers_[s].head);
    schedule_head(s);
  }
}

void Line::change_future(PiecewiseLinear capacity) {
  const double before = spent(kernel_.now());
  std::vector<std::optional<Time>> times;
  for (std::size_t s = 0; s < servers_.size(); ++s) times.push_back(head_time(s));
  capacity_ = from(capacity, capacity_.segments().front().begin);
  OPTICHAIN_CHECK(spent(kernel_.now()) == before, "line {} had another capacity", name_);
  for (std::size_t s = 0; s < servers_.size(); ++s) {
    if (head_time(s) == times[s]) continue;
    kernel_.cancel(servers_[s].head);
    schedule_head(s);
  }
}

/// When the first job of a server's queue ends; nothing if there is none, or no capacity for ever.
std::optional<Time> Line::head_time(std::size_t s) const {
  const Server& server = servers_[s];
  if (server.queue.empty()) return std::nullopt;
  return capacity_.when_cumulated(reached_at(server.queue.front().finish) * per_server_);
}

void Line::schedule_head(std::size_t s) {
  Server& server = servers_[s];
  const auto time = head_time(s);
  if (!time) return;  // without capacity the job waits for a change of it
  server.head = kernel_.at(
      std::max(*time, kernel_.now()), server.queue.front().phase, [this, s] { finish_head(s); },
      &name_);
}

void Line::finish_head(std::size_t s) {
  std::deque<Job>& queue = servers_[s].queue;
  Job job = queue.front();
  queue.pop_front();
  left_ += job.work;
  schedule_head(s);
  job.done();
}

}  // namespace optichain::sim
