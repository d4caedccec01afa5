#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/report/graph/graph_report.hpp"

namespace optichain::models::report {
namespace {

/// Text between double quotes of the DOT language.
std::string dot_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out + '"';
}

std::set<SiteId> indispensable_sites(const network::Structure& structure) {
  std::set<SiteId> sites;
  for (const auto& demand : structure.demands) {
    sites.insert(demand.indispensable.begin(), demand.indispensable.end());
  }
  return sites;
}

/// The name of a site over the items that it makes.
std::string label_of(const Catalog& catalog, const Catalog::SiteEntry& site) {
  std::set<std::string> made;
  for (const RecipeId r : site.recipes) made.insert(catalog[catalog[r].item].name);
  return made.empty() ? site.name : fmt::format("{}\n{}", site.name, fmt::join(made, "\n"));
}

}  // namespace

std::string graph_dot(const Catalog& catalog, const network::Structure& structure) {
  const auto bold = indispensable_sites(structure);
  std::string out = fmt::format(
      "digraph {} {{\n"
      "  rankdir=LR; ranksep=2.5; nodesep=0.12;\n"
      "  node [shape=box, style=filled, colorscheme=pastel19, fillcolor=white];\n"
      "  edge [color=\"#00000060\", arrowsize=0.5];\n",
      dot_string(catalog.scenario.name));

  std::map<int, std::vector<std::string>> ranks;
  std::map<std::string, std::size_t> colours;  // of stages, nine of them and again from the first
  for (std::size_t s = 0; s < catalog.sites.size(); ++s) {
    const auto& site = catalog.sites[s];
    const auto tier = structure.site_tier[s];
    std::string looks;
    if (!site.site->stage.empty()) {
      const std::size_t colour = colours.emplace(site.site->stage, colours.size()).first->second;
      looks = fmt::format(", fillcolor={}", colour % 9 + 1);
    }
    if (!tier) looks += ", style=\"filled,dashed\"";
    if (bold.contains(SiteId{s})) looks += ", penwidth=3";
    out += fmt::format("  {} [label={}{}];\n", dot_string(site.name),
                       dot_string(label_of(catalog, site)), looks);
    if (tier) ranks[*tier].push_back(dot_string(site.name));
  }
  for (const auto& customer : catalog.customers) {
    out += fmt::format("  {} [shape=ellipse];\n", dot_string(customer.name));
    ranks[0].push_back(dot_string(customer.name));
  }
  for (const auto& [tier, names] : ranks) {
    out += fmt::format("  {{rank=same; {};}}  // tier {}\n", fmt::join(names, "; "), tier);
  }

  // One arrow from a seller to a buyer, however many things they trade.
  std::map<std::pair<std::string, std::string>, std::set<std::string>> trades;
  for (const auto& c : catalog.channels) {
    const auto& offer = catalog[c.offer];
    const std::string& what = c.purchase.valid()
                                  ? catalog[catalog[catalog[c.purchase].stock].item].name
                                  : catalog[offer.product].name;
    trades[{catalog[offer.site].name, catalog.party_name(c.buyer)}].insert(what);
  }
  // Among many arrows texts hide more than they tell; there they are seen only by pointing at them.
  const char* text = trades.size() <= 40 ? "label" : "tooltip";
  for (const auto& [parties, what] : trades) {
    out +=
        fmt::format("  {} -> {} [{}={}];\n", dot_string(parties.first), dot_string(parties.second),
                    text, dot_string(fmt::format("{}", fmt::join(what, "\n"))));
  }
  return out + "}\n";
}

}  // namespace optichain::models::report
