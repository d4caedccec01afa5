#include "models/network/mixes_in_force.hpp"

#include <algorithm>
#include <utility>

#include "models/state/current_terms.hpp"
#include "sim/kernel/calendar.hpp"

namespace optichain::models::network {
namespace {

using sim::Time;

/// When an offer looks at the orders that came in.
struct Look {
  Time at;
  OfferId offer;
};

/// Shares of migrations that nothing but the date decides, from review to review.
class Migrations {
 public:
  Migrations(const Catalog& catalog, state::CurrentTerms& terms)
      : catalog_(catalog), terms_(terms) {
    for (const auto& entry : catalog.migrations) {
      Path& path = paths_.emplace_back();
      path.every = sim::days_to_duration(
          entry.migration->review_days.value_or(catalog.scenario.review_days));
      path.next = catalog.begin() + path.every;
      for (const auto& leg : entry.legs) {
        path.shares.push_back(terms.first_share(*entry.migration, leg));
      }
    }
  }
  void pass_until(Time now) {
    for (std::size_t m = 0; m < paths_.size(); ++m) {
      for (Path& path = paths_[m]; path.next <= now; path.next += path.every) review(m);
    }
  }

 private:
  struct Path {
    sim::Duration every;
    Time next;
    std::vector<double> shares;  // by leg
  };
  void review(std::size_t m) {
    const auto& entry = catalog_.migrations[m];
    Path& path = paths_[m];
    for (std::size_t l = 0; l < entry.legs.size(); ++l) {
      const auto& leg = entry.legs[l];
      const auto target = terms_.intended_share(*entry.migration, leg, path.next);
      if (target) {
        path.shares[l] = state::CurrentTerms::reached_share(*entry.migration, leg, path.shares[l],
                                                            *target, path.every, path.next);
      }
      terms_.migrate(leg, path.shares[l], path.next);
    }
  }

  const Catalog& catalog_;
  state::CurrentTerms& terms_;
  std::vector<Path> paths_;  // by MigrationId
};

/// The highest parts of the variants in an order along a channel, at a time.
class HighestParts {
 public:
  HighestParts(const Catalog& catalog, const state::CurrentTerms& terms)
      : catalog_(catalog), terms_(terms), leg_of_(catalog.offers.size()) {
    for (const auto& entry : catalog.migrations) {
      if (!std::holds_alternative<policy::ResponsiveShare>(entry.migration->share)) continue;
      for (const auto& leg : entry.legs) {
        if (leg.offer.valid()) leg_of_[leg.offer.index()].push_back(&leg);
      }
    }
  }

  double of(ChannelId id, std::size_t variant, Time now) const {
    const auto& channel = catalog_[id];
    const std::size_t count = channel.accepts.size();
    // The fewer others are accepted, the larger is its part: only those count that surely are.
    std::vector<bool> accepted(count, false);
    for (std::size_t v = 0; v < count; ++v) accepted[v] = surely_accepts(channel, v, now);
    // what comes in while nothing is accepted may be met with anything
    if (std::find(accepted.begin(), accepted.end(), true) == accepted.end()) return 1;
    if (!may_accept(channel, variant, now) || catalog_.earliest(id, variant) > now) return 0;
    accepted[variant] = true;
    std::vector<double> parts(count, 0);
    for (std::size_t v = 0; v < count; ++v) {
      if (accepted[v]) parts[v] = terms_.mix(channel.offer, v, now);
    }
    for (const Catalog::MigrationLeg* leg : leg_of_[channel.offer.index()]) {
      gather(*leg, variant, now, channel.offer, parts);
    }
    normalise(parts, accepted);
    for (const auto& limit : channel.limits) {
      state::limit_new_share(parts, accepted, limit.is_new, limit.most->value(now));
    }
    return parts[variant];
  }

 private:
  static bool may_accept(const Catalog::ChannelEntry& channel, std::size_t variant, Time now) {
    return channel.accepts[variant] && now >= Time{*channel.accepts[variant]};
  }
  static bool surely_accepts(const Catalog::ChannelEntry& channel, std::size_t variant, Time now) {
    return may_accept(channel, variant, now) && channel.holds.empty() &&
           channel.qualifications_of(variant).empty();
  }
  /// A share that responds may move all of its leg to one side, and there to one variant.
  void gather(const Catalog::MigrationLeg& leg, std::size_t variant, Time now, OfferId offer,
              std::vector<double>& parts) const {
    const auto in = [&](const std::vector<std::size_t>& ways) {
      return std::find(ways.begin(), ways.end(), variant) != ways.end();
    };
    if (!in(leg.to) && !in(leg.from)) return;
    double all = 0;
    for (const auto* ways : {&leg.to, &leg.from}) {
      for (const std::size_t v : *ways) {
        all += terms_.mix(offer, v, now);
        parts[v] = 0;
      }
    }
    parts[variant] = all;
  }
  static void normalise(std::vector<double>& parts, const std::vector<bool>& accepted) {
    double total = 0;
    for (const double part : parts) total += part;
    const auto all = static_cast<double>(std::count(accepted.begin(), accepted.end(), true));
    for (std::size_t v = 0; v < parts.size(); ++v) {
      parts[v] = total > 0 ? parts[v] / total : accepted[v] ? 1 / all : 0;
    }
  }

  const Catalog& catalog_;
  const state::CurrentTerms& terms_;
  std::vector<std::vector<const Catalog::MigrationLeg*>> leg_of_;  // that respond, by OfferId
};

/// Whether the customer can surely order from somebody from a time on: else its orders may wait,
/// and meet the mix of a later day.
bool can_order(const Catalog& catalog, const Catalog::DemandEntry& demand, Time from) {
  return std::any_of(demand.channels.begin(), demand.channels.end(), [&](ChannelId id) {
    const auto& channel = catalog[id];
    return channel.holds.empty() && channel.qualifications.empty() &&
           channel.source->share.curve().lowest() > 0 &&
           (!channel.source->from || Time{*channel.source->from} <= from);
  });
}

bool is_mixed(const Catalog& catalog, const Catalog::OfferEntry& offer) {
  return offer.variants.size() > 1 &&
         std::any_of(offer.channels.begin(), offer.channels.end(),
                     [&](ChannelId c) { return catalog[c].demand.valid(); });
}

/// By time.
std::vector<Look> looks_of(const Catalog& catalog) {
  std::vector<Look> looks;
  for (std::size_t o = 0; o < catalog.offers.size(); ++o) {
    const auto& offer = catalog.offers[o];
    if (!is_mixed(catalog, offer)) continue;
    const PartyId site = catalog.party(offer.site);
    const auto add = [&](Time first, sim::Duration every) {
      for (Time t = first; t < catalog.end(); t += every) looks.push_back({t, OfferId{o}});
    };
    add(catalog.begin() + catalog.review_offset(site), catalog.review_every(site));
    // between reviews it looks at any time: dates change at the beginning of a day
    if (catalog[offer.site].site->continuous_review) add(catalog.begin(), sim::one_day);
  }
  std::stable_sort(looks.begin(), looks.end(),
                   [](const Look& a, const Look& b) { return a.at < b.at; });
  return looks;
}

}  // namespace

MixesInForce::MixesInForce(const Catalog& catalog, const state::Realisation& real,
                           const std::vector<sim::NamedPeriod>& periods) {
  for (const auto& demand : catalog.demands) {
    const std::size_t variants = catalog[demand.product].variants.size();
    most_.emplace_back(variants, std::vector<double>(periods.size(), 0));
  }
  const auto raise = [&](ChannelId c, std::size_t of_offer, std::size_t period, double part) {
    const auto& channel = catalog[c];
    const ItemId item = catalog[catalog[channel.offer].variants[of_offer].stock].item;
    const auto& variants = catalog[catalog[channel.demand].product].variants;
    const auto place = std::find(variants.begin(), variants.end(), item) - variants.begin();
    double& most = most_[channel.demand.index()][static_cast<std::size_t>(place)][period];
    most = std::max(most, part);
  };
  for (std::size_t c = 0; c < catalog.channels.size(); ++c) {
    const auto& channel = catalog.channels[c];
    if (!channel.demand.valid() || catalog[channel.offer].variants.size() > 1) continue;
    for (std::size_t t = 0; t < periods.size(); ++t) raise(ChannelId{c}, 0, t, 1);
  }

  const std::vector<Look> looks = looks_of(catalog);
  any_ = !looks.empty();
  state::CurrentTerms terms(catalog, real);
  Migrations migrations(catalog, terms);
  const HighestParts parts(catalog, terms);
  for (const auto& [now, id] : looks) {
    migrations.pass_until(now);
    const auto& offer = catalog[id];
    const sim::Duration every = catalog.review_every(catalog.party(offer.site));
    for (const ChannelId c : offer.channels) {
      const auto& channel = catalog[c];
      if (!channel.demand.valid()) continue;
      // an order reaches the seller after its delay, and is looked at at the next review
      const sim::Duration later = every + sim::days_to_duration(channel.source->order_delay_days);
      std::vector<double> most;
      for (std::size_t v = 0; v < offer.variants.size(); ++v) most.push_back(parts.of(c, v, now));
      for (std::size_t t = 0; t < periods.size() && periods[t].begin <= now; ++t) {
        const bool waits = !can_order(catalog, catalog[channel.demand], periods[t].begin);
        if (!waits && now >= periods[t].end + later) continue;
        for (std::size_t v = 0; v < most.size(); ++v) raise(c, v, t, most[v]);
      }
    }
  }
}

}  // namespace optichain::models::network
