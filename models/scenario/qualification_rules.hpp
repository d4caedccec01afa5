#pragma once
// Rules of validity for qualifications.

#include <string>

#include "models/scenario/rule_set.hpp"

namespace optichain::models::scenario {

class QualificationRules : private RuleSet {
 public:
  explicit QualificationRules(RuleContext& context) : RuleSet(context) {}
  void check();

 private:
  void check_qualification(const std::string& path, const Qualification& q);
  void check_qualified_recipe(const std::string& path, const Qualification& q);
  void check_qualified_seller(const std::string& path, const Qualification& q);
  bool orders(const std::string& path, const std::string& party, const std::string& name);
};

}  // namespace optichain::models::scenario
