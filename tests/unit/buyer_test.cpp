// A buyer alone: how much it orders of whom, and what it tells the planner and the desks.
#include "tests/unit/agent_parts.hpp"

namespace optichain::models {
namespace {

// 100 parts are kept; the first seller gets twice what the second gets, and takes two weeks.
std::string shop(const std::string& stocks) {
  return R"(
name: shop
start: 2024-01-01
end: 2024-12-29
items: {part: {}}
sites:
  first: {sells: {part: {}}, recipes: {make: {makes: part}}}
  second: {sells: {part: {}}, recipes: {make: {makes: part}}}
  shop:
    sells: {part: {}}
    buys:
      part:
        from: {first: {share: 2}, second: {}}
        replenish: {base_stock: {level_pieces: 100}}
        forecast: constant
    stocks: {part: )" +
         stocks + R"(}
customers:
  buyer: {demand: {part: {pieces_per_week: 1, from: {shop: {}}}}}
lanes: {all: {from: any, to: any, transit_days: 14}}
)";
}

struct BuyingParts : PlanningParts {
  explicit BuyingParts(const std::string& stocks) : PlanningParts(shop(stocks), "shop") {}
  std::vector<agents::Buyer::Input> inputs() {
    const PurchaseId id = catalog[site].purchases.front();
    agents::Buyer::Input input{&catalog[id], {}, {}, &desk("shop.part"), std::nullopt, 10, false};
    for (const ChannelId c : catalog[id].channels) {
      input.channels.push_back(channels[c.index()].get());
      input.sellers.push_back(desks[catalog[c].offer.index()].get());
    }
    return {input};
  }
  std::int64_t ordered(const std::string& seller) {
    return channel("shop<" + seller + ".part").on_order().count();
  }
  agents::Buyer buyer{buyer_context, inputs()};
};

TEST_CASE("Buyer: orders what lacks of its level, from its sellers by their shares") {
  BuyingParts parts("{}");
  parts.put("shop.part", 10);
  parts.buyer.order(parts.planner, 1);
  CHECK(parts.ordered("first") == 60);
  CHECK(parts.ordered("second") == 30);

  // what is on order counts
  parts.buyer.order(parts.planner, 1);
  CHECK(parts.ordered("first") == 60);
  CHECK(parts.ordered("second") == 30);
}

TEST_CASE("Buyer: what is owed to buyers is ordered, too") {
  BuyingParts parts("{}");
  parts.put("shop.part", 10);
  parts.order("buyer<shop.part", 45);
  parts.buyer.order(parts.planner, 1);
  CHECK(parts.ordered("first") + parts.ordered("second") == 90 + 45);
}

TEST_CASE("Buyer: orders no more than there is room for") {
  BuyingParts parts("{room_pieces: 50}");
  parts.put("shop.part", 10);
  parts.buyer.order(parts.planner, 1);
  CHECK(parts.ordered("first") + parts.ordered("second") == 40);
}

TEST_CASE("Buyer: says what it found to the planner, and what is under way to the desk") {
  BuyingParts parts("{}");
  parts.put("shop.part", 10);
  parts.buyer.order(parts.planner, 1);
  REQUIRE(parts.buyer.found().size() == 1);
  CHECK(parts.buyer.found()[0].stock == parts.stock("shop.part"));
  CHECK(parts.buyer.found()[0].outlook.lead_weeks == 2);  // both sellers deliver from stock
  CHECK(parts.buyer.found()[0].outlook.owed == 0);        // orders reach them later

  REQUIRE(parts.buyer.sold_on().size() == 1);
  CHECK(parts.buyer.sold_on()[0].desk == &parts.desk("shop.part"));
  CHECK(parts.buyer.sold_on()[0].supply.coming == 90);
  CHECK(parts.buyer.sold_on()[0].supply.lead_weeks == 2);
}

TEST_CASE("Buyer: between reviews it orders, and observes nothing") {
  BuyingParts parts("{}");
  parts.buyer.order_between_reviews(parts.planner, 1);
  CHECK(parts.ordered("first") + parts.ordered("second") == 100);
  CHECK(parts.buyer.found().empty());
  CHECK(parts.buyer.sold_on().size() == 1);
}

}  // namespace
}  // namespace optichain::models
