#include "models/lta/recommendation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/lta/option_label.hpp"
#include "sim/base/amount.hpp"

namespace optichain::models::lta {
namespace {

/// Replications differ by luck only, and all have the same futures: that is all an interval over
/// them speaks of.
std::string interval(const sim::Summary& s) {
  if (!s.has_spread()) return "one replication, without an interval of luck";
  return fmt::format("95 % interval of luck within these futures {} to {}",
                     sim::usd_text(s.ci95_low), sim::usd_text(s.ci95_high));
}
std::string count_of(std::size_t n, const char* what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}
std::string futures_studied(const LtaAnalysis& analysis) {
  const std::size_t n = analysis.valuation().futures();
  return n == 1 ? "the one future studied" : fmt::format("the {} futures studied", n);
}
bool holds_nothing_gained(const sim::Summary& s) {
  return s.has_spread() && s.ci95_low <= 0 && s.ci95_high >= 0;
}
const std::string& label(const LtaAnalysis& analysis, std::size_t option) {
  return analysis.options()[option].label.text;
}
const std::string& reference(const LtaAnalysis& analysis) {
  return label(analysis, analysis.reference());
}
std::string decider(const LtaAnalysis& analysis) {
  return spoken(analysis.decision().by.text);
}
/// In sentences after the one that names it.
std::string again(const LtaAnalysis& analysis, std::size_t option) {
  return option == analysis.best() && analysis.is_decided() ? "it" : label(analysis, option);
}
std::string sentence(std::string text) {
  if (text.starts_with("it ")) text.front() = 'I';
  return text;
}

std::size_t candidates(const LtaAnalysis& analysis) {
  const auto& options = analysis.options();
  return static_cast<std::size_t>(std::count_if(options.begin(), options.end(),
                                                [](const auto& o) { return !o.is_price_variant; }));
}

/// What nine in ten cases, pairs of a future and a replication, lie between.
std::string range_of_cases(const OptionResult& option) {
  return fmt::format("nine in ten of the {} lie between {} and {}",
                     count_of(option.gain.risk.of_cases, "case"), sim::usd_text(option.gain.p05),
                     sim::usd_text(option.gain.p95));
}

/// How an option compares with the reference.
std::string compared(const LtaAnalysis& analysis, std::size_t o, const std::string& it) {
  const OptionResult& option = analysis.options()[o];
  const sim::Summary& gain = option.gain.mean;
  return fmt::format(
      "{} worth {} more to {} than {} in the mean of {} ({}{}); {}, and it is better in {} of all "
      "cases.",
      it, sim::usd_text(gain.mean), decider(analysis), reference(analysis),
      futures_studied(analysis), interval(gain),
      holds_nothing_gained(gain) ? ", which holds a gain of nothing" : "", range_of_cases(option),
      sim::percent_text(option.gain.better.mean));
}

/// Why the first of those left is not the one to choose.
std::string undecided(const LtaAnalysis& analysis, const std::vector<std::size_t>& left) {
  const sim::Summary lead = analysis.lead(left[0], left[1]);
  const study::RankingRule& rule = analysis.decision().ranking;
  return fmt::format(
      "The first leads the second by {} in the mean ({}{}): with {} that is too little for "
      "procedure KN to rule the second out and be right with a probability of {}. Differences "
      "below "
      "{} do not matter to it.",
      sim::usd_text(lead.mean), interval(lead),
      holds_nothing_gained(lead) ? ", which holds no lead at all" : "",
      count_of(analysis.replications(), "replication"), sim::percent_text(rule.probability),
      sim::usd_text(rule.indifference_usd));
}

std::string verdict(const LtaAnalysis& analysis) {
  const auto left = analysis.left();
  if (left.size() > 1) {
    std::vector<std::string> names;
    for (const std::size_t o : left) {
      const OptionResult& option = analysis.options()[o];
      names.push_back(o == analysis.reference()
                          ? label(analysis, o)
                          : fmt::format("{} ({}; {}; {})", label(analysis, o),
                                        sim::usd_text(option.gain.mean.mean),
                                        interval(option.gain.mean), range_of_cases(option)));
    }
    return fmt::format(
        "No recommendation among {} that cannot be told apart after {}: {}; in brackets what each "
        "is worth to {} over {}, in the mean of {}. {}",
        count_of(left.size(), "option"), count_of(analysis.replications(), "replication"),
        fmt::join(names, "; "), decider(analysis), reference(analysis), futures_studied(analysis),
        undecided(analysis, left));
  }
  const std::size_t best = left.front();
  if (best != analysis.reference()) {
    return fmt::format("Recommendation: {}. {}", label(analysis, best),
                       compared(analysis, best, "It is"));
  }
  const std::size_t next = option_in_question(analysis);
  if (next == best) return fmt::format("Recommendation: {}.", label(analysis, best));
  const bool signs = analysis.options()[next].has_agreement;
  return fmt::format(
      "Recommendation: stay with {}. {}", label(analysis, best),
      compared(analysis, next,
               fmt::format("The best {}, {}, is", signs ? "agreement" : "alternative",
                           label(analysis, next))));
}

std::string worst_cases(const sim::TailRisk& risk) {
  const auto [at_risk, beyond] = std::pair(risk.value_at_risk, risk.mean_beyond);
  return fmt::format("{} {} in the mean ({} or {})", beyond > 0 ? "loses" : "still gains",
                     sim::usd_text(std::fabs(beyond)),
                     sim::usd_text(beyond > 0 ? at_risk : -at_risk), beyond > 0 ? "more" : "less");
}

std::string risk_of(const LtaAnalysis& analysis, std::size_t o) {
  const OptionResult& option = analysis.options()[o];
  const std::string range =
      analysis.is_decided() || option.is_left
          ? ""  // the verdict has it
          : " Of its gains over " + reference(analysis) + ", " + range_of_cases(option) + ".";
  return fmt::format(
      "In the worst {} of cases ({} of {}) {} {}.{} The best option of each case would give {} "
      "more "
      "in the mean.",
      sim::percent_text(analysis.decision().tail), option.gain.risk.cases,
      option.gain.risk.of_cases, again(analysis, o), worst_cases(option.gain.risk), range,
      sim::usd_text(option.regret));
}

/// How some customers are served.
struct Service {
  double fill, days, waiting;
};

/// What part of what they want is delivered, and when, beside what it is without the option.
std::string service_text(const Service& with, const Service& without) {
  const std::string now = sim::percent_text(with.fill), before = sim::percent_text(without.fill);
  const std::string after = fmt::format("{:.0f}", with.days),
                    after_before = fmt::format("{:.0f}", without.days);
  std::string when = after == after_before
                         ? fmt::format("after {} days as without it", after)
                         : fmt::format("after {} days instead of {}", after, after_before);
  if (with.waiting > 0 || without.waiting > 0) {
    const std::string left = sim::amount_text(with.waiting, "pieces"),
                      left_before = sim::amount_text(without.waiting, "pieces");
    when += left == left_before
                ? fmt::format(", with the {} pieces that still wait at the end", left)
                : fmt::format(", with the {} pieces (instead of {}) that still wait at the end",
                              left, left_before);
  }
  if (now == before) return fmt::format("{} of what they want as without it, {}", now, when);
  return fmt::format("{} of what they want instead of {}, {}", now, before, when);
}

std::string service_of(const LtaAnalysis& analysis, std::size_t o) {
  const OptionResult& with = analysis.options()[o];
  const OptionResult& without = analysis.options()[analysis.reference()];
  std::vector<std::string> texts;
  if (!std::isnan(with.fill_holder)) {
    texts.push_back(
        holder_text(analysis) + ": " +
        service_text({with.fill_holder, with.days_holder, with.waiting_holder},
                     {without.fill_holder, without.days_holder, without.waiting_holder}));
  }
  if (!std::isnan(with.fill_others)) {
    texts.push_back(
        "everybody else: " +
        service_text({with.fill_others, with.days_others, with.waiting_others},
                     {without.fill_others, without.days_others, without.waiting_others}));
  }
  if (texts.empty()) return "";
  const bool is_above = std::max({with.fill_holder, without.fill_holder, with.fill_others}) > 1;
  return fmt::format("What is delivered with {}: {}.{}", again(analysis, o), fmt::join(texts, "; "),
                     is_above ? " Above 100 %, what was late before is caught up." : "");
}

/// The best agreement beside what else could be done, or the other way round.
std::string rivals(const LtaAnalysis& analysis, std::size_t o) {
  const bool signs = analysis.options()[o].has_agreement;
  const auto other = analysis.best_with(!signs);
  if (!other) return "";
  return fmt::format("The best {} is {}: worth {} over {} in the mean.",
                     signs ? "alternative to an agreement" : "agreement", label(analysis, *other),
                     sim::usd_text(analysis.options()[*other].gain.mean.mean), reference(analysis));
}

/// Who would not agree at the option's own price; empty if both gain there.
std::string unwilling(const LtaAnalysis& analysis, const PriceRange& range) {
  const auto& price = analysis.options()[range.option].price;
  if (!price) return "";
  const bool buyer_loses = *price > range.buyer->price, seller_loses = *price < range.seller->price;
  if (!buyer_loses && !seller_loses) return "";
  return fmt::format("; at {} {} does not gain in the mean", sim::price_text(*price),
                     buyer_loses && seller_loses ? "either side"
                     : buyer_loses               ? spoken(analysis.buyer())
                                                 : spoken(analysis.seller()));
}

/// In how many cases both sides gain at the option's own price.
std::string both_in_cases(const LtaAnalysis& analysis, const PriceRange& range) {
  const auto& price = analysis.options()[range.option].price;
  if (!price) return "";
  const CaseCount both = analysis.both_gain(range.option);
  return fmt::format(" At {} both gain in {} of {}.", sim::price_text(*price), both.cases,
                     count_of(both.of_cases, "case"));
}

std::string zone(const LtaAnalysis& analysis, const PriceRange& range) {
  if (!range.buyer || !range.seller) return "";
  const auto side = [](const std::string& name, const char* bound, const IndifferencePrice& p) {
    return fmt::format("{} gains {} {} (95 % interval of luck {} to {}{})", spoken(name), bound,
                       sim::price_text(p.price), sim::price_text(p.low), sim::price_text(p.high),
                       p.is_within ? "" : ", beyond the prices simulated");
  };
  const std::string both =
      range.has_zone()
          ? fmt::format("in the mean of {} both gain between {} and {}", futures_studied(analysis),
                        sim::price_text(range.seller->price), sim::price_text(range.buyer->price))
          : "there is no price at which both gain in the mean";
  return fmt::format("Price, all else as in {}: {}{}.{} In detail and in the mean, {}; {}.",
                     label(analysis, range.option), both, unwilling(analysis, range),
                     both_in_cases(analysis, range), side(analysis.buyer(), "below", *range.buyer),
                     side(analysis.seller(), "above", *range.seller));
}

std::string wrong_when(const LtaAnalysis& analysis, std::size_t o) {
  const WrongBox box = analysis.wrong_box(o);
  if (box.wrong == 0) {
    return fmt::format("In none of the {} is {} worse than {}.", count_of(box.futures, "future"),
                       again(analysis, o), reference(analysis));
  }
  std::string text =
      sentence(fmt::format("{} is wrong in {} of {}, in which {} is better", again(analysis, o),
                           box.wrong, count_of(box.futures, "future"), reference(analysis)));
  std::vector<std::string> sides;
  for (const auto& side : box.sides) {
    sides.push_back(side.categories.empty()
                        ? range_text(analysis.results(), side.uncertainty, side.low, side.high)
                        : category_text(analysis.results(), side.uncertainty, side.categories));
  }
  if (!box.is_supported) return text + "; so few futures do not say when.";
  if (sides.empty()) return text + ".";
  return text + fmt::format(
                    ": above all with {}. There it is wrong in {} of the {}, {} of all "
                    "those in which it is (the box is PRIM's).",
                    fmt::join(sides, " and "), sim::percent_text(box.density),
                    count_of(box.inside, "future"), sim::percent_text(box.coverage));
}

std::string guarantee(const LtaAnalysis& analysis) {
  const study::RankingRule& rule = analysis.decision().ranking;
  std::size_t spent = 0;
  for (const OptionResult& option : analysis.options()) spent += option.replications_spent;
  return fmt::format(
      "How sure: if in the mean of {} the best option is better than all others by {} or more, it "
      "is chosen with a probability of at least {}. That is of luck within these futures; which "
      "future comes, it does not say. Procedure KN (Kim and Nelson 2001) over {}, {} of {} "
      "replications used.",
      futures_studied(analysis), sim::usd_text(rule.indifference_usd),
      sim::percent_text(rule.probability), count_of(candidates(analysis), "option"), spent,
      candidates(analysis) * analysis.valuation().replications());
}

}  // namespace

std::string holder_text(const LtaAnalysis& analysis) {
  const std::string& name =
      analysis.buyer().empty() ? analysis.decision().by.text : analysis.buyer();
  const bool is_site = analysis.valuation().party(name).entity.group == measures::Group::sites;
  return (is_site ? "customers of " : "") + spoken(name);
}

std::size_t option_in_question(const LtaAnalysis& analysis) {
  const std::size_t best = analysis.best();
  if (best != analysis.reference()) return best;
  if (const auto signing = analysis.best_with(true)) return *signing;
  return analysis.best_with(false).value_or(best);
}

std::vector<std::string> recommendation(const LtaAnalysis& analysis) {
  const std::size_t option = option_in_question(analysis);
  std::vector<std::string> sentences = {verdict(analysis), risk_of(analysis, option),
                                        service_of(analysis, option), rivals(analysis, option)};
  for (const PriceRange& range : analysis.prices()) {
    if (range.option == option) sentences.push_back(zone(analysis, range));
  }
  sentences.push_back(wrong_when(analysis, option));
  sentences.push_back(guarantee(analysis));
  std::erase(sentences, "");
  return sentences;
}

}  // namespace optichain::models::lta
