#include "models/agreement/settlement.hpp"

#include <algorithm>

namespace optichain::models::agreement {
namespace {

constexpr Pieces none{0};

}  // namespace

Pieces Bank::total() const {
  Pieces sum{0};
  for (const Lot& lot : lots) sum += lot.pieces;
  return sum;
}

void Bank::take(Pieces pieces) {
  for (Lot& lot : lots) {
    const Pieces part = std::min(pieces, lot.pieces);
    lot.pieces -= part;
    pieces -= part;
  }
}

void Bank::age(Pieces fresh, std::int64_t periods) {
  for (Lot& lot : lots) --lot.periods_left;
  if (fresh > none) lots.push_back({fresh, periods});
  std::erase_if(lots, [](const Lot& lot) { return lot.periods_left <= 0 || !lot.pieces; });
}

Settlement settle(const Agreement& terms, const PeriodRecord& p, Banks& banks) {
  Settlement s;
  const Pieces minimum{sim::to_whole(terms.take_or_pay * to_double(p.committed))};

  const Pieces made_up = std::min(banks.make_up.total(), std::max(none, p.called - minimum));
  s.make_up = usd(p.price_usd * to_double(made_up));
  banks.make_up.take(made_up);

  const Pieces must = terms.buyer_damages > 0 ? p.committed : minimum;
  const Pieces carried = std::min(banks.carried.total(), std::max(none, must - p.called));
  banks.carried.take(carried);
  const Pieces counted = p.called + carried;
  const Pieces paid_for = std::max(none, minimum - counted);
  const Pieces damaged = std::max(none, p.committed - counted - paid_for);
  s.shortfall_buyer = std::max(none, p.committed - p.called);
  s.take_or_pay = usd(p.price_usd * to_double(paid_for));
  s.buyer_damages = usd(terms.buyer_damages * p.price_usd * to_double(damaged));

  const Pieces from_before = std::max(none, p.owed_before - p.delivered);
  s.shortfall_seller = std::max(none, p.owed_after + p.withdrawn - from_before);
  s.seller_damages = usd(terms.seller_damages * p.price_usd * to_double(s.shortfall_seller));

  banks.make_up.age(paid_for, terms.make_up_periods);
  banks.carried.age(std::max(none, p.called - made_up - p.committed), terms.carry_forward_periods);
  return s;
}

}  // namespace optichain::models::agreement
