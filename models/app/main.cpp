// optichain: a supply-chain simulator. One binary with subcommands; see README.md.
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <sstream>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "models/app/commands.hpp"
#include "models/run/version.hpp"
#include "sim/base/check.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/heap.hpp"
#include "sim/base/message.hpp"
#include "sim/output/error.hpp"

namespace optichain::models::app {

namespace {

/// Thrown when the reader of a result has gone (`... | head -1`): it has what it wanted.
struct ReaderGone {};

}  // namespace

void print_result(const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t written = ::write(1, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (sim::is_to_be_repeated()) continue;
    if (errno == EPIPE) throw ReaderGone();
    sim::fail("cannot write the result: {}", std::strerror(errno));
  }
}

namespace {

/// Standard streams that whoever started the program closed would be the next files that it opens,
/// and messages would be written into them. They are taken by a file that gives an error instead.
void take_closed_streams() {
  constexpr std::array<int, 3> wrong_way = {O_WRONLY, O_RDONLY, O_RDONLY};
  for (int stream = 0; stream < 3; ++stream) {
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) {
      ::open("/dev/null", wrong_way[static_cast<std::size_t>(stream)]);
    }
  }
}

int run_command(const ChosenCommand& chosen) {
  try {
    return chosen();
  } catch (const sim::InputError& e) {
    sim::print_message_text(e.what());
    return exit_bad_input;
  } catch (const sim::RefusedError& e) {
    sim::print_message("optichain: error: {}\n", e.what());
    return exit_bad_input;
  } catch (const sim::WrongFileError& e) {
    sim::print_message("optichain: error: {}\n", e.what());
    return exit_bad_input;
  } catch (const sim::Interrupted& e) {
    sim::print_message("optichain: {}\n", e.what());
    return exit_stopped;
  } catch (const ReaderGone&) {
    return exit_reader_gone;
  } catch (const std::bad_alloc&) {
    sim::print_message("optichain: error: out of memory\n");
    return exit_failed;
  } catch (const std::exception& e) {
    sim::print_message("optichain: error: {}\n", e.what());
    return exit_failed;
  }
}

/// Of names that are listed, CLI11 would take `[a,b]` for two. Says so.
bool has_brackets(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with('[') || !argument.ends_with(']')) continue;
    sim::print_message(
        "optichain: error: expected a name, received {}; a file of that name is ./{}\n",
        sim::in_quotes(argument), argument);
    return true;
  }
  return false;
}

/// `--name=` with nothing behind it would take the next argument for its value. Says so.
bool has_option_without_value(int argc, char** argv) {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with("--") || !argument.ends_with('=') ||
        argument.find('=') != argument.size() - 1) {
      continue;
    }
    sim::print_message("optichain: error: expected a value behind {}, received none\n",
                       sim::in_quotes(argument));
    return true;
  }
  return false;
}

/// Says which commands there are if the first argument is none of them; CLI11 would only ask for
/// one.
bool is_unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return false;
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands(nullptr)) known.push_back(command->get_name());
  if (std::find(known.begin(), known.end(), argv[1]) != known.end()) return false;
  sim::print_message("optichain: error: unknown command {}\n", sim::in_quotes(argv[1]));
  for (const std::string& note : sim::suggestion(argv[1], known, "commands")) {
    sim::print_message("  note: {}\n", note);
  }
  return true;
}

int main_program(int argc, char** argv) {
  sim::use_large_pages();
  take_closed_streams();
  sim::listen_to_signals(exit_stopped);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error where it is written to
  CLI::App app("Supply-chain simulator: capacity, long-term agreements, technology migration.",
               "optichain");
  app.require_subcommand(1);
  app.set_version_flag("--version", run::engine());
  app.footer("Start with: optichain run scenarios/beer-game/beer-game.yaml");
  ChosenCommand chosen;
  for (const auto add : all_commands) add(app, chosen);
  if (is_unknown_command(app, argc, argv) || has_option_without_value(argc, argv) ||
      has_brackets(argc, argv)) {
    return exit_bad_input;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::ostringstream help, complaint;
    const bool is_help = app.exit(e, help, complaint) == 0;
    sim::print_message_text(complaint.str());
    if (!is_help) return exit_bad_input;
    chosen = [text = help.str()] {
      print_result(text);
      return exit_done;
    };
  }
  const int code = run_command(chosen);
  // a call that a signal woke may fail, and somebody may take it for a fault of a file
  const bool is_failure = code == exit_failed || code == exit_bad_input;
  return stop_requested && is_failure ? exit_stopped : code;
}

}  // namespace
}  // namespace optichain::models::app

int main(int argc, char** argv) {
  return optichain::models::app::main_program(argc, argv);
}
