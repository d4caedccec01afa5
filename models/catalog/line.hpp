#pragma once
// A line: capacity that recipes share, its planned outages, and how work is released to it.

#include <array>
#include <map>
#include <string>
#include <variant>

#include "models/policy/units.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/value.hpp"

namespace optichain::models {

using sim::Date;
using sim::LastDate;
using sim::Value;
using std::string_view;

/// What becomes of the lot on a line when the line goes out.
enum class WorkInOutage { waits, lost };

}  // namespace optichain::models

template <>
struct optichain::sim::Words<optichain::models::WorkInOutage> {
  static constexpr std::array<std::string_view, 2> words = {"waits", "lost"};
};

namespace optichain::models {

struct PlannedOutage {
  static constexpr std::string_view title = "Planned outage",
                                    doc = "Days on which a line has less capacity or none.";
  Date from{};
  LastDate until;
  double left = 0;
  WorkInOutage work = WorkInOutage::waits;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("from", from, "first day");
    v.required("until", until, "last day");
    v.optional("left", left, sim::share, "share of the capacity that is left");
    v.optional("work", work,
               "what becomes of the lot that is on the line on the first day: it waits, or it is "
               "lost, all of what one review started of a recipe");
  }
  friend bool operator==(const PlannedOutage&, const PlannedOutage&) = default;
};

// --- release: when wanted pieces are let onto a line ---------------------------------------------

struct ReleaseByCapacity {
  static constexpr string_view title = "Release by capacity", tag = "capacity",
                               doc =
                                   "At each review as much as the line can do until the next one.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const ReleaseByCapacity&, const ReleaseByCapacity&) = default;
};
struct Push {
  static constexpr string_view title = "Push", tag = "push",
                               doc =
                                   "All that is wanted, however long the queue before the line "
                                   "becomes.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Push&, const Push&) = default;
};
struct Conwip {
  static constexpr string_view title = "CONWIP", tag = "conwip",
                               doc =
                                   "Constant work in process: as many as have come out (Spearman, "
                                   "Woodruff and Hopp 1990). With `continuous_review` a piece that "
                                   "is finished lets in the next at once.";
  Pieces pieces{1};
  template <class V>
  void fields(V& v) {
    v.required("pieces", pieces, sim::between(1, 1e15),
               "at most so many are in process at a time, over all recipes of the line, from the "
               "queue before it to stock");
  }
  friend bool operator==(const Conwip&, const Conwip&) = default;
};
using Release = std::variant<ReleaseByCapacity, Push, Conwip>;

struct ProductionLine {
  static constexpr std::string_view title = "Line",
                                    doc = "Capacity that recipes share, first come, first served.";
  std::string description;
  Value capacity_per_week{0.0};
  std::int64_t servers = 1;
  Release release;
  std::map<std::string, PlannedOutage> outages;
  double fixed_usd_per_week = 0;
  double idle_usd_per_unit = 0;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("description", description, "what it is, in words");
    v.required("capacity_per_week", capacity_per_week, sim::weekly_rate,
               "work the line can do in a week, in the unit of `line_use_per_piece`; integrated "
               "exactly; a random factor is drawn once per replication");
    v.optional("servers", servers, sim::between(1, 1000),
               "parallel servers that share the capacity evenly; each works on one lot at a time, "
               "and a lot goes to the one that is free first");
    v.optional("release", release, "when wanted pieces are let onto the line");
    v.optional("outages", outages, "days with less capacity");
    v.optional("fixed_usd_per_week", fixed_usd_per_week, sim::between(0, 1e9),
               "paid whatever the line does");
    v.optional("idle_usd_per_unit", idle_usd_per_unit, sim::between(0, 1e6),
               "paid for each unit of work that the line could have done and did not; integrated "
               "exactly, outages taken out");
  }
  friend bool operator==(const ProductionLine&, const ProductionLine&) = default;
};

}  // namespace optichain::models
