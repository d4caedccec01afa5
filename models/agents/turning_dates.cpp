#include "models/agents/turning_dates.hpp"

namespace optichain::models::agents {

void TurningDates::schedule() {
  for (std::size_t c = 0; c < context_.catalog.channels.size(); ++c) schedule(ChannelId{c});
  for (std::size_t r = 0; r < context_.catalog.recipes.size(); ++r) schedule(RecipeId{r});
  schedule_shares();
}

void TurningDates::schedule_shares() {
  for (const sim::Ticket& ticket : shares_) context_.kernel.cancel(ticket);
  shares_.clear();
  for (std::size_t c = 0; c < context_.catalog.channels.size(); ++c) {
    const ChannelId id{c};
    if (!is_heard(id)) continue;
    schedule_share(
        context_.real.channel_share[c],
        [this, id] { context_.continuous_review.notify_both(context_.catalog, id); },
        context_.catalog[id].name);
  }
  for (std::size_t r = 0; r < context_.catalog.recipes.size(); ++r) {
    const auto& recipe = context_.catalog[RecipeId{r}];
    if (!context_.continuous_review.listens(context_.catalog.party(recipe.site))) continue;
    schedule_share(
        context_.real.recipe_share[r],
        [this, site = recipe.site] { context_.continuous_review.notify(site); }, recipe.name);
  }
}

/// Only what is still to come.
template <class Action>
std::optional<sim::Ticket> TurningDates::at(sim::Time date, Action action,
                                            const std::string& owner) const {
  if (date <= context_.now() || date >= context_.catalog.end()) return std::nullopt;
  return context_.kernel.at(date, state::phase::programs, action, &owner);
}

bool TurningDates::is_heard(ChannelId id) const {
  const auto& channel = context_.catalog[id];
  const SiteId seller = context_.catalog[channel.offer].site;
  const auto& review = context_.continuous_review;
  return review.listens(channel.buyer) || review.listens(context_.catalog.party(seller));
}

void TurningDates::schedule(ChannelId id) const {
  if (!is_heard(id)) return;
  const auto& channel = context_.catalog[id];
  const auto tell = [this, id] { context_.continuous_review.notify_both(context_.catalog, id); };
  if (channel.source->from) at(*channel.source->from, tell, channel.name);
  for (const std::optional<Date>& since : channel.accepts) {
    if (since) at(*since, tell, channel.name);
  }
  for (const Hold& hold : channel.holds) {
    at(hold.from, tell, channel.name);
    at(hold.until, tell, channel.name);
  }
}

/// The dates at which a share begins to be more than nothing.
template <class Action>
void TurningDates::schedule_share(const sim::Curve& share, Action tell, const std::string& owner) {
  if (share.is_constant()) return;
  for (const sim::Curve::Knot& knot : share.knots()) {
    if (share.graph().value_before(knot.time) > 0) continue;
    // along a straight line it is more than nothing a second later
    const sim::Time turn = share.value(knot.time) > 0 ? knot.time : knot.time + sim::Duration{1};
    if (share.value(turn) <= 0) continue;
    const auto ticket = at(turn, tell, owner);
    if (ticket) shares_.push_back(*ticket);
  }
}

void TurningDates::schedule(RecipeId id) const {
  const auto& recipe = context_.catalog[id];
  if (!recipe.recipe->from) return;
  at(
      *recipe.recipe->from, [this, site = recipe.site] { context_.continuous_review.notify(site); },
      recipe.name);
}

}  // namespace optichain::models::agents
