#pragma once
// What is shown of forecasts and what came: tables, a page and a picture.

#include <string>

#include "models/condition/score.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::condition {

/// How good the forecasts were as a whole, in sentences.
std::string score_summary(const Score& score);

/// A row for each origin.
sim::Table origin_table(const Score& score);
/// A row for each forecast: its range, what came, and how far off it and others were.
sim::Table forecast_table(const Score& score);

/// All of it as a page in Markdown that shows the picture `picture`, a file beside it.
std::string score_page(const Score& score, const LoadedObservations& observations,
                       const std::string& study, const std::string& picture);
/// Every forecast beside what came, as SVG.
std::string score_picture(const Score& score);

}  // namespace optichain::models::condition
