#include "models/scenario/program_rules.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/diagnostics.hpp"

namespace optichain::models::scenario {
namespace {

constexpr double most_breakdowns = 1e6;  // in a run: some seconds

double lowest_mean(const Value& value) {
  return value.curve().lowest() * value.factor().mean();
}

}  // namespace

void ProgramRules::check() {
  for (const auto& [name, program] : s_.programs) {
    std::visit([&, &name = name]<class T>(
                   const T& p) { check(fmt::format("programs.{}.{}", name, T::tag), p); },
               program);
  }
}

void ProgramRules::one_of(const std::string& path, bool first, bool second, std::string_view what) {
  if (first != second) return;
  error(path, fmt::format("expected {} of {}", first ? "only one" : "one", what));
}

bool ProgramRules::is_line(const std::string& path, const Name& site, const char* key,
                           const Name& line) {
  const auto found = s_.sites.find(site.text);
  return found != s_.sites.end() &&
         refers(fmt::format("{}.{}", path, key), "line", line.text, found->second.lines);
}

void ProgramRules::check(const std::string& path, const Expansion& e) {
  refers(path + ".site", "site", e.site.text, s_.sites);
  is_line(path, e.site, "line", e.line);
  one_of(path, e.adds_per_week.has_value(), e.adds_share.has_value(),
         "`adds_per_week` and `adds_share`");
  one_of(path, e.decided.has_value(), e.when.has_value(), "`decided` and `when`");
}

void ProgramRules::check(const std::string& path, const Breakdowns& b) {
  refers(path + ".site", "site", b.site.text, s_.sites);
  is_line(path, b.site, "line", b.line);
  const double cycle = lowest_mean(b.mtbf_days) + lowest_mean(b.mttr_days);
  if (cycle <= 0) {
    error(path + ".mtbf_days", "expected time between failures or for repairs, received none");
    return;
  }
  if (!context_.unread.empty()) return;  // how long a run is may not be known
  const double days = s_.warm_up_days + sim::to_days(s_.end.date + std::chrono::days{1} - s_.start);
  const double before = breakdowns_;
  breakdowns_ += std::max(0.0, days) / cycle;
  if (breakdowns_ <= most_breakdowns || before > most_breakdowns) return;
  error(path + ".mtbf_days",
        fmt::format("expected at most {:.0f} breakdowns in a run, received {:.0f}", most_breakdowns,
                    breakdowns_),
        {"make the time between failures longer"});
}

void ProgramRules::check(const std::string& path, const ExportControl& c) {
  if (c.until && c.until->date < c.from) {
    error(path + ".until", {path + ".from"},
          fmt::format("expected a day on or after {}, received {}", sim::format_time(c.from),
                      sim::format_time(c.until->date)));
  }
  const bool blocked = std::holds_alternative<Blocked>(c.effect);
  if (c.withdraw && !blocked) {
    error(path + ".withdraw", "only what is blocked can be withdrawn",
          {"set `effect: blocked`, or leave `withdraw` out"});
  }
  const sim::Time begin = s_.start - sim::days_to_duration(s_.warm_up_days);
  if (std::holds_alternative<LicenceQuota>(c.effect) && sim::Time{c.from} <= begin) {
    error(path + ".from", {"start", "warm_up_days"},
          fmt::format("expected a day after the beginning of the simulation {}, received {}",
                      sim::format_time(begin), sim::format_time(c.from)),
          {"a quota is a share of what was shipped before"});
  }
  check_control_names(path, c);
}

void ProgramRules::check_control_names(const std::string& path, const ExportControl& c) {
  std::vector<std::string> goods = names_of(s_.items), sellers = names_of(s_.sites);
  for (const auto& [name, family] : s_.families) goods.push_back(name);
  std::vector<std::string> buyers = sellers, from, to;
  for (const auto& [name, site] : s_.sites) {
    if (site.region) from.push_back(site.region->text);
  }
  to = from;
  for (const auto& [name, customer] : s_.customers) {
    buyers.push_back(name);
    if (customer.region) to.push_back(customer.region->text);
  }
  for (const Name& item : c.items) refers(path + ".items", "item or family", item.text, goods);
  for (const Name& site : c.sites) refers(path + ".sites", "site", site.text, sellers);
  for (const Name& buyer : c.buyers) {
    refers(path + ".buyers", "site or customer", buyer.text, buyers);
  }
  if (c.from_region) refers(path + ".from_region", "region", c.from_region->text, from);
  if (c.to_region) refers(path + ".to_region", "region", c.to_region->text, to);
}

void ProgramRules::check(const std::string& path, const SupplierExit& e) {
  if (!refers(path + ".site", "site", e.site.text, s_.sites)) return;
  const auto& sells = s_.sites.at(e.site.text).sells;
  for (const Name& product : e.sells) {
    if (sells.contains(product.text) || may_be_unread("item", product.text)) continue;
    error(path + ".sells", {"sites." + e.site.text + ".sells"},
          fmt::format("{} does not sell {}", sim::in_quotes(e.site.text),
                      sim::in_quotes(product.text)),
          {fmt::format("it sells {}", fmt::join(names_of(sells), ", "))});
  }
}

void ProgramRules::check(const std::string& path, const Disruption& d) {
  refers(path + ".site", "site", d.site.text, s_.sites);
  const auto* dated = std::get_if<DatedDisruption>(&d.when);
  if (dated && dated->every_days && *dated->every_days <= dated->days) {
    error(path + ".when.dated.every_days",
          fmt::format("expected more than the {} days that it lasts, received {}", dated->days,
                      *dated->every_days));
  }
  const auto narrows = [&](const char* key, const std::vector<Name>& names, Activity only) {
    if (names.empty() || d.pauses == only) return;
    error(
        path + "." + key,
        fmt::format("it goes with `pauses: {}` only",
                    sim::Words<Activity>::words[static_cast<std::size_t>(only)]),
        {"`shipments` may have `buyers` and `supply` may have `sellers`; everything else pauses as "
         "a whole"});
  };
  narrows("buyers", d.buyers, Activity::shipments);
  narrows("sellers", d.sellers, Activity::supply);
  std::vector<std::string> buyers = names_of(s_.sites);
  for (const std::string& customer : names_of(s_.customers)) buyers.push_back(customer);
  for (const Name& buyer : d.buyers) {
    refers(path + ".buyers", "site or customer", buyer.text, buyers);
  }
  for (const Name& seller : d.sellers) refers(path + ".sellers", "site", seller.text, s_.sites);
  const bool on_the_way = d.pauses == Activity::transit || d.pauses == Activity::receipts;
  for (const auto& [name, agreement] : s_.agreements) {
    if (!on_the_way || !agreement.through.contains(d.site.text)) continue;
    error(path + ".pauses",
          fmt::format("goods that are bought in the stead of a customer cannot be held up on "
                      "their way, and {} takes some for agreement {}",
                      sim::in_quotes(d.site.text), sim::in_quotes(name)),
          {"pause `orders` or `shipments`"});
  }
}

void ProgramRules::check(const std::string& path, const Conversion& c) {
  refers(path + ".site", "site", c.site.text, s_.sites);
  const bool from = is_line(path, c.site, "from", c.from);
  const bool to = is_line(path, c.site, "to", c.to);
  if (from && to && c.from == c.to) {
    error(path + ".to", "a line cannot be converted into itself");
  }
  one_of(path, c.decided.has_value(), c.when.has_value(), "`decided` and `when`");
  if (c.back && !c.when) {
    error(path + ".back", "only a rule can move capacity back", {"give `when`"});
  }
}

void ProgramRules::check_effects(const Catalog& catalog) {
  for (const auto& program : catalog.programs) {
    if (!program.channels.empty()) continue;
    if (const auto* d = std::get_if<Disruption>(program.program); d && d->is_of_channels()) {
      const bool supply = d->pauses == Activity::supply;
      error(fmt::format("programs.{}.disruption.{}", program.name, supply ? "pauses" : "buyers"),
            supply ? fmt::format("no seller is concerned: {} buys nothing{}",
                                 sim::in_quotes(d->site.text),
                                 d->sellers.empty() ? "" : " from such sellers")
                   : fmt::format("no buyer is concerned: {} sells nothing to such buyers",
                                 sim::in_quotes(d->site.text)));
    }
    if (!std::holds_alternative<ExportControl>(*program.program)) continue;
    error(fmt::format("programs.{}.export_control", program.name),
          "no buyer and seller are concerned: nobody buys such items from such sellers");
  }
}

}  // namespace optichain::models::scenario
