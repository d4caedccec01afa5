#include "models/world/report_meters.hpp"

#include <algorithm>

#include "models/causes/kinds.hpp"

namespace optichain::models::world {

ReportMeters::ReportMeters(const Catalog& catalog, const books::Meters& meters) {
  find_places(catalog);
  find_products(catalog, meters);
  find_recipes(catalog, meters);
  find_terms(catalog, meters);
  find_by_group(catalog, meters);
}

void ReportMeters::find_places(const Catalog& catalog) {
  places.resize(catalog.items.size());
  for (std::size_t s = 0; s < catalog.stocks.size(); ++s) {
    places[catalog.stocks[s].item.index()].stocks.push_back(s);
  }
  std::vector<ItemId> lone(catalog.products.size());  // by ProductId; of families none
  for (std::size_t i = 0; i < catalog.items.size(); ++i) {
    const ProductId product = catalog.items[i].product;
    if (!catalog[product].family) lone[product.index()] = ItemId{i};
  }
  for (std::size_t c = 0; c < catalog.channels.size(); ++c) {
    const auto& channel = catalog.channels[c];
    const ItemId item = channel.purchase.valid() ? catalog[catalog[channel.purchase].stock].item
                                                 : lone[catalog[channel.offer].product.index()];
    if (item.valid()) places[item.index()].channels.push_back(c);
  }
  for (std::size_t d = 0; d < catalog.demands.size(); ++d) {
    const ItemId item = lone[catalog.demands[d].product.index()];
    if (item.valid()) places[item.index()].demands.push_back(d);
  }
}

void ReportMeters::find_products(const Catalog& catalog, const books::Meters& meters) {
  for (const auto& c : catalog.channels) {
    const auto m = meters.of(measures::of(measures::Group::channels, c.name));
    channels.push_back({m("ordered"), m("shipped"), m("received"), m("withdrawn"), m("cancelled"),
                        m("spend"), m("backlog")});
  }
  for (const auto& s : catalog.stocks) {
    const auto m = meters.of(measures::of(measures::Group::stocks, s.name));
    stocks.push_back(
        {m("on_hand"), m("produced"), m("scrap"), m("received"), m("shipped"), m("needed")});
  }
  for (const auto& d : catalog.demands) {
    const auto m = meters.of(measures::of(measures::Group::demands, d.name));
    demands.push_back({m("demanded"), m("backlog"), m("given_up")});
  }
  for (const auto& i : catalog.items) {
    ItemMeters& found = items.emplace_back();
    if (!i.item->market) continue;
    const auto m = meters.of(measures::of(measures::Group::items, i.name));
    found = {m("price_factor"), m("spot_price")};
  }
}

void ReportMeters::find_recipes(const Catalog& catalog, const books::Meters& meters) {
  for (const auto& l : catalog.lines) {
    const auto m = meters.of(measures::of(measures::Group::lines, l.name));
    lines.push_back({m("work_done"), m("work_possible"), {}});
  }
  stopped.resize(catalog.items.size());
  for (const auto& r : catalog.recipes) {
    const auto m = meters.of(measures::of(measures::Group::recipes, r.name));
    for (const auto& input : r.inputs) {
      stocks[input.stock.index()].is_input = true;
      const ItemId item = catalog[input.stock].item;
      stopped[item.index()].push_back({m("lost_to." + catalog[item].name), input.pieces});
    }
    if (!r.line.valid()) continue;
    const std::string line = catalog[r.line].name.substr(catalog[r.site].name.size() + 1);
    lines[r.line.index()].lost.push_back(m("lost_to.line_" + line));
  }
}

void ReportMeters::find_terms(const Catalog& catalog, const books::Meters& meters) {
  for (const auto& a : catalog.agreements) {
    auto& found = agreements.emplace_back();
    const auto m = meters.of(measures::of(measures::Group::agreements, a.name));
    for (const measures::Measure& measure : measures::all_measures()) {
      if (measure.group == measures::Group::agreements) found.push_back(m(measure.name));
    }
  }
  for (const auto& p : catalog.programs) {
    const auto m = meters.of(measures::of(measures::Group::programs, p.name));
    programs.push_back({m("strikes"), m("down"), m("capacity_added"), m("cost")});
  }
}

/// What is neither made, bought nor sold somewhere has no figures of that: they are always zero.
std::vector<bool> ReportMeters::always_zero(const Catalog& catalog,
                                            const books::Meters& meters) const {
  std::vector<bool> zero(meters.definitions().size(), false);
  for (std::size_t s = 0; s < stocks.size(); ++s) {
    const auto& entry = catalog.stocks[s];
    const bool made = !entry.recipes.empty();
    zero[stocks[s].produced.index()] = zero[stocks[s].scrap.index()] = !made;
    zero[stocks[s].received.index()] = !entry.purchase.valid();
    zero[stocks[s].shipped.index()] = !entry.offer.valid();
  }
  return zero;
}

/// Whether a meter would not be there but for dormant agreements and programs.
bool ReportMeters::is_of_dormant(const Catalog& catalog, const books::Meters::Definition& meter) {
  if (meter.of->group == measures::Group::causes) {
    const causes::Requires needed =
        causes::kind_row(meter.name().substr(0, meter.name().find('.'))).requires_;
    return (needed == causes::Requires::agreements && !catalog.has_agreements()) ||
           (needed == causes::Requires::programs && !catalog.has_programs());
  }
  if (!meter.measure.starts_with("lost_to.reserved_")) return false;
  return std::any_of(catalog.agreements.begin(), catalog.agreements.end(), [&](const auto& a) {
    return a.dormant && meter.measure == "lost_to.reserved_" + a.name;
  });
}

void ReportMeters::find_by_group(const Catalog& catalog, const books::Meters& meters) {
  const std::vector<bool> zero = always_zero(catalog, meters);
  const auto definitions = meters.definitions();
  for (std::size_t m = 0; m < definitions.size(); ++m) {
    const measures::Measure& measure = *definitions[m].of;
    if (zero[m] || is_of_dormant(catalog, definitions[m])) continue;
    if (measure.is_detail()) details.emplace_back(m);
    if (measure.group == measures::Group::migrations ||
        measure.group == measures::Group::qualifications) {
      changes.emplace_back(m);
    }
    if (measure.group == measures::Group::causes) {
      causes.emplace_back(measures::of(measure.group, definitions[m].name()), books::MeterId{m});
    }
  }
}

}  // namespace optichain::models::world
