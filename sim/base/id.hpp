#pragma once
// Id<Tag>: the index of a thing in the vector that owns things of its kind. A SiteId cannot be used
// where an ItemId is meant.

#include <compare>
#include <cstddef>
#include <cstdint>

namespace optichain::sim {

template <class Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(std::size_t index) : index_(static_cast<std::uint32_t>(index)) {}
  constexpr std::size_t index() const { return index_; }
  constexpr bool valid() const { return index_ != none; }
  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  static constexpr std::uint32_t none = 0xffffffff;
  std::uint32_t index_ = none;
};

}  // namespace optichain::sim
