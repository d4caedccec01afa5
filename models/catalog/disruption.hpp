#pragma once
// Disruptions of a site: for some periods one of its activities pauses.

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/policy/units.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models {

using sim::Date;
using sim::Name;
using std::string_view;

/// What a disruption stops. Snyder and Shen (Fundamentals of Supply Chain Theory, chapter 9) have
/// four types, all of them of what comes to the disrupted stage: order-pausing OP (orders),
/// shipment-pausing SP (supply: its suppliers ship nothing to it, and serve others),
/// transit-pausing TP (transit) and receipt-pausing RP (receipts). Shipments are what goes from the
/// site, and have no name there.
enum class Activity { orders, shipments, supply, transit, receipts };

}  // namespace optichain::models

template <>
struct optichain::sim::Words<optichain::models::Activity> {
  static constexpr std::array<std::string_view, 5> words = {"orders", "shipments", "supply",
                                                            "transit", "receipts"};
};

namespace optichain::models {

struct MarkovDisruption {
  static constexpr string_view title = "Markov disruption", tag = "markov",
                               doc =
                                   "Begins and ends by chance, period by period: a Markov chain "
                                   "with two states. In the long run it holds for starts / (starts "
                                   "+ ends) of the time.";
  double starts = 0;
  double ends = 1;
  double every_days = 7;
  template <class V>
  void fields(V& v) {
    v.required("starts", starts, sim::share,
               "probability that a period is disrupted after one that was not");
    v.required("ends", ends, sim::share,
               "probability that a period is not disrupted after one that was");
    v.optional("every_days", every_days, sim::between(0.04, 3653), "length of a period");
  }
  friend bool operator==(const MarkovDisruption&, const MarkovDisruption&) = default;
};
struct DatedDisruption {
  static constexpr string_view title = "Dated disruption", tag = "dated",
                               doc = "Begins at a date, once or again and again.";
  Date from{};
  double days = 1;
  std::optional<double> every_days;
  template <class V>
  void fields(V& v) {
    v.required("from", from, "first day");
    v.required("days", days, sim::between(0.001, 36525), "how long it lasts");
    v.optional("every_days", every_days, sim::between(0.04, 36525),
               "time from one beginning to the next; once only if left out");
  }
  friend bool operator==(const DatedDisruption&, const DatedDisruption&) = default;
};
using DisruptionLaw = std::variant<MarkovDisruption, DatedDisruption>;

struct Disruption {
  static constexpr string_view
      title = "Disruption",
      tag = "disruption",
      doc =
          "An activity pauses: a site places no orders (`orders`: OP), nothing is shipped to it "
          "(`supply`: SP), goods on their way to it stand still (`transit`: TP) or wait at its "
          "door (`receipts`: RP), or it ships nothing itself (`shipments`). What was held up goes "
          "on when it ends, and who is not concerned is served as ever. The letters are those of "
          "Snyder and Shen, Fundamentals of Supply Chain Theory, chapter 9.";
  std::string description;
  Name site;
  Activity pauses = Activity::orders;
  std::vector<Name> buyers, sellers;
  DisruptionLaw when;

  /// Whether some channels to or from the site pause, and not the site with all it does.
  bool is_of_channels() const { return pauses == Activity::supply || !buyers.empty(); }

  template <class V>
  void fields(V& v) {
    v.optional("description", description, "what it is, in words");
    v.required("site", site, "where");
    v.required("pauses", pauses, "what stands still");
    v.optional("buyers", buyers,
               "of `shipments`: the sites and customers to which nothing is shipped; all if left "
               "out");
    v.optional("sellers", sellers,
               "of `supply`: the sites that ship nothing to it; all if left out");
    v.required("when", when, "when it begins and ends");
  }
  friend bool operator==(const Disruption&, const Disruption&) = default;
};

}  // namespace optichain::models
