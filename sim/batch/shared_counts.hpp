#pragma once
// Counters that forked workers count up and their parent reads: how far each job has come.

#include <atomic>
#include <cstdint>
#include <cstring>

#include <sys/mman.h>

#include "sim/base/check.hpp"

namespace optichain::sim {

class SharedCounts {
 public:
  explicit SharedCounts(std::size_t count)
      : count_(count),
        memory_(mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (memory_ == MAP_FAILED) fail("cannot share memory: {}", std::strerror(errno));
  }
  ~SharedCounts() { munmap(memory_, bytes()); }
  SharedCounts(const SharedCounts&) = delete;
  SharedCounts& operator=(const SharedCounts&) = delete;

  std::atomic<std::uint32_t>& operator[](std::size_t i) {
    return static_cast<std::atomic<std::uint32_t>*>(memory_)[i];
  }

 private:
  static_assert(std::atomic<std::uint32_t>::is_always_lock_free);
  std::size_t bytes() const { return (count_ + 1) * sizeof(std::atomic<std::uint32_t>); }
  std::size_t count_;
  void* memory_;  // zeros, which are counters that stand at 0
};

}  // namespace optichain::sim
