#pragma once
// How the share of something new grows with the date, known in advance.

#include <optional>
#include <string_view>
#include <variant>

#include "sim/base/curve.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models {

using sim::Curve;
using sim::Date;

struct GivenShare {
  static constexpr std::string_view title = "Given share", tag = "given",
                                    doc = "The share is what a curve says.";
  Curve share{0.0};
  template <class V>
  void fields(V& v) {
    v.required("share", share, sim::share, "the share, by date");
  }
  friend bool operator==(const GivenShare&, const GivenShare&) = default;
};

struct LogisticShare {
  static constexpr std::string_view title = "Logistic share", tag = "logistic",
                                    doc =
                                        "The S-curve of one technology taking over from another "
                                        "(Fisher and Pry, Technological Forecasting and Social "
                                        "Change 3, 1971).";
  double from = 0;
  double to = 1;
  Date midpoint{};
  double takeover_weeks = 104;
  template <class V>
  void fields(V& v) {
    v.optional("from", from, sim::share, "share long before the midpoint");
    v.optional("to", to, sim::share, "share long after it");
    v.required("midpoint", midpoint, "when half of the way is done");
    v.optional("takeover_weeks", takeover_weeks, sim::between(0.1, 1e4),
               "time from a tenth of the way to nine tenths");
  }
  friend bool operator==(const LogisticShare&, const LogisticShare&) = default;
};

struct BassShare {
  static constexpr std::string_view title = "Bass share", tag = "bass",
                                    doc =
                                        "Adoption by innovation and imitation (Bass, Management "
                                        "Science 15, 1969).";
  double p = 0.03;
  double q = 0.38;
  Date start{};
  double from = 0;
  double to = 1;
  template <class V>
  void fields(V& v) {
    v.optional("p", p, sim::between(1e-9, 100), "coefficient of innovation, per year");
    v.optional("q", q, sim::between(0, 100), "coefficient of imitation, per year");
    v.required("start", start, "when adoption begins");
    v.optional("from", from, sim::share, "share before the start");
    v.optional("to", to, sim::share, "share when everybody who will adopt has done so");
  }
  friend bool operator==(const BassShare&, const BassShare&) = default;
};

/// A share that depends on nothing but the date.
using ShareLaw = std::variant<GivenShare, LogisticShare, BassShare>;

/// F(t) of Bass 1969, the part of those who will adopt that has adopted `years` after the start:
/// (1 - e^-(p+q)t) / (1 + q/p e^-(p+q)t); 0 before it. Requires p > 0 and q >= 0.
double bass_adopted(double p, double q, double years);

/// The share at a date, 0 to 1.
double share_at(const GivenShare& law, sim::Time now);
double share_at(const LogisticShare& law, sim::Time now);
double share_at(const BassShare& law, sim::Time now);
double share_at(const ShareLaw& law, sim::Time now);

}  // namespace optichain::models
