#pragma once
// A decision: what a study's levers are options of, from which day on they differ, and by what they
// are judged.

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::study {

struct RankingRule {
  static constexpr std::string_view
      title = "Ranking",
      doc =
          "How the best option is chosen: the sequential procedure KN of Kim and Nelson (ACM "
          "TOMACS "
          "11, 2001) under common random numbers. If the best option is better than every other by "
          "`indifference_usd` or more, it is chosen with a probability of at least `probability`.";
  double indifference_usd = 0;
  double probability = 0.95;
  std::optional<std::int64_t> first, at_most;

  std::int64_t first_of(std::int64_t replications) const {
    return first.value_or(std::min<std::int64_t>(10, replications));
  }
  std::int64_t most_of(std::int64_t replications) const {
    return at_most.value_or(std::max<std::int64_t>(1000, replications));
  }
  template <class Visitor>
  void fields(Visitor& v) {
    v.required("indifference_usd", indifference_usd, sim::between(0.01, 1e15),
               "smallest difference in net present value that matters");
    v.optional("probability", probability, sim::between(0.5, 0.999),
               "of a correct selection, at least");
    v.optional("first", first, sim::between(2, 1e6),
               "replications of every option before any is ruled out; 10, or the study's if it has "
               "fewer, if left out");
    v.optional(
        "at_most", at_most, sim::between(2, 1e6),
        "replications that are added, from `replications` on, until one option is left; 1000, "
        "or the study's if it has more, if left out");
  }
};

struct Decision {
  static constexpr std::string_view
      title = "Decision",
      doc =
          "Settings of the levers are options that are chosen between on a day: up to it all share "
          "one history, from it on each has its own. Options may change what begins on that day or "
          "later: agreements, expansions that are decided at a date, and values that hold from "
          "then "
          "on (shares of sellers, replenishment, mixes, migrations, prices).";
  sim::Date date{};
  sim::Name by;
  std::string reference;
  std::optional<std::string> agreement;
  double discount_rate = 0.1;
  std::map<std::string, double> undelivered_usd;
  double stock_share = 0.5;
  double tail = 0.05;
  RankingRule ranking;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("date", date, "the first day on which options differ");
    v.required("by", by, "the site or customer that decides");
    v.required("reference", reference,
               "the option that others are compared with, as `lever=setting lever=setting`");
    v.optional("agreement", agreement,
               "the agreement whose volume, shares and price are in question");
    v.optional("discount_rate", discount_rate, sim::between(0, 10),
               "a year, as a share: cash of a quarter counts as of its middle, on the day of the "
               "decision");
    v.optional(
        "undelivered_usd", undelivered_usd, sim::between(0, 1e9),
        "what it costs a customer if a piece that it wanted in a quarter is not delivered in "
        "it, by product; taken back when it is delivered later");
    v.optional("stock_share", stock_share, sim::share,
               "part of the market value of its stocks that a site counts at the end");
    v.optional("tail", tail, sim::between(0.001, 0.5),
               "share of the worst cases that value at risk and its mean speak of");
    v.required("ranking", ranking, "how the best option is chosen");
  }
};

}  // namespace optichain::models::study
