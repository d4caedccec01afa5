// What people type on a command line, and files that they name.

#include "sim/input/argument.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <limits>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "sim/base/check.hpp"
#include "sim/base/interrupt.hpp"
#include "sim/input/input_file.hpp"

namespace optichain::sim {
namespace {

TEST_CASE("Arguments: whole numbers are plain digits, and never another number") {
  for (const auto& [text, value] :
       {std::pair<std::string_view, std::uint64_t>{"1", 1}, {"10", 10}, {"1000000", 1000000}}) {
    CHECK(read_whole_number(text, 1, 1'000'000).value == value);
  }
  for (const std::string text :
       {"",      " 2",     "2 ",  "+2",  "-2",  "2.0",     "2.",
        "1e3",   "010",    "00",  "0x2", "0b1", "1_0",     "1'000",
        "1,000", "\u0663", "nan", "inf", "0",   "1000001", "18446744073709551616",
        "two",   "2\n"}) {
    CAPTURE(text);
    const auto typed = read_whole_number(text, 1, 1'000'000);
    CHECK_FALSE(typed.value);
    CHECK(typed.problem.starts_with("expected a whole number from 1 to 1000000, received \""));
  }
  CHECK(read_whole_number("010", 1, 100).problem ==
        "expected a whole number from 1 to 100, received \"010\"; if 10 is meant, write it so");
  CHECK(read_whole_number("1e3", 1, 1000).problem.ends_with("if 1000 is meant, write it so"));
  CHECK(read_whole_number("1e3", 1, 999).problem.ends_with("received \"1e3\""));
  CHECK(read_whole_number("0x2", 1, 100).problem.ends_with("received \"0x2\""));
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  CHECK(read_whole_number("18446744073709551615", 0, most).value == most);
  CHECK(read_whole_number("0", 0, most).value == 0);
  CHECK_FALSE(read_whole_number("18446744073709551616", 0, most).value);
}

TEST_CASE("Arguments: numbers are decimal, finite and within their limits") {
  const Rule rule = between(0.01, 1e6);
  for (const auto& [text, value] : {std::pair<std::string_view, double>{"0.5", 0.5},
                                    {".5", 0.5},
                                    {"010", 10},
                                    {"+2", 2},
                                    {"1e3", 1000},
                                    {"0.01", 0.01}}) {
    CAPTURE(text);
    CHECK(read_number(text, rule).value == value);
  }
  for (const std::string text :
       {"", " 2", "nan", "NaN", "inf", "-inf", "0x2", "0x1p4", "1_0", "1,5", "\u0663", "1e", "--1",
        "0", "-1", "0.0099", "1000001", "1e308", "1e999"}) {
    CAPTURE(text);
    const auto typed = read_number(text, rule);
    CHECK_FALSE(typed.value);
    CHECK(typed.problem.starts_with("expected a number from 0.01 to 1000000, received \""));
  }
}

TEST_CASE("Arguments: dates and names") {
  CHECK(read_period("2026-02-28").value);
  CHECK(read_period("2026Q3").value);
  for (const std::string text : {"", "26", "2026-2-3", "2026-02-29", "2026-13", "2026Q5", "1899",
                                 "2201", "2026-02-28 ", "+2026", "20260228", "today"}) {
    CAPTURE(text);
    CHECK_FALSE(read_period(text).value);
    CHECK(read_period(text).problem.starts_with("expected a date (2026-07-15, 2026-07, "));
  }
  CHECK(read_name("out/a b").value == "out/a b");
  CHECK_FALSE(read_name("").value);
  CHECK(read_name("--quiet").problem ==
        "expected a name, received \"--quiet\"; a file of that name is ./--quiet");
}

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("optichain-argument-" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

/// What is said of a file that somebody names on the command line.
std::string problem_of(const std::string& name) {
  Diagnostics diagnostics;
  CHECK_FALSE(read_input_file(name, {}, "", diagnostics));
  return diagnostics.text();
}

TEST_CASE("Input files: what cannot be read whole is refused, and nothing is read without end") {
  const Folder folder;
  std::ofstream(folder.path / "a") << "text";
  const std::string name = (folder.path / "a").string();
  Diagnostics diagnostics;
  CHECK(read_input_file(name, {}, "", diagnostics) == "text");
  // the system would open what stands before the zero
  CHECK(problem_of(name + std::string("\0.yaml", 6)).find("zero byte in its name") !=
        std::string::npos);
  CHECK(problem_of("/dev/zero").find("larger than 16 MiB") != std::string::npos);
  CHECK(problem_of(folder.path.string()).find("it is a directory") != std::string::npos);
  // the system gives an error for the first byte of it
  CHECK(problem_of("/proc/self/mem").find("Input/output error") != std::string::npos);
}

TEST_CASE("Input files: a signal ends the wait for a pipe that nobody writes to") {
  const Folder folder;
  const std::string pipe = (folder.path / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  listen_to_signals(75);
  const pid_t self = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    ::usleep(200'000);
    ::kill(self, SIGTERM);
    ::_exit(0);
  }
  Diagnostics diagnostics;
  CHECK_THROWS_AS(read_input_file(pipe, {}, "", diagnostics), Interrupted);
  CHECK(stop_requested == 1);
  // it would end by force a moment later
  std::signal(SIGALRM, SIG_IGN);
}

}  // namespace
}  // namespace optichain::sim
