#pragma once
// The engine: one clock, one agenda, and agents that live on places.
//
//   Kernel kernel(start);
//   const Place plant = kernel.add_place("plant");
//   kernel.add_agent("planner", plant, [&](Agent& self) {
//     while (true) {
//       self.wait_until(next_monday(self.now()), planning);
//       plan();
//     }
//   });
//   kernel.at(start + one_week, arrivals, [&] { ++stock; });
//   kernel.run_until(end);
//
// SimGrid runs the agents (as actors on the host of their place) and moves its clock to the dates
// on which they go on. The agenda is a SimGrid resource model of its own: SimGrid asks it for the
// next date and lets it act. Callbacks that are due before the next agent need no round of
// SimGrid's loop and no allocation, nor does an agent that is itself the next. What happens on one
// instant happens in the order (time, phase, sequence), whoever does it: agent or callback.
//
// One Kernel per process. Whatever an agent or a callback throws, and a standstill in which agents
// wait for what can no longer happen, ends the run with one Error that names the date and the
// agent.

#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sim/base/time.hpp"
#include "sim/kernel/agenda.hpp"

namespace optichain::sim {

class Kernel;

/// Where agents live: a SimGrid host.
struct Place {
  std::size_t index = 0;
};

/// An agent's own view of the kernel. Only the agent itself may wait.
class Agent {
 public:
  virtual ~Agent() = default;
  virtual const std::string& name() const = 0;
  virtual Time now() const = 0;
  /// Sleeps until (time, phase). A time in the past is an Error.
  virtual void wait_until(Time time, Phase phase) = 0;
  /// Sleeps until someone calls wake(); returns at once if that happened since the last wait().
  virtual void wait() = 0;
  /// Lets the agent go on at the present instant in this phase. Callable from anywhere.
  virtual void wake(Phase phase) = 0;
  /// Lets the agent go on at (time, phase) of the wait() that it is in or comes to next. Callable
  /// from anywhere, once for each wait().
  virtual void wake_at(Time time, Phase phase) = 0;
};

/// What an agent may do at the end: an active agent that waits for what can no longer happen is a
/// standstill, a passive one (a server, say) may wait for ever.
enum class AgentKind { active, passive };

class Kernel {
 public:
  /// `stop`, if given, ends the run with Interrupted as soon as it is not zero (a signal handler).
  explicit Kernel(Time start, const volatile std::sig_atomic_t* stop = nullptr);
  ~Kernel();
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  Place add_place(const std::string& name);
  Agent& add_agent(std::string name, Place place, std::function<void(Agent&)> body,
                   AgentKind kind = AgentKind::active);

  Time now() const { return now_; }
  Time start() const { return start_; }

  /// Calls `action` at (time, phase). A time in the past is an Error. `owner` is named if it fails
  /// and must live as long as the entry.
  Ticket at(Time time, Phase phase, Callback action, const std::string* owner = nullptr) {
    if (time < now_) [[unlikely]]
      in_the_past(time);
    return agenda_.put(time, phase, action, owner);
  }
  bool cancel(Ticket ticket) { return agenda_.cancel(ticket); }

  /// Runs everything due up to and including `time`; can be called again with a later time.
  void run_until(Time time);
  /// Runs until nothing is left to do.
  void run();

  struct Counts {
    std::uint64_t events = 0;   // callbacks run
    std::uint64_t wakeups = 0;  // agents let go on
    std::uint64_t rounds = 0;   // rounds of SimGrid's loop that this took
  };
  Counts counts() const { return counts_; }

 private:
  class Timeline;    // the agenda as SimGrid sees it
  class ActorAgent;  // an agent as SimGrid sees it
  struct Simgrid;    // engine, zone, hosts
  [[noreturn]] static void in_the_past(Time time);
  void drive(const Time* until);
  void act();
  bool comes_to_turn_of(ActorAgent* agent);
  ActorAgent* run_to_next_agent();
  bool is_endless(Time next);
  void stop_run();
  void run_callback();
  void let_batch_go_on();
  void settle_end();
  void remember_error(const std::string* who);
  void end_all_agents();

  Time start_;
  Time now_;
  Time instant_{};  // that is being counted, and what had happened before it
  std::uint64_t before_instant_ = 0;
  Time limit_{};  // up to which the present run may go
  const volatile std::sig_atomic_t* stop_;
  Agenda agenda_;
  Counts counts_;
  std::exception_ptr error_;
  std::vector<std::unique_ptr<ActorAgent>> agents_;
  std::vector<ActorAgent*> batch_;  // agents let go on together, in this order
  std::size_t batch_turn_ = 0;
  bool endless_ = false;  // run() rather than run_until()
  std::unique_ptr<Simgrid> simgrid_;
};

}  // namespace optichain::sim
