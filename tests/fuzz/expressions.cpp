// Any text in the place of an expression: it has a value for any values of its names, or it is
// refused with a place within it.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "sim/base/expression.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace optichain::sim;
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const Expression expression(text);
    std::vector<double> values(expression.names().size());
    for (const double scale : {0.0, 1.0, -1e300}) {
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = scale * static_cast<double>(i + 1);
      expression.value(values);
    }
  } catch (const ExpressionError& error) {
    if (error.position > text.size()) std::abort();
  }
  return 0;
}
