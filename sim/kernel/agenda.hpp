#pragma once
// The agenda: what is due, ordered by (time, phase, sequence).
//
// Things that fall on the same instant happen in the order of their phases, and within a phase in
// the order in which they were put down. Nothing else decides, in particular not the simulation
// library.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "sim/base/check.hpp"
#include "sim/base/time.hpp"

namespace optichain::sim {

/// The order of things within one instant: lower ranks first. The model names its phases.
struct Phase {
  std::uint8_t rank = 0;
  friend constexpr auto operator<=>(Phase, Phase) = default;
};

/// A small callable without allocation: a lambda of at most 40 trivially copyable bytes.
class Callback {
 public:
  Callback() = default;
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Callback>)
      Callback(F f) {  // NOLINT: a lambda is one
    static_assert(sizeof(F) <= capacity && std::is_trivially_copyable_v<F>,
                  "capture a few pointers and numbers, nothing that owns memory");
    std::memcpy(storage_.data(), &f, sizeof(F));
    call_ = [](std::byte* storage) { (*std::launder(reinterpret_cast<F*>(storage)))(); };
  }
  void operator()() { call_(storage_.data()); }
  explicit operator bool() const { return call_ != nullptr; }

 private:
  static constexpr std::size_t capacity = 40;
  alignas(8) std::array<std::byte, capacity> storage_{};
  void (*call_)(std::byte*) = nullptr;
};

/// Names an entry of the agenda, to cancel it. Outlives the entry safely.
struct Ticket {
  std::uint32_t slot = 0xffffffff;
  std::uint32_t generation = 0;
};

class Agenda {
 public:
  struct Entry {
    Time time;
    Phase phase;
    Callback action{};
    const std::string* owner = nullptr;  // who is named when the action fails
  };

  Ticket put(Time time, Phase phase, Callback action, const std::string* owner = nullptr);
  Ticket put_agent(Time time, Phase phase, void* agent);
  /// True if the entry was still due.
  bool cancel(Ticket ticket);

  bool empty() const { return heap_.empty(); }
  /// Requires: not empty.
  Time next_time() const { return Time{Duration{heap_.front().time}}; }
  Phase next_phase() const {
    return Phase{static_cast<std::uint8_t>(heap_.front().order >> sequence_bits)};
  }
  /// The agent that the next entry lets go on, or null if it is a callback.
  void* next_agent() const {
    const Slot& slot = slots_[heap_.front().slot];
    return slot.action ? nullptr : slot.who;
  }
  Entry pop();
  void clear();

 private:
  static constexpr int sequence_bits = 56;
  struct Key {
    std::int64_t time;
    std::uint64_t order;  // phase in the top byte, then the sequence
    std::uint32_t slot;
    bool operator<(const Key& other) const {
      return time != other.time ? time < other.time : order < other.order;
    }
  };
  /// As large as a cache line: with thousands of entries each is fetched from memory.
  struct alignas(64) Slot {
    Callback action{};    // none if it lets an agent go on
    void* who = nullptr;  // the name of the owner, or the agent
    std::uint32_t generation = 0;
    bool live = false;  // due; false once cancelled
  };
  static_assert(sizeof(Slot) == 64);
  Ticket add(Time time, Phase phase, const Callback& action, void* who);
  void push_key(Key key);
  Key pop_key();
  void drop_cancelled();
  void release(std::uint32_t slot);

  std::vector<Key> heap_;  // a heap of four children a node: shallower, so fewer cache misses
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::uint64_t sequence_ = 0;
};

}  // namespace optichain::sim
