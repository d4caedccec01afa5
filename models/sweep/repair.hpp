#pragma once
// What is damaged of a store, a run's folder or a sweep's, and what can be saved of it. A damaged
// file is never written to: what is whole of a store is put into another one, files of a sweep that
// can be made again are set aside.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace optichain::models::sweep {

struct Repair {
  std::vector<std::string> damaged;  // what is damaged, a sentence each; empty if nothing is
  std::vector<std::string> done;     // what was done about it
  std::vector<std::string> left;     // what was lost, or is to be done by who reads this

  bool is_whole() const { return damaged.empty(); }
  /// Nothing was lost and nothing is left to do.
  bool is_mended() const { return left.empty(); }
};

/// Looks at every file that is known: those that the folder lists, the store, chunks. A repaired
/// store goes to `out`, a folder; if it is not said, to one beside the damaged one, with
/// "-repaired" behind its name. Throws WrongFileError if there is nothing to save of a store,
/// InputError if there is none, RefusedError if `out` is somebody else's, OutputError.
Repair repair(const std::filesystem::path& path, const std::optional<std::filesystem::path>& out);

}  // namespace optichain::models::sweep
