#include "models/run/store_file.hpp"

#include <memory>
#include <string>

#include "sim/base/diagnostics.hpp"

namespace optichain::models::run {

std::filesystem::path store_file(const std::filesystem::path& store) {
  const bool is_folder = std::filesystem::is_directory(store);
  const auto file = is_folder ? store / "results.sqlite" : store;
  if (std::filesystem::exists(file)) return file;
  sim::Diagnostics none;
  none.error({std::make_shared<const std::string>(file.string())}, "",
             "expected a result store (`optichain run` or `optichain sweep` writes one), received "
             "no such file");
  throw sim::InputError(std::move(none));
}

}  // namespace optichain::models::run
