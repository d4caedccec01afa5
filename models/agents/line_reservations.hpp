#pragma once
// What agreements reserve of the lines and inputs of a site, review by review.

#include <span>
#include <vector>

#include "models/agents/shop_floor.hpp"
#include "models/agreement/agreement_account.hpp"
#include "models/policy/layers.hpp"

namespace optichain::models::agents {

class LineReservations {
 public:
  LineReservations(const state::CurrentTerms& terms, const sim::Kernel& kernel,
                   std::span<const RecipeId> recipes)
      : terms_(terms), kernel_(kernel), recipes_(recipes) {}
  /// By priority. False if the agreement is about nothing that is made here.
  bool add(const agreement::AgreementAccount& account);
  bool empty() const { return reserved_.empty(); }
  std::size_t size() const { return reserved_.size(); }
  const agreement::AgreementAccount& account(std::size_t which) const {
    return *reserved_[which].account;
  }

  /// The volume of the coming review in starts, by recipe: over the recipes that make it, as far as
  /// each is wanted.
  std::span<const policy::ReservedStarts> reserve(std::span<const policy::Want> wants,
                                                  const ShopFloor& floor, double weeks);
  /// What was started before all others at this review, by recipe. Lots may be more than was
  /// reserved: that much less goes first later on.
  void note_started(std::span<const std::int64_t> first);
  /// How much of a resource an agreement reserves at this review.
  double amount(std::size_t which, std::size_t resource, std::span<const policy::Use> uses) const;

 private:
  struct Reserved {
    const agreement::AgreementAccount* account;
    std::vector<std::size_t> recipes;  // that make what it is about
    std::vector<double> starts;        // of each of them, at this review
  };
  void divide(Reserved& reserved, std::span<const policy::Want> wants, const ShopFloor& floor,
              double weeks) const;

  const state::CurrentTerms& terms_;
  const sim::Kernel& kernel_;
  std::span<const RecipeId> recipes_;
  std::vector<Reserved> reserved_;
  std::vector<policy::ReservedStarts> starts_;  // by recipe
  std::vector<double> ahead_;                   // by recipe
};

}  // namespace optichain::models::agents
