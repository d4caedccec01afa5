// The part of the catalog that says what may change in the course of a run: migrations,
// qualifications and substitutions.
#include <algorithm>

#include "models/catalog/catalog.hpp"

namespace optichain::models {
namespace {

bool names(const std::vector<Name>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), Name{name}) != list.end();
}

}  // namespace

void Catalog::add_migrations() {
  for (const auto& [name, migration] : scenario.migrations) {
    MigrationEntry entry{name, &migration, {}};
    for (const SiteEntry& site : sites) {
      if (migration.sites.empty() || names(migration.sites, site.name)) {
        add_migration_legs(entry, site);
      }
    }
    add_share_limits(entry);
    migrations.push_back(std::move(entry));
  }
}

/// The variants or recipes of a site that take part, if there are both new and old ones.
void Catalog::add_migration_legs(MigrationEntry& entry, const SiteEntry& site) const {
  const Migration& m = *entry.migration;
  const auto most = m.most.find(site.name);
  MigrationLeg leg{{}, {}, {}, {}, most == m.most.end() ? nullptr : &most->second};
  const auto sort_in = [&](std::size_t position, const std::string& name,
                           const std::string& technology) {
    const auto meant = [&](const std::vector<Name>& list) {
      return names(list, name) || (!technology.empty() && names(list, technology));
    };
    if (meant(m.to)) {
      leg.to.push_back(position);
    } else if (m.from.empty() || meant(m.from)) {
      leg.from.push_back(position);
    }
  };
  if (scenario.families.contains(m.of.text)) {
    for (const OfferId o : site.offers) {
      const OfferEntry& offer = offers[o.index()];
      if (products[offer.product.index()].name != m.of.text) continue;
      leg.offer = o;
      for (std::size_t v = 0; v < offer.variants.size(); ++v) {
        const ItemEntry& item = items[stocks[offer.variants[v].stock.index()].item.index()];
        sort_in(v, item.name, item.item->technology);
      }
    }
  } else {
    for (const StockId s : site.stocks) {
      if (items[stocks[s.index()].item.index()].name != m.of.text) continue;
      leg.stock = s;
      const auto& made_by = stocks[s.index()].recipes;
      for (std::size_t r = 0; r < made_by.size(); ++r) {
        sort_in(r, recipes[made_by[r].index()].name.substr(site.name.size() + 1), "");
      }
    }
  }
  if (!leg.to.empty() && !leg.from.empty()) entry.legs.push_back(std::move(leg));
}

/// What customers take of the new variants, on all their channels to the offers that migrate.
void Catalog::add_share_limits(const MigrationEntry& entry) {
  for (const MigrationLeg& leg : entry.legs) {
    if (!leg.offer.valid()) continue;
    const OfferEntry& offer = offers[leg.offer.index()];
    for (const ChannelId id : offer.channels) {
      ChannelEntry& channel = channels[id.index()];
      if (!channel.demand.valid()) continue;
      const auto most = entry.migration->customers.find(party_name(channel.buyer));
      if (most == entry.migration->customers.end()) continue;
      NewShareLimit limit{&most->second, std::vector<bool>(offer.variants.size(), false)};
      for (const std::size_t v : leg.to) limit.is_new[v] = true;
      channel.limits.push_back(std::move(limit));
    }
  }
}

void Catalog::add_qualifications() {
  const auto name_of_item = [&](StockId s) { return items[stocks[s.index()].item.index()].name; };
  for (const auto& [name, q] : scenario.qualifications) {
    const QualificationId id{qualifications.size()};
    QualificationEntry entry{name, &q, {}, {}, {}, {}, {}, {}, {}};
    entry.start = q.start ? std::max(begin(), sim::Time{*q.start}) : begin();
    const double shortest = std::min(q.duration_days.lowest(), sim::span_days.max);
    entry.earliest =
        q.success > 0 ? entry.start + sim::days_to_duration(shortest) : sim::Time{never};

    const Name* watched = q.when && q.when->of ? &*q.when->of : q.of ? &*q.of : nullptr;
    for (std::size_t c = 0; c < channels.size(); ++c) {
      ChannelEntry& channel = channels[c];
      if (party_name(channel.buyer) != q.buyer.text) continue;
      const OfferEntry& offer = offers[channel.offer.index()];
      const std::string what = channel.demand.valid()
                                   ? products[offer.product.index()].name
                                   : name_of_item(purchases[channel.purchase.index()].stock);
      if (q.when && watched && what == watched->text) entry.watched.push_back(ChannelId{c});
      if (!q.seller || sites[offer.site.index()].name != q.seller->text) continue;
      if (!q.of || q.of->text != what) continue;
      entry.channel = ChannelId{c};
      entry.buyer = channel.buyer;
      channel.variant_qualifications.resize(offer.variants.size());
      for (std::size_t v = 0; v < offer.variants.size(); ++v) {
        if (!names(q.variants, name_of_item(offer.variants[v].stock))) continue;
        entry.variants.push_back(v);
        channel.variant_qualifications[v].push_back(id);
      }
      if (q.variants.empty()) channel.qualifications.push_back(id);
    }
    for (std::size_t r = 0; q.recipe && r < recipes.size(); ++r) {
      if (recipes[r].name != q.buyer.text + "." + q.recipe->text) continue;
      entry.recipe = RecipeId{r};
      entry.buyer = party(recipes[r].site);
      recipes[r].qualifications.push_back(id);
    }
    qualifications.push_back(std::move(entry));
  }
}

void Catalog::add_substitutions() {
  for (const auto& [name, substitution] : scenario.substitutions) {
    SubstitutionEntry entry{name, &substitution, {}};
    for (const CustomerEntry& customer : customers) {
      if (!substitution.customers.empty() && !names(substitution.customers, customer.name))
        continue;
      DemandId from, to;
      for (const DemandId d : customer.demands) {
        const std::string& product = products[demands[d.index()].product.index()].name;
        if (product == substitution.from.text) from = d;
        if (product == substitution.to.text) to = d;
      }
      if (from.valid() && to.valid()) entry.demands.emplace_back(from, to);
    }
    substitutions.push_back(std::move(entry));
  }
}

namespace {

sim::Time latest(const Catalog& catalog, std::span<const QualificationId> all) {
  sim::Time time{long_ago};
  for (const QualificationId q : all) time = std::max(time, catalog[q].earliest);
  return time;
}

}  // namespace

sim::Time Catalog::earliest(RecipeId recipe) const {
  return latest(*this, (*this)[recipe].qualifications);
}
sim::Time Catalog::earliest(ChannelId channel) const {
  return latest(*this, (*this)[channel].qualifications);
}
sim::Time Catalog::earliest(ChannelId channel, std::size_t variant) const {
  return latest(*this, (*this)[channel].qualifications_of(variant));
}

}  // namespace optichain::models
