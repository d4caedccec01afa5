#include "sim/output/live_file.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include "sim/output/chunk_file.hpp"
#include "tests/unit/output_support.hpp"

namespace optichain::sim {
namespace {

/// What a process of its own finds, as its exit code: of this one's locks it would see none.
int seen_by_another(const std::function<int()>& look) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(look());
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WEXITSTATUS(status);
}

TEST_CASE("Live file: it is known to live as long as its writer, and no longer") {
  const TestFolder test;
  const fs::path path = test.path / "x.part";
  {
    LiveFile file(path);
    file.append("a\n");
    file.append("b\n");
    CHECK(seen_by_another([&] { return read_file(path) == "a\nb\n" ? 1 : 0; }) == 1);
    file.overwrite("c\n");
    CHECK(seen_by_another([&] { return read_file(path) == "c\n" ? 1 : 0; }) == 1);
    CHECK(seen_by_another([&] { return static_cast<int>(writer_of(path)); }) ==
          static_cast<int>(WriterState::lives));
    CHECK(seen_by_another([&] { return remove_if_ended(path) ? 1 : 0; }) == 0);
    CHECK(fs::exists(path));
  }
  CHECK_FALSE(fs::exists(path));
  CHECK(writer_of(path) == WriterState::has_ended);
}

TEST_CASE("Live file: one whose writer was killed is found, whatever it is called") {
  const TestFolder test;
  const fs::path path = test.path / "x.part";
  run_and_kill([&](const auto& ready) {
    const LiveFile file(path);
    // a child that lives on does not make its parent live
    if (::fork() == 0) {
      ::usleep(300'000);
      ::_exit(0);
    }
    ready();
    ::pause();
  });
  CHECK(fs::exists(path));
  CHECK(writer_of(path) == WriterState::has_ended);
  CHECK(remove_if_ended(path));
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("Live file: a name that is taken, a link, a folder are left alone") {
  const TestFolder test;
  put_file(test.path / "mine", "mine");
  fs::create_symlink("mine", test.path / "link");
  fs::create_directory(test.path / "folder");
  CHECK(error_of([&] { LiveFile file(test.path / "mine"); }) != "");
  CHECK(error_of([&] { LiveFile file(test.path / "link"); }) != "");
  CHECK_FALSE(remove_if_ended(test.path / "link"));
  CHECK_FALSE(remove_if_ended(test.path / "folder"));
  CHECK(read_file(test.path / "mine") == "mine");
  CHECK(names_in(test.path) == Names{"folder", "link", "mine"});
}

TEST_CASE("Live file: two processes that count as one, as in two containers, do not meet") {
  const TestFolder test;
  const fs::path target = test.path / "0123.chunk";
  const Json head = {{"chunk", 1}};
  ChunkWriter here(target, head);
  here.add({{"point", 1}});
  // the other one has the same idea of who it is: nothing in a name comes from the process
  CHECK(seen_by_another([&] {
          ChunkWriter there(target, head);
          there.add({{"point", 1}});
          return chunk_parts(test.path).size() == 2 &&
                         there.publish() == ChunkWriter::Published::first
                     ? 0
                     : 1;
        }) == 0);
  CHECK(here.publish() == ChunkWriter::Published::again);
  CHECK(read_chunk(target)->lines.size() == 1);
}

}  // namespace
}  // namespace optichain::sim
