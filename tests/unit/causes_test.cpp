// What causes are called, and the tree of who handed unmet pieces on to whom.
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "models/causes/kinds.hpp"
#include "models/causes/tree.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::causes {
namespace {

TEST_CASE(
    "Causes: every kind has a word of its own, a phrase around what it is found for, a legend") {
  std::set<std::string_view> words;
  for (const KindRow& row : kind_rows) {
    INFO(row.word);
    CHECK(!row.word.empty());
    CHECK(words.insert(row.word).second);
    CHECK(row.phrase.find("{}") != std::string_view::npos);
    CHECK(!row.legend.empty());
    CHECK(phrase(row.word, "chip").find("chip") != std::string::npos);
    CHECK(legend(100).find(std::string(row.word) + ": ") != std::string::npos);
  }
  CHECK(phrase("lead_time", "chip") == "lead time of chip");
  CHECK_THROWS_AS(phrase("weather", "chip"), sim::Error);
}

TEST_CASE("Causes: the name of a cause can be taken apart") {
  const CauseName name = cause_name("capacity/chip/fab.wafers");
  CHECK(name.kind == "capacity");
  CHECK(name.item == "chip");
  CHECK(name.where == "fab.wafers");
  CHECK(name.text() == "capacity/chip/fab.wafers");
  CHECK(is_cause(name.text()));
  CHECK(!is_cause("fab.chip"));
  CHECK_THROWS_AS(cause_name("fab.chip"), sim::Error);
}

/// A customer lacks 1000 modules, 600 of one maker and 400 of another, which both lack chips. A
/// chip waits for a line here or there, or for planning; three modules in process are hardly worth
/// a row.
const std::vector<Trace> traces = {
    {"cloud.module", "east.module", 600},
    {"cloud.module", "west.module", 400},
    {"east.module", "east.chip", 597},
    {"east.module", "lead_time/module/east.module", 3},
    {"west.module", "west.chip", 400},
    {"east.chip", "fab.chip", 597},
    {"west.chip", "fab.chip", 400},
    {"fab.chip", "capacity/chip/fab.old_line", 600},
    {"fab.chip", "capacity/chip/fab.line", 200},
    {"fab.chip", "planning/chip/fab.chip", 197},
};

std::string text(const Tree& tree) {
  constexpr const char* marks[] = {"", " (again)", " !", ""};
  std::string text;
  for (const TreeRow& row : tree.rows) {
    text += std::string(2 * row.depth, ' ') + (row.name.empty() ? "rest" : row.name) +
            marks[static_cast<std::size_t>(row.kind)] + " " +
            std::to_string(static_cast<int>(row.pieces));
    text += row.where.empty() ? "\n" : " " + row.where + "\n";
  }
  return text;
}

TEST_CASE("Causes: a tree by items joins the places of an item and of a cause") {
  const Tree tree = Trees(traces, {}).all();
  CHECK(tree.pieces == 1000);
  CHECK(text(tree) ==
        "module 1000\n"
        "  chip 997\n"
        "    capacity of chip ! 800 fab.old_line 75 %, fab.line 25 %\n"
        "    planning of chip ! 197 fab.chip\n"
        "  rest 3\n");
  CHECK(tree.rows[1].share == doctest::Approx(0.997));
}

TEST_CASE("Causes: by sites, a step that comes again is told once") {
  CHECK(text(Trees(traces, {.divisor = 1, .by_site = true}).all()) ==
        "cloud.module 1000\n"
        "  east.module 600\n"
        "    east.chip 597\n"
        "      fab.chip 597\n"
        "        capacity of chip ! 479 fab.old_line 75 %, fab.line 25 %\n"
        "        planning of chip ! 118 fab.chip\n"
        "    rest 3\n"
        "  west.module 400\n"
        "    west.chip 400\n"
        "      fab.chip (again) 400\n");
}

TEST_CASE("Causes: what everything ends in, from one step, with more rows") {
  const Trees trees(traces, {.divisor = 2, .least = 0});
  CHECK(text(trees.causes()) ==
        "capacity of chip ! 400 fab.old_line 75 %, fab.line 25 %\n"
        "planning of chip ! 98 fab.chip\n"
        "lead time of module ! 1 east.module\n");
  CHECK(text(trees.from("chip")) ==
        "capacity of chip ! 400 fab.old_line 75 %, fab.line 25 %\n"
        "planning of chip ! 98 fab.chip\n");
  CHECK(trees.from("nothing").rows.empty());
}

TEST_CASE("Causes: nothing is missing, or as much as came back") {
  CHECK(Trees({}, {}).all().rows.empty());
  const Tree tree = Trees({{"cloud.module", "lead_time/module/fab.module", 5},
                           {"cloud.module", "earlier/module/cloud.module", -5}},
                          {})
                        .all();
  CHECK(tree.pieces == 0);
}

}  // namespace
}  // namespace optichain::models::causes
