#pragma once
// Random numbers that are addressed, not drawn in sequence.
//
//   Stream transit({.seed = 1, .replication = 7}, "lane fab_to_plant", "transit");
//   double u = transit.uniform();       // the next draw of this stream
//   double v = transit.uniform_at(42);  // draw number 42, whatever was drawn before
//
// A stream is a counter-based generator (Philox4x64-10; Salmon, Moraes, Dror and Shaw, "Parallel
// random numbers: as easy as 1, 2, 3", SC 2011) keyed by seed and replication, whose counter holds
// the entity, the purpose and the number of the draw. So two scenarios that differ in one entity
// share every other draw (common random numbers), and the order of entities means nothing.

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace optichain::sim {

struct RunSeed {
  std::uint64_t seed = 1;
  std::uint64_t replication = 0;
  /// Draws belong to names. If given, to what this makes of them: so a run in which everything has
  /// another name can have the luck of the old names. Must outlive the streams' making.
  const std::function<std::string(std::string_view)>* name_of_draws = nullptr;
};

class Stream {
 public:
  Stream(RunSeed run, std::string_view entity, std::string_view purpose);

  /// Uniform in the open interval (0, 1); 53 random bits, never an end point.
  double uniform() { return uniform_at(next_++); }
  double uniform_at(std::uint64_t index) const;

 private:
  RunSeed run_;
  std::uint64_t entity_;
  std::uint64_t purpose_;
  std::uint64_t next_ = 0;
  // One Philox call yields four draws; the last block is kept.
  mutable std::uint64_t block_ = ~std::uint64_t{0};
  mutable std::array<std::uint64_t, 4> bits_{};
};

}  // namespace optichain::sim
