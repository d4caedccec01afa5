#pragma once
// The traces of unmet pieces in a result store, added up over replications.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/world/results.hpp"

namespace optichain::models::run {

/// Traces of one period, the pieces added up over all replications, so that they stay whole.
struct PeriodTraces {
  std::string period;
  std::vector<causes::Trace> traces;  // by from, then to
};

/// Adds up pieces as a store has them. Throws Error if they cannot be counted.
void add_pieces(std::int64_t& sum, double pieces);
/// Throws Error unless any of the pieces of a period can be added up.
void require_countable(const PeriodTraces& period);

struct StoredTraces {
  std::string scenario;
  std::vector<std::uint64_t> replications;  // that were added up
  std::vector<PeriodTraces> periods;        // years in their order, then `all`
};

/// How the trace of a period is called among the figures of a run in the store.
std::string trace_name(const causes::Trace& trace, const std::string& period);

/// A figure of a run read back: the ends of the trace and its period; nothing if it is none.
struct TraceName {
  std::string from, to, period;
};
std::optional<TraceName> parse_trace_name(const std::string& figure);

/// Reads them from a run's folder or its results.sqlite: of one replication, or of all that are
/// there. Throws InputError if there is no such store, WrongFileError if it is damaged or has no
/// such replication, and OutputError if it cannot be read.
StoredTraces read_traces(const std::filesystem::path& store,
                         std::optional<std::uint64_t> replication = {});

}  // namespace optichain::models::run
