#include "models/report/graph/program_text.hpp"

#include <fmt/format.h>

#include "sim/base/number.hpp"
#include "sim/base/overloaded.hpp"

namespace optichain::models::report {
namespace {

using sim::format_time;

std::string decision(const std::optional<Date>& decided, const std::string& rule) {
  return decided ? "decided on " + format_time(*decided) : rule;
}

std::string lead(const Value& lead_days, const std::optional<Date>& decided,
                 const Catalog& catalog) {
  const double days = lead_days.mean(decided ? sim::Time{*decided} : catalog.start());
  return days > 0 ? fmt::format(", there after {} days", sim::format_short(days)) : "";
}

std::string effect(const ExportControl& c) {
  struct Words {
    std::string operator()(const Blocked&) const { return "nothing may be shipped"; }
    std::string operator()(const LicenceDelay&) const { return "licences take time"; }
    std::string operator()(const LicenceQuota& q) const {
      return fmt::format("{} of the usual shipments are allowed", sim::format_short(q.left));
    }
  };
  return std::visit(Words{}, c.effect);
}

}  // namespace

std::string program_text(const Catalog& catalog, ProgramId id) {
  const auto& entry = catalog[id];
  const auto line = [&](std::size_t n) { return catalog[entry.lines[n]].name; };
  return std::visit(
      sim::Overloaded{
          [&](const Expansion& e) {
            return fmt::format("more capacity on {}, {}{}", line(0),
                               decision(e.decided, "decided when it is full for long"),
                               lead(e.lead_days, e.decided, catalog));
          },
          [&](const Breakdowns& b) {
            const double up = b.mtbf_days.mean(catalog.start()),
                         down = b.mttr_days.mean(catalog.start());
            return fmt::format("{} breaks down, up {:.1f} % of the time", line(0),
                               up + down > 0 ? 100 * up / (up + down) : 100);
          },
          [&](const ExportControl& c) {
            return fmt::format("export control from {}{}: {}; buyer-seller relations: {}",
                               format_time(c.from),
                               c.until ? " to " + format_time(c.until->date) : " on", effect(c),
                               entry.channels.size());
          },
          [&](const SupplierExit& e) {
            return fmt::format("{} stops selling on {}, {}", catalog[entry.site].name,
                               format_time(e.date),
                               e.honours_orders ? "after its open orders" : "at once");
          },
          [&](const Disruption& d) {
            std::vector<std::string> others;
            for (const Name& name : d.buyers) others.push_back(name.text);
            for (const Name& name : d.sellers) others.push_back(name.text);
            return fmt::format(
                "{}: {}{}{} paused {}", catalog[entry.site].name,
                sim::Words<Activity>::words[static_cast<std::size_t>(d.pauses)],
                others.empty()     ? ""
                : d.buyers.empty() ? " from "
                                   : " to ",
                fmt::join(others, ", "),
                std::holds_alternative<MarkovDisruption>(d.when) ? "by chance" : "by date");
          },
          [&](const Conversion& c) {
            return fmt::format("{} is converted to {}, {}{}", line(0), line(1),
                               decision(c.decided, "decided by what each earns"),
                               lead(c.lead_days, c.decided, catalog));
          },
      },
      *entry.program);
}

}  // namespace optichain::models::report
