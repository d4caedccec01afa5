#pragma once
// The agreement that a decision is about, as a store keeps it: whose it is, and on which terms each
// policy has it. None of that is among the figures.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/study/loaded_study.hpp"

namespace optichain::models::sweep {

/// What is agreed on when the agreement begins.
struct AgreementTerms {
  double take_or_pay = 0;
  std::optional<double> volume;  // a week, or a share of capacity or output
  std::optional<double> price;   // in USD; nothing if the market makes it
};

struct AgreementInQuestion {
  std::string name;
  std::optional<AgreementTerms> usual;                            // in the study's own scenario
  std::vector<std::pair<std::string, AgreementTerms>> by_policy;  // of those that have it
  std::string seller, buyer;                                      // empty if no policy has it
  std::vector<std::string> served;  // the customers that buy from the buyer, or the buyer itself
};

/// What the scenario of a study and its policies, called `policies`, make of an agreement.
AgreementInQuestion agreement_in_question(const std::string& name, const Scenario& scenario,
                                          const study::LoadedStudy& study,
                                          const std::vector<std::string>& policies);

/// One line for the store's note "agreement", and what was written there. Throws Json::exception
/// for a note with other values.
std::string agreement_note(const AgreementInQuestion& agreement);
AgreementInQuestion read_agreement_note(const std::string& note);

}  // namespace optichain::models::sweep
