#include "models/books/meter_names.hpp"

#include "sim/base/check.hpp"

namespace optichain::models::books {

MeterId MeterNames::add(const Definition& definition) {
  const auto meter = static_cast<std::uint32_t>(definitions_.size());
  auto entity = entities_.find(definition.entity);
  if (entity == entities_.end()) {
    entity = entities_.emplace(definition.entity, Ends{meter, meter}).first;
  } else {
    next_[entity->second.last] = meter;
    entity->second.last = meter;
  }
  next_.push_back(none);
  definitions_.push_back({entity->first, kept(definition.measure), kept(definition.unit),
                          definition.kind, definition.scale});
  return MeterId{meter};
}

std::string_view MeterNames::kept(std::string_view text) {
  const auto found = texts_.find(text);
  return found == texts_.end() ? *texts_.emplace(text).first : *found;
}

MeterNames::Entity::Entity(const MeterNames& names, std::string_view entity)
    : names_(names), entity_(entity) {
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
