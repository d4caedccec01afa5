#pragma once
// A file of futures: settings of uncertainties, each row as likely as another, as a CSV file whose
// head says in YAML what made it and what the uncertainties are.
//
//   # hash: 0123456789abcdef
//   # futures: 256
//   # uncertainties:
//   #   demand: {path: customers.city.demand.lamp.pieces_per_week, as: factor, low: 0.8, high: 1.3}
//   name,demand
//   f1,1.07

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/study/study.hpp"
#include "sim/base/diagnostics.hpp"

namespace optichain::models::study {

struct FuturesHead {
  static constexpr std::string_view title = "Head of futures",
                                    doc = "What made a file of futures, and what they are of.";
  std::string hash;  // of all that follows it
  std::int64_t futures = 0;
  std::string study, base, observations;
  sim::LastDate until;
  std::string method;
  double effective = 0;
  std::string engine;
  std::map<std::string, FactorText> uncertainties;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("hash", hash, "of all that follows");
    v.required("futures", futures, sim::between(1, 1e6), "how many there are");
    v.required("study", study, "what they were drawn for");
    v.required("base", base, "its scenario");
    v.required("observations", observations, "what they were weighed by");
    v.required("until", until, "the last day of that");
    v.required("method", method, "how: weights or ensemble");
    v.required("effective", effective, sim::not_negative, "effective sample size");
    v.required("engine", engine, "the program that wrote it");
    v.required("uncertainties", uncertainties, "what they are of, by name");
  }
};

struct FuturesFile {
  FuturesHead head;
  std::vector<std::map<std::string, sim::Node>> rows;  // by name of the uncertainty, at its place
};

/// A file that is named at `named`, by the value at `path`. Nothing, and errors with their places
/// among the diagnostics, if it cannot be read, was changed since it was written, or does not hold
/// what its head says.
std::optional<FuturesFile> read_futures(const std::string& file, const sim::Mark& named,
                                        const std::string& path, sim::Diagnostics& diagnostics);

/// The text of a file; the number of futures and the hash in the head are put in. `rows` are
/// labels of settings, in the order of the uncertainties.
std::string futures_text(FuturesHead head, const std::vector<std::vector<std::string>>& rows);

}  // namespace optichain::models::study
