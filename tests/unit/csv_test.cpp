// Tables as spreadsheets and people write them, and what is said of those that are none.

#include "sim/input/csv.hpp"

#include <algorithm>
#include <ctime>
#include <numeric>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace optichain::sim {
namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Read {
  Rows rows;  // the header first
  std::string errors;
};

/// What a table says with the numbers of all its columns in plain notation.
Read read(std::string_view text, const CsvFormat& format = {}) {
  Diagnostics diagnostics;
  auto table = read_csv(text, "t.csv", format, "", diagnostics);
  if (!table) return {{}, diagnostics.text()};
  std::vector<std::size_t> columns(table->header.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  plain_numbers(*table, columns, "", diagnostics);
  Rows rows = {table->names()};
  for (const auto& row : table->rows) {
    auto& texts = rows.emplace_back();
    for (const CsvCell& cell : row) texts.push_back(cell.text);
  }
  return {std::move(rows), diagnostics.text()};
}

std::string utf16(std::string_view ascii, bool little_endian) {
  std::string bytes = little_endian ? "\xff\xfe" : "\xfe\xff";
  for (const char c : ascii) {
    if (!little_endian) bytes += '\0';
    bytes += c;
    if (little_endian) bytes += '\0';
  }
  return bytes;
}

const std::string save = "  note: save the file as UTF-8\n";
const std::string say_decimal =
    "  note: say with `decimal` (`--decimal` of a command) whether a point or a comma stands "
    "before "
    "decimals\n";

}  // namespace

TEST_CASE(
    "CSV: separators, ends of lines and encodings of spreadsheets give one and the same table") {
  const Rows wanted = {{"name", "a"}, {"x", "1"}, {"y", "2"}};
  for (const std::string text :
       {"name,a\nx,1\ny,2\n", "name;a\nx;1\ny;2", "name\ta\r\nx\t1\r\ny\t2\r\n",
        "name,a\rx,1\ry,2\r", "sep=;\r\nname;a\r\nx;1\r\ny;2\r\n", "sep=\t\nname\ta\nx\t1\ny\t2",
        "\"sep=,\"\nname,a\nx,1\ny,2", "\xef\xbb\xbfname,a\nx,1\ny,2\n",
        " name , a\n\n x ,\t1\n  \ny, 2 \n\n", "\"name\",\"a\"\n\"x\" , \"1\"\n\"y\",\"2\"\n"}) {
    CAPTURE(text);
    const Read got = read(text);
    CHECK(got.errors == "");
    CHECK(got.rows == wanted);
    if (text.front() == '\xef') continue;
    CHECK(read(utf16(text, true)).rows == wanted);
    CHECK(read(utf16(text, false)).rows == wanted);
  }
  // beyond the first plane: U+1F4A1 is D83D DCA1
  using namespace std::string_literals;
  CHECK(read("\xff\xfe\x3d\xd8\xa1\xdc"s).rows == Rows{{"\xf0\x9f\x92\xa1"}});
  CHECK(read("\xfe\xff\x20\xac"s).rows == Rows{{"\xe2\x82\xac"}});
}

TEST_CASE("CSV: quotes keep what is within them, with the places of what follows") {
  CHECK(read("a,b\n\" x \",\"1\n\"\"2,\"\"\"\r\n").rows == Rows{{"a", "b"}, {" x ", "1\n\"2,\""}});
  Diagnostics none;
  const auto table = read_csv("a,b\n\"1\n2\",3\r\n\r\n  4 , 5\n", "t.csv", {}, "", none);
  REQUIRE(table);
  CHECK(table->mark(table->rows[0][0]).text() == "t.csv:2:1");
  CHECK(table->mark(table->rows[0][1]).text() == "t.csv:3:4");
  CHECK(table->mark(table->rows[1][0]).text() == "t.csv:5:3");
  CHECK(table->mark(table->rows[1][1]).text() == "t.csv:5:7");
}

TEST_CASE("CSV: with more than one separator in the header, the one that fits every row counts") {
  CHECK(read("cost, USD;name\n1;x\n2;y\n").rows ==
        Rows{{"cost, USD", "name"}, {"1", "x"}, {"2", "y"}});
  CHECK(
      read("cost, USD;name\n1,x;y\n").errors ==
      "t.csv:1:1: error: it is not clear what separates the cells: `,` and `;` stand in the first "
      "line, and more of them make all rows as long as it\n"
      "  note: say it with `separator` (`--separator` of a command), or a first line such as "
      "sep=;\n");
  CHECK(read("cost, USD;name\n1,x;y\n", {';', {}}).rows ==
        Rows{{"cost, USD", "name"}, {"1,x", "y"}});
  CHECK(read("sep=,\na,b;c\n1,2\n").rows == Rows{{"a", "b;c"}, {"1", "2"}});
  CHECK(read("a,b;c\n1\n").errors.find("and none of them make") != std::string::npos);
  CHECK(read("sep=|\na|b\n").errors ==
        "t.csv:1:1: error: expected `,`, `;` or `tab` between cells, received \"|\"\n");
}

TEST_CASE(
    "CSV: numbers with decimal commas and thousands are read where there is one way to do so") {
  const auto column = [](std::vector<std::string> cells, const CsvFormat& format = {}) {
    std::string text = "n;x\n";
    for (const std::string& cell : cells) text += "\"" + cell + "\";\n";
    const Read got = read(text, format);
    CHECK(got.errors == "");
    std::vector<std::string> numbers;
    for (std::size_t i = 1; i < got.rows.size(); ++i) numbers.push_back(got.rows[i][0]);
    return numbers;
  };
  using Cells = std::vector<std::string>;
  CHECK(column({"1.500,00"}) == Cells{"1500.00"});
  CHECK(column({"1,500.00"}) == Cells{"1500.00"});
  CHECK(column({"1,5", "1.500", "-2.000.000,25"}) == Cells{"1.5", "1500", "-2000000.25"});
  CHECK(column({"1.5", "1,500", "2,000,000.25"}) == Cells{"1.5", "1500", "2000000.25"});
  CHECK(column({"1.500.000"}) == Cells{"1500000"});
  CHECK(column({"0,125"}) == Cells{"0.125"});        // no thousands begin with 0
  CHECK(column({"1500,125"}) == Cells{"1500.125"});  // or have four digits
  CHECK(column({"1,5e3"}) == Cells{"1.5e3"});
  CHECK(column({"1 500,25",
                "1\xc2\xa0"
                "500",
                "1\xe2\x80\xaf"
                "500"}) == Cells{"1500.25", "1500", "1500"});
  CHECK(column({"1'500.25"}) == Cells{"1500.25"});
  CHECK(column({" 100 ", "\t7"}) == Cells{"100", "7"});
  CHECK(column({"1.500"}, {{}, ','}) == Cells{"1500"});
  CHECK(column({"1.500"}, {{}, '.'}) == Cells{"1.500"});
  CHECK(column({"1,500"}, {{}, ','}) == Cells{"1.500"});
  CHECK(column({"1,500"}, {{}, '.'}) == Cells{"1500"});
  // between commas, a point is before decimals
  CHECK(read("a,b\n1.500,2\n").rows == Rows{{"a", "b"}, {"1.500", "2"}});
  // another column shows it
  CHECK(read("a;b\n1.500;2,5\n").rows == Rows{{"a", "b"}, {"1500", "2.5"}});
  // what is no number stays, to be refused where a number is wanted
  for (const char* text : {"1.50.000", "1,50,0", "1.5,5,5", "12 34", "1 500 00", "1'500 000", "x 1",
                           "1,5.", "--1", "1_0", "\xd9\xa1\xd9\xa2", ".", "1e", "1e1.5", "'5"}) {
    CAPTURE(text);
    CHECK(column({text}) == Cells{text});
  }
  CHECK(column({"1,5"}, {{}, '.'}) == Cells{"1,5"});
  CHECK(column({"1.5"}, {{}, ','}) == Cells{"1.5"});
}

TEST_CASE("CSV: numbers that may be read in two ways are errors that say how to choose") {
  CHECK(read("a;b\n1.500;2\n").errors ==
        "t.csv:2:1: error: \"1.500\" may be 1.500 or 1500\n" + say_decimal);
  CHECK(read("a,b\n 2,\"1,500\"\n").errors ==
        "t.csv:2:4: error: \"1,500\" may be 1.500 or 1500\n" + say_decimal);
  CHECK(
      read("a;b\n1,5;2\n2;2.5\n").errors ==
      "t.csv:3:3: error: \"2.5\" has its decimals after a point, but \"1,5\" at t.csv:2:1 after a "
      "comma\n" +
          say_decimal);
}

TEST_CASE("CSV: what is no table is refused at its place") {
  using namespace std::string_literals;
  for (const auto& [text, error] : std::vector<std::pair<std::string, std::string>>{
           {"a,b\n\"100\"7,2\n",
            "2:6: error: expected `,` or the end of the line behind the quote, received \"7\"\n"},
           {"a;b\n1;\"2\"x;3\n",
            "2:6: error: expected `;` or the end of the line behind the quote, received \"x\"\n"},
           {"a,b\n1,\"2\n", "2:3: error: a quote is not closed\n"},
           {"a,b\n1,19\" rack\n",
            "2:5: error: a quote within a cell that does not begin with one\n"
            "  note: put the cell in quotes, and write each quote within it twice\n"},
           {"n,l,c,d,e\npart,5,1,5,,\n",
            "2:13: error: expected 5 fields as in the first line, received 6\n"
            "  note: a number with a comma in it stands in quotes, or between other separators\n"},
           {"a;b\n1;2\n3\n", "3:1: error: expected 2 fields as in the first line, received 1\n"},
           {"a,b, a\n1,2,3\n",
            "1:6: error: there are two columns \"a\"\n  note: the first at t.csv:1:1\n"},
           {"a\n\xe4\n", "2:1: error: no UTF-8 character begins with the byte 0xe4\n" + save},
           {"\xff\xfe"
            "a",
            "1:1: error: the file begins as UTF-16 does, but is none\n" + save},
           {"\xff\xfe\x3d\xd8"s,
            "1:1: error: the file begins as UTF-16 does, but is none\n" + save},
           {"a\0b\0"s,
            "1:2: error: not a text file: it contains a zero byte\n"
            "  note: UTF-16 is read if it begins with a byte order mark; or save the file as "
            "UTF-8\n"},
           {"a\n\x1b[31m\n",
            "2:1: error: not a text file: it contains the control character 0x1b\n"},
       }) {
    CAPTURE(text);
    CHECK(read(text).errors == "t.csv:" + error);
  }
}

/// Seconds of the processor, not of the clock on a wall.
double seconds_to_read(const std::string& text) {
  const std::clock_t begin = std::clock();
  CHECK(read(text).errors == "");
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

TEST_CASE("CSV: reading takes time in proportion to the text") {
  const auto quoted = [](int size) {
    const std::string cell(static_cast<std::size_t>(size), 'x');
    return "a,b\n\"" + cell + "\"\"" + cell + "\",1\n" + cell + ",2\n";
  };
  // where numbers are looked for, in one cell or in as many columns
  const auto groups = [](int size) {
    std::string text = "a;b\n1";
    for (int i = 1; i < size; ++i) text += " 000";
    return text + ";2\n";
  };
  const auto columns = [](int size) {
    std::string names = "c0", row = "1";
    for (int i = 1; i < size; ++i) {
      names += fmt::format(",c{}", i);
      row += ",1";
    }
    return names + "\n" + row + "\n";
  };
  const auto check = [](const auto& text, int size) {
    seconds_to_read(text(size));  // warm
    const double few = std::max(seconds_to_read(text(size)), 0.001);
    CHECK(seconds_to_read(text(10 * size)) < 40 * few);  // with quadratic time: 100
  };
  check(quoted, 200'000);
  check(groups, 20'000);
  check(columns, 20'000);
}

}  // namespace optichain::sim
