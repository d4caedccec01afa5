#pragma once
// The shop floor of a site: lots, from the inputs they take to the good pieces and scrap they
// leave.

#include <memory>
#include <span>
#include <vector>

#include "models/agents/context.hpp"
#include "models/agreement/earmark.hpp"
#include "models/books/accounts.hpp"
#include "models/books/ledger.hpp"
#include "models/network/opening_state.hpp"
#include "models/policy/apportion.hpp"
#include "models/state/continuous_review.hpp"
#include "models/state/inventory.hpp"
#include "models/state/realisation.hpp"
#include "sim/kernel/line.hpp"

namespace optichain::models::agents {

class ShopFloor {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    const state::Realisation& real;
    books::Ledger& ledger;
    state::Inventory& inventory;
    books::Accounts& accounts;
    const state::ContinuousReview& continuous_review;
  };
  /// `lines` by LineId over all sites. Recipes are known by their position in the site.
  ShopFloor(const Context& context, SiteId site, std::span<const std::unique_ptr<sim::Line>> lines);
  /// Starts what a scenario says is in process at the beginning.
  void put_initial(const network::OpeningState& beginning);
  /// Pieces bought here in the stead of another are followed into what is made of them.
  void add_earmark(agreement::Earmark& earmark) { earmarks_.push_back(&earmark); }

  /// Starts pieces, in lots of the recipe's size.
  void start(std::size_t recipe, Pieces pieces);
  /// Of the pieces of an input on hand, what lots have used already: recipes that use a part of a
  /// piece take whole pieces off the stock as they are used up.
  double part_used(StockId stock) const;
  Pieces in_process(std::size_t recipe) const { return jobs_[recipe].in_process; }
  /// The part of what is started now that plans expect to be good, above 0.
  double yield(std::size_t recipe) const;

 private:
  /// A recipe, with what it has under way.
  struct Job {
    const Catalog::RecipeEntry* entry;
    RecipeId id;
    sim::Stream draws;       // two numbers a lot: cycle time and yield
    sim::Stream work_draws;  // a number a lot: the factor on its work
    std::vector<policy::Carry> input_carry;
    books::MeterId started, good, scrap, in_process_level;
    policy::Carry good_carry{};
    Pieces in_process{}, started_total{};
    std::uint64_t lots = 0;
  };

  /// Takes the inputs of a lot, pays its conversion, submits it to the line.
  void start_lot(std::size_t recipe, Pieces pieces);
  void take_inputs(std::size_t recipe, Pieces pieces);
  void leave_line(std::size_t recipe, std::uint64_t lot, Pieces pieces, double work);
  void finish(std::size_t recipe, std::uint64_t lot, Pieces pieces);
  void come_out(Job& job, Pieces good, Pieces scrap);
  void change_in_process(Job& job, Pieces change) const;

  const Context& context_;
  SiteId site_;
  std::span<const std::unique_ptr<sim::Line>> lines_;
  std::vector<Job> jobs_;
  std::vector<double> part_used_;  // by position of the stock point in the site
  std::vector<agreement::Earmark*> earmarks_;
};

}  // namespace optichain::models::agents
