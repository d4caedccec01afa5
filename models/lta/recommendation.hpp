#pragma once
// What to do, in sentences for people who know neither the study nor the program.

#include <string>
#include <vector>

#include "models/lta/analysis.hpp"

namespace optichain::models::lta {

/// What to do, what may go wrong, how customers are served, what else the money buys, at which
/// price both sides gain, when it is wrong, and how sure all that is; the first sentence says what
/// to do.
std::vector<std::string> recommendation(const LtaAnalysis& analysis);

/// The option that sentences and tables of one option speak of: the best, or if that is the
/// reference, the best with the agreement.
std::size_t option_in_question(const LtaAnalysis& analysis);

/// Whose orders the agreement serves: "customers of north", or a customer.
std::string holder_text(const LtaAnalysis& analysis);

/// An amount as `$1.23 M` or `-$450 k`.
std::string usd_text(double usd);
/// A price of a piece as `$12.40`, `$1.151` or `$0.0125`.
std::string price_text(double usd);

}  // namespace optichain::models::lta
