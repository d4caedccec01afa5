#include "sim/input/refusal.hpp"

#include <memory>
#include <utility>

#include "sim/base/diagnostics.hpp"

namespace optichain::sim {

void refuse_input(const std::string& named, const std::string& message,
                  std::vector<std::string> notes) {
  Diagnostics diagnostics;
  diagnostics.error({std::make_shared<const std::string>(named), 0, 0}, "", message,
                    std::move(notes));
  throw InputError(std::move(diagnostics));
}

}  // namespace optichain::sim
