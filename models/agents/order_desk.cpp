#include "models/agents/order_desk.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "models/policy/apportion.hpp"
#include "models/policy/smoothing.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::agents {
namespace {

// Weight of the newest quote, so that one bad week does not set off a wave of orders.
constexpr double quote_alpha = 0.3;
constexpr double longest_quote_weeks = 520;

double part_of_piece(double pieces) {
  return pieces - std::floor(pieces + 1e-9);
}

}  // namespace

OrderDesk::OrderDesk(const Context& context, OfferId id, std::vector<trade::Channel*> channels,
                     double initial_per_week, std::optional<Echelon> echelon,
                     sim::Time first_supply)
    : context_(context),
      id_(id),
      entry_(context.catalog[id]),
      channels_(std::move(channels)),
      echelon_(std::move(echelon)),
      allocation_(allocation_of_buyers()),
      intake_rates_(channels_.size(), 0),
      meant_(entry_.variants.size(), 0),
      owed_lots_(entry_.variants.size(), 0),
      forecast_(entry_.offer->forecast,
                entry_.offer->initial_forecast_per_week.value_or(initial_per_week)),
      shipping_per_week_(forecast_.per_week()),
      first_supply_(first_supply),
      intake_by_variant_(entry_.variants.size(), 0),
      seen_(channels_.size()),
      seen_by_variant_(entry_.variants.size(), 0) {
  for (const auto& variant : entry_.variants) {
    ties_.push_back(context_.tie(context_.catalog[variant.stock].name, "variants"));
  }
  meters_.backlog =
      context.meters.level(measures::of(measures::Group::sites, entry_.name), "backlog");
}

/// The offer's policy, told of the buyers by channel; shipments are told as they happen.
policy::Allocation OrderDesk::allocation_of_buyers() const {
  using policy::BuyerFact;
  static_assert(policy::are_told<policy::AllocationPolicy>(
      policy::AllocationNeeds{BuyerFact::name, BuyerFact::premium, BuyerFact::shipments}));
  std::vector<policy::BuyerFacts> facts = buyer_facts(context_.catalog, id_);
  for (std::size_t c = 0; c < facts.size(); ++c) {
    facts[c].tie = context_.tie(context_.catalog[channels_[c]->id()].name, "buyers");
  }
  return {entry_.offer->allocation, facts};
}

/// New orders are meant for the variants by the mix of the moment.
void OrderDesk::look_at_intake() {
  fresh_.assign(meant_.size(), 0.0);
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const Pieces intake = channels_[c]->take_intake();
    seen_[c] += intake;
    add_by_mix(c, to_double(intake), fresh_);
  }
  for (std::size_t v = 0; v < meant_.size(); ++v) {
    meant_[v] += fresh_[v];
    seen_by_variant_[v] += fresh_[v];
  }
}

void OrderDesk::take_orders_in(double weeks) {
  if (weeks != observed_weeks_) {
    observed_weeks_ = weeks;
    rate_alpha_ = policy::rate_alpha(weeks);
  }
  look_at_intake();
  Pieces all{0};
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const Pieces intake = std::exchange(seen_[c], Pieces{0});
    all += intake;
    if (weeks > 0) intake_rates_[c] += rate_alpha_ * (to_double(intake) / weeks - intake_rates_[c]);
  }
  intake_by_variant_.swap(seen_by_variant_);
  std::fill(seen_by_variant_.begin(), seen_by_variant_.end(), 0.0);
  last_withdrawn_ = backlog_after_ + all - shipped_ - backlog();
  if (weeks > 0) forecast_.observe(to_double(all), weeks);
  static_assert(
      policy::are_told<policy::ForecastMethod>(policy::ForecastNeeds{policy::PlanFact::plan}));
  if (forecast_.needs_plan()) forecast_.follow(context_.plans.of(id_), context_.now());
}

void OrderDesk::allocate_and_ship(double weeks) {
  take_orders_in(weeks);
  allocation_.pass(weeks);
  ship();
  backlog_after_ = backlog();
  has_shipped_ = has_shipped_ || shipped_ > Pieces{0};
  if (weeks > 0) {
    if (!awaits_first_supply())
      shipping_per_week_ += rate_alpha_ * (to_double(shipped_) / weeks - shipping_per_week_);
    update_quote(weeks);
  }
  shipped_ = Pieces{0};
}

void OrderDesk::ship_between_reviews() {
  look_at_intake();
  ship();
}

void OrderDesk::ship() {
  if (context_.pauses.holds(entry_.site, Activity::shipments)) return settle_meant();
  for (Reserved& r : reserved_) {
    if (r.account) r.to_keep = r.account->kept_for_calls();
  }
  settle_meant();
  meet_from_other_stock();

  if (entry_.variants.size() == 1) {
    ship_variant(0);
  } else {
    for (const std::size_t v : shipping_order()) ship_variant(v);
  }
  settle_meant();
  for (Reserved& r : reserved_) {
    if (r.account) r.account->note_served();
  }
  for (trade::Channel* channel : channels_) channel->await_quota();
}

/// Variants that fewer buyers accept go first: they cannot serve anybody else. Of those that are
/// accepted alike, first the one of which most is meant beyond whole pieces.
std::vector<std::size_t> OrderDesk::shipping_order() const {
  std::vector<std::size_t> order(entry_.variants.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<Pieces> wanted;
  for (const std::size_t v : order) wanted.push_back(backlog_accepting(v));
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (wanted[a] != wanted[b]) return wanted[a] < wanted[b];
    return part_of_piece(meant_[a]) + ties_[a] > part_of_piece(meant_[b]) + ties_[b];
  });
  return order;
}

/// Layer by layer: what is called on agreements that reserve, by priority; what hard reservations
/// keep for calls to come; the rest by the offer's policy.
void OrderDesk::ship_variant(std::size_t variant) {
  const Pieces all = available(variant);
  if (all <= Pieces{0}) return;
  Pieces left = all, kept{0};
  shipped_to_.assign(channels_.size(), Pieces{0});
  if (!reserved_.empty()) {
    note_policy(variant, all);
    left -= ship_on_agreements(variant, left);
    kept = keep_for_calls(variant, left);
    left -= kept;
  }
  claim_open(variant);
  if (left > Pieces{0}) {
    ship_awards(allocation_.award(left.count(), claims_), variant, left);
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      allocation_.note_owed(claimants_[i], claims_[i]);
    }
  }
  note_diverted();
}

/// Of a family, no more of a variant than is meant for it, up to the next whole piece.
Pieces OrderDesk::available(std::size_t variant) const {
  const Pieces stock = context_.inventory.on_hand(entry_.variants[variant].stock);
  if (entry_.variants.size() == 1) return stock;
  const Pieces meant{sim::to_whole(std::ceil(meant_[variant] - 1e-6))};
  return std::min(stock, std::max(Pieces{0}, meant));
}

/// Every buyer claims what it has ordered.
void OrderDesk::claim_open(std::size_t variant) {
  claims_.clear();
  claimants_.clear();
  claimed_on_.clear();
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const Pieces claim = channels_[c]->claim(variant);
    if (!claim) continue;
    claims_.push_back(allocation_.claim(c, claim.count()));
    claimants_.push_back(c);
    claimed_on_.push_back(nullptr);
  }
}

/// Ships what is awarded on the claims; returns how much.
Pieces OrderDesk::ship_awards(const policy::Awards& awards, std::size_t variant, Pieces available) {
  // The law of allocation: at most what there is, and nobody more than asked.
  const Pieces total{std::accumulate(awards.begin(), awards.end(), std::int64_t{0})};
  if (total > available) {
    sim::fail("law broken: {} allocated {} pieces out of {}", entry_.name, total, available);
  }
  // What goes on an agreement fills its own calls, and goes first: the others fill any.
  for (const bool calls : {true, false}) {
    for (std::size_t i = 0; i < claimants_.size(); ++i) {
      const Reserved* on = claimed_on_[i];
      if ((on && on->account) != calls) continue;
      if (awards[i] > claims_[i].pieces) {
        sim::fail("law broken: {} awarded {} pieces on a claim of {}", entry_.name, awards[i],
                  claims_[i].pieces);
      }
      ship_to(claimants_[i], variant, Pieces{awards[i]}, on);
    }
  }
  shipped_ += total;
  meant_[variant] -= to_double(total);
  return total;
}

void OrderDesk::ship_to(std::size_t c, std::size_t variant, Pieces pieces, const Reserved* on) {
  channels_[c]->ship(variant, pieces, on && on->account ? on->account->id() : AgreementId{});
  if (on && on->earmark) on->earmark->ship(id_, pieces);
  allocation_.note_shipped(c, to_double(pieces));
  shipped_to_[c] += pieces;
}

// --- agreements --------------------------------------------------------------------------------

void OrderDesk::add_agreement(agreement::AgreementAccount& account,
                              std::vector<std::size_t> channels) {
  add_reserved({&account, nullptr, std::move(channels), {}}, account);
}

void OrderDesk::add_earmark(agreement::Earmark& earmark, std::vector<std::size_t> channels) {
  add_reserved({nullptr, &earmark, std::move(channels), {}}, earmark.agreement());
}

void OrderDesk::add_reserved(Reserved reserved, const agreement::AgreementAccount& agreement) {
  for (const trade::Channel* channel : channels_) {
    const std::string& name = context_.catalog[channel->id()].name;
    const auto entity = measures::of(measures::Group::channels, name);
    reserved.diverted.push_back(context_.meters.flow(entity, "diverted_to." + agreement.name()));
    reserved.ties.push_back(context_.tie(agreement.name() + " " + name, "buyers"));
  }
  reserved.owed.assign(channels_.size(), 0);
  reserved.owed_diverted.assign(channels_.size(), 0);
  reserved_.push_back(std::move(reserved));
}

/// What a channel claims already.
Pieces OrderDesk::claimed(std::size_t channel) const {
  Pieces sum{0};
  for (std::size_t i = 0; i < claims_.size(); ++i) {
    if (claimants_[i] == channel) sum += Pieces{claims_[i].pieces};
  }
  return sum;
}

/// Calls within their entitlement, and what is made of earmarked pieces, agreement by agreement;
/// those of one priority in proportion.
Pieces OrderDesk::ship_on_agreements(std::size_t variant, Pieces available) {
  claims_.clear();
  claimants_.clear();
  claimed_on_.clear();
  for (Reserved& r : reserved_) {
    const agreement::AgreementAccount& agreement = r.account ? *r.account : r.earmark->agreement();
    Pieces earmarked = r.earmark ? r.earmark->entitled(id_) : Pieces{0};
    for (std::size_t part = 0; part < r.channels.size(); ++part) {
      const std::size_t c = r.channels[part];
      const Pieces unclaimed = channels_[c]->claim(variant) - claimed(c);
      const Pieces pieces = std::min(unclaimed, r.account ? r.account->entitled(part) : earmarked);
      if (pieces <= Pieces{0}) continue;
      if (r.earmark) earmarked -= pieces;
      claims_.push_back(
          {pieces.count(), static_cast<double>(agreement.terms().priority), r.owed[c], r.ties[c]});
      claimants_.push_back(c);
      claimed_on_.push_back(&r);
    }
  }
  const auto awards =
      policy::Priority{}.award(std::min(available.count(), policy::sum_of(claims_)), claims_);
  for (std::size_t i = 0; i < claims_.size(); ++i) {
    claimed_on_[i]->owed[claimants_[i]] = claims_[i].owed;
  }
  return ship_awards(awards, variant, available);
}

/// What hard reservations leave in stock for calls that may still come.
Pieces OrderDesk::keep_for_calls(std::size_t variant, Pieces available) {
  Pieces kept{0};
  for (Reserved& r : reserved_) {
    r.kept = Pieces{0};
    const bool accepted = std::any_of(r.channels.begin(), r.channels.end(), [&](std::size_t c) {
      return channels_[c]->accepts(variant);
    });
    if (!accepted || !r.account) continue;
    r.kept = std::min(r.to_keep, available - kept);
    r.to_keep -= r.kept;
    kept += r.kept;
  }
  return kept;
}

/// What the policy alone would award, to be held against what is shipped.
void OrderDesk::note_policy(std::size_t variant, Pieces available) {
  claim_open(variant);
  by_policy_.assign(channels_.size(), 0);
  if (claims_.empty()) return;
  const auto awards = allocation_.award(available.count(), claims_);
  for (std::size_t i = 0; i < awards.size(); ++i) by_policy_[claimants_[i]] = awards[i];
}

/// Counts what buyers would have had by the policy alone, by the agreements that had it instead or
/// keep it: in proportion to what each gained.
void OrderDesk::note_diverted() {
  if (reserved_.empty()) return;
  std::vector<double> gained;
  for (const Reserved& r : reserved_) {
    std::int64_t pieces = r.kept.count();
    for (const std::size_t c : r.channels) {
      pieces += std::max<std::int64_t>(0, shipped_to_[c].count() - by_policy_[c]);
    }
    gained.push_back(static_cast<double>(pieces));
  }
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const std::int64_t lost = by_policy_[c] - shipped_to_[c].count();
    if (lost <= 0) continue;
    std::vector<double> owed, ties;
    for (const Reserved& r : reserved_) {
      owed.push_back(r.owed_diverted[c]);
      ties.push_back(r.ties[c]);
    }
    const auto parts = policy::apportion(lost, gained, owed, ties);
    for (std::size_t r = 0; r < reserved_.size(); ++r) {
      reserved_[r].owed_diverted[c] = owed[r];
      context_.meters.add(reserved_[r].diverted[c], parts[r]);
    }
  }
}

Pieces OrderDesk::backlog() const {
  Pieces sum{0};
  for (const trade::Channel* channel : channels_) sum += channel->open();
  return sum;
}

Pieces OrderDesk::in_transit() const {
  Pieces sum{0};
  for (const trade::Channel* channel : channels_) sum += channel->in_transit();
  return sum;
}

std::vector<books::MeterId> OrderDesk::meters_of(
    books::MeterId trade::Channel::Handles::*which) const {
  std::vector<books::MeterId> meters;
  for (const trade::Channel* channel : channels_) meters.push_back(channel->meters().*which);
  return meters;
}

Pieces OrderDesk::backlog_with_mail() const {
  Pieces sum = backlog();
  for (const trade::Channel* channel : channels_) sum += channel->in_mail();
  return sum;
}

Pieces OrderDesk::backlog_accepting(std::size_t variant) const {
  Pieces sum{0};
  for (const trade::Channel* channel : channels_) sum += channel->claim(variant);
  return sum;
}

/// Splits a buyer's pieces over the variants it accepts now, by the intended mix.
void OrderDesk::add_by_mix(std::size_t channel, double pieces,
                           std::vector<double>& by_variant) const {
  context_.terms.add_by_mix(channels_[channel]->id(), pieces, context_.now(), by_variant);
}

/// Brings what is meant for the variants back to what is open: withdrawn orders are missed by all
/// alike. Whole pieces were shipped out of parts of pieces: what a variant shipped more than was
/// meant for it is less than nothing, by less than a piece, and the next orders make up for it.
void OrderDesk::settle_meant() {
  double total = 0, positive = 0;
  for (double& pieces : meant_) {
    pieces = std::max(-1.0, pieces);
    total += pieces;
    positive += std::max(0.0, pieces);
  }
  const double change = to_double(backlog()) - total;
  if (change == 0) return;
  for (double& pieces : meant_) {
    if (positive > 0) {
      pieces += change * (std::max(0.0, pieces) / positive);
    } else {
      pieces += change / static_cast<double>(meant_.size());
    }
  }
}

/// Where one variant lacks stock and another has more than is meant for it, orders change over, as
/// far as their buyers accept the other and the offer lets them.
void OrderDesk::meet_from_other_stock() {
  const std::size_t count = entry_.variants.size();
  const double spill = entry_.offer->spill;
  if (count < 2 || spill <= 0 || !backlog()) return;
  std::vector<double> lacking(count), spare(count);
  double all_lacking = 0, all_spare = 0;
  for (std::size_t v = 0; v < count; ++v) {
    const double stock = to_double(context_.inventory.on_hand(entry_.variants[v].stock));
    const double accepted = to_double(backlog_accepting(v));
    // parts of a piece lack nothing: any variant may make them up to a whole one
    lacking[v] = std::max(0.0, std::floor(meant_[v] + 1e-6) - stock);
    spare[v] = std::max(0.0, std::min(stock, accepted) - std::ceil(meant_[v] - 1e-6));
    all_lacking += lacking[v];
    all_spare += spare[v];
  }
  const double moved = std::min(spill * all_lacking, all_spare);
  if (moved <= 0) return;
  const double lot = to_double(policy::lot_of(entry_.offer->replenish));
  for (std::size_t v = 0; v < count; ++v) {
    const double more = moved * (spare[v] / all_spare - lacking[v] / all_lacking);
    meant_[v] += more;
    if (lot > 1) owed_lots_[v] = policy::carried(owed_lots_[v] - more / lot);
  }
}

void OrderDesk::change_meant(std::span<const double> change) {
  for (std::size_t v = 0; v < meant_.size(); ++v) meant_[v] += change[v];
  settle_meant();
}

std::vector<double> OrderDesk::wanted_by_variant(double future) const {
  std::vector<double> wanted = meant_;
  const double rates = std::accumulate(intake_rates_.begin(), intake_rates_.end(), 0.0);
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const double part =
        rates > 0 ? intake_rates_[c] / rates : 1.0 / static_cast<double>(channels_.size());
    add_by_mix(c, future * part, wanted);
  }
  return wanted;
}

double OrderDesk::lacking(std::size_t variant) const {
  return std::max(
      0.0, meant_[variant] - to_double(context_.inventory.on_hand(entry_.variants[variant].stock)));
}

Pieces OrderDesk::unseen() const {
  Pieces sum{0};
  for (const trade::Channel* channel : channels_) sum += channel->intake();
  return sum;
}

Pieces OrderDesk::on_hand() const {
  Pieces sum{0};
  for (const auto& v : entry_.variants) sum += context_.inventory.on_hand(v.stock);
  return sum;
}

/// Whether a chain that began empty has not come to the point of shipping from here.
bool OrderDesk::awaits_first_supply() const {
  return !has_shipped_ && context_.now() < first_supply_;
}

void OrderDesk::update_quote(double weeks) {
  const double owed = to_double(backlog() - on_hand()) + forecast_.per_week() * weeks;
  const double under_way = supply_.lead_weeks > 0 ? supply_.coming / supply_.lead_weeks : 0;
  const double rate = std::max(shipping_per_week_, under_way);
  double wait = 0;
  // what was not shipped before there could be anything says nothing of the rate
  if (owed > 0) wait = rate > 0 && !awaits_first_supply() ? owed / rate : supply_.lead_weeks;
  quoted_weeks_ += quote_alpha * (std::min(wait, longest_quote_weeks) - quoted_weeks_);
}

void OrderDesk::record(Pieces backlog, sim::Time now) const {
  context_.meters.set(meters_.backlog, backlog.count(), now);
}

}  // namespace optichain::models::agents
