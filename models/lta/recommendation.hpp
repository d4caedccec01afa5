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

}  // namespace optichain::models::lta
