#pragma once
// A scenario: everything a run needs to know, as the user wrote it.

#include <array>
#include <map>
#include <string>

#include "models/catalog/agreement.hpp"
#include "models/catalog/customer.hpp"
#include "models/catalog/item.hpp"
#include "models/catalog/migration.hpp"
#include "models/catalog/program.hpp"
#include "models/catalog/qualification.hpp"
#include "models/catalog/site.hpp"

namespace optichain::models {

/// What there is at the beginning of what the scenario leaves open.
enum class InitialState { given, steady };

}  // namespace optichain::models

template <>
struct optichain::sim::Words<optichain::models::InitialState> {
  static constexpr std::array<std::string_view, 2> words = {"given", "steady"};
};

namespace optichain::models {

struct ExpressWay {
  static constexpr std::string_view title = "Express way",
                                    doc = "A faster and dearer way along a lane, for late orders.";
  Value transit_days{0.0};
  double usd_per_piece = 0;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("transit_days", transit_days, sim::span_days,
               "time on the way; drawn for each shipment");
    v.required("usd_per_piece", usd_per_piece, sim::between(0, 1e6),
               "paid for each piece in place of freight");
  }
  friend bool operator==(const ExpressWay&, const ExpressWay&) = default;
};

struct TransportLane {
  static constexpr std::string_view title = "Lane",
                                    doc =
                                        "A way from one site, customer or region to another. Of "
                                        "all lanes that fit, the one that names most exactly "
                                        "counts: a site before a region before `any`.";
  Name from{"any"};
  Name to{"any"};
  Value transit_days{0.0};
  double freight_usd_per_piece = 0;
  double freight_usd_per_shipment = 0;
  std::optional<ExpressWay> express;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("from", from, "a site, a region or `any`");
    v.optional("to", to, "a site, a customer, a region or `any`");
    v.optional("transit_days", transit_days, sim::span_days,
               "time on the way; drawn for each shipment");
    v.optional("freight_usd_per_piece", freight_usd_per_piece, sim::between(0, 1e6),
               "paid by the seller for each piece");
    v.optional("freight_usd_per_shipment", freight_usd_per_shipment, sim::between(0, 1e9),
               "paid by the seller for each shipment, whatever its size");
    v.optional("express", express, "a faster way; `expedite` of a source says when it is taken");
  }
  friend bool operator==(const TransportLane&, const TransportLane&) = default;
};

struct Scenario {
  static constexpr std::string_view title = "Scenario", doc = "A world and a span of time.";
  std::string name;
  std::string description;
  Date start{};
  LastDate end;
  double warm_up_days = 0;
  double review_days = 7;
  InitialState initial = InitialState::given;
  std::map<std::string, std::string> sources;
  std::map<std::string, Family> families;
  std::map<std::string, Item> items;
  std::map<std::string, Site> sites;
  std::map<std::string, TransportLane> lanes;
  std::map<std::string, Customer> customers;
  std::map<std::string, Migration> migrations;
  std::map<std::string, Qualification> qualifications;
  std::map<std::string, Substitution> substitutions;
  std::map<std::string, Agreement> agreements;
  std::map<std::string, Program> programs;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("name", name, "a title for reports");
    v.optional("description", description, "what it is about, in words");
    v.required("start", start, "first day that counts");
    v.required("end", end, "last day that counts");
    v.optional("warm_up_days", warm_up_days, sim::between(0, 36525),
               "days simulated before `start` that do not count");
    v.optional("review_days", review_days, sim::between(0.04, 3653),
               "time between the reviews of a site and the orders of a customer");
    v.optional(
        "initial", initial,
        "what there is when the simulation begins where no initial pieces, weeks, lots, orders or "
        "shipments are given: nothing (`given`), or what the demand of that day would have left "
        "there had it always been met (`steady`): what policies keep in stock, and lots and orders "
        "under way over their lead times");
    v.optional("sources", sources, "what the keys used in `source:` mean");
    v.optional("families", families, "items that can meet the same demand");
    v.required("items", items, "what is made, bought and sold");
    v.required("sites", sites, "who makes and sells");
    v.optional("lanes", lanes, "ways between them; where none fits, transit takes no time");
    v.required("customers", customers, "who wants finished goods");
    v.optional("migrations", migrations, "how old variants and recipes give way to new ones");
    v.optional("qualifications", qualifications,
               "what must be tried out before it is bought or made");
    v.optional("substitutions", substitutions, "demand that turns from one product to another");
    v.optional("agreements", agreements, "long-term agreements between buyers and sellers");
    v.optional("programs", programs,
               "what changes capacities and trade on the way, at a date, by a rule or by chance");
  }
  friend bool operator==(const Scenario&, const Scenario&) = default;
};

}  // namespace optichain::models
