#pragma once
// Rules of validity for migrations and substitutions.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/scenario/rule_set.hpp"

namespace optichain::models::scenario {

class MigrationRules : private RuleSet {
 public:
  explicit MigrationRules(RuleContext& context) : RuleSet(context) {}
  void check();

 private:
  /// One variant or recipe at a site, with the label it may go by, too.
  struct Way {
    std::string site, name, label;
    bool is_one_of(const std::vector<Name>& list) const {
      return std::any_of(list.begin(), list.end(), [&](const Name& n) {
        return n.text == name || (!label.empty() && n.text == label);
      });
    }
  };
  void check_migrations();
  void check_customers_of(const std::string& path, const Migration& m, bool of_family);
  std::vector<Way> ways_of(const Migration& m, bool of_family) const;
  void check_way_names(const std::string& path, const char* kind, const std::vector<Name>& names,
                       const std::vector<Way>& ways);
  void check_places(const std::string& path, const std::string& name, const Migration& m,
                    const std::vector<Way>& ways,
                    std::map<std::pair<std::string, std::string>, std::string>& moved_by);
  void check_substitution(const std::string& path, const Substitution& s);
  void check_chained_substitutions();
};

}  // namespace optichain::models::scenario
