// `optichain bench`: how fast the engine is, beside a bare priority queue, and what a replication
// costs.
#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/scenario/load.hpp"
#include "models/world/world.hpp"
#include "sim/base/distribution.hpp"
#include "sim/base/random.hpp"
#include "sim/batch/processor_time.hpp"
#include "sim/batch/workers.hpp"
#include "sim/kernel/kernel.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::app {
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

/// The engine's models: hold models of callbacks and of agents, and a queue with one server (M/M/1,
/// busy four fifths of the time), which take turns on the same kernel (one kernel per process). The
/// entities of those that are not measured are off the agenda. An event of the queue is a customer,
/// who comes and, served, goes.
class HoldModel {
 public:
  enum class Kind { callbacks, agents, customers };
  HoldModel() : kernel_(sim::Time{}) {
    const sim::Place place = kernel_.add_place("hold");
    for (std::size_t i = 0; i < live_entities; ++i) {
      agents_.push_back(&kernel_.add_agent(
          fmt::format("agent {}", i), place, [this](sim::Agent& self) { live(self); },
          sim::AgentKind::passive));
    }
  }
  /// Runs until this many more events of this kind have happened, up to a few; returns how many.
  std::uint64_t run(Kind kind, std::size_t events) {
    begin(kind);
    const std::uint64_t before = events_;
    while (events_ - before < events) {
      const double left = static_cast<double>(events - (events_ - before));
      const double at_once = kind == Kind::customers ? 1 : static_cast<double>(live_entities);
      const double seconds = left * mean_delay / at_once;
      kernel_.run_until(kernel_.now() + sim::Duration{static_cast<std::int64_t>(seconds) + 1});
    }
    return events_ - before;
  }

 private:
  /// Lets the entities of the other kind come to rest and those of this kind begin.
  void begin(Kind kind) {
    if (kind_ == kind) return;
    kind_.reset();
    kernel_.run_until(kernel_.now() + sim::Duration{100 * static_cast<std::int64_t>(mean_delay)});
    kind_ = kind;
    if (kind == Kind::customers) return await_customer();
    for (sim::Agent* agent : agents_) {
      if (kind == Kind::agents) {
        agent->wake(sim::Phase{0});
      } else {
        put();
      }
    }
  }
  void put() {
    if (kind_ != Kind::callbacks) return;
    ++events_;
    kernel_.at(kernel_.now() + sim::Duration{next_delay()}, sim::Phase{0}, [this] { put(); });
  }
  void await_customer() {
    kernel_.at(kernel_.now() + sim::Duration{next_delay()}, sim::Phase{0}, [this] { arrive(); });
  }
  void arrive() {
    if (kind_ != Kind::customers) return;
    ++events_;
    await_customer();
    if (in_queue_++ == 0) serve();
  }
  void serve() {
    const sim::Duration service{next_delay() * 4 / 5};
    kernel_.at(kernel_.now() + service, sim::Phase{0}, [this] {
      if (--in_queue_ > 0) serve();
    });
  }
  void live(sim::Agent& self) {
    while (true) {
      self.wait();
      while (kind_ == Kind::agents) {
        ++events_;
        self.wait_until(self.now() + sim::Duration{next_delay()}, sim::Phase{0});
      }
    }
  }
  std::optional<Kind> kind_;
  std::uint64_t events_ = 0;
  std::uint64_t in_queue_ = 0;  // with the one who is served
  std::vector<sim::Agent*> agents_;
  sim::Kernel kernel_;
};

void hold_on_the_engine(benchmark::State& state, HoldModel::Kind kind) {
  static HoldModel model;
  model.run(kind, 1);
  std::uint64_t events = 0;
  for (auto _ : state) events += model.run(kind, events_per_iteration);
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
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
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events_per_iteration));
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

struct Rates {
  double callbacks, agents, customers, bare;  // a second
};

Rates hold_model(std::size_t repetitions) {
  // Repetitions of all are interleaved, so that all see the same moods of the machine.
  std::array<std::string, 4> arguments = {
      "bench", "--benchmark_repetitions=" + std::to_string(repetitions),
      "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.1"};
  std::vector<char*> argv;
  for (std::string& a : arguments) argv.push_back(a.data());
  int argc = static_cast<int>(argv.size());
  benchmark::Initialize(&argc, argv.data());
  benchmark::RegisterBenchmark("callbacks", hold_on_the_engine, HoldModel::Kind::callbacks);
  benchmark::RegisterBenchmark("agents", hold_on_the_engine, HoldModel::Kind::agents);
  benchmark::RegisterBenchmark("customers", hold_on_the_engine, HoldModel::Kind::customers);
  benchmark::RegisterBenchmark("bare", hold_on_a_bare_queue);
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  return {collector.median("callbacks"), collector.median("agents"), collector.median("customers"),
          collector.median("bare")};
}

// --- the cost of a replication ------------------------------------------------------------------

struct Cost {
  double cpu_seconds = 0;
  double resident_mb = 0;
  double events = 0;
};

/// One replication, measured inside the process that runs it: building the world, running it and
/// working out its key figures.
Cost measure_replication(const Catalog& catalog, std::size_t replication) {
  const double before = sim::own_processor_time();
  world::World world(catalog, {1, replication}, &stop_requested);
  const world::Results results = world.run();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {sim::own_processor_time() - before, static_cast<double>(usage.ru_maxrss) / 1024,
          static_cast<double>(results.events + results.wakeups)};
}

std::vector<Cost> replication_costs(const Catalog& catalog, std::size_t count) {
  const auto outcomes =
      sim::run_jobs(count, {.jobs = 1, .stop = &stop_requested}, [&](std::size_t i) {
        const Cost cost = measure_replication(catalog, i);
        return std::string(reinterpret_cast<const char*>(&cost), sizeof cost);
      });
  std::vector<Cost> costs;
  for (const auto& outcome : outcomes) {
    if (outcome.status == sim::Outcome::Status::stopped) {
      throw sim::Interrupted("stopped by a signal");
    }
    if (outcome.status != sim::Outcome::Status::done) sim::fail("{}", outcome.text);
    std::memcpy(&costs.emplace_back(), outcome.text.data(), sizeof(Cost));
  }
  return costs;
}

double median_of(std::vector<Cost> costs, double Cost::*what) {
  std::sort(costs.begin(), costs.end(),
            [&](const Cost& a, const Cost& b) { return a.*what < b.*what; });
  return costs[costs.size() / 2].*what;
}

struct BenchOptions {
  std::string scenario;
  std::size_t repetitions = 9;
  std::string format = "table";
};

int bench(const BenchOptions& options) {
  sim::Table table({{"figure"}, {"value"}, {"unit"}});
  // Replications first: their processes must begin without an engine.
  std::vector<Cost> costs;
  if (!options.scenario.empty()) {
    const scenario::LoadedScenario loaded = scenario::load_scenario(options.scenario);
    const Catalog catalog(loaded.scenario);
    costs = replication_costs(catalog, options.repetitions);
  }
  const Rates rates = hold_model(options.repetitions);
  if (!costs.empty()) {
    const double cpu = median_of(costs, &Cost::cpu_seconds);
    const double events = median_of(costs, &Cost::events);
    table.add({"replication, CPU", 1e3 * cpu, "ms"});
    table.add(
        {"replication, in events of the bare priority queue", cpu * rates.bare / 1e6, "million"});
    table.add({"replication, resident memory", median_of(costs, &Cost::resident_mb), "MB"});
    table.add({"replication, events", events, ""});
    table.add({"replication, events per second", events / cpu / 1e6, "million/s"});
  }
  table.add({"hold model, 1,000 callbacks", rates.callbacks / 1e6, "million events/s"});
  table.add({"hold model, 1,000 agents", rates.agents / 1e6, "million events/s"});
  table.add({"queue M/M/1", rates.customers / 1e6, "million customers/s"});
  table.add({"hold model, bare priority queue", rates.bare / 1e6, "million events/s"});
  table.add({"callbacks / bare priority queue", rates.callbacks / rates.bare, ""});
  table.add({"agents / bare priority queue", rates.agents / rates.bare, ""});
  table.add({"customers / bare priority queue", rates.customers / rates.bare, ""});
  table.footer(fmt::format("medians of {} repetitions; those of the hold models interleaved",
                           options.repetitions));
  print_result(table.as(format_of(options.format)));
  return exit_done;
}

}  // namespace

void add_bench_command(CLI::App& app, ChosenCommand& chosen) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* command = app.add_subcommand("bench", "the speed of the engine and of a replication");
  add_name(*command, "scenario", options->scenario, "a scenario whose replications are measured");
  add_whole_number(*command, "--repetitions", options->repetitions, {1, 1000},
                   "of each measurement");
  add_format(*command, options->format);
  command->footer(
      "Examples:\n"
      "  optichain bench\n"
      "  optichain bench scenarios/ai-optics-2026/baseline.yaml --repetitions 15");
  command->callback([options, &chosen] { chosen = [options] { return bench(*options); }; });
}

}  // namespace optichain::models::app
