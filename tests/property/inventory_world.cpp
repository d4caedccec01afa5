#include "tests/property/inventory_world.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/base/number.hpp"
#include "sim/base/random.hpp"

namespace optichain::models {
namespace {

using sim::Node;

std::vector<Node::Entry>& entries(Node& node, const char* key) {
  static std::vector<Node::Entry> none;
  Node* found = node.find(key);
  return found ? found->entries() : none;
}

class InventoryMaker {
 public:
  InventoryMaker(Node& world, std::uint64_t seed, WorldKind kind)
      : world_(world),
        usual_(kind == WorldKind::usual),
        stream_({.seed = seed, .replication = 0}, "random world", "inventory") {}

  void make() {
    if (!chance(0.35)) return;
    for (auto& site : world_.find("sites")->entries()) change_site(site.value);
    for (auto& lane : entries(world_, "lanes")) {
      if (chance(0.3)) lane.value.put("freight_usd_per_shipment", number(size(0.1, 100)));
    }
    for (auto& customer : world_.find("customers")->entries()) {
      for (auto& demand : entries(customer.value, "demand")) change_demand(demand);
    }
    if (chance(0.5)) add_disruption();
  }

 private:
  // --- dice and pieces of YAML ---
  bool chance(double probability) { return stream_.uniform() < probability; }
  double size(double low, double high) { return low * std::pow(high / low, stream_.uniform()); }
  double whole(double low, double high) { return std::floor(size(low, high)); }
  template <class T>
  T one_of(std::initializer_list<T> list) {
    const auto n = static_cast<double>(list.size());
    return list.begin()[static_cast<std::size_t>(stream_.uniform() * n)];
  }
  static Node number(double x) {
    return Node::scalar(sim::format_number(std::round(x * 1e4) / 1e4));
  }
  static Node under(const char* key, Node value) {
    Node node = Node::map();
    node.put(key, std::move(value));
    return node;
  }

  // --- sites ---
  void change_site(Node& site) {
    const bool continuous = chance(0.4);
    if (chance(0.4)) site.put("charged", Node::scalar("continuously"));
    for (auto& line : entries(site, "lines")) {
      if (chance(0.3)) line.value.put("servers", number(whole(1, 5)));
      if (chance(0.2)) line.value.put("release", Node::scalar("push"));
      if (chance(0.2))
        line.value.put("release", under("conwip", under("pieces", number(whole(1, 5000)))));
    }
    for (auto& recipe : entries(site, "recipes")) {
      if (usual_ && chance(0.2)) recipe.value.put("lot_pieces", number(whole(100, 1e5)));
      if (!recipe.value.find("line") || !chance(0.4)) continue;
      recipe.value.put("work_factor", chance(0.5) ? under("exponential", under("mean", number(1)))
                                                  : number(size(0.3, 3)));
    }
    for (auto& offer : entries(site, "sells")) change_offer(offer.value, offer.key);
    for (auto& purchase : entries(site, "buys")) {
      if (chance(0.4)) purchase.value.put("replenish", policy(purchase.key));
      for (auto& source : entries(purchase.value, "from")) add_order_cost(source.value);
    }
    for (auto& stock : entries(site, "stocks")) {
      const Node* initial = stock.value.find("initial_pieces");
      if (!chance(0.3)) continue;
      const double there = initial ? sim::parse_number(initial->text()).value() : 0;
      const double coming = initially_coming(site, stock.key);
      stock.value.put("room_pieces", number(std::max(largest_lot(site, stock.key),
                                                     there + coming + whole(1, 5000))));
    }
    if (continuous && !orders_by_review(site)) {
      site.put("continuous_review", Node::scalar("true"));
    }
  }
  static bool orders_by_review(Node& site) {
    for (const char* terms : {"sells", "buys"}) {
      for (const auto& entry : entries(site, terms)) {
        const Node* policy = entry.value.find("replenish");
        if (policy && policy->find("anchor_and_adjust")) return true;
      }
    }
    return false;
  }
  void change_offer(Node& offer, const std::string& product) {
    if (chance(0.4)) offer.put("replenish", policy(product));
    if (chance(0.3)) offer.put("in_transit_usd_per_piece_week", number(size(0.01, 2)));
    if (chance(0.3)) offer.put("backlog_usd_per_piece_week", number(size(0.01, 2)));
  }
  void add_order_cost(Node& source) {
    if (chance(0.3)) source.put("order_usd", number(size(0.1, 1000)));
  }
  /// Whether every piece of what is made of an item has as much of it in it: each lone item, and
  /// made in one way only.
  bool is_countable(const std::string& item) {
    for (auto& site : world_.find("sites")->entries()) {
      for (auto& recipe : entries(site.value, "recipes")) {
        const Node* inputs = recipe.value.find("inputs");
        if (!inputs || !inputs->find(item)) continue;
        const std::string made = recipe.value.find("makes")->text();
        const Node* terms = world_.find("items")->find(made);
        if (terms->find("family") || ways_to_make(made) > 1 || !is_countable(made)) return false;
      }
    }
    return true;
  }
  int ways_to_make(const std::string& item) {
    int ways = 0;
    for (auto& site : world_.find("sites")->entries()) {
      for (auto& recipe : entries(site.value, "recipes")) {
        if (recipe.value.find("makes")->text() == item) ++ways;
      }
    }
    return ways;
  }
  Node policy(const std::string& product) {
    const double low = chance(0.2) ? -whole(1, 100) : whole(1, 1000);
    const Node* item = world_.find("items")->find(product);
    if (item && !item->find("family") && chance(0.3) && is_countable(product)) {
      return under("echelon_base_stock", under("level_pieces", number(whole(50, 5000))));
    }
    Node terms = Node::map();
    if (chance(0.5)) {
      terms.put("min_pieces", number(low));
      terms.put("max_pieces", number(low + whole(1, 2000)));
      return under("min_max", terms);
    }
    terms.put("reorder_pieces", number(low));
    terms.put("quantity_pieces", number(whole(1, 500)));
    return under("reorder_quantity", terms);
  }

  // --- customers and programs ---
  template <class Entry>
  void change_demand(Entry& entry) {
    Node& demand = entry.value;
    if (chance(0.2)) demand.put("patience_days", number(0));
    for (auto& source : entries(demand, "from")) add_order_cost(source.value);
    if (usual_ && chance(0.3)) {
      demand.put("variation",
                 under("poisson_process", under("pieces_per_order", number(whole(20, 2000)))));
    } else if (chance(0.2)) {
      Node quantities = Node::list();
      for (double left = whole(1, 60); left > 0; --left) {
        quantities.append(number(chance(0.3) ? 0 : whole(1, 300)));
      }
      Node trace = under("quantities", quantities);
      if (chance(0.5)) trace.put("pieces_per_unit", number(size(0.1, 10)));
      if (!is_substituted(entry.key)) demand.put("variation", under("trace", trace));
    }
  }
  /// Whether demand may turn from a product or to it: then it is no trace.
  bool is_substituted(const std::string& product) const {
    const Node* all = world_.find("substitutions");
    return all && std::any_of(all->entries().begin(), all->entries().end(), [&](const auto& s) {
             return s.value.find("from")->text() == product ||
                    s.value.find("to")->text() == product;
           });
  }
  void add_disruption() {
    const auto& sites = world_.find("sites")->entries();
    const auto which =
        static_cast<std::size_t>(stream_.uniform() * static_cast<double>(sites.size()));
    // what is taken along for agreements cannot be held up on its way
    const bool agreed = world_.find("agreements") != nullptr;
    const char* activity = agreed ? one_of({"orders", "shipments"})
                                  : one_of({"orders", "shipments", "transit", "receipts"});
    const Node* buys = sites[which].value.find("buys");
    if (buys && !buys->entries().empty() && chance(0.25)) activity = "supply";
    Node terms = under("site", Node::scalar(sites[which].key));
    terms.put("pauses", Node::scalar(activity));
    Node when = Node::map();
    if (chance(0.5)) {
      Node law = under("starts", number(size(0.01, 0.5)));
      law.put("ends", number(size(0.05, 1)));
      law.put("every_days", number(size(0.5, 20)));
      when = under("markov", law);
    } else {
      const double days = size(0.1, 30);
      Node law = under("from", Node::scalar(one_of({"2025-11-03", "2026-02-01", "2026-09-09"})));
      law.put("days", number(days));
      if (chance(0.5)) law.put("every_days", number(days + size(1, 60)));
      when = under("dated", law);
    }
    terms.put("when", when);
    if (!world_.find("programs")) world_.put("programs", Node::map());
    world_.find("programs")->put("pause", under("disruption", terms));
  }

  Node& world_;
  bool usual_;
  sim::Stream stream_;
};

}  // namespace

double initially_coming(Node& site, const std::string& item) {
  double sum = 0;
  const auto add = [&](const Node* pieces) {
    if (!pieces) return;
    for (const Node& some : pieces->items()) {
      sum += sim::parse_number(some.find("pieces")->text()).value();
    }
  };
  for (auto& purchase : entries(site, "buys")) {
    if (purchase.key != item) continue;
    for (const auto& source : entries(purchase.value, "from")) {
      add(source.value.find("initial_orders"));
      add(source.value.find("initial_shipments"));
    }
  }
  for (const auto& recipe : entries(site, "recipes")) {
    const Node* makes = recipe.value.find("makes");
    if (makes && makes->text() == item) add(recipe.value.find("initial_lots"));
  }
  return sum;
}

double largest_lot(const sim::Node& site, const std::string& item) {
  double lot = 1;
  for (const char* terms : {"sells", "buys"}) {
    const sim::Node* all = site.find(terms);
    const sim::Node* found = all ? all->find(item) : nullptr;
    const sim::Node* policy = found ? found->find("replenish") : nullptr;
    const sim::Node* lots = policy ? policy->find("reorder_quantity") : nullptr;
    if (!lots) continue;
    lot = std::max(lot, sim::parse_number(lots->find("quantity_pieces")->text()).value());
  }
  return lot;
}

void add_inventory(Node& world, std::uint64_t seed, WorldKind kind) {
  InventoryMaker(world, seed, kind).make();
}

}  // namespace optichain::models
