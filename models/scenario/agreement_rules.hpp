#pragma once
// Rules of validity for agreements.

#include <string>

#include "models/scenario/rule_set.hpp"

namespace optichain::models::scenario {

class AgreementRules : private RuleSet {
 public:
  explicit AgreementRules(RuleContext& context) : RuleSet(context) {}
  void check();

 private:
  void check_agreement(const std::string& name, const Agreement& a);
  void check_taker(const std::string& path, const std::string& taker, const std::string& seller,
                   const std::string& item);
  void check_through(const std::string& path, const Agreement& a);
  void check_volume(const std::string& path, const Agreement& a);
  sim::Time first_day_of(const Agreement& a) const;
  void check_price(const std::string& path, const Agreement& a);
  void check_termination(const std::string& path, const Agreement& a);
};

}  // namespace optichain::models::scenario
