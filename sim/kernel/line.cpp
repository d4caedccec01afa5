#include "sim/kernel/line.hpp"

#include <algorithm>
#include <cmath>

namespace optichain::sim {

namespace {

/// The cumulated capacity at which a job is done: rounding must not make it wait when the line goes
/// out just as it ends.
double reached_at(double finish) {
  return finish - 1e-12 * std::fabs(finish);
}

}  // namespace

// The clock of a line is its cumulated capacity: on that scale it works at speed one, always. A job
// that arrives at `spent(now)` with work w leaves at max(spent(now), last_finish) + w, and the time
// of that moment is read off the inverse. Rounding a finish up to a whole second therefore costs no
// capacity: the next job still starts where the last one ended on that scale.

Line::Line(Kernel& kernel, std::string name, PiecewiseLinear capacity)
    : kernel_(kernel),
      name_(std::move(name)),
      capacity_(std::move(capacity)),
      last_finish_(spent(kernel.now())),
      origin_(last_finish_) {
  OPTICHAIN_CHECK(capacity_.lowest() >= 0, "line {} has negative capacity", name_);
}

void Line::submit(double work, Phase phase, Action done, Action lost) {
  OPTICHAIN_CHECK(work >= 0, "line {} was given {} work", name_, work);
  last_finish_ = std::max(spent(kernel_.now()), last_finish_) + work;
  submitted_ += work;
  queue_.push_back({last_finish_, work, phase, done, lost});
  if (queue_.size() == 1) schedule_head();
}

std::optional<double> Line::lose_job() {
  // a job that is finished and only waits for its phase at this instant is not in progress
  const double now = spent(kernel_.now());
  if (queue_.empty() || reached_at(queue_.front().finish) <= now) return std::nullopt;
  Job job = queue_.front();
  queue_.pop_front();
  kernel_.cancel(head_);
  const double left = std::clamp(job.finish - now, 0.0, job.work);
  submitted_ -= left;
  last_finish_ -= left;
  for (Job& other : queue_) other.finish -= left;
  schedule_head();
  if (job.lost) job.lost();
  return job.work - left;
}

double Line::free_work(Time until) const {
  return std::max(0.0, spent(until) - std::max(spent(kernel_.now()), last_finish_));
}

void Line::change_capacity(PiecewiseLinear capacity) {
  OPTICHAIN_CHECK(capacity.lowest() >= 0, "line {} has negative capacity", name_);
  const double before = spent(kernel_.now());
  possible_before_ += before - origin_;
  capacity_ = std::move(capacity);
  origin_ = spent(kernel_.now());
  for (Job& job : queue_) job.finish += origin_ - before;
  last_finish_ += origin_ - before;
  kernel_.cancel(head_);
  schedule_head();
}

void Line::schedule_head() {
  if (queue_.empty()) return;
  const double finish = queue_.front().finish;
  auto time = capacity_.when_cumulated(finish);
  const auto early = capacity_.when_cumulated(reached_at(finish));
  if (early && (!time || *time - *early > Duration{1})) time = early;
  if (!time) return;  // no capacity for ever: the job waits for a change_capacity
  head_ = kernel_.at(
      std::max(*time, kernel_.now()), queue_.front().phase, [this] { finish_head(); }, &name_);
}

void Line::finish_head() {
  Job job = queue_.front();
  queue_.pop_front();
  schedule_head();
  job.done();
}

}  // namespace optichain::sim
