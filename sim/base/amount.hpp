#pragma once
// The one way an amount is written for people: three significant digits, and a unit that is short.
// The page writes the same (models/report/page/web/src/format.ts); tests/amounts.csv has examples
// that both must give. What is not known is "-".

#include <string>
#include <string_view>

namespace optichain::sim {

/// "62 %"; never "-0 %", which would be read as a sign of something.
std::string percent_text(double share, int decimals = 0);
/// "$1.23 M", "-$450 k"
std::string usd_text(double usd);
/// Of a single piece, where cents count: "$12.40", "$1.151".
std::string price_text(double usd);
/// In a measure's unit: a share below a tenth has a decimal, pieces are whole; `1.52 M`, `9.5 %`.
std::string amount_text(double value, std::string_view unit);

}  // namespace optichain::sim
