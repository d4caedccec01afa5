#include <cmath>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/check.hpp"
#include "sim/batch/sample.hpp"
#include "sim/batch/shared_counts.hpp"
#include "sim/batch/workers.hpp"

namespace optichain::sim {
namespace {

using Status = Outcome::Status;

TEST_CASE("Workers: results come back by index, whatever the number of processes") {
  for (const std::size_t jobs : {1U, 3U, 8U}) {
    const auto outcomes =
        run_jobs(20, {.jobs = jobs}, [](std::size_t i) { return std::to_string(i * i); });
    REQUIRE(outcomes.size() == 20);
    for (std::size_t i = 0; i < 20; ++i) {
      CHECK(outcomes[i].status == Status::done);
      CHECK(outcomes[i].text == std::to_string(i * i));
    }
  }
}

TEST_CASE("Workers: a large result arrives whole") {
  const auto outcomes = run_jobs(2, {.jobs = 2}, [](std::size_t i) {
    return std::string(5'000'000, static_cast<char>('a' + i));
  });
  CHECK(outcomes[1].text == std::string(5'000'000, 'b'));
}

TEST_CASE(
    "Workers: a result in pieces arrives as one, and what is thrown after some of them counts") {
  const auto outcomes = run_jobs(4, {.jobs = 2}, [](std::size_t i, Reply& reply) {
    if (i == 1) reply.expect(3'000'000);
    if (i == 3) return;  // nothing at all
    reply.add("");
    for (int piece = 0; piece < 1000; ++piece) {
      reply.add(std::string(3000, static_cast<char>('a' + piece % 26)));
      if (i == 2 && piece == 900) fail("the rest is missing");
    }
    if (i == 1) reply.end();
  });
  std::string all;
  for (int piece = 0; piece < 1000; ++piece) all.append(3000, static_cast<char>('a' + piece % 26));
  for (const std::size_t i : {0U, 1U}) {
    CHECK(outcomes[i].status == Status::done);
    CHECK(outcomes[i].text == all);
  }
  CHECK(outcomes[2].status == Status::failed);
  CHECK(outcomes[2].text == "the rest is missing");
  CHECK(outcomes[3].status == Status::done);
  CHECK(outcomes[3].text.empty());
}

TEST_CASE("Workers: what a job throws is its outcome and the others go on") {
  const auto outcomes = run_jobs(3, {.jobs = 2}, [](std::size_t i) -> std::string {
    if (i == 1) fail("stock of {} is negative", "eml");
    return "fine";
  });
  CHECK(outcomes[0].text == "fine");
  CHECK(outcomes[1].status == Status::failed);
  CHECK(outcomes[1].text == "stock of eml is negative");
  CHECK(outcomes[2].text == "fine");
}

TEST_CASE("Workers: a process that dies costs one job and is reported") {
  const auto outcomes = run_jobs(3, {.jobs = 2}, [](std::size_t i) -> std::string {
    if (i == 0) raise(SIGKILL);
    if (i == 1) _exit(7);
    return "fine";
  });
  CHECK(outcomes[0].status == Status::crashed);
  CHECK(outcomes[0].text == "the process died of signal 9 (Killed)");
  CHECK(outcomes[1].status == Status::crashed);
  CHECK(outcomes[1].text == "the process ended with status 7 and no result");
  CHECK(outcomes[2].text == "fine");
}

TEST_CASE("Workers: a job whose process dies is tried again, three times, as it was asked for") {
  struct Case {
    Retry retry;
    std::uint32_t killed, crashed;  // how often each is begun
  };
  for (const Case& c : {Case{Retry::never, 1, 1}, {Retry::killed, 3, 1}, {Retry::crashed, 3, 3}}) {
    SharedCounts begun(3);
    std::size_t ended = 0;
    const auto outcomes = run_jobs(
        3, {.jobs = 2, .retry = c.retry, .on_end = [&](std::size_t, Outcome&) { ++ended; }},
        [&](std::size_t i) -> std::string {
          ++begun[i];
          if (i == 0) raise(SIGKILL);
          if (i == 1) _exit(7);
          return "fine";
        });
    CHECK(begun[0] == c.killed);
    CHECK(begun[1] == c.crashed);
    CHECK(begun[2] == 1);
    CHECK(outcomes[0].was_killed());
    CHECK_FALSE(outcomes[1].was_killed());
    CHECK(outcomes[2].text == "fine");
    CHECK(ended == 3);
  }
}

TEST_CASE("Workers: a job that is killed once is done the second time") {
  SharedCounts begun(1);
  const Outcome outcome = run_job(nullptr, Retry::killed, [&]() -> std::string {
    if (++begun[0] == 1) raise(SIGKILL);
    return "fine";
  });
  CHECK(outcome.text == "fine");
  CHECK(begun[0] == 2);
}

TEST_CASE("Workers: one job that is stopped is an interruption") {
  const volatile std::sig_atomic_t stop = 1;
  CHECK_THROWS_AS(run_job(&stop, Retry::killed, [] { return std::string(); }), Interrupted);
}

TEST_CASE("Workers: a raised stop flag ends running jobs and begins no more") {
  static volatile std::sig_atomic_t stop = 0;
  std::size_t ended = 0;
  const auto outcomes = run_jobs(5,
                                 {.jobs = 2,
                                  .stop = &stop,
                                  .on_end =
                                      [&](std::size_t, const Outcome&) {
                                        ++ended;
                                        stop = 1;
                                      }},
                                 [](std::size_t i) -> std::string {
                                   signal(SIGTERM, SIG_DFL);  // not the test framework's handler
                                   if (i > 0) pause();
                                   return "first";
                                 });
  CHECK(outcomes[0].status == Status::done);
  for (std::size_t i = 1; i < 5; ++i) CHECK(outcomes[i].status == Status::stopped);
  CHECK(ended == 2);  // the first, and the one that ran beside it
}

TEST_CASE("Workers: who is told of an end may take the text, and what it throws ends the others") {
  std::string taken;
  const auto outcomes = run_jobs(
      1, {.on_end = [&](std::size_t, Outcome& outcome) { taken = std::move(outcome.text); }},
      [](std::size_t) { return std::string("big"); });
  CHECK(taken == "big");
  CHECK(outcomes[0].status == Status::done);

  const auto full = [](std::size_t, Outcome&) { fail("the disk is full"); };
  CHECK_THROWS_WITH_AS(run_jobs(3, {.jobs = 3, .on_end = full},
                                [](std::size_t i) -> std::string {
                                  if (i > 0) pause();
                                  return "first";
                                }),
                       "the disk is full", Error);
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);  // no child is left
}

/// Pages of memory that this process has of its own or shares with the one it was forked from.
std::size_t resident_pages() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  file >> all >> resident;
  return resident;
}

TEST_CASE("Workers: no job is larger for what the calling process collects meanwhile") {
  constexpr std::size_t result = 4'000'000;  // 1,000 pages
  Workers workers([](std::size_t i, Reply& reply) {
    reply.add(std::to_string(i) + " " + std::to_string(resident_pages()));
  });
  const std::string collected_before(20 * result, 'x');
  std::vector<std::string> collected;
  std::size_t least = std::numeric_limits<std::size_t>::max(), most = 0;
  for (const std::size_t first : {0U, 12U}) {
    const auto outcomes =
        workers.run(first, 12, {.jobs = 2, .on_end = [&](std::size_t, Outcome& outcome) {
                                  REQUIRE(outcome.status == Status::done);
                                  collected.emplace_back(result, 'x');
                                }});
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      std::size_t number = 0, pages = 0;
      std::istringstream(outcomes[i].text) >> number >> pages;
      CHECK(number == first + i);
      least = std::min(least, pages);
      most = std::max(most, pages);
    }
  }
  CHECK(collected.size() == 24);
  CHECK(collected_before.size() > 0);
  CHECK(resident_pages() > least + 24'000);  // what a fork of this process would have
  CHECK(most < least + 1'000);
}

TEST_CASE("Workers: if the process that forks them is killed, another one goes on") {
  SharedCounts begun(6);
  const auto outcomes = run_jobs(6, {.jobs = 2}, [&](std::size_t i) -> std::string {
    if (++begun[i] == 1 && i == 1) {
      kill(getppid(), SIGKILL);
      pause();
    }
    return "fine";
  });
  for (const Outcome& outcome : outcomes) {
    CHECK(outcome.status == Status::done);
    CHECK(outcome.text == "fine");
  }
  CHECK(begun[1] == 2);
}

TEST_CASE("Workers: a job that kills the process that forks it again and again is given up") {
  SharedCounts begun(3), ended(1);
  const auto outcomes = run_jobs(3, {.jobs = 2}, [&](std::size_t i) -> std::string {
    ++begun[i];
    if (i == 2) {
      // not beside others, which would have to begin again, too
      while (ended[0] < 2) usleep(1'000);
      usleep(50'000);
      kill(getppid(), SIGKILL);
      pause();
    }
    ++ended[0];
    return "fine";
  });
  CHECK(outcomes[0].text == "fine");
  CHECK(outcomes[1].text == "fine");
  CHECK(begun[2] == 3);
  CHECK(outcomes[2].was_killed());
}

/// What `work` says on stderr, in a process of its own, whose limits it may change.
std::string said_by(const std::function<void()>& work) {
  const Outcome outcome = run_job(nullptr, Retry::never, [&] {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
    dup2(fileno(file.get()), STDERR_FILENO);
    work();
    std::fflush(stderr);
    std::string said(1000, '\0');
    const ssize_t size = pread(fileno(file.get()), said.data(), said.size(), 0);
    said.resize(static_cast<std::size_t>(std::max<ssize_t>(0, size)));
    return said;
  });
  CHECK_MESSAGE(outcome.status == Status::done, outcome.text);
  return outcome.text;
}

/// Three times as many jobs as could be at work, if there were no limit; each waits for others.
void do_all_the_same(std::size_t jobs) {
  const auto outcomes = run_jobs(3 * jobs, {.jobs = jobs}, [](std::size_t i) {
    usleep(50'000);
    return std::to_string(i);
  });
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].text != std::to_string(i)) fail("job {}: {}", i, outcomes[i].text);
  }
}

TEST_CASE("Workers: where fewer files may be open there are fewer, which is said") {
  const std::string said = said_by([] {
    const rlimit few{50, 50};
    setrlimit(RLIMIT_NOFILE, &few);
    do_all_the_same(200);
  });
  CHECK(said.starts_with("optichain: "));
  CHECK(said.find(" processes at once instead of 200: no more files may be open (ulimit -n)\n") !=
        std::string::npos);
  // a limit that may be raised is
  CHECK(said_by([] {
          rlimit limit{};
          getrlimit(RLIMIT_NOFILE, &limit);
          if (limit.rlim_max < 200) return;
          limit.rlim_cur = 30;
          setrlimit(RLIMIT_NOFILE, &limit);
          do_all_the_same(40);
        }) == "");
}

TEST_CASE("Workers: where there may be fewer processes there are fewer, which is said") {
  if (geteuid() != 0) {
    MESSAGE("not tried: only root can be somebody who has no processes");
    return;
  }
  const std::string said = said_by([] {
    const rlimit few{5, 5};
    setrlimit(RLIMIT_NPROC, &few);
    // somebody else in each test, as the limit counts all processes of a user
    if (setuid(1'000'000U + static_cast<uid_t>(getpid())) != 0) {
      fmt::print(stderr, "not tried");  // a container that knows few users
      return;
    }
    do_all_the_same(30);
  });
  if (said == "not tried") {
    MESSAGE("not tried: there are no other users here");
    return;
  }
  CHECK(said.find(" processes at once instead of 30: Resource temporarily unavailable\n") !=
        std::string::npos);
}

TEST_CASE("Sample: mean, deviation, quantiles and interval of a known sample") {
  // 1 to 9: mean 5, variance 7.5; t(8) at 97.5% is 2.306
  const std::vector<double> sample = {9, 1, 8, 2, 7, 3, 6, 4, 5};
  const Summary s = summarise(sample);
  CHECK(s.n == 9);
  CHECK(s.mean == doctest::Approx(5));
  CHECK(s.sd == doctest::Approx(std::sqrt(7.5)));
  CHECK(s.p50 == 5);
  CHECK(s.p05 == doctest::Approx(1.4));
  CHECK(s.p95 == doctest::Approx(8.6));
  CHECK(s.ci95_high - s.mean == doctest::Approx(2.306004 * std::sqrt(7.5) / 3));
}

TEST_CASE("Sample: one replication has no spread, two that are equal have none that differs") {
  const std::vector<double> one = {42};
  const Summary s = summarise(one);
  CHECK(s.mean == 42);
  CHECK(s.p50 == 42);
  for (const double unknown : {s.sd, s.p05, s.p95, s.ci95_low, s.ci95_high}) {
    CHECK(std::isnan(unknown));
  }
  const std::vector<double> two = {42, 42};
  CHECK(summarise(two).sd == 0);
  CHECK(summarise(two).ci95_low == 42);
}

}  // namespace
}  // namespace optichain::sim
