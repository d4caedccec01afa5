#include "sim/output/run_folder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"

namespace optichain::sim {
namespace {

namespace fs = std::filesystem;

constexpr const char* manifest_name = "manifest.json";
// a part, and what SQLite keeps beside one
constexpr std::array<const char*, 4> part_endings = {".part", ".part-wal", ".part-shm",
                                                     ".part-journal"};

bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string::npos;
}

/// The names of the files that a manifest lists; none if it is no manifest.
std::vector<std::string> listed_files(const Json& manifest) {
  if (!manifest.is_object() || !manifest.contains("files")) return {};
  std::vector<std::string> names;
  for (const Json& entry : manifest["files"]) {
    if (!entry.is_object() || !entry.contains("name") || !entry["name"].is_string() ||
        !is_plain_name(entry["name"].get<std::string>())) {
      return {};
    }
    names.push_back(entry["name"]);
  }
  return names;
}

/// A file that only a run that was stopped can have left.
bool is_leftover(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  return entry.symlink_status().type() == fs::file_type::regular &&
         std::any_of(part_endings.begin(), part_endings.end(),
                     [&](const char* ending) { return name.ends_with(ending); });
}

fs::path make_directory(fs::path folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) cannot_write(folder, error.value());
  return folder;
}

/// The lock is on the directory itself, so nothing stays behind when the process is killed.
Descriptor lock_directory(const fs::path& folder) {
  Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.number() < 0) cannot_write(folder, errno);
  // file systems that know no locks give other errors, and have to do without
  if (::flock(directory.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    cannot_write(folder, "another run is writing there");
  }
  return directory;
}

void remove_leftovers(const fs::path& folder) {
  std::vector<fs::path> leftovers;
  try {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (is_leftover(entry)) leftovers.push_back(entry.path());
    }
  } catch (const fs::filesystem_error& e) {
    cannot_read(folder, e.code().value());
  }
  for (const fs::path& leftover : leftovers) remove_file(leftover);
}

/// What the earlier run wrote; nothing if its manifest cannot be understood.
std::vector<std::string> files_of_earlier_run(const fs::path& folder) {
  try {
    return listed_files(read_manifest(folder));
  } catch (const OutputError&) {
    return {};
  }
}

}  // namespace

RunFolder::RunFolder(fs::path path)
    : path_(make_directory(std::move(path))), owner_(::getpid()), lock_(lock_directory(path_)) {
  struct sigaction limit {};
  if (::sigaction(SIGXFSZ, nullptr, &limit) == 0 && limit.sa_handler == SIG_DFL) {
    std::signal(SIGXFSZ, SIG_IGN);
  }
  probe_directory(path_);
  remove_leftovers(path_);
}

RunFolder::~RunFolder() {
  if (owner_ != ::getpid()) return;  // a forked child shares the folder but does not own it
  std::vector<std::string> names = names_;
  names.emplace_back(manifest_name);
  for (const std::string& name : names) {
    for (const char* ending : part_endings) ::unlink((path_ / (name + ending)).c_str());
  }
  // children that are still alive hold the lock too, but the folder is free from here on
  ::flock(lock_.number(), LOCK_UN);
}

fs::path RunFolder::part_of(const std::string& name) const {
  return path_ / (name + ".part");
}

fs::path RunFolder::part(const std::string& name) {
  if (!is_plain_name(name) || name == manifest_name || name.ends_with(".part")) {
    cannot_write(path_ / name, "it is no name for a file of a run");
  }
  if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(name);
  return part_of(name);
}

void RunFolder::write(const std::string& name, std::string_view text) {
  write_file(part(name), text);
}

void RunFolder::finish(Json manifest) {
  OPTICHAIN_CHECK(manifest.is_object(), "a manifest is an object");
  manifest["files"] = Json::array();
  for (const std::string& name : names_) {
    const fs::path part = part_of(name);
    OPTICHAIN_CHECK(!fs::exists(part.string() + "-wal"), "{} is still open", part.string());
    sync_file(part);
    const FileDigest digest = digest_file(part);
    manifest["files"].push_back(
        {{"name", name}, {"bytes", digest.bytes}, {"xxh3", hash_digits(digest.hash)}});
  }
  // Whatever can fail for want of room has been done when the earlier results are touched.
  const fs::path new_manifest = part_of(manifest_name);
  write_file(new_manifest, json_text(manifest) + "\n");
  sync_file(new_manifest);

  const std::vector<std::string> earlier = files_of_earlier_run(path_);
  remove_file(path_ / manifest_name);
  sync_directory(path_);
  for (const std::string& old : earlier) {
    if (std::find(names_.begin(), names_.end(), old) == names_.end()) remove_file(path_ / old);
  }
  for (const std::string& name : names_) rename_file(part_of(name), path_ / name);
  sync_directory(path_);
  rename_file(new_manifest, path_ / manifest_name);
  sync_directory(path_);
  names_.clear();
}

Json read_manifest(const fs::path& folder) {
  const fs::path path = folder / manifest_name;
  std::error_code error;
  if (!fs::exists(path, error)) {
    cannot_read(folder, "it has no manifest.json, so the run that writes it has not finished");
  }
  auto manifest = parse_json(read_file(path));
  if (!manifest) cannot_read(path, "it is no JSON");
  return std::move(*manifest);
}

}  // namespace optichain::sim
