#include "models/catalog/realisation.hpp"

#include <string>

#include "models/catalog/turning_demand.hpp"

namespace optichain::models {

using sim::Curve;

template <class Realise>
void Realisation::fill(const Catalog& catalog, Realise realise) {
  const auto maybe = [&](const std::optional<Value>& value, const std::string& entity,
                         const char* purpose) {
    return value ? std::optional<Curve>(realise(*value, entity, purpose)) : std::nullopt;
  };
  for (const auto& line : catalog.lines) {
    line_capacity.push_back(realise(line.line->capacity_per_week, line.name, "capacity"));
  }
  for (const auto& r : catalog.recipes) {
    recipe_yield.push_back(realise(r.recipe->yield, r.name, "yield"));
    recipe_starts.push_back(maybe(r.recipe->max_starts_per_week, r.name, "max_starts"));
    recipe_share.push_back(realise(r.recipe->share, r.name, "share"));
    recipe_cost.push_back(realise(r.recipe->cost_usd_per_piece, r.name, "cost"));
  }
  for (const auto& o : catalog.offers) {
    auto& curves = mix.emplace_back();
    for (const auto& v : o.variants) {
      curves.push_back(realise(v.mix, o.name + "." + catalog[v.stock].name, "mix"));
    }
    offer_price.push_back(maybe(o.offer->price_usd, o.name, "price"));
  }
  for (const auto& i : catalog.items) {
    item_price.push_back(realise(i.item->price_usd, i.name, "price"));
  }
  for (const auto& c : catalog.channels) {
    channel_share.push_back(realise(c.source->share, c.name, "share"));
  }
  for (const auto& d : catalog.demands) {
    demand.push_back(realise(d.demand->pieces_per_week, d.name, "demand"));
  }
  turn_demand(catalog, demand);
}

Realisation::Realisation(const Catalog& catalog, sim::RunSeed run) {
  fill(catalog, [run](const Value& value, const std::string& entity, const char* purpose) {
    sim::Stream stream(run, entity, purpose);
    return value.realise(stream);
  });
}

Realisation::Realisation(const Catalog& catalog) {
  fill(catalog, [](const Value& value, const std::string&, const char*) {
    return value.is_random() ? value.curve().scaled(value.factor().mean()) : value.curve();
  });
}

}  // namespace optichain::models
