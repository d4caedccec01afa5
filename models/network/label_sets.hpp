#pragma once
// Many sets of small numbers that have much in common: what two sets share is kept once, so that a
// set made of others takes the room of what is new in it.
//
//   LabelSets sets(3);
//   const auto a = sets.with(LabelSets::none, 2), b = sets.with(a, 0);
//   sets.both(a, b) == a;                                       // the members of a set: {2}
//
// Sets are trees over the numbers, 64 in a leaf, that are never changed once they are made
// (Okasaki, "Purely functional data structures", 1998): a set with one more number is a new path to
// it.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace optichain::models::network {

class LabelSets {
 public:
  /// A set of these. Equal sets may have different ones.
  using Set = std::uint32_t;
  static constexpr Set none = 0;

  /// Sets of numbers below `labels`.
  explicit LabelSets(std::size_t labels);

  Set with(Set set, std::size_t label) { return with(set, label, levels_); }
  Set either(Set a, Set b) { return merge(a, b, levels_, true); }
  Set both(Set a, Set b) { return merge(a, b, levels_, false); }
  /// Ascending.
  std::vector<std::size_t> labels(Set set) const;

 private:
  struct Branch {
    Set low, high;
  };
  Set with(Set set, std::size_t label, unsigned level);
  Set merge(Set a, Set b, unsigned level, bool either);
  Set branch(Set low, Set high);
  Set leaf(std::uint64_t members);
  void list(Set set, unsigned level, std::size_t first, std::vector<std::size_t>& out) const;

  unsigned levels_ = 0;               // of branches above the leaves
  std::vector<Branch> branches_{{}};  // from 1 on: none is empty
  std::vector<std::uint64_t> leaves_{0};
};

}  // namespace optichain::models::network
