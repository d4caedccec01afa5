#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sim/base/number.hpp"
#include "sim/input/document.hpp"
#include "sim/input/reader.hpp"
#include "sim/input/writer.hpp"
#include "sim/input/yaml.hpp"

namespace optichain::sim {
namespace {

enum class Colour { red, green };

}  // namespace

template <>
struct Words<Colour> {
  static constexpr std::array<std::string_view, 2> words = {"red", "green"};
};

namespace {

struct Square {
  static constexpr std::string_view title = "Square", tag = "square", doc = "A square.";
  double side = 1;
  template <class V>
  void fields(V& v) {
    v.required("side", side, positive, "length of a side");
  }
  friend bool operator==(const Square&, const Square&) = default;
};
struct Dot {
  static constexpr std::string_view title = "Dot", tag = "dot", doc = "A dot.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Dot&, const Dot&) = default;
};

struct Thing {
  static constexpr std::string_view title = "Thing", doc = "A thing.";
  Value rate_per_week{1.0};
  std::int64_t count = 3;
  bool flag = false;
  Colour colour = Colour::red;
  std::variant<Dot, Square> shape;
  std::optional<Date> since;
  LastDate until{};
  std::vector<double> weights;
  Name other{"none"};
  Curve share{0.5};
  std::string label;
  template <class V>
  void fields(V& v) {
    v.required("rate_per_week", rate_per_week, weekly_rate, "a rate");
    v.optional("count", count, between(0, 1000), "a count");
    v.optional("flag", flag, "a flag");
    v.optional("colour", colour, "a colour");
    v.optional("shape", shape, "a shape");
    v.optional("since", since, "a first date");
    v.optional("until", until, "a last date");
    v.optional("weights", weights, not_negative, "some weights");
    v.optional("other", other, "the name of another thing");
    v.optional("share", share, sim::share, "a share");
    v.optional("label", label, "a label");
  }
  friend bool operator==(const Thing&, const Thing&) = default;
};

struct Root {
  static constexpr std::string_view title = "Root", doc = "A document.";
  std::map<std::string, Thing> things;
  std::string name;
  template <class V>
  void fields(V& v) {
    v.optional("things", things, "things by name");
    v.optional("name", name, "the name of the document");
  }
  friend bool operator==(const Root&, const Root&) = default;
};

const Schema& schema() {
  static const auto built = schema_of<Root>();
  return *built;
}

struct Loaded {
  Root root;
  std::string errors;
  std::vector<Input> inputs;
  Node node;
};

Loaded load(const std::string& text, const std::vector<std::string>& sets = {}) {
  Loaded out;
  Diagnostics diagnostics;
  Document document = Document::from_text(text, "t.yaml", schema(), diagnostics);
  for (const auto& set : sets) {
    if (auto change = parse_assignment(set, diagnostics)) {
      document.apply(*change, schema(), diagnostics);
    }
  }
  if (diagnostics.empty()) {
    Reader(diagnostics, &out.inputs).read(document.root(), out.root, any_number, {});
  }
  out.errors = diagnostics.text();
  out.node = document.root();
  return out;
}

/// The errors of a document with one thing `a`, whose keys are given.
std::string errors_of(const std::string& keys) {
  return load("things:\n  a: {rate_per_week: 1, " + keys + "}\n").errors;
}

Thing thing(const std::string& keys) {
  const Loaded loaded = load("things:\n  a: {rate_per_week: 1, " + keys + "}\n");
  REQUIRE(loaded.errors == "");
  return loaded.root.things.at("a");
}

// --- the traps of yaml-cpp 0.7, one test each ---------------------------------------------------

TEST_CASE("YAML trap: places count from 1") {
  CHECK(load("thing:\n  a: {}\n").errors ==
        "t.yaml:1:1: error: unknown key \"thing\"\n  note: did you mean \"things\"?\n");
}

TEST_CASE("YAML trap: a missing key is reported at the mapping that lacks it") {
  CHECK(load("things:\n  a:\n    count: 1\n").errors ==
        "t.yaml:3:5: error: things.a: missing key \"rate_per_week\" (a rate)\n");
}

TEST_CASE("YAML trap: a null value is reported at its key and not on the next line") {
  CHECK(load("things:\n  a:\n    rate_per_week:\n    count: 1\n").errors ==
        "t.yaml:3:5: error: things.a.rate_per_week: expected a number from 0 to 1e12, a "
        "curve or a distribution, received nothing\n");
}

TEST_CASE("YAML trap: duplicate keys are an error that names both places") {
  CHECK(load("things:\n  a: {rate_per_week: 1}\n  b: {rate_per_week: 1}\n  a: {rate_per_week: 2}\n")
            .errors ==
        "t.yaml:4:3: error: the key \"a\" is given twice\n  note: first at t.yaml:2:3\n");
}

TEST_CASE("YAML trap: 010 is ten") {
  CHECK(thing("count: 010").count == 10);
}

TEST_CASE("YAML trap: nan and inf are no numbers") {
  for (const char* word : {".nan", ".inf", "-.inf", "nan", "inf", "NaN"}) {
    CHECK(errors_of(std::string("count: ") + word) ==
          "t.yaml:2:32: error: things.a.count: expected a whole number from 0 to 1000, received "
          "\"" +
              std::string(word) + "\"\n");
  }
}

TEST_CASE("YAML trap: yes and on are not true") {
  for (const char* word : {"yes", "on", "True", "1", "\"true\""}) {
    CHECK(errors_of(std::string("flag: ") + word).find("expected true or false") !=
          std::string::npos);
  }
  CHECK(thing("flag: true").flag);
}

TEST_CASE("YAML trap: a merge key is an error that says what to use instead") {
  CHECK(load("x: &x {count: 1}\nthings:\n  a:\n    <<: *x\n")
            .errors.find("t.yaml:4:5: error: merge keys are not used here\n"
                         "  note: use `extends:` or `include:`, or an alias for a whole value\n") ==
        0);
}

TEST_CASE("YAML trap: an unclosed bracket is reported where it was opened") {
  CHECK(load("name: x\nthings:\n  a: {rate_per_week: 1, weights: [1, 2\n").errors ==
        "t.yaml:3:34: error: a list opened here is not closed\n  note: noticed at t.yaml:4:1\n");
}

TEST_CASE("YAML trap: a hundred thousand brackets end in one error") {
  const std::string errors = load("things: " + std::string(100'000, '[')).errors;
  CHECK(errors.find("error: ") != std::string::npos);
  CHECK(errors.size() < 1000);
}

// --- stricter than YAML -------------------------------------------------------------------------

TEST_CASE("YAML: empty, several documents, tags and odd keys are errors") {
  CHECK(load("").errors == "t.yaml: error: the file is empty\n");
  CHECK(load("# only a comment\n").errors == "t.yaml: error: the file is empty\n");
  CHECK(load("\xef\xbb\xbf").errors == "t.yaml: error: the file is empty\n");
  CHECK(load("name: a\n---\nname: b\n").errors ==
        "t.yaml:3:1: error: expected one YAML document in the file\n");
  CHECK(load("name: !secret x\n").errors ==
        "t.yaml:1:7: error: tags (\"!secret\") have no meaning here\n");
  CHECK(load("[a, b]: c\n").errors == "t.yaml:1:1: error: expected a key, received a list\n");
  CHECK(load(": c\n").errors.find("expected a key, received nothing") != std::string::npos);
  CHECK(load(std::string("name: a\nx\0y: 1\n", 15)).errors ==
        "t.yaml:2:2: error: not a text file: it contains a zero byte\n");
  CHECK(load("- a\n- b\n").errors ==
        "t.yaml:1:1: error: expected a mapping with the keys of Root, received a list\n");
}

TEST_CASE("YAML: a quote that is never closed is reported where it was opened") {
  CHECK(load("name: \"x\n").errors == "t.yaml:1:7: error: a quote opened here is not closed\n");
  CHECK(load("name: 'it''s").errors == "t.yaml:1:7: error: a quote opened here is not closed\n");
  CHECK(load("name: &n 'x\n").errors == "t.yaml:1:7: error: a quote opened here is not closed\n");
  CHECK(load("name: \"x\\\"\n\n").errors ==
        "t.yaml:1:7: error: a quote opened here is not closed\n");
  CHECK(load("name: \"x\\\"y\n  z\"").root.name == "x\"y z");
  CHECK(load("name: &n 'it''s'\n").root.name == "it's");
}

TEST_CASE("YAML: only UTF-8 without control characters is text") {
  CHECK(load("name: caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\n").errors == "");
  for (const char* bad : {"\xe9", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    CHECK(load(std::string("name: x") + bad)
              .errors.starts_with("t.yaml:1:8: error: no UTF-8 character begins with the byte 0x"));
  }
  CHECK(load("name: x\x1b[31m\n").errors ==
        "t.yaml:1:8: error: not a text file: it contains the control character 0x1b\n");
  CHECK(load("name: x\r\n").root.name == "x");
}

TEST_CASE("YAML: a byte order mark before a document does no harm") {
  CHECK(load("\xef\xbb\xbfname: x\n").root.name == "x");
}

TEST_CASE("YAML: aliases copy a value, and a bomb of them is an error") {
  const Loaded loaded = load("things:\n  a: &x {rate_per_week: 7}\n  b: *x\n");
  CHECK(loaded.errors == "");
  CHECK(loaded.root.things.at("b") == loaded.root.things.at("a"));
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) bomb += (k ? ", " : "") + before;
    bomb += "]\n";
  }
  CHECK(load(bomb).errors.find("aliases stand for more than 1000000 values") != std::string::npos);
}

TEST_CASE("YAML: nesting has a limit") {
  std::string deep = "name: ";
  for (int i = 0; i < 200; ++i) deep += "[";
  for (int i = 0; i < 200; ++i) deep += "]";
  CHECK(load(deep + "\n").errors.find("nested more than 100 deep") != std::string::npos);
}

// --- values -------------------------------------------------------------------------------------

Value rate(const std::string& yaml) {
  const Loaded loaded = load("things:\n  a:\n    rate_per_week: " + yaml + "\n");
  REQUIRE(loaded.errors == "");
  return loaded.root.things.at("a").rate_per_week;
}
std::string rate_errors(const std::string& yaml) {
  return load("things:\n  a:\n    rate_per_week: " + yaml + "\n").errors;
}
Time at(const char* date) {
  return parse_period(date)->begin;
}

TEST_CASE("Value: a number, a dated curve, steps, volumes and a distribution") {
  CHECK(rate("12.5") == Value(12.5));
  CHECK(rate("{2025-01-01: 10, 2026-01-01: 25}").mean(at("2025-07-02")) ==
        doctest::Approx(10 + 15 * 182.0 / 365));
  CHECK(rate("{steps: {2025: 10, 2026: 25}}").mean(at("2025-12-31")) == 10);
  const Value volumes = rate("{volumes: {2025Q1: 900, 2025Q2: 1820}}");
  CHECK(volumes.curve().integral(at("2025-01"), at("2025-04")) / 604800 == doctest::Approx(900));
  CHECK(volumes.curve().integral(at("2025-04"), at("2025-07")) / 604800 == doctest::Approx(1820));
  const Value drawn = rate("{triangular: {low: 5, mode: 7, high: 14}}");
  CHECK(drawn.is_random());
  CHECK(drawn.mean(Time{}) == doctest::Approx(26.0 / 3));
  const Value both =
      rate("{curve: {2025: 10, 2026: 20}, factor: {uniform: {low: 0.5, high: 1.5}}}");
  CHECK(both.mean(at("2026")) == doctest::Approx(20));
  CHECK(both.highest() == doctest::Approx(30));
  CHECK(rate("{normal: {mean: 5, sd: 2, min: 0}}").lowest() == 0);
  CHECK(rate("{empirical: {values: [1, 2], weights: [3, 1]}}").mean(Time{}) ==
        doctest::Approx(1.25));
  CHECK(rate("{constant: 4}") == Value(4.0));
}

TEST_CASE("Value: what is wrong is said at its place") {
  CHECK(rate_errors("-3") ==
        "t.yaml:3:20: error: things.a.rate_per_week: expected a number from 0 to 1e12, "
        "received \"-3\"\n");
  CHECK(rate_errors("[1, 2]") ==
        "t.yaml:3:20: error: things.a.rate_per_week: expected a number from 0 to 1e12, a "
        "curve or a distribution, received a list\n");
  CHECK(rate_errors("{2026-01: 1, 2025-01: 2}") ==
        "t.yaml:3:33: error: things.a.rate_per_week: expected dates in increasing order, received "
        "\"2025-01\" after 2026-01-01\n");
  CHECK(rate_errors("{2026: 1, 2026-01-01: 2}").find("expected dates in increasing order") !=
        std::string::npos);
  CHECK(rate_errors("{2026-13: 1}") ==
        "t.yaml:3:21: error: things.a.rate_per_week: expected a date (2026-07-15, 2026-07, 2026Q3 "
        "or 2026), received \"2026-13\"\n");
  CHECK(rate_errors("{2026: x}") ==
        "t.yaml:3:27: error: things.a.rate_per_week.2026: expected a number from 0 to "
        "1e12, received \"x\"\n");
  CHECK(rate_errors("{volumes: {2025Q1: 1, 2025Q3: 1}}") ==
        "t.yaml:3:42: error: things.a.rate_per_week: expected a period that begins on 2025-04-01, "
        "received \"2025Q3\"\n  note: volumes must follow each other without gap or overlap\n");
  CHECK(rate_errors("{volumes: {2025Q1: 1}, 2025-02: 3}") ==
        "t.yaml:3:43: error: things.a.rate_per_week: expected nothing beside `volumes`, received "
        "\"2025-02\"\n");
  CHECK(
      rate_errors("{trianglar: {low: 1, mode: 2, high: 3}}") ==
      "t.yaml:3:21: error: things.a.rate_per_week: expected a date, `steps` or `volumes`, received "
      "\"trianglar\"\n  note: did you mean \"triangular\"?\n");
  CHECK(rate_errors("{triangular: {low: 1, mod: 2, high: 3}}") ==
        "t.yaml:3:42: error: things.a.rate_per_week.triangular: unknown key \"mod\"\n"
        "  note: did you mean \"mode\"?\n");
  CHECK(rate_errors("{triangular: {low: 3, mode: 2, high: 1}}") ==
        "t.yaml:3:21: error: things.a.rate_per_week.triangular: expected low <= mode <= high, "
        "received 3, 2, 1\n");
  CHECK(rate_errors("{normal: {mean: 5, sd: 2}}") ==
        "t.yaml:3:20: error: things.a.rate_per_week: expected a number from 0 to 1e12, "
        "received a distribution from -infinity to infinity\n"
        "  note: cut it with min and max: {normal: {mean: 5, sd: 2, min: 0}}\n");
  CHECK(
      rate_errors("{curve: {2025: 1}}") ==
      "t.yaml:3:20: error: things.a.rate_per_week: expected both `curve` and `factor`, received a "
      "mapping\n");
  CHECK(rate_errors("{}").find("expected a number") != std::string::npos);
  CHECK(errors_of("share: {volumes: {2025: 1}}") ==
        "t.yaml:2:42: error: things.a.share: volumes are for rates per week only\n"
        "  note: use dates or `steps:`\n");
}

TEST_CASE("Reader: words, dates, names, lists and choices") {
  const Thing t = thing(
      "colour: green, shape: {square: {side: 2}}, since: 2026Q3, until: 2026-02, weights: [1, "
      "2.5], "
      "other: fab_2");
  CHECK(t.colour == Colour::green);
  CHECK(std::get<Square>(t.shape).side == 2);
  CHECK(Time{*t.since} == at("2026-07-01"));
  CHECK(Time{t.until.date} == at("2026-02-28"));
  CHECK(t.weights == std::vector<double>{1, 2.5});
  CHECK(t.other.text == "fab_2");
  CHECK(std::holds_alternative<Dot>(thing("shape: dot").shape));
}

TEST_CASE("Reader: a wrong word, choice, name or date gets a suggestion or the rule") {
  CHECK(errors_of("colour: gren") ==
        "t.yaml:2:33: error: things.a.colour: expected one of the words below, received \"gren\"\n"
        "  note: did you mean \"green\"?\n");
  CHECK(errors_of("shape: sqare") ==
        "t.yaml:2:32: error: things.a.shape: unknown choice \"sqare\"\n"
        "  note: did you mean \"square\"?\n");
  CHECK(errors_of("shape: square") ==
        "t.yaml:2:32: error: things.a.shape.square: missing key \"side\" (length of a side)\n");
  CHECK(
      errors_of("shape: {square: {side: 1}, dot: {}}") ==
      "t.yaml:2:32: error: things.a.shape: expected one of dot, square, alone or as the one key of "
      "a mapping, received a mapping\n");
  CHECK(
      errors_of("other: Fab 2") ==
      "t.yaml:2:32: error: things.a.other: expected a name of lower-case letters, digits and _ (at "
      "most 64), received \"Fab 2\"\n");
  CHECK(
      errors_of("since: yesterday") ==
      "t.yaml:2:32: error: things.a.since: expected a date (2026-07-15, 2026-07, 2026Q3 or 2026), "
      "received \"yesterday\"\n");
  CHECK(errors_of("weights: [1, -2]") ==
        "t.yaml:2:38: error: things.a.weights[1]: expected a number >= 0, received \"-2\"\n");
  CHECK(errors_of("count: 2.5") ==
        "t.yaml:2:32: error: things.a.count: expected a whole number from 0 to 1000, received "
        "\"2.5\"\n");
  CHECK(errors_of("label: [x]") ==
        "t.yaml:2:32: error: things.a.label: expected text, received a list\n");
}

TEST_CASE("Reader: all errors at once, in the order of the file") {
  const std::string errors = load(
                                 "things:\n"
                                 "  a: {rate_per_week: x, count: y}\n"
                                 "  B: {rate_per_week: 1}\n"
                                 "nme: z\n")
                                 .errors;
  CHECK(errors ==
        "t.yaml:2:22: error: things.a.rate_per_week: expected a number from 0 to 1e12, "
        "received \"x\"\n"
        "t.yaml:2:32: error: things.a.count: expected a whole number from 0 to 1000, received "
        "\"y\"\n"
        "t.yaml:3:3: error: things: expected a name of lower-case letters, digits and _ (at most "
        "64), received \"B\"\n"
        "t.yaml:4:1: error: unknown key \"nme\"\n  note: did you mean \"name\"?\n");
}

// --- annotations --------------------------------------------------------------------------------

TEST_CASE("Annotation: source and confidence beside any value, kept and found again") {
  const Loaded loaded = load(
      "things:\n"
      "  a:\n"
      "    rate_per_week: {value: 5, source: [S1, S2], confidence: B, note: \"two notes\"}\n"
      "    share: {2025: 0.1, 2026: 0.2, source: S3, confidence: A}\n"
      "    count: 7\n"
      "    source: S9\n"
      "    confidence: D\n");
  REQUIRE(loaded.errors == "");
  const Thing& t = loaded.root.things.at("a");
  CHECK(t.rate_per_week == Value(5.0));
  CHECK(t.share.value(at("2026")) == doctest::Approx(0.2));
  REQUIRE(loaded.inputs.size() == 3);
  CHECK(loaded.inputs[0].path == "things.a.rate_per_week");
  CHECK(loaded.inputs[0].text == "5");
  CHECK(loaded.inputs[0].annotation->sources == std::vector<std::string>{"S1", "S2"});
  CHECK(loaded.inputs[0].annotation->note == "two notes");
  CHECK(loaded.inputs[1].path == "things.a.count");
  CHECK(loaded.inputs[1].annotation->sources == std::vector<std::string>{"S9"});
  CHECK(loaded.inputs[2].annotation->confidence == "A");
}

TEST_CASE("Annotation: an assumption carries its range, and the value lies in it") {
  const Loaded loaded = load(
      "things:\n"
      "  a: {rate_per_week: {value: 5, assumption: [2, 8]}, "
      "share: {2025: 0.1, 2026: 0.2, assumption: {factor: [0.5, 2]}}}\n");
  REQUIRE(loaded.errors == "");
  CHECK(loaded.inputs[0].annotation->assumption == Annotation::Range{2, 8, false});
  CHECK(loaded.inputs[1].annotation->assumption == Annotation::Range{0.5, 2, true});
  CHECK(rate_errors("{value: 9, assumption: [2, 8]}") ==
        "t.yaml:3:28: error: things.a.rate_per_week: expected a value in the range of its "
        "assumption, 2 to 8, received \"9\"\n");
}

TEST_CASE("Annotation: what is wrong with it is said") {
  CHECK(rate_errors("{value: 9, confidence: A}") ==
        "t.yaml:3:43: error: things.a.rate_per_week: a confidence needs a source\n");
  CHECK(
      rate_errors("{value: 9, source: S1, confidence: E}") ==
      "t.yaml:3:55: error: things.a.rate_per_week: expected a confidence (A, B, C, D, X), received "
      "\"E\"\n");
  CHECK(rate_errors("{value: 9, assumption: true}") ==
        "t.yaml:3:43: error: things.a.rate_per_week: expected the range of an assumption: [low, "
        "high] or {factor: [low, high]}, received \"true\"\n");
  CHECK(rate_errors("{value: 9, assumption: [8, 2]}") ==
        "t.yaml:3:43: error: things.a.rate_per_week: expected an assumption from low to high, "
        "received 8 to 2\n");
  CHECK(rate_errors("{value: 9, cost: 3}") ==
        "t.yaml:3:31: error: things.a.rate_per_week: expected only `value` and its annotation, "
        "received the key \"cost\"\n");
  CHECK(rate_errors("{value: 9, source: []}").find("expected the key of a source") !=
        std::string::npos);
}

// --- overrides ----------------------------------------------------------------------------------

const char* const two_things =
    "things:\n"
    "  fab_a: {rate_per_week: {2025: 10, 2026: 20}, count: 1, shape: {square: {side: 2}}}\n"
    "  fab_b: {rate_per_week: 5}\n";

TEST_CASE("Override: replaces, adds and removes by path") {
  const Loaded loaded =
      load(two_things,
           {"things.fab_a.rate_per_week.2026-01-01=30", "things.fab_a.rate_per_week.2025-07=11",
            "things.fab_a.count=2", "things.fab_c={rate_per_week: 8}", "things.fab_b=~",
            "things.fab_a.shape.square.side=3", "things.fab_a.since=2026"});
  REQUIRE(loaded.errors == "");
  const Thing& a = loaded.root.things.at("fab_a");
  CHECK(a.rate_per_week.mean(at("2026")) == 30);
  CHECK(a.rate_per_week.mean(at("2025-07")) == 11);
  CHECK(a.count == 2);
  CHECK(std::get<Square>(a.shape).side == 3);
  CHECK(loaded.root.things.contains("fab_c"));
  CHECK_FALSE(loaded.root.things.contains("fab_b"));
}

TEST_CASE(
    "Override: a key left out of the file can be reached, another choice replaces the first") {
  const Loaded loaded = load(two_things, {"things.fab_b.shape.square.side=4"});
  REQUIRE(loaded.errors == "");
  CHECK(std::get<Square>(loaded.root.things.at("fab_b").shape).side == 4);
}

TEST_CASE("Override: a misspelt path is an error with a suggestion") {
  const auto error = [](const std::string& set) { return load(two_things, {set}).errors; };
  CHECK(error("thigs.fab_a.count=2") ==
        "--set thigs.fab_a.count=2: error: thigs.fab_a.count: the document has no key \"thigs\"\n"
        "  note: did you mean \"things\"?\n");
  CHECK(error("things.fab_x.count=2") ==
        "--set things.fab_x.count=2: error: things.fab_x.count: things has no entry \"fab_x\"\n"
        "  note: did you mean \"fab_a\"?\n");
  CHECK(error("things.fab_a.cout=2") ==
        "--set things.fab_a.cout=2: error: things.fab_a.cout: things.fab_a has no key \"cout\"\n"
        "  note: did you mean \"count\"?\n");
  CHECK(error("things.fab_a.count.x=2").find("things.fab_a.count has no entry \"x\"") !=
        std::string::npos);
  CHECK(error("things.fab_b.rate_per_week.2026=2")
            .find("things.fab_b.rate_per_week has no entry \"2026\"") != std::string::npos);
  CHECK(error("things.fab_q=~").find("things has no entry \"fab_q\"") != std::string::npos);
  CHECK(error("things.fab_a.count") == "--set things.fab_a.count: error: expected path=value\n");
  CHECK(error("things.fab_a.count=") ==
        "--set things.fab_a.count=: error: expected a value after =\n"
        "  note: to remove something, set it to ~\n");
  CHECK(error("things.fab_a.count=[1") ==
        "--set things.fab_a.count=[1: error: a list opened here is not closed\n");
  CHECK(error("name=a\n---\nb") ==
        "--set \"name=a\\x0a---\\x0ab\": error: expected one YAML document in the file\n");
  CHECK(
      error("things.fab_a.weights.0=2") ==
      "--set things.fab_a.weights.0=2: error: things.fab_a.weights.0: things.fab_a.weights has no "
      "entry \"0\"\n  note: it is a list, which is replaced as a whole\n");
}

// --- files --------------------------------------------------------------------------------------

struct Folder {
  std::filesystem::path path;
  explicit Folder(const char* name)
      : path(std::filesystem::temp_directory_path() /
             ("optichain_" + std::string(name) + "_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path);
    std::filesystem::current_path(path);
  }
  ~Folder() {
    std::filesystem::current_path("/");
    std::filesystem::remove_all(path);
  }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
  }
};

std::pair<Root, std::string> load_file(const std::string& name) {
  Diagnostics diagnostics;
  const Document document = Document::load(name, schema(), diagnostics);
  Root root;
  if (diagnostics.empty()) Reader(diagnostics).read(document.root(), root, any_number, {});
  return {root, diagnostics.text()};
}

TEST_CASE("Files: include puts entries of other files in place, relative to the including file") {
  const Folder folder("include");
  folder.write("base.yaml", "name: base\nthings:\n  include: [parts/a.yaml, parts/b.yaml]\n");
  folder.write("parts/a.yaml", "fab_a: {rate_per_week: 1}\n");
  folder.write("parts/b.yaml", "include: c.yaml\nfab_b: {rate_per_week: 2}\n");
  folder.write("parts/c.yaml", "fab_c: {rate_per_week: 3}\n");
  const auto [root, errors] = load_file("base.yaml");
  CHECK(errors == "");
  CHECK(root.things.size() == 3);
  CHECK(root.things.at("fab_c").rate_per_week == Value(3.0));
}

TEST_CASE("Files: errors in an included file name that file, and an entry given twice names both") {
  const Folder folder("include2");
  folder.write("base.yaml", "things:\n  fab_a: {rate_per_week: 1}\n  include: parts/a.yaml\n");
  folder.write("parts/a.yaml", "fab_a: {rate_per_week: 1}\n");
  CHECK(load_file("base.yaml").second ==
        "parts/a.yaml:1:1: error: things: \"fab_a\" is given twice\n"
        "  note: first at base.yaml:2:3\n");
  folder.write("parts/a.yaml", "fab_b: {rate_per_week: x}\n");
  CHECK(load_file("base.yaml").second.starts_with("parts/a.yaml:1:24: error: things.fab_b"));
  folder.write("base.yaml", "things:\n  include: parts/missing.yaml\n");
  CHECK(load_file("base.yaml").second ==
        "base.yaml:2:12: error: things: cannot read \"parts/missing.yaml\": no such file\n");
}

TEST_CASE("Files: a list may be a column of a CSV file, of the rows that fit") {
  const Folder folder("csv");
  const auto load = [&](const std::string& csv, const std::string& selection) {
    folder.write("data/trace.csv", csv);
    folder.write("base.yaml",
                 "name: base\nthings:\n  fab: {rate_per_week: 1, weights: {csv: data/trace.csv, " +
                     selection + "}}\n");
    return load_file("base.yaml");
  };
  const std::string csv = "\xEF\xBB\xBFt,node,\"a, b\"\r\n0,x,1.5\r\n0,y,2\r\n\r\n1,x,\"3\"\r\n";
  CHECK(load(csv, "column: 'a, b', where: {node: x}").first.things.at("fab").weights ==
        std::vector<double>{1.5, 3});
  CHECK(load(csv, "column: t").first.things.at("fab").weights == std::vector<double>{0, 0, 1});

  const auto error = [&](const std::string& text, const std::string& selection) {
    return load(text, selection).second;
  };
  CHECK(error(csv, "column: nodes") ==
        "data/trace.csv:1:1: error: things.fab.weights: there is no column \"nodes\"\n"
        "  note: did you mean \"node\"?\n");
  CHECK(error(csv, "column: node")
            .starts_with("data/trace.csv:2:3: error: things.fab.weights[0]: expected a number"));
  CHECK(error("a,b\n1,2\n1,2,3\n", "column: b") ==
        "data/trace.csv:3:5: error: things.fab.weights: expected 2 fields as in the first line, "
        "received 3\n"
        "  note: a number with a comma in it stands in quotes, or between other separators\n");
  CHECK(error("a,b\n1,\"2\n", "column: b") ==
        "data/trace.csv:2:3: error: things.fab.weights: a quote is not closed\n");
  CHECK(error(csv, "column: t, where: {node: z}") ==
        "data/trace.csv:1:1: error: things.fab.weights: no row is asked for, or none fits\n");
  CHECK(error("", "column: t")
            .starts_with("data/trace.csv:1:1: error: things.fab.weights: there is no column"));
  CHECK(error(csv, "column: t, rows: 3") ==
        "base.yaml:3:69: error: things.fab.weights: expected the keys csv, column, where (a "
        "mapping), separator and decimal, received \"rows\"\n");
  CHECK(load("a;b\n1.500;2\n", "column: a, decimal: ','").first.things.at("fab").weights ==
        std::vector<double>{1500});
  CHECK(load("a;b,c\n1;2\n", "column: a, separator: ;").first.things.at("fab").weights ==
        std::vector<double>{1});
  CHECK(load("a;b,c\t\n1;2\t\n", "column: 'b,c', separator: ;").second == "");
  CHECK(error("a\n1\n", "column: a, separator: x") ==
        "base.yaml:3:80: error: things.fab.weights.separator: expected `,`, `;` or `tab`, received "
        "\"x\"\n");
  CHECK(error("a\n1\n", "column: a, decimal: ;") ==
        "base.yaml:3:78: error: things.fab.weights.decimal: expected `.` or `,`, received \";\"\n");
}

TEST_CASE("Files: extends takes a base and changes it by path") {
  const Folder folder("extends");
  folder.write("base.yaml", two_things);
  folder.write("variants/v.yaml",
               "extends: ../base.yaml\n"
               "name: variant\n"
               "overrides:\n"
               "  things.fab_a.count: 9\n"
               "  things.fab_b: ~\n");
  const auto [root, errors] = load_file("variants/v.yaml");
  CHECK(errors == "");
  CHECK(root.name == "variant");
  CHECK(root.things.size() == 1);
  CHECK(root.things.at("fab_a").count == 9);

  folder.write("bad.yaml", "extends: base.yaml\noverrides:\n  things.fab_a.cont: 9\n");
  CHECK(load_file("bad.yaml").second ==
        "bad.yaml:3:3: error: things.fab_a.cont: things.fab_a has no key \"cont\"\n"
        "  note: did you mean \"count\"?\n");
  folder.write("bad.yaml", "extends: base.yaml\nthings: {}\n");
  CHECK(load_file("bad.yaml").second ==
        "bad.yaml:2:1: error: things: a file that extends another changes mappings by path, under "
        "`overrides`\n");
}

TEST_CASE("Files: circles, missing files and directories are errors") {
  const Folder folder("circle");
  folder.write("a.yaml", "extends: b.yaml\n");
  folder.write("b.yaml", "extends: c.yaml\n");
  folder.write("c.yaml", "extends: b.yaml\n");
  CHECK(load_file("a.yaml").second ==
        "c.yaml:1:10: error: extends: files name each other in a circle: b.yaml -> c.yaml -> "
        "b.yaml\n");
  CHECK(load_file("nowhere.yaml").second ==
        "nowhere.yaml: error: cannot read \"nowhere.yaml\": no such file\n");
  CHECK(load_file(".").second == ".: error: cannot read \".\": it is a directory\n");
}

// --- writing ------------------------------------------------------------------------------------

TEST_CASE("Writer: what is written reads back as the same struct, annotations included") {
  const Loaded first = load(
      "name: \"a: strange # name\"\n"
      "things:\n"
      "  a:\n"
      "    rate_per_week: {curve: {2025: 10, 2026: 20.1}, factor: {beta: {mean: 0.9, sd: 0.05}}, "
      "source: S1, confidence: C}\n"
      "    share: {steps: {2025: 0.1, 2026: 0.3333333333333333}, assumption: {factor: [0.5, 2]}}\n"
      "    shape: {square: {side: 0.1}}\n"
      "    weights: {value: [1, 2, 3], source: [S1, S2], confidence: X, note: \"a: note\"}\n"
      "    since: 2026-07\n"
      "  b: {rate_per_week: {normal: {mean: 5, sd: 2, min: 0, max: 9}}, count: {value: 4, "
      "assumption: [1, 5]}}\n"
      "  c: {rate_per_week: {volumes: {2025Q1: 1000, 2025Q2: 2000}}, label: \"12\"}\n"
      "  d: {rate_per_week: {empirical: {values: [1, 2], weights: [1, 3]}}}\n");
  REQUIRE(first.errors == "");
  Node node = to_node(first.root);
  copy_annotations(first.node, node);
  const std::string text = to_yaml(node);
  CAPTURE(text);
  const Loaded second = load(text);
  CHECK(second.errors == "");
  CHECK(second.root == first.root);
  Node again = to_node(second.root);
  copy_annotations(second.node, again);
  CHECK(to_yaml(again) == text);
  CHECK(same_content(node, again));
  std::size_t annotated = 0;
  for (const Input& input : second.inputs) annotated += input.annotation != nullptr;
  CHECK(annotated == 6);  // of which three are the items of the list
}

TEST_CASE("Writer: words go without quotes, what YAML would read as something else with them") {
  const auto written = [](const std::string& text) { return to_yaml(Node::scalar(text)); };
  for (const char* word : {"a", "_", "7", "-7", "0.25", "1e-9", "2024-01-01", "2025Q1", "eml_200g",
                           "true", "nulls", "a-b.c", "a-", "a."}) {
    CHECK(written(word) == std::string(word) + "\n");
  }
  for (const char* text :
       {"", "null", "Null", "NULL", "~", "-", "a: b", "a #b", "[a", "a:", "? a"}) {
    CAPTURE(text);
    CHECK(written(text) == '"' + std::string(text) + "\"\n");
  }
  const std::string long_word(2000, 'a');
  CHECK(written(long_word) == long_word + "\n");
}

TEST_CASE("Schema: lists every key with its default") {
  const Schema::Field* things = schema().find("things");
  REQUIRE(things);
  const Schema& thing_schema = *things->schema->element;
  CHECK(thing_schema.title == "Thing");
  CHECK(thing_schema.find("count")->fallback == "3");
  CHECK(thing_schema.find("count")->schema->rule.range() == "0 to 1000");
  CHECK(thing_schema.find("shape")->fallback == "dot");
  CHECK(thing_schema.find("colour")->schema->choices == std::vector<std::string>{"red", "green"});
  CHECK(thing_schema.find("rate_per_week")->required);
}

// --- many changes -------------------------------------------------------------------------------

/// A document of some things, each with a curve.
Document document_of(std::size_t things, const std::string& curve) {
  std::string text = "things:\n";
  for (std::size_t i = 0; i < things; ++i) {
    text += fmt::format("  t{}: {{rate_per_week: {}}}\n", i, curve);
  }
  Diagnostics diagnostics;
  Document document = Document::from_text(text, "t.yaml", schema(), diagnostics);
  REQUIRE(diagnostics.text() == "");
  return document;
}

Override change_of(const std::string& path, const std::string& value) {
  return {path, {}, value == "~" ? Node::null() : Node::scalar(value)};
}

TEST_CASE("Overrides: many at once do what they do one after the other") {
  // known things, new ones and none; dates before, between and behind others, in other words, too
  const std::vector<std::string> keys = {"things.t3.rate_per_week", "things.t17.rate_per_week",
                                         "things.t40.rate_per_week", "things.t18.share"};
  const std::vector<std::string> dates = {"2026-07",    "2026-07-01", "2026Q3",     "2026",
                                          "2026-01",    "2027",       "2025-03-05", "2031-02",
                                          "2026-08-09", "2027Q2"};
  std::uint64_t luck = 1;
  const auto draw = [&](std::size_t n) {
    luck = luck * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(luck >> 33) % n;
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<Override> changes;
    const std::size_t count = 17 + draw(60);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string value = draw(8) == 0 ? "~" : std::to_string(draw(1000));
      std::string path = keys[draw(keys.size())];
      if (draw(10) > 0) {
        const std::size_t month = 1 + draw(90);
        path +=
            "." + (draw(3) == 0 ? dates[draw(dates.size())]
                                : fmt::format("20{:02}-{:02}", 20 + month / 12, 1 + month % 12));
      }
      changes.push_back(change_of(path, value));
    }
    const Document before =
        document_of(20, round % 2 == 0 ? "{2026-01: 1, 2026-06: 2, 2028: 3}" : "7");
    Document at_once = before, one_by_one = before;
    Diagnostics of_all, of_each;
    at_once.apply(changes, schema(), of_all);
    for (const Override& change : changes) one_by_one.apply(change, schema(), of_each);
    CHECK(to_yaml(at_once.root()) == to_yaml(one_by_one.root()));
    CHECK(of_all.text() == of_each.text());
  }
}

TEST_CASE("Overrides: thousands take time in proportion to their number") {
  const auto seconds_for = [](std::size_t count, const std::function<Override(std::size_t)>& nth) {
    Document document = document_of(1, "{1950: 1}");
    std::vector<Override> changes;
    for (std::size_t i = 0; i < count; ++i) changes.push_back(nth(i));
    Diagnostics diagnostics;
    const std::clock_t begin = std::clock();
    document.apply(changes, schema(), diagnostics);
    const std::clock_t end = std::clock();
    CHECK(diagnostics.text() == "");
    return static_cast<double>(end - begin) / CLOCKS_PER_SEC;
  };
  const auto date_at = [](std::int64_t day) {
    return change_of(
        "things.t0.rate_per_week." + format_time(Time{Date{std::chrono::days{day - 7000}}}), "1");
  };
  const std::vector<std::function<Override(std::size_t)>> kinds = {
      [](std::size_t i) {
        return Override{fmt::format("things.n{}", i), {}, Node::map()};
      },
      [&](std::size_t i) { return date_at(static_cast<std::int64_t>(i)); },
      [&](std::size_t i) { return date_at(30'000 - static_cast<std::int64_t>(i)); }};
  for (const auto& nth : kinds) {
    const double few = seconds_for(1'000, nth), many = seconds_for(16'000, nth);
    CHECK(many < 16 * 5 * std::max(few, 0.002));  // read through, it is 16 x 16
  }
}

}  // namespace
}  // namespace optichain::sim
