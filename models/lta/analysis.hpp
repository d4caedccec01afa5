#pragma once
// What a decision comes to: what each option is worth to who decides and to everybody else, which
// is the best and how sure that is, at what price both sides gain, and when signing is wrong.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/lta/indifference.hpp"
#include "models/lta/option_label.hpp"
#include "models/lta/valuation.hpp"
#include "models/sweep/agreement_terms.hpp"
#include "sim/batch/prim.hpp"
#include "sim/batch/ranking.hpp"
#include "sim/batch/sample.hpp"
#include "sim/batch/tail_risk.hpp"

namespace optichain::models::lta {

/// A gain over the reference in every pair of runs with the same future and luck.
struct Gain {
  sim::Summary mean;                 // over replications, of the mean over futures
  double p05 = 0, p50 = 0, p95 = 0;  // over futures and replications
  sim::TailRisk risk;
  sim::Summary better;  // over replications, of the share of futures in which it is above 0
};

struct OptionResult {
  std::string name;
  OptionLabel label;  // for people
  bool has_agreement = false;
  std::optional<double> volume, take_or_pay, price;  // its terms
  /// Options at other prices than the scenario's show what prices do; who decides does not choose
  /// among them.
  bool is_price_variant = false;
  Gain gain;           // of who decides
  sim::Summary value;  // net present value, over replications
  double regret = 0,
         worst_regret = 0;  // of what the best option of each case would have given more
  double fill_holder = 0, fill_others = 0;  // means; not a number where there is no such customer
  double days_holder = 0, days_others = 0;  // lead times, with what still waits
  double waiting_holder = 0, waiting_others = 0;  // pieces at the end, of all such customers
  std::size_t replications_spent = 0;             // by the ranking
  bool is_left = false;                           // not ruled out
};

/// In how many of the cases, pairs of a future and a replication, something holds.
struct CaseCount {
  std::size_t cases = 0, of_cases = 0;
};

struct PriceRange {
  std::size_t option = 0;  // one of those with these terms
  std::optional<IndifferencePrice> buyer, seller;
  bool has_zone() const { return buyer && seller && seller->price < buyer->price; }
};

/// Where an option is worse than the reference, over futures.
struct WrongBox {
  struct Side {
    std::string uncertainty;
    double low = 0, high = 0;          // infinite where it is open
    std::vector<double> categories{};  // instead, of words
  };
  std::size_t futures = 0, wrong = 0;
  std::size_t inside = 0;    // futures in the box
  bool is_supported = true;  // whether there are futures enough to look for one
  double density = 0, coverage = 0;
  std::vector<Side> sides;
};

class LtaAnalysis {
 public:
  /// From the folder or store of a merged study with a decision. Throws InputError, or
  /// WrongFileError if it is not whole or of something else.
  explicit LtaAnalysis(const std::filesystem::path& store);

  const sweep::SweepResults& results() const { return results_; }
  const study::Decision& decision() const { return decision_; }
  const Valuation& valuation() const { return valuation_; }
  const std::vector<OptionResult>& options() const { return options_; }
  std::size_t reference() const { return reference_; }
  /// Who signs; empty without agreement.
  const std::string& buyer() const { return agreement_.buyer; }
  const std::string& seller() const { return agreement_.seller; }

  /// True if one option is left, with the guarantee of the procedure.
  bool is_decided() const { return ranking_.is_decided(); }
  /// Options that are not ruled out, best first.
  std::vector<std::size_t> left() const;
  std::size_t best() const { return left().front(); }
  /// The best by its mean among those with the agreement, or without it; nothing if there is none.
  std::optional<std::size_t> best_with(bool agreement) const;
  /// Replications in which an option failed do not count.
  std::size_t replications() const { return ranking_.replications(); }

  /// Whether the agreement serves a customer; without agreement, whether it decides.
  bool is_holder(const measures::Entity& customer) const;

  Gain gain(const PartyValue& party, std::size_t option) const;
  /// The same gain in each future and replication in which neither failed, the smallest first.
  std::vector<double> sorted_gains(const PartyValue& party, std::size_t option) const;
  /// By how much a figure is higher than under the reference: over replications, of the mean over
  /// futures.
  sim::Summary change(const Runs& figure, std::size_t option) const;
  /// By how much an option is worth more to who decides than another: over replications, of the
  /// mean over futures.
  sim::Summary lead(std::size_t option, std::size_t other) const;
  /// Cases in which buyer and seller both gain over the reference; requires an agreement.
  CaseCount both_gain(std::size_t option) const;
  const std::vector<PriceRange>& prices() const { return prices_; }
  /// Where an option is worse for who decides than the reference.
  WrongBox wrong_box(std::size_t option) const;

 private:
  void analyse();
  void describe_options();
  void rank();
  void regret();
  void find_prices();
  std::vector<double> by_replication(const Runs& runs, std::size_t option) const;
  Runs gains_by_run(const PartyValue& party, std::size_t option) const;
  std::vector<double> changes_by_replication(const Runs& figure, std::size_t option) const;
  void serve(OptionResult& option, std::size_t number) const;

  std::string file_;
  sweep::SweepResults results_;
  study::Decision decision_;
  Valuation valuation_;
  sweep::AgreementInQuestion agreement_;
  std::size_t reference_ = 0;
  std::vector<OptionResult> options_;
  std::vector<std::size_t> candidates_;
  sim::KimNelson ranking_;
  std::vector<PriceRange> prices_;
};

}  // namespace optichain::models::lta
