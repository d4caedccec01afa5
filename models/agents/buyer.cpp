#include "models/agents/buyer.hpp"

#include <numeric>

#include "models/policy/replenishment.hpp"

namespace optichain::models {

Buyer::Buyer(const Context& context, std::vector<Input> inputs) : context_(context) {
  for (Input& input : inputs) {
    const Purchase& terms = *input.entry->purchase;
    Forecast forecast(terms.forecast,
                      terms.initial_forecast_per_week.value_or(input.initial_per_week));
    inputs_.push_back({std::move(input), std::move(forecast)});
  }
}

/// Pieces needed since the last review: by production, and by those who buy the item from here.
double Buyer::demand_of(const State& state, const Planner& planner) const {
  const StockId stock = state.input.entry->stock;
  double pieces = planner.wanted_use(stock);
  if (const OrderDesk* desk = state.input.own_desk) {
    const auto& variants = desk->entry().variants;
    double part = 1;
    if (variants.size() > 1) {
      const auto wanted = desk->wanted_by_variant(to_double(desk->last_intake()));
      const double total = std::accumulate(wanted.begin(), wanted.end(), 0.0);
      for (std::size_t v = 0; v < variants.size(); ++v) {
        if (variants[v].stock == stock) part = total > 0 ? wanted[v] / total : 0;
      }
    }
    pieces += part * to_double(desk->last_intake());
  }
  return pieces;
}

void Buyer::order(const Planner& planner, double weeks) {
  const sim::Time now = context_.now();
  for (State& s : inputs_) {
    const Purchase& terms = *s.input.entry->purchase;
    if (weeks > 0) s.forecast.observe(demand_of(s, planner), weeks);

    std::vector<Quote> quotes;
    double weight = 0, lead = 0, on_order = 0;
    for (std::size_t c = 0; c < s.input.channels.size(); ++c) {
      const Channel& channel = *s.input.channels[c];
      const Quote quote{channel_weight(context_.catalog, context_.real, channel.id(), now),
                        channel.way_weeks() + s.input.sellers[c]->quoted_weeks()};
      quotes.push_back(quote);
      weight += quote.weight;
      lead += quote.weight * quote.lead_weeks;
      on_order += to_double(channel.on_order());
    }
    if (weight <= 0) continue;  // no seller is qualified yet

    InventoryState state{.on_hand = to_double(context_.on_hand(s.input.entry->stock)),
                         .pipeline = on_order,
                         .lead_weeks = lead / weight,
                         .review_weeks = weeks};
    if (const OrderDesk* desk = s.input.own_desk; desk && desk->entry().variants.size() == 1) {
      state.backlog = to_double(desk->backlog());
    }
    const auto pieces = sim::to_whole(replenishment_quantity(terms.replenish, state, s.forecast));
    const auto parts = split_order(pieces, quotes, terms.lead_time_elasticity);
    for (std::size_t c = 0; c < parts.size(); ++c) s.input.channels[c]->order(Pieces{parts[c]});
  }
}

}  // namespace optichain::models
