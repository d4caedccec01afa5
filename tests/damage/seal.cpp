// What a stranger can do: seals a store, a plan or a chunk that was changed, and lists it in its
// folder as if the program had written it.
//
//   seal FILE...
#include <filesystem>
#include <string>

#include "sim/base/hash.hpp"
#include "sim/output/chunk_file.hpp"
#include "sim/output/file.hpp"
#include "sim/output/json.hpp"
#include "sim/output/own_folder.hpp"
#include "sim/output/store_seal.hpp"

namespace optichain {
namespace {

namespace fs = std::filesystem;

void list_again(const fs::path& file) {
  if (!fs::exists(file.parent_path() / ".optichain.json")) return;
  const std::string text = sim::read_file(file);
  fs::remove(file);
  sim::OwnFolder(file.parent_path()).replace(file.filename(), text);
}

/// The lines of a chunk as they are, with the end that they would have.
void write_chunk_again(const fs::path& file) {
  const std::string text = sim::read_file(file);
  fs::remove(file);
  const std::size_t end = text.rfind('\n', text.size() - 2);
  std::size_t at = text.find('\n');
  sim::ChunkWriter writer(file, *sim::parse_json(text.substr(0, at)));
  while (at < end) {
    const std::size_t next = text.find('\n', at + 1);
    const auto line = sim::parse_json(text.substr(at + 1, next - at - 1));
    writer.add(*line, line->is_object() && line->contains("failure"));
    at = next;
  }
  writer.publish();
}

void seal(const fs::path& file) {
  if (file.extension() == ".chunk") return write_chunk_again(file);
  if (file.extension() == ".json") {
    sim::Json json = *sim::parse_json(sim::read_file(file));
    sim::take_seal(json);
    const std::string text = sim::json_line(sim::sealed(json)) + "\n";
    fs::remove(file);
    sim::write_file(file, text);
  } else if (file.extension() == ".sqlite") {
    sim::seal_store(file);
  }
  list_again(file);
}

}  // namespace
}  // namespace optichain

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) optichain::seal(argv[i]);
  return 0;
}
