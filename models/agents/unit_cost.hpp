#pragma once
// What making a piece costs: conversion and inputs. Who asks says what an input costs.

#include <algorithm>

#include "models/catalog/catalog.hpp"
#include "models/policy/yield.hpp"
#include "models/state/realisation.hpp"

namespace optichain::models::agents {

/// Adds to `so_far`, in USD, what one start of a recipe costs now: its conversion, then its inputs
/// in their order, each at the price that `price_of` gives for its stock point.
template <class PriceOf>
double add_cost_of_start(double so_far, const Catalog& catalog, const state::Realisation& real,
                         RecipeId recipe, sim::Time now, PriceOf price_of) {
  double cost = so_far + real.recipe_cost[recipe.index()].value(now);
  for (const auto& input : catalog[recipe].inputs) cost += input.pieces * price_of(input.stock);
  return cost;
}

/// The same per good piece, at a mean yield.
template <class PriceOf>
double unit_cost(const Catalog& catalog, const state::Realisation& real, RecipeId recipe,
                 sim::Time now, double yield, PriceOf price_of) {
  return add_cost_of_start(0, catalog, real, recipe, now, price_of) /
         std::max(yield, policy::lowest_planned_yield);
}

}  // namespace optichain::models::agents
