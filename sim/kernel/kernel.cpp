#include "sim/kernel/kernel.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simgrid/Exception.hpp>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u.hpp>

namespace optichain::sim {
namespace sg = simgrid::s4u;

/// The agenda as a resource model: SimGrid asks each model when its next event is, moves the clock
/// to the earliest, and tells the models that the time has come.
class Kernel::Timeline final : public simgrid::kernel::resource::Model {
 public:
  explicit Timeline(Kernel& kernel) : Model("agenda"), kernel_(kernel) {}

  double next_occurring_event(double now) override {
    if (kernel_.error_) kernel_.end_all_agents();
    if (kernel_.agenda_.empty()) kernel_.settle_end();
    if (kernel_.agenda_.empty()) return -1;
    return static_cast<double>((kernel_.agenda_.next_time() - kernel_.start_).count()) - now;
  }
  void update_actions_state(double now, double /*delta*/) override {
    const Time time = kernel_.start_ + Duration{static_cast<std::int64_t>(now)};
    OPTICHAIN_CHECK(static_cast<double>((time - kernel_.start_).count()) == now,
                    "the clock stands at {} s, which is no whole second", now);
    kernel_.now_ = time;
    kernel_.act();
  }

 private:
  Kernel& kernel_;
};

struct Kernel::Simgrid {
  Simgrid() : engine(&argc, argv.data()) { sigaction(SIGINT, &on_interrupt, nullptr); }
  static struct sigaction present_action(int signal_number) {
    struct sigaction action = {};
    sigaction(signal_number, nullptr, &action);
    return action;
  }
  // SimGrid's own answer to an interrupt ends the program from inside the signal handler, where it
  // can wait for ever for a lock that the interrupted code holds. The program's answer stays.
  struct sigaction on_interrupt = present_action(SIGINT);
  // SimGrid takes its settings as the arguments of a program. Agents keep little on their stacks,
  // and small stacks allow tens of thousands of agents.
  std::string name = "optichain";
  std::string quiet = "--log=root.thres:critical";
  std::string stack = "--cfg=contexts/stack-size:256";
#ifdef OPTICHAIN_SANITIZE
  std::string contexts = "--cfg=contexts/factory:thread";  // see CMakeLists.txt
#else
  std::string contexts = "--cfg=contexts/factory:raw";
#endif
  std::array<char*, 5> argv = {name.data(), quiet.data(), stack.data(), contexts.data(), nullptr};
  int argc = 4;
  sg::Engine engine;
  sg::NetZone* zone = nullptr;
  std::vector<sg::Host*> hosts;
  bool sealed = false;
};

/// An agent whose body runs in a SimGrid actor. It sleeps by suspending the actor; the agenda
/// resumes it.
class Kernel::ActorAgent final : public Agent {
 public:
  ActorAgent(Kernel& kernel, std::string name, std::function<void(Agent&)> body, AgentKind kind)
      : kernel_(kernel), name_(std::move(name)), body_(std::move(body)), kind_(kind) {}

  void start(sg::Host* host) {
    kernel_.agenda_.put_agent(kernel_.now_, Phase{0}, this);
    due_ = true;
    actor_ = sg::Actor::create(name_, host, [this] { live(); });
  }

  const std::string& name() const override { return name_; }
  Time now() const override { return kernel_.now_; }

  void wait_until(Time time, Phase phase) override {
    wake_at(time, phase);
    rest();
  }
  void wait() override {
    waiting_ = true;
    if (due_ || !std::exchange(signalled_, false)) rest();
    waiting_ = false;
  }
  void wake(Phase phase) override {
    if (!waiting_) {
      signalled_ = true;
    } else if (!due_) {
      wake_at(kernel_.now_, phase);
    }
  }
  void wake_at(Time time, Phase phase) override {
    if (time < kernel_.now_) in_the_past(time);
    OPTICHAIN_CHECK(!due_, "{} is woken twice", name_);
    kernel_.agenda_.put_agent(time, phase, this);
    due_ = true;
  }

  bool asleep() const { return asleep_; }
  /// Waits for a wake() that nobody is going to give.
  bool stuck() const { return !finished_ && !due_ && kind_ == AgentKind::active; }
  bool finished() const { return finished_; }
  Time waiting_since() const { return waiting_since_; }
  /// Lets the actor run in SimGrid's next round. Only the kernel itself calls this.
  void go_on() {
    due_ = false;
    actor_->resume();
  }
  void end() {
    if (!finished_) actor_->kill();
  }

 private:
  void live() {
    sleep();  // the first turn, too, is given by the agenda
    try {
      body_(*this);
    } catch (const simgrid::ForcefulKillException&) {
      finished_ = true;
      throw;
    } catch (...) {
      kernel_.remember_error(&name_);
    }
    finished_ = true;
  }
  /// Up to the agent's turn; without a round of SimGrid's if nobody else's comes before.
  void rest() {
    if (kernel_.comes_to_turn_of(this)) {
      due_ = false;
    } else {
      sleep();
    }
  }
  void sleep() {
    waiting_since_ = kernel_.now_;
    asleep_ = true;
    sg::this_actor::suspend();
    asleep_ = false;
    // SimGrid runs the actors of one round in the order in which they were resumed. The order of a
    // run rests on it, so it is checked each time.
    OPTICHAIN_CHECK(
        kernel_.batch_turn_ < kernel_.batch_.size() && kernel_.batch_[kernel_.batch_turn_] == this,
        "{} goes on out of turn", name_);
    ++kernel_.batch_turn_;
  }

  Kernel& kernel_;
  std::string name_;
  std::function<void(Agent&)> body_;
  AgentKind kind_;
  sg::ActorPtr actor_;
  Time waiting_since_{};
  bool asleep_ = false;     // suspended, ready to be resumed
  bool due_ = false;        // has an entry in the agenda
  bool waiting_ = false;    // inside wait()
  bool signalled_ = false;  // wake() came while not waiting
  bool finished_ = false;
};

Kernel::Kernel(Time start, const volatile std::sig_atomic_t* stop)
    : start_(start), now_(start), stop_(stop) {
  static bool used = false;
  OPTICHAIN_CHECK(!used, "one Kernel per process, ever: SimGrid's clock cannot be set back");
  used = true;
  simgrid_ = std::make_unique<Simgrid>();
  simgrid_->zone = sg::create_empty_zone("world");
  simgrid_->engine.add_model(std::make_shared<Timeline>(*this));
}

Kernel::~Kernel() {
  agenda_.clear();
  end_all_agents();
  // let the agents' stacks unwind
  simgrid_->engine.run_until(static_cast<double>((now_ - start_).count()));
}

Place Kernel::add_place(const std::string& name) {
  OPTICHAIN_CHECK(!simgrid_->sealed, "places are added before the first run");
  simgrid_->hosts.push_back(simgrid_->zone->create_host(name, 1.0)->seal());
  return {simgrid_->hosts.size() - 1};
}

Agent& Kernel::add_agent(std::string name, Place place, std::function<void(Agent&)> body,
                         AgentKind kind) {
  OPTICHAIN_CHECK(place.index < simgrid_->hosts.size(), "no such place");
  agents_.push_back(std::make_unique<ActorAgent>(*this, std::move(name), std::move(body), kind));
  agents_.back()->start(simgrid_->hosts[place.index]);
  return *agents_.back();
}

void Kernel::in_the_past(Time time) {
  fail("something was put on the agenda for {}, which is past", format_time(time));
}

void Kernel::run_until(Time time) {
  if (time < now_) in_the_past(time);
  endless_ = false;
  limit_ = time;
  drive(&time);
  now_ = time;
}

void Kernel::run() {
  endless_ = true;
  limit_ = Time::max();
  drive(nullptr);
}

void Kernel::drive(const Time* until) {
  if (!simgrid_->sealed) {
    simgrid_->zone->seal();
    simgrid_->sealed = true;
  }
  if (until) {
    simgrid_->engine.run_until(static_cast<double>((*until - start_).count()));
  } else {
    simgrid_->engine.run();
  }
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

/// Does what is due now and goes on to later dates by itself, up to the first agents: for those
/// SimGrid has to move its clock to their date and run them before what comes after them. Nothing
/// else in SimGrid ever waits for a date, so that its clock may stay behind while only callbacks
/// are due.
void Kernel::act() {
  OPTICHAIN_CHECK(agenda_.empty() || agenda_.next_time() != now_ || batch_turn_ == batch_.size(),
                  "an agent missed its turn");
  if (run_to_next_agent() && agenda_.next_time() == now_) let_batch_go_on();
}

/// Goes on to the turn of the agent that runs, unless another agent's comes before: then that one
/// stays awake, and time passes without a round of SimGrid's loop. All agents of its batch must
/// have had their turns.
bool Kernel::comes_to_turn_of(ActorAgent* agent) {
  if (batch_turn_ != batch_.size() || run_to_next_agent() != agent) return false;
  if (agenda_.next_time() > limit_) return false;
  now_ = agenda_.pop().time;
  ++counts_.wakeups;
  return true;
}

/// Runs the callbacks that are due before the next agent. Gives the agent, or null where none comes
/// or the run goes no further.
Kernel::ActorAgent* Kernel::run_to_next_agent() {
  while (!error_ && !agenda_.empty()) {
    if (stop_ && *stop_) {
      stop_run();
      break;
    }
    const Time next = agenda_.next_time();
    if (is_endless(next)) break;
    if (void* agent = agenda_.next_agent()) return static_cast<ActorAgent*>(agent);
    if (next > limit_) break;
    now_ = next;
    run_callback();
  }
  return nullptr;
}

/// An instant in which agents answer one another for ever would be a hang: it is an error.
bool Kernel::is_endless(Time next) {
  constexpr std::uint64_t most = 5'000'000;
  const std::uint64_t so_far = counts_.events + counts_.wakeups;
  if (next != instant_) {
    instant_ = next;
    before_instant_ = so_far;
  }
  if (so_far - before_instant_ <= most) return false;
  error_ = std::make_exception_ptr(Error(
      fmt::format("{}: more than {} events at one instant: agents answer one another and time "
                  "does not pass",
                  format_time(now_), most)));
  return true;
}

void Kernel::stop_run() {
  error_ = std::make_exception_ptr(
      Interrupted(fmt::format("stopped by a signal at {} of simulated time", format_time(now_))));
}

void Kernel::run_callback() {
  Agenda::Entry entry = agenda_.pop();
  ++counts_.events;
  try {
    entry.action();
  } catch (...) {
    remember_error(entry.owner);
  }
}

/// Resumes all agents that stand next to each other in the agenda for this instant and phase.
void Kernel::let_batch_go_on() {
  batch_.clear();
  batch_turn_ = 0;
  const Phase phase = agenda_.next_phase();
  while (!agenda_.empty() && agenda_.next_time() == now_ && agenda_.next_phase() == phase) {
    auto* agent = static_cast<ActorAgent*>(agenda_.next_agent());
    // an agent created a moment ago has to reach its first sleep before it can go on
    if (!agent || !agent->asleep()) break;
    agenda_.pop();
    if (!agent->finished()) batch_.push_back(agent);
  }
  counts_.wakeups += batch_.size();
  ++counts_.rounds;
  for (ActorAgent* agent : batch_) agent->go_on();
}

/// Called when nothing is due any more: says who waits in vain.
void Kernel::settle_end() {
  std::vector<std::string> stuck;
  for (const auto& agent : agents_) {
    if (agent->stuck()) {
      stuck.push_back(
          fmt::format("{} (since {})", agent->name(), format_time(agent->waiting_since())));
    }
  }
  if (!stuck.empty() && !error_) {
    const std::size_t shown = std::min<std::size_t>(stuck.size(), 10);
    error_ = std::make_exception_ptr(Error(fmt::format(
        "{}: standstill: nothing can happen any more, and {} agent{} wait{}: {}{}",
        format_time(now_), stuck.size(), stuck.size() == 1 ? "" : "s", stuck.size() == 1 ? "s" : "",
        fmt::join(stuck.begin(), stuck.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        shown < stuck.size() ? ", ..." : "")));
  }
  if (error_ || endless_) end_all_agents();
}

/// Keeps the first error, with the date and the agent in front of it.
void Kernel::remember_error(const std::string* who) {
  if (error_) return;
  std::string message;
  try {
    throw;
  } catch (const Interrupted&) {
    error_ = std::current_exception();
    return;
  } catch (const std::exception& e) {
    message = e.what();
  } catch (...) {
    message = "an exception that is no std::exception";
  }
  const std::string name = who ? fmt::format("{}: ", *who) : std::string();
  error_ =
      std::make_exception_ptr(Error(fmt::format("{}: {}{}", format_time(now_), name, message)));
}

void Kernel::end_all_agents() {
  agenda_.clear();
  for (const auto& agent : agents_) agent->end();
}

}  // namespace optichain::sim
