#pragma once
// What the meters of a run are called. Few entities have most of the meters, and few measures name
// them all: each text is kept once.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "models/measures/measure.hpp"
#include "sim/base/id.hpp"

namespace optichain::models::books {

using MeterId = sim::Id<struct MeterTag>;

class MeterNames {
 public:
  /// The texts live as long as the names.
  struct Definition {
    const measures::Measure* of;  // what it is a meter of
    std::string_view entity;      // "sites.lumentum.eml_200g"
    std::string_view measure;     // "shipped", with its part if it has one
    double scale;                 // value of one count in the unit
    std::string_view unit() const { return of->unit; }
    /// The entity without its group.
    std::string_view name() const;
  };

  /// The measure must be declared.
  MeterId add(const measures::Entity& entity, std::string_view measure, double scale);
  std::span<const Definition> definitions() const { return definitions_; }

  /// The meters of one entity, by measure.
  class Entity {
   public:
    /// The meter of a measure, which must have been defined.
    MeterId operator()(std::string_view measure) const;

   private:
    friend class MeterNames;
    Entity(const MeterNames& names, std::string entity);
    const MeterNames& names_;
    std::string entity_;
    std::uint32_t first_;
  };
  Entity of(const measures::Entity& entity) const { return {*this, entity.text()}; }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  std::string_view kept(std::string_view text);

  std::vector<Definition> definitions_;
  std::vector<std::uint32_t> next_;  // meter of the same entity, or none
  struct Ends {
    std::uint32_t first, last;
  };
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;  // a view finds a string without making one
  };
  std::unordered_map<std::string, Ends, Hash, std::equal_to<>> entities_;
  std::unordered_set<std::string, Hash, std::equal_to<>> texts_;  // of measures
};

}  // namespace optichain::models::books
