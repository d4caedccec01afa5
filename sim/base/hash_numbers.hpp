#pragma once
// Numbers for hashes that stand for names, from 0 in the order in which they first come.

#include <cstdint>
#include <utility>
#include <vector>

#include <tsl/robin_set.h>

#include "sim/base/hash.hpp"

namespace optichain::sim {

/// A network of thousands of stages has a million names: a table of numbers alone is an eighth of
/// a map from the hashes, and takes a third of the time.
class HashNumbers {
 public:
  HashNumbers() : numbers_(0, Hash{&hashes_}, Equal{&hashes_}) { numbers_.max_load_factor(0.8F); }
  HashNumbers(const HashNumbers&) = delete;
  HashNumbers& operator=(const HashNumbers&) = delete;

  struct Found {
    std::uint32_t number;
    bool is_new;
  };
  /// Gives a new hash the next number.
  Found find_or_add(const WideHash& hash) {
    // names of one entity come together, and all of them in the same order again
    for (const std::uint32_t guess : {last_, last_ + 1}) {
      if (guess < hashes_.size() && hashes_[guess] == hash) return {last_ = guess, false};
    }
    hashes_.push_back(hash);
    const auto [place, is_new] = numbers_.insert(static_cast<std::uint32_t>(hashes_.size() - 1));
    if (!is_new) hashes_.pop_back();
    return {last_ = *place, is_new};
  }
  void clear() {
    hashes_.clear();
    numbers_.clear();
  }

 private:
  struct Hash {
    std::vector<WideHash>* of;
    std::size_t operator()(std::uint32_t number) const { return (*of)[number].low; }
  };
  struct Equal {
    std::vector<WideHash>* of;
    bool operator()(std::uint32_t a, std::uint32_t b) const { return (*of)[a] == (*of)[b]; }
  };
  static constexpr bool keep_hashes = true;  // compared before the number leads to the whole one

  std::vector<WideHash> hashes_;
  tsl::robin_set<std::uint32_t, Hash, Equal, std::allocator<std::uint32_t>, keep_hashes> numbers_;
  std::uint32_t last_ = 0;
};

}  // namespace optichain::sim
