// What the kernel knows of a heap in large pages.
#include "sim/base/heap.hpp"

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace optichain::sim {
namespace {

/// Whether the block lies in memory for which large pages are wished (proc(5): "hg").
bool is_in_large_pages(const void* block) {
  std::ifstream maps("/proc/self/smaps");
  const auto address = reinterpret_cast<std::uintptr_t>(block);
  bool is_here = false;
  for (std::string line; std::getline(maps, line);) {
    char* rest = nullptr;
    const std::uintptr_t begin = std::strtoull(line.c_str(), &rest, 16);
    if (*rest == '-') is_here = begin <= address && address < std::strtoull(rest + 1, nullptr, 16);
    if (is_here && line.starts_with("VmFlags:")) return line.find(" hg") != std::string::npos;
  }
  return false;
}

TEST_CASE("Heap: what is allocated, small or of some megabytes, lies in large pages") {
#ifdef OPTICHAIN_SANITIZE
  return;  // whose heap is another
#endif
  if (access("/sys/kernel/mm/transparent_hugepage/enabled", R_OK) != 0) {
    MESSAGE("not tried: the kernel has no large pages");
    return;
  }
  // a process of its own: that of the tests keeps its heap
  const pid_t child = fork();
  if (child == 0) {
    use_large_pages();
    std::vector<void*> blocks;
    for (int i = 0; i < 100; ++i) blocks.push_back(std::malloc(50'000));
    blocks.push_back(std::malloc(4 << 20));
    int elsewhere = 0;
    // the first ones fill what there was before
    for (std::size_t i = 20; i < blocks.size(); ++i) elsewhere += !is_in_large_pages(blocks[i]);
    _exit(elsewhere);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace optichain::sim
