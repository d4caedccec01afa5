#include "models/condition/infer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/random.hpp"
#include "sim/batch/posterior.hpp"

namespace optichain::models::condition {
namespace {

constexpr double most_advised = 1e6;  // as many as --futures takes

constexpr std::size_t steps = 4;             // of an ensemble, each with as much inflation
constexpr std::size_t members_an_input = 5;  // at least
constexpr double off_if_unknown = 10;        // standard deviations, where a run gives no figure

/// Known figures of a member in standard deviations off what was observed.
class Distances {
 public:
  Distances(const Members& members, const Evidence& evidence, std::size_t figures)
      : members_(members), evidence_(evidence), figures_(figures) {}

  double simulated(std::size_t member, std::size_t figure) const {
    const double log = members_.logs[member * figures_ + figure];
    if (!std::isnan(log)) return log;
    return evidence_.observed[figure] - off_if_unknown * evidence_.deviations[figure];
  }
  double at(std::size_t member, std::size_t figure) const {
    return std::abs(simulated(member, figure) - evidence_.observed[figure]) /
           evidence_.deviations[figure];
  }
  /// The second largest, or the only one.
  double second(std::size_t member) const {
    double most = 0, second = 0;
    for (std::size_t j = 0; j < evidence_.known; ++j) {
      const double off = at(member, j);
      second = std::max(second, std::min(off, most));
      most = std::max(most, off);
    }
    return evidence_.known > 1 ? second : most;
  }
  double log_likelihood(std::size_t member) const {
    double sum = 0;
    for (std::size_t j = 0; j < evidence_.known; ++j) sum -= at(member, j) * at(member, j) / 2;
    return sum;
  }
  double nearest(std::size_t figure) const {
    double least = HUGE_VAL;
    for (std::size_t i = 0; i < members_.count(); ++i) least = std::min(least, at(i, figure));
    return least;
  }
  std::size_t ruled_out() const {
    std::size_t out = 0;
    for (std::size_t i = 0; i < members_.count(); ++i) out += second(i) > implausible;
    return out;
  }

 private:
  const Members& members_;
  const Evidence& evidence_;
  std::size_t figures_;
};

class Inferring {
 public:
  Inferring(const StudyRuns& simulation, const Members& beforehand, const Evidence& evidence,
            const InferenceOptions& options)
      : simulation_(simulation),
        beforehand_(beforehand),
        evidence_(evidence),
        options_(options),
        distances_(beforehand, evidence, simulation.figures().size()) {}

  Inference run() {
    std::vector<double> logs;
    for (std::size_t i = 0; i < beforehand_.count(); ++i)
      logs.push_back(distances_.log_likelihood(i));
    const sim::Weights weights = sim::weights_of(logs);
    out_.effective = weights.effective;
    out_.ruled_out = distances_.ruled_out();
    for (std::size_t j = 0; j < evidence_.known; ++j) out_.nearest.push_back(distances_.nearest(j));
    const bool suffices = out_.effective >= enough_effective;
    out_.method = options_.method == Method::automatic
                      ? (suffices ? Method::weights : Method::ensemble)
                      : options_.method;
    if (refuse_unreached()) return std::move(out_);
    if (out_.method == Method::weights) {
      take_weights(weights);
    } else {
      move_ensemble();
    }
    return std::move(out_);
  }

 private:
  void refuse(std::string why) { out_.refused = std::move(why); }

  /// Nothing is said from futures all of which are ruled out, if figures are out of their reach.
  bool refuse_unreached() {
    if (out_.ruled_out < beforehand_.count()) return false;
    std::vector<std::string> unreached;
    for (std::size_t j = 0; j < evidence_.known; ++j) {
      if (out_.nearest[j] <= implausible) continue;
      const LoadedFigure& figure = *simulation_.figures()[j];
      unreached.push_back(fmt::format("{} {}", figure.series, figure.period));
    }
    if (unreached.empty() && out_.method == Method::ensemble) return false;
    refuse(
        unreached.empty()
            ? fmt::format("none of {} futures meets the figures together, though each of them is "
                          "met by some: --method ensemble looks between them",
                          beforehand_.count())
            : fmt::format("no future comes within {} standard deviations of {}: a range of the "
                          "study, its scenario or the figure is wrong, or its discrepancy larger",
                          implausible, fmt::join(unreached, ", ")));
    return true;
  }

  void take_weights(const sim::Weights& weights) {
    if (out_.effective < fewest_effective) {
      std::string advice;
      const double futures = std::ceil(static_cast<double>(beforehand_.count()) * enough_effective /
                                       out_.effective / 100) *
                             100;
      // from weights that are next to nothing nobody knows how many would do
      if (futures <= most_advised) advice = fmt::format("`--futures {:.0f}` may do, ", futures);
      return refuse(fmt::format(
          "the {} futures are worth {:.1f} equally likely ones, and {} are needed: {}`--method "
          "ensemble` takes {} runs",
          beforehand_.count(), out_.effective, fewest_effective, advice, steps * options_.kept));
    }
    out_.members = beforehand_;
    out_.weights = weights.of;
  }

  void move_ensemble() {
    const std::size_t inputs = simulation_.study().uncertainties.size();
    const std::size_t count = std::min(options_.kept, beforehand_.count());
    if (count < members_an_input * inputs) {
      return refuse(
          fmt::format("an ensemble of {} members cannot be moved in {} inputs: expected "
                      "`--keep` and `--futures` of {} or more",
                      count, inputs, members_an_input * inputs));
    }
    // the first of the futures that were drawn beforehand are spread evenly, and done
    const std::size_t figures = simulation_.figures().size();
    Members members{sim::UnitDesign(count, inputs), {}, 0};
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t f = 0; f < inputs; ++f)
        members.inputs.at(i, f) = beforehand_.inputs.at(i, f);
    }
    const auto all = static_cast<std::ptrdiff_t>(count * figures);
    members.logs.assign(beforehand_.logs.begin(), beforehand_.logs.begin() + all);
    out_.spreads.push_back(spread(members));
    for (std::size_t step = 1; step <= steps; ++step) {
      const std::string name = fmt::format("{}-{}", options_.steps, step);
      members = simulation_.run(name, moved(members, name));
      out_.spreads.push_back(spread(members));
    }
    const Distances after(members, evidence_, figures);
    if (after.ruled_out() == members.count()) {
      return refuse(
          fmt::format("none of {} members meets the figures after {} steps: the model "
                      "cannot reach them together",
                      members.count(), steps));
    }
    out_.weights.assign(count, 1 / static_cast<double>(count));
    out_.members = std::move(members);
  }

  sim::UnitDesign moved(const Members& members, const std::string& name) const {
    const std::size_t inputs = simulation_.study().uncertainties.size();
    const Distances distances(members, evidence_, simulation_.figures().size());
    sim::Ensemble ensemble{members.count(), inputs, evidence_.known, {}, {}};
    std::vector<double> noise;
    for (std::size_t i = 0; i < members.count(); ++i) {
      for (std::size_t f = 0; f < inputs; ++f) {
        ensemble.values.push_back(sim::normal_score(members.inputs.at(i, f)));
      }
      for (std::size_t j = 0; j < evidence_.known; ++j) {
        ensemble.simulated.push_back(distances.simulated(i, j));
        noise.push_back(normal_noise(seed(), name, noise.size()));
      }
    }
    sim::ObservedFigures observed;
    for (std::size_t j = 0; j < evidence_.known; ++j) {
      observed.values.push_back(evidence_.observed[j]);
      observed.deviations.push_back(evidence_.deviations[j]);
    }
    const auto values = sim::assimilate(ensemble, observed, noise, static_cast<double>(steps));
    sim::UnitDesign design(members.count(), inputs);
    for (std::size_t i = 0; i < members.count(); ++i) {
      for (std::size_t f = 0; f < inputs; ++f) {
        design.at(i, f) = sim::share_below(values[i * inputs + f]);
      }
    }
    return design;
  }

  double spread(const Members& members) const {
    const std::size_t inputs = simulation_.study().uncertainties.size();
    double sum = 0;
    for (std::size_t f = 0; f < inputs; ++f) {
      double total = 0, squares = 0;
      const auto n = static_cast<double>(members.count());
      for (std::size_t i = 0; i < members.count(); ++i) {
        const double z = sim::normal_score(members.inputs.at(i, f));
        total += z;
        squares += z * z;
      }
      sum += std::sqrt(std::max(0.0, squares / n - total / n * total / n));
    }
    return sum / static_cast<double>(inputs);
  }

  std::uint64_t seed() const { return static_cast<std::uint64_t>(simulation_.study().study.seed); }

  const StudyRuns& simulation_;
  const Members& beforehand_;
  const Evidence& evidence_;
  const InferenceOptions& options_;
  Distances distances_;
  Inference out_;
};

}  // namespace

Evidence evidence_of(const StudyRuns& simulation, const std::vector<double>& luck,
                     std::size_t known) {
  Evidence evidence;
  evidence.known = known;
  for (std::size_t j = 0; j < simulation.figures().size(); ++j) {
    const LoadedFigure& figure = *simulation.figures()[j];
    evidence.observed.push_back(std::log(figure.value));
    evidence.deviations.push_back(
        std::hypot(std::hypot(figure.error, figure.discrepancy), luck[j]));
  }
  return evidence;
}

std::vector<std::size_t> Inference::draw(std::size_t count, std::uint64_t seed) const {
  const sim::Stream stream({.seed = seed}, "futures", "resample");
  const auto drawn = sim::resample(weights, count, stream.uniform_at(0));
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return stream.uniform_at(a + 1) < stream.uniform_at(b + 1);
  });
  std::vector<std::size_t> shuffled;
  for (const std::size_t i : order) shuffled.push_back(drawn[i]);
  return shuffled;
}

Inference infer(const StudyRuns& simulation, const Members& beforehand, const Evidence& evidence,
                const InferenceOptions& options) {
  return Inferring(simulation, beforehand, evidence, options).run();
}

double normal_noise(std::uint64_t seed, const std::string& name, std::uint64_t index) {
  return sim::normal_score(sim::Stream({.seed = seed}, name, "noise").uniform_at(index));
}

}  // namespace optichain::models::condition
