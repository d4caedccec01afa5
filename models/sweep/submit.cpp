#include "models/sweep/submit.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "models/sweep/state.hpp"
#include "sim/base/check.hpp"
#include "sim/base/interrupt.hpp"
#include "sim/base/shell.hpp"
#include "sim/base/text.hpp"
#include "sim/input/refusal.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"
#include "sim/output/own_folder.hpp"

namespace optichain::models::sweep {
namespace {

namespace fs = std::filesystem;

constexpr double shortest_shard = 180;  // seconds
constexpr std::uint64_t most_shards = 1000;

/// The name of a log as Slurm reads it, which replaces `%j` and the like in a name, none of them if
/// there is a backslash in it, and takes a quoted word off a line of a script.
std::string slurm_pattern(const fs::path& folder) {
  const std::string name = folder.string();
  if (sim::has_control(name) || name.find_first_of("\\\"") != std::string::npos) {
    sim::refuse_input(name,
                      "expected a folder without backslashes, quotes and control characters in "
                      "its whole path: Slurm could not name its logs");
  }
  std::string pattern;
  for (const char c : name) pattern += c == '%' ? "%%" : std::string(1, c);
  return pattern;
}

/// Runs a program and returns what it prints, its errors included. Throws Error if it fails.
std::string output_of(const std::vector<std::string>& words) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) sim::fail("cannot make a pipe: {}", std::strerror(errno));
  const pid_t pid = fork();
  if (pid < 0) sim::fail("cannot start {}: {}", words.front(), std::strerror(errno));
  if (pid == 0) {
    dup2(ends[1], 1);
    dup2(ends[1], 2);
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));  // NOLINT
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  close(ends[1]);
  std::string output;
  char buffer[4096];
  for (ssize_t n;
       (n = read(ends[0], buffer, sizeof buffer)) > 0 || (n < 0 && sim::is_to_be_repeated());) {
    if (n > 0) output.append(buffer, static_cast<std::size_t>(n));
  }
  close(ends[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  while (!output.empty() && output.back() == '\n') output.pop_back();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127 && output.empty()) {
    sim::fail("there is no program {}: is this a machine that can submit jobs?", words.front());
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    sim::fail("{} failed: {}", words.front(), output);
  }
  return output;
}

/// The shards of the last submission of the same chunks: a part of the work keeps its number, so
/// that jobs of then and now do not do the same.
fs::path memory(const SweepFiles& files) {
  return files.folder / "submitted.json";
}
std::uint64_t shards_of_last_time(const SweepFiles& files, const Plan& plan) {
  std::error_code ignored;
  if (!fs::exists(memory(files), ignored)) return 0;
  sim::require_as_listed(memory(files));
  const auto json = sim::parse_json(sim::read_file(memory(files)));
  if (!json || !json->is_object()) return 0;
  const std::string first = plan.chunks.empty() ? "" : plan.chunks.front().id;
  if (json->value("first_chunk", sim::Json()) != first ||
      json->value("chunks", sim::Json()) != plan.chunks.size()) {
    return 0;
  }
  return sim::natural_of(json->value("shards", sim::Json())).value_or(0);
}

std::vector<std::uint64_t> shards_that_miss_runs(const Plan& plan, const Coverage& coverage,
                                                 std::uint64_t shards) {
  std::vector<bool> misses(shards, false);
  for (std::size_t c = 0; c < plan.chunks.size(); ++c) {
    for (const RunRange& r : plan.chunks[c].runs) {
      for (std::uint64_t i = 0; i < r.runs() && !misses[c % shards]; ++i) {
        misses[c % shards] = coverage.at(r.point + i / r.replications,
                                         r.first + i % r.replications) == Coverage::State::missing;
      }
    }
  }
  std::vector<std::uint64_t> missing;
  for (std::uint64_t s = 0; s < shards; ++s) {
    if (misses[s]) missing.push_back(s);
  }
  return missing;
}

}  // namespace

std::string ranges_of(const std::vector<std::uint64_t>& numbers) {
  std::string out;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    if (!out.empty()) out += ',';
    out += fmt::format("{}", numbers[i]);
    if (last > i) out += fmt::format("-{}", numbers[last]);
    i = last;
  }
  return out;
}

Prepared prepare_slurm(const SweepFiles& files, const Plan& plan, const Submission& s) {
  Prepared prepared;
  const auto chunks = std::max<std::uint64_t>(plan.chunks.size(), 1);
  const double wanted = plan.seconds() / shortest_shard / static_cast<double>(s.jobs);
  prepared.shards = s.shards ? s.shards : shards_of_last_time(files, plan);
  if (prepared.shards == 0) {
    prepared.shards = static_cast<std::uint64_t>(
        std::clamp(std::ceil(wanted), 1.0, static_cast<double>(most_shards)));
  }
  prepared.shards = std::min(prepared.shards, chunks);
  const PointIndex index(plan.study);
  const SweepState state = read_state(plan, index, {files}, Reading::ends);
  prepared.missing = shards_that_miss_runs(plan, state.coverage, prepared.shards);

  const std::string folder = fs::absolute(files.folder).lexically_normal().string();
  const std::string limit = s.max_parallel ? fmt::format("%{}", s.max_parallel) : "";
  prepared.script = fmt::format(
      "#!/bin/sh\n"
      "# Shards of a sweep that are not done; written by `optichain sweep submit`.\n"
      "#SBATCH --job-name=optichain\n"
      "#SBATCH --array={}{}\n"
      "#SBATCH --ntasks=1\n"
      "#SBATCH --cpus-per-task={}\n"
      "#SBATCH --requeue\n"
      "#SBATCH --open-mode=append\n"
      "#SBATCH --signal=B:TERM@60\n"
      "#SBATCH --output=\"{}/logs/%A_%a.log\"\n"
      "exec {} sweep run {} --shard \"$SLURM_ARRAY_TASK_ID/{}\" --jobs {}\n",
      ranges_of(prepared.missing), limit, s.jobs, slurm_pattern(folder),
      sim::shell_quoted(s.program), sim::shell_quoted(folder), prepared.shards, s.jobs);
  return prepared;
}

std::string submit_slurm(const SweepFiles& files, const Plan& plan, const Submission& s,
                         const Prepared& prepared) {
  const fs::path folder = fs::absolute(files.folder).lexically_normal();
  sim::OwnFolder own(folder);
  own.folder("logs");
  const fs::path script = folder / "submit.sbatch";
  own.replace(script.filename(), prepared.script);
  own.replace(memory(files).filename(), sim::json_line({{"shards", prepared.shards},
                                                        {"chunks", plan.chunks.size()},
                                                        {"first_chunk", plan.chunks.front().id}}) +
                                            "\n");
  std::vector<std::string> words = {"sbatch", "--parsable"};
  words.insert(words.end(), s.arguments.begin(), s.arguments.end());
  words.push_back(script.string());
  // "id" or "id;cluster"
  const std::string answer = output_of(words);
  const std::string job = answer.substr(0, answer.find(';'));
  std::string said =
      fmt::format("job {}: {} of {} shards\n", job, prepared.missing.size(), prepared.shards);
  if (!s.merge) return said;
  // afterany: a shard that failed or was lost leaves work, and `merge` says so itself
  const std::string merge = output_of(
      {"sbatch", "--parsable", "--job-name=optichain-merge", "--dependency=afterany:" + job,
       "--output=" + slurm_pattern(folder) + "/logs/merge-%j.log", "--wrap",
       fmt::format("exec {} sweep merge {}", sim::shell_quoted(s.program),
                   sim::shell_quoted(folder.string()))});
  return said + fmt::format("job {}: merge\n", merge.substr(0, merge.find(';')));
}

}  // namespace optichain::models::sweep
