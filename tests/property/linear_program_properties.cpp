// Goals in order of rank, on random programs of production with stock.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "models/network/linear_program.hpp"

namespace optichain::models {
namespace {

TEST_CASE("Linear program: a later goal never costs an earlier one anything") {
  CHECK(rc::check([] {
    const int periods = *rc::gen::inRange(2, 8), goods = *rc::gen::inRange(2, 6);
    const auto some = [](int low, int high, double unit) {
      return unit * *rc::gen::inRange(low, high);
    };
    network::LinearProgram program;
    std::vector<network::LinearSolver::Term> revenue, pieces, early;
    std::vector<network::LinearProgram::Row> stock(static_cast<std::size_t>(goods));
    for (int t = 0; t < periods; ++t) {
      const auto line = program.add_row(some(0, 5000, 0.37));
      for (std::size_t g = 0; g < stock.size(); ++g) {
        const auto before = stock[g];
        stock[g] = program.add_row(t == 0 ? some(0, 300, 1) : 0);
        if (t > 0) program.add_column({{before, 1}, {stock[g], -1}});
        const auto demand = program.add_row(some(0, 900, 0.73));
        network::LinearProgram::Column made = 0;
        if (g == 0) {
          made = program.add_column({{line, some(1, 40, 0.1)}, {stock[g], -some(1, 100, 0.01)}});
        } else {
          made = program.add_column({{line, some(1, 40, 0.1)},
                                     {stock[g - 1], some(1, 50, 0.03)},
                                     {stock[g], -some(1, 100, 0.01)}});
        }
        RC_ASSERT(made >= 0);
        const auto sold = program.add_column({{stock[g], 1}, {demand, 1}});
        revenue.push_back({sold, some(1, 100000, 0.13)});
        pieces.push_back({sold, 1});
        early.push_back({sold, static_cast<double>(periods - t)});
      }
    }
    network::LinearSolver solver(program);
    const auto sum = [&](const std::vector<network::LinearSolver::Term>& terms) {
      double total = 0;
      for (const auto& term : terms) total += term.weight * solver.value(term.column);
      return total;
    };
    const double most_revenue = solver.maximise(revenue);
    solver.keep_maximum();
    const double most_pieces = solver.maximise(pieces);
    solver.keep_maximum();
    solver.maximise(early);
    RC_ASSERT(sum(revenue) >= most_revenue * (1 - 1e-6) - 1e-2);
    RC_ASSERT(sum(pieces) >= most_pieces * (1 - 1e-6) - 1e-4);
  }));
}

}  // namespace
}  // namespace optichain::models
