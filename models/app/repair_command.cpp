// `optichain repair`: what is damaged, and what can be saved of it.
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/sweep/repair.hpp"
#include "sim/base/text.hpp"

namespace optichain::models::app {
namespace {

struct RepairOptions {
  std::string path, output;
};

int repair(const RepairOptions& o) {
  const sweep::Repair found =
      sweep::repair(o.path, o.output.empty() ? std::optional<std::filesystem::path>() : o.output);
  if (found.is_whole()) {
    print_result(fmt::format("{}: nothing is damaged\n", sim::printable(o.path)));
    return exit_done;
  }
  std::string text;
  for (const auto* part : {&found.damaged, &found.done, &found.left}) {
    for (const std::string& sentence : *part) text += sentence + "\n";
  }
  print_result(text);
  return found.is_mended() ? exit_done : exit_partial;
}

}  // namespace

void add_repair_command(CLI::App& app, ChosenCommand& chosen) {
  auto o = std::make_shared<RepairOptions>();
  CLI::App* command = app.add_subcommand(
      "repair", "what is damaged of a run, a sweep or a store, and what of it can be saved");
  add_name(*command, "path", o->path, "folder of a run or of a sweep, or a results.sqlite")
      ->required();
  add_name(*command, "-o,--output", o->output,
           "folder of the repaired store; beside the damaged one if left out");
  command->footer(
      "Ends with 0 if nothing is damaged or all of it was saved, 3 if some of it was, 2 if nothing "
      "can be.\n"
      "Examples:\n"
      "  optichain repair out/baseline\n"
      "  optichain repair out/baseline/results.sqlite -o out/saved");
  command->callback([o, &chosen] { chosen = [o] { return repair(*o); }; });
}

}  // namespace optichain::models::app
