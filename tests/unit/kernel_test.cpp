#include "sim/kernel/kernel.hpp"

#include <csignal>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sim/kernel/calendar.hpp"
#include "sim/kernel/lane.hpp"

namespace optichain::sim {
namespace {

const Time start = parse_period("2026-01-05")->begin;
constexpr Phase early{1}, middle{2}, late{3};
using Log = std::vector<std::string>;

TEST_CASE("Kernel: one instant runs in the order of phases, then of putting down") {
  Kernel kernel(start);
  Log log;
  kernel.at(start + one_day, late, [&] { log.push_back("late"); });
  kernel.at(start + one_day, early, [&] { log.push_back("early 1"); });
  kernel.at(start + one_day, middle, [&] { log.push_back("middle"); });
  kernel.at(start + one_day, early, [&] { log.push_back("early 2"); });
  kernel.at(start, late, [&] { log.push_back("at once"); });
  kernel.run_until(start + one_day);
  CHECK(log == Log{"at once", "early 1", "early 2", "middle", "late"});
  CHECK(kernel.counts().events == 5);
}

TEST_CASE("Kernel: agents and callbacks of one instant keep the order of phases") {
  Kernel kernel(start);
  const Place place = kernel.add_place("plant");
  Log log;
  for (const char* name : {"b", "a", "c"}) {
    kernel.add_agent(name, place, [&](Agent& self) {
      for (int week = 1; week <= 2; ++week) {
        self.wait_until(start + one_week * week, early);
        log.push_back(self.name() + " early");
        self.wait_until(self.now(), late);
        log.push_back(self.name() + " late");
      }
    });
  }
  for (int week = 1; week <= 2; ++week) {
    kernel.at(start + one_week * week, middle, [&] { log.push_back("middle"); });
  }
  kernel.run_until(start + one_week * 2);
  const Log each = {"b early", "a early", "c early", "middle", "b late", "a late", "c late"};
  Log twice = each;
  twice.insert(twice.end(), each.begin(), each.end());
  CHECK(log == twice);
  // one first turn, then two weeks of two
  CHECK(kernel.counts().wakeups == 15);
}

TEST_CASE("Kernel: what is due in a phase already past comes next, not never") {
  Kernel kernel(start);
  Log log;
  kernel.at(start, late, [&] {
    log.push_back("late");
    kernel.at(start, early, [&] { log.push_back("early after all"); });
  });
  kernel.at(start, late, [&] { log.push_back("late too"); });
  kernel.run_until(start);
  CHECK(log == Log{"late", "early after all", "late too"});
}

TEST_CASE("Kernel: an agent whose turn is next goes on by itself, and in no other order") {
  Kernel kernel(start);
  const Place place = kernel.add_place("plant");
  Log log;
  kernel.add_agent("alone", place, [&](Agent& self) {
    kernel.at(start + one_day, middle, [&] {
      log.push_back("before");
      // put down after the agent's own entry of the same instant and phase: comes after it
      kernel.at(start + one_day, late, [&] { log.push_back("after"); });
      kernel.at(start + one_day, middle, [&] { log.push_back("still before"); });
    });
    self.wait_until(start + one_day, late);
    log.push_back("agent at " + format_time(self.now()));
    self.wait_until(start + one_day * 3, early);
    log.push_back("agent at " + format_time(self.now()));
  });
  kernel.run_until(start + one_day * 2);
  const Log first = {"before", "still before", "agent at 2026-01-06", "after"};
  CHECK(log == first);  // and no step beyond the end of the run
  CHECK(kernel.counts().wakeups == 2);
  CHECK(kernel.counts().rounds == 1);  // for the first turn only
  CHECK(kernel.now() == start + one_day * 2);
  kernel.run_until(start + one_day * 3);
  CHECK(log.back() == "agent at 2026-01-08");
}

TEST_CASE("Kernel: an agent that waits goes on when it is woken for a date, also before it waits") {
  Kernel kernel(start);
  const Place place = kernel.add_place("plant");
  Log log;
  kernel.add_agent("reviewer", place, [&](Agent& self) {
    self.wait_until(start + one_day, middle);
    log.push_back("first at " + format_time(self.now()));
    // the rest of the review is a callback, which wakes the agent for the next one
    kernel.at(start + one_day, late, [&] {
      log.push_back("rest");
      self.wake_at(start + one_day * 3, middle);
    });
    self.wait();
    log.push_back("second at " + format_time(self.now()));
    self.wake_at(start + one_day * 4, early);
    self.wait();
    log.push_back("third at " + format_time(self.now()));
  });
  kernel.at(start + one_day * 3, early, [&] { log.push_back("before"); });
  kernel.at(start + one_day * 3, late, [&] { log.push_back("after"); });
  kernel.run();
  CHECK(log == Log{"first at 2026-01-06", "rest", "before", "second at 2026-01-08", "after",
                   "third at 2026-01-09"});
}

TEST_CASE("Kernel: who waits and is never woken for a date stands still") {
  Kernel kernel(start);
  const Place place = kernel.add_place("plant");
  kernel.add_agent("forgotten", place, [&](Agent& self) {
    self.wake_at(start + one_day, early);
    self.wait();
    self.wait();
  });
  CHECK_THROWS_WITH_AS(kernel.run(),
                       "2026-01-06: standstill: nothing can happen any more, and 1 agent waits: "
                       "forgotten (since 2026-01-06)",
                       Error);
}

TEST_CASE("Kernel: a callback that fails while an agent waits is named, not the agent") {
  Kernel kernel(start);
  const Place place = kernel.add_place("plant");
  const std::string owner = "press";
  bool went_on = false;
  kernel.add_agent("planner", place, [&](Agent& self) {
    self.wait_until(start + one_day, early);
    kernel.at(
        start + one_day * 2, early, [] { fail("is jammed"); }, &owner);
    self.wait_until(start + one_day * 3, early);
    went_on = true;
  });
  CHECK_THROWS_WITH_AS(kernel.run(), "2026-01-07: press: is jammed", Error);
  CHECK(!went_on);
}

TEST_CASE("Kernel: a cancelled entry does not happen, and a ticket outlives its entry") {
  Kernel kernel(start);
  Log log;
  const Ticket a = kernel.at(start + one_day, early, [&] { log.push_back("a"); });
  const Ticket b = kernel.at(start + one_day, early, [&] { log.push_back("b"); });
  CHECK(kernel.cancel(a));
  CHECK_FALSE(kernel.cancel(a));
  kernel.run_until(start + one_day);
  CHECK_FALSE(kernel.cancel(b));
  const Ticket reused = kernel.at(start + one_week, early, [&] { log.push_back("c"); });
  CHECK_FALSE(kernel.cancel(b));  // its slot now belongs to another entry
  CHECK(kernel.cancel(reused));
  kernel.run_until(start + one_week);
  CHECK(log == Log{"b"});
}

TEST_CASE("Kernel: the run goes on from where it stopped, horizon included") {
  Kernel kernel(start);
  int count = 0;
  std::function<void()> tick = [&] {
    ++count;
    kernel.at(kernel.now() + one_day, early, [&tick] { tick(); });
  };
  kernel.at(start + one_day, early, [&tick] { tick(); });
  kernel.run_until(start + one_day * 10);
  CHECK(count == 10);
  CHECK(kernel.now() == start + one_day * 10);
  kernel.run_until(start + one_day * 10 + Duration{1});
  CHECK(count == 10);
  kernel.run_until(start + one_day * 11);
  CHECK(count == 11);
}

TEST_CASE("Kernel: an agent sleeps until it is woken, and a wake in between is not lost") {
  Kernel kernel(start);
  const Place place = kernel.add_place("plant");
  Log log;
  Agent& sleeper = kernel.add_agent(
      "sleeper", place,
      [&](Agent& self) {
        while (true) {
          self.wait();
          log.push_back(format_time(self.now()));
          self.wait_until(self.now() + one_day * 2, early);
        }
      },
      AgentKind::passive);
  for (const int day : {1, 2, 7}) {
    kernel.at(start + one_day * day, middle, [&] { sleeper.wake(late); });
  }
  kernel.run_until(start + one_week * 2);
  // woken on day 1; the wake of day 2 comes while it is busy until day 3 and takes effect then
  CHECK(log == Log{"2026-01-06", "2026-01-08", "2026-01-12"});
}

TEST_CASE("Kernel: an agent added while the kernel runs takes its turn") {
  Kernel kernel(start);
  const Place place = kernel.add_place("plant");
  Log log;
  kernel.at(start + one_day, early, [&] {
    kernel.add_agent("late comer", place, [&](Agent& self) {
      log.push_back(format_time(self.now()));
      self.wait_until(self.now() + one_day, early);
      log.push_back(format_time(self.now()));
    });
  });
  kernel.run_until(start + one_week);
  CHECK(log == Log{"2026-01-06", "2026-01-07"});
}

TEST_CASE("Kernel: what an agent throws ends the run with the date and the agent") {
  Kernel kernel(start);
  const Place place = kernel.add_place("plant");
  bool bystander_unwound = false;
  kernel.add_agent("bystander", place, [&](Agent& self) {
    struct Guard {
      bool& flag;
      ~Guard() { flag = true; }
    } guard{bystander_unwound};
    while (true) self.wait_until(self.now() + one_day, early);
  });
  kernel.add_agent("planner", place, [&](Agent& self) {
    self.wait_until(start + one_week, early);
    fail("stock of {} is negative", "eml");
  });
  CHECK_THROWS_WITH_AS(kernel.run_until(start + one_week * 2),
                       "2026-01-12: planner: stock of eml is negative", Error);
  CHECK(bystander_unwound);
}

TEST_CASE("Kernel: what a callback throws ends the run with the date and its owner") {
  Kernel kernel(start);
  const std::string owner = "line eml";
  kernel.at(
      start + one_day, early, [] { throw std::out_of_range("beyond"); }, &owner);
  bool later = false;
  kernel.at(start + one_day * 2, early, [&] { later = true; });
  CHECK_THROWS_WITH_AS(kernel.run_until(start + one_week), "2026-01-06: line eml: beyond", Error);
  CHECK_FALSE(later);
}

TEST_CASE("Kernel: going back in time is an error, not a silent change of date") {
  Kernel kernel(start);
  kernel.at(start + one_week, early, [&] { kernel.at(start + one_day, early, [] {}); });
  CHECK_THROWS_WITH_AS(kernel.run_until(start + one_week),
                       "2026-01-12: something was put on the agenda for 2026-01-06, which is past",
                       Error);
}

TEST_CASE("Kernel: a standstill names who waits and since when") {
  Kernel kernel(start);
  const Place place = kernel.add_place("plant");
  kernel.add_agent(
      "server", place, [](Agent& self) { self.wait(); }, AgentKind::passive);
  kernel.add_agent("buyer", place, [&](Agent& self) {
    self.wait_until(start + one_day, early);
    self.wait();
  });
  CHECK_THROWS_WITH_AS(kernel.run_until(start + one_week),
                       "2026-01-06: standstill: nothing can happen any more, and 1 agent waits: "
                       "buyer (since 2026-01-06)",
                       Error);
}

TEST_CASE("Kernel: run ends when nothing is left, with passive agents asleep") {
  Kernel kernel(start);
  const Place place = kernel.add_place("plant");
  int served = 0;
  Agent& server = kernel.add_agent(
      "server", place,
      [&](Agent& self) {
        while (true) {
          self.wait();
          ++served;
        }
      },
      AgentKind::passive);
  kernel.add_agent("source", place, [&](Agent& self) {
    for (int i = 0; i < 5; ++i) {
      self.wait_until(self.now() + one_day, early);
      server.wake(late);
    }
  });
  kernel.run();
  CHECK(served == 5);
  CHECK(kernel.now() == start + one_day * 5);
}

TEST_CASE("Kernel: the program's own answer to an interrupt stays") {
  static volatile std::sig_atomic_t interrupted = 0;
  std::signal(SIGINT, [](int) { interrupted = 1; });
  Kernel kernel(start);
  kernel.at(start + one_day, early, [] { std::raise(SIGINT); });
  bool later = false;
  kernel.at(start + one_day * 2, early, [&] { later = true; });
  kernel.run_until(start + one_week);
  CHECK(interrupted == 1);
  CHECK(later);
}

TEST_CASE("Kernel: a raised stop flag ends the run cleanly") {
  static volatile std::sig_atomic_t stop = 0;
  Kernel kernel(start, &stop);
  kernel.at(start + one_day, early, [] { stop = 1; });
  bool later = false;
  kernel.at(start + one_day * 2, early, [&] { later = true; });
  CHECK_THROWS_WITH_AS(kernel.run_until(start + one_week),
                       "stopped by a signal at 2026-01-06 of simulated time", Interrupted);
  CHECK_FALSE(later);
}

TEST_CASE("Kernel: thousands of agents keep their order") {
  Kernel kernel(start);
  const Place place = kernel.add_place("plant");
  std::vector<int> order;
  for (int i = 0; i < 3000; ++i) {
    kernel.add_agent("agent " + std::to_string(i), place, [&order, i](Agent& self) {
      self.wait_until(start + one_day, early);
      order.push_back(i);
    });
  }
  kernel.run_until(start + one_day);
  REQUIRE(order.size() == 3000);
  CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("Calendar: a rhythm beats after a time, never at it") {
  const Rhythm weekly{start, one_week};
  CHECK(weekly.after(start - one_day) == start);
  CHECK(weekly.after(start) == start + one_week);
  CHECK(weekly.after(start + one_week - Duration{1}) == start + one_week);
  CHECK(weekly.after(start + one_week) == start + one_week * 2);
}

TEST_CASE("Calendar: outages take their part out of a ramp and nothing else") {
  const Curve ramp(Curve::Shape::linear, {{start, 0.0}, {start + one_day * 10, 10.0}});
  const std::vector<Outage> outages = {{start + one_day * 2, start + one_day * 4, 0.0},
                                       {start + one_day * 6, start + one_day * 20, 0.5}};
  const PiecewiseLinear cut = with_outages(ramp.graph(), outages);
  const auto area = [&](int from, int to) {
    return cut.integral(start + one_day * from, start + one_day * to) / 86400.0;
  };
  CHECK(area(0, 2) == doctest::Approx(2.0));  // half of 2 x 2
  CHECK(area(2, 4) == doctest::Approx(0.0));
  CHECK(area(4, 6) == doctest::Approx(10.0));    // mean 5 over 2 days
  CHECK(area(6, 10) == doctest::Approx(16.0));   // half of mean 8 over 4 days
  CHECK(area(10, 20) == doctest::Approx(50.0));  // half of 10 over 10 days
  CHECK(area(20, 21) == doctest::Approx(10.0));
}

TEST_CASE("Calendar: an outage on the way down to nothing leaves no capacity below nothing") {
  // A seventh less a day from day 0 on, so that slopes and values are no round numbers.
  const Curve fall(Curve::Shape::linear,
                   {{start, 1.0 / 3}, {start + one_day * 7, 0.0}, {start + one_day * 9, 0.0}});
  for (int day = 0; day < 7; ++day) {
    const std::vector<Outage> outages = {
        {start + one_day * day, start + one_day * (day + 1) - Duration{3 * day}, 0.9}};
    CHECK(with_outages(fall.graph(), outages).lowest() == 0);
  }
  // A jump at the end of an outage is not part of it: 2 a day, half of it on the second day,
  // then 8.
  const Curve jump(Curve::Shape::steps, {{start, 2.0}, {start + one_day * 2, 8.0}});
  const std::vector<Outage> outage = {{start + one_day, start + one_day * 2, 0.5}};
  const PiecewiseLinear cut = with_outages(jump.graph(), outage);
  CHECK(cut.integral(start, start + one_day * 3) / 86400 == doctest::Approx(2 + 1 + 8));
}

TEST_CASE("Calendar: before an outage that is earlier than all dates the capacity is whole") {
  const Curve steps(Curve::Shape::steps, {{start, 2.0}, {start + one_day, 4.0}});
  const std::vector<Outage> outage = {{start - one_day * 5, start - one_day * 3, 0.0}};
  const PiecewiseLinear cut = with_outages(steps.graph(), outage);
  CHECK(cut.value(start - one_day * 6) == 2);
  CHECK(cut.value(start - one_day * 4) == 0);
  CHECK(cut.integral(start - one_day * 10, start) / 86400 == doctest::Approx(2 * 8));
}

TEST_CASE("Curve: sums, steps and ramps of capacity are exact") {
  const Curve steps(Curve::Shape::steps, {{start, 2.0}, {start + one_day * 4, 6.0}});
  const auto area = [](const PiecewiseLinear& f, int from, int to) {
    return f.integral(start + one_day * from, start + one_day * to) / 86400;
  };
  const auto up = ramp(start + one_day * 2, start + one_day * 6, 8);
  CHECK(up.value(start) == 0);
  CHECK(area(up, 2, 6) == doctest::Approx(16));
  const auto both = sum(steps.graph(), up);
  CHECK(area(both, 0, 8) == doctest::Approx(2 * 4 + 6 * 4 + 16 + 8 * 2));
  CHECK(both.value_before(start + one_day * 4) == doctest::Approx(2 + 4));
  CHECK(both.value(start + one_day * 4) == doctest::Approx(6 + 4));

  const auto jump = ramp(start + one_day, start + one_day, 3);
  CHECK(jump.value(start + one_day - Duration{1}) == 0);
  CHECK(jump.value(start + one_day) == 3);

  // a third is given away on day 3, and the rest of the sum is what it was
  const auto kept = times_step(both, start + one_day * 3, 1, 2.0 / 3);
  const auto given = times_step(both, start + one_day * 3, 0, 1.0 / 3);
  CHECK(area(kept, 0, 3) == doctest::Approx(area(both, 0, 3)));
  CHECK(area(given, -9, 3) == 0);
  CHECK(area(kept, 3, 9) + area(given, 3, 9) == doctest::Approx(area(both, 3, 9)));
  // also where the date is before all others
  const auto before = times_step(steps.graph(), start - one_day * 2, 0, 0.5);
  CHECK(area(before, -5, 1) == doctest::Approx(3));
}

TEST_CASE("Lane: consignments arrive after their own transit times") {
  Kernel kernel(start);
  Lane lane(kernel, Value(Curve{1.0}, Distribution(UniformLaw{2, 4})),
            Stream({1, 0}, "lane", "transit"));
  std::vector<double> days;
  for (int i = 0; i < 5; ++i) {
    lane.send(early, [&] { days.push_back(to_days(kernel.now() - start)); });
  }
  kernel.run_until(start + one_week);
  REQUIRE(days.size() == 5);
  CHECK(std::is_sorted(days.begin(), days.end()));
  CHECK(days.front() >= 2);
  CHECK(days.back() <= 4);
  CHECK(days.front() < days.back());
}

TEST_CASE("Kernel: an instant without end is an error and no hang") {
  Kernel kernel(Time{});
  std::function<void()> again = [&] { kernel.at(kernel.now(), Phase{0}, [&] { again(); }); };
  again();
  CHECK_THROWS_AS(kernel.run_until(Time{} + Duration{10}), Error);
}

}  // namespace
}  // namespace optichain::sim
