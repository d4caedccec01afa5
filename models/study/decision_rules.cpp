#include "models/study/decision_rules.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/study/changed_paths.hpp"
#include "models/world/branch.hpp"
#include "sim/input/path.hpp"
#include "sim/input/writer.hpp"

namespace optichain::models::study {
namespace {

using sim::in_quotes;

/// Values that are looked at whenever they are needed, so that a change acts from its day on.
constexpr std::array changeable = {
    "items.*.price_usd",
    "sites.*.buys.*.replenish",
    "sites.*.buys.*.lead_time_elasticity",
    "sites.*.buys.*.from.*.share",
    "sites.*.buys.*.from.*.premium",
    "sites.*.sells.*.replenish",
    "sites.*.sells.*.mix",
    "sites.*.sells.*.price_usd",
    "sites.*.recipes.*.share",
    "sites.*.recipes.*.yield",
    "sites.*.recipes.*.cost_usd_per_piece",
    "customers.*.demand.*.from.*.share",
    "customers.*.demand.*.from.*.premium",
    "migrations.*.share",
    "migrations.*.most_change_per_quarter",
};

/// Whether a path is what a pattern names, or lies below it.
bool lies_in(const std::vector<std::string>& path, const std::string& pattern) {
  const auto parts = sim::split_path(pattern);
  return parts.size() <= path.size() &&
         std::equal(parts.begin(), parts.end(), path.begin(),
                    [](const auto& p, const auto& name) { return p == "*" || p == name; });
}

class DecisionRules {
 public:
  DecisionRules(const LoadedStudy& study, const sim::Unread& unread, sim::Diagnostics& diagnostics)
      : study_(study),
        decision_(*study.study.decision),
        unread_(unread),
        diagnostics_(diagnostics) {}

  void check(WhatIsKnown known) {
    check_replications();
    if (!known.scenario) return;
    const scenario::LoadedScenario past = scenario::load_scenario(study_.scenario, {});
    check_names(past.scenario);
    if (!known.options) return;
    check_reference();
    if (unread_.concerns("decision.date")) return;
    const sim::Node before = sim::to_node(past.scenario);
    for (std::size_t p = 0; p < study_.policies.rows(); ++p) check_option(p, past.scenario, before);
    if (decision_.agreement && !has_agreement_ && options_are_valid_) {
      error("agreement",
            fmt::format("no option has an agreement {}", in_quotes(*decision_.agreement)));
    }
  }

 private:
  void error(const std::string& key, std::string message, std::vector<std::string> notes = {}) {
    const std::string path = "decision." + key;
    if (unread_.concerns(path)) return;
    diagnostics_.error(study_.document.locate(path), path, std::move(message), std::move(notes));
  }

  void check_names(const Scenario& s) {
    if (decision_.date <= s.start || decision_.date > s.end.date) {
      error("date", fmt::format("expected a day after {} and up to {}, received {}",
                                sim::format_time(s.start), sim::format_time(s.end.date),
                                sim::format_time(decision_.date)));
    }
    std::vector<std::string> parties, products;
    for (const auto& [name, site] : s.sites) parties.push_back(name);
    for (const auto& [name, customer] : s.customers) {
      parties.push_back(name);
      for (const auto& [product, demand] : customer.demand) products.push_back(product);
    }
    refers("by", decision_.by.text, parties, "site or customer", "sites and customers");
    for (const auto& [product, usd] : decision_.undelivered_usd) {
      refers("undelivered_usd." + product, product, products, "demand for", "products");
    }
  }

  void check_reference() {
    std::vector<std::string> policies;
    for (std::size_t p = 0; p < study_.policies.rows(); ++p) {
      policies.push_back(study_.policy_name(p));
    }
    refers("reference", decision_.reference, policies, "option", "options");
    if (policies.size() < 2) {
      error("reference", "expected two options or more to choose from, received one");
    }
  }

  void refers(const std::string& key, const std::string& name,
              const std::vector<std::string>& known, const char* what, const char* kinds) {
    if (std::find(known.begin(), known.end(), name) != known.end()) return;
    error(key, fmt::format("there is no {} {}", what, in_quotes(name)),
          sim::suggestion(name, known, kinds));
  }

  void check_replications() {
    if (unread_.concerns("replications")) return;
    const RankingRule& r = decision_.ranking;
    const std::int64_t replications = study_.study.replications;
    if (replications < 2) {
      error("ranking", "options are ranked on 2 replications or more, and the study has one",
            {"give the study `replications: 10`"});
    } else if (r.first && *r.first > replications) {
      error("ranking.first",
            fmt::format("expected at most {} (the study's replications), received {}", replications,
                        *r.first));
    }
    if (r.at_most && *r.at_most < replications) {
      error("ranking.at_most",
            fmt::format("expected {} or more (the study's replications), received {}", replications,
                        *r.at_most));
    }
  }

  void check_option(std::size_t policy, const Scenario& past, const sim::Node& before) {
    std::vector<std::string> changes;
    try {
      const scenario::LoadedScenario option = study_.with_policy(policy);
      add_changed_paths(before, sim::to_node(option.scenario), "", changes);
      for (const std::string& path : changes) check_change(policy, path, past, option.scenario);
      if (decision_.agreement && option.scenario.agreements.contains(*decision_.agreement)) {
        has_agreement_ = true;
        check_feasible(policy, option.scenario);
      }
    } catch (const sim::InputError& e) {
      options_are_valid_ = false;
      for (const auto& d : e.diagnostics().errors()) {
        auto notes = d.notes;
        notes.push_back("in option " + study_.policy_name(policy));
        diagnostics_.error(d.mark, d.path, d.message, notes);
      }
    }
  }

  void check_change(std::size_t policy, const std::string& path, const Scenario& past,
                    const Scenario& option) {
    const auto parts = sim::split_path(path);
    if (parts[0] == "agreements") {
      check_begin(policy, path, parts[1], past.agreements, option.agreements);
    } else if (parts[0] == "programs") {
      check_begin(policy, path, parts[1], past.programs, option.programs);
    } else if (!std::any_of(changeable.begin(), changeable.end(),
                            [&](const char* pattern) { return lies_in(parts, pattern); })) {
      blame(policy, path, fmt::format("{} cannot change on the day of a decision", path),
            {fmt::format("options may change agreements, expansions with a date and {}",
                         fmt::join(changeable, ", "))});
    } else if (is_echelon(parts, past) || is_echelon(parts, option)) {
      const std::string where = fmt::format("{}", fmt::join(parts.begin(), parts.begin() + 5, "."));
      blame(policy, path, where + ": an echelon base stock cannot begin or end on a day");
    }
  }

  template <class Entries>
  void check_begin(std::size_t policy, const std::string& path, const std::string& name,
                   const Entries& past, const Entries& option) {
    for (const Entries* entries : {&past, &option}) {
      const auto found = entries->find(name);
      if (found == entries->end() || world::begins_from(found->second, decision_.date)) continue;
      blame(policy, path,
            fmt::format("{} may act before {}, the day of the decision, and options may not "
                        "change what is past",
                        path, sim::format_time(decision_.date)),
            {"agreements with their payments, and expansions with a date, may begin on that day or "
             "later"});
    }
    const auto after = option.find(name);
    if (after == option.end() || !world::begins_from(after->second, decision_.date)) return;
    const auto before = past.find(name);
    const auto& first = before != past.end() ? before->second : after->second;
    check_same_parties(policy, path, seen(first, path), after->second);
  }
  const Agreement& seen(const Agreement& agreement, const std::string& path) {
    return agreements_.try_emplace(path, agreement).first->second;
  }
  const Program& seen(const Program& program, const std::string& path) {
    return programs_.try_emplace(path, program).first->second;
  }
  void check_same_parties(std::size_t policy, const std::string& path, const Agreement& a,
                          const Agreement& b) {
    const auto takers = [](const Agreement& agreement) {
      std::vector<std::string> names;
      for (const auto& [name, weight] : agreement.through) names.push_back(name);
      return names;
    };
    if (a.seller == b.seller && a.buyer == b.buyer && a.item == b.item &&
        a.priority == b.priority && takers(a) == takers(b)) {
      return;
    }
    blame(policy, path,
          path +
              ": with other parties, another item or priority it is another agreement: expected "
              "another name");
  }
  void check_same_parties(std::size_t policy, const std::string& path, const Program& a,
                          const Program& b) {
    const auto& one = std::get<Expansion>(a);
    const auto& other = std::get<Expansion>(b);
    if (one.site == other.site && one.line == other.line) return;
    blame(policy, path, path + ": on another line it is another program: expected another name");
  }

  static bool is_echelon(const std::vector<std::string>& path, const Scenario& s) {
    if (path.size() < 5 || path[0] != "sites" || path[4] != "replenish") return false;
    const auto is = [](const policy::Replenishment& r) {
      return policy::needs(r).has(policy::StockFact::downstream);
    };
    const Site& site = s.sites.at(path[1]);
    return path[2] == "buys" ? is(site.buys.at(path[3]).replenish)
                             : is(site.sells.at(path[3]).replenish);
  }

  /// Names the lever that sets a path, or one above or below it.
  void blame(std::size_t policy, const std::string& path, std::string message,
             std::vector<std::string> notes = {}) {
    notes.push_back("in option " + study_.policy_name(policy));
    for (std::size_t f = 0; f < study_.levers.size(); ++f) {
      const std::string effect = "\n" + study_.levers[f].effect(study_.policies.row(policy)[f]);
      const std::string root = path.substr(0, path.find('.', path.find('.') + 1));
      if (effect.find("\n" + root) == effect.npos) continue;
      const auto& place = study_.levers[f].place();
      return diagnostics_.error(place.mark, place.path, std::move(message), std::move(notes));
    }
    error("reference", std::move(message), std::move(notes));
  }

  void check_feasible(std::size_t policy, const Scenario& option);

  const LoadedStudy& study_;
  const Decision& decision_;
  std::map<std::string, Agreement> agreements_;  // by path, as they were seen first
  std::map<std::string, Program> programs_;
  bool has_agreement_ = false, options_are_valid_ = true;
  const sim::Unread& unread_;
  sim::Diagnostics& diagnostics_;
};

/// A volume that the seller cannot make in any week of the agreement, whatever else it makes.
void DecisionRules::check_feasible(std::size_t policy, const Scenario& option) {
  const Agreement& agreement = option.agreements.at(*decision_.agreement);
  if (!agreement.pieces_per_week) return;
  const Site& seller = option.sites.at(agreement.seller.text);
  double most = 0;
  for (const auto& [name, recipe] : seller.recipes) {
    const bool makes = recipe.makes == agreement.item;
    if (!makes) continue;
    if (!recipe.line || recipe.line_use_per_piece <= 0) return;  // no limit
    double capacity = seller.lines.at(recipe.line->text).capacity_per_week.highest();
    for (const auto& [program, terms] : option.programs) {
      const auto* e = std::get_if<Expansion>(&terms);
      if (!e || e->site != agreement.seller || e->line != *recipe.line) continue;
      const double times = e->when ? static_cast<double>(e->when->pace.at_most) : 1;
      capacity += times * (e->adds_per_week ? e->adds_per_week->highest()
                                            : e->adds_share.value_or(0) * capacity);
    }
    most += capacity / recipe.line_use_per_piece * recipe.yield.highest();
  }
  const double least = agreement.pieces_per_week->lowest();
  if (most == 0 || least <= most) return;  // bought, or made of a family's variants
  blame(policy, "agreements." + *decision_.agreement,
        fmt::format("agreements.{} is infeasible: {} can make at most {:.6g} {} a week, and {:.6g} "
                    "are committed",
                    *decision_.agreement, agreement.seller.text, most, agreement.item.text, least));
}

}  // namespace

void check_decision(const LoadedStudy& study, const sim::Unread& unread, WhatIsKnown known,
                    sim::Diagnostics& diagnostics) {
  if (study.study.decision) DecisionRules(study, unread, diagnostics).check(known);
}

}  // namespace optichain::models::study
