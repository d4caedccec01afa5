#pragma once
// The folder of a sweep and the plan in it: all that any process on any machine needs to do its
// part, and nothing that depends on who does which.
//
//   plan.json      what is kept of a run, and the chunks of work that were missing when it was made
//   study.yaml     the study, and scenario.yaml its scenario, without the files they were made of
//   policies.csv   settings of the levers, futures.csv of the uncertainties: a point is a pair
//   chunks/        results: ID.chunk, each published once (sim/output/chunk_file.hpp)
//   results.sqlite, runs.csv, manifest.json        when merged
//
// A run is one replication of one point. It is named by its content (the hash of what the point
// does to the scenario, and its replication), so that a study that is extended finds what was done.

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/study/load.hpp"
#include "models/sweep/metric_selection.hpp"

namespace optichain::models::sweep {

struct SweepFiles {
  std::filesystem::path folder;
  std::filesystem::path plan() const { return folder / "plan.json"; }
  std::filesystem::path study() const { return folder / "study.yaml"; }
  std::filesystem::path scenario() const { return folder / "scenario.yaml"; }
  std::filesystem::path policies() const { return folder / "policies.csv"; }
  std::filesystem::path futures() const { return folder / "futures.csv"; }
  /// What a plan is read from.
  std::vector<std::filesystem::path> of_plan() const {
    return {study(), scenario(), policies(), futures(), plan()};
  }
  std::filesystem::path chunks() const { return folder / "chunks"; }
  std::filesystem::path chunk(const std::string& id) const { return chunks() / (id + ".chunk"); }
};

/// Replications from `first` on of consecutive points.
struct RunRange {
  std::uint64_t point = 0, points = 0, first = 0, replications = 0;
  std::uint64_t runs() const { return points * replications; }
};

/// A part of the work that is published as a whole.
struct Chunk {
  std::string id;
  std::vector<RunRange> runs;
  std::uint64_t size() const;
};

/// What the pilot run, the first replication of the scenario as it is, took and gave.
struct PilotRun {
  world::Results results;
  double seconds = 0;        // to simulate
  double setup_seconds = 0;  // to read and check the scenario of a point
};
/// Runs it in a process of its own. Throws Error if it fails.
PilotRun pilot_run(const study::LoadedStudy& loaded, const volatile std::sig_atomic_t* stop);

/// The points by their ids; points that do the same to the scenario share one.
class PointIndex {
 public:
  explicit PointIndex(const study::LoadedStudy& study);
  /// The points of an id in their order; none if nothing of the study has it.
  std::span<const std::pair<std::uint64_t, std::uint64_t>> find(std::uint64_t id) const;
  std::uint64_t id(std::uint64_t point) const { return ids_[point]; }
  /// True for the first of the points that share its id: the one that is run.
  bool is_first(std::uint64_t point) const { return find(id(point)).front().second == point; }

 private:
  std::vector<std::uint64_t> ids_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> by_id_;  // id, point
};

struct Plan {
  study::LoadedStudy study;
  MetricSelection selection;
  /// The hash of all that makes a run what it is, besides its point and replication: engine,
  /// scenario, seed, what is kept, and what the pilot run gave.
  std::string context;
  double seconds_per_run = 0;
  double setup_seconds = 0;
  double bytes_per_run = 0;
  std::vector<Chunk> chunks;

  std::uint64_t replications() const {
    return static_cast<std::uint64_t>(study.study.replications);
  }
  std::uint64_t points() const { return study.points(); }
  std::uint64_t runs() const { return points() * replications(); }
  std::uint64_t seed() const { return static_cast<std::uint64_t>(study.study.seed); }
  /// Processor time of all runs.
  double seconds() const;
};

/// Which runs are done, by point and replication.
class Coverage {
 public:
  enum class State : std::uint8_t { missing, done, failed };
  Coverage(std::uint64_t points, std::uint64_t replications)
      : replications_(replications), states_(points * replications, State::missing) {}
  State& at(std::uint64_t point, std::uint64_t replication) {
    return states_[point * replications_ + replication];
  }
  State at(std::uint64_t point, std::uint64_t replication) const {
    return states_[point * replications_ + replication];
  }
  std::uint64_t count(State state) const;

 private:
  std::uint64_t replications_;
  std::vector<State> states_;
};

/// A plan for a study, all of whose runs are missing, without chunks.
Plan make_plan(study::LoadedStudy study, const PilotRun& pilot);

/// Makes the folder of a sweep if it is not there.
void make_folder(const SweepFiles& files);
/// Throws the WrongFileError of what is no folder of a sweep, or of one that lacks that of chunks.
[[noreturn]] void no_chunks(const SweepFiles& files);
/// Writes a plan into its folder; the file plan.json comes last.
void write_plan(const SweepFiles& files, const Plan& plan);
/// Throws Error, InputError or OutputError if the folder has none that can be used: WrongFileError
/// for one that is damaged, or asks for what its study does not have.
Plan read_plan(const SweepFiles& files);
/// True if the folder has a plan for the same work as this one.
bool has_same_plan(const SweepFiles& files, const Plan& plan);

}  // namespace optichain::models::sweep
