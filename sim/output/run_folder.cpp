#include "sim/output/run_folder.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"
#include "sim/output/forced_end.hpp"

namespace optichain::sim {
namespace {

namespace fs = std::filesystem;

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

/// What the earlier run wrote; nothing if there was none. The manifest is as it was written, for
/// the folder was found to be the program's own; that of an earlier version has no hash.
std::vector<std::string> files_of_earlier_run(const fs::path& folder) {
  if (!is_there(folder / manifest_name)) return {};
  return listed_files(parse_json(read_file(folder / manifest_name)).value_or(Json()));
}

}  // namespace

RunFolder::RunFolder(const fs::path& path)
    : made_(!is_there(path)),
      lock_(lock_directory(make_folders(path))),
      folder_(path),
      owner_(::getpid()) {
  folder_.require_all_own();
  folder_.require_own(manifest_name);  // which is written last, after all the work
  folder_.remove_parts();              // of a run that was killed
  parts_to_remove(path);
  try {
    probe_directory(folder_.part(manifest_name).parent_path());
  } catch (...) {
    keep_parts(path);
    folder_.remove_parts();
    folder_.leave_if_empty();
    if (made_) ::rmdir(path.c_str());  // unless there is something in it
    throw;
  }
}

RunFolder::~RunFolder() {
  if (owner_ != ::getpid()) return;  // a forked child shares the folder but does not own it
  keep_parts(folder_.path());
  folder_.remove_parts();
  folder_.leave_if_empty();
  if (made_) ::rmdir(path().c_str());  // unless there is something in it
  // children that are still alive hold the lock too, but the folder is free from here on
  ::flock(lock_.number(), LOCK_UN);
}

fs::path RunFolder::part(const std::string& name) {
  if (!is_plain_name(name) || name == manifest_name) {
    cannot_write(path() / name, "it is no name for a file of a run");
  }
  if (std::find(names_.begin(), names_.end(), name) == names_.end()) {
    folder_.require_own(name);
    names_.push_back(name);
  }
  return folder_.part(name);
}

void RunFolder::write(const std::string& name, std::string_view text) {
  part(name);
  folder_.write_part(name, text);
}

void RunFolder::finish(Json manifest) {
  OPTICHAIN_CHECK(manifest.is_object(), "a manifest is an object");
  manifest["files"] = Json::array();
  std::vector<OwnedFile> files;
  for (const std::string& name : names_) {
    const fs::path part = folder_.part(name);
    OPTICHAIN_CHECK(!fs::exists(part.string() + "-wal"), "{} is still open", part.string());
    const FileDigest& digest = files.emplace_back(folder_.seal(name)).digest;
    manifest["files"].push_back(
        {{"name", name}, {"bytes", digest.bytes}, {"xxh3", hash_digits(digest.hash)}});
  }
  // Whatever can fail for want of room has been done when the earlier results are touched.
  folder_.write_part(manifest_name, json_text(sealed(std::move(manifest))) + "\n");
  files.push_back(folder_.seal(manifest_name));
  std::vector<std::string> old = {manifest_name};
  for (std::string& name : files_of_earlier_run(path())) {
    if (std::find(names_.begin(), names_.end(), name) == names_.end())
      old.push_back(std::move(name));
  }
  folder_.publish(files, old);
  names_.clear();
}

std::vector<OwnedFile> files_of(const Json& manifest) {
  std::vector<OwnedFile> files;
  for (const std::string& name : listed_files(manifest)) {
    const Json& entry = manifest["files"][files.size()];
    const auto bytes = natural_of(entry.value("bytes", Json()));
    const auto text = text_of(entry.value("xxh3", Json()));
    const auto hash = text ? parse_hash_digits(*text) : std::nullopt;
    if (!bytes || !hash) return {};
    files.push_back({name, {*bytes, *hash}});
  }
  return files;
}

Json read_manifest(const fs::path& folder) {
  const fs::path path = folder / manifest_name;
  if (!is_there(path)) {
    cannot_read(folder, "it has no manifest.json, so the run that writes it has not finished");
  }
  auto manifest = parse_json(read_file(path));
  if (!manifest) wrong_file(path, "it is no JSON");
  if (take_seal(*manifest) != JsonSeal::right) {
    wrong_file(path, "it is damaged, or was changed since it was written");
  }
  return std::move(*manifest);
}

}  // namespace optichain::sim
