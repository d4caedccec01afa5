#include "models/books/ledger.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

#include "sim/base/check.hpp"

namespace optichain::models::books {

Ledger::Ledger(const Catalog& catalog, const sim::Kernel& kernel,
               std::vector<sim::PiecewiseLinear> line_capacity)
    : catalog_(catalog),
      kernel_(kernel),
      stock_(catalog.stocks.size()),
      in_process_(catalog.recipes.size()),
      items_(catalog.items.size()),
      channels_(catalog.channels.size()),
      demands_(catalog.demands.size()),
      cash_(catalog.party_count() + 1) {
  for (sim::PiecewiseLinear& capacity : line_capacity) {
    const double highest = capacity.highest();
    lines_.push_back({std::move(capacity), catalog.begin(), 0, highest, 0});
  }
}

void Ledger::broken(const std::string& what) const {
  sim::fail("law broken: {}", what);
}

void Ledger::write(Entry entry, std::size_t account, std::int64_t amount) {
  const std::array<std::uint64_t, 3> line = {
      static_cast<std::uint64_t>(kernel_.now().time_since_epoch().count()),
      static_cast<std::uint64_t>(entry) << 32 | account, static_cast<std::uint64_t>(amount)};
  fingerprint_.add(line);
}

/// Takes pieces out of an account that must not fall below zero.
void Ledger::take(Pieces& account, Pieces pieces, const std::string& name, const char* what) const {
  if (pieces < Pieces{0}) broken(fmt::format("{} negative pieces {} at {}", pieces, what, name));
  if (account < pieces) {
    broken(fmt::format("{} pieces {} at {}, where there are {}", pieces, what, name, account));
  }
  account -= pieces;
}

void Ledger::put_initial(StockId stock, Pieces pieces) {
  stock_[stock.index()] += pieces;
  items_[catalog_[stock].item.index()].initial += pieces;
  write(Entry::initial, stock.index(), pieces.count());
}

void Ledger::begin_lot(RecipeId recipe, Pieces pieces) {
  auto& item = items_[catalog_[recipe].item.index()];
  item.begun += pieces;
  item.in_process += pieces;
  in_process_[recipe.index()] += pieces;
  write(Entry::begin, recipe.index(), pieces.count());
}

void Ledger::use_input(StockId stock, Pieces pieces) {
  take(stock_[stock.index()], pieces, catalog_[stock].name, "used");
  items_[catalog_[stock].item.index()].used += pieces;
  write(Entry::use, stock.index(), pieces.count());
}

void Ledger::finish_lot(RecipeId recipe, Pieces good, Pieces scrap) {
  const auto& r = catalog_[recipe];
  if (good < Pieces{0} || scrap < Pieces{0}) {
    broken(fmt::format("a lot of {} gave {} good pieces and {} scrap", r.name, good, scrap));
  }
  auto& item = items_[r.item.index()];
  take(in_process_[recipe.index()], good + scrap, r.name, "finished");
  item.in_process -= good + scrap;
  item.scrap += scrap;
  stock_[r.output.index()] += good;
  write(Entry::finish, recipe.index(), good.count());
  write(Entry::scrap, recipe.index(), scrap.count());
}

void Ledger::put_in_transit(ChannelId channel, StockId stock, Pieces pieces) {
  // what is on its way at the beginning was ordered and shipped before
  auto& c = channels_[channel.index()];
  c.ordered += pieces;
  c.shipped += pieces;
  c.in_transit += pieces;
  auto& item = items_[catalog_[stock].item.index()];
  item.initial += pieces;
  item.in_transit += pieces;
  write(Entry::transit, channel.index(), pieces.count());
}

void Ledger::ship(ChannelId channel, StockId stock, Pieces pieces) {
  auto& c = channels_[channel.index()];
  if (c.ordered - c.shipped - c.withdrawn < pieces) {
    broken(fmt::format("{} pieces shipped to {} without an order", pieces, catalog_[channel].name));
  }
  take(stock_[stock.index()], pieces, catalog_[stock].name, "shipped");
  c.shipped += pieces;
  c.in_transit += pieces;
  items_[catalog_[stock].item.index()].in_transit += pieces;
  write(Entry::ship, channel.index(), pieces.count());
}

void Ledger::arrive(ChannelId channel, StockId from, Pieces pieces) {
  auto& c = channels_[channel.index()];
  auto& item = items_[catalog_[from].item.index()];
  take(c.in_transit, pieces, catalog_[channel].name, "arrived");
  item.in_transit -= pieces;
  if (const PurchaseId purchase = catalog_[channel].purchase; purchase.valid()) {
    stock_[catalog_[purchase].stock.index()] += pieces;
  } else {
    item.delivered += pieces;
  }
  write(Entry::arrive, channel.index(), pieces.count());
}

void Ledger::order(ChannelId channel, Pieces pieces) {
  if (pieces < Pieces{0}) broken(fmt::format("{} ordered {}", catalog_[channel].name, pieces));
  channels_[channel.index()].ordered += pieces;
  write(Entry::order, channel.index(), pieces.count());
}

void Ledger::withdraw(ChannelId channel, Pieces pieces) {
  auto& c = channels_[channel.index()];
  if (c.ordered - c.shipped - c.withdrawn < pieces) {
    broken(fmt::format("{} withdrew {} pieces that were not open", catalog_[channel].name, pieces));
  }
  c.withdrawn += pieces;
  write(Entry::withdraw, channel.index(), pieces.count());
}

void Ledger::order_beyond_need(DemandId demand, Pieces pieces) {
  Pieces& beyond = demands_[demand.index()].beyond_need;
  beyond += pieces;
  if (beyond < Pieces{0}) {
    broken(
        fmt::format("{} has ordered {} pieces less than it needs", catalog_[demand].name, -beyond));
  }
}

void Ledger::give_up(DemandId demand, Pieces pieces) {
  demands_[demand.index()].given_up += pieces;
  write(Entry::give_up, demand.index(), pieces.count());
}

void Ledger::pay(PartyId from, PartyId to, Money amount) {
  cash_[from.index()] -= amount;
  cash_[to.index()] += amount;
  write(Entry::pay, from.index(), -amount.count());
  write(Entry::pay, to.index(), amount.count());
}

void Ledger::do_work(LineId id, double work) {
  LineAccount& line = lines_[id.index()];
  line.done += work;
  const double possible = line.possible_before + line.capacity.integral(line.since, kernel_.now());
  // Cumulated capacity is a floating-point number: a line of 1e12 a week cannot tell the moments
  // apart at which it does one unit and the next. A thousandth of a second is no matter.
  if (line.done > possible * (1 + 1e-9) + 1e-6 + 1e-3 * line.highest) {
    broken(fmt::format("line {} has done {} of work where {} was possible", catalog_[id].name,
                       line.done, possible));
  }
}

void Ledger::change_capacity(LineId id, sim::PiecewiseLinear capacity) {
  LineAccount& line = lines_[id.index()];
  line.possible_before += line.capacity.integral(line.since, kernel_.now());
  line.capacity = std::move(capacity);
  line.since = kernel_.now();
  line.highest = std::max(line.highest, line.capacity.highest());
}

void Ledger::audit(const Observed& seen) const {
  std::vector<Pieces> stock_of_item(items_.size());
  for (std::size_t s = 0; s < stock_.size(); ++s) {
    stock_of_item[catalog_.stocks[s].item.index()] += stock_[s];
    if (stock_[s] != seen.stock[s]) {
      broken(fmt::format("{} has {} pieces, by the ledger {}", catalog_.stocks[s].name,
                         seen.stock[s], stock_[s]));
    }
  }
  for (std::size_t r = 0; r < in_process_.size(); ++r) {
    if (in_process_[r] != seen.in_process[r]) {
      broken(fmt::format("{} has {} pieces in process, by the ledger {}", catalog_.recipes[r].name,
                         seen.in_process[r], in_process_[r]));
    }
  }
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const auto& a = channels_[c];
    const Pieces open = a.ordered - a.shipped - a.withdrawn;
    if (open != seen.open[c] || a.in_transit != seen.in_transit[c]) {
      broken(fmt::format("{} has {} open and {} in transit, by the ledger {} and {}",
                         catalog_.channels[c].name, seen.open[c], seen.in_transit[c], open,
                         a.in_transit));
    }
  }
  audit_demands(seen);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const ItemAccounts& a = items_[i];
    if (a.initial + a.begun !=
        stock_of_item[i] + a.in_transit + a.in_process + a.scrap + a.used + a.delivered) {
      broken(fmt::format("pieces of {} are not conserved", catalog_.items[i].name));
    }
  }
  for (std::size_t p = 0; p < cash_.size(); ++p) {
    if (cash_[p] == seen.cash[p]) continue;
    broken(fmt::format("{} has {} micro-dollars by its accounts, by the ledger {}",
                       p + 1 < cash_.size() ? catalog_.party_name(PartyId{p}) : "the outside world",
                       seen.cash[p], cash_[p]));
  }
  const Money total = std::accumulate(cash_.begin(), cash_.end(), Money{0});
  if (total != Money{0}) broken(fmt::format("cash sums to {} micro-dollars", total));
}

/// Nothing that is wanted leaves the books.
void Ledger::audit_demands(const Observed& seen) const {
  for (std::size_t d = 0; d < demands_.size(); ++d) {
    const DemandAccounts& a = demands_[d];
    Pieces ordered{0};
    for (const ChannelId c : catalog_.demands[d].channels) ordered += channels_[c.index()].ordered;
    const Pieces known = ordered + seen.waiting[d] + a.given_up;
    if (a.wanted + a.again + a.beyond_need == known) continue;
    broken(fmt::format(
        "{} wanted {} pieces, {} of them again, and ordered {} beyond its need; {} are ordered, {} "
        "wait for somebody to order from and {} were given up",
        catalog_.demands[d].name, a.wanted, a.again, a.beyond_need, ordered, seen.waiting[d],
        a.given_up));
  }
}

}  // namespace optichain::models::books
