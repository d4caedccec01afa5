#include "sim/base/random.hpp"

#include <Random123/philox.h>

#include "sim/base/hash.hpp"

namespace optichain::sim {

Stream::Stream(RunSeed run, std::string_view entity, std::string_view purpose)
    : run_(run),
      entity_(run.name_of_draws ? hash_text((*run.name_of_draws)(entity)) : hash_text(entity)),
      purpose_(hash_text(purpose)) {}

double Stream::uniform_at(std::uint64_t index) const {
  if (const std::uint64_t block = index / 4; block != block_) {
    const r123::Philox4x64::ctr_type counter = {{block, entity_, purpose_, 0}};
    const r123::Philox4x64::key_type key = {{run_.seed, run_.replication}};
    const auto bits = r123::Philox4x64{}(counter, key);
    for (std::size_t i = 0; i < 4; ++i) bits_[i] = bits[i];
    block_ = block;
  }
  // the middle of one of 2^53 equal cells: neither 0 nor 1
  return (static_cast<double>(bits_[index % 4] >> 11) + 0.5) * 0x1.0p-53;
}

}  // namespace optichain::sim
