#include "models/state/realisation.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace optichain::models::state {
namespace {

using sim::Curve;
using sim::Time;

/// A revision with its own curve, if it has one.
struct Revision {
  const DemandRevision* terms;
  std::optional<Curve> curve;
};

/// The demand with the revisions announced by a time, one after the other as they take effect.
Curve revised(Curve demand, const std::vector<Revision>& revisions, Time as_of) {
  for (const auto& [terms, curve] : revisions) {
    if (Time{terms->announced} > as_of) continue;
    const Time from{terms->from};
    demand = sim::joined(demand, from, curve ? *curve : demand.scaled(*terms->factor));
  }
  return demand;
}

template <class T>
void overwrite(std::vector<T>& values, std::vector<T>& others) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] == others[i])) values[i] = std::move(others[i]);
  }
}

}  // namespace

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
  for (const auto& d : catalog.demands) add_demand(d, realise);
  for (const SubstitutedDemand& substituted : SubstitutedDemand::of(catalog))
    substitute_demand(substituted);
  fill_programs(catalog, realise);
}

/// Substitutes in what is wanted, and in what was planned at each announcement of any of the
/// demands concerned.
void Realisation::substitute_demand(const SubstitutedDemand& substituted) {
  std::set<Time> announced;
  for (const DemandId d : substituted.demands()) {
    for (const Plan& plan : plans_[d.index()]) announced.insert(plan.since);
  }
  std::map<DemandId, std::vector<Plan>> plans;
  for (const Time since : announced) {
    SubstitutedDemand::Curves planned;
    for (const DemandId d : substituted.demands()) planned.emplace(d, demand_plan(d, since));
    substituted.substitute(planned);
    for (auto& [d, curve] : planned) plans[d].push_back({since, std::move(curve)});
  }
  SubstitutedDemand::Curves wanted;
  for (const DemandId d : substituted.demands()) wanted.emplace(d, demand[d.index()]);
  substituted.substitute(wanted);
  for (auto& [d, curve] : wanted) demand[d.index()] = std::move(curve);
  for (auto& [d, plan] : plans) plans_[d.index()] = std::move(plan);
}

template <class Realise>
void Realisation::add_demand(const Catalog::DemandEntry& entry, Realise realise) {
  const Curve original = realise(entry.demand->pieces_per_week, entry.name, "demand");
  std::vector<Revision> revisions;
  std::set<Time> announced = {Time::min()};
  for (const auto& [name, terms] : entry.demand->revisions) {
    Revision& r = revisions.emplace_back(Revision{&terms, std::nullopt});
    if (terms.pieces_per_week) {
      r.curve = realise(*terms.pieces_per_week, entry.name + "." + name, "revision");
    }
    announced.insert(Time{terms.announced});
  }
  std::stable_sort(revisions.begin(), revisions.end(), [](const Revision& a, const Revision& b) {
    return std::tie(a.terms->from, a.terms->announced) <
           std::tie(b.terms->from, b.terms->announced);
  });
  auto& plans = plans_.emplace_back();
  for (const Time since : announced) {
    if (!revisions.empty()) plans.push_back({since, revised(original, revisions, since)});
  }
  demand.push_back(plans.empty() ? original : plans.back().curve);
}

const Curve& Realisation::demand_plan(DemandId id, Time as_of) const {
  const auto& plans = plans_[id.index()];
  if (plans.empty()) return demand[id.index()];
  const auto next = std::upper_bound(plans.begin() + 1, plans.end(), as_of,
                                     [](Time t, const Plan& p) { return t < p.since; });
  return std::prev(next)->curve;
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
    if (!expansion || !expansion->decided || entry.dormant) continue;
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

void Realisation::overwrite_values(Realisation other) {
  overwrite(line_capacity, other.line_capacity);
  overwrite(recipe_yield, other.recipe_yield);
  overwrite(recipe_starts, other.recipe_starts);
  overwrite(recipe_share, other.recipe_share);
  overwrite(recipe_cost, other.recipe_cost);
  for (std::size_t o = 0; o < mix.size(); ++o) overwrite(mix[o], other.mix[o]);
  overwrite(offer_price, other.offer_price);
  overwrite(item_price, other.item_price);
  overwrite(channel_share, other.channel_share);
  overwrite(demand, other.demand);
  overwrite(program_adds, other.program_adds);
  overwrite(program_cost, other.program_cost);
  overwrite(expansions, other.expansions);
  overwrite(plans_, other.plans_);
}

}  // namespace optichain::models::state
