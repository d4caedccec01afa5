#pragma once
// How a customer's demand varies around its curve, from order to order.

#include <string_view>
#include <variant>
#include <vector>

#include "models/policy/units.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/value.hpp"

namespace optichain::models {

using sim::Value;
using std::string_view;

struct NoVariation {
  static constexpr string_view title = "No variation", tag = "none",
                               doc = "Demand follows its curve exactly.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const NoVariation&, const NoVariation&) = default;
};
struct PoissonVariation {
  static constexpr string_view title = "Poisson variation", tag = "poisson",
                               doc = "Each period's demand is Poisson with the curve's mean.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const PoissonVariation&, const PoissonVariation&) = default;
};
struct FactorVariation {
  static constexpr string_view title = "Factor variation", tag = "factor",
                               doc = "Each period's demand is the curve times a drawn factor.";
  Value distribution{1.0};
  template <class V>
  void fields(V& v) {
    v.required("distribution", distribution, sim::not_negative, "the factor, of mean 1 or so");
  }
  friend bool operator==(const FactorVariation&, const FactorVariation&) = default;
};
struct AutoregressiveVariation {
  static constexpr string_view title = "Autoregressive variation", tag = "autoregressive",
                               doc =
                                   "Each period's demand deviates from the curve by rho times the "
                                   "deviation of the period before and a normal innovation "
                                   "(AR(1)); it does not fall below 0.";
  double rho = 0;
  double sd_share = 0;
  template <class V>
  void fields(V& v) {
    v.optional("rho", rho, sim::between(-0.999, 0.999), "correlation from one order to the next");
    v.required("sd_share", sd_share, sim::between(0, 10),
               "standard deviation of a period's demand, as a share of the curve");
  }
  friend bool operator==(const AutoregressiveVariation&, const AutoregressiveVariation&) = default;
};
struct PoissonProcess {
  static constexpr string_view title = "Poisson process", tag = "poisson_process",
                               doc =
                                   "Orders of one size at random instants, whose rate follows the "
                                   "curve, instead of one order a review.";
  Pieces pieces_per_order{1};
  template <class V>
  void fields(V& v) {
    v.optional("pieces_per_order", pieces_per_order, sim::between(1, 1e12), "size of an order");
  }
  friend bool operator==(const PoissonProcess&, const PoissonProcess&) = default;
};
struct DemandTrace {
  static constexpr string_view title = "Demand trace", tag = "trace",
                               doc =
                                   "One order after the other is read off a list, whatever the "
                                   "curve says; after the last nothing is wanted. Plans know "
                                   "nothing of the list: they go by the curve. It may be a column "
                                   "of a CSV file (see Files).";
  std::vector<double> quantities;
  double pieces_per_unit = 1;
  template <class V>
  void fields(V& v) {
    v.required("quantities", quantities, sim::between(0, 1e15), "what is wanted at each review");
    v.optional("pieces_per_unit", pieces_per_unit, sim::between(1e-9, 1e15),
               "pieces in a unit of the list");
  }
  friend bool operator==(const DemandTrace&, const DemandTrace&) = default;
};
using Variation = std::variant<NoVariation, PoissonVariation, FactorVariation,
                               AutoregressiveVariation, PoissonProcess, DemandTrace>;

}  // namespace optichain::models
