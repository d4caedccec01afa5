#pragma once
// Migrations: a moving share of new variants among those that meet the same demand, or of new
// recipes among those that make the same item. Substitutions: demand that turns to another product.

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/catalog/diffusion.hpp"
#include "models/policy/migration.hpp"
#include "sim/base/fields.hpp"

namespace optichain::models {

using sim::Name;

using MigrationLaw = std::variant<policy::ResponsiveShare, GivenShare, LogisticShare, BassShare>;

struct Migration {
  static constexpr std::string_view title = "Migration",
                                    doc =
                                        "How what is planned moves from old variants of a family "
                                        "to new ones, or from old recipes of an item to new ones. "
                                        "Among the new and among the old the proportions of the "
                                        "given mix stay.";
  std::string description;
  Name of;
  std::vector<Name> to;
  std::vector<Name> from;
  std::vector<Name> sites;
  MigrationLaw share;
  std::map<std::string, Curve> most;
  std::map<std::string, Curve> customers;
  std::optional<double> most_change_per_quarter;
  std::optional<double> review_days;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("description", description, "what it is, in words");
    v.required("of", of, "a family, whose variants are meant, or an item, whose recipes are");
    v.required("to", to, "the new: variants or technologies of the family, or recipes of the item");
    v.optional("from", from, "the old, named likewise; all others if left out");
    v.optional("sites", sites,
               "where; if left out, wherever both new and old ones are (each site by itself)");
    v.required("share", share, "the share of the new in new and old together");
    v.optional("most", most, sim::share, "the most that the share can be at a site; 1 if left out");
    v.optional("customers", customers, sim::share,
               "of a family: the most that a customer takes as new ones, of what it orders from "
               "each seller (orders bring the share of their day); 1 if left out");
    v.optional("most_change_per_quarter", most_change_per_quarter, sim::share,
               "how far the share may move in a quarter of a year, and in less in proportion");
    v.optional("review_days", review_days, sim::between(0.04, 3653),
               "time between looks at it; that of the scenario if left out");
  }
  friend bool operator==(const Migration&, const Migration&) = default;
};

struct Substitution {
  static constexpr std::string_view title = "Substitution",
                                    doc =
                                        "Customers want something else instead: a share of the "
                                        "demand for one product becomes demand for another. "
                                        "Several of the same product take no more than all of it.";
  std::string description;
  Name from;
  Name to;
  std::vector<Name> customers;
  ShareLaw share;
  double pieces_per_piece = 1;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("description", description, "what it is, in words");
    v.required("from", from, "the family or item that loses demand; neither may be a trace");
    v.required("to", to, "the family or item that gains it");
    v.optional("customers", customers,
               "whose demand turns; if left out, of all who have a demand for both");
    v.required("share", share, "share of the demand that turns; held for a week");
    v.optional("pieces_per_piece", pieces_per_piece, sim::between(0, 1e4),
               "pieces of the one that stand for a piece of the other");
  }
  friend bool operator==(const Substitution&, const Substitution&) = default;
};

}  // namespace optichain::models
