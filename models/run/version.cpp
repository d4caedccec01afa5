#include "models/run/version.hpp"

namespace optichain::models::run {

const char* version() {
  return OPTICHAIN_VERSION;
}

const char* engine() {
  return "optichain " OPTICHAIN_VERSION;
}

}  // namespace optichain::models::run
