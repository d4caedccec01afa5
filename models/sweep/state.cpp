#include "models/sweep/state.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "models/sweep/run_line.hpp"
#include "sim/base/hash.hpp"
#include "sim/output/chunk_file.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"
#include "sim/output/own_folder.hpp"

namespace optichain::models::sweep {
namespace {

namespace fs = std::filesystem;
using State = Coverage::State;

constexpr const char* session_folder = "sessions";
constexpr std::chrono::seconds session_silence{30};

class StateReader {
 public:
  StateReader(const Plan& plan, const PointIndex& index)
      : plan_(plan),
        index_(index),
        state_{Coverage(plan.points(), plan.replications()), 0, 0, {}} {}

  void read(const fs::path& path, Reading reading) {
    try {
      const sim::ChunkSummary summary = sim::read_chunk_summary(path);
      if (summary.head.value("context", sim::Json()) != plan_.context) {
        ++state_.foreign_chunks;
        return;
      }
      ++state_.chunks;
      if (reading == Reading::whole || summary.end.failed > 0) {
        for (const StoredRun& run : read_runs(path, *sim::read_chunk(path), plan_.selection)) {
          mark(run.point, run.replication, 1, run.failed ? State::failed : State::done);
        }
      } else {
        for (const HeadRange& range : read_head(path, summary.head)) {
          mark(range.point, range.first, range.replications, State::done);
        }
      }
    } catch (const sim::WrongFileError&) {
      state_.damaged.push_back(path);
    } catch (const sim::OutputError&) {
      if (sim::is_there(path)) throw;  // another process took it away: `sweep retry`
    }
  }
  SweepState take() { return std::move(state_); }

 private:
  void mark(std::uint64_t id, std::uint64_t first, std::uint64_t count, State state) {
    const std::uint64_t all = plan_.replications();
    const std::uint64_t end = first < all ? first + std::min(count, all - first) : first;
    for (const auto& [same, point] : index_.find(id)) {
      for (std::uint64_t r = first; r < end; ++r) {
        State& now = state_.coverage.at(point, r);
        if (now != State::done) now = state;
      }
    }
  }

  const Plan& plan_;
  const PointIndex& index_;
  SweepState state_;
};

}  // namespace

std::vector<fs::path> chunk_files(const SweepFiles& files) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator it(files.chunks(), error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".chunk") paths.push_back(it->path());
  }
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    no_chunks(files);
  }
  if (error) sim::cannot_read(files.chunks(), error.value());
  std::sort(paths.begin(), paths.end());
  return paths;
}

SweepState read_state(const Plan& plan, const PointIndex& index,
                      const std::vector<SweepFiles>& folders, Reading reading) {
  StateReader reader(plan, index);
  for (const SweepFiles& files : folders) {
    for (const fs::path& path : chunk_files(files)) reader.read(path, reading);
  }
  return reader.take();
}

void set_aside(const std::vector<fs::path>& damaged) {
  for (const fs::path& path : damaged) sim::set_chunk_aside(path);
}

sim::Json chunk_head(const Plan& plan, const PointIndex& index, const Chunk& chunk) {
  sim::Json runs = sim::Json::array();
  for (const RunRange& r : chunk.runs) {
    for (std::uint64_t p = r.point; p < r.point + r.points; ++p) {
      runs.push_back(sim::Json::array({sim::hash_digits(index.id(p)), r.first, r.replications}));
    }
  }
  return {{"chunk", 1}, {"id", chunk.id}, {"context", plan.context}, {"runs", runs}};
}

SessionFile::SessionFile(const SweepFiles& files)
    : file_(sim::OwnFolder(files.folder).folder(session_folder) /
            (sim::temporary_name("session"))) {}

void SessionFile::write(std::uint64_t done, std::uint64_t failed, double seconds) {
  const sim::Json json = {{"done", done}, {"failed", failed}, {"seconds", seconds}};
  try {
    file_.overwrite(sim::json_line(json));
  } catch (const sim::OutputError&) {
    // that nobody can see how far it has come stops no work
  }
}

std::vector<Session> read_sessions(const SweepFiles& files) {
  std::vector<Session> sessions;
  std::error_code error;
  for (fs::directory_iterator it(files.folder / session_folder, error), end; !error && it != end;
       it.increment(error)) {
    const sim::WriterState writer = sim::writer_of(it->path());
    if (writer == sim::WriterState::has_ended) continue;
    if (writer ==
        sim::WriterState::unknown) {  // no locks here: who is silent for long is taken for dead
      std::error_code gone;
      const auto written = fs::last_write_time(it->path(), gone);
      if (gone || fs::file_time_type::clock::now() - written > session_silence) continue;
    }
    try {
      const auto json = sim::parse_json(sim::read_file(it->path()));
      if (!json || !json->is_object()) continue;  // it is being written
      const auto done = sim::natural_of(json->value("done", sim::Json()));
      const auto failed = sim::natural_of(json->value("failed", sim::Json()));
      const sim::Json seconds = json->value("seconds", sim::Json());
      if (done && failed && seconds.is_number()) sessions.push_back({*done, *failed, seconds});
    } catch (const sim::OutputError&) {
      // it has ended meanwhile
    }
  }
  return sessions;
}

void remove_ended(const SweepFiles& files) {
  for (const sim::ChunkPart& part : sim::chunk_parts(files.chunks())) {
    sim::remove_if_ended(part.path);
  }
  std::vector<fs::path> sessions;
  std::error_code error;
  for (fs::directory_iterator it(files.folder / session_folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().filename().string().starts_with(".session.")) sessions.push_back(it->path());
  }
  for (const fs::path& session : sessions) sim::remove_if_ended(session);
}

}  // namespace optichain::models::sweep
