#pragma once
// What the options of an agreement give, and to whom, as `optichain lta` found it.

#include "models/report/page/page_fields.hpp"

namespace optichain::models::report {

/// What people call an option.
struct LabelParts {
  static constexpr std::string_view title = "OptionLabel";
  std::string text{};
  std::string terms{};
  std::string price{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("text", text);
    v.field("terms", terms, "without its price");
    v.field("price", price, "empty if it has none");
  }
};

/// A party of the tables.
struct PartyName {
  static constexpr std::string_view title = "PartyName";
  std::string name{};
  std::string group{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("name", name, "without its group");
    v.field("group", group, "sites or customers");
  }
};

struct DecisionOption : TableRow {
  static constexpr std::string_view title = "DecisionOption";
  std::string option{};
  std::optional<double> volume{};
  std::optional<double> take_or_pay{};
  std::optional<double> price{};
  double gain = 0;
  double gain_low = 0;
  double gain_high = 0;
  double p05 = 0;
  double p95 = 0;
  double cvar = 0;
  std::size_t cvar_cases = 0;
  double right = 0;
  std::optional<double> regret{};
  std::optional<double> fill_holder{};
  std::optional<double> fill_others{};
  std::string left{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("option", option, "its name");
    v.field("volume", volume);
    v.field("take_or_pay", take_or_pay);
    v.field("price", price);
    v.field("gain", gain);
    v.field("gain_low", gain_low);
    v.field("gain_high", gain_high);
    v.field("p05", p05);
    v.field("p95", p95);
    v.field("cvar", cvar, "a loss; the mean of the worst cases");
    v.field("cvar_cases", cvar_cases, "how many these are");
    v.field("right", right, "share of the cases in which it gains");
    v.field("regret", regret, "null for options that only show what a price is worth");
    v.field("fill_holder", fill_holder);
    v.field("fill_others", fill_others);
    v.field("left", left, "yes if it is not ruled out");
  }
};

struct PartyGain : TableRow {
  static constexpr std::string_view title = "PartyGain";
  std::string party{};
  double gain = 0;
  double gain_low = 0;
  double gain_high = 0;
  double p05 = 0;
  double p95 = 0;
  double better = 0;

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("party", party);
    v.field("gain", gain);
    v.field("gain_low", gain_low);
    v.field("gain_high", gain_high);
    v.field("p05", p05);
    v.field("p95", p95);
    v.field("better", better, "share of the cases in which it gains");
  }
};

/// Quantiles of a gain in steps of 5 %, q0 to q100.
struct GainSpread : TableRow {
  static constexpr std::string_view title = "GainSpread";
  std::string party{};
  std::string option{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("party", party);
    v.field("option", option);
  }
};

struct QuarterCash : TableRow {
  static constexpr std::string_view title = "QuarterCash";
  std::string party{};
  std::string quarter{};
  double without = 0;
  double with = 0;
  double change = 0;
  double change_low = 0;
  double change_high = 0;

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("party", party);
    v.field("quarter", quarter);
    v.field("without", without);
    v.field("with", with);
    v.field("change", change);
    v.field("change_low", change_low);
    v.field("change_high", change_high);
  }
};

/// The figures of the agreement beside.
struct QuarterLedger : TableRow {
  static constexpr std::string_view title = "QuarterLedger";
  std::string option{};
  std::string quarter{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("option", option);
    v.field("quarter", quarter);
  }
};

struct FrontierRow : TableRow {
  static constexpr std::string_view title = "FrontierRow";
  std::string option{};
  std::optional<double> volume{};
  std::optional<double> take_or_pay{};
  double cost = 0;
  double cost_low = 0;
  double cost_high = 0;
  std::optional<double> fill_holder{};
  std::optional<double> fill_others{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("option", option);
    v.field("volume", volume);
    v.field("take_or_pay", take_or_pay);
    v.field("cost", cost);
    v.field("cost_low", cost_low);
    v.field("cost_high", cost_high);
    v.field("fill_holder", fill_holder);
    v.field("fill_others", fill_others);
  }
};

/// Prices at which a side is indifferent.
struct PriceRow : TableRow {
  static constexpr std::string_view title = "PriceRow";
  std::string option{};
  std::optional<double> buyer{};
  std::optional<double> buyer_low{};
  std::optional<double> buyer_high{};
  std::optional<double> seller{};
  std::optional<double> seller_low{};
  std::optional<double> seller_high{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("option", option);
    v.field("buyer", buyer);
    v.field("buyer_low", buyer_low);
    v.field("buyer_high", buyer_high);
    v.field("seller", seller);
    v.field("seller_low", seller_low);
    v.field("seller_high", seller_high);
  }
};

/// What the analysis of a long-term agreement says.
struct DecisionPart {
  static constexpr std::string_view title = "Decision";
  std::string by{};
  std::string date{};
  std::string reference{};
  bool decided = false;
  std::vector<std::string> recommendation{};
  std::string in_question{};
  std::string holder{};
  double tail = 0;
  std::map<std::string, LabelParts> labels{};
  std::map<std::string, PartyName> names{};
  LaidOut<std::vector<DecisionOption>> options{};
  LaidOut<std::vector<PartyGain>> parties{};
  LaidOut<std::vector<GainSpread>> spread{};
  LaidOut<std::vector<QuarterCash>> cash{};
  LaidOut<std::vector<QuarterLedger>> ledger{};
  LaidOut<std::vector<FrontierRow>> frontier{};
  LaidOut<std::vector<PriceRow>> prices{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("by", by);
    v.field("date", date);
    v.field("reference", reference, "the option that the others are compared with");
    v.field("decided", decided);
    v.field("recommendation", recommendation, "sentences");
    v.field("in_question", in_question, "the option that the tables of one option speak of");
    v.field("holder", holder, "whose orders the agreement serves");
    v.field("tail", tail, "share of the worst cases");
    v.field("labels", labels, "of options");
    v.field("names", names, "of parties");
    v.field("options", options);
    v.field("parties", parties);
    v.field("spread", spread);
    v.field("cash", cash);
    v.field("ledger", ledger);
    v.field("frontier", frontier);
    v.field("prices", prices);
  }
};

}  // namespace optichain::models::report
