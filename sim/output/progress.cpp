#include "sim/output/progress.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/base/message.hpp"
#include "sim/base/number.hpp"
#include "sim/output/terminal.hpp"

namespace optichain::sim {
namespace {

constexpr std::chrono::milliseconds between_redraws{100};
constexpr std::chrono::seconds between_lines{5};

// Carriage return, then the terminal's code for "erase to the end of the line".
constexpr std::string_view line_start = "\r\x1b[K";

/// A rate with the unit of time that gives it a number of one or more.
std::string format_rate(double per_second) {
  if (per_second >= 1) return format_short(per_second) + "/s";
  if (per_second * 60 >= 1) return format_short(per_second * 60) + "/min";
  return format_short(per_second * 3600) + "/h";
}

}  // namespace

Progress::Style Progress::style_for_stderr(bool quiet) {
  if (quiet) return Style::quiet;
  return is_terminal(2) ? Style::redrawn : Style::lines;
}

Progress::Progress(Options options) : options_(std::move(options)) {
  if (!options_.write) {
    options_.write = write_message;
  }
  begin_ = options_.now();
  last_shown_ = begin_;
}

Progress::~Progress() {
  if (on_screen_) options_.write("\n");
}

void Progress::done(std::uint64_t count) {
  done_ += count;
  refresh();
}

void Progress::failed(std::uint64_t count) {
  failed_ += count;
  refresh();
}

void Progress::update(std::uint64_t done, std::uint64_t failed) {
  done_ = done;
  failed_ = failed;
  refresh();
}

void Progress::refresh() {
  if (options_.style == Style::quiet || finished_) return;
  const auto since = options_.now() - last_shown_;
  if (options_.style == Style::redrawn ? since >= between_redraws : since >= between_lines) draw();
}

void Progress::finish() {
  if (finished_) return;
  finished_ = true;
  if (options_.style == Style::quiet) return;
  clear();
  std::string end = fmt::format("{} {}/{} in {}", options_.what, dealt_with(), options_.total,
                                format_span(seconds_so_far()));
  if (per_second() > 0) end += fmt::format(" ({})", format_rate(per_second()));
  options_.write(end + failures() + "\n");
}

std::string Progress::line() const {
  std::string line = fmt::format("{} {}/{}", options_.what, dealt_with(), options_.total);
  if (options_.total > 0) {
    // rounded down: 100 % means that all is done
    line += fmt::format(" ({} %)", dealt_with() * 100 / options_.total);
  }
  const double rate = per_second();
  if (rate > 0) {
    const auto rest = options_.total - std::min(options_.total, dealt_with());
    line += fmt::format(", {}, {} left", format_rate(rate),
                        format_span(static_cast<double>(rest) / rate));
  }
  return line + failures();
}

double Progress::seconds_so_far() const {
  return std::chrono::duration<double>(options_.now() - begin_).count();
}

double Progress::per_second() const {
  const double seconds = seconds_so_far();
  return seconds > 0 ? static_cast<double>(done_ + failed_) / seconds : 0;
}

std::string Progress::failures() const {
  return failed_ > 0 ? fmt::format(", {} failed", failed_) : "";
}

void Progress::draw() {
  last_shown_ = options_.now();
  if (options_.style == Style::redrawn) {
    options_.write(fmt::format("{}{}", line_start, line()));
    on_screen_ = true;
  } else {
    options_.write(line() + "\n");
  }
}

void Progress::clear() {
  if (on_screen_) options_.write(line_start);
  on_screen_ = false;
}

std::string format_span(double seconds) {
  if (!(seconds < 1e10)) return "?";
  const auto whole = std::llround(std::max(0.0, seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  const auto minutes = whole / 60;
  if (minutes < 1440) return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
  return fmt::format("{} d {:02} h", minutes / 1440, minutes / 60 % 24);
}

}  // namespace optichain::sim
