// A customer alone: what it orders, and what it gives up.
#include "models/agents/customer_agent.hpp"
#include "tests/unit/agent_parts.hpp"

namespace optichain::models {
namespace {

struct CustomerParts : AgentParts {
  explicit CustomerParts(const std::string& demand)
      : AgentParts(R"(
name: customer
start: 2024-01-01
end: 2024-12-29
items: {chip: {}}
sites: {fab: {recipes: {make: {makes: chip}}, sells: {chip: {}}}}
customers: {buyer: {demand: {chip: {)" +
                   demand + R"(, from: {fab: {}}}}}}
)") {
    kernel.add_agent("buyer", kernel.add_place("buyer"),
                     [this](sim::Agent& self) { customer.live(self); });
  }
  /// Runs to the end of the orders of a week, the first being 0.
  void run_week(int week) { kernel.run_until(kernel.start() + week * sim::one_week); }
  std::int64_t open() { return channel("buyer<fab.chip").not_shipped().count(); }

  agents::CustomerAgent::Context customer_context{
      {catalog, kernel, meters, sim::RunSeed{1, 0}}, real, terms, ledger, continuous_review};
  agents::CustomerAgent customer{
      customer_context, CustomerId{0}, {{DemandId{0}, {channels[0].get()}, {desks[0].get()}}}};
};

TEST_CASE("Customer: orders whole pieces, and no fraction is lost") {
  CustomerParts parts("pieces_per_week: 10.5");
  parts.run_week(0);
  CHECK(parts.open() == 10);
  parts.run_week(1);
  CHECK(parts.open() == 21);
  parts.run_week(3);
  CHECK(parts.open() == 42);
}

// Who waits for two weeks gives up in the third what it ordered in the first.
TEST_CASE("Customer: gives up what is not shipped after its patience") {
  CustomerParts parts("pieces_per_week: 10, patience_days: 14");
  parts.run_week(1);
  CHECK(parts.open() == 20);
  parts.run_week(2);
  CHECK(parts.open() == 20);
  parts.run_week(5);
  CHECK(parts.open() == 20);
  CHECK(parts.meters.total(parts.channel("buyer<fab.chip").meters().withdrawn) == 40);
}

}  // namespace
}  // namespace optichain::models
