#pragma once
// Resources being divided among wants: the ways that several rules have in common.

#include <algorithm>
#include <span>
#include <vector>

#include "models/policy/sharing/wants.hpp"

namespace optichain::models::policy {

class Division {
 public:
  Division(std::span<const Want> wants, std::span<const Resource> resources,
           std::span<const Use> uses);

  std::span<const Want> wants() const { return wants_; }
  std::span<const Use> uses() const { return uses_; }
  /// Of the resources that several wants compete for, the one that is short by the largest factor,
  /// or Grant::none. What only one want uses (a recipe's own limit) is nothing to compete for.
  std::size_t scarcest() const { return scarcest_; }

  /// Fills all wants at once, at speeds >= 0, until each is met or stopped by a resource
  /// (progressive filling; Bertsekas and Gallager, Data Networks, 6.5.2). Wants without a speed
  /// crawl until the others are done, and then take what is left.
  template <class Speed>
  void fill(Speed speed_of) {
    fill(everybody(), speed_of);
  }
  /// The same for some of them, of what those before have left.
  template <class Speed>
  void fill(std::span<const std::size_t> some, Speed speed_of) {
    speeds_.assign(wants_.size(), 0);
    for (const std::size_t i : some) speeds_[i] = speed_of(wants_[i]);
    const double fastest = some.empty() ? 0 : *std::max_element(speeds_.begin(), speeds_.end());
    for (double& speed : speeds_) speed = std::max(speed, 1e-9 * std::max(fastest, 1.0));
    fill_at_speeds(some);
  }
  /// Serves the wants one after the other.
  void serve_in_order(std::span<const std::size_t> order);

  /// What was granted, in the order of the wants.
  std::vector<Grant> take();

 private:
  struct Stop {
    double time;
    std::size_t resource;  // none: a want is met
  };
  std::size_t find_scarcest() const;
  std::span<const std::size_t> everybody() const;
  void fill_at_speeds(std::span<const std::size_t> some);
  Stop next_stop();
  void round_down(std::span<const std::size_t> some);
  std::int64_t whole_pieces(std::size_t resource, double per_piece) const;
  bool fits_one_more(std::size_t want) const;
  void start(std::size_t want, std::int64_t pieces);

  std::span<const Want> wants_;
  std::span<const Resource> resources_;
  std::span<const Use> uses_;
  std::vector<Grant> grants_;
  // by resource; the vectors are kept from call to call for their memory
  std::vector<double>& left_;
  std::vector<double>& room_;
  std::vector<double>& drain_;  // of all active wants together
  // by want
  std::vector<double>& speeds_;
  std::vector<double>& level_;
  std::vector<char>& active_;
  std::size_t scarcest_;
};

}  // namespace optichain::models::policy
