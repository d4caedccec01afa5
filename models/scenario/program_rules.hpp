#pragma once
// Rules of validity for programs.

#include <string>
#include <string_view>

#include "models/scenario/rule_set.hpp"

namespace optichain::models::scenario {

class ProgramRules : private RuleSet {
 public:
  explicit ProgramRules(RuleContext& context) : RuleSet(context) {}

  /// Names, dates, and keys that go together or do not.
  void check();
  /// What only shows when all names are resolved: an export control or a disruption that concerns
  /// nobody.
  void check_effects(const Catalog& catalog);

 private:
  void check(const std::string& path, const Expansion& expansion);
  void check(const std::string& path, const Breakdowns& breakdowns);
  void check(const std::string& path, const ExportControl& control);
  void check(const std::string& path, const SupplierExit& exit);
  void check(const std::string& path, const Disruption& disruption);
  void check(const std::string& path, const Conversion& conversion);
  void check_control_names(const std::string& path, const ExportControl& control);
  bool is_line(const std::string& path, const Name& site, const char* key, const Name& line);
  void one_of(const std::string& path, bool first, bool second, std::string_view what);

  double breakdowns_ = 0;  // expected in a run
};

}  // namespace optichain::models::scenario
