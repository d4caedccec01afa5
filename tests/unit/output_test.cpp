#include <cerrno>
#include <cstring>

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "sim/base/hash.hpp"
#include "sim/output/file.hpp"
#include "sim/output/json.hpp"
#include "sim/output/own_file.hpp"
#include "sim/output/own_folder.hpp"
#include "sim/output/run_folder.hpp"
#include "sim/output/store.hpp"
#include "tests/unit/output_support.hpp"

namespace optichain::sim {
namespace {

/// A small file system, seen by this process alone, so that nothing is left mounted.
class SmallDisk {
 public:
  explicit SmallDisk(const char* options = "size=200k") {
    mounted_ = has_own_mounts() &&
               ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
               ::mount("tmpfs", folder_.path.c_str(), "tmpfs", 0, options) == 0;
    if (!mounted_) {
      MESSAGE("no file system may be mounted here (", std::string(std::strerror(errno)),
              "): the full disk is left to the test of the file-size limit");
    }
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.path.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  const fs::path& path() const { return folder_.path; }

 private:
  /// Root may simply ask; others become root of a world of their own.
  static bool has_own_mounts() {
    if (::unshare(CLONE_NEWNS) == 0) return true;
    const uid_t user = ::getuid();
    const gid_t group = ::getgid();
    return ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
           error_of([&] {
             write_file("/proc/self/setgroups", "deny");
             write_file("/proc/self/uid_map", fmt::format("{0} {0} 1", user));
             write_file("/proc/self/gid_map", fmt::format("{0} {0} 1", group));
           }).empty();
  }

  TestFolder folder_;
  bool mounted_ = false;
};

void overwrite(const fs::path& path, std::size_t offset, char byte) {
  std::string text = read_file(path);
  text.at(offset) = byte;
  put_file(path, text);
}

/// What is wrong with a folder, by its manifest and the sizes and hashes of files in it; empty if
/// it is whole.
std::string wrong_with(const fs::path& folder) {
  return error_of([&] {
    const Json manifest = read_manifest(folder);
    for (const Json& file : manifest["files"]) {
      const fs::path path = folder / file["name"].get<std::string>();
      const FileDigest digest = digest_file(path);
      if (digest.bytes != file["bytes"]) cannot_read(path, "its size has changed");
      if (file["xxh3"] != hash_digits(digest.hash)) cannot_read(path, "its content has changed");
    }
  });
}

// --- files -------------------------------------------------------------------------------------

TEST_CASE("Output file: one that is not closed is removed again") {
  const TestFolder folder;
  const fs::path path = folder.path / "a";
  {
    OutputFile file(path);
    file.write(std::string(200'000, 'x'));
    CHECK(fs::exists(path));
  }
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("Output file: a device that is full is reported and stays where it is") {
  const TestFolder folder;
  const fs::path path = folder.path / "full";
  fs::create_symlink("/dev/full", path);
  const std::string message =
      fmt::format("cannot write to \"{}\": No space left on device", path.string());
  CHECK(error_of([&] { write_file(path, "text"); }) == message);
  CHECK(error_of([&] { publish_file(path, "text", MarkKind::html); }) == message);
  CHECK(fs::is_symlink(path));
}

TEST_CASE("Output file: a new one takes no place that is taken, and follows no link") {
  const TestFolder folder;
  put_file(folder.path / "mine", "mine");
  fs::create_symlink("mine", folder.path / "link");
  fs::create_symlink("nowhere", folder.path / "dangling");
  for (const char* name : {"mine", "link", "dangling"}) {
    CAPTURE(name);
    CHECK(error_of([&] { write_file(folder.path / name, "x"); }) ==
          fmt::format("cannot write to \"{}\": File exists", (folder.path / name).string()));
  }
  CHECK(read_file(folder.path / "mine") == "mine");
  CHECK(names_in(folder.path) == Names{"dangling", "link", "mine"});
}

TEST_CASE("Own file: one with its mark is replaced, whatever else is there is left as it is") {
  const TestFolder folder;
  const fs::path path = folder.path / "report.html";
  publish_file(path, "old", MarkKind::html);
  CHECK(read_file(path).starts_with("old<!-- "));
  CHECK(is_marked(path));
  publish_file(path, "new", MarkKind::html);
  CHECK(read_file(path).starts_with("new<!-- "));
  CHECK(names_in(folder.path) == Names{"report.html"});

  const auto refused = [&](const fs::path& file, const std::string& why) {
    CHECK(refusal_of([&] { publish_file(file, "x", MarkKind::html); }) ==
          fmt::format("\"{}\" is left as it is: {}", file.string(), why));
  };
  const std::string not_ours =
      "optichain did not write it, or it was changed since; move it away, or choose another name";
  std::string text = read_file(path);
  for (std::size_t i = 0; i < text.size(); i += 7) {  // whatever letter is changed
    std::string other = text;
    other[i] = static_cast<char>(other[i] ^ 1);
    put_file(path, other);
    CAPTURE(i);
    refused(path, not_ours);
    CHECK(read_file(path) == other);
  }
  put_file(path, "a note\n" + text);
  refused(path, not_ours);
  put_file(folder.path / "mine", "mine");
  refused(folder.path / "mine", not_ours);
  fs::create_symlink(path, folder.path / "link");
  refused(folder.path / "link", "it is a link; name the file itself, or move the link away");
  refused(folder.path, "it is no file; choose another name");
  CHECK(names_in(folder.path) == Names{"link", "mine", "report.html"});
}

TEST_CASE("Own file: what comes after the hash in its comment counts for nothing else") {
  const TestFolder folder;
  const fs::path path = folder.path / "chain.yaml";
  publish_file(path, "name: chain\n", MarkKind::hash);
  CHECK(is_marked(path));
  put_file(path, read_file(path) + "seed: 2\n");  // a user went on below
  CHECK_FALSE(is_marked(path));
}

TEST_CASE("Output file: what is read whole is a file or a pipe, of a size that has a limit") {
  const TestFolder test;
  const fs::path file = test.path / "f";
  put_file(file, std::string(3 << 20, 'x'));
  CHECK(read_file(file).size() == 3 << 20);
  CHECK(read_file(file, 3 << 20).size() == 3 << 20);
  CHECK(error_of([&] { read_file(file, (3 << 20) - 1); }).ends_with("it is larger than 2 MiB"));
  CHECK(error_of([&] { read_file("/dev/zero"); }).ends_with("it is no file and no pipe"));
  CHECK(error_of([&] { read_file(test.path); }).ends_with("it is a directory"));
  // an error is none of the ends that a file has
  CHECK(error_of([&] { read_file("/proc/self/mem"); }).ends_with("Input/output error"));
  const fs::path strange = test.path / "a\x1b[31m\n\"b";
  CHECK(error_of([&] { read_file(strange); }).find("a\\x1b[31m\\x0a\\\"b\"") != std::string::npos);
}

TEST_CASE("Output file: a temporary one is gone at the end, or has another name") {
  const TestFolder test;
  {
    const TemporaryFile first(test.path / "first"), second(test.path / "second");
    put_file(first.path(), "1");
    put_file(second.path(), "2");
    rename_file(second.path(), test.path / "kept");
  }
  CHECK_FALSE(fs::exists(test.path / "first"));
  CHECK(read_file(test.path / "kept") == "2");
}

TEST_CASE("Output file: the hash of a file is the hash of its text, whatever its length") {
  const TestFolder folder;
  for (const std::size_t length : {0U, 1U, 240U, 241U, 65'535U, 65'536U, 65'537U, 1'000'000U}) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += static_cast<char>(i * i % 251);
    put_file(folder.path / "a", text);
    CHECK(digest_file(folder.path / "a") == FileDigest{length, hash_text(text)});
  }
  // the published value for no bytes at all (XXH3, 64 bits)
  CHECK(hash_digits(hash_text("")) == "2d06800538d394c2");
}

// --- run folder --------------------------------------------------------------------------------

TEST_CASE("Run folder: parts take their names at the end, with a manifest of sizes and hashes") {
  const TestFolder test;
  const fs::path path = test.path / "new" / "out";  // parents are made too
  RunFolder folder(path);
  folder.write("a.csv", "a,b\n1,2\n");
  write_file(folder.part("b.bin"), "");
  CHECK(names_in(path) == Names{".optichain.part"});
  CHECK(names_in(parts_of(path)) == Names{"a.csv", "b.bin"});
  CHECK(wrong_with(path) != "");
  folder.finish({{"seed", 7}});
  CHECK(names_in(path) == Names{"a.csv", "b.bin", "manifest.json"});
  CHECK(wrong_with(path) == "");
  const Json manifest = read_manifest(path);
  CHECK(manifest["seed"] == 7);
  CHECK(manifest["files"].size() == 2);
  CHECK(json_line(manifest["files"][0]) ==
        fmt::format(R"({{"name":"a.csv","bytes":8,"xxh3":"{}"}})",
                    hash_digits(hash_text("a,b\n1,2\n"))));
}

TEST_CASE("Run folder: what is no directory is refused before anything runs") {
  const TestFolder test;
  write_file(test.path / "file", "text");
  CHECK(refusal_of([&] {
          RunFolder folder(test.path / "file");
        }).find("it is a file, and results are a folder") != std::string::npos);
  for (const char* below : {"file/out", "file/out/deep"}) {
    const fs::path path = test.path / below;
    CHECK(refusal_of([&] { RunFolder folder(path); }) ==
          fmt::format("\"{}\" is left as it is: it is a file, and no folder can be made in it; "
                      "choose another name",
                      (test.path / "file").string()));
  }
  CHECK(read_file(test.path / "file") == "text");
}

TEST_CASE("Run folder: a directory in which nothing can be written is refused") {
  // not even root may create files here
  CHECK(error_of([] { RunFolder folder("/proc/optichain"); }) ==
        "cannot write to \"/proc/optichain\": No such file or directory");
  CHECK(refusal_of([] { RunFolder folder("/proc/self/fdinfo"); }) != "");  // it is not empty
  CHECK(error_of([] { RunFolder folder(""); }).starts_with("cannot write to \"\": "));
}

TEST_CASE("Run folder: a name that would lead elsewhere is refused") {
  const TestFolder test;
  RunFolder folder(test.path);
  for (const char* name :
       {"", ".", "..", "a/b", "../a", "manifest.json", ".optichain.json", ".optichain.part"}) {
    CAPTURE(name);
    CHECK(error_of([&] { folder.part(name); }).ends_with("it is no name for a file of a run"));
  }
}

TEST_CASE("Run folder: a run that fails takes its parts away and leaves earlier results whole") {
  const TestFolder test;
  {
    RunFolder folder(test.path);
    folder.write("a.csv", "old");
    folder.finish({{"seed", 1}});
  }
  {
    RunFolder folder(test.path);
    folder.write("a.csv", "new");
    write_file(folder.part("store.sqlite"), "half");
    write_file(folder.part("store.sqlite").string() + "-wal", "half");
  }
  CHECK_FALSE(fs::exists(parts_of(test.path)));
  CHECK(names_in(test.path) == Names{"a.csv", "manifest.json"});
  CHECK(read_file(test.path / "a.csv") == "old");
  CHECK(wrong_with(test.path) == "");
}

TEST_CASE("Run folder: what the earlier run wrote and this one did not is removed") {
  const TestFolder test;
  {
    RunFolder folder(test.path);
    folder.write("a.csv", "old");
    folder.write("events.csv", "old");
    folder.finish(Json::object());
  }
  put_file(test.path / "notes.txt", "mine");
  {
    RunFolder folder(test.path);
    folder.write("a.csv", "new");
    folder.finish(Json::object());
  }
  CHECK(names_in(test.path) == Names{"a.csv", "manifest.json", "notes.txt"});
  CHECK(wrong_with(test.path) == "");
  CHECK(read_file(test.path / "notes.txt") == "mine");
}

TEST_CASE("Run folder: one that was made for nothing is gone again, one that was there stays") {
  const TestFolder test;
  fs::create_directory(test.path / "empty");
  for (const char* name : {"new", "empty"}) {
    RunFolder folder(test.path / name);
    folder.write("a.csv", "x");
  }
  CHECK(names_in(test.path) == Names{"empty"});
  CHECK(fs::is_empty(test.path / "empty"));
}

TEST_CASE("Own folder: a list that was changed in any byte, or cut, is seen by all who need it") {
  const TestFolder test;
  const fs::path list = test.path / ".optichain.json", file = test.path / "a.csv";
  OwnFolder(test.path).replace("a.csv", "x");
  const std::string whole = read_file(list);
  CHECK(is_as_listed(file) == true);
  CHECK(state_of_list(test.path) == ListState::right);
  const auto try_list = [&](const std::string& text) {
    put_file(list, text);
    CHECK(state_of_list(test.path) == ListState::wrong);
    CHECK(error_of([&] { is_as_listed(file); }).find("nobody knows what of the folder is whole") !=
          std::string::npos);
    CHECK(error_of([&] { states_of_listed(test.path); }) != "");
    CHECK(refusal_of([&] { OwnFolder folder(test.path); }) != "");
  };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i] == '\n' || whole[i] == ' ') continue;  // how it is laid out says nothing
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    CAPTURE(damaged);
    try_list(damaged);
  }
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) try_list(whole.substr(0, size));
  // another file of the same name would have gone unseen without it
  put_file(list, R"({"writer":"optichain","format":2,"files":{}})");
  CHECK(state_of_list(test.path) == ListState::wrong);
  put_file(list, whole);
  CHECK(is_as_listed(file) == true);
  CHECK(is_as_listed(test.path / "b.csv") == std::nullopt);
}

TEST_CASE("Own folder: what another process has put on the list meanwhile stays on it") {
  const TestFolder test;
  OwnFolder first(test.path), second(test.path);
  first.replace("a.csv", "x");
  second.replace("b.csv", "y");
  put_file(test.path / "b.csv", "z");
  CHECK(first.set_aside("b.csv") == test.path / "b.csv.damaged");
  CHECK(states_of_listed(test.path) ==
        std::map<std::string, ListedState>{{"a.csv", ListedState::whole}});
}

TEST_CASE("Own folder: a whole file that was put in the place of a damaged one is not set aside") {
  const TestFolder test;
  OwnFolder first(test.path), second(test.path);
  first.replace("a.csv", "x");
  put_file(test.path / "a.csv", "z");
  // between a look at the file and its being set aside
  fs::remove(test.path / "a.csv");
  second.replace("a.csv", "y");
  CHECK(first.set_aside("a.csv") == std::nullopt);
  CHECK(read_file(test.path / "a.csv") == "y");
}

/// What a function that reads a file answers where nobody may read it: 0 if that is an error, but
/// not one of the file. Where the user may read anything, as another user.
int answer_without_rights(const std::function<void()>& read) {
  return exit_code_of([&] {
    constexpr uid_t nobody = 65534;
    if (::geteuid() == 0 && ::seteuid(nobody) != 0) return 77;
    try {
      read();
    } catch (const WrongFileError&) {
      return 2;
    } catch (const OutputError&) {
      return 0;
    }
    return 1;
  });
}

TEST_CASE("Run folder: a manifest of somebody else is refused before there is work to lose") {
  const TestFolder test;
  const std::filesystem::path path = test.path / "run";
  { RunFolder folder(path); }
  std::filesystem::create_directory(path);
  { OwnFolder mine(path); }
  put_file(path / manifest_name, "{}");
  CHECK_THROWS_AS(RunFolder{path}, RefusedError);
  CHECK(read_file(path / manifest_name) == "{}");
}

TEST_CASE("Own folder: a file that cannot be read is not called damaged") {
  const TestFolder test;
  OwnFolder(test.path / "out").replace("a.csv", "x");
  const fs::path file = test.path / "out/a.csv";
  fs::permissions(test.path, fs::perms::all);
  fs::permissions(file, fs::perms::none);
  const int answer = answer_without_rights([&] { states_of_listed(test.path / "out"); });
  if (answer == 77) {
    MESSAGE("not tried: this user can become nobody else");
    return;
  }
  CHECK(answer == 0);
  // a folder or nothing in its place is another matter
  fs::remove(file);
  CHECK(states_of_listed(test.path / "out").at("a.csv") == ListedState::missing);
  fs::create_directory(file);
  CHECK(states_of_listed(test.path / "out").at("a.csv") == ListedState::changed);
}

TEST_CASE("Manifest: one without its hash is no manifest") {
  const TestFolder test;
  {
    RunFolder folder(test.path / "out");
    folder.write("a.csv", "x");
    folder.finish({{"seed", 1}});
  }
  Json manifest = read_manifest(test.path / "out");
  CHECK(files_of(manifest).size() == 1);
  put_file(test.path / "out/manifest.json", json_text(manifest));
  CHECK(error_of([&] { read_manifest(test.path / "out"); }).find("it is damaged") !=
        std::string::npos);
}

TEST_CASE("Run folder: a folder with other people's files is left as it is") {
  const TestFolder test;
  const auto refused = [&](const fs::path& path, const std::string& why) {
    CHECK(refusal_of([&] { RunFolder folder(test.path); }) ==
          fmt::format("\"{}\" is left as it is: {}", path.string(), why));
  };
  const std::string others =
      "it holds files that optichain did not write; choose an empty folder or a new one";
  // what ends like a part, a manifest of something else, and one that lists what is not so
  for (const auto& [name, text] :
       {std::pair{"thesis.part", "years of work"}, std::pair{"manifest.json", "{}"},
        std::pair{"manifest.json", R"({"files":[{"name":"thesis.part"}]})"},
        std::pair{"manifest.json", R"({"files":[]})"}}) {
    put_file(test.path / name, text);
    CAPTURE(name);
    refused(test.path, others);
    CHECK(read_file(test.path / name) == text);
  }
  put_file(test.path / "manifest.json",
           R"({"files":[{"name":"thesis.part","bytes":13,"xxh3":"0123456789abcdef"}]})");
  refused(test.path / "thesis.part",
          "it was changed since optichain wrote it; move it away, or choose another folder");
  CHECK(names_in(test.path) == Names{"manifest.json", "thesis.part"});
  CHECK_FALSE(fs::exists(test.path / ".optichain.json"));
  put_file(test.path / ".optichain.json", R"({"writer":"optichain","format":1,"files":[]})");
  refused(test.path,
          "its .optichain.json is damaged or of another program, so that nobody knows "
          "whose files these are; choose another folder, or see what `optichain repair` makes of "
          "it");
}

TEST_CASE("Run folder: a folder of an earlier version, known by its manifest, is taken over") {
  const TestFolder test;
  {
    RunFolder folder(test.path);
    folder.write("a.csv", "old");
    folder.write("b.csv", "old");
    folder.finish(Json::object());
  }
  fs::remove(test.path / ".optichain.json");
  {
    RunFolder folder(test.path);
    folder.write("a.csv", "new");
    folder.finish(Json::object());
  }
  CHECK(names_in(test.path) == Names{"a.csv", "manifest.json"});
  CHECK(wrong_with(test.path) == "");
}

TEST_CASE("Run folder: a file that was changed, and what stands in a file's place, are left") {
  const TestFolder test;
  {
    RunFolder folder(test.path);
    folder.write("a.csv", "old");
    folder.finish(Json::object());
  }
  const fs::path file = test.path / "a.csv", other = test.path / "b.csv";
  const auto refusal = [&](const fs::path& path, const std::string& why) {
    return fmt::format("\"{}\" is left as it is: {}", path.string(), why);
  };
  put_file(file, "old, and my remarks");
  CHECK(refusal_of([&] { RunFolder folder(test.path); }) ==
        refusal(file,
                "it was changed since optichain wrote it; move it away, or choose another folder"));
  fs::remove(file);
  put_file(test.path / "elsewhere", "old");
  fs::create_symlink("elsewhere", file);
  CHECK(refusal_of([&] { RunFolder folder(test.path); }) ==
        refusal(file, "it is a link; move it away"));
  fs::remove(file);
  put_file(other, "mine");
  RunFolder folder(test.path);  // what was removed hinders nobody
  CHECK(refusal_of([&] { folder.write("b.csv", "x"); }) ==
        refusal(other, "optichain did not write it; move it away, or choose another folder"));
  fs::remove(other);
  folder.write("b.csv", "new");
  put_file(other, "mine");  // made while the run went on
  CHECK(refusal_of([&] { folder.finish(Json::object()); }) ==
        refusal(other, "optichain did not write it; move it away, or choose another folder"));
  CHECK(read_file(other) == "mine");
  CHECK(read_file(test.path / "elsewhere") == "old");
}

TEST_CASE("Run folder: a link in the place of the folder of parts is not followed") {
  const TestFolder test;
  fs::create_directory(test.path / "elsewhere");
  put_file(test.path / "elsewhere" / "a.csv", "mine");
  const fs::path out = test.path / "out";
  fs::create_directory(out);
  fs::create_directory_symlink(test.path / "elsewhere", parts_of(out));
  CHECK(refusal_of([&] { RunFolder folder(out); }) != "");
  CHECK(read_file(test.path / "elsewhere" / "a.csv") == "mine");
}

TEST_CASE("Run folder: a part that is missing when the folder is finished is an error") {
  const TestFolder test;
  RunFolder folder(test.path);
  folder.part("a.csv");
  CHECK(error_of([&] { folder.finish(Json::object()); }) ==
        fmt::format("cannot write to \"{}\": No such file or directory",
                    (parts_of(test.path) / "a.csv").string()));
  CHECK_FALSE(fs::exists(test.path / "manifest.json"));
}

TEST_CASE("Run folder: the parts of a killed run are removed by the next one") {
  const TestFolder test;
  run_and_kill([&](const auto& ready) {
    RunFolder folder(test.path);
    folder.write("a.csv", "text");
    put_file(folder.part("s.sqlite").string() + "-wal", "text");
    ready();
    ::pause();
  });
  CHECK(names_in(parts_of(test.path)) == Names{"a.csv", "s.sqlite-wal"});
  put_file(test.path / "a.csv.part", "mine");
  { const RunFolder folder(test.path); }
  CHECK(names_in(test.path) == Names{"a.csv.part"});
}

TEST_CASE("Run folder: two runs cannot write to one folder at a time") {
  const TestFolder test;
  {
    const RunFolder folder(test.path);
    CHECK(error_of([&] { RunFolder other(test.path); }) ==
          fmt::format("cannot write to \"{}\": another run is writing there", test.path.string()));
  }
  CHECK_NOTHROW(RunFolder(test.path));
}

TEST_CASE("Run folder: a forked child that ends leaves its parent's parts alone") {
  const TestFolder test;
  auto folder = std::make_unique<RunFolder>(test.path);
  folder->write("a.csv", "text");
  CHECK(exit_code_of([&] {
          folder.reset();
          return 0;
        }) == 0);
  CHECK(names_in(parts_of(test.path)) == Names{"a.csv"});
  folder->finish(Json::object());
  CHECK(wrong_with(test.path) == "");
}

TEST_CASE(
    "Run folder: kill -9 while a store is written leaves no manifest and nothing looks whole") {
  const TestFolder test;
  run_and_kill([&](const auto& ready) {
    RunFolder folder(test.path);
    folder.write("summary.csv", "text");
    StoreWriter store(folder.part("store.sqlite"));
    for (std::uint64_t i = 0;; ++i) {
      store.add(some_run(i));
      if (i == 100) ready();
    }
  });
  const Names left = names_in(test.path);
  CHECK(fs::exists(parts_of(test.path) / "store.sqlite"));
  CHECK_FALSE(left.contains("store.sqlite"));
  CHECK_FALSE(left.contains("summary.csv"));
  CHECK_FALSE(left.contains("manifest.json"));
  CHECK(
      wrong_with(test.path) ==
      fmt::format("cannot read \"{}\": it has no manifest.json, so the run that writes it has not "
                  "finished",
                  test.path.string()));
  // the next run is not hindered: the lock went with the process
  RunFolder again(test.path);
  CHECK(names_in(parts_of(test.path)).empty());
}

TEST_CASE("Run folder: at whatever moment runs are killed, a folder with a manifest is whole") {
  const TestFolder test;
  int whole = 0;
  // ever later, and on a machine that has not finished one folder by then much later
  std::chrono::microseconds moment{0};
  for (int i = 0; i < 40 || (whole == 0 && i < 52); ++i) {
    run_and_kill(
        [&](const auto& ready) {
          ready();
          for (std::uint64_t n = 0;; ++n) {
            RunFolder folder(test.path);
            folder.write("a.csv", std::to_string(n));
            folder.write("b.csv", std::string(50'000, static_cast<char>('a' + n % 20)));
            StoreWriter store(folder.part("s.sqlite"));
            for (std::uint64_t r = 0; r <= n % 3; ++r) store.add(some_run(r));
            store.finish();
            folder.finish({{"runs", n % 3 + 1}});
          }
        },
        moment);
    CAPTURE(moment.count());
    moment = i < 40 ? moment + std::chrono::microseconds{700} : 2 * moment;
    if (!fs::exists(test.path / "manifest.json")) continue;
    CHECK(wrong_with(test.path) == "");
    CHECK(StoreReader(test.path / "s.sqlite").runs().size() == read_manifest(test.path)["runs"]);
    ++whole;
  }
  CHECK(whole > 0);
}

TEST_CASE("Run folder: the manifest tells files that were changed, cut short or lost") {
  const TestFolder test;
  {
    RunFolder folder(test.path);
    folder.write("a.csv", "some text\n");
    folder.finish(Json::object());
  }
  const std::string file = (test.path / "a.csv").string();
  CHECK(wrong_with(test.path) == "");
  overwrite(file, 3, 'X');
  CHECK(wrong_with(test.path) == fmt::format("cannot read \"{}\": its content has changed", file));
  fs::resize_file(file, 4);
  CHECK(wrong_with(test.path) == fmt::format("cannot read \"{}\": its size has changed", file));
  fs::remove(file);
  CHECK(wrong_with(test.path) ==
        fmt::format("cannot read \"{}\": No such file or directory", file));
}

TEST_CASE(
    "Run folder: a manifest that is damaged is no manifest, and nothing it lists is removed") {
  const TestFolder test;
  const fs::path manifest = test.path / "manifest.json";
  const auto write = [&](const char* name) {
    RunFolder folder(test.path);
    folder.write(name, "text");
    folder.finish({{"seed", 1}});
  };
  write("a.csv");
  const std::string whole = read_file(manifest);
  for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
    put_file(manifest, whole.substr(0, length));
    CAPTURE(length);
    CHECK(wrong_with(test.path) ==
          fmt::format("cannot read \"{}\": it is no JSON", manifest.string()));
  }
  for (const char* other : {"[]", "1", "{}", R"({"files":1})", R"({"files":[1]})",
                            R"({"files":[{"name":"a.csv"},{"name":7}]})",
                            R"({"files":[{"name":"a.csv"},{"name":"../a.csv"}]})"}) {
    put_file(manifest, other);
    CAPTURE(other);
    CHECK(refusal_of([&] { write("b.csv"); }) != "");
    CHECK(names_in(test.path) == Names{"a.csv", "manifest.json"});
    CHECK(read_file(manifest) == other);
  }
  put_file(manifest, whole);
  write("b.csv");
  CHECK(names_in(test.path) == Names{"b.csv", "manifest.json"});
}

// --- full disks --------------------------------------------------------------------------------

TEST_CASE("Full disk: a folder without room is refused before anything runs") {
  const SmallDisk disk;
  if (!disk.mounted()) return;
  const fs::path path = disk.path() / "out";
  fs::create_directory(path);
  for (int i = 0; error_of([&] { write_file(disk.path() / std::to_string(i), "x"); }).empty();
       ++i) {
  }
  CHECK(error_of([&] { RunFolder folder(path); }) ==
        fmt::format("cannot write to \"{}\": No space left on device",
                    (parts_of(path) / ".optichain.json").string()));
}

TEST_CASE("Full disk: a file that does not fit is an error, and the earlier results stay whole") {
  const SmallDisk disk;
  if (!disk.mounted()) return;
  const fs::path path = disk.path() / "out";
  {
    RunFolder folder(path);
    folder.write("a.csv", "old");
    folder.finish(Json::object());
  }
  {
    RunFolder folder(path);
    folder.write("a.csv", "new");
    CHECK(error_of([&] { folder.write("b.csv", std::string(300'000, 'x')); }) ==
          fmt::format("cannot write to \"{}\": No space left on device",
                      (parts_of(path) / "b.csv").string()));
    CHECK(names_in(path) == Names{".optichain.part", "a.csv", "manifest.json"});
    CHECK(names_in(parts_of(path)) == Names{"a.csv"});
  }
  CHECK(wrong_with(path) == "");
  CHECK(read_file(path / "a.csv") == "old");
}

TEST_CASE("Full disk: if not even the manifest fits, the earlier results stay whole") {
  const SmallDisk disk;
  if (!disk.mounted()) return;
  const fs::path path = disk.path() / "out";
  {
    RunFolder folder(path);
    folder.write("a.csv", "old");
    folder.finish(Json::object());
  }
  {
    RunFolder folder(path);
    folder.write("a.csv", std::string(100'000, 'x'));
    const Json large = {{"text", std::string(150'000, 'x')}};
    CHECK(error_of([&] { folder.finish(large); }) ==
          fmt::format("cannot write to \"{}\": No space left on device",
                      (parts_of(path) / "manifest.json").string()));
  }
  CHECK(names_in(path) == Names{"a.csv", "manifest.json"});
  CHECK(wrong_with(path) == "");
}

TEST_CASE("Full disk: a store that does not even fit when it is empty says so") {
  const SmallDisk disk;
  if (!disk.mounted()) return;
  const fs::path path = disk.path() / "s.sqlite";
  CHECK(error_of([&] { StoreWriter store(path); }) ==
        fmt::format("cannot write to \"{}\": No space left on device", path.string()));
}

TEST_CASE("Full disk: a run that does not fit is undone, and those before it can be read") {
  const SmallDisk disk("size=2m");
  if (!disk.mounted()) return;
  const fs::path path = disk.path() / "s.sqlite";
  std::uint64_t written = 0;
  const std::string error = error_of([&] {
    StoreWriter store(path);
    RunResult run = some_run(0);
    run.series[0].codec = Codec::raw_f64;
    run.series[0].values.assign(500, 1.5);
    for (; written < 1000; ++written) {
      run.run.key.replication = written;
      store.add(run);
    }
  });
  CHECK(error == fmt::format("cannot write to \"{}\": No space left on device", path.string()));
  CHECK(written > 0);
  // with more room it goes on where it was
  CHECK(::mount("none", disk.path().c_str(), nullptr, MS_REMOUNT, "size=10m") == 0);
  StoreWriter store(path);
  for (std::uint64_t i = 0; i < written; ++i) CHECK(store.has(some_run(i).run.key));
  CHECK_FALSE(store.has(some_run(written).run.key));
  CHECK(store.add(some_run(written)));
  store.finish();
  CHECK(StoreReader(path).runs().size() == written + 1);
}

TEST_CASE("File-size limit: it is an error and not the end of the process") {
  const TestFolder test;
  RunFolder folder(test.path);
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = 100'000;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const std::string file_error =
      error_of([&] { folder.write("a.csv", std::string(300'000, 'x')); });
  const std::string store_error = error_of([&] {
    StoreWriter store(folder.part("s.sqlite"));
    for (std::uint64_t i = 0; i < 1000; ++i) store.add(some_run(i));
  });
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  CHECK(file_error == fmt::format("cannot write to \"{}\": File too large",
                                  (parts_of(test.path) / "a.csv").string()));
  CHECK(store_error == fmt::format("cannot write to \"{}\": File too large",
                                   (parts_of(test.path) / "s.sqlite").string()));
}

}  // namespace
}  // namespace optichain::sim
