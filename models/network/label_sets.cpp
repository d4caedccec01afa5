#include "models/network/label_sets.hpp"

#include <bit>

namespace optichain::models::network {
namespace {

constexpr unsigned bits_of_leaf = 6;
constexpr std::size_t leaf_size = std::size_t{1} << bits_of_leaf;

}  // namespace

LabelSets::LabelSets(std::size_t labels) {
  while (leaf_size << levels_ < labels) ++levels_;
}

LabelSets::Set LabelSets::branch(Set low, Set high) {
  if (low == none && high == none) return none;
  branches_.push_back({low, high});
  return static_cast<Set>(branches_.size() - 1);
}

LabelSets::Set LabelSets::leaf(std::uint64_t members) {
  if (members == 0) return none;
  leaves_.push_back(members);
  return static_cast<Set>(leaves_.size() - 1);
}

LabelSets::Set LabelSets::with(Set set, std::size_t label, unsigned level) {
  if (level == 0) {
    const std::uint64_t more = leaves_[set] | std::uint64_t{1} << label % leaf_size;
    return more == leaves_[set] ? set : leaf(more);
  }
  const Branch old = branches_[set];
  const bool is_high = label >> (bits_of_leaf + level - 1) & 1;
  const Set part = with(is_high ? old.high : old.low, label, level - 1);
  if (part == (is_high ? old.high : old.low)) return set;
  return is_high ? branch(old.low, part) : branch(part, old.high);
}

LabelSets::Set LabelSets::merge(Set a, Set b, unsigned level, bool either) {
  if (a == b) return a;
  if (a == none) return either ? b : none;
  if (b == none) return either ? a : none;
  if (level == 0) {
    const std::uint64_t x = leaves_[a], y = leaves_[b];
    const std::uint64_t merged = either ? x | y : x & y;
    return merged == x ? a : merged == y ? b : leaf(merged);
  }
  const Branch x = branches_[a], y = branches_[b];
  const Set low = merge(x.low, y.low, level - 1, either);
  const Set high = merge(x.high, y.high, level - 1, either);
  if (low == x.low && high == x.high) return a;
  if (low == y.low && high == y.high) return b;
  return branch(low, high);
}

std::vector<std::size_t> LabelSets::labels(Set set) const {
  std::vector<std::size_t> out;
  list(set, levels_, 0, out);
  return out;
}

void LabelSets::list(Set set, unsigned level, std::size_t first,
                     std::vector<std::size_t>& out) const {
  if (set == none) return;
  if (level > 0) {
    list(branches_[set].low, level - 1, first, out);
    list(branches_[set].high, level - 1, first + (leaf_size << (level - 1)), out);
    return;
  }
  for (std::uint64_t rest = leaves_[set]; rest != 0; rest &= rest - 1) {
    out.push_back(first + static_cast<std::size_t>(std::countr_zero(rest)));
  }
}

}  // namespace optichain::models::network
