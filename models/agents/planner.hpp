#pragma once
// The planner of a site: how many pieces of each recipe to start, and what stood in the way.

#include <memory>
#include <optional>

#include "models/agents/order_desk.hpp"
#include "models/policy/apportion.hpp"
#include "models/policy/layers.hpp"
#include "models/policy/sharing.hpp"
#include "sim/kernel/line.hpp"

namespace optichain::models {

class Planner {
 public:
  /// `desks` are those of the site's offers; `lines` by LineId over all sites.
  Planner(const Context& context, SiteId site, std::vector<OrderDesk*> desks,
          std::span<const std::unique_ptr<sim::Line>> lines);
  void put_initial();
  /// Capacity of the site is reserved for an agreement; added before the first plan, by priority.
  void add_agreement(const AgreementDesk& desk);
  /// Pieces bought here in the stead of another are followed into what is made of them.
  void add_earmark(Earmark& earmark) { earmarks_.push_back(&earmark); }

  bool has_recipes() const { return !routes_.empty(); }
  /// Plans for the coming `weeks` and starts lots.
  void plan_and_start(double weeks);

  /// What production asks of an input, after the last plan, in pieces of the input.
  struct InputNeed {
    double new_use = 0;       // for the orders that came in since the review before
    double waiting = 0;       // for starts that are wanted and that lines would allow
    double line_waiting = 0;  // for starts that wait for a line, which need it later
    double line_room = 0;     // of these, what lines allow in a review beyond new use
  };
  const InputNeed& need(StockId stock) const;
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
  bool could_start(std::size_t recipe_of_site) const;
  /// What the buyer of an input last found: how long an order placed now takes, how many pieces
  /// lack that could be put to use when it arrives, what sellers owe, and how fast they deliver.
  struct InputOutlook {
    double lead_weeks = 0;
    double lacking = 0;
    double owed = 0;
    double received_per_week = 0;
  };
  void note_outlook(StockId stock, InputOutlook outlook);
  const InputOutlook& outlook(StockId stock) const;
  /// Pieces started and not finished, by position of the recipe in the site.
  Pieces in_process(std::size_t recipe_of_site) const { return routes_[recipe_of_site].in_process; }

 private:
  /// A recipe, with what it has under way.
  struct Route {
    const Catalog::RecipeEntry* entry = nullptr;
    RecipeId id;
    OrderDesk* desk = nullptr;  // of the offer that sells what it makes
    std::size_t variant = 0;    // within that offer
    sim::Stream draws;          // two numbers a lot: cycle time and yield
    Pieces in_process{}, started_total{};
    std::uint64_t lots = 0;
    double allowance = 0;  // pieces that its own limit allows this time
    Carry good_carry{};
    std::vector<Carry> input_carry;
    std::size_t first_cut = 0, last_cut = 0;  // its part of `cuts_`
    MeterId wanted, started, good, scrap, in_process_level;
    Wait wait{};
  };
  /// Something that can cut a plan.
  struct Limit {
    Cause cause;
    std::size_t index;  // of the line in the catalog, the route, or the stock point in the catalog
  };
  /// Pieces of a route that wait for want of one thing, and the meter that follows them.
  struct Cut {
    std::size_t route;
    std::size_t limit;     // none if it is for what an agreement reserves
    std::size_t reserved;  // by position, or none
    MeterId lost;
    std::int64_t waiting = 0;
  };
  static constexpr std::size_t none = Grant::none;

  void add_route(RecipeId id);
  void add_limits();
  std::size_t limit_of(Cause cause, std::size_t index);

  std::vector<double> good_wanted(double weeks);
  void want_of_desk(const OrderDesk& desk, double weeks, std::vector<double>& wanted);
  bool look_at(const OrderDesk& desk);
  double lead_weeks(const OrderDesk& desk) const;
  std::vector<Want> to_wants(const std::vector<double>& good) const;
  std::vector<Resource> resources_without_inputs(double weeks);
  void note_needs(std::span<const Want> wants, std::span<const Grant> feasible,
                  std::span<const Grant> grants);
  std::vector<ReservedStarts> reserve_starts(std::span<const Want> wants, double weeks);
  std::vector<Grant> grant(std::span<const Want> wants, std::vector<Resource>& available,
                           double weeks);
  std::int64_t given_away(std::size_t route) const {
    return given_away_.empty() ? 0 : given_away_[route];
  }
  void note_waits(std::span<const Want> wants, std::span<const Grant> by_plan,
                  std::span<const Grant> grants, double weeks);
  double weeks_to_get(std::size_t limit, double wanted, double weeks) const;
  void record_cuts(std::size_t route, std::int64_t unmet, std::size_t bound_by);
  void begin_to_wait(std::span<Cut> cuts, std::int64_t pieces, std::size_t bound_by,
                     std::int64_t given_away);
  void shrink_waiting(std::span<Cut> cuts, std::int64_t total, bool started);
  double new_use_of(const Route& route) const;
  void spill(OrderDesk& desk, std::span<const Want> wants, std::span<const Resource> available,
             std::vector<Grant>& grants) const;
  void change_in_process(Route& route, Pieces change) const;
  void start(std::size_t route, Pieces pieces);
  void leave_line(std::size_t route, std::uint64_t lot, Pieces pieces);
  void finish(std::size_t route, std::uint64_t lot, Pieces pieces);
  void lose(std::size_t route, Pieces pieces);
  void come_out(Route& route, Pieces good, Pieces scrap);
  double yield_of(const Route& route) const;
  double margin_of(const Route& route) const;

  const Context& context_;
  SiteId site_;
  const Catalog::SiteEntry& entry_;
  std::vector<OrderDesk*> desks_;
  std::span<const std::unique_ptr<sim::Line>> lines_;
  std::vector<Route> routes_;
  std::vector<Limit> limits_;
  std::vector<Use> uses_;
  std::vector<Cut> cuts_;  // by route
  std::vector<double> fixed_weights_;
  struct Reserved {
    const AgreementDesk* desk;
    std::vector<std::size_t> routes;  // that make what it is about
    std::vector<double> starts;       // of each of them, at this review
  };
  double reserved_of(const Reserved& reserved, std::size_t resource) const;
  std::vector<Reserved> reserved_;
  std::vector<Earmark*> earmarks_;
  std::vector<std::int64_t>
      given_away_;  // by route: starts cut for what is reserved, if anything is
  // What the planner sees of one desk: weights of the routes within their variant, of the variants,
  // and what is there or coming of each variant. Kept for its memory.
  struct View {
    std::vector<double> route_weight, variant_weight, on_hand, coming, lacking;
  };
  View view_;
  std::vector<InputNeed> needs_;        // by position of the stock point in the site
  std::vector<InputOutlook> outlooks_;  // the same way
};

}  // namespace optichain::models
