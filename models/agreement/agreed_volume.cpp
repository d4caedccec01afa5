#include "models/agreement/agreed_volume.hpp"

#include <algorithm>
#include <cmath>

#include "models/network/explosion.hpp"

namespace optichain::models::agreement {

AgreedVolume::AgreedVolume(const trade::Services& services, const state::Realisation& real,
                           const Catalog::AgreementEntry& entry,
                           std::span<const std::unique_ptr<sim::Line>> lines)
    : services_(services),
      real_(real),
      entry_(entry),
      terms_(*entry.agreement),
      lines_(lines),
      seller_(services.catalog.party(services.catalog[entry.offer].site)) {}

void AgreedVolume::begin() {
  output_seen_ = output_so_far();
  lately_since_ = services_.now();
}

void AgreedVolume::begin_period(sim::Time begin, sim::Time end) {
  accrued_until_ = begin;
  period_end_ = end;
}

/// Good pieces of the item that the seller's lines and the recipes' own limits allow. Where several
/// recipes share a line, by their weights.
double AgreedVolume::good_pieces_possible(sim::Time from, sim::Time until) const {
  const Catalog& catalog = services_.catalog;
  const sim::Time now = services_.now();
  const auto weight_on = [&](LineId line) {
    double weight = 0;
    for (const Route& route : routes_) {
      if (catalog[route.id].line == line) weight += services_.terms.recipe_weight(route.id, now);
    }
    return weight;
  };
  double pieces = 0;
  for (const Route& route : routes_) {
    const auto& recipe = catalog[route.id];
    const double weight = services_.terms.recipe_weight(route.id, now);
    if (weight <= 0) continue;
    const auto& limit = real_.recipe_starts[route.id.index()];
    double starts = limit ? limit->integral(from, until) / sim::seconds_per_week : HUGE_VAL;
    if (recipe.line.valid() && recipe.recipe->line_use_per_piece > 0) {
      const double work = lines_[recipe.line.index()]->capacity().integral(from, until);
      starts = std::min(
          starts, work * (weight / weight_on(recipe.line)) / recipe.recipe->line_use_per_piece);
    }
    if (starts == HUGE_VAL) continue;
    const auto started = static_cast<double>(services_.meters.total(route.started));
    pieces += starts * network::recipe_yield(catalog, real_, route.id, now, started);
  }
  return pieces;
}

bool AgreedVolume::is_about(RecipeId recipe) const {
  const auto& variants = services_.catalog[entry_.offer].variants;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (variants[v].stock != services_.catalog[recipe].output) continue;
    return services_.terms.could_accept(entry_.parts.front().channel, v);
  }
  return false;
}

void AgreedVolume::find_routes() {
  const auto& variants = services_.catalog[entry_.offer].variants;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (!services_.terms.could_accept(entry_.parts.front().channel, v)) continue;
    for (const RecipeId r : variants[v].recipes) {
      const auto m =
          services_.meters.of(measures::of(measures::Group::recipes, services_.catalog[r].name));
      routes_.push_back({r, m("started")});
    }
  }
}

/// Pieces of the item that came into the seller's stock since the beginning.
double AgreedVolume::output_so_far() const {
  double pieces = 0;
  for (const auto& v : services_.catalog[entry_.offer].variants) {
    const auto& meters = services_.inventory.meters(v.stock);
    pieces += static_cast<double>(services_.meters.total(meters.produced) +
                                  services_.meters.total(meters.received));
  }
  return pieces;
}

double AgreedVolume::between(sim::Time from, sim::Time until) const {
  if (until <= from) return 0;
  if (terms_.pieces_per_week) {
    return terms_.pieces_per_week->integral(from, until) / sim::seconds_per_week;
  }
  if (terms_.share_of_capacity) {
    return terms_.share_of_capacity->value(services_.now()) * good_pieces_possible(from, until);
  }
  return terms_.share_of_output->value(services_.now()) * output_per_second_ *
         static_cast<double>((until - from).count());
}

void AgreedVolume::accrue(sim::Time until) {
  if (terms_.share_of_output) return accrue_output();
  until = std::min(until, period_end_);
  if (until <= accrued_until_) return;
  accrued_ += between(accrued_until_, until);
  accrued_until_ = until;
}

void AgreedVolume::accrue_output() {
  const sim::Time now = services_.now();
  const double output = output_so_far() - output_seen_;
  output_seen_ += output;
  output_lately_ += output;
  accrued_ += terms_.share_of_output->value(now) * output;
  accrued_until_ = std::max(accrued_until_, now);
  // what to expect is seen over a review of the seller
  if (now - lately_since_ < services_.catalog.review_every(seller_)) return;
  output_per_second_ = output_lately_ / static_cast<double>((now - lately_since_).count());
  output_lately_ = 0;
  lately_since_ = now;
}

Pieces AgreedVolume::whole(double more) const {
  return Pieces{sim::to_whole(std::floor(accrued_ + more + 1e-6))};
}

Pieces AgreedVolume::expected(sim::Time until) const {
  return whole(terms_.share_of_output ? between(accrued_until_, until) : 0);
}

Pieces AgreedVolume::take_period() {
  const Pieces pieces = so_far();
  accrued_ = std::max(0.0, accrued_ - to_double(pieces));
  return pieces;
}

}  // namespace optichain::models::agreement
