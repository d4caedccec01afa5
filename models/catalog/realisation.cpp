#include "models/catalog/realisation.hpp"

#include <algorithm>
#include <string>

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
  fill_programs(catalog, realise);
}

template <class Realise>
void Realisation::fill_programs(const Catalog& catalog, Realise realise) {
  for (std::size_t p = 0; p < catalog.programs.size(); ++p) {
    const auto& entry = catalog.programs[p];
    const std::string name = "programs." + entry.name;
    const auto* expansion = std::get_if<Expansion>(entry.program);
    const auto* conversion = std::get_if<Conversion>(entry.program);
    const Value cost = expansion    ? expansion->cost_usd
                       : conversion ? conversion->cost_usd
                                    : Value{0.0};
    program_cost.push_back(realise(cost, name, "cost"));
    program_adds.emplace_back();
    if (expansion && expansion->adds_per_week) {
      program_adds.back() = realise(*expansion->adds_per_week, name, "adds");
    }
    expansions.emplace_back();
    if (!expansion || !expansion->decided) continue;
    const sim::Time decided{*expansion->decided};
    const double lead = realise(expansion->lead_days, name, "lead").value(decided);
    const sim::Time begin = decided + sim::days_to_duration(std::min(lead, sim::span_days.max));
    expansions.back() = {begin, begin + sim::days_to_duration(expansion->ramp_days),
                         added_per_week(catalog, ProgramId{p}, decided)};
  }
}

double Realisation::added_per_week(const Catalog& catalog, ProgramId id, sim::Time decided) const {
  const auto& entry = catalog[id];
  if (const auto& adds = program_adds[id.index()]) return adds->value(decided);
  const double share = std::get<Expansion>(*entry.program).adds_share.value_or(0);
  return share * line_capacity[entry.lines.front().index()].value(decided);
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
