#pragma once
// Options as every command takes them: what is typed is read by `sim/input/argument.hpp` alone, and
// what is refused is said with its limits. Some options that several commands have, in the same
// words.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "sim/base/rule.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::app {

/// From `low` to `high`, both included.
struct WholeRange {
  std::uint64_t low = 0, high = 0;
};
/// Any seed of random numbers.
inline constexpr WholeRange any_seed{0, UINT64_MAX};
inline constexpr WholeRange any_replications{1, 1'000'000};

/// A whole number in plain digits. Adds its option under these names; `take` is given what was
/// typed. The default that the help shows is `present`, if there is one.
CLI::Option* add_whole_number(CLI::App& command, const std::string& names, WholeRange range,
                              std::optional<std::uint64_t> present,
                              std::function<void(std::uint64_t)> take, const std::string& doc);
/// The same into a variable, whose value is shown as the default unless it is 0 and out of range.
template <std::unsigned_integral T>
CLI::Option* add_whole_number(CLI::App& command, const std::string& names, T& out, WholeRange range,
                              const std::string& doc) {
  const bool is_default = out >= range.low && out <= range.high;
  return add_whole_number(
      command, names, range, is_default ? std::optional<std::uint64_t>(out) : std::nullopt,
      [&out](std::uint64_t number) { out = static_cast<T>(number); }, doc);
}

/// A number within the limits of a rule.
CLI::Option* add_number(CLI::App& command, const std::string& names, double& out,
                        const sim::Rule& rule, const std::string& doc);
/// A day, month, quarter or year.
CLI::Option* add_date(CLI::App& command, const std::string& names, std::string& out,
                      const std::string& doc);
/// One of some words; the empty default is none of them.
CLI::Option* add_word(CLI::App& command, const std::string& names, std::string& out,
                      const std::vector<std::string>& words, const std::string& doc);
/// The name of a file or folder, or a title.
CLI::Option* add_name(CLI::App& command, const std::string& names, std::string& out,
                      const std::string& doc);
/// Some of them, each as often as it is given.
CLI::Option* add_names(CLI::App& command, const std::string& names, std::vector<std::string>& out,
                       const std::string& doc);
/// A text that the command reads itself; not empty.
CLI::Option* add_text(CLI::App& command, const std::string& names, std::string& out,
                      const std::string& doc);
/// Texts that are read elsewhere (`path=value`), in the order in which they are given.
CLI::Option* add_texts(CLI::App& command, const std::string& names, std::vector<std::string>& out,
                       const std::string& doc);
/// Something that is wanted if its name is given.
CLI::Option* add_flag(CLI::App& command, const std::string& names, bool& out,
                      const std::string& doc);

/// `--format`: table, json or csv.
void add_format(CLI::App& command, std::string& format);
sim::Format format_of(const std::string& name);

/// `--jobs`: how many processes at once.
void add_jobs(CLI::App& command, std::size_t& jobs);

/// `--set`: changes of a scenario.
void add_changes(CLI::App& command, std::vector<std::string>& changes);

/// Throws InputError: what was typed for an option cannot be used.
[[noreturn]] void refuse_option(const std::string& option, const std::string& message,
                                std::vector<std::string> notes = {});

}  // namespace optichain::models::app
