#pragma once
// The planner of a site: how many pieces of each recipe to start, and what stood in the way.

#include <cmath>
#include <memory>
#include <optional>

#include "models/agents/context.hpp"
#include "models/agents/line_reservations.hpp"
#include "models/agents/order_desk.hpp"
#include "models/agents/waiting_starts.hpp"
#include "models/policy/replenishment/all.hpp"
#include "models/policy/sharing/all.hpp"
#include "models/policy/start_limit.hpp"
#include "models/policy/yield.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/inventory.hpp"
#include "models/state/realisation.hpp"

namespace optichain::models::agents {

class Planner {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    const state::Realisation& real;
    const state::Inventory& inventory;
    const state::CurrentTerms& terms;
    const state::ContinuousReview& continuous_review;
  };
  /// `desks` are those of the site's offers; `lines` by LineId over all sites.
  Planner(const Context& context, SiteId site, std::vector<const OrderDesk*> desks,
          std::span<const std::unique_ptr<sim::Line>> lines, ShopFloor& floor);
  /// Capacity of the site is reserved for an agreement; added before the first plan, by priority.
  void add_agreement(const agreement::AgreementAccount& account);

  bool has_recipes() const { return !routes_.empty(); }
  /// Open orders of one desk that another variant takes over from the one they were meant for.
  struct Takeover {
    std::size_t desk;            // by position in the site
    std::vector<double> change;  // of what is meant, by variant; sums to zero
  };
  /// Plans for the coming `weeks` and starts lots. Returns what the desks are to change.
  std::span<const Takeover> plan_and_start(double weeks);
  /// Starts what can be started now of what is wanted; what waits is taken note of at reviews.
  std::span<const Takeover> start_between_reviews(double weeks);
  /// What is in process for a desk, in good pieces, and how long that takes.
  OrderDesk::Supply supply_of(const OrderDesk& desk) const;

  /// What production asks of an input, after the last plan, in pieces of the input.
  struct InputNeed {
    double new_use = 0;       // for the orders that came in since the review before
    double waiting = 0;       // for starts that are wanted and that lines would allow
    double line_waiting = 0;  // for starts that wait for a line, which need it later
    double line_room = 0;     // of these, what lines allow in a review beyond new use
  };
  const InputNeed& need(StockId stock) const;
  /// Of the pieces of an input on hand, what lots have used already.
  double part_used(StockId stock) const { return floor_.part_used(stock); }
  /// What a line earns per unit of work, in USD: the margin of its best recipe that may be started;
  /// nothing if there is none.
  std::optional<double> margin_per_work(LineId line) const;
  /// What can cut a plan.
  enum class Cause { line, own_limit, input };
  /// Good pieces that a recipe lacks, and its bottleneck: of all that it uses, what takes longest
  /// to provide for everything that is wanted of it.
  struct Wait {
    Cause cause = Cause::input;
    std::size_t index = 0;  // of the line or the stock point in the catalog; else of the route
    double good_pieces = 0;
  };
  const Wait& wait(std::size_t recipe_of_site) const { return routes_[recipe_of_site].wait; }
  /// The agreements that reserve capacity here, and the share of a recipe's waiting starts that had
  /// to make room for one of them.
  const LineReservations& reservations() const { return reservations_; }
  double waiting_share(std::size_t recipe_of_site, std::size_t agreement) const;
  bool could_start(std::size_t recipe_of_site) const;
  /// What the buyer of an input found at its last review: how long an order placed now takes, how
  /// many pieces lack that could be put to use when it arrives, what sellers owe, and how fast they
  /// deliver.
  struct InputOutlook {
    double lead_weeks = 0;
    double lacking = 0;
    double owed = 0;
    double received_per_week = 0;
  };
  /// The site hands over what its buyer found, for the next plan.
  void note_outlook(StockId stock, const InputOutlook& outlook);
  const InputOutlook& outlook(StockId stock) const;

 private:
  /// A recipe as the planner sees it.
  struct Route {
    const Catalog::RecipeEntry* entry = nullptr;
    RecipeId id;
    const OrderDesk* desk = nullptr;  // of the offer that sells what it makes
    std::size_t variant = 0;          // within that offer
    double sharing_weight = 0;        // by the site's rule
    double allowance = 0;             // pieces that its own limit allows this time
    sim::Time accrued_until{};        // the allowance, where it comes bit by bit
    sim::Time allowance_awaited{};    // until then
    books::MeterId wanted;
    // Why its starts may wait: limits in the order of its uses, then the site's reservations
    // (none).
    std::vector<std::size_t> reasons{};
    // at this review
    bool can_start = false;
    double weight = 0, yield = 1;
    double share = 0;  // of the good pieces that are made of its variant now
    // What it had less than its share before: of what was made of its variant, in pieces; and in
    // lots of what was short, of a room, and of what was made in the stead of other variants.
    double owed_share = 0, owed_grant = 0, owed_in_stead = 0;
    double tie = 0;               // which is first of those owed the same
    std::int64_t went_first = 0;  // onto a line, before one with as much work
    Wait wait{};
  };
  /// Something that can cut a plan.
  struct Limit {
    Cause cause;
    std::size_t index;  // of the line in the catalog, the route, or the stock point in the catalog
    double work_per_unit = 1;  // of a line whose use is counted in pieces
  };

  void add_route(RecipeId id);
  void add_limits();
  void add_reason(std::size_t route, std::size_t limit, const std::string& what);
  std::size_t limit_of(Cause cause, std::size_t index);

  void look_at_routes();
  std::vector<double> good_wanted(double weeks);
  void want_of_desk(const OrderDesk& desk, double weeks, std::vector<double>& wanted);
  bool look_at(const OrderDesk& desk);
  double lead_weeks(const OrderDesk& desk) const;
  void to_wants(const std::vector<double>& good);
  void split_over_routes(const OrderDesk& desk, double total, std::vector<double>& wanted);
  void keep_to_room(std::span<policy::Want> wants, std::span<const policy::Grant> granted);
  bool allowances_accrue() const { return entry_.site->continuous_review && reservations_.empty(); }
  sim::Duration look_every() const {
    return policy::look_every(context_.catalog.review_every(context_.catalog.party(site_)));
  }
  void refill_allowances(double weeks);
  void accrue_allowances();
  void await_allowance(Route& route, std::int64_t lot, std::int64_t more) const;
  double own_limit(const Route& route, sim::Time until) const;
  double line_room(LineId line, sim::Time until) const;
  void list_resources(double weeks);
  std::vector<policy::Grant> plan(double weeks);
  void start(std::span<const policy::Grant> grants);
  void note_owed_shares(std::span<const policy::Grant> grants);
  void note_owed_grants();
  std::vector<policy::Grant> grant(std::vector<policy::Resource>& available, double weeks);
  void take_over(std::size_t desk, std::vector<policy::Grant>& grants);
  std::vector<std::int64_t> want_in_stead(double good, std::span<const double> room,
                                          std::span<policy::Want> wants);
  void note_in_stead(std::span<const std::int64_t> most, std::span<const policy::Want> wants,
                     std::span<const policy::Grant> given);
  void want_good(std::size_t route, double good, policy::Want& want) const;
  static std::vector<std::int64_t> lots_that_fit(std::int64_t room,
                                                 std::span<const policy::Want> wants,
                                                 std::span<const std::int64_t> wanted,
                                                 std::span<double> owed,
                                                 std::span<const double> ties);
  /// Of what the recipe's output is sold as, in good pieces.
  double lot_of(std::size_t route) const {
    return to_double(policy::lot_of(routes_[route].desk->entry().offer->replenish));
  }
  /// What cannot be started in parts.
  double largest_start(std::size_t route) const {
    return lot_of(route) > 1 ? static_cast<double>(starts_of(route, lot_of(route))) : 1;
  }
  std::int64_t starts_of(std::size_t route, double good) const {
    return policy::starts_for(good, routes_[route].yield);
  }
  void note_needs(std::span<const policy::Grant> feasible, std::span<const policy::Grant> grants);
  double new_use_of(const Route& route) const;
  void note_waits(std::span<const policy::Grant> grants, double weeks);
  double weeks_to_get(std::size_t limit, double wanted, double weeks) const;
  bool lacks_wholly(std::size_t recipe_of_site, std::size_t limit) const;
  void count_waiting(std::size_t route);
  double margin_of(std::size_t route) const;
  std::size_t position(StockId stock) const;

  const Context& context_;
  SiteId site_;
  const Catalog::SiteEntry& entry_;
  std::vector<const OrderDesk*> desks_;
  std::span<const std::unique_ptr<sim::Line>> lines_;
  ShopFloor& floor_;
  std::vector<Route> routes_;
  std::vector<StockId> made_;          // on these routes
  std::vector<StockId> made_in_ways_;  // of these, by several recipes
  std::vector<Limit> limits_;
  std::vector<policy::Use> uses_;
  WaitingStarts waiting_;
  LineReservations reservations_;
  std::vector<InputNeed> needs_;        // by position of the stock point in the site
  std::vector<InputOutlook> outlooks_;  // the same way

  // The plan of this review: what is wanted of each route, what there is of each limit, without and
  // with inputs, and what follows from them.
  std::vector<policy::Want> wants_;
  std::vector<policy::Resource> resources_, resources_on_hand_;
  std::vector<policy::Grant> by_plan_;    // before one variant takes over from another
  std::vector<std::int64_t> first_;       // of these, what went first for what is reserved
  std::vector<std::int64_t> given_away_;  // starts cut for what is reserved, if anything is
  std::vector<Takeover> takeovers_;
  /// What the planner sees of one desk, by variant: the weight of its routes, what is there, what
  /// is coming, what lacks.
  struct View {
    std::vector<double> variant_weight, on_hand, coming, lacking;
  };
  View view_;
  std::vector<std::size_t> ways_;  // routes of one variant; kept for its memory
};

}  // namespace optichain::models::agents
