#include "models/policy/sharing/all.hpp"

#include <algorithm>
#include <numeric>

#include "sim/base/check.hpp"

namespace optichain::models::policy {
namespace {

/// The common case: nothing is short, so that no rule has anything to decide.
bool enough_for_all(std::span<const Want> wants, std::span<const Resource> resources,
                    std::span<const Use> uses) {
  static thread_local std::vector<double> wanted;  // kept for its memory
  wanted.assign(resources.size(), 0);
  for (const Use& u : uses) {
    wanted[u.resource] += u.per_piece * static_cast<double>(wants[u.want].pieces);
  }
  for (std::size_t r = 0; r < resources.size(); ++r) {
    if (wanted[r] > resources[r].available) return false;
  }
  return true;
}

std::vector<Grant> all_of(std::span<const Want> wants) {
  std::vector<Grant> grants(wants.size());
  for (std::size_t i = 0; i < wants.size(); ++i) {
    grants[i].pieces = wants[i].pieces;
    grants[i].level = static_cast<double>(wants[i].pieces);
  }
  return grants;
}

/// Where each want counts in units that cannot be divided.
std::vector<Grant> share_units(const SharingRule& rule, std::span<const Want> wants,
                               std::span<const Resource> resources, std::span<const Use> uses) {
  Division division(wants, resources, uses);
  if (division.scarcest() == Grant::none) {
    // where nothing is short that is shared, the order does not matter
    std::vector<std::size_t> order(wants.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    division.serve_in_order(order);
  } else {
    std::visit([&](const auto& r) { r.divide(division); }, rule);
  }
  return division.take();
}

}  // namespace

std::vector<Grant> share(const SharingRule& rule, std::span<const Want> wants,
                         std::span<const Resource> resources, std::span<const Use> uses) {
  if (enough_for_all(wants, resources, uses)) return all_of(wants);
  if (std::all_of(wants.begin(), wants.end(), [](const Want& want) { return want.lot == 1; })) {
    return share_units(rule, wants, resources, uses);
  }
  std::vector<Want> in_lots(wants.begin(), wants.end());
  for (Want& want : in_lots) {
    OPTICHAIN_CHECK(want.pieces % want.lot == 0, "{} pieces are no lots of {}", want.pieces,
                    want.lot);
    want.pieces /= want.lot;
    want.margin_usd *= static_cast<double>(want.lot);
    want.weight /= static_cast<double>(want.lot);
  }
  std::vector<Use> per_lot(uses.begin(), uses.end());
  for (Use& use : per_lot) use.per_piece *= static_cast<double>(wants[use.want].lot);
  std::vector<Grant> grants = share_units(rule, in_lots, resources, per_lot);
  for (std::size_t w = 0; w < wants.size(); ++w) {
    grants[w].pieces *= wants[w].lot;
    grants[w].level *= static_cast<double>(wants[w].lot);
  }
  return grants;
}

double weight_of(const SharingRule& rule, const std::string& recipe) {
  return std::visit(
      [&]<class Rule>(const Rule& r) -> double {
        if constexpr (Rule::needs.has(RecipeFact::name)) return r.weight_of(recipe);
        return 0;
      },
      rule);
}

}  // namespace optichain::models::policy
