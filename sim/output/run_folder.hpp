#pragma once
// The directory that a run writes to. It is whole exactly if it has a manifest.json, and it never
// looks whole when it is not.
//
//   RunFolder folder("out");                               // throws before anything has run
//   StoreWriter store(folder.part("store.sqlite"));
//   folder.write("summary.csv", text);
//   store.finish();
//   folder.finish({{"seed", 1}});                          // the parts take their names
//
// Everything is written as a part (own_folder.hpp, which also says what is refused). finish()
// brings the parts safely to disk, takes the old manifest away, renames the parts and puts the new
// manifest last; it lists every file with its size and hash, and has a hash of itself. So a run
// that is killed or fills the disk leaves the earlier results as they were, or no manifest at all.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "sim/output/file.hpp"
#include "sim/output/json.hpp"
#include "sim/output/own_folder.hpp"

namespace optichain::sim {

class RunFolder {
 public:
  /// Creates the directory with its parents, makes sure that it is the program's own and that files
  /// can be written there, and removes the parts that a killed run left. While it lives no other
  /// RunFolder can have the directory.
  explicit RunFolder(const std::filesystem::path& path);
  /// Without finish(), removes the parts, and the directory if it was made for them.
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  const std::filesystem::path& path() const { return folder_.path(); }

  /// Where to write the file that will be called `name`, a plain file name. Whoever writes there
  /// must be done with it before finish(). Throws RefusedError if something else has the name.
  std::filesystem::path part(const std::string& name);

  /// Writes a whole file.
  void write(const std::string& name, std::string_view text);

  /// Makes the folder whole. `manifest` is an object; the list of files is added to it as `files`.
  /// Files of the earlier run that this run did not write again are removed.
  void finish(Json manifest);

 private:
  bool made_;        // the directory was not there before
  Descriptor lock_;  // the directory, open and locked
  OwnFolder folder_;
  std::vector<std::string> names_;
  pid_t owner_;
};

/// The manifest of a folder; throws OutputError if it has none that can be read, WrongFileError if
/// it is damaged, or has no hash of itself.
Json read_manifest(const std::filesystem::path& folder);

/// The files that such a manifest lists, as it says that they are.
std::vector<OwnedFile> files_of(const Json& manifest);

}  // namespace optichain::sim
