#include "models/app/common_options.hpp"

namespace optichain::models::app {

void add_format(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "table, json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}))
      ->capture_default_str();
}

sim::Format format_of(const std::string& name) {
  if (name == "json") return sim::Format::json;
  return name == "csv" ? sim::Format::csv : sim::Format::table;
}

void add_jobs(CLI::App& command, std::size_t& jobs) {
  command.add_option("--jobs", jobs, "processes at once; all processors if left out")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
}

}  // namespace optichain::models::app
