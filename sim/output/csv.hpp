#pragma once
// Comma-separated values after RFC 4180: UTF-8, a header row, quotes where a comma, a quote, a line
// break or a blank at an end asks for them. Lines end with a bare line feed. Numbers read back
// exactly; a number that is not finite is an empty field.
//
//   CsvWriter csv([&](std::string_view text) { file.write(text); }, {"policy", "value"});
//   csv.row("base, patient", 0.1);     // "base, patient",0.1

#include <cmath>
#include <concepts>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/check.hpp"
#include "sim/base/number.hpp"

namespace optichain::sim {

class CsvWriter {
 public:
  using Sink = std::function<void(std::string_view)>;

  /// `write` is called once a row, the header included.
  CsvWriter(Sink write, const std::vector<std::string>& header)
      : write_(std::move(write)), columns_(header.size()) {
    for (const std::string& name : header) field(name);
    end_row();
  }

  /// One field after the other, for rows whose length is not known to the compiler.
  template <class T>
  void field(const T& value) {
    if (fields_++ > 0) line_ += ',';
    put(value);
  }
  /// Requires: as many fields as the header has.
  void end_row() {
    OPTICHAIN_CHECK(fields_ == columns_, "{} fields under {} columns", fields_, columns_);
    if (line_.empty()) line_ = "\"\"";  // readers skip an empty line
    line_ += '\n';
    write_(line_);
    line_.clear();
    fields_ = 0;
  }

  template <class... Ts>
  void row(const Ts&... values) {
    (field(values), ...);
    end_row();
  }

 private:
  void put(std::string_view text) {
    // readers may leave out blanks around a cell
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    const bool padded = !text.empty() && (is_blank(text.front()) || is_blank(text.back()));
    if (!padded && text.find_first_of(",\"\r\n") == std::string_view::npos) {
      line_ += text;
      return;
    }
    line_ += '"';
    for (const char c : text) {
      if (c == '"') line_ += '"';
      line_ += c;
    }
    line_ += '"';
  }
  void put(double value) {
    if (!std::isfinite(value)) return;
    // of one replication, or one that never varies, all figures are the same
    if (value != last_number_) last_text_ = format_number(last_number_ = value);
    line_ += last_text_;
  }
  template <std::integral T>
  void put(T value) {
    fmt::format_to(std::back_inserter(line_), "{}", value);
  }

  Sink write_;
  std::size_t columns_;
  std::size_t fields_ = 0;
  std::string line_;
  double last_number_ = 0;
  std::string last_text_ = "0";
};

}  // namespace optichain::sim
