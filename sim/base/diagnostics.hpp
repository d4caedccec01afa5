#pragma once
// Everything that is wrong with the input, collected and shown at once, each with its exact place:
//
//   base.yaml:14:20: error: sites.fab.lines.eml.capacity_per_week: expected a number >= 0, received
//   "-3"
//     note: did you mean ...?

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace optichain::sim {

/// A place in a file; line and column count from 1, column in bytes. Line 0: the file as a whole.
struct Mark {
  std::shared_ptr<const std::string> file;
  int line = 0;
  int column = 0;
  std::string text() const;
};

struct Diagnostic {
  Mark mark;
  std::string path;     // of the value in the document, may be empty
  std::string message;  // "expected ..., received ..."
  std::vector<std::string> notes;
  std::string concerned;  // the path of all that it makes unusable; mostly `path`
};

class Diagnostics {
 public:
  /// Adds an error; the same place and message twice count once. What it makes unusable is
  /// what stands at `path`, if nothing else is given.
  void error(Mark mark, std::string path, std::string message, std::vector<std::string> notes = {},
             std::optional<std::string> concerned = {});
  void add(const Diagnostics& others);

  bool empty() const { return errors_.empty(); }
  std::size_t size() const { return errors_.size() + dropped_; }
  std::span<const Diagnostic> errors() const { return errors_; }

  /// All errors in the order of the files, at most `limit`, then how many were left out; `kind` is
  /// what they are called.
  std::string text(std::size_t limit = 20, std::string_view kind = "error") const;

 private:
  static constexpr std::size_t most_kept = 1000;
  std::vector<Diagnostic> errors_;
  std::size_t dropped_ = 0;  // counted, not kept
};

/// Thrown when an input cannot be used; what() is Diagnostics::text().
class InputError : public std::exception {
 public:
  explicit InputError(Diagnostics diagnostics)
      : diagnostics_(std::move(diagnostics)), text_(diagnostics_.text()) {}
  const Diagnostics& diagnostics() const { return diagnostics_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  Diagnostics diagnostics_;
  std::string text_;
};

/// The known name that looks most like `name`, if one is near enough to be meant.
std::optional<std::string> closest(std::string_view name, std::span<const std::string> known);

/// `did you mean "x"?` or `known ...: a, b, c` (at most ten), to go into notes; nothing if none
/// known.
std::vector<std::string> suggestion(std::string_view name, std::span<const std::string> known,
                                    std::string_view kind);

/// The text in double quotes, control characters escaped, cut after so many bytes: fit for a
/// message.
std::string in_quotes(std::string_view text, std::size_t longest = 60);

}  // namespace optichain::sim
