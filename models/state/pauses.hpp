#pragma once
// Which activities of which sites stand still (models/catalog/disruption.hpp), and for how long
// they did; and along which channels nothing is shipped.

#include <array>
#include <vector>

#include "models/catalog/catalog.hpp"
#include "sim/kernel/kernel.hpp"

namespace optichain::models::state {

class Pauses {
 public:
  Pauses(const Catalog& catalog, sim::Kernel& kernel);

  /// Whether anything can ever pause.
  bool are_used() const { return !states_.empty(); }
  /// Whether nothing is shipped along a channel, whatever else its seller ships.
  bool holds(ChannelId channel) const { return are_used() && channels_[channel.index()] > 0; }
  bool holds(SiteId site, Activity activity) const {
    return are_used() && at(site, activity).depth > 0;
  }
  /// For how long it stood still from the beginning of the simulation until now.
  sim::Duration so_far(SiteId site, Activity activity) const;

  /// Several disruptions may overlap; the activity goes on after the last.
  void begin(SiteId site, Activity activity);
  void end(SiteId site, Activity activity);
  void begin(ChannelId channel) { ++channels_[channel.index()]; }
  void end(ChannelId channel) { --channels_[channel.index()]; }
  /// Calls an action in the phase of arrivals of the instant at which a pause that holds now ends.
  void when_over(SiteId site, Activity activity, sim::Callback action);

 private:
  struct State {
    int depth = 0;
    sim::Time since{};
    sim::Duration before{0};
    std::vector<sim::Callback> waiting;
  };
  const State& at(SiteId site, Activity activity) const {
    return states_[site.index()][static_cast<std::size_t>(activity)];
  }
  State& at(SiteId site, Activity activity) {
    return states_[site.index()][static_cast<std::size_t>(activity)];
  }

  const Catalog& catalog_;
  sim::Kernel& kernel_;
  std::vector<std::array<State, sim::Words<Activity>::words.size()>> states_;  // by SiteId
  std::vector<int> channels_;  // by ChannelId: how many disruptions; none without any
};

}  // namespace optichain::models::state
