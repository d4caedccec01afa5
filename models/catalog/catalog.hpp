#pragma once
// The catalog: a valid scenario with every name resolved to an index.
//
// Things are held in vectors in the order of their names, so that the order of the YAML file means
// nothing. A channel is one relation of buying: a buyer, an offer of a seller, and the terms
// between them. A stock point is an item at a site. Building requires a scenario that passed
// validation.

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/catalog/hold.hpp"
#include "models/catalog/scenario.hpp"
#include "sim/base/id.hpp"

namespace optichain::models {

using ItemId = sim::Id<struct ItemTag>;
using ProductId = sim::Id<struct ProductTag>;
using SiteId = sim::Id<struct SiteTag>;
using CustomerId = sim::Id<struct CustomerTag>;
using LineId = sim::Id<struct LineTag>;
using RecipeId = sim::Id<struct RecipeTag>;
using StockId = sim::Id<struct StockTag>;
using OfferId = sim::Id<struct OfferTag>;
using PurchaseId = sim::Id<struct PurchaseTag>;
using DemandId = sim::Id<struct DemandTag>;
using ChannelId = sim::Id<struct ChannelTag>;
using MigrationId = sim::Id<struct MigrationTag>;
using QualificationId = sim::Id<struct QualificationTag>;
using AgreementId = sim::Id<struct AgreementTag>;

/// Before any date of a scenario.
inline constexpr Date long_ago{std::chrono::days{-400'000}};

/// A buyer or seller: sites first, then customers.
using PartyId = sim::Id<struct PartyTag>;

struct Catalog {
  /// Agreements and programs that are known and not in force: until apply_changes() puts them in
  /// force nothing of them happens, and nothing is reported.
  struct Dormant {
    std::set<std::string> agreements, programs;
  };
  explicit Catalog(const Scenario& scenario, const Dormant& dormant = {});
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  struct ItemEntry {
    std::string name;
    const Item* item;
    ProductId product;
  };
  /// What can be demanded: a family, or an item that belongs to none.
  struct ProductEntry {
    std::string name;
    const Family* family;  // null for a lone item
    std::vector<ItemId> variants;
  };
  struct LineEntry {
    std::string name;  // site.line
    SiteId site;
    const ProductionLine* line;
  };
  struct InputEntry {
    StockId stock;
    double pieces;  // per piece started
  };
  struct RecipeEntry {
    std::string name;  // site.recipe
    SiteId site;
    const Recipe* recipe;
    ItemId item;
    StockId output;
    LineId line;  // not valid if it needs none
    std::vector<InputEntry> inputs;
    std::vector<QualificationId> qualifications;  // all of which must succeed before
  };
  struct StockEntry {
    std::string name;  // site.item
    SiteId site;
    ItemId item;
    const Stock* stock;
    std::vector<RecipeId> recipes;  // that make it here
    PurchaseId purchase;            // not valid if it is not bought here
    OfferId offer;                  // not valid if it is not sold here
  };
  /// A variant of an offer's product that is made or bought at the site.
  struct VariantEntry {
    StockId stock;
    std::vector<RecipeId> recipes;
    Value mix;
  };
  struct OfferEntry {
    std::string name;  // site.product
    SiteId site;
    ProductId product;
    const Offer* offer;
    std::vector<VariantEntry> variants;
    std::vector<ChannelId> channels;      // of all buyers, by buyer's name
    std::vector<AgreementId> agreements;  // on what is sold here, by priority and name
    sim::Time closed_from = never;        // when the site gives up selling it
  };
  struct PurchaseEntry {
    std::string name;  // site.item
    SiteId site;
    StockId stock;
    const Purchase* purchase;
    std::vector<ChannelId> channels;
  };
  struct DemandEntry {
    std::string name;  // customer.product
    CustomerId customer;
    ProductId product;
    const Demand* demand;
    std::vector<ChannelId> channels;
  };
  /// Of what is ordered along a channel, the most that may be met with new variants.
  struct NewShareLimit {
    const Curve* most;
    std::vector<bool> is_new;  // by variant of the offer
  };
  struct ChannelEntry {
    std::string name;  // buyer<seller.product of a customer, buyer<seller.item of a site
    PartyId buyer;
    OfferId offer;
    const Source* source;
    const TransportLane* lane;  // null where none fits
    PurchaseId purchase;        // one of these two is valid
    DemandId demand;
    /// For each variant of the offer: since when the buyer takes it; nothing if never.
    std::vector<std::optional<Date>> accepts;
    /// What must succeed before anything is ordered here, and by variant of the offer before that
    /// variant is taken (empty if there is nothing of the kind).
    std::vector<QualificationId> qualifications;
    std::vector<std::vector<QualificationId>> variant_qualifications;
    std::span<const QualificationId> qualifications_of(std::size_t variant) const {
      if (variant_qualifications.empty()) return {};
      return variant_qualifications[variant];
    }
    std::vector<NewShareLimit> limits;
    std::vector<Hold> holds = {};  // by programs with a date, by their names
  };
  /// One place of a migration: the variants of an offer, or the recipes of a stock point.
  struct MigrationLeg {
    OfferId offer;  // one of these two is valid
    StockId stock;
    std::vector<std::size_t> to, from;  // positions among the variants or the recipes
    const Curve* most;                  // null: 1
  };
  struct MigrationEntry {
    std::string name;
    const Migration* migration;
    std::vector<MigrationLeg> legs;  // by name of the site
  };
  struct QualificationEntry {
    std::string name;
    const Qualification* qualification;
    PartyId buyer;
    ChannelId channel;  // one of these two is valid
    RecipeId recipe;
    std::vector<std::size_t> variants;  // of the channel's offer; empty: the channel as such
    std::vector<ChannelId> watched;     // whose fill rate triggers it
    sim::Time start;                    // of the first attempt, or of waiting for scarcity
    /// Before this it cannot have succeeded: the start plus the shortest time it can take.
    sim::Time earliest;
  };
  struct SubstitutionEntry {
    std::string name;
    const Substitution* substitution;
    std::vector<std::pair<DemandId, DemandId>> demands;  // from and to, of each customer
  };
  struct ProgramEntry {
    std::string name;
    const Program* program;
    SiteId site;                      // not valid of an export control
    std::vector<LineId> lines;        // that it changes; of a conversion: from, to
    std::vector<OfferId> offers;      // that an exit closes
    std::vector<ChannelId> channels;  // that it holds up
    bool dormant = false;
  };
  struct AgreementEntry {
    std::string name;
    const Agreement* agreement;
    PartyId buyer;
    OfferId offer;
    ItemId index;  // of an indexed price; not valid for other prices
    /// Along which channels the pieces are bought, and the weight of each: that of the buyer, or
    /// those of the sites in its stead.
    struct Part {
      ChannelId channel;
      double weight;
    };
    std::vector<Part> parts;
    bool dormant = false;
  };
  struct SiteEntry {
    std::string name;
    const Site* site;
    std::vector<LineId> lines;
    std::vector<RecipeId> recipes;
    std::vector<StockId> stocks;
    std::vector<OfferId> offers;
    std::vector<PurchaseId> purchases;
  };
  struct CustomerEntry {
    std::string name;
    const Customer* customer;
    std::vector<DemandId> demands;
  };

  const Scenario& scenario;
  std::vector<ItemEntry> items;
  std::vector<ProductEntry> products;
  std::vector<SiteEntry> sites;
  std::vector<CustomerEntry> customers;
  std::vector<LineEntry> lines;
  std::vector<RecipeEntry> recipes;
  std::vector<StockEntry> stocks;
  std::vector<OfferEntry> offers;
  std::vector<PurchaseEntry> purchases;
  std::vector<DemandEntry> demands;
  std::vector<ChannelEntry> channels;
  std::vector<MigrationEntry> migrations;
  std::vector<QualificationEntry> qualifications;
  std::vector<SubstitutionEntry> substitutions;
  std::vector<AgreementEntry> agreements;
  std::vector<ProgramEntry> programs;

  const ItemEntry& operator[](ItemId id) const { return items[id.index()]; }
  const ProductEntry& operator[](ProductId id) const { return products[id.index()]; }
  const SiteEntry& operator[](SiteId id) const { return sites[id.index()]; }
  const CustomerEntry& operator[](CustomerId id) const { return customers[id.index()]; }
  const LineEntry& operator[](LineId id) const { return lines[id.index()]; }
  const RecipeEntry& operator[](RecipeId id) const { return recipes[id.index()]; }
  const StockEntry& operator[](StockId id) const { return stocks[id.index()]; }
  const OfferEntry& operator[](OfferId id) const { return offers[id.index()]; }
  const PurchaseEntry& operator[](PurchaseId id) const { return purchases[id.index()]; }
  const DemandEntry& operator[](DemandId id) const { return demands[id.index()]; }
  const ChannelEntry& operator[](ChannelId id) const { return channels[id.index()]; }
  const MigrationEntry& operator[](MigrationId id) const { return migrations[id.index()]; }
  const QualificationEntry& operator[](QualificationId id) const {
    return qualifications[id.index()];
  }
  const AgreementEntry& operator[](AgreementId id) const { return agreements[id.index()]; }
  const ProgramEntry& operator[](ProgramId id) const { return programs[id.index()]; }

  /// Resolves again what is held by value, after values of the scenario were changed in place
  /// (overwrite_values.hpp), and says what is dormant from now on.
  void apply_changes(const Dormant& dormant);
  /// Whether there is any that is not dormant.
  bool has_agreements() const;
  bool has_programs() const;

  PartyId party(SiteId site) const { return PartyId{site.index()}; }
  PartyId party(CustomerId customer) const { return PartyId{sites.size() + customer.index()}; }
  std::size_t party_count() const { return sites.size() + customers.size(); }
  bool is_customer(PartyId party) const { return party.index() >= sites.size(); }
  const std::string& party_name(PartyId party) const;
  SiteId site_of(PartyId party) const { return SiteId{party.index()}; }
  const std::optional<Name>& region_of(PartyId party) const;

  /// Before this, qualifications keep a recipe, a channel or a variant from being used.
  sim::Time earliest(RecipeId recipe) const;
  sim::Time earliest(ChannelId channel) const;
  sim::Time earliest(ChannelId channel, std::size_t variant) const;

  sim::Time start() const { return scenario.start; }
  /// The first second after the scenario.
  sim::Time end() const { return scenario.end.date + std::chrono::days{1}; }
  /// When simulation begins: `start` less the warm-up.
  sim::Time begin() const;
  /// Review rhythm of a site or customer.
  sim::Duration review_every(PartyId party) const;
  sim::Duration review_offset(PartyId party) const;

 private:
  void add_items();
  void add_sites();
  void add_site_parts(SiteId site);
  Value mix_of(const Offer& offer, StockId variant) const;
  void add_customers();
  void add_channels();
  void add_migrations();
  void add_migration_legs(MigrationEntry& entry, const SiteEntry& site) const;
  void add_share_limits(const MigrationEntry& entry);
  void add_qualifications();
  void add_substitutions();
  void add_agreements();
  void set_dormant(const Dormant& dormant);
  ChannelId channel_of(const std::string& buyer, const std::string& seller,
                       const std::string& item) const;
  void add_programs();
  void add_lines(ProgramId program, const Name& site, const std::vector<Name>& names);
  void add_disruption(ProgramId program, const Disruption& disruption);
  void add_control(ProgramId program, const ExportControl& control);
  void add_exit(ProgramId program, const SupplierExit& exit);
  ChannelId add_channel(PartyId buyer, const std::string& seller, ProductId product,
                        const Source& source);
  StockId stock_of(SiteId site, ItemId item) const;
};

/// The lane that fits best from one site to a site or customer, or null.
const TransportLane* best_lane(const Scenario& scenario, const std::string& from,
                               const std::optional<Name>& from_region, const std::string& to,
                               const std::optional<Name>& to_region);

/// The buyers of an offer as its rule of allocation is told of them, by channel. The names are the
/// catalog's.
std::vector<policy::BuyerFacts> buyer_facts(const Catalog& catalog, OfferId offer);

/// Whether who buys along the channel may get more by ordering more than it needs, by the rule of
/// the offer: see policy::Rewards. Agreements do not count.
bool over_ordering_pays(const Catalog& catalog, ChannelId channel);
/// The channels at which a buyer with these terms orders more than it needs, one flag for each.
std::vector<bool> over_orders_at(const Catalog& catalog, std::span<const ChannelId> channels,
                                 const policy::OverOrdering& terms);

}  // namespace optichain::models
