#pragma once
// The subcommands of optichain, each in a file of its own. It adds itself to the command line; if
// it is chosen there, it says what is to be done.

#include <array>
#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "sim/base/interrupt.hpp"

namespace optichain::models::app {

/// Exit codes, as in README.md.
enum Exit {
  exit_done = 0,
  exit_failed = 1,
  exit_bad_input = 2,
  exit_partial = 3,
  exit_stopped = 75,
  exit_reader_gone = 141  // 128 and SIGPIPE, as of a program that it ends
};

/// What those who work long look at.
using sim::stop_requested;

/// What the chosen subcommand does, which returns the exit code; set by its callback.
using ChosenCommand = std::function<int()>;

void add_check_command(CLI::App& app, ChosenCommand& chosen);
void add_run_command(CLI::App& app, ChosenCommand& chosen);
void add_compare_command(CLI::App& app, ChosenCommand& chosen);
void add_sweep_command(CLI::App& app, ChosenCommand& chosen);
void add_reproduce_command(CLI::App& app, ChosenCommand& chosen);
void add_condition_command(CLI::App& app, ChosenCommand& chosen);
void add_lta_command(CLI::App& app, ChosenCommand& chosen);
void add_explain_command(CLI::App& app, ChosenCommand& chosen);
void add_report_command(CLI::App& app, ChosenCommand& chosen);
void add_export_command(CLI::App& app, ChosenCommand& chosen);
void add_graph_command(CLI::App& app, ChosenCommand& chosen);
void add_schema_command(CLI::App& app, ChosenCommand& chosen);
void add_import_command(CLI::App& app, ChosenCommand& chosen);
void add_bench_command(CLI::App& app, ChosenCommand& chosen);
void add_repair_command(CLI::App& app, ChosenCommand& chosen);

/// All of them, in the order in which the help shows them.
inline constexpr std::array all_commands = {
    add_check_command,     add_run_command,       add_compare_command, add_sweep_command,
    add_reproduce_command, add_condition_command, add_lta_command,     add_explain_command,
    add_report_command,    add_export_command,    add_repair_command,  add_graph_command,
    add_schema_command,    add_import_command,    add_bench_command};

// Those below `sweep`.
void add_analyse_command(CLI::App& sweep, ChosenCommand& chosen);
void add_submit_command(CLI::App& sweep, ChosenCommand& chosen);

/// Standard output in one piece; an error if it cannot be written (a full disk, a closed pipe).
void print_result(const std::string& text);

}  // namespace optichain::models::app
