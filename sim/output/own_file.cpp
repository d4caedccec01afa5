#include "sim/output/own_file.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "sim/base/hash.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"

namespace optichain::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark_word =
    "optichain wrote this file and may replace it; XXH3 before: ";
constexpr std::size_t digits = 16;
constexpr std::array kinds = {MarkKind::html, MarkKind::hash, MarkKind::zip};

/// What is put at the end of a text. The hash is of all before the word.
std::string mark_of(std::string_view text, MarkKind kind) {
  std::string before, after;
  switch (kind) {
    case MarkKind::html:
      before = "<!-- ";
      after = " -->\n";
      break;
    case MarkKind::hash:
      before = "# ";
      after = "\n";
      break;
    case MarkKind::zip:
      break;
  }
  StreamingHash hash;
  hash.add(text);
  hash.add(before);
  return before + std::string(mark_word) + hash_digits(hash.value()) + after;
}

/// The last two bytes of an archive without a comment are the length of one, in little endian.
void make_room_for_comment(std::string& archive, const fs::path& path) {
  constexpr std::size_t length = mark_word.size() + digits;
  constexpr std::size_t end_record = 22;
  static_assert(length < 256);
  if (archive.size() < end_record ||
      archive.compare(archive.size() - end_record, 4, "PK\x05\x06") != 0 ||
      archive.compare(archive.size() - 2, 2, std::string(2, '\0')) != 0) {
    cannot_write(path, "it is no archive without a comment");
  }
  archive[archive.size() - 2] = static_cast<char>(length);
}

TemporaryFile part_beside(const fs::path& path) {
  return TemporaryFile(path.parent_path() / temporary_name(path.filename().string()));
}

}  // namespace

bool is_marked(const fs::path& path) {
  std::error_code error;
  if (fs::file_size(path, error) > largest_whole_file || error) return false;
  const std::string file = read_file(path);
  return std::any_of(kinds.begin(), kinds.end(), [&](MarkKind kind) {
    const std::size_t length = mark_of("", kind).size();
    if (file.size() < length) return false;
    const auto text = std::string_view(file).substr(0, file.size() - length);
    return std::string_view(file).substr(text.size()) == mark_of(text, kind);
  });
}

void require_replaceable(const fs::path& path) {
  if (is_stream(path)) return;
  std::error_code ignored;
  switch (fs::symlink_status(path, ignored).type()) {
    case fs::file_type::not_found:
      return;
    case fs::file_type::regular:
      if (is_marked(path)) return;
      refuse_to_write(path,
                      "optichain did not write it, or it was changed since; move it away, or "
                      "choose another name");
    case fs::file_type::symlink:
      refuse_to_write(path, "it is a link; name the file itself, or move the link away");
    default:
      refuse_to_write(path, "it is no file; choose another name");
  }
}

void publish_file(const fs::path& path, std::string_view text, MarkKind kind) {
  if (is_stream(path)) return write_file(path, text);
  require_replaceable(path);
  const TemporaryFile part = part_beside(path);
  write_file(part.path(), std::string(text) + mark_of(text, kind));
  sync_file(part.path());
  require_replaceable(path);
  rename_file(part.path(), path);
}

void publish_written(const fs::path& path, MarkKind kind,
                     const std::function<void(const fs::path& part)>& write) {
  std::string text;
  {
    const TemporaryFile part = part_beside(path);
    write(part.path());
    text = read_file(part.path());
  }
  if (kind == MarkKind::zip) make_room_for_comment(text, path);
  publish_file(path, text, kind);
}

}  // namespace optichain::sim
