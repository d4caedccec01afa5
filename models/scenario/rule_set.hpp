#pragma once
// What all rules of validity share: the scenario, what was found, how to say what is wrong.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/catalog/catalog.hpp"
#include "sim/input/document.hpp"
#include "sim/input/unread.hpp"

namespace optichain::models::scenario {

/// The scenario that rules look at, what of it could not be read and so says nothing, and what they
/// have found so far.
struct RuleContext {
  struct Consequence {
    std::string path, message;
    std::vector<std::string> notes;
  };
  const Scenario& scenario;
  const sim::Document& document;
  const sim::Unread& unread;
  sim::Diagnostics& diagnostics;
  std::vector<Consequence> consequences{};
  bool name_unknown = false;
};

template <class Map>
std::vector<std::string> names_of(const Map& map) {
  std::vector<std::string> names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

class RuleSet {
 public:
  explicit RuleSet(RuleContext& context);

 protected:
  /// An error in what stands at a path or beside it; said if all of that was read.
  void error(const std::string& path, std::string message, std::vector<std::string> notes = {});
  /// An error that other values at `about` make one too; said if they were read.
  void error(const std::string& path, std::initializer_list<std::string> about, std::string message,
             std::vector<std::string> notes = {});
  /// An error whatever else could not be read.
  void certain_error(const std::string& path, std::string message,
                     std::vector<std::string> notes = {});
  /// An error that may only be there because a name is wrong; said if all names are known and
  /// everything was read.
  void consequence(const std::string& path, std::string message,
                   std::vector<std::string> notes = {});
  void say_consequences();

  /// Whether a name that is not known may be one of something that was not read.
  bool may_be_unread(std::string_view kind, const std::string& name) const;
  /// An error unless the name is known; true if it is.
  bool refers(const std::string& path, std::string_view kind, const std::string& name,
              const std::vector<std::string>& known);
  template <class Map>
  bool refers(const std::string& path, std::string_view kind, const std::string& name,
              const Map& known) {
    return known.contains(name) || refers(path, kind, name, names_of(known));
  }
  bool is_item(const std::string& path, const std::string& name) {
    return refers(path, "item", name, s_.items);
  }
  const std::vector<std::string>& variants_of(const std::string& product) const;
  bool is_variant(const std::string& path, const std::string& name,
                  const std::vector<std::string>& variants);
  bool is_product(const std::string& path, const std::string& name);
  std::string product_of(const std::string& item) const;
  static bool makes(const Site& site, const std::string& item);
  static bool has(const Site& site, const std::string& item);
  static bool has_anywhere(const Site& site, const std::string& item);

  const Scenario& s_;
  RuleContext& context_;

 private:
  std::map<std::string, std::vector<std::string>> variants_;  // by family, or item without one
};

}  // namespace optichain::models::scenario
