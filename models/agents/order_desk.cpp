#include "models/agents/order_desk.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/base/check.hpp"

namespace optichain::models {
namespace {

// Weight of the newest week in observed rates: about a quarter of a year is remembered.
constexpr double rate_alpha_per_week = 0.15;

double smoothed(double rate, double pieces, double weeks) {
  const double alpha = 1 - std::pow(1 - rate_alpha_per_week, weeks);
  return rate + alpha * (pieces / weeks - rate);
}

constexpr double longest_quote_weeks = 520;

}  // namespace

OrderDesk::OrderDesk(const Context& context, OfferId id, std::vector<Channel*> channels,
                     double initial_per_week)
    : context_(context),
      id_(id),
      entry_(context.catalog[id]),
      channels_(std::move(channels)),
      history_(channels_.size(), 0),
      intake_rates_(channels_.size(), 0),
      forecast_(entry_.offer->forecast,
                entry_.offer->initial_forecast_per_week.value_or(initial_per_week)),
      shipping_per_week_(forecast_.per_week()) {
  for (const Channel* channel : channels_) ranks_.push_back(rank_of(*channel));
  meters_.backlog = context.meters.level("sites." + entry_.name, "backlog");
}

int OrderDesk::rank_of(const Channel& channel) const {
  const auto* priority = std::get_if<Priority>(&entry_.offer->allocation);
  if (!priority) return 0;
  const std::string& buyer = context_.catalog.party_name(context_.catalog[channel.id()].buyer);
  const auto& buyers = priority->buyers;
  const auto found = std::find(buyers.begin(), buyers.end(), Name{buyer});
  return static_cast<int>(found - buyers.begin());
}

void OrderDesk::allocate_and_ship(double weeks) {
  last_intake_ = Pieces{0};
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const Pieces intake = channels_[c]->take_intake();
    last_intake_ += intake;
    if (weeks > 0) intake_rates_[c] = smoothed(intake_rates_[c], to_double(intake), weeks);
  }
  if (weeks > 0) forecast_.observe(to_double(last_intake_), weeks);

  if (const auto* h = std::get_if<Historical>(&entry_.offer->allocation)) {
    const double fade = std::exp(-weeks / h->memory_weeks);
    for (double& pieces : history_) pieces *= fade;
  }
  shipped_now_ = Pieces{0};

  // Variants that fewer buyers accept go first: they cannot serve anybody else.
  std::vector<std::size_t> order(entry_.variants.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (order.size() > 1) {
    std::vector<Pieces> wanted;
    for (const std::size_t v : order) wanted.push_back(backlog_accepting(v));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
  }
  for (const std::size_t v : order) ship_variant(v);

  if (weeks > 0) shipping_per_week_ = smoothed(shipping_per_week_, to_double(shipped_now_), weeks);
}

void OrderDesk::ship_variant(std::size_t variant) {
  const Pieces available = context_.on_hand(entry_.variants[variant].stock);
  if (available == Pieces{0}) return;
  std::vector<Claim> claims;
  std::vector<std::size_t> claimants;
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const Channel& channel = *channels_[c];
    if (channel.open() == Pieces{0} || !channel.accepts(variant)) continue;
    claims.push_back({channel.open().count(), history_[c],
                      context_.catalog[channel.id()].source->premium, ranks_[c]});
    claimants.push_back(c);
  }
  if (claims.empty()) return;
  const auto awards = allocate(entry_.offer->allocation, available.count(), claims);

  // The law of allocation: at most what there is, and nobody more than asked.
  const Pieces total{std::accumulate(awards.begin(), awards.end(), std::int64_t{0})};
  if (total > available) {
    sim::fail("law broken: {} allocated {} pieces out of {}", entry_.name, total, available);
  }
  for (std::size_t i = 0; i < claimants.size(); ++i) {
    if (awards[i] > claims[i].pieces) {
      sim::fail("law broken: {} awarded {} pieces on a claim of {}", entry_.name, awards[i],
                claims[i].pieces);
    }
    channels_[claimants[i]]->ship(variant, Pieces{awards[i]});
    history_[claimants[i]] += static_cast<double>(awards[i]);
  }
  shipped_now_ += total;
}

Pieces OrderDesk::backlog() const {
  Pieces sum{0};
  for (const Channel* channel : channels_) sum += channel->open();
  return sum;
}

Pieces OrderDesk::backlog_accepting(std::size_t variant) const {
  Pieces sum{0};
  for (const Channel* channel : channels_) {
    if (channel->accepts(variant)) sum += channel->open();
  }
  return sum;
}

std::vector<double> OrderDesk::wanted_by_variant(double future) const {
  const std::size_t count = entry_.variants.size();
  std::vector<double> wanted(count, 0);
  const double rates = std::accumulate(intake_rates_.begin(), intake_rates_.end(), 0.0);
  std::vector<double> mix(count);
  for (std::size_t v = 0; v < count; ++v) {
    mix[v] = context_.real.mix[id_.index()][v].value(context_.now());
  }
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const double part = rates > 0 ? intake_rates_[c] / rates
                                  : 1.0 / static_cast<double>(channels_.size());
    const double pieces = to_double(channels_[c]->open()) + future * part;
    double accepted = 0, total = 0;
    for (std::size_t v = 0; v < count; ++v) {
      if (!channels_[c]->accepts(v)) continue;
      accepted += 1;
      total += mix[v];
    }
    for (std::size_t v = 0; v < count; ++v) {
      if (!channels_[c]->accepts(v)) continue;
      wanted[v] += pieces * (total > 0 ? mix[v] / total : 1 / accepted);
    }
  }
  return wanted;
}

Pieces OrderDesk::on_hand() const {
  Pieces sum{0};
  for (const auto& v : entry_.variants) sum += context_.on_hand(v.stock);
  return sum;
}

double OrderDesk::quoted_weeks() const {
  const double owed = to_double(backlog() - on_hand());
  if (owed <= 0) return 0;
  const double rate = shipping_per_week_;
  if (owed >= rate * longest_quote_weeks) return longest_quote_weeks;
  return owed / rate;
}

void OrderDesk::record() const {
  context_.meters.set(meters_.backlog, backlog().count(), context_.now());
}

}  // namespace optichain::models
