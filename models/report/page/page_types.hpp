#pragma once
// What `optichain report` puts into the page, each part declared once: JSON is written from these,
// web/src/page_types.ts is generated from them (typescript.hpp), and findings from files are
// checked against them. A name that several figures share means the same in all of them.

#include "models/report/page/page_fields.hpp"

namespace optichain::models::report {

// --- runs --------------------------------------------------------------------------------------

/// Quantiles over replications, and single ones; f32.
struct PackedFan {
  static constexpr std::string_view title = "Fan";
  Packed weekly{};
  Packed smoothed{};
  Packed singles{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("weekly", weekly, "a row for each of Page.quantiles");
    v.field("smoothed", smoothed, "the same of means over Page.window weeks");
    v.field("singles", singles, "a row for each of the first replications");
  }
};

/// What customers wanted and got.
struct ProductSeries {
  static constexpr std::string_view title = "ProductSeries";
  std::string product{};
  PackedFan demanded{};
  PackedFan shipped{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("product", product, "`market` for all");
    v.field("demanded", demanded);
    v.field("shipped", shipped);
  }
};

/// Means over replications by week, f32, from here on.
struct ItemSeries {
  static constexpr std::string_view title = "ItemSeries";
  std::string item{};
  Packed needed{};
  Packed supplied{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("item", item);
    v.field("needed", needed);
    v.field("supplied", supplied);
  }
};

struct LinkSeries {
  static constexpr std::string_view title = "LinkSeries";
  std::string seller{};
  std::string buyer{};
  std::string item{};
  Packed shipped{};
  Packed backlog{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("seller", seller);
    v.field("buyer", buyer);
    v.field("item", item);
    v.field("shipped", shipped, "in the week");
    v.field("backlog", backlog, "ordered and not shipped at its end");
  }
};

struct CauseSeries {
  static constexpr std::string_view title = "CauseSeries";
  std::string kind{};
  std::string item{};
  Packed unmet{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("kind", kind);
    v.field("item", item);
    v.field("unmet", unmet);
  }
};

struct AgreementSeries {
  static constexpr std::string_view title = "AgreementSeries";
  std::string agreement{};
  std::string measure{};
  std::string unit{};
  Packed values{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("agreement", agreement);
    v.field("measure", measure);
    v.field("unit", unit);
    v.field("values", values);
  }
};

struct WeeklySeries {
  static constexpr std::string_view title = "WeeklySeries";
  std::vector<ProductSeries> fans{};
  std::vector<ItemSeries> items{};
  std::vector<LinkSeries> links{};
  std::vector<CauseSeries> causes{};
  std::vector<AgreementSeries> agreements{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("fans", fans, "the market first");
    v.field("items", items);
    v.field("links", links);
    v.field("causes", causes);
    v.field("agreements", agreements);
  }
};

struct TraceList {
  static constexpr std::string_view title = "TraceList";
  std::vector<std::string> nodes{};
  std::map<std::string, std::vector<double>> periods{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("nodes", nodes);
    v.field("periods", periods,
            "triples: number of a node, number of the node (or cause) behind it, mean pieces");
  }
};

/// How mean and interval settle as replications are added, f64.
struct Convergence {
  static constexpr std::string_view title = "Convergence";
  std::string measure{};
  std::string unit{};
  Packed values{};
  Packed mean{};
  Packed low{};
  Packed high{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("measure", measure);
    v.field("unit", unit);
    v.field("values", values, "of each replication");
    v.field("mean", mean, "of all up to it");
    v.field("low", low);
    v.field("high", high);
  }
};

/// Outages and programs that act between two dates.
struct DatedEvent {
  static constexpr std::string_view title = "DatedEvent";
  std::string name{};
  std::string from{};
  std::string until{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("name", name);
    v.field("from", from);
    v.field("until", until);
  }
};

struct GivenInput {
  static constexpr std::string_view title = "GivenInput";
  std::string path{};
  std::string value{};
  std::string source{};
  std::string confidence{};
  std::optional<double> low{};
  std::optional<double> high{};
  std::string note{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("path", path);
    v.field("value", value);
    v.field("source", source);
    v.field("confidence", confidence);
    v.field("low", low);
    v.field("high", high);
    v.field("note", note);
  }
};

struct ChangedInput {
  static constexpr std::string_view title = "ChangedInput";
  std::string path{};
  std::optional<std::string> base{};
  std::optional<std::string> here{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("path", path);
    v.field("base", base, "under the first policy; null where it is not given");
    v.field("here", here);
  }
};

struct FailedRun {
  static constexpr std::string_view title = "FailedRun";
  std::size_t replication = 0;
  std::string reason{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("replication", replication);
    v.field("reason", reason);
  }
};

/// The runs of a store under one scenario, policy and future.
struct PolicyPart {
  static constexpr std::string_view title = "Policy";
  std::string name{};
  std::string store{};
  std::string engine{};
  std::string hash{};
  std::string seed{};
  std::size_t replications = 0;
  std::size_t paired = 0;
  std::vector<FailedRun> failures{};
  std::map<std::string, double> tiers{};
  std::vector<DatedEvent> events{};
  std::vector<GivenInput> inputs{};
  std::vector<ChangedInput> changes{};
  WeeklySeries weekly{};
  TraceList traces{};
  std::vector<Convergence> convergence{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("name", name);
    v.field("store", store);
    v.field("engine", engine);
    v.field("hash", hash, "of the scenario");
    v.field("seed", seed, "may have more digits than a browser counts");
    v.field("replications", replications);
    v.field("paired", paired, "replications that share their random numbers with the first policy");
    v.field("failures", failures);
    v.field("tiers", tiers, "of sites; customers have 0");
    v.field("events", events);
    v.field("inputs", inputs, "of the first policy only");
    v.field("changes", changes);
    v.field("weekly", weekly);
    v.field("traces", traces);
    v.field("convergence", convergence);
  }
};

/// Key figures by policy.
struct FigureColumns {
  static constexpr std::string_view title = "Figures";
  std::vector<std::string> periods{};
  std::vector<std::string> names{};
  std::vector<std::string> units{};
  std::vector<std::string> good{};
  std::vector<std::string> columns{};
  std::vector<Packed> values{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("periods", periods);
    v.field("names", names, "without the period");
    v.field("units", units);
    v.field("good", good, "high, low or empty");
    v.field("columns", columns,
            "mean, its interval, quantiles; the difference to the first policy and its interval");
    v.field("values", values, "f64 by policy: figure, period, column");
  }
};

// --- findings of studies -----------------------------------------------------------------------

struct StudyHead {
  static constexpr std::string_view title = "Study";
  std::string name{};
  std::string description{};
  std::optional<std::size_t> replications{};
  std::optional<std::string> missing_runs{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("name", name);
    v.field("description", description);
    v.part("replications", replications);
    v.part("missing_runs", missing_runs, "how many are not there");
  }
};

struct StudyMetric {
  static constexpr std::string_view title = "Metric";
  std::string name{};
  std::string unit{};
  std::string good{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("name", name);
    v.field("unit", unit);
    v.field("good", good, "high, low or empty");
  }
};

/// By factor its setting in each policy or future, as text.
struct FactorSettings {
  static constexpr std::string_view title = "Settings";
  std::map<std::string, std::vector<std::string>> policies{};
  std::map<std::string, std::vector<std::string>> futures{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("policies", policies);
    v.field("futures", futures);
  }
};

struct TornadoRow : TableRow {
  static constexpr std::string_view title = "TornadoRow";
  std::string factor{};
  AnySetting low{};
  AnySetting high{};
  std::optional<double> at_low{};
  std::optional<double> at_high{};
  std::optional<double> swing{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("factor", factor);
    v.field("low", low, "its lowest setting");
    v.field("high", high);
    v.field("at_low", at_low, "the metric there");
    v.field("at_high", at_high);
    v.field("swing", swing);
  }
};

struct Tornado {
  static constexpr std::string_view title = "Tornado";
  std::string metric{};
  LaidOut<std::vector<TornadoRow>> rows{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("metric", metric);
    v.field("rows", rows);
  }
};

struct SobolRow : TableRow {
  static constexpr std::string_view title = "SobolRow";
  std::string policy{};
  std::string uncertainty{};
  double first = 0;
  double first_low = 0;
  double first_high = 0;
  double total = 0;
  double total_low = 0;
  double total_high = 0;

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("policy", policy);
    v.field("uncertainty", uncertainty);
    v.field("first", first);
    v.field("first_low", first_low);
    v.field("first_high", first_high);
    v.field("total", total);
    v.field("total_low", total_low);
    v.field("total_high", total_high);
  }
};

struct Sobol {
  static constexpr std::string_view title = "Sobol";
  std::string metric{};
  LaidOut<std::vector<SobolRow>> rows{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("metric", metric);
    v.field("rows", rows);
  }
};

/// In which share of futures each constraint holds, by its name, and all of them.
struct RobustnessRow : TableRow {
  static constexpr std::string_view title = "RobustnessRow";
  std::string policy{};
  std::optional<double> all{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("policy", policy);
    v.field("all", all);
  }
};

struct AskedOfMetric {
  static constexpr std::string_view title = "Constraint";
  std::string name{};
  std::string metric{};
  std::optional<double> min{};
  std::optional<double> max{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("name", name);
    v.field("metric", metric);
    v.field("min", min);
    v.field("max", max);
  }
};

/// One side of a box of settings in which a constraint fails.
struct FailureBoxRow : TableRow {
  static constexpr std::string_view title = "Box";
  std::string constraint{};
  std::string factor{};
  std::optional<AnySetting> from{};
  std::optional<AnySetting> to{};
  double density = 0;
  double coverage = 0;

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("constraint", constraint);
    v.field("factor", factor, "empty if there is no box");
    v.field("from", from, "empty or null where it is open");
    v.field("to", to);
    v.field("density", density);
    v.field("coverage", coverage);
  }
};

struct ClaimRow {
  static constexpr std::string_view title = "Claim";
  std::string id{};
  std::string claim{};
  std::string publisher{};
  std::string kind{};
  std::string unit{};
  std::optional<double> published_low{};
  std::optional<double> published_high{};
  std::optional<double> simulated{};
  std::optional<double> low{};
  std::optional<double> high{};
  std::optional<bool> holds{};
  std::string verdict{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("id", id);
    v.field("claim", claim);
    v.field("publisher", publisher);
    v.field("kind", kind, "given, fitted or predicted");
    v.field("unit", unit);
    v.field("published_low", published_low, "a single figure is both");
    v.field("published_high", published_high);
    v.field("simulated", simulated, "mean, and what nine futures in ten span");
    v.field("low", low);
    v.field("high", high);
    v.field("holds", holds, "in most futures; null where that is not known");
    v.field("verdict", verdict, "in words");
  }
};

// --- a decision --------------------------------------------------------------------------------

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
    v.field("cvar", cvar);
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

/// The answer of the desk for long-term agreements.
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
    v.field("options", options);
    v.field("parties", parties);
    v.field("spread", spread);
    v.field("cash", cash);
    v.field("ledger", ledger);
    v.field("frontier", frontier);
    v.field("prices", prices);
  }
};

/// Parts that are not there are not shown.
struct StudyFindings {
  static constexpr std::string_view title = "Findings";
  std::optional<StudyHead> study{};
  std::optional<std::vector<StudyMetric>> metrics{};
  std::optional<std::vector<std::string>> policies{};
  std::optional<std::vector<std::string>> futures{};
  std::optional<FactorSettings> settings{};
  std::optional<std::vector<std::string>> multipliers{};
  std::optional<std::map<std::string, Packed>> outcomes{};
  std::optional<std::vector<Tornado>> tornado{};
  std::optional<std::vector<Sobol>> sobol{};
  std::optional<LaidOut<std::vector<RobustnessRow>>> robustness{};
  std::optional<std::vector<AskedOfMetric>> constraints{};
  std::optional<LaidOut<std::vector<FailureBoxRow>>> boxes{};
  std::optional<LaidOut<std::vector<ClaimRow>>> claims{};
  std::optional<DecisionPart> decision{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.part("study", study);
    v.part("metrics", metrics);
    v.part("policies", policies, "in the order of `outcomes`");
    v.part("futures", futures);
    v.part("settings", settings);
    v.part("multipliers", multipliers, "factors whose numbers multiply what the scenario has");
    v.part(
        "outcomes", outcomes,
        "by metric, f64: a row for each policy, a column for each future; means over replications");
    v.part("tornado", tornado);
    v.part("sobol", sobol);
    v.part("robustness", robustness);
    v.part("constraints", constraints, "what they ask of a metric");
    v.part("boxes", boxes);
    v.part("claims", claims);
    v.part("decision", decision);
  }
};

// --- all of it ---------------------------------------------------------------------------------

struct PageData {
  static constexpr std::string_view title = "Page";
  std::string engine{};
  std::vector<std::string> weeks{};
  std::vector<double> quantiles{};
  std::size_t window = 0;
  std::vector<PolicyPart> policies{};
  FigureColumns figures{};
  std::optional<LaidOut<StudyFindings>> findings{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("engine", engine);
    v.field("weeks", weeks);
    v.field("quantiles", quantiles);
    v.field("window", window, "weeks of a moving mean: the week and those before it");
    v.field("policies", policies, "the first is what the others are compared with");
    v.field("figures", figures);
    v.field("findings", findings);
  }
};

}  // namespace optichain::models::report
