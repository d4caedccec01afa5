#pragma once
// The ledger: every movement of pieces, orders and money, with the laws checked as it is written.
//
// Agents keep their own stock and order books; the ledger keeps accounts beside them, and each week
// the two are compared. A law that is broken ends the run with an Error that names it:
//   - no account of pieces falls below zero (no negative stock, nothing shipped that is not there);
//   - nothing is shipped without an open order;
//   - per item: initial + begun = stock + in transit + in process + scrap + used + delivered;
//   - per channel: ordered = open + on its way to the seller + shipped + withdrawn;
//   - per demand: wanted + wanted again from another seller + ordered beyond the need = ordered +
//     waiting for somebody to order from + given up while it waited; so what is wanted is shipped,
//     owed or withdrawn at any instant;
//   - no more is taken for new needs than was ordered beyond earlier ones;
//   - no line does more work than its capacity allowed so far;
//   - every payment has two ends, and cash over all parties and the outside sums to zero;
//   - the cash of each party is what it received less what it paid under all headings, without what
//     is not yet due.

#include <cstdint>
#include <string>
#include <vector>

#include "models/catalog/catalog.hpp"
#include "models/policy/units.hpp"
#include "sim/base/curve.hpp"
#include "sim/base/hash.hpp"
#include "sim/kernel/kernel.hpp"

namespace optichain::models::books {

class Ledger {
 public:
  /// `line_capacity` by LineId, in work per second, outages taken out, from the beginning on.
  Ledger(const Catalog& catalog, const sim::Kernel& kernel,
         std::vector<sim::PiecewiseLinear> line_capacity);

  // --- pieces: each call moves them between two accounts ---
  void put_initial(StockId stock, Pieces pieces);
  void begin_lot(RecipeId recipe, Pieces pieces);
  void use_input(StockId stock, Pieces pieces);
  void finish_lot(RecipeId recipe, Pieces good, Pieces scrap);
  void put_in_transit(ChannelId channel, StockId stock, Pieces pieces);
  void ship(ChannelId channel, StockId stock, Pieces pieces);
  void arrive(ChannelId channel, StockId from, Pieces pieces);

  // --- orders ---
  void order(ChannelId channel, Pieces pieces);
  void withdraw(ChannelId channel, Pieces pieces);

  // --- demand ---
  /// A customer wants pieces. It says nothing of where they are to come from.
  void want(DemandId demand, Pieces pieces) { demands_[demand.index()].wanted += pieces; }
  /// Pieces whose orders were withdrawn are to be ordered from another seller.
  void want_again(DemandId demand, Pieces pieces) { demands_[demand.index()].again += pieces; }
  /// So many more pieces were ordered than were needed, or less (below 0) because there was more
  /// on order than needed.
  void order_beyond_need(DemandId demand, Pieces pieces);
  /// A customer gives up pieces that nobody could be ordered from.
  void give_up(DemandId demand, Pieces pieces);

  // --- money ---
  /// From one party to another; the outside world is the party `outside()`.
  void pay(PartyId from, PartyId to, Money amount);
  PartyId outside() const { return PartyId{cash_.size() - 1}; }
  Money cash(PartyId party) const { return cash_[party.index()]; }

  // --- lines ---
  void do_work(LineId line, double work);
  /// From now on the line has another capacity.
  void change_capacity(LineId line, sim::PiecewiseLinear capacity);

  /// What the agents say they have, to be held against the accounts.
  struct Observed {
    std::vector<Pieces> stock;       // by StockId
    std::vector<Pieces> in_process;  // by RecipeId, pieces started
    std::vector<Pieces> in_transit;  // by ChannelId
    std::vector<Pieces> open;        // by ChannelId, at the seller or on the way there
    std::vector<Pieces> waiting;     // by DemandId, for somebody to order from
    std::vector<Money> cash;         // by PartyId, then the outside; by what was paid for
  };
  void audit(const Observed& observed) const;

  /// A hash over every movement so far, with dates.
  std::string fingerprint() { return fingerprint_.text(); }

 private:
  enum class Entry : std::uint64_t {
    initial,
    begin,
    use,
    finish,
    scrap,
    transit,
    ship,
    arrive,
    order,
    withdraw,
    pay,
    give_up
  };
  void write(Entry entry, std::size_t account, std::int64_t amount);
  [[noreturn]] void broken(const std::string& what) const;
  void take(Pieces& account, Pieces pieces, const std::string& name, const char* what) const;

  const Catalog& catalog_;
  const sim::Kernel& kernel_;
  /// What a line could do before its present capacity took effect, and since when it has that.
  struct LineAccount {
    sim::PiecewiseLinear capacity;
    sim::Time since;
    double possible_before = 0, highest = 0, done = 0;
  };
  std::vector<LineAccount> lines_;  // by LineId
  sim::Fingerprint fingerprint_;

  struct ItemAccounts {
    Pieces initial, begun, in_transit, in_process, scrap, used, delivered;
  };
  struct ChannelAccounts {
    Pieces ordered, shipped, withdrawn, in_transit;
  };
  struct DemandAccounts {
    Pieces wanted, again, beyond_need, given_up;
  };
  void audit_demands(const Observed& observed) const;
  std::vector<Pieces> stock_;        // by StockId
  std::vector<Pieces> in_process_;   // by RecipeId
  std::vector<ItemAccounts> items_;  // by ItemId
  std::vector<ChannelAccounts> channels_;
  std::vector<DemandAccounts> demands_;  // by DemandId
  std::vector<Money> cash_;              // by PartyId, then the outside
};

}  // namespace optichain::models::books
