#include "models/books/meter_names.hpp"

#include <utility>

#include "sim/base/check.hpp"

namespace optichain::models::books {

std::string_view MeterNames::Definition::name() const {
  return entity.substr(std::min(measures::group_word(of->group).size() + 1, entity.size()));
}

MeterId MeterNames::add(const measures::Entity& entity, std::string_view measure, double scale) {
  const measures::Measure& of = measures::declared(entity.group, measure);
  const auto meter = static_cast<std::uint32_t>(definitions_.size());
  auto [found, added] = entities_.try_emplace(entity.text(), Ends{meter, meter});
  if (!added) next_[std::exchange(found->second.last, meter)] = meter;
  next_.push_back(none);
  definitions_.push_back({&of, found->first, kept(measure), scale});
  return MeterId{meter};
}

std::string_view MeterNames::kept(std::string_view text) {
  const auto found = texts_.find(text);
  return found == texts_.end() ? *texts_.emplace(text).first : *found;
}

MeterNames::Entity::Entity(const MeterNames& names, std::string entity)
    : names_(names), entity_(std::move(entity)) {
  const auto found = names.entities_.find(entity_);
  first_ = found == names.entities_.end() ? none : found->second.first;
}

MeterId MeterNames::Entity::operator()(std::string_view measure) const {
  std::uint32_t meter = first_;
  while (meter != none && names_.definitions_[meter].measure != measure) {
    meter = names_.next_[meter];
  }
  OPTICHAIN_CHECK(meter != none, "nobody counts {} of {}", measure, entity_);
  return MeterId{meter};
}

}  // namespace optichain::models::books
