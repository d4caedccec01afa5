#include "models/lta/analysis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/input/refusal.hpp"
#include "sim/output/error.hpp"
#include "sim/output/json.hpp"

namespace optichain::models::lta {
namespace {

std::vector<std::size_t> candidates_of(const std::vector<OptionResult>& options) {
  std::vector<std::size_t> candidates;
  for (std::size_t o = 0; o < options.size(); ++o) {
    if (!options[o].is_price_variant) candidates.push_back(o);
  }
  return candidates;
}

/// What cannot be worked out of a store is said of it.
template <class F>
auto of_store(const std::filesystem::path& store, F work) {
  try {
    return work();
  } catch (const sim::Error& error) {
    sim::wrong_file(store, error.what());
  }
}

sweep::AgreementInQuestion read_agreement(const sweep::SweepResults& results,
                                          const std::filesystem::path& store) {
  const auto note = results.note("agreement");
  if (!note || !results.study().decision || !results.study().decision->agreement) return {};
  try {
    return sweep::read_agreement_note(*note);
  } catch (const sim::Json::exception&) {
    sim::wrong_file(store, "its note on the agreement makes no sense");
  }
}

}  // namespace

LtaAnalysis::LtaAnalysis(const std::filesystem::path& store)
    : file_(store.string()),
      results_(store),
      decision_(results_.study().decision.value_or(study::Decision{})),
      valuation_(of_store(store, [&] { return Valuation(results_); })),
      agreement_(read_agreement(results_, store)),
      ranking_(1, {.indifference = 1}) {
  of_store(store, [this] {
    analyse();
    return true;
  });
}

void LtaAnalysis::analyse() {
  const auto& names = results_.policies();
  reference_ = static_cast<std::size_t>(std::find(names.begin(), names.end(), decision_.reference) -
                                        names.begin());
  if (reference_ == names.size()) sim::fail("the store has no option {}", decision_.reference);
  describe_options();
  rank();
  regret();
  find_prices();
}

void LtaAnalysis::describe_options() {
  const PartyValue& decider = valuation_.party(decision_.by.text);
  for (std::size_t o = 0; o < valuation_.policies(); ++o) {
    OptionResult& option = options_.emplace_back();
    option.name = results_.policies()[o];
    option.label = option_label(results_, o);
    option.gain = gain(decider, o);
    option.value = sim::summarise(by_replication(decider.npv, o));
    serve(option, o);
    const auto found = std::find_if(agreement_.by_policy.begin(), agreement_.by_policy.end(),
                                    [&](const auto& terms) { return terms.first == option.name; });
    if (found == agreement_.by_policy.end()) continue;
    const sweep::AgreementTerms& terms = found->second;
    option.has_agreement = true;
    option.volume = terms.volume;
    option.take_or_pay = terms.take_or_pay;
    option.price = terms.price;
    const auto usual = agreement_.usual ? agreement_.usual->price : std::nullopt;
    option.is_price_variant = usual && option.price && *option.price != *usual;
  }
  const bool any = std::any_of(options_.begin(), options_.end(), [](const OptionResult& o) {
    return o.has_agreement && !o.is_price_variant;
  });
  if (any) return;  // without any at the scenario's price one has to choose among all
  for (OptionResult& option : options_) option.is_price_variant = false;
}

/// Means over futures, of the replications in which no option failed.
std::vector<double> LtaAnalysis::by_replication(const Runs& runs, std::size_t option) const {
  const Runs& all = valuation_.parties().front().npv;
  std::vector<double> means;
  for (std::size_t r = 0; r < valuation_.replications(); ++r) {
    double sum = 0, known = 0;
    for (std::size_t f = 0; f < valuation_.futures(); ++f) {
      sum += runs[valuation_.at(option, f, r)];
      for (std::size_t o = 0; o < valuation_.policies(); ++o) known += all[valuation_.at(o, f, r)];
    }
    if (!std::isnan(known)) means.push_back(sum / static_cast<double>(valuation_.futures()));
  }
  if (means.empty()) {
    sim::refuse_input(file_, "in every replication an option failed: nothing can be compared");
  }
  return means;
}

std::vector<double> LtaAnalysis::changes_by_replication(const Runs& figure,
                                                        std::size_t option) const {
  auto changes = by_replication(figure, option);
  const auto before = by_replication(figure, reference_);
  for (std::size_t r = 0; r < changes.size(); ++r) changes[r] -= before[r];
  return changes;
}

sim::Summary LtaAnalysis::change(const Runs& figure, std::size_t option) const {
  return sim::summarise(changes_by_replication(figure, option));
}

sim::Summary LtaAnalysis::lead(std::size_t option, std::size_t other) const {
  const Runs& npv = valuation_.party(decision_.by.text).npv;
  auto leads = by_replication(npv, option);
  const auto others = by_replication(npv, other);
  for (std::size_t r = 0; r < leads.size(); ++r) leads[r] -= others[r];
  return sim::summarise(leads);
}

CaseCount LtaAnalysis::both_gain(std::size_t option) const {
  const Runs buyer = gains_by_run(valuation_.party(agreement_.buyer), option);
  const Runs seller = gains_by_run(valuation_.party(agreement_.seller), option);
  CaseCount count;
  for (std::size_t i = 0; i < buyer.size(); ++i) {
    if (std::isnan(buyer[i]) || std::isnan(seller[i])) continue;
    ++count.of_cases;
    if (buyer[i] > 0 && seller[i] > 0) ++count.cases;
  }
  return count;
}

/// What a party gains in each run of an option, at the place of that run; elsewhere not a number.
Runs LtaAnalysis::gains_by_run(const PartyValue& party, std::size_t option) const {
  Runs gains(party.npv.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t f = 0; f < valuation_.futures(); ++f) {
    for (std::size_t r = 0; r < valuation_.replications(); ++r) {
      const std::size_t here = valuation_.at(option, f, r);
      gains[here] = party.npv[here] - party.npv[valuation_.at(reference_, f, r)];
    }
  }
  return gains;
}

std::vector<double> LtaAnalysis::sorted_gains(const PartyValue& party, std::size_t option) const {
  std::vector<double> gains = gains_by_run(party, option);
  std::erase_if(gains, [](double gain) { return std::isnan(gain); });
  std::sort(gains.begin(), gains.end());
  return gains;
}

Gain LtaAnalysis::gain(const PartyValue& party, std::size_t option) const {
  Gain gain;
  gain.mean = change(party.npv, option);
  Runs is_better = gains_by_run(party, option);
  for (double& more : is_better) {
    if (!std::isnan(more)) more = more > 0 ? 1 : 0;
  }
  const std::vector<double> all = sorted_gains(party, option);
  gain.p05 = sim::quantile(all, 0.05);
  gain.p50 = sim::quantile(all, 0.5);
  gain.p95 = sim::quantile(all, 0.95);
  gain.risk = sim::tail_risk(all, decision_.tail);
  gain.better = sim::summarise(by_replication(is_better, option));
  return gain;
}

bool LtaAnalysis::is_holder(const measures::Entity& customer) const {
  const std::string& name = customer.name;
  if (agreement_.served.empty()) return name == decision_.by.text;
  return std::find(agreement_.served.begin(), agreement_.served.end(), name) !=
         agreement_.served.end();
}

/// How the holder of the agreement (or the customers of a holder that is a site) and all others are
/// served; each customer counts the same.
void LtaAnalysis::serve(OptionResult& option, std::size_t number) const {
  struct Sum {
    double fill = 0, count = 0, waited = 0, delivered = 0, waiting = 0;
  } holder, others;
  for (const CustomerService& customer : valuation_.customers()) {
    Sum& sum = is_holder(customer.entity) ? holder : others;
    double waiting = 0, runs = 0;
    for (std::size_t f = 0; f < valuation_.futures(); ++f) {
      for (std::size_t r = 0; r < valuation_.replications(); ++r) {
        const std::size_t here = valuation_.at(number, f, r);
        if (const double pieces = customer.still_waiting[here]; !std::isnan(pieces)) {
          waiting += pieces;
          runs += 1;
        }
        // who is delivered nothing waits, too: times and pieces are added up before one is divided
        if (!std::isnan(customer.waited[here])) {
          sum.waited += customer.waited[here];
          sum.delivered += customer.delivered[here];
        }
        if (std::isnan(customer.fill_rate[here])) continue;
        sum.fill += customer.fill_rate[here];
        sum.count += 1;
      }
    }
    sum.waiting += waiting / runs;
  }
  option.fill_holder = holder.fill / holder.count;
  option.days_holder = holder.waited / holder.delivered;
  option.fill_others = others.fill / others.count;
  option.days_others = others.waited / others.delivered;
  option.waiting_holder = holder.waiting;
  option.waiting_others = others.waiting;
}

void LtaAnalysis::rank() {
  candidates_ = candidates_of(options_);
  const study::RankingRule& rule = decision_.ranking;
  ranking_ = sim::KimNelson(
      candidates_.size(),
      {.indifference = rule.indifference_usd,
       .probability = rule.probability,
       .first = static_cast<std::size_t>(rule.first_of(results_.study().replications))});
  const PartyValue& decider = valuation_.party(decision_.by.text);
  std::vector<std::vector<double>> values;
  for (const std::size_t o : candidates_) values.push_back(by_replication(decider.npv, o));
  std::vector<double> outcomes(values.size());
  for (std::size_t r = 0; r < values.front().size() && !ranking_.is_decided(); ++r) {
    for (std::size_t i = 0; i < values.size(); ++i) outcomes[i] = values[i][r];
    ranking_.add(outcomes);
  }
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    options_[candidates_[i]].replications_spent = ranking_.spent(i);
  }
  for (const std::size_t o : left()) options_[o].is_left = true;
}

std::vector<std::size_t> LtaAnalysis::left() const {
  std::vector<std::size_t> left;
  for (const std::size_t i : ranking_.left()) left.push_back(candidates_[i]);
  return left;
}

std::optional<std::size_t> LtaAnalysis::best_with(bool agreement) const {
  std::optional<std::size_t> best;
  for (const std::size_t o : candidates_) {
    if (o == reference_ || options_[o].has_agreement != agreement) continue;
    if (!best || options_[o].value.mean > options_[*best].value.mean) best = o;
  }
  return best;
}

void LtaAnalysis::regret() {
  const Runs& npv = valuation_.party(decision_.by.text).npv;
  double cases = 0;
  for (std::size_t f = 0; f < valuation_.futures(); ++f) {
    for (std::size_t r = 0; r < valuation_.replications(); ++r) {
      double best = -std::numeric_limits<double>::infinity();
      bool is_known = true;
      for (const std::size_t o : candidates_) {
        const double value = npv[valuation_.at(o, f, r)];
        is_known = is_known && !std::isnan(value);
        best = std::max(best, value);
      }
      if (!is_known) continue;
      ++cases;
      for (const std::size_t o : candidates_) {
        const double regret = best - npv[valuation_.at(o, f, r)];
        options_[o].regret += regret;
        options_[o].worst_regret = std::max(options_[o].worst_regret, regret);
      }
    }
  }
  for (const std::size_t o : candidates_) options_[o].regret /= cases;
}

/// Options that differ in the price alone show what it is worth to each side.
void LtaAnalysis::find_prices() {
  if (buyer().empty()) return;
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t o = 0; o < options_.size(); ++o) {
    if (!options_[o].price) continue;
    std::string terms;
    for (const auto& column : results_.columns()) {
      if (!column.is_lever) continue;
      const std::string& path = results_.study().levers.at(column.name).path;
      if (path.starts_with(fmt::format("agreements.{}.price.", *decision_.agreement))) continue;
      terms += column.shown(column.settings[o]) + "\n";
    }
    groups[terms].push_back(o);
  }
  for (const auto& [terms, group] : groups) {
    if (group.size() < 2) continue;
    std::vector<double> prices;
    std::vector<std::vector<double>> buyer, seller;
    PriceRange range{group.front(), {}, {}};
    for (const std::size_t o : group) {
      prices.push_back(*options_[o].price);
      buyer.push_back(changes_by_replication(valuation_.party(agreement_.buyer).npv, o));
      seller.push_back(changes_by_replication(valuation_.party(agreement_.seller).npv, o));
      if (!options_[o].is_price_variant) range.option = o;
    }
    range.buyer = indifference_price(prices, buyer);
    range.seller = indifference_price(prices, seller);
    prices_.push_back(range);
  }
  std::sort(prices_.begin(), prices_.end(),
            [](const PriceRange& a, const PriceRange& b) { return a.option < b.option; });
}

WrongBox LtaAnalysis::wrong_box(std::size_t option) const {
  const Runs& npv = valuation_.party(decision_.by.text).npv;
  std::vector<const sweep::SweepResults::Column*> inputs;
  for (const auto& column : results_.columns()) {
    if (!column.is_lever) inputs.push_back(&column);
  }
  sim::PrimCases cases{inputs.size(), {}, {}};
  for (const auto* column : inputs) cases.is_category.push_back(!column->words.empty());
  WrongBox box;
  for (std::size_t f = 0; f < valuation_.futures(); ++f) {
    double gain = 0;
    for (std::size_t r = 0; r < valuation_.replications(); ++r) {
      const double more = npv[valuation_.at(option, f, r)] - npv[valuation_.at(reference_, f, r)];
      if (!std::isnan(more)) gain += more;
    }
    for (const auto* column : inputs) cases.values.push_back(column->settings[f]);
    cases.is_of_interest.push_back(gain < 0);
    ++box.futures;
    box.wrong += gain < 0 ? 1 : 0;
  }
  if (inputs.empty() || box.wrong == 0 || box.wrong == box.futures) return box;
  const sim::PrimBox found = sim::find_box(cases);
  box.is_supported = found.is_supported;
  box.inside = found.groups;
  box.density = found.density;
  box.coverage = found.coverage;
  for (const auto& limit : found.limits) {
    box.sides.push_back({inputs[limit.input]->name, limit.low, limit.high, limit.categories});
  }
  return box;
}

}  // namespace optichain::models::lta
