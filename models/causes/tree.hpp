#pragma once
// The tree from unmet pieces back to their causes, as rows: computed and cut here, once, for
// screen, page and data alike.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/causes/trace.hpp"

namespace optichain::models::causes {

/// Parts smaller than this share of all that is missing are put together.
inline constexpr double least_share = 0.02;

struct TreeRow {
  enum class Kind {
    step,      // pieces were handed on; the rows that are one deeper say where to
    repeated,  // a step whose rows stand further up
    cause,     // of one kind and item
    rest,      // smaller parts
  };
  std::size_t depth = 0;
  Kind kind = Kind::step;
  std::string name;  // an item, site.item, or a cause in words; empty of the rest
  double pieces = 0;
  double share = 0;   // of all that is missing
  std::string where;  // of a cause
};

/// A row for each part, those it is made of after it and one deeper.
struct Tree {
  double pieces = 0;  // all that is missing
  std::vector<TreeRow> rows;
};

struct TreeOptions {
  double divisor = 1;    // of pieces: replications whose traces were added up
  bool by_site = false;  // steps are stock points instead of items
  double least = least_share;
};

/// The traces of one span of time, to be told from any step.
class Trees {
 public:
  Trees(const std::vector<Trace>& traces, const TreeOptions& options);

  /// From all that customers did not get.
  Tree all() const;
  /// From what is missing of one step; nothing if it has handed on nothing.
  Tree from(const std::string& step) const;
  /// What everything is traced back to in the end.
  Tree causes() const;

 private:
  using Pieces = std::map<std::string, std::int64_t>;
  struct Flow {
    Pieces to;
    std::int64_t total = 0;
  };
  struct Part {
    std::string name;
    std::int64_t pieces;
  };
  struct Branch;
  struct Telling;
  std::string label(const std::string& node) const;
  Tree tell(const std::vector<Part>& parts, std::string_view from) const;
  static std::vector<Part> sorted(const Pieces& pieces);
  static std::vector<Part> split(const Flow& flow, std::int64_t pieces);
  static std::vector<Branch> branches(const std::vector<Part>& parts);
  void tell_parts(Telling& telling, const std::vector<Part>& parts) const;

  TreeOptions options_;
  std::map<std::string, Flow> flows_;
};

}  // namespace optichain::models::causes
