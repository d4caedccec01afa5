#include "models/sweep/agreement_terms.hpp"

#include <algorithm>
#include <variant>

#include "sim/output/json.hpp"

namespace optichain::models::sweep {
namespace {

AgreementTerms terms_of(const Agreement& a) {
  const sim::Time first{a.from};
  AgreementTerms terms{.take_or_pay = a.take_or_pay, .volume = {}, .price = {}};
  for (const auto* volume : {&a.pieces_per_week, &a.share_of_capacity, &a.share_of_output}) {
    if (*volume) terms.volume = (*volume)->value(first);
  }
  if (const auto* fixed = std::get_if<policy::FixedPrice>(&a.price)) {
    terms.price = fixed->usd.value(first);
  } else if (const auto* indexed = std::get_if<policy::IndexedPrice>(&a.price)) {
    terms.price = indexed->base_usd;
  }
  return terms;
}

/// The customers that buy from a site, or the one that bears the name.
std::vector<std::string> served_by(const Scenario& scenario, const std::string& buyer) {
  std::vector<std::string> served;
  for (const auto& [name, customer] : scenario.customers) {
    const bool buys =
        std::any_of(customer.demand.begin(), customer.demand.end(),
                    [&](const auto& demand) { return demand.second.from.contains(buyer); });
    if (buys || name == buyer) served.push_back(name);
  }
  return served;
}

sim::Json json_of(const AgreementTerms& terms) {
  sim::Json json = {{"take_or_pay", terms.take_or_pay}};
  if (terms.volume) json["volume"] = *terms.volume;
  if (terms.price) json["price"] = *terms.price;
  return json;
}

AgreementTerms read_terms(const sim::Json& json) {
  const auto number = [&](const char* key) {
    return json.contains(key) ? std::optional<double>(json[key]) : std::nullopt;
  };
  return {
      .take_or_pay = json.at("take_or_pay"), .volume = number("volume"), .price = number("price")};
}

}  // namespace

AgreementInQuestion agreement_in_question(const std::string& name, const Scenario& scenario,
                                          const study::LoadedStudy& study,
                                          const std::vector<std::string>& policies) {
  AgreementInQuestion agreement{
      .name = name, .usual = {}, .by_policy = {}, .seller = {}, .buyer = {}, .served = {}};
  const auto usual = scenario.agreements.find(name);
  if (usual != scenario.agreements.end()) agreement.usual = terms_of(usual->second);
  for (std::size_t p = 0; p < study.policies.rows(); ++p) {
    const scenario::LoadedScenario option = study.with_policy(p);
    const auto found = option.scenario.agreements.find(name);
    if (found == option.scenario.agreements.end()) continue;
    agreement.by_policy.emplace_back(policies[p], terms_of(found->second));
    agreement.seller = found->second.seller.text;
    agreement.buyer = found->second.buyer.text;
    agreement.served = served_by(option.scenario, agreement.buyer);
  }
  return agreement;
}

std::string agreement_note(const AgreementInQuestion& agreement) {
  sim::Json note = {{"name", agreement.name}, {"terms", sim::Json::object()}};
  if (agreement.usual) note["usual"] = json_of(*agreement.usual);
  for (const auto& [policy, terms] : agreement.by_policy) note["terms"][policy] = json_of(terms);
  if (!agreement.by_policy.empty()) {
    note["seller"] = agreement.seller;
    note["buyer"] = agreement.buyer;
    note["served"] = agreement.served;
  }
  return sim::json_line(note);
}

AgreementInQuestion read_agreement_note(const std::string& note) {
  AgreementInQuestion agreement;
  const auto json = sim::parse_json(note);
  if (!json || !json->is_object()) return agreement;
  agreement.name = json->value("name", "");
  if (json->contains("usual")) agreement.usual = read_terms(json->at("usual"));
  const sim::Json all = json->value("terms", sim::Json::object());
  for (const auto& [policy, terms] : all.items()) {
    agreement.by_policy.emplace_back(policy, read_terms(terms));
  }
  agreement.seller = json->value("seller", "");
  agreement.buyer = json->value("buyer", "");
  agreement.served = json->value("served", std::vector<std::string>());
  return agreement;
}

}  // namespace optichain::models::sweep
