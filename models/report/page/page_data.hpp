#pragma once
// What the page is filled with, as JSON: page_types.hpp says what each part means.

#include "models/report/store/policy_data.hpp"
#include "sim/output/json.hpp"

namespace optichain::models::report {

/// The first policy is the one that the others are compared with. Requires all of them over the
/// same weeks (checked by `require_comparable`). `findings` of studies may be null.
sim::Json page_data(const std::vector<PolicyData>& policies, const sim::Json& findings = {});

/// Throws InputError if policies cover other weeks than the first.
void require_comparable(const std::vector<PolicyData>& policies);

/// Gives policies of the same name the folder of their store on top.
void name_apart(std::vector<PolicyData>& policies);

}  // namespace optichain::models::report
