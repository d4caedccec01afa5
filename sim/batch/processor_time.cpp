#include "sim/batch/processor_time.hpp"

#include <sys/resource.h>

namespace optichain::sim {
namespace {

double processor_time(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

double own_processor_time() {
  return processor_time(RUSAGE_SELF);
}

double processor_time_of_children() {
  return processor_time(RUSAGE_CHILDREN);
}

}  // namespace optichain::sim
