// Studies that draw from a file of futures, and what is refused of such a file.
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include "models/study/futures_file.hpp"
#include "models/study/load.hpp"

namespace optichain::models::study {
namespace {

constexpr const char* demand = "customers.city.demand.lamp.pieces_per_week";

/// A folder that goes with the test.
struct Folder {
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const char* name, const std::string& text) const {
    std::ofstream(path / name) << text;
  }
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / fmt::format("futures_test.{}", ::getpid());
};

std::string futures() {
  FuturesHead head;
  head.study = "small.yaml";
  head.base = "programs.yaml";
  head.observations = "lamps.yaml";
  head.until.date = sim::parse_period("2026-12-31")->begin;
  head.method = "weights";
  head.effective = 71.5;
  head.engine = "test";
  FactorText& factor = head.uncertainties["demand"];
  factor.path = demand;
  factor.as = Applied::factor;
  factor.low = 0.8;
  factor.high = 1.3;
  return futures_text(head, {{"0.9"}, {"1.1"}, {"1.1"}});
}

std::string study(const std::string& design, const std::string& more = "") {
  return fmt::format(
      "name: Test\nbase: {}/scenarios/programs/programs.yaml\nchanges: {{end: 2026-03-31}}\n{}"
      "design: {{uncertainties: {{futures: {}}}}}\n",
      OPTICHAIN_SOURCE_DIR, more, design);
}

/// The first line of what is wrong with a study.
std::string complaint(const Folder& folder, const std::string& text) {
  folder.write("study.yaml", text);
  try {
    load_study((folder.path / "study.yaml").string());
  } catch (const sim::InputError& e) {
    const std::string what = e.what();
    return what.substr(folder.path.string().size() + 1,
                       what.find('\n') - folder.path.string().size() - 1);
  }
  return "";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

TEST_CASE("Futures: a study takes them from a file, with the uncertainties that they are of") {
  const Folder folder;
  folder.write("futures.csv", futures());
  folder.write("study.yaml", study("{file: futures.csv}"));
  const LoadedStudy loaded = load_study((folder.path / "study.yaml").string());
  REQUIRE(loaded.uncertainties.size() == 1);
  REQUIRE(loaded.futures.rows() == 3);
  CHECK(loaded.effect(0, 0) == fmt::format("{}*=0.9\n", demand));
  CHECK(loaded.effect(0, 2) == fmt::format("{}*=1.1\n", demand));
  const auto& list = std::get<ListDesign>(loaded.study.design.uncertainties);
  CHECK(list.from == fmt::format("futures.csv {} (test)", futures().substr(8, 16)));
}

TEST_CASE("Futures: of a file as many as are wanted, uncertainties beside them are drawn") {
  const Folder folder;
  folder.write("futures.csv", futures());
  folder.write("study.yaml",
               study("{file: futures.csv, points: 2}",
                     "uncertainties: {pause: {path: programs.crack.breakdowns.mtbf_days, "
                     "low: 30, high: 120}}\n"));
  const LoadedStudy loaded = load_study((folder.path / "study.yaml").string());
  REQUIRE(loaded.futures.rows() == 2);
  REQUIRE(loaded.uncertainties.at(1).name() == "pause");
  const double first = loaded.futures.row(0)[1], second = loaded.futures.row(1)[1];
  CHECK(loaded.futures.row(1)[0] == 1.1);
  // a Latin hypercube of two points has one in each half
  CHECK(std::min(first, second) > 30);
  CHECK(std::min(first, second) < 75);
  CHECK(std::max(first, second) > 75);
}

TEST_CASE("Futures: what is wrong with a file is said with its place") {
  const Folder folder;
  const std::string plain = study("{file: futures.csv}");
  CHECK(complaint(folder, plain)
            .starts_with("study.yaml:4:42: error: design.uncertainties.futures.file: cannot read"));
  folder.write("futures.csv", "name,demand\nf1,1\n");
  CHECK(complaint(folder, plain) ==
        "futures.csv:1:1: error: design.uncertainties.futures.file: expected a file of futures, "
        "which "
        "begins with `# hash: `");
  for (const auto& [what, by] : {std::pair{"1.1", "1.2"}, {"0.8", "0.7"}, {"f3,1.1\n", ""}}) {
    folder.write("futures.csv", replaced(futures(), what, by));
    CHECK(complaint(folder, plain) ==
          "futures.csv:1:1: error: design.uncertainties.futures.file: the file is damaged, or was "
          "changed since it was written");
  }
  folder.write("futures.csv", futures());
  CHECK(complaint(folder, study("{file: futures.csv, points: 4}")) ==
        "study.yaml:4:63: error: design.uncertainties.futures.points: expected at most the 3 "
        "futures of "
        "futures.csv, received 4");
  const std::string twice =
      fmt::format("uncertainties: {{demand: {{path: {}, low: 1, high: 2}}}}\n", demand);
  CHECK(complaint(folder, study("{file: futures.csv}", twice)) ==
        "study.yaml:4:17: error: uncertainties.demand: futures.csv has an uncertainty of this "
        "name, too");
}

TEST_CASE("Futures: they are no design of levers") {
  const Folder folder;
  folder.write("futures.csv", futures());
  CHECK(complaint(folder,
                  "name: Test\nbase: " OPTICHAIN_SOURCE_DIR "/scenarios/programs/programs.yaml\n"
                  "design: {levers: {futures: {file: futures.csv}}}\n") ==
        "study.yaml:3:10: error: design.levers: futures are of uncertainties: expected another "
        "design of "
        "the levers");
}

}  // namespace
}  // namespace optichain::models::study
