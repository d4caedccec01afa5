#include "models/causes/trace.hpp"

#include "sim/base/check.hpp"

namespace optichain::models::causes {

bool is_cause(std::string_view node) {
  return node.find('/') != std::string_view::npos;
}

CauseName cause_name(std::string_view node) {
  const std::size_t first = node.find('/'), second = node.find('/', first + 1);
  if (second == std::string_view::npos) sim::fail("\"{}\" is no cause", node);
  return {std::string(node.substr(0, first)),
          std::string(node.substr(first + 1, second - first - 1)),
          std::string(node.substr(second + 1))};
}

}  // namespace optichain::models::causes
