#pragma once
// What was given to a run, what differs from another's, and what is dated in it.

#include <string>
#include <vector>

#include "models/report/page/page_fields.hpp"
#include "sim/output/store.hpp"

namespace optichain::models::report {

/// Outages and programs that act between two dates.
struct DatedEvent {
  static constexpr std::string_view title = "DatedEvent";
  std::string name{};
  std::string label{};
  std::string from{};
  std::string until{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("name", name);
    v.field("label", label, "of the program or the outage alone");
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

std::vector<GivenInput> inputs(const std::vector<sim::InputRow>& inputs);

/// The changes that were said when the run was started (`--set`) and are still seen among its
/// inputs, as `path=value`.
std::vector<std::string> given_changes(const std::vector<sim::InputRow>& inputs);

/// Each path whose value differs.
std::vector<ChangedInput> changes(const std::vector<sim::InputRow>& base,
                                  const std::vector<sim::InputRow>& other);

/// Outages and programs that act between two dates.
std::vector<DatedEvent> events(const std::vector<sim::InputRow>& inputs);

}  // namespace optichain::models::report
