#include "sim/kernel/line.hpp"

#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include "sim/kernel/calendar.hpp"

namespace optichain::sim {
namespace {

const Time start = parse_period("2026-01-05")->begin;
constexpr Phase phase{1};
constexpr double per_day = 1.0 / 86400.0;

double days(Time time) {
  return to_days(time - start);
}

TEST_CASE("Line: jobs are done first come, first served at the capacity of the line") {
  Kernel kernel(start);
  Line line(kernel, "line", Curve(10 * per_day).graph());
  std::vector<double> done;
  for (const double work : {20.0, 5.0, 0.0}) {
    line.submit(work, phase, [&] { done.push_back(days(kernel.now())); });
  }
  CHECK(line.queued_work() == doctest::Approx(25));
  CHECK(line.free_work(start + one_day * 4) == doctest::Approx(15));
  kernel.run_until(start + one_day);
  CHECK(line.work_done() == doctest::Approx(10));  // in the middle of the first job
  kernel.run_until(start + one_week);
  CHECK(done == std::vector<double>{2.0, 2.5, 2.5});
  CHECK(line.work_done() == doctest::Approx(25));
  CHECK(line.work_possible() == doctest::Approx(70));
}

TEST_CASE("Line: what is done is known to the piece beside a queue for ever") {
  Kernel kernel(start);
  Line line(kernel, "line", Curve(10 * per_day).graph());
  line.submit(20, phase, [] {});
  line.submit(1e18, phase, [] {});
  kernel.run_until(start + one_week);
  CHECK(line.work_done() == doctest::Approx(70).epsilon(1e-9));
}

TEST_CASE("Line: a job on a ramp ends when the integral covers it") {
  Kernel kernel(start);
  // 0 to 10 a day over 10 days: t^2 / 2 pieces after t days, so 18 pieces take 6 days
  const Curve ramp(Curve::Shape::linear, {{start, 0.0}, {start + one_day * 10, 10 * per_day}});
  Line line(kernel, "line", ramp.graph());
  double done = 0;
  line.submit(18, phase, [&] { done = days(kernel.now()); });
  kernel.run_until(start + one_week * 2);
  CHECK(done == doctest::Approx(6.0).epsilon(1e-5));
}

TEST_CASE("Line: work waits out an outage") {
  Kernel kernel(start);
  const std::vector<Outage> outage = {{start + one_day, start + one_day * 4, 0.0}};
  Line line(kernel, "line", with_outages(Curve(10 * per_day).graph(), outage));
  double done = 0;
  line.submit(20, phase, [&] { done = days(kernel.now()); });
  kernel.run_until(start + one_week);
  CHECK(done == doctest::Approx(5.0));  // one day, three days of outage, one day
}

TEST_CASE("Line: what it could have done before the beginning takes no digits of what comes") {
  Kernel kernel(start);
  // 1e12 a week since 1970 are 3e15, of which a double tells no half piece; out when the world
  // begins
  const std::vector<Outage> outage = {{start - one_week, start + one_week, 0.0}};
  Line line(kernel, "line", with_outages(Curve(1e12 * per_day / 7).graph(), outage));
  double done = 0;
  line.submit(2096, phase, [&] { done = days(kernel.now()); });
  line.change_future(with_outages(Curve(2e12 * per_day / 7).graph(), outage));
  kernel.run_until(start + one_week * 2);
  CHECK(done == doctest::Approx(7));
  CHECK(line.work_done() == 2096);
}

TEST_CASE("Line: rounding to whole seconds loses no capacity") {
  Kernel kernel(start);
  Line line(kernel, "line", Curve(1.0).graph());
  int finished = 0;
  for (int i = 0; i < 100'000; ++i) line.submit(0.3, phase, [&] { ++finished; });
  kernel.run_until(start + Duration{30'000});
  CHECK(finished == doctest::Approx(100'000).epsilon(1e-5));
}

TEST_CASE("Line: a change of capacity keeps what is done of the work in progress") {
  Kernel kernel(start);
  Line line(kernel, "line", Curve(10 * per_day).graph());
  std::vector<double> done;
  line.submit(20, phase, [&] { done.push_back(days(kernel.now())); });
  line.submit(10, phase, [&] { done.push_back(days(kernel.now())); });
  kernel.run_until(start + one_day);
  line.change_capacity(Curve(0.0).graph());
  kernel.run_until(start + one_day * 3);
  CHECK(done.empty());
  CHECK(line.queued_work() == doctest::Approx(20));
  line.change_capacity(Curve(5 * per_day).graph());
  kernel.run_until(start + one_day * 30);
  REQUIRE(done.size() == 2);
  CHECK(done[0] == doctest::Approx(5.0));  // 10 left at 5 a day from day 3
  CHECK(done[1] == doctest::Approx(7.0));
  CHECK(line.work_done() == doctest::Approx(30));
  CHECK(line.work_possible() == doctest::Approx(10 + 0 + 27 * 5));
}

TEST_CASE("Line: a job that is lost gives back the work not done, and the next one moves up") {
  Kernel kernel(start);
  Line line(kernel, "line", Curve(10 * per_day).graph());
  double done = 0, lost = 0;
  line.submit(
      20, phase, [&] { done = -1; }, [&] { lost = days(kernel.now()); });
  line.submit(10, phase, [&] { done = days(kernel.now()); });
  kernel.run_until(start + std::chrono::hours{12});
  CHECK(line.lose_jobs() == doctest::Approx(5));
  CHECK(lost == 0.5);
  CHECK(line.work_done() == doctest::Approx(5));
  CHECK(line.queued_work() == doctest::Approx(10));
  kernel.run_until(start + one_week);
  CHECK(done == doctest::Approx(1.5));
  CHECK(line.work_done() == doctest::Approx(15));
  CHECK_FALSE(line.lose_jobs().has_value());
}

TEST_CASE("Line: a job that ends just when the line goes out is done, whatever is rounded") {
  Kernel kernel(start);
  std::vector<std::unique_ptr<Line>> lines;
  int done = 0;
  for (int n = 1; n <= 100; ++n) {
    const std::vector<Outage> outage = {{start + one_day * n, start + one_day * 1000, 0.0}};
    const double rate = 0.7 * n * per_day;
    lines.push_back(
        std::make_unique<Line>(kernel, "line", with_outages(Curve(rate).graph(), outage)));
    lines.back()->submit(0.7 * n * n, phase, [&] { ++done; });
  }
  kernel.run_until(start + one_day * 100);
  CHECK(done == 100);
}

TEST_CASE("Line: a job that is done at this very instant is not lost") {
  Kernel kernel(start);
  Line line(kernel, "line", Curve(10 * per_day).graph());
  bool done = false;
  std::optional<double> lost = 0;
  line.submit(10, phase, [&] { done = true; });
  kernel.at(start + one_day, Phase{0}, [&] { lost = line.lose_jobs(); });
  kernel.run_until(start + one_week);
  CHECK_FALSE(lost.has_value());
  CHECK(done);
}

TEST_CASE("Line: a job goes to the server that is free first, at its part of the capacity") {
  Kernel kernel(start);
  Line line(kernel, "line", Curve(2 * per_day).graph(), 2);  // each does 1 a day
  std::vector<double> done;
  for (const double work : {3.0, 1.0, 1.0, 1.5}) {
    line.submit(work, phase, [&] { done.push_back(days(kernel.now())); });
  }
  CHECK(line.queued_jobs() == 4);
  CHECK(line.queued_work() == doctest::Approx(6.5));
  CHECK(line.free_work(start + one_day * 4) == doctest::Approx(8 - 6.5));
  kernel.run_until(start + one_day * 2);
  CHECK(line.work_done() == doctest::Approx(4));
  CHECK(line.work_possible() == doctest::Approx(4));
  line.change_capacity(Curve(1 * per_day).graph());  // half a day's work a day, each
  kernel.run_until(start + one_week);
  // 1, then 1 and 1.5 behind it on the second server, 3 on the first
  REQUIRE(done.size() == 4);
  CHECK(done[0] == doctest::Approx(1));
  CHECK(done[1] == doctest::Approx(2));
  CHECK(done[2] == doctest::Approx(4));
  CHECK(done[3] == doctest::Approx(5));
}

TEST_CASE("Line: all jobs in progress are lost, those behind them move up") {
  Kernel kernel(start);
  Line line(kernel, "line", Curve(2 * per_day).graph(), 2);
  std::vector<double> done;
  int lost = 0;
  for (int i = 0; i < 3; ++i) {
    line.submit(
        2, phase, [&] { done.push_back(days(kernel.now())); }, [&] { ++lost; });
  }
  kernel.run_until(start + one_day);
  CHECK(line.lose_jobs() == doctest::Approx(2));
  CHECK(lost == 2);
  kernel.run_until(start + one_week);
  CHECK(done == std::vector<double>{3});
}

TEST_CASE("Line: without capacity for ever nothing comes out and nothing hangs") {
  Kernel kernel(start);
  Line line(kernel, "line", Curve(0.0).graph());
  bool done = false;
  line.submit(1, phase, [&] { done = true; });
  kernel.run_until(start + one_week);
  CHECK_FALSE(done);
}

}  // namespace
}  // namespace optichain::sim
