#pragma once
// From what is thought of a study's inputs beforehand, and figures that were observed, to futures
// that are equally likely.

#include <optional>
#include <string>
#include <vector>

#include "models/condition/members.hpp"

namespace optichain::models::condition {

/// How futures are made likely: by weights of those drawn beforehand, or by an ensemble that is
/// moved to the figures in steps; by weights if these suffice.
enum class Method { automatic, weights, ensemble };

struct InferenceOptions {
  Method method = Method::automatic;
  std::size_t kept = 200;      // equally likely futures, and members of an ensemble
  std::string steps = "step";  // what sweeps of an ensemble are called, with a number behind
};

/// Below this, weights say too little to be used at all.
inline constexpr double fewest_effective = 20;
/// From this on, weights suffice.
inline constexpr double enough_effective = 50;

/// What figures of a simulation are held against: the first `known` of them.
struct Evidence {
  std::size_t known = 0;
  std::vector<double> observed;    // logarithms
  std::vector<double> deviations;  // of error, discrepancy and luck together
};

/// The first figures of a simulation, with its luck, as evidence.
Evidence evidence_of(const StudyRuns& simulation, const std::vector<double>& luck,
                     std::size_t known);

struct Inference {
  Method method = Method::weights;
  double effective = 0;         // of the weights of the futures drawn beforehand
  std::size_t ruled_out = 0;    // of these
  std::vector<double> nearest;  // of each known figure, its least implausibility in any of them
  /// Why there is no result; the rest below is then empty.
  std::optional<std::string> refused;

  Members members{sim::UnitDesign(0, 0), {}, 0};
  std::vector<double> weights;  // of the members
  std::vector<double> spreads;  // mean standard deviation of normal scores, by step of an ensemble

  /// So many members, each as likely as another, in no order.
  std::vector<std::size_t> draw(std::size_t count, std::uint64_t seed) const;
};

/// A future is ruled out if a second figure lies more than three standard deviations off (Vernon,
/// Goldstein and Bower 2010), or the only one.
inline constexpr double implausible = 3;

/// Requires members of the simulation, drawn as they are thought of beforehand.
Inference infer(const StudyRuns& simulation, const Members& beforehand, const Evidence& evidence,
                const InferenceOptions& options);

/// A standard normal number of this name, for the member and figure.
double normal_noise(std::uint64_t seed, const std::string& name, std::uint64_t index);

}  // namespace optichain::models::condition
