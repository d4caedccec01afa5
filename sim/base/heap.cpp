#include "sim/base/heap.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace optichain::sim {
namespace {

constexpr std::size_t heap_bytes = std::size_t{64} << 20;  // that the kernel is asked for at once
constexpr std::size_t usual_top_pad = std::size_t{128} << 10;  // of the C library

/// Makes the heap grow by what is asked for at once: blocks of less than what would be mapped apart
/// do not fit into what it begins with.
void grow_heap() {
  std::array<void*, 8> blocks{};
  for (void*& block : blocks) block = std::malloc(100'000);
  for (void* block : blocks) std::free(block);
}

}  // namespace

void use_large_pages() {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  // what is freed stays, and blocks of a few megabytes come from the heap, too
  mallopt(M_TRIM_THRESHOLD, static_cast<int>(heap_bytes));
  mallopt(M_MMAP_THRESHOLD, static_cast<int>(heap_bytes / 2));
  mallopt(M_TOP_PAD, static_cast<int>(heap_bytes));
  grow_heap();
  mallopt(M_TOP_PAD, static_cast<int>(usual_top_pad));
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  const std::uintptr_t first = (begin + page - 1) / page * page;
  if (first < end) {
    // a wish: without it everything works, only slower
    [[maybe_unused]] const int granted =
        ::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);  // NOLINT
  }
}

}  // namespace optichain::sim
