#include "models/causes/tree.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/causes/kinds.hpp"
#include "sim/base/amount.hpp"
#include "sim/base/quantity.hpp"

namespace optichain::models::causes {
namespace {

constexpr std::size_t most_places = 3;

double share_of(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

/// A step, or the causes of one kind and item.
struct Trees::Branch {
  std::string name;
  std::int64_t pieces = 0;
  std::vector<Part> places{};  // of a cause

  std::string where() const {
    if (places.size() == 1) return places.front().name;
    std::vector<std::string> texts;
    for (const Part& place : places) {
      if (texts.size() == most_places) break;
      texts.push_back(place.name + " " + sim::percent_text(share_of(place.pieces, pieces)));
    }
    if (places.size() > most_places) {
      texts.push_back(fmt::format("{} more", places.size() - most_places));
    }
    return fmt::format("{}", fmt::join(texts, ", "));
  }
};

/// A tree while it grows.
struct Trees::Telling {
  std::int64_t all = 0;
  std::size_t begin = 0;           // steps of the way before the first row
  std::vector<std::string> way{};  // the steps that lead to the present one
  std::set<std::string> told{};    // pieces of one step go on alike, wherever they came from
  Tree tree{};
};

Trees::Trees(const std::vector<Trace>& traces, const TreeOptions& options) : options_(options) {
  for (const Trace& t : traces) {
    const std::string from = label(t.from);
    const std::string to = is_cause(t.to) ? t.to : label(t.to);
    if (from == to) continue;  // what stays within a step is no step of the way
    Flow& flow = flows_[from];
    flow.to[to] += t.pieces;
    flow.total += t.pieces;
  }
}

/// site.item and customer.product without the place, unless places are asked for.
std::string Trees::label(const std::string& node) const {
  return options_.by_site ? node : node.substr(node.find('.') + 1);
}

Tree Trees::all() const {
  Pieces roots;  // what no one handed on
  for (const auto& [from, flow] : flows_) {
    roots[from] += flow.total;
    for (const auto& [to, pieces] : flow.to) {
      if (!is_cause(to)) roots[to] -= pieces;
    }
  }
  std::erase_if(roots, [](const auto& root) { return root.second == 0; });
  return tell(sorted(roots), "");
}

Tree Trees::from(const std::string& step) const {
  const auto flow = flows_.find(step);
  if (flow == flows_.end()) return {};
  return tell(sorted(flow->second.to), step);
}

Tree Trees::causes() const {
  Pieces ends;
  for (const auto& [from, flow] : flows_) {
    for (const auto& [to, pieces] : flow.to) {
      if (is_cause(to)) ends[to] += pieces;
    }
  }
  return tell(sorted(ends), "");
}

Tree Trees::tell(const std::vector<Part>& parts, std::string_view from) const {
  Telling telling;
  for (const Part& part : parts) telling.all += part.pieces;
  if (!from.empty()) telling.way.emplace_back(from);
  telling.begin = telling.way.size();
  telling.tree.pieces = static_cast<double>(telling.all) / options_.divisor;
  tell_parts(telling, parts);
  return std::move(telling.tree);
}

std::vector<Trees::Part> Trees::sorted(const Pieces& pieces) {
  std::vector<Part> parts;
  for (const auto& [name, n] : pieces) parts.push_back({name, n});
  std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    return std::abs(a.pieces) > std::abs(b.pieces);
  });
  return parts;
}

/// Where pieces at a step went on to, in proportion to all that went through it; the parts sum to
/// the pieces.
std::vector<Trees::Part> Trees::split(const Flow& flow, std::int64_t pieces) {
  std::vector<Part> parts = sorted(flow.to);
  std::int64_t given = 0;
  const double part_of_flow = share_of(pieces, flow.total);
  for (Part& part : parts) {
    part.pieces = sim::to_whole(static_cast<double>(part.pieces) * part_of_flow);
    given += part.pieces;
  }
  parts.front().pieces += pieces - given;
  return parts;
}

/// Causes of one kind and item are one branch, with the places in it.
std::vector<Trees::Branch> Trees::branches(const std::vector<Part>& parts) {
  std::vector<Branch> found;
  std::map<std::string, std::size_t> branch_of_cause;
  for (const Part& part : parts) {
    if (!is_cause(part.name)) {
      found.push_back({part.name, part.pieces});
      continue;
    }
    const CauseName cause = cause_name(part.name);
    const std::string words = phrase(cause.kind, cause.item);
    const auto [at, is_new] = branch_of_cause.try_emplace(words, found.size());
    if (is_new) found.push_back({words});
    Branch& branch = found[at->second];
    branch.pieces += part.pieces;
    branch.places.push_back({cause.where, part.pieces});
  }
  std::stable_sort(found.begin(), found.end(), [](const Branch& a, const Branch& b) {
    return std::abs(a.pieces) > std::abs(b.pieces);
  });
  return found;
}

void Trees::tell_parts(Telling& telling, const std::vector<Part>& parts) const {
  const std::size_t depth = telling.way.size() - telling.begin;
  const auto add = [&](TreeRow::Kind kind, const std::string& name, std::int64_t pieces,
                       const std::string& where = {}) {
    telling.tree.rows.push_back({depth, kind, name, static_cast<double>(pieces) / options_.divisor,
                                 share_of(pieces, telling.all), where});
  };
  const double least = options_.least * std::abs(static_cast<double>(telling.all));
  std::int64_t rest = 0;
  for (const Branch& branch : branches(parts)) {
    if (std::abs(static_cast<double>(branch.pieces)) < least) {
      rest += branch.pieces;
      continue;
    }
    if (!branch.places.empty()) {
      add(TreeRow::Kind::cause, branch.name, branch.pieces, branch.where());
      continue;
    }
    const auto flow = flows_.find(branch.name);
    const bool again =
        std::find(telling.way.begin(), telling.way.end(), branch.name) != telling.way.end();
    const bool goes_on = !again && flow != flows_.end() && flow->second.total != 0;
    const bool repeated = goes_on && !telling.told.insert(branch.name).second;
    add(repeated ? TreeRow::Kind::repeated : TreeRow::Kind::step, branch.name, branch.pieces);
    if (!goes_on || repeated) continue;
    telling.way.push_back(branch.name);
    tell_parts(telling, split(flow->second, branch.pieces));
    telling.way.pop_back();
  }
  if (rest != 0) add(TreeRow::Kind::rest, "", rest);
}

}  // namespace optichain::models::causes
