#include "models/agents/line_costs.hpp"

#include <algorithm>

namespace optichain::models::agents {

LineCosts::LineCosts(const Context& context, std::span<const std::unique_ptr<sim::Line>> lines)
    : context_(context), lines_(lines) {
  for (std::size_t l = 0; l < context.catalog.lines.size(); ++l) {
    const ProductionLine& line = *context.catalog.lines[l].line;
    if (line.fixed_usd_per_week > 0 || line.idle_usd_per_unit > 0) {
      charged_.push_back({LineId{l}, Money{0}, Money{0}});
    }
  }
}

void LineCosts::charge(sim::Time until) {
  const double weeks = sim::to_weeks(until - context_.catalog.begin());
  for (Charged& c : charged_) {
    const ProductionLine& terms = *context_.catalog[c.line].line;
    const sim::Line& line = *lines_[c.line.index()];
    const double idle = std::max(0.0, line.work_possible(until) - line.work_done(until));
    charge_up_to(usd(terms.fixed_usd_per_week * weeks), c.fixed, c.line, books::Account::fixed);
    charge_up_to(usd(terms.idle_usd_per_unit * idle), c.idle, c.line,
                 books::Account::idle_capacity);
  }
}

/// Pays what is missing to the total that is due; rounding then never adds up.
void LineCosts::charge_up_to(Money due, Money& charged, LineId line, books::Account account) const {
  if (due <= charged) return;
  const PartyId party = context_.catalog.party(context_.catalog[line].site);
  context_.accounts.pay_outside(party, account, due - charged);
  charged = due;
}

}  // namespace optichain::models::agents
