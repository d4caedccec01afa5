#pragma once
// What the page of a decision draws beside the tables of report.hpp.

#include "models/lta/analysis.hpp"
#include "sim/output/json.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::lta {

/// What people call each option, by its name.
sim::Json option_labels(const LtaAnalysis& analysis);

/// Group and name of each party of the tables, by what it is called there.
sim::Json party_names(const LtaAnalysis& analysis);

/// Who decides, buyer and seller, in that order and each once; without their groups.
std::vector<std::string> main_parties(const LtaAnalysis& analysis);

/// The distribution of what each option gives the main parties over the reference, over all futures
/// and replications: quantiles in steps of 5 %, q0 the least and q100 the most.
sim::Table spread_table(const LtaAnalysis& analysis);

/// The cash of every party, quarter by quarter: means without and with an option, and by how much
/// they differ with the 95 % interval of that.
sim::Table party_cash_table(const LtaAnalysis& analysis, std::size_t option);

/// What becomes of the agreement under each option that has it, quarter by quarter: committed,
/// called, delivered, paid. Means.
sim::Table ledger_table(const LtaAnalysis& analysis);

/// The mean over futures and replications that did not fail.
double mean_of(const LtaAnalysis& analysis, const Runs& figure, std::size_t option);

}  // namespace optichain::models::lta
