#include "sim/output/own_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/hash.hpp"
#include "sim/base/interrupt.hpp"
#include "sim/output/error.hpp"

namespace optichain::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view parts_name = ".optichain.part", program_name = "optichain";
constexpr int list_format = 2;

fs::file_type type_of(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type();
}

/// Whether a file may well be there, although the system cannot say what it is.
bool is_of_machine(const std::error_code& error) {
  return error && error != std::errc::no_such_file_or_directory &&
         error != std::errc::not_a_directory && error != std::errc::too_many_symbolic_link_levels;
}

/// "345-0123456789abcdef"
std::string to_text(const FileDigest& digest) {
  return fmt::format("{}-{}", digest.bytes, hash_digits(digest.hash));
}

std::optional<FileDigest> parse_digest(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  FileDigest digest;
  const auto [end, error] = std::from_chars(text.data(), text.data() + dash, digest.bytes);
  const auto hash = parse_hash_digits(text.substr(dash + 1));
  if (error != std::errc{} || end != text.data() + dash || !hash) return std::nullopt;
  digest.hash = *hash;
  return digest;
}

using Files = std::map<std::string, std::vector<FileDigest>>;

std::optional<Files> parse_list(std::string_view text) {
  auto json = parse_json(text);
  if (!json || take_seal(*json) != JsonSeal::right ||
      json->value("writer", Json()) != program_name ||
      json->value("format", Json()) != list_format || !json->contains("files") ||
      !(*json)["files"].is_object()) {
    return std::nullopt;
  }
  Files files;
  for (const auto& [name, digests] : (*json)["files"].items()) {
    if (!is_plain_name(name) || !digests.is_array()) return std::nullopt;
    for (const Json& text_of_one : digests) {
      if (!text_of_one.is_string()) return std::nullopt;
      const auto digest = parse_digest(text_of_one.get<std::string>());
      if (!digest) return std::nullopt;
      files[name].push_back(*digest);
    }
  }
  return files;
}

/// The list of a folder; nothing if it has none. Throws WrongFileError if it is damaged.
std::optional<Files> read_list(const fs::path& folder) {
  const fs::path list = folder / list_name;
  const fs::file_type type = type_of(list);
  if (type == fs::file_type::not_found) return std::nullopt;
  auto files = type == fs::file_type::regular ? parse_list(read_file(list)) : std::nullopt;
  if (!files) {
    wrong_file(list,
               "it is damaged, or of another program or version, so that nobody knows what of the "
               "folder is whole: `optichain repair` makes it again");
  }
  return files;
}

/// What is no file, or is gone, is none of them. Throws OutputError if the file cannot be read.
bool is_one_of(const fs::path& file, const std::vector<FileDigest>& digests) {
  std::error_code error;
  if (fs::status(file, error).type() != fs::file_type::regular && !is_of_machine(error)) {
    return false;
  }
  const std::uintmax_t bytes = fs::file_size(file, error);
  if (error) cannot_read(file, error.value());
  const bool may_be = std::any_of(digests.begin(), digests.end(),
                                  [&](const FileDigest& d) { return d.bytes == bytes; });
  return may_be && std::find(digests.begin(), digests.end(), digest_file(file)) != digests.end();
}

/// What the manifest of an earlier version lists: each file with its size and hash.
std::optional<Files> parse_manifest(std::string_view text) {
  const auto json = parse_json(text);
  if (!json || !json->is_object() || !json->contains("files") || !(*json)["files"].is_array()) {
    return std::nullopt;
  }
  Files files;
  for (const Json& entry : (*json)["files"]) {
    if (!entry.is_object()) return std::nullopt;
    const Json name = entry.value("name", Json()), bytes = entry.value("bytes", Json()),
               xxh3 = entry.value("xxh3", Json());
    if (!name.is_string() || !bytes.is_number_unsigned() || !xxh3.is_string()) return std::nullopt;
    const auto hash = parse_hash_digits(xxh3.get<std::string>());
    if (!is_plain_name(name.get<std::string>()) || !hash) return std::nullopt;
    files[name].push_back({bytes, *hash});
  }
  return files;
}

/// Nothing is in it, but for parts that a process left which was killed while it took the folder.
bool is_empty_folder(const fs::path& folder) {
  std::error_code error;
  bool empty = true;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    empty = empty && it->path().filename() == parts_name;
  }
  if (error) cannot_read(folder, error.value());
  return empty;
}

/// Takes the name unless something has it; where the file system cannot say so, after a look.
void rename_to_free(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  if (errno == EINVAL || errno == ENOSYS) {
    if (type_of(to) == fs::file_type::not_found) return rename_file(from, to);
    errno = EEXIST;
  }
  if (errno == EEXIST) refuse_to_write(to, "it was made meanwhile by something else");
  cannot_write(to, errno);
}

}  // namespace

bool is_plain_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name != list_name && name != parts_name &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

OwnFolder::OwnFolder(fs::path path) : path_(make_folders(std::move(path))) {
  heed_size_limit();
  const fs::path list = path_ / list_name;
  switch (type_of(list)) {
    case fs::file_type::regular:
      if (auto files = parse_list(read_file(list))) {
        files_ = std::move(*files);
        return;
      }
      refuse_to_write(path_, fmt::format("its {} is damaged or of another program, so that nobody "
                                         "knows whose files these are; choose another folder, or "
                                         "see what `optichain repair` makes of it",
                                         list_name));
    case fs::file_type::not_found:
      if (!is_empty_folder(path_)) adopt();
      save();
      sync_directory(path_);
      return;
    default:
      refuse_to_write(list, "it is no file of its own; choose another folder");
  }
}

void OwnFolder::adopt() {
  const fs::path manifest = path_ / manifest_name;
  std::optional<Files> files;
  if (type_of(manifest) == fs::file_type::regular) {
    const std::string text = read_file(manifest);
    files = parse_manifest(text);
    if (files) (*files)[manifest_name] = {{text.size(), hash_text(text)}};
  }
  if (!files || files->size() < 2) {
    refuse_to_write(path_,
                    "it holds files that optichain did not write; choose an empty folder or a "
                    "new one");
  }
  files_ = std::move(*files);
  require_all_own();
}

void OwnFolder::save() const {
  Json files = Json::object();
  for (const auto& [name, digests] : files_) {
    Json texts = Json::array();
    for (const FileDigest& digest : digests) texts.push_back(to_text(digest));
    files[name] = std::move(texts);
  }
  make_parts_folder();
  const fs::path list = parts_folder() / list_name;
  ::unlink(list.c_str());
  const Json json = {{"writer", program_name}, {"format", list_format}, {"files", files}};
  write_file(list, json_text(sealed(json)) + "\n");
  sync_file(list);
  rename_file(list, path_ / list_name);
  ::rmdir(parts_folder().c_str());  // unless there are parts in it
}

/// Another process may have written to the folder since: what it put on the list stays there.
void OwnFolder::read_again() {
  if (auto files = read_list(path_)) files_ = std::move(*files);
}

OwnFolder OwnFolder::list_again(const fs::path& path, std::span<const OwnedFile> said,
                                std::span<const std::string> whole) {
  if (state_of_list(path) == ListState::wrong) rename_aside(path / list_name);
  OwnFolder folder(path, {});
  for (const OwnedFile& file : said) folder.files_[file.name] = {file.digest};
  for (const std::string& name : whole) folder.files_[name] = {digest_file(path / name)};
  folder.save();
  sync_directory(path);
  return folder;
}

void OwnFolder::require_own(const std::string& name) const {
  const fs::path file = path_ / name;
  const fs::file_type type = type_of(file);
  if (type == fs::file_type::not_found) return;
  if (type == fs::file_type::symlink) refuse_to_write(file, "it is a link; move it away");
  const auto known = files_.find(name);
  if (type != fs::file_type::regular || known == files_.end()) {
    refuse_to_write(file, "optichain did not write it; move it away, or choose another folder");
  }
  if (is_one_of(file, known->second)) return;
  refuse_to_write(
      file, "it was changed since optichain wrote it; move it away, or choose another folder");
}

void OwnFolder::require_all_own() const {
  for (const auto& [name, digests] : files_) require_own(name);
}

fs::path OwnFolder::parts_folder() const {
  return path_ / parts_name;
}

void OwnFolder::make_parts_folder() const {
  const fs::path parts = parts_folder();
  if (::mkdir(parts.c_str(), 0777) == 0) return;
  if (errno != EEXIST) cannot_write(path_, errno);
  if (type_of(parts) != fs::file_type::directory) {
    refuse_to_write(parts, "optichain did not write it; move it away, or choose another folder");
  }
}

fs::path OwnFolder::part(const std::string& name) const {
  make_parts_folder();
  return parts_folder() / name;
}

void OwnFolder::remove_parts() const {
  const fs::path parts = parts_folder();
  if (type_of(parts) != fs::file_type::directory) return;
  std::error_code error;
  for (fs::directory_iterator it(parts, error), end; !error && it != end; it.increment(error)) {
    ::unlink(it->path().c_str());
  }
  ::rmdir(parts.c_str());
}

void OwnFolder::leave_if_empty() {
  try {
    read_again();
  } catch (const OutputError&) {
    return;  // whoever reads the folder next says so
  }
  if (files_.empty()) ::unlink((path_ / list_name).c_str());
}

OwnedFile OwnFolder::seal(const std::string& name) const {
  sync_file(part(name));
  return {name, digest_file(part(name))};
}

void OwnFolder::publish(std::span<const OwnedFile> files, std::span<const std::string> removed) {
  read_again();
  for (const OwnedFile& file : files) require_own(file.name);
  for (const std::string& name : removed) require_own(name);
  for (const OwnedFile& file : files) files_[file.name].push_back(file.digest);
  save();
  const Undivided publication;
  const auto comes_again = [&](const std::string& name) {
    return std::any_of(files.begin(), files.end(),
                       [&](const OwnedFile& file) { return file.name == name; });
  };
  for (const std::string& name : removed) {
    remove_file(path_ / name);
    if (!comes_again(name)) files_.erase(name);
  }
  if (!removed.empty()) sync_directory(path_);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const fs::path target = path_ / files[i].name;
    if (i + 1 == files.size()) sync_directory(path_);  // the last one only after all others
    type_of(target) == fs::file_type::not_found ? rename_to_free(part(files[i].name), target)
                                                : rename_file(part(files[i].name), target);
    files_[files[i].name] = {files[i].digest};
  }
  sync_directory(path_);
  save();
  sync_directory(path_);
}

void OwnFolder::write_part(const std::string& name, std::string_view text) const {
  const fs::path file = part(name);
  remove_file(file);
  write_file(file, text);
}

void OwnFolder::replace(const std::string& name, std::string_view text) {
  write_part(name, text);
  const OwnedFile file = seal(name);
  publish(std::span(&file, 1));
}

std::optional<fs::path> OwnFolder::set_aside(const std::string& name) {
  read_again();
  const auto known = files_.find(name);
  if (known != files_.end() && is_one_of(path_ / name, known->second)) return std::nullopt;
  const fs::path aside = rename_aside(path_ / name);
  files_.erase(name);
  save();
  return aside;
}

fs::path OwnFolder::folder(const std::string& name) const {
  const fs::path inside = path_ / name;
  if (::mkdir(inside.c_str(), 0777) != 0) {
    if (errno != EEXIST) cannot_write(inside, errno);
    if (type_of(inside) != fs::file_type::directory) {
      refuse_to_write(inside, "it is no folder of its own; move it away");
    }
  }
  return inside;
}

ListState state_of_list(const fs::path& folder) {
  const fs::path list = folder / list_name;
  const fs::file_type type = type_of(list);
  if (type == fs::file_type::not_found) return ListState::none;
  const bool is_right = type == fs::file_type::regular && parse_list(read_file(list));
  return is_right ? ListState::right : ListState::wrong;
}

std::map<std::string, ListedState> states_of_listed(const fs::path& folder) {
  std::map<std::string, ListedState> states;
  const auto list = read_list(folder);
  if (!list) return states;
  for (const auto& [name, digests] : *list) {
    const fs::path file = folder / name;
    states[name] = type_of(file) == fs::file_type::not_found ? ListedState::missing
                   : is_one_of(file, digests)                ? ListedState::whole
                                                             : ListedState::changed;
  }
  return states;
}

std::optional<bool> is_as_listed(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const auto list = read_list(folder);
  if (!list) return std::nullopt;
  const auto known = list->find(file.filename().string());
  if (known == list->end()) return std::nullopt;
  return is_one_of(file, known->second);
}

void require_as_listed(const fs::path& file) {
  if (is_as_listed(file).value_or(true)) return;
  wrong_file(file, "it is damaged, or was changed or replaced since it was written");
}

}  // namespace optichain::sim
