#include "models/agreement/agreement_account.hpp"

#include <algorithm>
#include <cmath>

#include "models/policy/apportion.hpp"
#include "models/policy/contract_price.hpp"
#include "models/policy/tie.hpp"

namespace optichain::models::agreement {
namespace {

constexpr sim::Duration one_second{1};
constexpr Pieces nothing{0};

/// The first day of the next calendar period after a day.
sim::Date next_period(sim::Date day, SettlementPeriod settled) {
  const std::chrono::year_month_day date(day);
  const int months = settled == SettlementPeriod::month     ? 1
                     : settled == SettlementPeriod::quarter ? 3
                                                            : 12;
  const int month = static_cast<int>(static_cast<unsigned>(date.month())) - 1;  // from 0
  const std::chrono::year_month january(date.year(), std::chrono::January);
  const std::chrono::months next{(month / months + 1) * months};
  return sim::Date{(january + next) / std::chrono::day{1}};
}

}  // namespace

AgreementAccount::AgreementAccount(const trade::Services& services, const state::Realisation& real,
                                   AgreementDates& dates, AgreementId id,
                                   std::vector<trade::Channel*> takers,
                                   std::span<const std::unique_ptr<sim::Line>> lines)
    : services_(services),
      dates_(dates),
      id_(id),
      entry_(services.catalog[id]),
      terms_(*entry_.agreement),
      takers_(std::move(takers)),
      volume_(services, real, entry_, lines),
      seller_(services.catalog.party(services.catalog[entry_.offer].site)),
      buyer_value_{terms_.buyer_cost_of_capital, services.catalog.start()},
      seller_value_{terms_.seller_cost_of_capital, services.catalog.start()},
      called_(takers_.size()),
      delivered_(takers_.size()) {
  const auto entity = measures::of(measures::Group::agreements, entry_.name);
  books::Meters& m = services.meters;
  const auto money = [&](const char* measure) { return m.flow(entity, measure, 1e-6); };
  meters_ = {.committed = m.flow(entity, "committed"),
             .called = m.flow(entity, "called"),
             .delivered = m.flow(entity, "delivered"),
             .owed = m.level(entity, "owed"),
             .shortfall_buyer = m.flow(entity, "shortfall_buyer"),
             .shortfall_seller = m.flow(entity, "shortfall_seller"),
             .cash_to_seller = money("cash_to_seller"),
             .take_or_pay = money("take_or_pay"),
             .penalty = money("penalty"),
             .prepaid_balance = m.level(entity, "prepaid_balance", 1e-6),
             .npv_buyer = money("npv_buyer"),
             .npv_seller = money("npv_seller")};
  for (std::size_t part = 0; part < takers_.size(); ++part) parts_.emplace_back(*this, part);
}

void AgreementAccount::make_periods() {
  sim::Date last = terms_.until.date + std::chrono::days{1};
  if (terms_.termination && terms_.termination->on) last = std::min(last, *terms_.termination->on);
  for (sim::Date day = terms_.from; day < last;) {
    const sim::Date next = terms_.settled == SettlementPeriod::week
                               ? day + std::chrono::weeks{1}
                               : next_period(day, terms_.settled);
    const Period period{std::max(sim::Time{day}, services_.catalog.begin()), std::min(next, last)};
    if (period.begin < period.end) periods_.push_back(period);
    day = next;
  }
}

void AgreementAccount::begin() {
  has_begun_ = true;
  for (const auto& part : entry_.parts) {
    const std::string& taker = services_.catalog[part.channel].name;
    weights_.push_back(part.weight);
    ties_.push_back(policy::drawn_tie(services_.run, entry_.name + " " + taker, "parts"));
  }
  owed_parts_.assign(weights_.size(), 0);
  make_periods();
  volume_.find_routes();
  if (terms_.prepayment) {
    for (const DatedAmount& due : terms_.prepayment->payments) {
      const Money amount = usd(due.usd);
      if (sim::Time{due.on} < services_.catalog.begin()) {
        credit(-amount);
        continue;
      }
      dates_.at(due.on, state::phase::prepaying, id_, entry_.name, [this, amount] {
        if (period_ == periods_.size()) return;  // the agreement has ended before
        pay_seller(entry_.buyer, books::Account::prepayment, amount);
        credit(-amount);
      });
    }
  }
  for (const Period& period : periods_) {
    if (period.end > services_.catalog.end()) break;
    dates_.at(period.end - one_second, state::phase::settling, id_, entry_.name,
              [this] { settle_period(); });
  }
  if (periods_.empty()) return;
  dates_.at(periods_.front().begin, state::phase::prepaying, id_, entry_.name,
            [this] { begin_period(); });
  for (const Period& period : periods_) tell_at(period.begin);
  tell_at(periods_.back().end);
}

/// A period begins or ends: there is more to call and to reserve, or what was kept is free. Who may
/// have waited for that is told.
void AgreementAccount::tell_at(sim::Time date) {
  if (date >= services_.catalog.end()) return;
  dates_.at(date, state::phase::programs, id_, entry_.name, [this] {
    for (const auto& part : entry_.parts) {
      services_.continuous_review.notify_both(services_.catalog, part.channel);
    }
  });
}

void AgreementAccount::begin_period() {
  volume_.begin_period(periods_[period_].begin, periods_[period_].end);
  if (period_ == 0) {
    volume_.begin();
    if (entry_.index.valid()) {
      index_first_ = services_.terms.price_usd(entry_.index, services_.now());
    }
  }
  std::fill(called_.begin(), called_.end(), nothing);
  std::fill(delivered_.begin(), delivered_.end(), nothing);
  record_ = PeriodRecord{};
  record_.owed_before = owed_;
}

bool AgreementAccount::in_force() const {
  return period_ < periods_.size() && services_.now() >= periods_[period_].begin;
}

/// A taker's part of some pieces of a period.
Pieces AgreementAccount::part_of(Pieces pieces, std::size_t part) const {
  if (weights_.size() == 1) return pieces;
  std::vector<double> owed = owed_parts_;
  return Pieces{policy::apportion(pieces.count(), weights_, owed, ties_)[part]};
}

// --- the buyer's side --------------------------------------------------------------------------

sim::Time AgreementAccount::next_review(std::size_t part) const {
  const PartyId taker = services_.catalog[entry_.parts[part].channel].buyer;
  return services_.now() + services_.catalog.review_every(taker);
}

Pieces AgreementAccount::still_to_call(std::size_t part) {
  if (!in_force()) return nothing;
  const sim::Time until = std::min(next_review(part), periods_[period_].end);
  volume_.accrue(until);
  const Pieces volume = volume_.expected(until) + banks_.make_up.total();
  return std::max(nothing, part_of(volume, part) - called_[part]);
}

Pieces AgreementAccount::upside_left(std::size_t part) {
  if (!in_force() || terms_.upside <= 0) return nothing;
  volume_.accrue(next_review(part));
  const Pieces volume = volume_.so_far();
  const Pieces upside{sim::to_whole(std::floor(terms_.upside * to_double(volume) + 1e-6))};
  const Pieces most = volume + banks_.make_up.total() + upside;
  return std::max(nothing, part_of(most, part) - called_[part]);
}

void AgreementAccount::call(std::size_t part, Pieces pieces) {
  called_[part] += pieces;
  record_.called += pieces;
  services_.meters.add(meters_.called, pieces.count());
}

// --- the seller's side -------------------------------------------------------------------------

Pieces AgreementAccount::entitled(std::size_t part) {
  if (terms_.reservation == Reservation::none) return nothing;
  const Pieces open = takers_[part]->open_calls(id_);
  if (!terms_.share_of_output) return open;  // no more than that can have been called
  if (!in_force()) return nothing;
  volume_.accrue(services_.now());
  return std::min(open, std::max(nothing, part_of(volume_.so_far(), part) - delivered_[part]));
}

Pieces AgreementAccount::kept_for_calls() {
  if (terms_.reservation != Reservation::hard || !in_force()) return nothing;
  if (terms_.share_of_output) {
    volume_.accrue(services_.now());
    return std::max(nothing, volume_.so_far() - record_.delivered - owed_now());
  }
  volume_.accrue(services_.now() + services_.catalog.review_every(seller_));
  return std::max(nothing, volume_.so_far() + banks_.make_up.total() - record_.called);
}

double AgreementAccount::reserved_over(double weeks) const {
  if (terms_.reservation == Reservation::none || terms_.share_of_output || !in_force()) return 0;
  const sim::Time until = services_.now() + sim::days_to_duration(7 * weeks);
  return volume_.between(services_.now(), std::min(until, periods_.back().end));
}

Pieces AgreementAccount::owed_now() const {
  Pieces owed{0};
  for (const trade::Channel* taker : takers_) owed += taker->open_calls(id_);
  return owed;
}

void AgreementAccount::note_served() {
  owed_ = owed_now();
  services_.meters.set(meters_.owed, owed_.count(), services_.now());
}

// --- money -------------------------------------------------------------------------------------

double AgreementAccount::price(double spot) const {
  policy::PriceBasis basis{.spot = spot};
  if (entry_.index.valid()) {
    basis.index = services_.terms.price_usd(entry_.index, services_.now());
    basis.index_first = index_first_;
  }
  return policy::contract_price(terms_.price, services_.now(), basis);
}

/// What a piece would cost without the agreement: of a family, by the mix that is meant now.
double AgreementAccount::spot_usd() const {
  const sim::Time now = services_.now();
  const ChannelId channel = entry_.parts.front().channel;
  const auto& variants = services_.catalog[entry_.offer].variants;
  for (const bool by_mix : {true, false}) {
    double sum = 0, weights = 0;
    for (std::size_t v = 0; v < variants.size(); ++v) {
      if (!services_.terms.could_accept(channel, v)) continue;
      const double weight = by_mix ? services_.terms.mix(entry_.offer, v, now) : 1;
      sum += weight * takers_.front()->spot_usd(variants[v].stock);
      weights += weight;
    }
    if (weights > 0) return sum / weights;
  }
  return 0;
}

Money AgreementAccount::deliver(std::size_t part, Pieces pieces, double spot) {
  delivered_[part] += pieces;
  record_.delivered += pieces;
  services_.meters.add(meters_.delivered, pieces.count());
  const double value = spot * to_double(pieces);
  const sim::Time now = services_.now();
  services_.meters.add(meters_.npv_buyer, usd(value * buyer_value_.at(now)).count());
  services_.meters.add(meters_.npv_seller, -usd(value * seller_value_.at(now)).count());

  const Money invoice = usd(price(spot) * to_double(pieces));
  pay_goods(services_.catalog[entry_.parts[part].channel], invoice);
  if (prepaid_ > Money{0}) {
    struct Visitor {
      Money invoice;
      Pieces pieces;
      Money operator()(const CreditAgainstInvoices& c) const {
        return usd(c.up_to * to_usd(invoice));
      }
      Money operator()(const CreditPerPiece& c) const { return usd(c.usd * to_double(pieces)); }
      Money operator()(const CreditEvenly&) const { return Money{0}; }
    };
    const Money most = std::visit(Visitor{invoice, pieces}, terms_.prepayment->credited);
    const Money credited = std::min({most, invoice, prepaid_});
    pay_buyer(books::Account::prepayment, credited);
    credit(credited);
  }
  return invoice;
}

/// Takes an amount off what is prepaid.
void AgreementAccount::credit(Money amount) {
  prepaid_ -= amount;
  services_.meters.set(meters_.prepaid_balance, prepaid_.count(), services_.now());
}

/// Invoices are due by the terms of the channel. They are counted now and discounted from the day
/// on which they are paid.
void AgreementAccount::pay_goods(const Catalog::ChannelEntry& channel, Money invoice) {
  const sim::Time due = services_.now() + sim::days_to_duration(channel.source->payment_days);
  if (due == services_.now()) return pay_seller(channel.buyer, books::Account::goods, invoice);
  services_.accounts.pay_at(due, state::phase::charging, channel.buyer, seller_,
                            books::Account::goods, invoice);
  count_cash(invoice, due);
}

void AgreementAccount::pay_seller(PartyId payer, books::Account account, Money amount) {
  services_.accounts.pay(payer, seller_, account, amount);
  count_cash(amount, services_.now());
}

void AgreementAccount::pay_buyer(books::Account account, Money amount) {
  services_.accounts.pay(seller_, entry_.buyer, account, amount);
  count_cash(-amount, services_.now());
}

void AgreementAccount::count_cash(Money to_seller, sim::Time due) {
  const double amount = to_usd(to_seller);
  services_.meters.add(meters_.cash_to_seller, to_seller.count());
  services_.meters.add(meters_.npv_buyer, -usd(amount * buyer_value_.at(due)).count());
  services_.meters.add(meters_.npv_seller, usd(amount * seller_value_.at(due)).count());
}

// --- settlement --------------------------------------------------------------------------------

void AgreementAccount::settle_period() {
  if (period_ == periods_.size()) return;  // ended before its last day
  volume_.accrue(periods_[period_].end);
  record_.committed = volume_.take_period();
  policy::apportion(record_.committed.count(), weights_, owed_parts_, ties_);
  owed_ = std::min(owed_, owed_now());  // calls may have been withdrawn
  record_.owed_after = owed_;
  record_.price_usd = price(spot_usd());
  const Settlement s = settle(terms_, record_, banks_);

  services_.meters.add(meters_.committed, record_.committed.count());
  services_.meters.add(meters_.shortfall_buyer, s.shortfall_buyer.count());
  services_.meters.add(meters_.shortfall_seller, s.shortfall_seller.count());
  services_.meters.add(meters_.take_or_pay, (s.take_or_pay - s.make_up).count());
  services_.meters.add(meters_.penalty, (s.buyer_damages + s.seller_damages).count());
  pay_seller(entry_.buyer, books::Account::take_or_pay, s.take_or_pay);
  pay_buyer(books::Account::take_or_pay, s.make_up);
  pay_seller(entry_.buyer, books::Account::damages, s.buyer_damages);
  pay_buyer(books::Account::damages, s.seller_damages);

  const auto left = static_cast<std::int64_t>(periods_.size() - period_);
  if (terms_.prepayment && std::holds_alternative<CreditEvenly>(terms_.prepayment->credited)) {
    const Money part{prepaid_.count() / left};
    pay_buyer(books::Account::prepayment, part);
    credit(part);
  }

  std::optional<Side> failing;
  if (const auto& rule = terms_.termination) {
    const bool seller = fails(rule->delivered_below, record_.called - s.shortfall_seller,
                              record_.called, low_deliveries_);
    const bool buyer = fails(rule->called_below, record_.called, record_.committed, low_calls_);
    if (left == 1 && rule->on) failing = rule->by;
    if (buyer) failing = Side::buyer;
    if (seller) failing = Side::seller;
  }
  if (failing || left == 1) return end_now(failing);
  ++period_;
  begin_period();
}

/// Whether one side has stayed below what it must in enough periods in a row.
bool AgreementAccount::fails(std::optional<double> least, Pieces part, Pieces whole,
                             std::int64_t& in_a_row) const {
  if (!least || whole <= nothing) return false;
  const bool low = to_double(part) < *least * to_double(whole);
  in_a_row = low ? in_a_row + 1 : 0;
  return in_a_row >= terms_.termination->periods;
}

/// Ends the agreement: on its last day, or earlier, because one side failed or wanted it to.
void AgreementAccount::end_now(std::optional<Side> failing) {
  period_ = periods_.size();
  if (failing) {
    const Money fee = usd(terms_.termination->fee_usd);
    services_.meters.add(meters_.penalty, fee.count());
    if (*failing == Side::buyer) pay_seller(entry_.buyer, books::Account::termination, fee);
    if (*failing == Side::seller) pay_buyer(books::Account::termination, fee);
    for (trade::Channel* taker : takers_) taker->release_calls(id_);
    note_served();
  }
  if (prepaid_ > Money{0}) {
    if (terms_.prepayment->unused == Unused::refunded)
      pay_buyer(books::Account::prepayment, prepaid_);
    credit(prepaid_);
  }
}

}  // namespace optichain::models::agreement
