#pragma once
// A decision as people read it: the recommendation, and the tables behind it.

#include <string>

#include "models/lta/analysis.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::lta {

/// The options, best first by their means; with those at other prices, too, if asked for.
sim::Table option_table(const LtaAnalysis& analysis, bool with_price_variants);
/// What every party gains from an option over the reference.
sim::Table party_table(const LtaAnalysis& analysis, std::size_t option);
/// The cash of buyer, seller and who decides, quarter by quarter: the means without and with an
/// option.
sim::Table cash_table(const LtaAnalysis& analysis, std::size_t option);
/// Over committed volume and take-or-pay share: what it costs and how the holder is served.
sim::Table frontier_table(const LtaAnalysis& analysis);
/// The prices at which buyer and seller are indifferent.
sim::Table price_table(const LtaAnalysis& analysis);
/// The net present value of who decides in each option and future, as regret.
sim::Table regret_matrix(const LtaAnalysis& analysis);

/// All of it, as text, or as one object; as CSV the options.
std::string lta_report(const LtaAnalysis& analysis, sim::Format format, bool colour);
sim::Json lta_json(const LtaAnalysis& analysis);

}  // namespace optichain::models::lta
