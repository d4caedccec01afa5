#include "sim/kernel/agenda.hpp"

#include <algorithm>

namespace optichain::sim {

Ticket Agenda::put(Time time, Phase phase, Callback action, const std::string* owner) {
  OPTICHAIN_CHECK(action, "an entry without an action");
  return add(time, phase, action, const_cast<std::string*>(owner));
}

Ticket Agenda::put_agent(Time time, Phase phase, void* agent) {
  return add(time, phase, {}, agent);
}

Ticket Agenda::add(Time time, Phase phase, const Callback& action, void* who) {
  std::uint32_t slot = 0;
  if (free_slots_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  Slot& s = slots_[slot];
  s.action = action;
  s.who = who;
  s.live = true;
  const std::uint64_t order = std::uint64_t{phase.rank} << sequence_bits | sequence_++;
  push_key({time.time_since_epoch().count(), order, slot});
  return {slot, s.generation};
}

bool Agenda::cancel(Ticket ticket) {
  if (ticket.slot >= slots_.size()) return false;
  Slot& s = slots_[ticket.slot];
  if (s.generation != ticket.generation || !s.live) return false;
  s.live = false;  // its key stays in the heap and is skipped
  drop_cancelled();
  return true;
}

Agenda::Entry Agenda::pop() {
  const Key key = pop_key();
  const Slot& s = slots_[key.slot];
  const Entry entry{.time = Time{Duration{key.time}},
                    .phase = Phase{static_cast<std::uint8_t>(key.order >> sequence_bits)},
                    .action = s.action,
                    .owner = s.action ? static_cast<const std::string*>(s.who) : nullptr};
  release(key.slot);
  drop_cancelled();
  return entry;
}

void Agenda::clear() {
  for (const Key& key : heap_) release(key.slot);
  heap_.clear();
}

/// Keeps the top of the heap a live entry, so that next_time() never names a cancelled one.
void Agenda::drop_cancelled() {
  while (!heap_.empty() && !slots_[heap_.front().slot].live) release(pop_key().slot);
}

void Agenda::release(std::uint32_t slot) {
  slots_[slot].live = false;
  ++slots_[slot].generation;
  free_slots_.push_back(slot);
}

void Agenda::push_key(Key key) {
  std::size_t i = heap_.size();
  heap_.push_back(key);
  while (i > 0) {
    const std::size_t parent = (i - 1) / 4;
    if (!(key < heap_[parent])) break;
    heap_[i] = heap_[parent];
    i = parent;
  }
  heap_[i] = key;
}

Agenda::Key Agenda::pop_key() {
  const Key top = heap_.front();
  const Key key = heap_.back();
  heap_.pop_back();
  const std::size_t size = heap_.size();
  if (size == 0) return top;
  std::size_t i = 0;
  while (true) {
    const std::size_t first = 4 * i + 1;
    if (first >= size) break;
    std::size_t least = first;
    const std::size_t last = std::min(first + 4, size);
    for (std::size_t child = first + 1; child < last; ++child) {
      if (heap_[child] < heap_[least]) least = child;
    }
    if (!(heap_[least] < key)) break;
    heap_[i] = heap_[least];
    i = least;
  }
  heap_[i] = key;
  return top;
}

}  // namespace optichain::sim
