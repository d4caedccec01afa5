#include "models/run/store_file.hpp"

#include <memory>
#include <string>

#include <fmt/format.h>

#include "sim/base/diagnostics.hpp"

namespace optichain::models::run {

std::filesystem::path store_file(const std::filesystem::path& store) {
  const bool is_folder = std::filesystem::is_directory(store);
  const auto file = is_folder ? store / "results.sqlite" : store;
  if (std::filesystem::exists(file)) return file;
  sim::Diagnostics none;
  const bool is_sweep = is_folder && std::filesystem::exists(store / "plan.json");
  none.error({std::make_shared<const std::string>(file.string())}, "",
             is_sweep ? fmt::format("the sweep is not merged yet: `optichain sweep run {0}` does "
                                    "what is missing, `optichain sweep merge {0}` makes a store",
                                    store.string())
                      : "expected a result store (`optichain run` or `optichain sweep` writes "
                        "one), received no such file");
  throw sim::InputError(std::move(none));
}

}  // namespace optichain::models::run
