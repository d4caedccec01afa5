#pragma once
// A folder whose files are the program's own. Only what the program wrote there and nobody changed
// since is ever replaced or removed:
//
//   OwnFolder folder("out");                     // new, empty, or written by the program before
//   folder.replace("plan.json", text);
//
// The folder is known by the file .optichain.json in it, its list, which holds what was written
// with size and hash, and a hash of itself. A folder that holds other files and no such list, a
// file that was changed, a link in the place of a file: each is refused with a RefusedError that
// says what to do. Files beside those of the list are never looked at.
//
// A file is written in the folder .optichain.part inside and takes its name when it is whole. The
// list says what a file will be before it takes its name, and what it was until it has: whoever is
// killed between leaves nothing that is not known.

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/output/file.hpp"
#include "sim/output/json.hpp"

namespace optichain::sim {

/// The list of what the program wrote into a folder.
inline constexpr const char* list_name = ".optichain.json";
/// What makes a run's folder whole (run_folder.hpp).
inline constexpr const char* manifest_name = "manifest.json";

/// True for the name of a file in a folder: no path, nothing that leads elsewhere, none of the
/// names that the folder keeps its own books under.
bool is_plain_name(std::string_view name);

/// A file of a folder, as the program wrote it.
struct OwnedFile {
  std::string name;
  FileDigest digest;
};

class OwnFolder {
 public:
  /// Makes the folder with its parents, or takes it if it is empty or the program's own. A folder
  /// of an earlier version, whose manifest.json lists size and hash of every file, is taken over.
  explicit OwnFolder(std::filesystem::path path);
  OwnFolder(OwnFolder&&) = default;
  OwnFolder& operator=(OwnFolder&&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// Throws RefusedError unless there is no such file, or it is as the program wrote it.
  void require_own(const std::string& name) const;
  /// The same of all files that are listed.
  void require_all_own() const;

  /// Where to write the file that will be called `name`, a plain name, until it is published.
  std::filesystem::path part(const std::string& name) const;
  /// Writes a whole part.
  void write_part(const std::string& name, std::string_view text) const;
  /// Removes every part, and the folder of parts.
  void remove_parts() const;
  /// Forgets a folder in which nothing was published.
  void leave_if_empty();

  /// Brings a part safely to disk; it is as it will be.
  OwnedFile seal(const std::string& name) const;
  /// The parts take their names, in this order. The files to be removed go before.
  void publish(std::span<const OwnedFile> files, std::span<const std::string> removed = {});
  /// Puts a whole file in the place of `name` at once.
  void replace(const std::string& name, std::string_view text);

  /// Takes a folder whose list is damaged, or gone: it is set aside, and another one is written,
  /// of these files with what they should be, and of these as they are, which the caller knows to
  /// be whole.
  static OwnFolder list_again(const std::filesystem::path& path, std::span<const OwnedFile> said,
                              std::span<const std::string> whole);

  /// Gives a file that was changed or damaged the ending ".damaged", and a number if there is one
  /// already: it is kept, and its name is free. Returns where it is; nothing if the file is as it
  /// was written, by another process meanwhile.
  std::optional<std::filesystem::path> set_aside(const std::string& name);

  /// A folder inside that holds what knows itself whole (chunks, sessions, logs); made if it is not
  /// there. Throws RefusedError if it is a link or no folder.
  std::filesystem::path folder(const std::string& name) const;

 private:
  using Files = std::map<std::string, std::vector<FileDigest>>;
  OwnFolder(std::filesystem::path path, Files files)
      : path_(std::move(path)), files_(std::move(files)) {}
  void read_again();
  std::filesystem::path parts_folder() const;
  void make_parts_folder() const;
  void adopt();
  void save() const;

  std::filesystem::path path_;
  Files files_;  // what a file may be: the new, the old
};

/// Whether a folder has a list, and it is as it was written.
enum class ListState { none, right, wrong };
ListState state_of_list(const std::filesystem::path& folder);

// Those below throw WrongFileError if the list is damaged, OutputError if a file cannot be read.

/// What a file of a folder is beside its list.
enum class ListedState { whole, changed, missing };
/// Every file that the list of a folder names, by name; nothing if the folder has none.
std::map<std::string, ListedState> states_of_listed(const std::filesystem::path& folder);

/// Whether a file is as it was written; nothing if no list beside it names it.
std::optional<bool> is_as_listed(const std::filesystem::path& file);
/// Throws WrongFileError if it is not. A file that no list names may be anything.
void require_as_listed(const std::filesystem::path& file);

}  // namespace optichain::sim
