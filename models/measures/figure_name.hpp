#pragma once
// What a figure is asked for by: entity, measure and period; and the periods that there are.

#include <optional>
#include <string>
#include <string_view>

#include "models/measures/entity.hpp"

namespace optichain::models::measures {

/// The period of everything, beside years and quarters.
inline constexpr std::string_view whole_run = "all";
/// 2026Q3
bool is_quarter(std::string_view period);
/// 2026
bool is_year(std::string_view period);
/// Years in their order, then everything.
bool is_earlier(std::string_view a, std::string_view b);

/// An entity and a measure, as weekly series are named: `families.800g.fill_rate`. The measure has
/// its part: `share.eml_800g`.
struct SeriesName {
  Entity entity;
  std::string measure;

  std::string text() const;
  static std::optional<SeriesName> parse(std::string_view text);
  friend auto operator<=>(const SeriesName&, const SeriesName&) = default;
};

/// `group.entity.measure.period`, e.g. `families.800g.fill_rate.2026`.
struct FigureName {
  Entity entity;
  std::string measure;
  std::string period;

  std::string text() const;
  /// Nothing if it is the name of no figure.
  static std::optional<FigureName> parse(std::string_view text);
};

}  // namespace optichain::models::measures
