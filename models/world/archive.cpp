#include "models/world/archive.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"

namespace optichain::models::world {
namespace {

/// Hands the bytes over in pieces.
class Packer {
 public:
  using Take = std::function<void(std::string_view)>;
  explicit Packer(const Take& take) : take_(take) { bytes_.reserve(piece_size + piece_size / 8); }
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void operator()(T& value) { add(&value, sizeof(T)); }
  void operator()(std::string& text) {
    std::uint64_t size = text.size();
    (*this)(size);
    add(text.data(), text.size());
  }
  /// In a large network most weeks of most series are zero: a bit says which are not.
  void operator()(std::vector<double>& values) {
    std::uint64_t size = values.size();
    (*this)(size);
    const std::size_t marks = bytes_.size();
    bytes_.append((values.size() + 7) / 8, '\0');
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (is_zero(values[i])) continue;
      bytes_[marks + i / 8] = static_cast<char>(bytes_[marks + i / 8] | 1 << i % 8);
      bytes_.append(reinterpret_cast<const char*>(&values[i]), sizeof(double));
    }
    if (bytes_.size() >= piece_size) hand_over();
  }
  template <class T>
  void operator()(std::vector<T>& values) {
    std::uint64_t size = values.size();
    (*this)(size);
    for (T& value : values) visit(*this, value);
  }
  static bool is_zero(double value) {
    return std::bit_cast<std::uint64_t>(value) == 0;  // -0 is another number
  }

  /// What has not been handed over yet.
  void hand_over() {
    if (!bytes_.empty()) take_(bytes_);
    bytes_.clear();
  }

 private:
  static constexpr std::size_t piece_size = 1 << 16;
  void add(const void* bytes, std::size_t size) {
    bytes_.append(static_cast<const char*>(bytes), size);
    if (bytes_.size() >= piece_size) hand_over();
  }
  const Take& take_;
  std::string bytes_;
};

/// Counts the bytes that a Packer hands over.
class Measurer {
 public:
  std::size_t size() const { return size_; }
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void operator()(T& /*value*/) { size_ += sizeof(T); }
  void operator()(std::string& text) { size_ += sizeof(std::uint64_t) + text.size(); }
  void operator()(std::vector<double>& values) {
    const auto zeros = std::count_if(values.begin(), values.end(), Packer::is_zero);
    size_ += sizeof(std::uint64_t) + (values.size() + 7) / 8 +
             (values.size() - static_cast<std::size_t>(zeros)) * sizeof(double);
  }
  template <class T>
  void operator()(std::vector<T>& values) {
    size_ += sizeof(std::uint64_t);
    for (T& value : values) visit(*this, value);
  }

 private:
  std::size_t size_ = 0;
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
  void operator()(std::vector<double>& values) {
    std::uint64_t size = 0;
    (*this)(size);
    values.assign(size, 0.0);
    const std::string_view marks = take((size + 7) / 8);
    for (std::size_t i = 0; i < size; ++i) {
      if (marks[i / 8] & 1 << i % 8) (*this)(values[i]);
    }
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
void visit(Archive& archive, measures::Entity& entity) {
  archive(entity.group), archive(entity.name);
}
template <class Archive>
void visit(Archive& archive, Metric& m) {
  visit(archive, m.entity), archive(m.measure), archive(m.unit), archive(m.values);
}
template <class Archive>
void visit(Archive& archive, Series& s) {
  visit(archive, s.entity), archive(s.measure), archive(s.unit), archive(s.values);
}
template <class Archive>
void visit(Archive& archive, causes::Trace& t) {
  archive(t.from), archive(t.to), archive(t.pieces);
}
template <class Archive>
void visit(Archive& archive, std::vector<causes::Trace>& traces) {
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
template <class Archive>
void visit(Archive& archive, Pieces& pieces) {
  archive(pieces);
}
template <class Archive>
void visit(Archive& archive, network::StartState& s) {
  archive(s.stock), archive(s.in_process), archive(s.in_transit), archive(s.open);
}

}  // namespace

void pack(const Results& results, const std::function<void(std::string_view)>& take) {
  Packer packer(take);
  visit(packer, const_cast<Results&>(results));  // NOLINT: packing only reads
  packer.hand_over();
}

std::size_t packed_size(const Results& results) {
  Measurer measurer;
  visit(measurer, const_cast<Results&>(results));  // NOLINT: measuring only reads
  return measurer.size();
}

std::string pack(const Results& results) {
  std::string bytes;
  bytes.reserve(packed_size(results));
  pack(results, [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

std::uint64_t hash_of(const Results& results) {
  sim::StreamingHash hash;
  pack(results, [&](std::string_view piece) { hash.add(piece); });
  return hash.value();
}

std::string pack(const network::StartState& state) {
  std::string bytes;
  const Packer::Take take = [&](std::string_view piece) { bytes += piece; };
  Packer packer(take);
  visit(packer, const_cast<network::StartState&>(state));  // NOLINT: packing only reads
  packer.hand_over();
  return bytes;
}

network::StartState unpack_start(std::string_view bytes) {
  network::StartState state;
  Unpacker unpacker(bytes);
  visit(unpacker, state);
  return state;
}

Results unpack(std::string_view bytes) {
  Results results;
  Unpacker unpacker(bytes);
  visit(unpacker, results);
  return results;
}

}  // namespace optichain::models::world
