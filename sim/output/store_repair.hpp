#pragma once
// What is whole of a damaged store, put into another.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/output/store.hpp"

namespace optichain::sim {

struct SavedRuns {
  std::uint64_t runs = 0;              // that the store had, as far as can be told
  std::uint64_t kept = 0;              // of them, done or failed, as they were
  bool are_its_runs = true;            // false: whether it had these, and no more, cannot be told
  std::vector<RunKey> lost{};          // those of the others whose names can be read
  std::vector<std::string> without{};  // descriptions that were lost, too: "input", "link"
};

/// All functions throw as those of StoreReader.
class Salvage {
 public:
  /// Looks at the tables of names. Throws WrongFileError if they or their checksums are damaged:
  /// then nothing can be told from what is damaged. The same where a journal is beside the store:
  /// what is in the file may then be half of a change.
  explicit Salvage(const std::filesystem::path& damaged);
  ~Salvage();
  /// What StoreWriter::finish() gave; nothing if that is damaged, too.
  std::optional<std::string> identity() const;
  /// Writes all runs whose checksum is right, and what describes them, into a new store, which is
  /// left open.
  SavedRuns save(StoreWriter& into);

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace optichain::sim
