#include "tests/property/few_pieces_world.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "sim/base/number.hpp"
#include "sim/base/random.hpp"
#include "tests/property/inventory_world.hpp"

namespace optichain::models {
namespace {

using sim::Node;

class FewPiecesMaker {
 public:
  FewPiecesMaker(Node& world, std::uint64_t seed)
      : world_(world), stream_({.seed = seed, .replication = 0}, "random world", "few pieces") {}

  void make() {
    if (!chance(0.25)) return;
    if (chance(0.5)) world_.put("review_days", number(one_of({1, 28, 91})));
    for (auto& site : world_.find("sites")->entries()) change_site(site.value);
    for (auto& customer : world_.find("customers")->entries()) {
      if (chance(0.3)) customer.value.put("review_days", number(one_of({1, 14, 28, 91})));
      for (auto& demand : entries(customer.value, "demand")) change_demand(demand.value);
    }
    for (auto& agreement : entries(world_, "agreements")) change_agreement(agreement.value);
  }

 private:
  bool chance(double probability) { return stream_.uniform() < probability; }
  int whole(int low, int high) {
    return low + static_cast<int>(stream_.uniform() * (high - low + 1));
  }
  double one_of(const std::vector<double>& list) {
    return list[static_cast<std::size_t>(whole(0, static_cast<int>(list.size()) - 1))];
  }
  static Node number(double x) { return Node::scalar(sim::format_number(x)); }
  static Node under(const char* key, Node value) {
    Node node = Node::map();
    node.put(key, std::move(value));
    return node;
  }
  static std::vector<Node::Entry>& entries(Node& node, const char* key) {
    static std::vector<Node::Entry> none;
    Node* found = node.find(key);
    return found ? found->entries() : none;
  }

  // --- sites ---
  void change_site(Node& site) {
    if (chance(0.3)) site.put("review_days", number(one_of({1, 14, 28, 91})));
    for (auto& offer : entries(site, "sells")) {
      offer.value.erase("initial_forecast_per_week");
      if (chance(0.5)) offer.value.put("replenish", policy());
    }
    for (auto& recipe : entries(site, "recipes")) {
      if (recipe.value.find("lot_pieces")) recipe.value.put("lot_pieces", number(whole(1, 6)));
      if (recipe.value.find("initial_lots")) recipe.value.put("initial_lots", under_way());
    }
    for (auto& purchase : entries(site, "buys")) {
      purchase.value.erase("initial_forecast_per_week");
      if (chance(0.5)) purchase.value.put("replenish", policy());
      for (auto& source : entries(purchase.value, "from")) change_source(source.value);
    }
    for (const char* kept : {"sells", "buys"}) {
      for (const auto& entry : entries(site, kept)) change_stock(site, entry.key);
    }
    const bool by_review = has_policy(site, "anchor_and_adjust");
    if (!by_review && chance(0.5)) site.put("continuous_review", Node::scalar("true"));
  }
  static bool has_policy(Node& site, const char* policy) {
    for (const char* terms : {"sells", "buys"}) {
      for (const auto& entry : entries(site, terms)) {
        const Node* found = entry.value.find("replenish");
        if (found && found->find(policy)) return true;
      }
    }
    return false;
  }
  Node policy() {
    const int low = whole(0, 6);
    Node terms = Node::map();
    switch (whole(0, 2)) {
      case 0:
        return under("base_stock", under("level_pieces", number(low)));
      case 1:
        terms.put("reorder_pieces", number(low - 2));
        terms.put("quantity_pieces", number(whole(1, 6)));
        return under("reorder_quantity", terms);
      default:
        terms.put("min_pieces", number(low - 2));
        terms.put("max_pieces", number(low + whole(0, 6)));
        return under("min_max", terms);
    }
  }
  Node under_way() {
    Node all = Node::list();
    for (int left = whole(1, 3); left > 0; --left) {
      Node some = under("pieces", number(whole(0, 4)));
      some.put("in_days", number(whole(0, 60)));
      all.append(some);
    }
    return all;
  }
  void change_source(Node& source) {
    if (source.find("initial_orders") || chance(0.2)) source.put("initial_orders", under_way());
    if (source.find("initial_shipments") || chance(0.2)) {
      source.put("initial_shipments", under_way());
    }
    if (chance(0.4)) source.put("share", number(one_of({1, 0.4, 0.6, 0.05})));
  }

  /// Small, and with room for what is there and comes, and for little more.
  void change_stock(Node& site, const std::string& item) {
    if (!world_.find("items")->find(item)) return;  // a family, whose variants are kept
    if (!site.find("stocks")) site.put("stocks", Node::map());
    Node& stocks = *site.find("stocks");
    if (!stocks.find(item)) stocks.put(item, Node::map());
    Node& stock = *stocks.find(item);
    const bool is_hoard = !is_made(site, item) && !(site.find("buys") && bought(site, item));
    stock.erase("initial_weeks");
    const int there = is_hoard ? 1000 : whole(0, 5);
    stock.put("initial_pieces", number(there));
    stock.erase("room_pieces");
    if (is_hoard || !chance(0.5)) return;
    stock.put("room_pieces", number(std::max(largest_lot(site, item),
                                             there + initially_coming(site, item) + whole(0, 4))));
  }
  static bool bought(Node& site, const std::string& item) { return site.find("buys")->find(item); }
  static bool is_made(Node& site, const std::string& item) {
    for (const auto& recipe : entries(site, "recipes")) {
      if (recipe.value.find("makes")->text() == item) return true;
    }
    return false;
  }
  // --- customers and agreements ---
  void change_demand(Node& demand) {
    demand.put("pieces_per_week", number(one_of({1, 2, 0.4, 0.1, 5})));
    demand.erase("revisions");
    if (chance(0.5)) demand.erase("variation");
    for (auto& source : entries(demand, "from")) change_source(source.value);
  }
  void change_agreement(Node& agreement) {
    if (agreement.find("pieces_per_week")) {
      agreement.put("pieces_per_week", number(one_of({0.3, 1, 2.5})));
    }
    Node* through = agreement.find("through");
    if (!through) return;
    for (auto& taker : through->entries()) taker.value = number(one_of({1, 0.5, 3}));
  }

  Node& world_;
  sim::Stream stream_;
};

}  // namespace

void add_few_pieces(Node& world, std::uint64_t seed) {
  FewPiecesMaker(world, seed).make();
}

}  // namespace optichain::models
