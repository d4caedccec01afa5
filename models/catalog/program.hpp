#pragma once
// Programs: what changes the world in the course of a scenario, at a date, by a rule or by chance.

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/catalog/disruption.hpp"
#include "models/catalog/site.hpp"

namespace optichain::models {

// --- more capacity -----------------------------------------------------------------------------

/// When and how often a rule may decide.
struct Pace {
  std::optional<Date> from{};
  double for_weeks = 8;
  std::int64_t at_most = 1;
  double wait_weeks = 52;

  /// `holds` says what must hold for so long, `often` how often it may decide.
  template <class V>
  void fields(V& v, string_view holds, string_view often) {
    v.optional("from", from, "first day that counts; from the beginning if left out");
    v.optional("for_weeks", for_weeks, sim::between(0, 520), holds);
    v.optional("at_most", at_most, sim::between(1, 1000), often);
    v.optional("wait_weeks", wait_weeks, sim::between(0, 5200),
               "time between one decision and the next, at least");
  }
  friend bool operator==(const Pace&, const Pace&) = default;
};

struct ExpansionRule {
  static constexpr string_view title = "Expansion rule",
                               doc =
                                   "Decides on more capacity when the line is full for long. It is "
                                   "looked at every `review_days` of the scenario.";
  double utilisation_above = 0.95;
  Pace pace;

  template <class V>
  void fields(V& v) {
    v.optional("utilisation_above", utilisation_above, sim::share,
               "work done over work possible between two looks, above which the line is full");
    pace.fields(v, "how long it must be full on end", "how often it may decide");
  }
  friend bool operator==(const ExpansionRule&, const ExpansionRule&) = default;
};

struct Expansion {
  static constexpr string_view title = "Expansion", tag = "expansion",
                               doc =
                                   "More capacity on a line, decided at a date or by a rule, there "
                                   "after a lead time and a straight ramp.";
  std::string description;
  Name site;
  Name line;
  std::optional<Value> adds_per_week;
  std::optional<double> adds_share;
  std::optional<Date> decided;
  std::optional<ExpansionRule> when;
  Value lead_days{0.0};
  double ramp_days = 0;
  Value cost_usd{0.0};

  template <class V>
  void fields(V& v) {
    v.optional("description", description, "what it is, in words");
    v.required("site", site, "where");
    v.required("line", line, "the line");
    v.optional("adds_per_week", adds_per_week, sim::weekly_rate,
               "work a week that one decision adds, by the date of the decision; a random factor "
               "is drawn once per replication");
    v.optional("adds_share", adds_share, sim::between(0, 1000),
               "instead: the same as a share of the line's capacity without programs, at the date "
               "of the decision");
    v.optional("decided", decided, "date of the decision");
    v.optional("when", when, "instead of a date: decides by a rule");
    v.optional("lead_days", lead_days, sim::span_days,
               "time from the decision to the first work; drawn for each decision");
    v.optional("ramp_days", ramp_days, sim::span_days,
               "time from the first work to all of the addition, along a straight line");
    v.optional("cost_usd", cost_usd, sim::between(0, 1e12),
               "paid at each decision during the simulation; a random factor is drawn once per "
               "replication");
  }
  friend bool operator==(const Expansion&, const Expansion&) = default;
};

// --- breakdowns --------------------------------------------------------------------------------

struct Breakdowns {
  static constexpr string_view
      title = "Breakdowns",
      tag = "breakdowns",
      doc =
          "A line that fails by chance and is repaired. In the long run it "
          "is up for mtbf / (mtbf + mttr) of the time.";
  std::string description;
  Name site;
  Name line;
  Value mtbf_days{30.0};
  Value mttr_days{1.0};
  double left = 0;
  WorkInOutage work = WorkInOutage::waits;

  template <class V>
  void fields(V& v) {
    v.optional("description", description, "what it is, in words");
    v.required("site", site, "where");
    v.required("line", line, "the line");
    v.required("mtbf_days", mtbf_days, sim::span_days,
               "calendar days from a repair to the next failure, drawn each time; a number is the "
               "mean of an exponential distribution");
    v.required("mttr_days", mttr_days, sim::span_days,
               "days from a failure to its repair, drawn each time and known from the failure on; "
               "a number is the mean of an exponential distribution");
    v.optional("left", left, sim::share, "share of the capacity that is left meanwhile");
    v.optional("work", work, "what becomes of the lot on the line when it fails");
  }
  friend bool operator==(const Breakdowns&, const Breakdowns&) = default;
};

// --- export control ----------------------------------------------------------------------------

struct Blocked {
  static constexpr string_view title = "Blocked", tag = "blocked",
                               doc = "Nothing is shipped, and nothing new is ordered.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Blocked&, const Blocked&) = default;
};
struct LicenceDelay {
  static constexpr string_view title = "Licence delay", tag = "delay",
                               doc = "Every shipment takes longer by the time for its licence.";
  Value days{0.0};
  template <class V>
  void fields(V& v) {
    v.required("days", days, sim::span_days, "time for a licence; drawn for each shipment");
  }
  friend bool operator==(const LicenceDelay&, const LicenceDelay&) = default;
};
struct LicenceQuota {
  static constexpr string_view title = "Licence quota", tag = "quota",
                               doc =
                                   "Only a share of what was shipped before may be shipped, from "
                                   "each seller to each buyer. What is not used may be used later.";
  double left = 0;
  double base_weeks = 26;
  template <class V>
  void fields(V& v) {
    v.required("left", left, sim::between(0, 100),
               "share of the shipments a week before the control; new orders weigh as much less");
    v.optional("base_weeks", base_weeks, sim::between(1, 520),
               "weeks before the control whose shipments count; fewer if they are before the "
               "beginning of the simulation");
  }
  friend bool operator==(const LicenceQuota&, const LicenceQuota&) = default;
};
using ControlEffect = std::variant<Blocked, LicenceDelay, LicenceQuota>;

struct ExportControl {
  static constexpr string_view title = "Export control", tag = "export_control",
                               doc =
                                   "For some time, some goods may not go from some sellers to some "
                                   "buyers, or only with a licence. What is left out does not "
                                   "narrow it down.";
  std::string description;
  Date from{};
  std::optional<LastDate> until;
  std::vector<Name> items;
  std::vector<Name> sites;
  std::vector<Name> buyers;
  std::optional<Name> from_region;
  std::optional<Name> to_region;
  ControlEffect effect;
  bool withdraw = false;

  template <class V>
  void fields(V& v) {
    v.optional("description", description, "what it is, in words");
    v.required("from", from, "first day");
    v.optional("until", until, "last day; for ever if left out");
    v.optional("items", items, "items, and families with all their items");
    v.optional("sites", sites, "sellers");
    v.optional("buyers", buyers, "sites and customers that buy");
    v.optional("from_region", from_region, "region of the seller");
    v.optional("to_region", to_region, "region of the buyer");
    v.optional("effect", effect, "what the control does");
    v.optional("withdraw", withdraw,
               "whether buyers withdraw what is open when all that they take is blocked, and order "
               "it anew where and when they may; otherwise it is shipped when the control has "
               "ended");
  }
  friend bool operator==(const ExportControl&, const ExportControl&) = default;
};

// --- exit --------------------------------------------------------------------------------------

struct SupplierExit {
  static constexpr string_view title = "Exit", tag = "exit",
                               doc = "A supplier stops selling, all or some of what it sells.";
  std::string description;
  Name site;
  Date date{};
  std::vector<Name> sells;
  bool honours_orders = true;

  template <class V>
  void fields(V& v) {
    v.optional("description", description, "what it is, in words");
    v.required("site", site, "who");
    v.required("date", date, "first day on which no order is taken");
    v.optional("sells", sells, "families and items that are not sold any more; all if left out");
    v.optional("honours_orders", honours_orders,
               "whether orders from before the date are still made and shipped; lines that serve "
               "nothing else stop after the last of them. Otherwise all stops at the date, and "
               "what is open is withdrawn, and ordered from others");
  }
  friend bool operator==(const SupplierExit&, const SupplierExit&) = default;
};

// --- line conversion ---------------------------------------------------------------------------

struct ConversionRule {
  static constexpr string_view
      title = "Conversion rule",
      doc =
          "Moves capacity to the line that earns more. It is looked at "
          "every `review_days` of the scenario. What a line earns per unit "
          "of work is that of its best recipe at the prices of the day.";
  double margin_advantage = 0.1;
  double utilisation_above = 0;
  Pace pace{.at_most = 4, .wait_weeks = 13};

  template <class V>
  void fields(V& v) {
    v.optional("margin_advantage", margin_advantage, sim::between(0, 1000),
               "how much more the other line must earn per unit of work, as a share of what this "
               "line earns");
    v.optional("utilisation_above", utilisation_above, sim::share,
               "and how much the other line must be used at least");
    pace.fields(v, "how long both must hold on end", "how often it may decide, each way");
  }
  friend bool operator==(const ConversionRule&, const ConversionRule&) = default;
};

struct Conversion {
  static constexpr string_view title = "Conversion", tag = "conversion",
                               doc =
                                   "Capacity of one line becomes capacity of another at the same "
                                   "site, whose work has the same unit.";
  std::string description;
  Name site;
  Name from;
  Name to;
  double moves = 0.1;
  double loses = 0;
  std::optional<Date> decided;
  std::optional<ConversionRule> when;
  bool back = false;
  Value lead_days{0.0};
  Value cost_usd{0.0};

  template <class V>
  void fields(V& v) {
    v.optional("description", description, "what it is, in words");
    v.required("site", site, "where");
    v.required("from", from, "the line that gives capacity");
    v.required("to", to, "the line that gets it");
    v.required("moves", moves, sim::share,
               "share of what the giving line has that one decision moves");
    v.optional("loses", loses, sim::share, "share of what is moved that is lost for good");
    v.optional("decided", decided, "date of the decision");
    v.optional("when", when, "instead of a date: decides by a rule");
    v.optional("back", back, "whether the rule also moves capacity the other way");
    v.optional("lead_days", lead_days, sim::span_days,
               "time from the decision, at which the one line loses it, until the other has it; "
               "drawn for each decision");
    v.optional("cost_usd", cost_usd, sim::between(0, 1e12),
               "paid at each decision during the simulation; a random factor is drawn once per "
               "replication");
  }
  friend bool operator==(const Conversion&, const Conversion&) = default;
};

using Program =
    std::variant<Expansion, Breakdowns, ExportControl, SupplierExit, Conversion, Disruption>;

}  // namespace optichain::models
