// What the report is made of, by hand-worked examples.
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>

#include <doctest/doctest.h>

#include "models/report/page/base64.hpp"
#include "models/report/page/figure_label.hpp"
#include "models/report/page/page.hpp"
#include "models/report/page/page_data.hpp"
#include "models/report/page/page_types.hpp"
#include "models/report/page/parts/inputs.hpp"
#include "models/report/page/typescript.hpp"
#include "models/report/store/comparison.hpp"

using namespace optichain;
using namespace optichain::models;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

report::PolicyData policy_data(std::uint64_t seed, std::vector<std::uint64_t> replications) {
  report::PolicyData data;
  data.seed = seed;
  data.replications = std::move(replications);
  return data;
}

}  // namespace

TEST_CASE("Report: base64 as in RFC 4648, section 10") {
  CHECK(report::base64("") == "");
  CHECK(report::base64("f") == "Zg==");
  CHECK(report::base64("fo") == "Zm8=");
  CHECK(report::base64("foo") == "Zm9v");
  CHECK(report::base64("foob") == "Zm9vYg==");
  CHECK(report::base64("fooba") == "Zm9vYmE=");
  CHECK(report::base64("foobar") == "Zm9vYmFy");
  CHECK(report::base64("\xff\xfe\xfd") == "//79");
}

TEST_CASE("Report: numbers are little-endian, 1.0 is 0x3f800000") {
  const std::vector<double> one = {1.0};
  CHECK(report::base64_f32(one) == "AACAPw==");
  CHECK(report::base64_f64(one) == "AAAAAAAA8D8=");
}

TEST_CASE("Report: replications are paired by their number, under one seed only") {
  using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;
  CHECK(report::pairs(policy_data(1, {0, 1, 2, 4}), policy_data(1, {1, 3, 4})) ==
        Pairs{{1, 0}, {3, 2}});
  CHECK(report::pairs(policy_data(1, {0, 1}), policy_data(2, {0, 1})).empty());
}

TEST_CASE("Report: a paired difference and its interval, by hand") {
  // differences 1, 2, 3: mean 2, standard deviation 1; t(2, 0.975) = 4.302653 (tables), so the
  // half width is 4.302653 / sqrt(3) = 2.484138
  const auto d = report::paired_difference({10, 20, 30}, {11, 22, 33}, {{0, 0}, {1, 1}, {2, 2}});
  REQUIRE(d);
  CHECK(d->mean == doctest::Approx(2));
  CHECK(d->low == doctest::Approx(2 - 2.484138).epsilon(1e-6));
  CHECK(d->high == doctest::Approx(2 + 2.484138).epsilon(1e-6));
}

TEST_CASE("Report: what one of a pair does not report is no difference") {
  const auto d = report::paired_difference({10, unknown}, {11, 5}, {{0, 0}, {1, 1}});
  REQUIRE(d);
  CHECK(d->mean == 1);
  CHECK_FALSE(report::paired_difference({unknown}, {1}, {{0, 0}}));
  CHECK_FALSE(report::paired_difference({1}, {1}, {}));
}

TEST_CASE("Report: inputs that differ, in both directions") {
  const std::vector<sim::InputRow> base = {{"a", "1"}, {"b", "2"}};
  const std::vector<sim::InputRow> other = {{"b", "3"}, {"c", "4"}};
  CHECK(sim::json_line(report::json_of(report::changes(base, other))) ==
        R"([{"path":"a","base":"1","here":null},{"path":"b","base":"2","here":"3"},)"
        R"({"path":"c","base":null,"here":"4"}])");
}

TEST_CASE("Report: events are programs and outages with two dates") {
  const std::vector<sim::InputRow> inputs = {
      {"programs.licences.export_control.from", "2026-04-01"},
      {"programs.licences.export_control.until", "2027-03-31"},
      {"sites.fab.lines.wafers.outages.fire.from", "2025-01-01"},
      {"sites.fab.lines.wafers.outages.fire.until", "2025-02-01"},
      {"programs.grows.expansion.when.from", "2026-01-01"},
      {"agreements.a.from", "2025-01-01"},
      {"agreements.a.until", "2025-02-01"}};
  const auto events = report::events(inputs);
  REQUIRE(events.size() == 2);
  CHECK(events[0].name == "programs.licences.export_control");
  CHECK(events[0].label == "licences");
  CHECK(events[0].until == "2027-03-31");
  CHECK(events[1].name == "sites.fab.lines.wafers.outages.fire");
  CHECK(events[1].label == "fire");
}

TEST_CASE("Report: figures have names for people, and are told by group, entity and measure") {
  using report::figure_label;
  CHECK(figure_label("customers.city.fill_rate.all") == "city: fill rate");
  CHECK(figure_label("customers.big_city.800g.demanded.2026Q3") ==
        "big city: 800g · demanded, 2026Q3");
  CHECK(figure_label("market.shipped.2026") == "market · shipped, 2026");
  CHECK(figure_label("recipes.fab.make.lost_to.line.all") ==
        "recipes · fab · make · lost to · line");
  CHECK(figure_label("of_my_own") == "of my own");

  report::PolicyData policy;
  policy.periods = {"all"};
  policy.figures["customers.city.800g.demanded"] = {"pieces", "", {{3.0}}};
  policy.figures["lines.fab.cutting.utilisation"] = {"share", "", {{0.5}}};
  policy.replications = {0};
  const auto keys = report::FigureSummaries({policy}).all().keys;
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].group == "customers");
  CHECK(keys[0].entity == "city");
  CHECK(keys[0].product == "800g");
  CHECK(keys[0].measure == "demanded");
  CHECK(keys[0].label == "city: 800g · demanded");
  CHECK(keys[1].entity == "fab.cutting");
  CHECK(keys[1].product.empty());
}

TEST_CASE("Report: policies of one name are told apart by their folders") {
  std::vector<report::PolicyData> all(3);
  all[0].name = all[1].name = "base";
  all[2].name = "other";
  all[0].store = "out/first/";
  all[1].store = "out/second/results.sqlite";
  report::name_apart(all);
  CHECK(all[0].name == "base (first)");
  CHECK(all[1].name == "base (second)");
  CHECK(all[2].name == "other");
}

TEST_CASE("Report: the page's types are those of what it is filled with") {
  std::ifstream file(OPTICHAIN_SOURCE_DIR "/models/report/page/web/src/page_types.ts");
  const std::string written(std::istreambuf_iterator<char>(file), {});
  // otherwise: optichain schema --of page > models/report/page/web/src/page_types.ts
  CHECK(report::page_typescript() == written);
}

TEST_CASE("Report: a part of the page's data as JSON and as TypeScript, by hand") {
  const report::ChangedInput change{"sites.a", std::nullopt, "2"};
  CHECK(sim::json_line(report::json_of(change)) == R"({"path":"sites.a","base":null,"here":"2"})");
  report::StudyFindings findings;  // parts that are not there are left out
  CHECK(report::json_of(findings) == sim::Json::object());
  findings.multipliers = {"demand"};
  CHECK(sim::json_line(report::json_of(findings)) == R"({"multipliers":["demand"]})");

  report::TypeScript types;
  types.add<report::StudyMetric>();
  CHECK(types.text() ==
        "\nexport interface Metric {\n  name: string;\n  /** in words, for people */\n"
        "  label: string;\n  unit: string;\n"
        "  /** high, low or empty */\n  good: string;\n}\n");
  CHECK(report::keys_of<report::StudyMetric>() ==
        std::vector<std::string>{"name", "label", "unit", "good"});
}

TEST_CASE("Report: text in the page's data cannot end the script that holds it") {
  if (report::page_template().empty()) {
    MESSAGE("built without Node: there is no page to look into");
    return;
  }
  const std::string html = report::page({{"name", "</script><script>alert(1)</script>"}});
  CHECK(html.find("</script><script>alert") == std::string::npos);
  const auto data = html.find("id=\"data\">") + 10;
  const auto end = html.find_first_not_of(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=", data);
  CHECK(end - data > 40);
  CHECK(html.substr(end).starts_with("</script>\n<script>"));
}
