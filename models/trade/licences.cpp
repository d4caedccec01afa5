#include "models/trade/licences.hpp"

#include <algorithm>
#include <cmath>

namespace optichain::models::trade {

Licences::Licences(const Services& services, const Catalog::ChannelEntry& entry) {
  for (const Hold& hold : entry.holds) {
    const auto& program = services.catalog[hold.program];
    const auto* control = std::get_if<ExportControl>(program.program);
    if (!control || std::holds_alternative<Blocked>(control->effect)) continue;
    const auto* quota = std::get_if<LicenceQuota>(&control->effect);
    const double simulated = sim::to_weeks(hold.from - services.catalog.begin());
    licences_.push_back(
        {&hold, std::get_if<LicenceDelay>(&control->effect), quota,
         sim::Stream(services.run, "programs." + program.name + "." + entry.name, "licences"),
         quota ? std::min(quota->base_weeks, simulated) : 0});
  }
}

double Licences::with_wait(double days, sim::Time now) const {
  for (const Licence& licence : licences_) {
    const bool holds = licence.hold->from <= now && now < licence.hold->until;
    if (holds && licence.delay) days += licence.delay->days.mean(now);
  }
  return days;
}

Pieces Licences::within_quotas(Pieces pieces, std::size_t variant, sim::Time now) const {
  for (const Licence& licence : licences_) {
    if (!licence.quota || !licence.hold->holds(variant, now)) continue;
    pieces = std::min(pieces, quota_left(licence, now));
  }
  return pieces;
}

double Licences::quota_per_week(const Licence& licence) {
  if (licence.base_begin_weeks <= 0) return 0;
  return licence.quota->left * (static_cast<double>(licence.base) / licence.base_begin_weeks);
}

/// What the control has allowed so far, week by week, and was not shipped.
Pieces Licences::quota_left(const Licence& licence, sim::Time now) {
  const double allowed = quota_per_week(licence) * sim::to_weeks(now - licence.hold->from);
  const double left = allowed - static_cast<double>(licence.used);
  return Pieces{sim::to_whole(std::floor(std::max(0.0, left + 1e-6)))};
}

std::optional<sim::Time> Licences::next_piece(sim::Time now) const {
  std::optional<sim::Time> first;
  for (const Licence& licence : licences_) {
    const Hold& hold = *licence.hold;
    if (!licence.quota || now < hold.from || now >= hold.until) continue;
    const double per_week = quota_per_week(licence);
    if (quota_left(licence, now) > Pieces{0} || per_week <= 0) continue;
    const double seconds =
        std::ceil(static_cast<double>(licence.used + 1) / per_week * sim::seconds_per_week);
    const auto left = static_cast<double>((hold.until - hold.from).count());
    if (seconds >= left) continue;  // the end of the control comes first
    const sim::Time next = hold.from + sim::Duration{sim::to_whole(seconds)};
    first = std::min(first.value_or(next), next);
  }
  return first;
}

sim::Duration Licences::take(Pieces pieces, std::size_t variant, sim::Time now) {
  sim::Duration wait{0};
  for (Licence& licence : licences_) {
    const Hold& hold = *licence.hold;
    if (!hold.variants[variant]) continue;
    const bool holds = hold.holds(variant, now);
    if (licence.delay && holds) {
      const double days =
          std::min(licence.delay->days.draw(now, licence.draws), sim::span_days.max);
      wait += sim::days_to_duration(days);
    } else if (licence.quota && holds) {
      licence.used += pieces.count();
    } else if (licence.quota && now < hold.from &&
               sim::to_weeks(hold.from - now) <= licence.base_begin_weeks) {
      licence.base += pieces.count();
    }
  }
  return wait;
}

}  // namespace optichain::models::trade
