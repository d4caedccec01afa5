#pragma once
// Single files that the program may replace: each ends with a mark in a comment of its kind, with
// the hash of all that stands before it. A file without its mark, or with one that does not fit, is
// somebody else's, or somebody worked on it: it is left as it is.

#include <filesystem>
#include <functional>
#include <string_view>

namespace optichain::sim {

/// How the mark is written where a file ends.
enum class MarkKind {
  html,  // <!-- ... -->
  hash,  // # ...
  zip    // the comment of the archive
};

/// True if the file ends with a mark, and the mark is right.
bool is_marked(const std::filesystem::path& path);

/// Throws RefusedError unless there is nothing of this name, a file with its mark, or a stream
/// (is_stream). For commands that take long, before they begin.
void require_replaceable(const std::filesystem::path& path);

/// Puts a whole file with its mark in the place of `path` at once: it is the old one or the new
/// one, at any time. What is no file (/dev/stdout, a pipe) is written to as it is, without a mark.
/// Throws RefusedError as require_replaceable.
void publish_file(const std::filesystem::path& path, std::string_view text, MarkKind kind);

/// The same with a file that somebody else writes: `write` is told where.
void publish_written(const std::filesystem::path& path, MarkKind kind,
                     const std::function<void(const std::filesystem::path& part)>& write);

}  // namespace optichain::sim
