#include "models/run/store_file.hpp"

#include <string>

#include <fmt/format.h>

#include "sim/input/refusal.hpp"

namespace optichain::models::run {

std::filesystem::path store_file(const std::filesystem::path& store) {
  const bool is_folder = std::filesystem::is_directory(store);
  const auto file = is_folder ? store / "results.sqlite" : store;
  if (std::filesystem::exists(file)) return file;
  const bool is_sweep = is_folder && std::filesystem::exists(store / "plan.json");
  sim::refuse_input(file.string(),
                    is_sweep
                        ? fmt::format("the sweep is not merged yet: `optichain sweep run {0}` does "
                                      "what is missing, `optichain sweep merge {0}` makes a store",
                                      store.string())
                        : "expected a result store (`optichain run` or `optichain sweep` writes "
                          "one), received no such file");
}

}  // namespace optichain::models::run
