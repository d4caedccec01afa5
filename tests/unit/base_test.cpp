#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "sim/base/amount.hpp"
#include "sim/base/curve.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/hash_numbers.hpp"
#include "sim/base/number.hpp"
#include "sim/base/quantity.hpp"
#include "sim/base/shell.hpp"
#include "sim/base/text.hpp"
#include "sim/base/time.hpp"

namespace optichain::sim {
namespace {

using Pieces = Quantity<struct PiecesTag>;
using Money = Quantity<struct MoneyTag>;

template <class A, class B>
constexpr bool can_add = requires(A a, B b) {
  a + b;
};
static_assert(can_add<Pieces, Pieces>);
static_assert(!can_add<Pieces, Money>, "pieces and money must not mix");
static_assert(!can_add<Pieces, std::int64_t>, "a bare number is not a quantity");
static_assert(!can_add<Time, Time>, "the sum of two instants means nothing");

Time day(int n) {
  return Time{one_day * n};
}

TEST_CASE("Shell: a word is quoted where a shell would take it apart") {
  CHECK(shell_word("out/run-1.yaml") == "out/run-1.yaml");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("a b") == "'a b'");
  CHECK(shell_word("$HOME") == "'$HOME'");
  CHECK(shell_quoted("it's") == R"('it'\''s')");
}

TEST_CASE("Quantity: overflow is an error and not a wrong sum") {
  CHECK(Pieces{3} + Pieces{4} == Pieces{7});
  CHECK_THROWS_WITH_AS(Pieces{INT64_MAX} + Pieces{1},
                       "a sum is beyond 9.2e18 and no longer exact: the scenario's numbers are too "
                       "large",
                       Error);
  CHECK_THROWS_AS(Pieces{INT64_MAX / 2} * 3, Error);
  CHECK_THROWS_AS(to_whole(1e19), Error);
  CHECK_THROWS_AS(to_whole(std::nan("")), Error);
  CHECK(to_whole(-2.5) == -3);
}

TEST_CASE("Numbers: decimal notation is read and nothing else") {
  CHECK(parse_number("12") == 12.0);
  CHECK(parse_number("-0.5") == -0.5);
  CHECK(parse_number("+4.5e6") == 4.5e6);
  CHECK(parse_number("010") == 10.0);  // never octal
  for (const char* bad : {"", "-", "+", "inf", "-inf", "nan", ".nan", "0x10", "1,000", "1_000",
                          "1e999", "1.2.3", "12 ", " 12", "1e", "--1", "+-1", "twelve"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_number(bad).has_value());
  }
}

TEST_CASE("Numbers: what is written reads back as the same number") {
  for (const double x :
       {0.0, 1.0, -3.0, 0.1, 1.0 / 3.0, 1e15, 1e16, 123456789.125, 5e-324, 1e300}) {
    CHECK(parse_number(format_number(x)) == x);
  }
  CHECK(format_number(1e6) == "1000000");
  CHECK(format_number(-0.0) == "0");
  CHECK(format_short(1523000) == "1.52 M");
  CHECK(format_short(999.7e6) == "1.00 B");
  CHECK(format_short(34) == "34");
  CHECK(format_short(0.01249) == "0.0125");
}

TEST_CASE("Amounts: as in the table of examples, which the page must give, too") {
  std::ifstream table(OPTICHAIN_SOURCE_DIR "/tests/amounts.csv");
  std::string unit, value, text, line;
  std::size_t examples = 0;
  std::getline(table, line);
  while (std::getline(table, unit, ',') && std::getline(table, value, ',') &&
         std::getline(table, text)) {
    const double x = value == "nan" ? std::numeric_limits<double>::quiet_NaN() : std::stod(value);
    CAPTURE(unit);
    CAPTURE(value);
    CHECK((unit == "price"     ? price_text(x)
           : unit == "percent" ? percent_text(x)
                               : amount_text(x, unit)) == text);
    ++examples;
  }
  CHECK(examples > 40);
}

TEST_CASE("Dates: years, quarters, months and days are read as periods") {
  const auto span = [](const char* text) {
    const auto period = parse_period(text);
    REQUIRE(period);
    return format_time(period->begin) + " to " + format_time(period->end);
  };
  CHECK(span("2026") == "2026-01-01 to 2027-01-01");
  CHECK(span("2026Q4") == "2026-10-01 to 2027-01-01");
  CHECK(span("2024-02") == "2024-02-01 to 2024-03-01");
  CHECK(span("2024-02-29") == "2024-02-29 to 2024-03-01");
  for (const char* bad : {"", "26", "2026Q5", "2026Q0", "2026q1", "2026-13", "2026-00",
                          "2023-02-29", "2026-1-1", "2026-01-32", "2026-01-01 ", "2026/01/01",
                          "1899", "2201", "20260101", "2026-01-01T00:00"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_period(bad).has_value());
  }
}

TEST_CASE("Dates: the time of day is shown only where there is one") {
  CHECK(format_time(parse_period("2026-03-02")->begin) == "2026-03-02");
  CHECK(format_time(Time{parse_period("2026-03-02")->begin} + Duration{3661}) ==
        "2026-03-02 01:01:01");
}

TEST_CASE("Dates: quarters cover a span without gap or overlap") {
  const Time begin = parse_period("2024-02-15")->begin;
  const Time end = parse_period("2025-01-02")->begin;
  const auto quarters = quarters_between(begin, end);
  REQUIRE(quarters.size() == 5);
  CHECK(quarters.front().name == "2024Q1");
  CHECK(quarters.back().name == "2025Q1");
  CHECK(quarters.front().begin == begin);
  CHECK(quarters.back().end == end);
  for (std::size_t i = 1; i < quarters.size(); ++i) {
    CHECK(quarters[i].begin == quarters[i - 1].end);
  }
}

TEST_CASE("Curve: a ramp is integrated exactly and constant outside its dates") {
  const Curve ramp(Curve::Shape::linear, {{day(0), 10.0}, {day(10), 30.0}});
  CHECK(ramp.value(day(-5)) == 10.0);
  CHECK(ramp.value(day(5)) == 20.0);
  CHECK(ramp.value(day(99)) == 30.0);
  // trapezium: (10 + 30) / 2 * 10 days
  CHECK(ramp.integral(day(0), day(10)) == doctest::Approx(200.0 * 86400).epsilon(1e-15));
  CHECK(ramp.integral(day(-1), day(11)) == doctest::Approx(240.0 * 86400).epsilon(1e-15));
  CHECK(ramp.integral(day(10), day(0)) == doctest::Approx(-200.0 * 86400).epsilon(1e-15));
}

TEST_CASE("Curve: steps hold their value until the next date") {
  const Curve steps(Curve::Shape::steps, {{day(0), 10.0}, {day(10), 30.0}});
  CHECK(steps.value(day(10) - Duration{1}) == 10.0);
  CHECK(steps.value(day(10)) == 30.0);
  CHECK(steps.integral(day(0), day(20)) == doctest::Approx(400.0 * 86400).epsilon(1e-15));
}

TEST_CASE("Curve: a number at one date is the number without it") {
  const Time date = parse_period("2026-03-01")->begin;
  const Curve number(5.1);
  for (const auto shape : {Curve::Shape::linear, Curve::Shape::steps}) {
    const Curve dated(shape, {{date, 5.1}});
    CHECK(dated == number);
    // to the last bit, so that a scenario written without the date gives the same run
    CHECK(dated.integral(date - one_day, date + one_week) ==
          number.integral(date - one_day, date + one_week));
  }
}

TEST_CASE("Curve: one curve until a date and another from then on") {
  const Curve ramp(Curve::Shape::linear, {{day(0), 10.0}, {day(10), 30.0}});
  const Curve steps(Curve::Shape::steps, {{day(0), 1.0}, {day(8), 2.0}});
  const Curve low(5.0), high(7.0);
  const Duration second{1};

  const Curve jump = joined(low, day(3), high);
  CHECK(jump.shape() == Curve::Shape::steps);
  CHECK(jump.value(day(3) - second) == 5);
  CHECK(jump.value(day(3)) == 7);
  CHECK(jump.integral(day(0), day(5)) == (3 * 5 + 2 * 7) * 86400.0);

  const Curve stepped = joined(steps, day(4), steps.scaled(10));
  CHECK(stepped.shape() == Curve::Shape::steps);
  for (const auto& [at, value] :
       {std::pair(0, 1.0), std::pair(3, 1.0), std::pair(4, 10.0), std::pair(8, 20.0)}) {
    CHECK(stepped.value(day(at)) == value);
  }

  const Curve doubled = joined(ramp, day(5), ramp.scaled(2));
  CHECK(doubled.value(day(2)) == doctest::Approx(14));
  CHECK(doubled.value(day(5) - second) == doctest::Approx(20).epsilon(1e-4));
  CHECK(doubled.value(day(5)) == doctest::Approx(40));
  CHECK(doubled.value(day(10)) == 60);
  CHECK(doubled.value(day(99)) == 60);

  const Curve mixed = joined(ramp, day(5), steps);
  CHECK(mixed.value(day(2)) == doctest::Approx(14));
  CHECK(mixed.value(day(7)) == 1);
  CHECK(mixed.value(day(8) - second) == 1);
  CHECK(mixed.value(day(8)) == 2);
  const Curve before_all = joined(ramp, day(-5), low);
  CHECK(before_all.value(day(-6)) == 10);
  CHECK(before_all.value(day(5)) == 5);
}

TEST_CASE("Curve: the inverse of the integral is the first second that reaches it") {
  const Curve curve(Curve::Shape::linear,
                    {{day(0), 1.0}, {day(10), 0.0}, {day(20), 0.0}, {day(30), 2.0}});
  const PiecewiseLinear& graph = curve.graph();
  for (double area = 0; area < 30.0 * 86400; area += 7777.7) {
    const auto when = graph.when_cumulated(area);
    REQUIRE(when);
    CHECK(graph.cumulated(*when) >= area - 1e-6);
    CHECK(graph.cumulated(*when - Duration{1}) < area + 1e-6);
  }
  const Curve stops(Curve::Shape::linear, {{day(0), 1.0}, {day(10), 0.0}});
  CHECK(stops.graph().when_cumulated(4.9 * 86400).has_value());
  CHECK_FALSE(stops.graph().when_cumulated(5.1 * 86400).has_value());
}

TEST_CASE("Curve: before its first date, on a ramp or not, a capacity is constant both ways") {
  const Curve ramp(Curve::Shape::linear, {{day(10), 2.0}, {day(20), 6.0}});
  for (int d = 0; d <= 20; ++d) {
    const auto when = ramp.graph().when_cumulated(ramp.graph().cumulated(day(d)));
    REQUIRE(when);
    CHECK(*when == day(d));
  }
}

TEST_CASE("Diagnostics: sorted by file and place, with a limit and no repetition") {
  Diagnostics all;
  const auto a = std::make_shared<const std::string>("a.yaml");
  const auto b = std::make_shared<const std::string>("b.yaml");
  all.error({a, 9, 1}, "x", "late");
  all.error({b, 1, 1}, "", "in another file");
  all.error({a, 2, 7}, "y.z", "early", {"a note"});
  all.error({a, 2, 7}, "y.z", "early", {"a note"});
  CHECK(all.size() == 3);
  CHECK(all.text() ==
        "a.yaml:2:7: error: y.z: early\n"
        "  note: a note\n"
        "a.yaml:9:1: error: x: late\n"
        "b.yaml:1:1: error: in another file\n");
  for (int i = 0; i < 5000; ++i) all.error({a, 100 + i, 1}, "", "more");
  CHECK(all.size() == 5003);
  CHECK(all.text(1) == "a.yaml:2:7: error: y.z: early\n  note: a note\n... and 5002 more errors\n");
}

TEST_CASE("Diagnostics: a misspelt name gets the name that was meant") {
  const std::vector<std::string> known = {"capacity_per_week", "cycle_days", "yield"};
  CHECK(closest("capcity_per_week", known) == "capacity_per_week");
  CHECK(closest("yeild", known) == "yield");
  CHECK_FALSE(closest("transit", known).has_value());
  CHECK(suggestion("transit", known, "keys") ==
        std::vector<std::string>{"known keys: capacity_per_week, cycle_days, yield"});
}

TEST_CASE(
    "Diagnostics: nothing that a name, a path or a message holds reaches a terminal as it is") {
  Diagnostics diagnostics;
  diagnostics.error({std::make_shared<const std::string>("a\x1b[2J\n.yaml"), 1, 2},
                    "sites.\x1b[31m", "there is none\x07", {"did you mean\x1b?"});
  CHECK(diagnostics.text() ==
        "a\\x1b[2J\\x0a.yaml:1:2: error: sites.\\x1b[31m: there is none\\x07\n"
        "  note: did you mean\\x1b?\n");
}

TEST_CASE("Diagnostics: received text is shown printable, short and in whole characters") {
  CHECK(in_quotes("a\"b\n") == "\"a\\\"b\\x0a\"");
  const std::string text = fmt::format("{:x<59}\xc3\xa9", "");  // e with an accent across byte 60
  CHECK(in_quotes(text) == "\"" + std::string(59, 'x') + "\"...");
}

TEST_CASE("Text: characters as RFC 3629 has them, and which of them control a terminal") {
  const auto is = [](std::string_view bytes, char32_t code) {
    const auto c = first_character(bytes);
    return c && c->code == code && c->bytes == bytes.size();
  };
  CHECK(is("a", U'a'));
  CHECK(is("\xc3\xa9", 0xe9));
  CHECK(is("\xe2\x82\xac", 0x20ac));
  CHECK(is("\xf0\x9f\x9a\xa2", 0x1f6a2));
  CHECK(is("\xf4\x8f\xbf\xbf", 0x10ffff));
  for (const char* wrong : {"\x80", "\xc3", "\xc3z", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                            "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    CAPTURE(in_quotes(wrong));
    CHECK_FALSE(first_character(wrong));
  }
  CHECK(has_control("a\x1b[31m"));
  CHECK(has_control("a\x7f"));
  CHECK(has_control("a\xc2\x9b\x33"));  // C1, which some terminals obey as well
  CHECK(has_control("a\nb"));
  CHECK_FALSE(has_control("a\nb", "\n"));
  CHECK_FALSE(has_control("caf\xc3\xa9 \xff"));
  CHECK(in_quotes("\xc2\x9bx\xff") == "\"\\x9bx\\xff\"");
  CHECK(printable("a\x1b[31m\n\tb\xff\xc2\x9b") == "a\\x1b[31m\\x0a\\x09b\\xff\\x9b");
  CHECK(printable("a\n\tb\r\xc3\xa9", "\n\t") == "a\n\tb\\x0d\xc3\xa9");
}

TEST_CASE("Fingerprint: depends on every value and on their order, not on how they are fed") {
  const auto print = [](std::vector<std::uint64_t> values) {
    Fingerprint f;
    for (const auto v : values) f.add(v);
    return f.text();
  };
  CHECK(print({1, 2, 3}) == print({1, 2, 3}));
  CHECK(print({1, 2, 3}) != print({1, 3, 2}));
  CHECK(print({1, 2, 3}) != print({1, 2, 3, 0}));
  std::vector<std::uint64_t> many(10000, 7);
  const auto before = print(many);
  many[5000] = 8;
  CHECK(print(many) != before);
}

TEST_CASE("Hashes: each has the number of its first coming, in whatever order they come again") {
  HashNumbers numbers;
  const auto number = [&](int i) { return numbers.find_or_add(wide_hash(std::to_string(i))); };
  constexpr int count = 10'000;
  for (int i = 0; i < count; ++i) {
    const auto [n, is_new] = number(i);
    CHECK(is_new);
    CHECK(n == static_cast<std::uint32_t>(i));
    CHECK_FALSE(number(i).is_new);  // twice in a row
  }
  for (int i = 0; i < count; ++i) {  // the same order, a jump, and from the end
    for (const int again : {i, i * 7 % count, count - 1 - i}) {
      const auto [n, is_new] = number(again);
      CHECK_FALSE(is_new);
      CHECK(n == static_cast<std::uint32_t>(again));
    }
  }
  numbers.clear();
  CHECK(number(7).is_new);
  CHECK(number(7).number == 0);
}

}  // namespace
}  // namespace optichain::sim
