#pragma once
// How long pieces waited, from order to receipt, in each period: those that were shipped in it, and
// those that still waited when it ended or were given up.
//
// A mean over the pieces that were received would leave out those that wait longest. What still
// waits has been waiting for some time and is cut off there (a censored observation), and what
// waited already when the period began counts from then on. If the chance to be shipped next is the
// same at any age, the maximum likelihood estimate of the mean wait is the time that all of them
// waited in the period over the pieces shipped in it (Lawless, "Statistical Models and Methods for
// Lifetime Data", 2003, section 4.1; an occurrence / exposure rate). Without that assumption it is
// what the pieces would wait in the long run, if the period went on as it was: Little's law (1961).

#include <vector>

#include "models/catalog/catalog.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::world {

class Assembly;

class Waits {
 public:
  /// Marks a time as the boundary between two periods.
  void mark(const Assembly& world, sim::Time now);

  /// Piece days between two marks: along a channel from order to receipt, with the way of what was
  /// shipped in between; and of what a customer wanted and could order from nobody.
  double piece_days(ChannelId channel, std::size_t from_mark, std::size_t to_mark) const {
    return days_between(marks_[from_mark].channels[channel.index()],
                        marks_[to_mark].channels[channel.index()]);
  }
  double piece_days(DemandId demand, std::size_t from_mark, std::size_t to_mark) const {
    return days_between(marks_[from_mark].demands[demand.index()],
                        marks_[to_mark].demands[demand.index()]);
  }

 private:
  /// Piece seconds since the beginning.
  struct Mark {
    std::vector<double> channels, demands;
  };
  static double days_between(double from, double to) { return (to - from) / 86400; }

  std::vector<Mark> marks_;
};

/// The estimate of the mean wait in days: piece days over pieces shipped. Where nothing was shipped
/// there is none: then what the pieces that still wait have waited in the period, in the mean,
/// which it is at least; 0 if none waits.
double mean_wait(double piece_days, double shipped, double still_waiting);

}  // namespace optichain::models::world
