#include "models/sweep/cut.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/hash.hpp"

namespace optichain::models::sweep {
namespace {

constexpr double fewest_chunks = 16;  // where work is short, so that workers end together

std::string id_of(const Plan& plan, const PointIndex& index, const std::vector<RunRange>& runs) {
  sim::StreamingHash hash;
  hash.add(plan.context);
  for (const RunRange& r : runs) {
    for (std::uint64_t p = r.point; p < r.point + r.points; ++p) {
      hash.add(fmt::format("\n{:x} {} {}", index.id(p), r.first, r.replications));
    }
  }
  return sim::hash_digits(hash.value());
}

/// What is missing of a study of options: all options of a replication are in one chunk.
std::vector<std::vector<RunRange>> cut_branches(const Plan& plan, const PointIndex& index,
                                                const Coverage& coverage,
                                                std::uint64_t runs_per_chunk) {
  std::vector<std::vector<RunRange>> chunks;
  for (std::uint64_t future = 0; future < plan.study.futures.rows(); ++future) {
    const auto missing_at = [&](std::uint64_t replication) {
      std::vector<std::uint64_t> missing;
      for (std::uint64_t policy = 0; policy < plan.study.policies.rows(); ++policy) {
        const std::uint64_t point = policy * plan.study.futures.rows() + future;
        const bool is_missing = coverage.at(point, replication) == Coverage::State::missing;
        if (is_missing && index.is_first(point)) missing.push_back(point);
      }
      return missing;
    };
    for (std::uint64_t r = 0; r < plan.replications();) {
      const std::vector<std::uint64_t> missing = missing_at(r);
      std::uint64_t end = r + 1;
      while (end < plan.replications() && (end - r + 1) * missing.size() <= runs_per_chunk &&
             missing_at(end) == missing) {
        ++end;
      }
      if (!missing.empty()) {
        auto& runs = chunks.emplace_back();
        for (const std::uint64_t point : missing) runs.push_back({point, 1, r, end - r});
      }
      r = end;
    }
  }
  return chunks;
}

}  // namespace

std::vector<Chunk> cut(const Plan& plan, const PointIndex& index, const Coverage& coverage,
                       const ChunkSize& size) {
  const double target = std::min(size.seconds, plan.seconds() / fewest_chunks);
  const auto runs_per_chunk =
      size.runs ? size.runs
                : static_cast<std::uint64_t>(std::clamp(
                      target * static_cast<double>(plan.runs()) / std::max(plan.seconds(), 1e-9),
                      1.0, 1e5));
  std::vector<Chunk> chunks;
  if (plan.study.study.decision) {
    for (auto& runs : cut_branches(plan, index, coverage, runs_per_chunk)) {
      chunks.push_back({id_of(plan, index, runs), std::move(runs)});
    }
    return chunks;
  }
  std::uint64_t room = 0;
  const auto add = [&](RunRange r) {
    while (r.replications > 0) {
      if (room == 0) {
        chunks.emplace_back();
        room = runs_per_chunk;
      }
      const RunRange part{r.point, 1, r.first, std::min(r.replications, room)};
      auto& runs = chunks.back().runs;
      if (!runs.empty() && runs.back().point + runs.back().points == part.point &&
          runs.back().first == part.first && runs.back().replications == part.replications) {
        ++runs.back().points;
      } else {
        runs.push_back(part);
      }
      room -= part.replications;
      r.first += part.replications;
      r.replications -= part.replications;
    }
  };
  const std::uint64_t last = plan.replications();
  for (std::uint64_t point = 0; point < plan.points(); ++point) {
    if (!index.is_first(point)) continue;
    for (std::uint64_t r = 0; r < last; ++r) {
      if (coverage.at(point, r) != Coverage::State::missing) continue;
      std::uint64_t end = r + 1;
      while (end < last && coverage.at(point, end) == Coverage::State::missing) ++end;
      add({point, 1, r, end - r});
      r = end;
    }
  }
  for (Chunk& chunk : chunks) chunk.id = id_of(plan, index, chunk.runs);
  return chunks;
}

std::uint64_t missing_runs(const Plan& plan, const PointIndex& index, const Coverage& coverage) {
  std::uint64_t missing = 0;
  for (std::uint64_t point = 0; point < plan.points(); ++point) {
    if (!index.is_first(point)) continue;
    for (std::uint64_t r = 0; r < plan.replications(); ++r) {
      missing += coverage.at(point, r) == Coverage::State::missing;
    }
  }
  return missing;
}

}  // namespace optichain::models::sweep
