#include "models/run/precision.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <sstream>

#include <fmt/format.h>

#include "sim/base/diagnostics.hpp"
#include "sim/base/number.hpp"
#include "sim/input/refusal.hpp"

namespace optichain::models::run {
namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& message,
                         std::vector<std::string> notes = {}) {
  sim::refuse_input("--precision " + text, message, std::move(notes));
}

}  // namespace

PrecisionTarget parse_precision(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    refuse(text, "expected metric=half width", {"such as market.shipped.all=1%"});
  }
  PrecisionTarget target{text.substr(0, equals), 0, text.ends_with('%')};
  std::string number = text.substr(equals + 1);
  if (target.is_relative) number.pop_back();
  const auto value = sim::parse_number(number);
  if (!value || !(*value > 0)) refuse(text, "expected a number above 0, or a percentage");
  target.half_width = target.is_relative ? *value / 100 : *value;
  return target;
}

std::string precision_in_words(const std::string& text) {
  std::istringstream in(text);
  const std::vector<std::string> words(std::istream_iterator<std::string>(in), {});
  std::string level;
  for (std::size_t i = 3; i < words.size(); ++i) level += (i > 3 ? " " : "") + words[i];
  if (words.size() < 3 || words[1] != "of" ||
      !(level.empty() || level == "at 95%" || level == "at 95 %")) {
    refuse(text, "expected precision: half width of metric, at 95%",
           {"such as precision: 1% of market.shipped.all"});
  }
  return words[2] + "=" + words[0];
}

std::size_t replications_needed(const Summaries& summaries,
                                const std::vector<PrecisionTarget>& targets, std::size_t done) {
  std::size_t needed = done;
  for (const PrecisionTarget& target : targets) {
    bool found = false;
    std::vector<std::string> known;
    summaries.for_each([&](const std::string& name, const std::string&, const sim::Summary& s) {
      known.push_back(name);
      if (name != target.metric) return;
      found = true;
      if (!s.has_spread()) {
        needed = std::max(needed, done + 1);
        return;
      }
      const double allowed = target.half_width * (target.is_relative ? std::abs(s.mean) : 1);
      const double half_width = (s.ci95_high - s.ci95_low) / 2;
      if (half_width <= allowed) return;
      const double ratio = allowed > 0 ? half_width / allowed : 1e3;
      const double n = std::ceil(static_cast<double>(s.n) * std::min(ratio * ratio, 1e6));
      needed = std::max({needed, done + 1, static_cast<std::size_t>(n)});
    });
    if (!found) {
      refuse(target.metric, "there is no metric " + sim::in_quotes(target.metric),
             sim::suggestion(target.metric, known, "metrics"));
    }
  }
  return needed;
}

}  // namespace optichain::models::run
