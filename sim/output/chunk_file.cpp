#include "sim/output/chunk_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/hash.hpp"
#include "sim/output/error.hpp"

namespace optichain::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_end = 256;  // bytes of the last line
constexpr const char* part_ending = ".part";

/// A name that no other process gives, on whatever machine.
fs::path part_of(const fs::path& target) {
  return target.parent_path() / temporary_name(target.filename().string());
}

/// A part of a chunk that somebody may be writing.
bool is_part(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  return name.starts_with('.') && name.find(".chunk.") != std::string::npos &&
         name.ends_with(part_ending) && entry.symlink_status().type() == fs::file_type::regular;
}

/// The last line of a chunk. Head and counts have a hash of their own, for those who read no more.
std::string end_line(std::string_view head, const ChunkEnd& end) {
  Json json = {{"lines", end.lines}, {"failed", end.failed}, {"bytes", end.bytes}};
  const std::string counted = fmt::format("{}\n{}", head, json_line(json));
  json["head"] = hash_digits(hash_text(counted));
  json["xxh3"] = end.hash;
  return json_line(json);
}

/// Nothing unless it is the end of a chunk with this head, to the byte.
std::optional<ChunkEnd> parse_end(std::string_view head, std::string_view line) {
  const auto json = parse_json(line);
  if (!json || !json->is_object()) return std::nullopt;
  ChunkEnd end;
  const auto number = [&](const char* key) { return natural_of(json->value(key, Json())); };
  const auto lines = number("lines"), failed = number("failed"), bytes = number("bytes");
  const auto hash = text_of(json->value("xxh3", Json()));
  if (!lines || !failed || !bytes || !hash) return std::nullopt;
  end = {*lines, *failed, *bytes, *hash};
  if (line != end_line(head, end)) return std::nullopt;
  return end;
}

/// The first line of a text; empty if it does not end.
std::string_view first_line(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end);
}

/// The last line of a text that ends with a line feed; empty if there is none.
std::string_view last_line(std::string_view text) {
  if (text.empty() || text.back() != '\n') return {};
  text.remove_suffix(1);
  const std::size_t begin = text.rfind('\n');
  return begin == std::string_view::npos ? std::string_view{} : text.substr(begin + 1);
}

[[noreturn]] void damaged_chunk(const fs::path& path) {
  wrong_file(path, "it is damaged or cut short");
}

/// A folder, or a pipe that would be waited for without end, in the place of a chunk.
void require_regular(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status)) wrong_file(path, "it is no file");
}

Json parse_head(const fs::path& path, std::string_view line) {
  auto head = parse_json(line);
  if (!head || !head->is_object()) damaged_chunk(path);
  return std::move(*head);
}

}  // namespace

ChunkWriter::ChunkWriter(fs::path target, const Json& head)
    : target_(std::move(target)), part_(part_of(target_)) {
  write(json_line(head));
}

void ChunkWriter::write(const std::string& line) {
  const std::size_t begin = hashed_.size();
  hashed_ += line;
  hashed_ += '\n';
  part_.append(std::string_view(hashed_).substr(begin));
}

void ChunkWriter::add(const Json& line, bool failed) {
  write(json_line(line));
  ++lines_;
  failed_ += failed;
}

ChunkWriter::Published ChunkWriter::publish() {
  const ChunkEnd end{lines_, failed_, hashed_.size(), hash_digits(hash_text(hashed_))};
  write(end_line(first_line(hashed_), end));
  part_.sync();
  const fs::path& part = part_.path();
  if (::link(part.c_str(), target_.c_str()) == 0) {
    sync_directory(target_.parent_path());
    return Published::first;
  }
  struct stat state {};
  // over a network the answer to a link that was made may be lost, and it is made again
  if (errno == EEXIST && ::stat(part.c_str(), &state) == 0 && state.st_nlink == 2) {
    return Published::first;
  }
  if (errno == EPERM || errno == ENOTSUP || errno == ENOSYS) {  // a file system without links
    std::error_code ignored;
    if (!fs::exists(target_, ignored)) {
      rename_file(part, target_);
      return Published::first;
    }
  } else if (errno != EEXIST) {
    cannot_write(target_, errno);
  }
  if (read_file(target_) == hashed_) return Published::again;
  cannot_write(target_,
               "it is there with other results: this machine or program does not compute the same");
}

std::unique_ptr<const ChunkContent> read_chunk(const fs::path& path) {
  require_regular(path);
  auto content = std::make_unique<ChunkContent>();
  content->text = read_file(path);
  const std::string_view text = content->text;
  const std::string_view last = last_line(text);
  const auto end = parse_end(first_line(text), last);
  if (!end || end->bytes > text.size() || end->bytes + last.size() + 1 != text.size() ||
      end->hash != hash_digits(hash_text(text.substr(0, end->bytes)))) {
    damaged_chunk(path);
  }
  content->end = *end;
  std::string_view rest = text.substr(0, end->bytes);
  const auto next = [&] {
    const std::size_t length = std::min(rest.find('\n'), rest.size() - 1);
    const std::string_view line = rest.substr(0, length);
    rest.remove_prefix(length + 1);
    return line;
  };
  content->head = parse_head(path, next());
  while (!rest.empty()) content->lines.push_back(next());
  if (content->lines.size() != end->lines) damaged_chunk(path);
  return content;
}

ChunkSummary read_chunk_summary(const fs::path& path) {
  require_regular(path);
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat state {};
  if (file.number() < 0 || ::fstat(file.number(), &state) != 0) cannot_read(path, errno);
  const auto size = static_cast<std::size_t>(state.st_size);
  const auto piece = [&](std::size_t offset, std::size_t length) {
    std::string text(length, '\0');
    const ssize_t got = ::pread(file.number(), text.data(), length, static_cast<off_t>(offset));
    if (got < 0) cannot_read(path, errno);
    text.resize(static_cast<std::size_t>(got));
    return text;
  };
  const std::size_t tail = std::min(size, longest_end);
  const std::string ending = piece(size - tail, tail);
  const std::string_view last = last_line(ending);
  for (std::size_t length = 4096;; length *= 4) {
    const std::string begin = piece(0, std::min(length, size));
    if (const std::string_view head = first_line(begin); !head.empty()) {
      const auto end = parse_end(head, last);
      if (!end || end->bytes > size || end->bytes + last.size() + 1 != size) damaged_chunk(path);
      return {parse_head(path, head), *end};
    }
    if (length >= size) damaged_chunk(path);
  }
}

std::vector<ChunkPart> chunk_parts(const fs::path& folder) {
  std::vector<ChunkPart> parts;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (!is_part(*it)) continue;
    ChunkPart part{it->path(), writer_of(it->path()), 0};
    try {
      const std::string text = read_file(part.path);
      const auto lines = std::count(text.begin(), text.end(), '\n');
      part.lines = static_cast<std::uint64_t>(std::max<std::ptrdiff_t>(lines - 1, 0));
    } catch (const OutputError&) {
      continue;  // it was published meanwhile
    }
    parts.push_back(std::move(part));
  }
  std::sort(parts.begin(), parts.end(),
            [](const ChunkPart& a, const ChunkPart& b) { return a.path < b.path; });
  return parts;
}

void remove_chunk(const fs::path& path) {
  read_chunk_summary(path);
  remove_file(path);
}

void set_chunk_aside(const fs::path& path) {
  rename_aside(path);
}

}  // namespace optichain::sim
