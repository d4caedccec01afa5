#pragma once
// What people see of a sweep: the plan, how far it has come, what came of it.

#include <string>

#include "models/sweep/run.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::app {

/// Points, runs, chunks, and an estimate of time and disk on so many processes.
std::string plan_report(const sweep::Plan& plan, std::uint64_t done_before, std::size_t jobs,
                        sim::Format format);

/// Says on stderr what went wrong in the work of a sweep, and how it ended. The exit code.
int report_work(const sweep::SweepOutcome& outcome, const sweep::SweepFiles& files);

/// Warns on stderr of levers and uncertainties that can do nothing: a few are listed, many counted,
/// and `check` lists them all.
void say_idle_factors(const study::LoadedStudy& study, const std::string& file);

/// Says on stderr on which levers no figure of a merged sweep depended.
void say_inert_levers(const std::string& folder);

/// Prints what the folder says; with `watch`, again and again until nothing is missing. The exit
/// code.
int show_status(const std::string& folder, sim::Format format, bool watch);

/// Of a merged sweep, the mean of each figure for each policy, over futures and replications.
std::string sweep_summary(const std::string& folder, sim::Format format);

/// The number, from 0, of the part of an array job that this process is: Slurm, PBS, SGE, LSF, AWS
/// Batch, Kubernetes, Google Batch, HyperQueue. Throws InputError if there is none.
std::uint64_t shard_of_environment();

}  // namespace optichain::models::app
