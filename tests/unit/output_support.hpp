#pragma once
// What the tests of sim/output share: folders of their own, errors as text, children that are
// killed.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/output/error.hpp"
#include "sim/output/store.hpp"

namespace optichain::sim {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

/// A directory of the test's own, removed at its end.
class TestFolder {
 public:
  TestFolder() {
    std::string name = (fs::temp_directory_path() / "optichain_test_XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~TestFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  fs::path path;
};

/// Without the list by which a folder is known as the program's own.
inline Names names_in(const fs::path& folder) {
  Names names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name != ".optichain.json") names.insert(name);
  }
  return names;
}

/// Where the parts of a run folder are.
inline fs::path parts_of(const fs::path& folder) {
  return folder / ".optichain.part";
}

/// A file as a user would leave it: made, or written over.
inline void put_file(const fs::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  CHECK(file.good());
}

/// The message of the RefusedError that a function throws; empty if it throws none.
inline std::string refusal_of(const std::function<void()>& function) {
  try {
    function();
  } catch (const RefusedError& error) {
    return error.what();
  }
  return "";
}

/// The message of the OutputError that a function throws; empty if it throws none.
inline std::string error_of(const std::function<void()>& function) {
  try {
    function();
  } catch (const OutputError& error) {
    return error.what();
  }
  return "";
}

/// Runs a function in a child process that is killed with SIGKILL some time after it has called
/// `ready`.
inline void run_and_kill(const std::function<void(const std::function<void()>& ready)>& function,
                         std::chrono::microseconds delay = {}) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    try {
      function([&] { (void)!::write(ends[1], "r", 1); });
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}\n", error.what());
    }
    while (true) ::pause();  // at work, as far as anyone can see
  }
  ::close(ends[1]);
  char ready = 0;
  CHECK(::read(ends[0], &ready, 1) == 1);
  ::close(ends[0]);
  std::this_thread::sleep_for(delay);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
}

/// Runs a function in a child process that ends as programs do, and gives its exit code.
inline int exit_code_of(const std::function<int()>& function) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(function());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

inline RunResult some_run(std::uint64_t replication) {
  RunResult result;
  result.run = {.key = {"base", "stock", "boom", replication}, .seed = 1};
  result.kpis = {{"market.revenue.2026", "usd", 1e9 + 0.1}, {"market.fill_rate.all", "share", 0.1}};
  result.series = {{"plant", "shipped", "pieces", {1, 2, 3.5, static_cast<double>(replication)}}};
  return result;
}

}  // namespace optichain::sim
