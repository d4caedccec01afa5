#include "models/policy/sharing/all.hpp"

#include <numeric>

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

}  // namespace

std::vector<Grant> share(const SharingRule& rule, std::span<const Want> wants,
                         std::span<const Resource> resources, std::span<const Use> uses) {
  if (enough_for_all(wants, resources, uses)) return all_of(wants);
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

double weight_of(const SharingRule& rule, const std::string& recipe) {
  return std::visit(
      [&]<class Rule>(const Rule& r) -> double {
        if constexpr (Rule::needs.has(RecipeFact::name)) return r.weight_of(recipe);
        return 0;
      },
      rule);
}

}  // namespace optichain::models::policy
