#pragma once
// Thrift's compact protocol, as far as the footers of Parquet need it (thrift-compact-protocol.md
// of apache/thrift). Fields of a structure are written in the order of their numbers.

#include <cstdint>
#include <string>
#include <string_view>

namespace optichain::sim {

class ThriftWriter {
 public:
  void i32(int field, std::int32_t value) { head(field, 5), zigzag(value); }
  void i64(int field, std::int64_t value) { head(field, 6), zigzag(value); }
  void text(int field, std::string_view value) { head(field, 8), bare_text(value); }
  /// `inside` writes the fields of the structure.
  template <class F>
  void structure(int field, F inside) {
    head(field, 12);
    bare_structure(inside);
  }
  /// A list of `count` values; `each(i)` writes one of them, bare.
  template <class F>
  void texts(int field, std::size_t count, F each) {
    list(field, 8, count, each);
  }
  template <class F>
  void numbers(int field, std::size_t count, F each) {
    list(field, 5, count, each);
  }
  template <class F>
  void structures(int field, std::size_t count, F each) {
    list(field, 12, count, [&](std::size_t i) { bare_structure([&] { each(i); }); });
  }

  void bare_text(std::string_view value) {
    varint(value.size());
    bytes_ += value;
  }
  void bare_number(std::int32_t value) { zigzag(value); }
  template <class F>
  void bare_structure(F inside) {
    const int before = last_;
    last_ = 0;
    inside();
    bytes_ += '\0';
    last_ = before;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  template <class F>
  void list(int field, int type, std::size_t count, F each) {
    head(field, 9);
    if (count < 15) {
      byte(static_cast<int>(count) << 4 | type);
    } else {
      byte(0xf0 | type);
      varint(count);
    }
    for (std::size_t i = 0; i < count; ++i) each(i);
  }
  void head(int field, int type) {
    byte((field - last_) << 4 | type);  // fields of Parquet are never 16 apart
    last_ = field;
  }
  void byte(int value) { bytes_ += static_cast<char>(value); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<int>(value & 0x7f) | 0x80);
    byte(static_cast<int>(value));
  }
  void zigzag(std::int64_t value) {
    varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }

  std::string bytes_;
  int last_ = 0;
};

}  // namespace optichain::sim
