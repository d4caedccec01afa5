#pragma once
// What `optichain reproduce` shows: claims against simulation, case by case, and why.

#include "models/claims/verdict.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::report {

/// A row for each claim (or check): published, simulated with its interval, deviation, verdict.
sim::Table claims_table(const std::vector<claims::LoadedClaim>& claims,
                        const claims::CaseFigures& figures);

/// How many of the predicted claims hold, in a sentence; empty if none is predicted.
std::string tally(const std::vector<claims::LoadedClaim>& claims,
                  const claims::CaseFigures& figures);

/// The mean of each claim's figure in each vintage, and whether it holds there; without claims that
/// name their cases themselves, that speak of other worlds, or that are given.
sim::Table vintage_table(const claims::LoadedClaims& claims, const claims::CaseFigures& figures);

/// Why claims that do not hold in most futures do not: the figures that explain them, and where the
/// unmet pieces of that year come from.
sim::Table reason_table(const claims::LoadedClaims& claims, const claims::CaseFigures& figures);

/// Where the unmet pieces of a year come from, case by case: the largest causes.
sim::Table cause_table(const claims::CaseFigures& figures, const std::string& year);

/// Figures of the past, simulated beside published, and the error; then by group (fitted or not)
/// how large errors are.
sim::Table backtest_table(const claims::LoadedClaims& claims, const claims::CaseFigures& figures);

/// The part `claims` of the findings of a report page.
sim::Json claims_findings(const claims::LoadedClaims& claims, const claims::CaseFigures& figures);

}  // namespace optichain::models::report
