#pragma once
// Designs of experiments in the unit cube: rows of numbers in (0, 1), one for each factor, from
// which a distribution's quantile makes values. Factors are addressed by name, so that one that is
// added changes nothing of the others' Latin hypercube.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace optichain::sim {

/// Rows of as many numbers as there are factors.
class UnitDesign {
 public:
  UnitDesign(std::size_t rows, std::size_t factors) : factors_(factors), cells_(rows * factors) {}
  std::size_t rows() const { return factors_ ? cells_.size() / factors_ : 0; }
  double& at(std::size_t row, std::size_t factor) { return cells_[row * factors_ + factor]; }
  double at(std::size_t row, std::size_t factor) const { return cells_[row * factors_ + factor]; }

 private:
  std::size_t factors_;
  std::vector<double> cells_;
};

/// `rounds` independent Latin hypercubes of `points` rows each (McKay, Beckman and Conover,
/// Technometrics 21, 1979): in a round, each of the `points` equal parts of (0, 1) holds one number
/// of each factor, at a random place in it.
UnitDesign latin_hypercube(std::uint64_t seed, std::span<const std::string> factors,
                           std::size_t points, std::size_t rounds = 1);

/// The first points of the Sobol' sequence, its zero point included, under a random digital shift
/// (L'Ecuyer and Lemieux 2002), so that no number is 0 and estimates are unbiased. More points keep
/// the earlier ones. Requires at most 3667 factors.
UnitDesign sobol_sequence(std::uint64_t seed, std::size_t factors, std::size_t points);

/// For each of `points` points of a Sobol' sequence in twice as many dimensions, the row A of its
/// first half, the row B of its second, and for each factor the row A with that factor from B
/// (Saltelli, Computer Physics Communications 145, 2002; the radial form of Saltelli et al. 2010).
UnitDesign sobol_indices_design(std::uint64_t seed, std::size_t factors, std::size_t points);

}  // namespace optichain::sim
