#pragma once
// Options that several commands have, said in the same words.

#include <cstddef>
#include <string>

#include <CLI/CLI.hpp>

#include "sim/output/table.hpp"

namespace optichain::models::app {

/// `--format`: table, json or csv.
void add_format(CLI::App& command, std::string& format);
sim::Format format_of(const std::string& name);

/// `--jobs`: how many processes at once.
void add_jobs(CLI::App& command, std::size_t& jobs);

}  // namespace optichain::models::app
