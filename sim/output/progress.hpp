#pragma once
// How far a long piece of work has come, said on stderr.
//
//   runs 120/1000 (12 %), 34.2/s, 26 s left, 2 failed
//
// On a terminal it is one line that is drawn again and again; elsewhere (a log) a new line every
// few seconds; nothing if quiet.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace optichain::sim {

class Progress {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Style { quiet, lines, redrawn };

  struct Options {
    std::string what = "runs";  // what is counted
    std::uint64_t total = 0;
    std::uint64_t done_before = 0;  // of the total; by an earlier session, so not part of the rate
    Style style = Style::lines;
    std::function<Clock::time_point()> now = Clock::now;
    std::function<void(std::string_view)> write = {};  // stderr if empty
  };
  /// What fits stderr as it is.
  static Style style_for_stderr(bool quiet);

  explicit Progress(Options options);
  /// Leaves the line if it is still being drawn.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void done(std::uint64_t count = 1);
  /// Work that came to an end without a result; it counts as dealt with.
  void failed(std::uint64_t count = 1);
  /// The same as totals, for those who count themselves.
  void update(std::uint64_t done, std::uint64_t failed);
  /// Shows that time passes while nothing is done. Cheap: call it as often as you like.
  void refresh();
  /// Says how it ended. Nothing more is said after it.
  void finish();

  /// The line as it would be shown now.
  std::string line() const;

 private:
  std::uint64_t dealt_with() const { return options_.done_before + done_ + failed_; }
  double seconds_so_far() const;
  double per_second() const;
  std::string failures() const;
  void draw();
  void clear();

  Options options_;
  std::uint64_t done_ = 0;
  std::uint64_t failed_ = 0;
  Clock::time_point begin_;
  Clock::time_point last_shown_;
  bool on_screen_ = false;
  bool finished_ = false;
};

/// `8 s`, `4 min 10 s`, `2 h 05 min`, `3 d 04 h`.
std::string format_span(double seconds);

}  // namespace optichain::sim
