// `optichain bench`: how fast the engine is, beside a bare priority queue, and what a replication
// costs.
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "models/app/commands.hpp"
#include "models/scenario/load.hpp"
#include "models/world/world.hpp"
#include "sim/base/distribution.hpp"
#include "sim/base/random.hpp"
#include "sim/kernel/kernel.hpp"

namespace optichain::models {
namespace {

// The hold model (Jones, CACM 1986): each event, when it is due, puts one event on the agenda,
// after an exponential delay; so the number of live entities stays constant.
constexpr std::size_t live_entities = 1000;
constexpr std::size_t events_per_iteration = 100'000;
constexpr double mean_delay = 1e6;  // seconds; large, so that few events share an instant

const std::vector<std::int64_t>& delays() {
  static const std::vector<std::int64_t> table = [] {
    const sim::Distribution exponential(sim::Law{sim::Exponential{mean_delay}});
    const sim::Stream stream({1, 0}, "hold", "delay");
    std::vector<std::int64_t> t;
    for (std::uint64_t i = 0; i < 65536; ++i) {
      t.push_back(1 + static_cast<std::int64_t>(exponential.quantile(stream.uniform_at(i))));
    }
    return t;
  }();
  return table;
}

std::int64_t next_delay() {
  static std::size_t i = 0;
  return delays()[i++ & 65535];
}

/// The engine's hold model. One for the whole program: one kernel per process.
class HoldModel {
 public:
  HoldModel() : kernel_(sim::Time{}) {
    for (std::size_t i = 0; i < live_entities; ++i) put();
  }
  /// Runs until this many more events have happened, up to a few.
  void run(std::size_t events) {
    const std::uint64_t target = kernel_.counts().events + events;
    while (kernel_.counts().events < target) {
      const double left = static_cast<double>(target - kernel_.counts().events);
      const double seconds = left * mean_delay / static_cast<double>(live_entities);
      kernel_.run_until(kernel_.now() + sim::Duration{static_cast<std::int64_t>(seconds) + 1});
    }
  }
  std::uint64_t events() const { return kernel_.counts().events; }

 private:
  void put() {
    kernel_.at(kernel_.now() + sim::Duration{next_delay()}, sim::Phase{0}, [this] { put(); });
  }
  sim::Kernel kernel_;
};

void hold_on_the_engine(benchmark::State& state) {
  static HoldModel model;
  const std::uint64_t before = model.events();
  for (auto _ : state) model.run(events_per_iteration);
  state.SetItemsProcessed(static_cast<std::int64_t>(model.events() - before));
}

/// The floor: the same events, keys and callbacks in a loop around std::priority_queue.
class BareLoop {
 public:
  BareLoop() {
    for (std::size_t i = 0; i < live_entities; ++i) put();
  }
  void run(std::size_t events) {
    for (std::size_t i = 0; i < events; ++i) {
      const Event event = queue_.top();
      queue_.pop();
      now_ = event.time;
      event.action(this);
    }
  }

 private:
  struct Event {
    std::int64_t time;
    std::uint64_t sequence;
    void (*action)(BareLoop*);
    bool operator<(const Event& other) const {
      return time != other.time ? time > other.time : sequence > other.sequence;
    }
  };
  void put() {
    queue_.push({now_ + next_delay(), sequence_++, [](BareLoop* loop) { loop->put(); }});
  }
  std::priority_queue<Event> queue_;
  std::int64_t now_ = 0;
  std::uint64_t sequence_ = 0;
};

void hold_on_a_bare_queue(benchmark::State& state) {
  static BareLoop loop;
  for (auto _ : state) loop.run(events_per_iteration);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * events_per_iteration));
}

/// Keeps the rate of each repetition instead of printing it.
class Collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      rates[run.benchmark_name()].push_back(run.counters.at("items_per_second"));
    }
  }
  double median(const std::string& name) {
    for (auto& [full_name, values] : rates) {
      if (!full_name.starts_with(name)) continue;
      std::sort(values.begin(), values.end());
      return values[values.size() / 2];
    }
    return 0;
  }
  std::map<std::string, std::vector<double>> rates;
};

Bench hold_model(int repetitions) {
  // Repetitions of the two are interleaved, so that both see the same moods of the machine.
  std::array<std::string, 4> arguments = {
      "bench", "--benchmark_repetitions=" + std::to_string(repetitions),
      "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.1"};
  std::vector<char*> argv;
  for (std::string& a : arguments) argv.push_back(a.data());
  int argc = static_cast<int>(argv.size());
  benchmark::Initialize(&argc, argv.data());
  benchmark::RegisterBenchmark("engine", hold_on_the_engine);
  benchmark::RegisterBenchmark("bare", hold_on_a_bare_queue);
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  return {collector.median("engine"), collector.median("bare")};
}

}  // namespace

Bench bench_engine(int repetitions) {
  return hold_model(repetitions);
}

/// One replication in a process of its own, by the operating system's account of it.
ReplicationCost replication_cost(const Catalog& catalog, std::uint64_t replication) {
  int ends[2];
  if (pipe(ends) != 0) sim::fail("cannot make a pipe");
  const pid_t pid = fork();
  if (pid == 0) {
    ReplicationCost cost;
    try {
      rusage before{};
      getrusage(RUSAGE_SELF, &before);
      World world(catalog, {1, replication});
      const Results results = world.run();
      rusage after{};
      getrusage(RUSAGE_SELF, &after);
      const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
      };
      cost.cpu_seconds = seconds(after.ru_utime) + seconds(after.ru_stime) -
                         seconds(before.ru_utime) - seconds(before.ru_stime);
      cost.resident_mb = static_cast<double>(after.ru_maxrss) / 1024;
      cost.events = results.events + results.wakeups;
    } catch (...) {
      _exit(1);
    }
    const bool sent = write(ends[1], &cost, sizeof cost) == sizeof cost;
    _exit(sent ? 0 : 1);
  }
  close(ends[1]);
  ReplicationCost cost;
  const bool received = read(ends[0], &cost, sizeof cost) == sizeof cost;
  close(ends[0]);
  waitpid(pid, nullptr, 0);
  if (!received) sim::fail("a replication failed; `optichain run` says why");
  return cost;
}

}  // namespace optichain::models
