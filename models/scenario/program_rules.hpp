#pragma once
// Rules of validity for programs.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "models/catalog/catalog.hpp"

namespace optichain::models {

class ProgramRules {
 public:
  using Error = std::function<void(const std::string& path, std::string message,
                                   std::vector<std::string> notes)>;
  /// An error unless a name is among those known; true if it is.
  using Refers =
      std::function<bool(const std::string& path, std::string_view kind, const std::string& name,
                         const std::vector<std::string>& known)>;

  ProgramRules(const Scenario& scenario, Error error, Refers refers)
      : s_(scenario), error_(std::move(error)), refers_(std::move(refers)) {}

  /// Names, dates, and keys that go together or do not.
  void check();
  /// What only shows when all names are resolved: an export control that concerns nobody.
  void check_effects(const Catalog& catalog);

 private:
  void check(const std::string& path, const Expansion& expansion);
  void check(const std::string& path, const Breakdowns& breakdowns);
  void check(const std::string& path, const ExportControl& control);
  void check(const std::string& path, const SupplierExit& exit);
  void check(const std::string& path, const Conversion& conversion);
  void check_control_names(const std::string& path, const ExportControl& control);
  bool is_line(const std::string& path, const Name& site, const char* key, const Name& line);
  void one_of(const std::string& path, bool first, bool second, std::string_view what);

  const Scenario& s_;
  Error error_;
  Refers refers_;
  double breakdowns_ = 0;  // expected in a run
};

}  // namespace optichain::models
