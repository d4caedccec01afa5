#include "models/world/archive.hpp"

#include <cstring>
#include <type_traits>

#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"

namespace optichain::models {
namespace {

/// Hands the bytes over piece by piece, to a function of text.
template <class Take>
class Packer {
 public:
  explicit Packer(Take take) : take_(take) {}
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void operator()(T& value) { take_({reinterpret_cast<const char*>(&value), sizeof(T)}); }
  void operator()(std::string& text) { block(text.data(), text.size(), 1); }
  template <class T>
  requires std::is_arithmetic_v<T>
  void operator()(std::vector<T>& values) { block(values.data(), values.size(), sizeof(T)); }
  template <class T>
  void operator()(std::vector<T>& values) {
    std::uint64_t size = values.size();
    (*this)(size);
    for (T& value : values) visit(*this, value);
  }

 private:
  void block(const void* data, std::uint64_t count, std::size_t size) {
    (*this)(count);
    take_({static_cast<const char*>(data), count * size});
  }
  Take take_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void operator()(T& value) { std::memcpy(&value, take(sizeof(T)).data(), sizeof(T)); }
  void operator()(std::string& text) {
    std::uint64_t size = 0;
    (*this)(size);
    text = take(size);
  }
  template <class T>
  requires std::is_arithmetic_v<T>
  void operator()(std::vector<T>& values) {
    std::uint64_t count = 0;
    (*this)(count);
    values.resize(count);
    if (count > 0) std::memcpy(values.data(), take(count * sizeof(T)).data(), count * sizeof(T));
  }
  template <class T>
  void operator()(std::vector<T>& values) {
    std::uint64_t size = 0;
    (*this)(size);
    values.resize(size);
    for (T& value : values) visit(*this, value);
  }

 private:
  std::string_view take(std::size_t size) {
    OPTICHAIN_CHECK(size <= bytes_.size(), "the results of a replication are cut short");
    const std::string_view part = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return part;
  }
  std::string_view bytes_;
};

// One list of members serves both directions.
template <class Archive>
void visit(Archive& archive, Metric& m) {
  archive(m.entity), archive(m.measure), archive(m.unit), archive(m.values);
}
template <class Archive>
void visit(Archive& archive, Series& s) {
  archive(s.entity), archive(s.measure), archive(s.unit), archive(s.values);
}
template <class Archive>
void visit(Archive& archive, Trace& t) {
  archive(t.from), archive(t.to), archive(t.pieces);
}
template <class Archive>
void visit(Archive& archive, std::vector<Trace>& traces) {
  archive(traces);
}
template <class Archive>
void visit(Archive& archive, sim::Time& time) {
  archive(time);
}
template <class Archive>
void visit(Archive& archive, std::string& text) {
  archive(text);
}
template <class Archive>
void visit(Archive& archive, Results& r) {
  archive(r.periods), archive(r.metrics), archive(r.weeks), archive(r.series), archive(r.traces),
      archive(r.fingerprint);
  archive(r.events), archive(r.wakeups);
}

}  // namespace

std::string pack(const Results& results) {
  auto& all = const_cast<Results&>(results);  // NOLINT: packing only reads
  // results of a large network are not to be moved while they grow
  std::size_t size = 0;
  Packer sizer([&](std::string_view piece) { size += piece.size(); });
  visit(sizer, all);
  std::string bytes;
  bytes.reserve(size);
  Packer packer([&](std::string_view piece) { bytes += piece; });
  visit(packer, all);
  return bytes;
}

std::uint64_t hash_of(const Results& results) {
  sim::StreamingHash hash;
  Packer packer([&](std::string_view piece) { hash.add(piece); });
  visit(packer, const_cast<Results&>(results));  // NOLINT: as above
  return hash.value();
}

Results unpack(std::string_view bytes) {
  Results results;
  Unpacker unpacker(bytes);
  visit(unpacker, results);
  return results;
}

}  // namespace optichain::models
