#pragma once
// The kinds of root causes: one table, one row each. Whoever names a kind (figures, traces,
// screens, the page) takes its words from here.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace optichain::models::causes {

/// What must be in a scenario and awake for a kind to be found and reported at all.
enum class Requires { nothing, programs, agreements };

struct KindRow {
  std::string_view word;    // in names: causes.WORD.ITEM, and WORD/ITEM/WHERE
  std::string_view phrase;  // {} stands for the item or product
  std::string_view legend;  // what it means, after the word and a colon
  Requires requires_ = Requires::nothing;
};

/// In the order in which legends list them.
inline constexpr auto kind_rows = std::to_array<KindRow>({
    {"capacity", "capacity of {}", "a line is full"},
    {"limit", "limit on starts of {}", "a recipe's own tools and ramp"},
    {"supply", "no supply of {}", "neither made nor bought"},
    {"qualification", "qualification of {}", "no seller, variant or recipe is qualified"},
    {"program", "programs on {}", "an export control, an exit or a breakdown", Requires::programs},
    {"reserved", "{} reserved for others", "kept for the holder of an agreement",
     Requires::agreements},
    {"revision", "revised plans for {}", "wanted on shorter notice than the longest way takes"},
    {"lead_time", "lead time of {}", "all that is owed is in process or on its way"},
    {"planning", "planning of {}", "nothing was under way though it could have been"},
    {"earlier", "earlier orders for {}",
     "orders from before were served first (above 0) or this span's later (below 0)"},
});

/// One of the rows, by its word. A word that has no row does not compile.
class Kind {
 public:
  consteval explicit Kind(std::string_view word) : row_(row_of(word)) {}

  constexpr std::string_view word() const { return kind_rows[row_].word; }
  constexpr Requires required() const { return kind_rows[row_].requires_; }
  constexpr std::size_t index() const { return row_; }
  friend constexpr bool operator==(Kind, Kind) = default;

 private:
  static consteval std::size_t row_of(std::string_view word) {
    for (std::size_t k = 0; k < kind_rows.size(); ++k) {
      if (kind_rows[k].word == word) return k;
    }
    throw "no kind of cause has this word";
  }
  std::size_t row_;
};

/// The row of a word that was read from a store. Throws Error if there is none.
const KindRow& kind_row(std::string_view word);

/// `capacity of garnet_chip`: a kind and what it is found for, for people.
std::string phrase(std::string_view kind, std::string_view item);

/// What the words mean, in lines of at most `width` characters, for the foot of a table.
std::string legend(std::size_t width);

}  // namespace optichain::models::causes
