// Prices at which a side is indifferent, worked by hand.
#include <cmath>

#include <doctest/doctest.h>

#include "models/lta/indifference.hpp"
#include "models/lta/option_label.hpp"
#include "models/lta/valuation.hpp"
#include "models/sweep/agreement_terms.hpp"

namespace optichain::models {
namespace {

TEST_CASE("Agreement terms: the store's note is read as it was written") {
  const std::string note =
      R"({"name":"lta","terms":{"measure=sign":{"take_or_pay":0.8,"volume":900,"price":13.5},)"
      R"("measure=index":{"take_or_pay":0.5,"volume":600}},"usual":{"take_or_pay":0.8,"price":13},)"
      R"("seller":"fab","buyer":"north","served":["cloud","city"]})";
  const sweep::AgreementInQuestion agreement = sweep::read_agreement_note(note);
  CHECK(sweep::agreement_note(agreement) == note);
  REQUIRE(agreement.by_policy.size() == 2);
  CHECK(agreement.by_policy[0].first == "measure=sign");
  CHECK(agreement.by_policy[0].second.price == 13.5);
  CHECK(!agreement.by_policy[1].second.price);  // of the market
  CHECK(agreement.usual->price == 13);
  CHECK(sweep::read_agreement_note("null").buyer.empty());
}

// At 10 and 14 USD a buyer gains 8 and 0 in one replication, 6 and -2 in the other: 7 and -1 in the
// mean, two less for each dollar, so 13.5. Alone the replications say 14 and 13; the pseudo-values
// are 2 x 13.5 - 13 = 14 and 2 x 13.5 - 14 = 13, with mean 13.5 and standard error 0.5, and
// Student's t with one degree of freedom is 12.706.
TEST_CASE("Indifference price: a straight line through two prices, with the jackknife's interval") {
  const auto p = lta::indifference_price(std::vector<double>{10, 14}, {{8, 6}, {0, -2}});
  REQUIRE(p);
  CHECK(p->price == doctest::Approx(13.5));
  CHECK(p->low == doctest::Approx(13.5 - 12.7062 * 0.5));
  CHECK(p->high == doctest::Approx(13.5 + 12.7062 * 0.5));
  CHECK(p->departure == doctest::Approx(0));
  CHECK(p->is_within);
}

// 3, 1 and 2 at the prices 1, 2 and 3: slope -1/2 through (2, 2), zero at 6; the line gives 2.5, 2
// and 1.5, so that the second price is off by 1.
TEST_CASE("Indifference price: what is no straight line says so, and what lies beyond, too") {
  const auto p = lta::indifference_price(std::vector<double>{1, 2, 3}, {{3}, {1}, {2}});
  REQUIRE(p);
  CHECK(p->price == doctest::Approx(6));
  CHECK(p->departure == doctest::Approx(1));
  CHECK(!p->is_within);
  CHECK(p->low == p->price);  // one replication says nothing of its luck
}

TEST_CASE("Indifference price: none where the price does not matter") {
  CHECK(!lta::indifference_price(std::vector<double>{1, 2}, {{5, 5}, {5, 5}}));
  CHECK(!lta::indifference_price(std::vector<double>{3}, {{5, 5}}));
}

TEST_CASE("Fill rate: at most all, and none of a run that failed") {
  CHECK(lta::delivered_of_wanted(5, 10) == 0.5);
  CHECK(lta::delivered_of_wanted(12, 10) == 1);
  CHECK(std::isnan(lta::delivered_of_wanted(std::nan(""), std::nan(""))));
  CHECK(std::isnan(lta::delivered_of_wanted(0, 0)));
}

TEST_CASE("Names for people") {
  CHECK(lta::spoken("china_garnet") == "china garnet");
}

}  // namespace
}  // namespace optichain::models
