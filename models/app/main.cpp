// optichain: a supply-chain simulator. One binary with subcommands; see README.md.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <new>
#include <vector>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/run/version.hpp"
#include "sim/base/check.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/output/error.hpp"

namespace optichain::models::app {

volatile std::sig_atomic_t stop_requested = 0;

namespace {

/// Thrown when the reader of a result has gone (`... | head -1`): it has what it wanted.
struct ReaderGone {};

}  // namespace

void print_result(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    if (errno == EPIPE) throw ReaderGone();
    sim::fail("cannot write the result: {}", std::strerror(errno));
  }
}

namespace {

extern "C" void request_stop(int signal_number) {
  stop_requested = 1;
  std::signal(signal_number, SIG_DFL);  // a second signal ends the program at once
}

void listen_to_signals() {
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error where it is written to
}

int run_command(const ChosenCommand& chosen) {
  try {
    return chosen();
  } catch (const sim::InputError& e) {
    fmt::print(stderr, "{}", e.what());
    return exit_bad_input;
  } catch (const sim::RefusedError& e) {
    fmt::print(stderr, "optichain: error: {}\n", e.what());
    return exit_bad_input;
  } catch (const sim::WrongFileError& e) {
    fmt::print(stderr, "optichain: error: {}\n", e.what());
    return exit_bad_input;
  } catch (const sim::Interrupted& e) {
    fmt::print(stderr, "optichain: {}\n", e.what());
    return exit_stopped;
  } catch (const ReaderGone&) {
    return exit_reader_gone;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "optichain: error: out of memory\n");
    return exit_failed;
  } catch (const std::exception& e) {
    fmt::print(stderr, "optichain: error: {}\n", e.what());
    return exit_failed;
  }
}

/// Says which commands there are if the first argument is none of them; CLI11 would only ask for
/// one.
bool is_unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return false;
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands(nullptr)) known.push_back(command->get_name());
  if (std::find(known.begin(), known.end(), argv[1]) != known.end()) return false;
  fmt::print(stderr, "optichain: error: unknown command {}\n", sim::in_quotes(argv[1]));
  for (const std::string& note : sim::suggestion(argv[1], known, "commands")) {
    fmt::print(stderr, "  note: {}\n", note);
  }
  return true;
}

int main_program(int argc, char** argv) {
  CLI::App app("Supply-chain simulator: capacity, long-term agreements, technology migration.",
               "optichain");
  app.require_subcommand(1);
  app.set_version_flag("--version", run::engine());
  app.footer("Start with: optichain run scenarios/beer-game/beer-game.yaml");
  ChosenCommand chosen;
  for (const auto add : all_commands) add(app, chosen);
  if (is_unknown_command(app, argc, argv)) return exit_bad_input;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? exit_done : exit_bad_input;
  }
  listen_to_signals();
  return run_command(chosen);
}

}  // namespace
}  // namespace optichain::models::app

int main(int argc, char** argv) {
  return optichain::models::app::main_program(argc, argv);
}
