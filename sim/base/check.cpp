#include "sim/base/check.hpp"

#include <cstdio>
#include <cstdlib>

#include "sim/base/message.hpp"

namespace optichain::sim {

void check_failed(const char* file, int line, const char* condition, const std::string& message) {
  std::fflush(stdout);
  print_message("{}:{}: internal check failed: {}: {}\n", file, line, condition, message);
  std::abort();
}

}  // namespace optichain::sim
