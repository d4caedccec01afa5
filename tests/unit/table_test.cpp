#include "sim/output/table.hpp"

#include <chrono>
#include <cstdlib>
#include <limits>

#include <doctest/doctest.h>
#include <fcntl.h>

#include "sim/output/csv.hpp"
#include "sim/output/file.hpp"
#include "sim/output/json.hpp"
#include "sim/output/progress.hpp"
#include "sim/output/terminal.hpp"

namespace optichain::sim {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// --- CSV and JSON ------------------------------------------------------------------------------

TEST_CASE("CSV: quotes stand where they must and nowhere else") {
  std::string text;
  CsvWriter csv([&](std::string_view line) { text += line; }, {"name", "x, y", "count"});
  csv.row("plain text", 0.1, 3);
  csv.row("a,b", -2.0, std::uint64_t{18446744073709551615U});
  csv.row("say \"hi\"", 1e300, -7);
  csv.row(std::string("two\nlines"), nan, 0);
  csv.row("日本", infinity, 1);
  CHECK(text ==
        "name,\"x, y\",count\n"
        "plain text,0.1,3\n"
        "\"a,b\",-2,18446744073709551615\n"
        "\"say \"\"hi\"\"\",1e+300,-7\n"
        "\"two\nlines\",,0\n"
        "日本,,1\n");
}

TEST_CASE("CSV: a row of one empty field is not an empty line") {
  std::string text;
  CsvWriter csv([&](std::string_view line) { text += line; }, {"name"});
  csv.row("");
  CHECK(text == "name\n\"\"\n");
}

TEST_CASE("JSON: numbers are short and exact, and what is no number is null") {
  const Json json = {0.1, 1.0, -0.0, 1e300, 5e-324, 1.0 / 3, nan, infinity, 3, true, nullptr, "x"};
  CHECK(json_line(json) ==
        R"([0.1,1,0,1e+300,5e-324,0.3333333333333333,null,null,3,true,null,"x"])");
}

TEST_CASE("JSON: lists of plain values stay on one line, keys keep their order") {
  Json json = {{"z", 1}, {"a", {1, 2.5, "x"}}, {"empty", Json::array()}, {"none", Json::object()}};
  json["rows"] = {Json{{"k", 1}}, Json{{"k", 2}}};
  CHECK(json_text(json) == R"({
  "z": 1,
  "a": [1, 2.5, "x"],
  "empty": [],
  "none": {},
  "rows": [
    {
      "k": 1
    },
    {
      "k": 2
    }
  ]
})");
  CHECK(json_line(json) ==
        R"({"z":1,"a":[1,2.5,"x"],"empty":[],"none":{},"rows":[{"k":1},{"k":2}]})");
  CHECK(parse_json(json_text(json)) == json);
}

TEST_CASE("JSON: bytes that are no UTF-8 are replaced, and text that is no JSON is nothing") {
  CHECK(json_line(Json("a\xff\"\n")) == "\"a\xef\xbf\xbd\\\"\\n\"");
  Json object;
  object["k\xff"] = 1;
  CHECK(json_line(object) == "{\"k\xef\xbf\xbd\":1}");
  for (const char* bad : {"", "{", "[1,]", "nan", "{\"a\":1} x"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_json(bad).has_value());
  }
}

// --- tables ------------------------------------------------------------------------------------

Table some_table() {
  Table table({{"policy"}, {"fill_rate", "fill rate"}, {"cost"}, {"runs"}});
  table.title("Policies").footer("2 of 3 shown");
  table.add({"base", Cell::percent(0.934), 1523000.0, 200});
  table.add({"safety stock", Cell::percent(1), Cell(), 50});
  return table;
}

TEST_CASE("Table: numbers stand to the right, texts to the left, and lines have no loose ends") {
  CHECK(some_table().text() ==
        "Policies\n"
        "\n"
        "policy        fill rate    cost  runs\n"
        "------------  ---------  ------  ----\n"
        "base             93.4 %  1.52 M   200\n"
        "safety stock    100.0 %       -    50\n"
        "\n"
        "2 of 3 shown\n");
}

TEST_CASE("Table: CSV and JSON have the keys and every digit") {
  CHECK(some_table().csv() ==
        "policy,fill_rate,cost,runs\n"
        "base,0.934,1523000,200\n"
        "safety stock,1,,50\n");
  CHECK(json_line(some_table().json()) ==
        R"([{"policy":"base","fill_rate":0.934,"cost":1523000,"runs":200},)"
        R"({"policy":"safety stock","fill_rate":1,"cost":null,"runs":50}])");
  CHECK(some_table().as(Format::csv) == some_table().csv());
  CHECK(some_table().as(Format::table) == some_table().text());
  CHECK(some_table().as(Format::json) == json_text(some_table().json()) + "\n");
}

TEST_CASE("Table: columns line up by what is seen and not by bytes") {
  Table table({{"name"}, {"n"}});
  table.add({"Zürich", 1});
  table.add({"日本", 22});
  table.add({"two\nlines\x1b[31m", 3});
  CHECK(table.text() ==
        "name             n\n"
        "--------------  --\n"
        "Zürich           1\n"
        "日本            22\n"
        "two lines [31m   3\n");
}

TEST_CASE("Table: without rows it has its head, and JSON is an empty list") {
  const Table table({{"a"}, {"b"}});
  CHECK(table.text() == "a  b\n-  -\n");
  CHECK(table.csv() == "a,b\n");
  CHECK(table.as(Format::json) == "[]\n");
}

TEST_CASE("Table: cells have the colour they are given, and only if it is wanted") {
  Table table({{"a"}});
  table.add({Cell("x").in(Colour::red)});
  CHECK(table.text(false) == "a\n-\nx\n");
  CHECK(table.text(true) == "\x1b[1ma\x1b[0m\n\x1b[90m-\x1b[0m\n\x1b[31mx\x1b[0m\n");
}

TEST_CASE("Table: whole numbers are shown in full, others short, unknown ones as a dash") {
  Table table({{"n"}});
  table.add({std::uint64_t{18446744073709551615U}});
  table.add({-1234567});
  table.add({1234567.0});
  table.add({nan});
  table.add({Cell::fixed(2.0 / 3, 3)});
  CHECK(table.text() ==
        "                   n\n"
        "--------------------\n"
        "18446744073709551615\n"
        "            -1234567\n"
        "              1.23 M\n"
        "                   -\n"
        "               0.667\n");
  CHECK(table.csv() == "n\n18446744073709551615\n-1234567\n1234567\n\"\"\n0.6666666666666666\n");
}

// --- terminal ----------------------------------------------------------------------------------

TEST_CASE("Terminal: a bar is as long as its share, in eighths of a column") {
  CHECK(bar(0, 4) == "····");
  CHECK(bar(0.5, 4) == "██··");
  CHECK(bar(1, 4) == "████");
  CHECK(bar(0.53125, 4) == "██▏·");
  CHECK(bar(1.7, 4) == "████");
  CHECK(bar(-1, 4) == "····");
  CHECK(bar(nan, 4) == "····");
  CHECK(bar(0.5, 0) == "");
  for (int i = 0; i <= 100; ++i) CHECK(display_width(bar(i / 100.0, 10)) == 10);
}

TEST_CASE("Terminal: width counts characters as they are seen") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("Zürich") == 6);
  CHECK(display_width("Zu\u0308rich") == 6);  // the dots are a character of their own
  CHECK(display_width("日本語") == 6);
  CHECK(display_width("한국") == 4);
  CHECK(display_width("Ａ") == 2);
  CHECK(display_width("█▌·µ€") == 5);
  CHECK(display_width("🚢") == 2);
  CHECK(display_width("\xff\xfe") == 2);
  CHECK(display_width("\xe6\x97") == 2);  // a character cut in two
}

TEST_CASE("Terminal: colour is for terminals, and not under NO_COLOR or on dumb ones") {
  const Descriptor terminal(::posix_openpt(O_RDWR | O_NOCTTY));
  const Descriptor file(::open("/dev/null", O_WRONLY));
  ::unsetenv("NO_COLOR");
  ::setenv("TERM", "xterm", 1);
  CHECK_FALSE(wants_colour(file.number()));
  CHECK_FALSE(is_terminal(file.number()));
  if (terminal.number() < 0) {
    MESSAGE("no terminal can be opened here: what is for terminals is not checked");
    return;
  }
  CHECK(wants_colour(terminal.number()));
  ::setenv("NO_COLOR", "", 1);  // empty means nothing
  CHECK(wants_colour(terminal.number()));
  ::setenv("NO_COLOR", "1", 1);
  CHECK_FALSE(wants_colour(terminal.number()));
  CHECK(is_terminal(terminal.number()));
  ::unsetenv("NO_COLOR");
  ::setenv("TERM", "dumb", 1);
  CHECK_FALSE(wants_colour(terminal.number()));
  CHECK(paint("x", Colour::none) == "x");
  CHECK(paint("x", Colour::green) == "\x1b[32mx\x1b[0m");
}

// --- progress ----------------------------------------------------------------------------------

/// A progress reporter whose clock stands still until it is moved, and what it has written.
struct Reported {
  explicit Reported(Progress::Style style, std::uint64_t total = 100, std::uint64_t before = 0)
      : progress({.total = total,
                  .done_before = before,
                  .style = style,
                  .now = [this] { return Progress::Clock::time_point(elapsed); },
                  .write = [this](std::string_view part) { text += part; }}) {}
  void after(double seconds) {
    elapsed += std::chrono::duration_cast<Progress::Clock::duration>(
        std::chrono::duration<double>(seconds));
  }
  Progress::Clock::duration elapsed{};
  std::string text;
  Progress progress;
};

TEST_CASE("Progress: the line has what is done, how fast, the time left and the failures") {
  Reported r(Progress::Style::redrawn);
  CHECK(r.progress.line() == "runs 0/100 (0 %)");
  r.after(2);
  r.progress.done(20);
  CHECK(r.progress.line() == "runs 20/100 (20 %), 10/s, 8 s left");
  r.progress.failed(5);
  CHECK(r.progress.line() == "runs 25/100 (25 %), 12.5/s, 6 s left, 5 failed");
  r.progress.update(44, 6);
  CHECK(r.progress.line() == "runs 50/100 (50 %), 25/s, 2 s left, 6 failed");
}

TEST_CASE("Progress: on a terminal one line is drawn again, ten times a second at most") {
  Reported r(Progress::Style::redrawn);
  r.after(1);
  for (int i = 0; i < 10; ++i) r.progress.done();
  CHECK(r.text == "\r\x1b[Kruns 1/100 (1 %), 1/s, 1 min 39 s left");
  r.text.clear();
  r.after(1);
  r.progress.refresh();
  CHECK(r.text == "\r\x1b[Kruns 10/100 (10 %), 5/s, 18 s left");
  r.text.clear();
  r.progress.done(90);
  r.progress.finish();
  r.progress.finish();
  CHECK(r.text == "\r\x1b[Kruns 100/100 in 2 s (50/s)\n");
}

TEST_CASE("Progress: in a log it is a line every five seconds and one at the end") {
  Reported r(Progress::Style::lines);
  for (int i = 0; i < 11; ++i) {
    r.after(1);
    r.progress.done();
  }
  r.progress.failed();
  r.progress.finish();
  CHECK(r.text ==
        "runs 5/100 (5 %), 1/s, 1 min 35 s left\n"
        "runs 10/100 (10 %), 1/s, 1 min 30 s left\n"
        "runs 12/100 in 11 s (1.09/s), 1 failed\n");
}

TEST_CASE("Progress: quiet says nothing") {
  Reported r(Progress::Style::quiet);
  r.after(60);
  r.progress.done(50);
  r.progress.finish();
  CHECK(r.text == "");
}

TEST_CASE("Progress: work of an earlier session counts as done and not as fast") {
  Reported r(Progress::Style::lines, 100, 90);
  r.after(10);
  r.progress.done(5);
  CHECK(r.text == "runs 95/100 (95 %), 30/min, 10 s left\n");
}

TEST_CASE("Progress: a line that is being drawn is left before others write") {
  std::string text;
  {
    Progress::Clock::time_point now;
    Progress progress({.style = Progress::Style::redrawn,
                       .now = [&] { return now; },
                       .write = [&](std::string_view part) { text += part; }});
    now += std::chrono::seconds{1};
    progress.done();
    CHECK(text == "\r\x1b[Kruns 1/0, 1/s, 0 s left");
  }
  CHECK(text.ends_with("left\n"));
}

TEST_CASE("Progress: spans of time are given to two places") {
  CHECK(format_span(0.4) == "0 s");
  CHECK(format_span(59.4) == "59 s");
  CHECK(format_span(59.6) == "1 min 00 s");
  CHECK(format_span(3599.9) == "1 h 00 min");
  CHECK(format_span(7500) == "2 h 05 min");
  CHECK(format_span(100'000) == "1 d 03 h");
  CHECK(format_span(infinity) == "?");
  CHECK(format_span(nan) == "?");
}

}  // namespace
}  // namespace optichain::sim
