#pragma once
// The volume of an agreement: so many pieces a week, a share of what the seller's lines can do, or
// of what comes out. The first two are known beforehand, output only when it is there.

#include <memory>
#include <span>
#include <vector>

#include "models/state/realisation.hpp"
#include "models/trade/services.hpp"
#include "sim/kernel/line.hpp"

namespace optichain::models::agreement {

class AgreedVolume {
 public:
  /// `lines` by LineId.
  AgreedVolume(const trade::Services& services, const state::Realisation& real,
               const Catalog::AgreementEntry& entry,
               std::span<const std::unique_ptr<sim::Line>> lines);

  /// Looks for the recipes that make what the agreement is about; call once, when it is made.
  void find_routes();
  /// Whether a recipe makes what the agreement is about.
  bool is_about(RecipeId recipe) const;

  /// Output counts from now on.
  void begin();
  void begin_period(sim::Time begin, sim::Time end);
  /// Brings the volume of the period up to date.
  void accrue(sim::Time until);
  /// Whole pieces of the period so far, and what is expected of its output up to a time.
  Pieces so_far() const { return whole(0); }
  Pieces expected(sim::Time until) const;
  /// The period ends: its whole pieces. A part of a piece goes on.
  Pieces take_period();
  /// The volume between two moments within the agreement's time, as far as it is known now.
  double between(sim::Time from, sim::Time until) const;

 private:
  struct Route {
    RecipeId id;
    books::MeterId started;
  };
  double good_pieces_possible(sim::Time from, sim::Time until) const;
  double output_so_far() const;
  void accrue_output();
  Pieces whole(double more) const;

  const trade::Services& services_;
  const state::Realisation& real_;
  const Catalog::AgreementEntry& entry_;
  const Agreement& terms_;
  std::span<const std::unique_ptr<sim::Line>> lines_;
  PartyId seller_;
  std::vector<Route> routes_;  // that make what the agreement is about
  double accrued_ = 0;         // of the period up to `accrued_until_`, with the rest before
  sim::Time accrued_until_{}, period_end_{};
  double output_seen_ = 0, output_lately_ = 0, output_per_second_ = 0;
  sim::Time lately_since_{};
};

}  // namespace optichain::models::agreement
