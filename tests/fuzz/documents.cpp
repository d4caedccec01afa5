// Any text in the place of a scenario: it is valid, or it is refused with errors that are counted.
// What is valid can be written out with every default and read again as the same.

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "models/scenario/load.hpp"
#include "sim/input/yaml.hpp"
#include "tests/property/schema_change.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

/// One change in two is made to the bytes, the others by what the schema knows.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned int seed) {
  using namespace optichain;
  if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, max_size);
  sim::Diagnostics diagnostics;
  sim::Node root = sim::parse_yaml({reinterpret_cast<const char*>(data), size}, "", diagnostics);
  if (!diagnostics.empty() || !root.is_map()) return LLVMFuzzerMutate(data, size, max_size);
  const int changes = 1 + static_cast<int>(seed / 2 % 3);
  const std::string text = sim::to_yaml(models::changed_by_schema(
      std::move(root), models::scenario::scenario_schema(), seed, changes));
  if (text.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::memcpy(data, text.data(), text.size());
  return text.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace scenario = optichain::models::scenario;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string resolved;
  try {
    resolved = scenario::resolved_yaml(scenario::scenario_from_text(text));
  } catch (const optichain::sim::InputError& error) {
    if (error.diagnostics().empty()) std::abort();  // refused, and nobody says why
    return 0;
  }
  try {
    const auto again = scenario::scenario_from_text(resolved, "resolved.yaml");
    if (scenario::resolved_yaml(again) != resolved) std::abort();
  } catch (const optichain::sim::InputError&) {
    std::abort();  // what the program writes it must read
  }
  return 0;
}
