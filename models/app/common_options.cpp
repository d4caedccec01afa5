#include "models/app/common_options.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/diagnostics.hpp"
#include "sim/base/number.hpp"
#include "sim/input/argument.hpp"
#include "sim/input/refusal.hpp"

namespace optichain::models::app {
namespace {

constexpr int most_in_list = 1 << 20;

/// The value, or the end of the command line's reading with its problem.
template <class T>
T value_of(sim::Typed<T> typed, const std::string& option) {
  if (!typed.value) throw CLI::ValidationError(option, typed.problem);
  return std::move(*typed.value);
}

/// What messages call an option: the last of its names.
std::string shown_name(const std::string& names) {
  return names.substr(names.rfind(',') + 1);
}

/// An option with one value, which `take` reads. It throws CLI::ValidationError if it cannot.
CLI::Option* add_single(CLI::App& command, const std::string& names, const std::string& kind,
                        const std::string& doc, std::function<void(const std::string&)> take) {
  const auto callback = [take = std::move(take)](const CLI::results_t& typed) {
    take(typed.front());
    return true;
  };
  return command.add_option(names, callback, doc)->type_name(kind)->expected(1);
}

CLI::Option* add_list(CLI::App& command, const std::string& names, const std::string& doc,
                      std::vector<std::string>& out,
                      std::function<std::string(const std::string&)> read) {
  const auto callback = [&out, read = std::move(read)](const CLI::results_t& typed) {
    out.clear();
    for (const std::string& text : typed) out.push_back(read(text));
    return true;
  };
  return command.add_option(names, callback, doc)
      ->type_name("TEXT ...")
      ->expected(1, most_in_list)
      ->allow_extra_args(!names.starts_with('-'))
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

}  // namespace

CLI::Option* add_whole_number(CLI::App& command, const std::string& names, WholeRange range,
                              std::optional<std::uint64_t> present,
                              std::function<void(std::uint64_t)> take, const std::string& doc) {
  const auto read = [range, take = std::move(take),
                     name = shown_name(names)](const std::string& text) {
    take(value_of(sim::read_whole_number(text, range.low, range.high), name));
  };
  CLI::Option* option =
      add_single(command, names, fmt::format("{} to {}", range.low, range.high), doc, read);
  return present ? option->default_str(fmt::format("{}", *present)) : option;
}

CLI::Option* add_number(CLI::App& command, const std::string& names, double& out,
                        const sim::Rule& rule, const std::string& doc) {
  const auto read = [&out, rule, name = shown_name(names)](const std::string& text) {
    out = value_of(sim::read_number(text, rule), name);
  };
  return add_single(command, names, rule.range(), doc, read)->default_str(sim::format_number(out));
}

CLI::Option* add_date(CLI::App& command, const std::string& names, std::string& out,
                      const std::string& doc) {
  const auto read = [&out, name = shown_name(names)](const std::string& text) {
    value_of(sim::read_period(text), name);
    out = text;
  };
  return add_single(command, names, "DATE", doc, read)->default_str(out);
}

CLI::Option* add_word(CLI::App& command, const std::string& names, std::string& out,
                      const std::vector<std::string>& words, const std::string& doc) {
  const std::string all = fmt::format("{}", fmt::join(words, ", "));
  const auto read = [&out, words, all, name = shown_name(names)](const std::string& text) {
    if (std::find(words.begin(), words.end(), text) == words.end()) {
      throw CLI::ValidationError(
          name, fmt::format("expected one of {}, received {}", all, sim::in_quotes(text)));
    }
    out = text;
  };
  return add_single(command, names, fmt::format("{{{}}}", fmt::join(words, ",")), doc, read)
      ->default_str(out);
}

CLI::Option* add_name(CLI::App& command, const std::string& names, std::string& out,
                      const std::string& doc) {
  const auto read = [&out, name = shown_name(names)](const std::string& text) {
    out = value_of(sim::read_name(text), name);
  };
  return add_single(command, names, "TEXT", doc, read)->default_str(out);
}

CLI::Option* add_names(CLI::App& command, const std::string& names, std::vector<std::string>& out,
                       const std::string& doc) {
  return add_list(command, names, doc, out, [name = shown_name(names)](const std::string& text) {
    return value_of(sim::read_name(text), name);
  });
}

CLI::Option* add_text(CLI::App& command, const std::string& names, std::string& out,
                      const std::string& doc) {
  const auto read = [&out, name = shown_name(names)](const std::string& text) {
    if (text.empty()) throw CLI::ValidationError(name, "expected a value, received an empty text");
    out = text;
  };
  return add_single(command, names, "VALUE", doc, read)->default_str(out);
}

CLI::Option* add_texts(CLI::App& command, const std::string& names, std::vector<std::string>& out,
                       const std::string& doc) {
  return add_list(command, names, doc, out, [](const std::string& text) { return text; });
}

CLI::Option* add_flag(CLI::App& command, const std::string& names, bool& out,
                      const std::string& doc) {
  return command.add_flag(names, out, doc)->disable_flag_override();
}

void add_format(CLI::App& command, std::string& format) {
  add_word(command, "--format", format, {"table", "json", "csv"}, "how the result is written");
}

sim::Format format_of(const std::string& name) {
  if (name == "json") return sim::Format::json;
  return name == "csv" ? sim::Format::csv : sim::Format::table;
}

void add_jobs(CLI::App& command, std::size_t& jobs) {
  add_whole_number(
      command, "--jobs", {1, 1024}, std::nullopt, [&jobs](std::uint64_t number) { jobs = number; },
      "processes at once; all processors if left out");
}

void add_changes(CLI::App& command, std::vector<std::string>& changes) {
  add_texts(command, "--set", changes, "change a value: path=value");
}

void refuse_option(const std::string& option, const std::string& message,
                   std::vector<std::string> notes) {
  sim::refuse_input(option, message, std::move(notes));
}

}  // namespace optichain::models::app
