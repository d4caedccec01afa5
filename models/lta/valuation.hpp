#pragma once
// What every option is worth to every party, run by run, as of the day of the decision.

#include <string>
#include <string_view>
#include <vector>

#include "models/measures/figure_name.hpp"
#include "models/sweep/results.hpp"

namespace optichain::models::lta {

/// A number for each run, by policy, then future, then replication; NaN where the run failed.
using Runs = std::vector<double>;

struct PartyValue {
  measures::Entity entity;  // a site or a customer
  /// Net present value in USD: cash from the day of the decision on, what is still to be paid and
  /// received at the end, a part of the stocks; of a customer less the cost of what it wanted and
  /// was not delivered.
  Runs npv;
  /// The same cash by quarter, not discounted.
  std::vector<Runs> cash;
};

/// Of the customers' demand from the day of the decision on.
struct CustomerService {
  measures::Entity entity;
  Runs fill_rate;  // pieces delivered over pieces wanted, at most 1
  /// Piece days and pieces: one over the other is the lead time, with what still waits
  /// (models/world/waits.hpp).
  Runs waited, delivered;
  Runs still_waiting;  // pieces at the end; NaN if that was not kept
};

/// Of what a customer wanted the part that was delivered, at most all; NaN of a run that failed
/// (both are NaN) and where nothing was wanted.
double delivered_of_wanted(double delivered, double wanted);

class Valuation {
 public:
  /// Throws InputError or Error if the store is not of a study with a decision.
  explicit Valuation(const sweep::SweepResults& results);

  std::size_t policies() const { return policies_; }
  std::size_t futures() const { return futures_; }
  std::size_t replications() const { return replications_; }
  std::size_t at(std::size_t policy, std::size_t future, std::size_t replication) const {
    return (policy * futures_ + future) * replications_ + replication;
  }
  const std::vector<std::string>& quarters() const { return quarters_; }
  const std::vector<PartyValue>& parties() const { return parties_; }
  const PartyValue& party(std::string_view name) const;  // without the group
  const std::vector<CustomerService>& customers() const { return customers_; }

 private:
  struct Quarter {
    std::string name;
    double years;  // from the decision to its middle
  };
  void find_quarters(const sweep::SweepResults& results);
  void add_party(const sweep::SweepResults& results, const measures::Entity& entity);
  void add_customer(const sweep::SweepResults& results, const measures::Entity& entity);

  std::size_t policies_, futures_, replications_;
  study::Decision decision_;
  std::vector<Quarter> spans_;
  std::vector<std::string> quarters_;
  double years_to_end_ = 0;
  std::vector<PartyValue> parties_;
  std::vector<CustomerService> customers_;
};

}  // namespace optichain::models::lta
