#include "tests/property/random_world.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "models/policy/allocation/all.hpp"
#include "models/policy/forecast/all.hpp"
#include "models/policy/replenishment/all.hpp"
#include "models/policy/sharing/all.hpp"
#include "sim/base/number.hpp"
#include "sim/base/time.hpp"
#include "sim/input/writer.hpp"
#include "tests/property/dice.hpp"
#include "tests/property/each_policy.hpp"
#include "tests/property/few_pieces_world.hpp"
#include "tests/property/inventory_world.hpp"

namespace optichain::models {
namespace {

using sim::Node;

// --- pieces of YAML ------------------------------------------------------------------------------

/// A number with three digits, as a person would write it.
Node number(double x) {
  if (x != 0 && std::fabs(x) < 1e15) {
    const double digit = std::pow(10.0, std::floor(std::log10(std::fabs(x))) - 2);
    x = digit >= 1 ? std::round(x / digit) * digit : std::round(x / digit) / std::round(1 / digit);
  }
  return Node::scalar(sim::format_number(x));
}
Node word(std::string text) {
  return Node::scalar(std::move(text));
}
Node map(std::vector<std::pair<std::string, Node>> entries) {
  Node node = Node::map();
  for (auto& [key, value] : entries) node.put(std::move(key), std::move(value));
  return node;
}
Node under(std::string key, Node value) {
  return map({{std::move(key), std::move(value)}});
}
Node list(std::vector<Node> items) {
  Node node = Node::list();
  for (Node& item : items) node.append(std::move(item));
  return node;
}

// --- a world -------------------------------------------------------------------------------------

class WorldMaker {
 public:
  WorldMaker(std::uint64_t seed, WorldKind kind)
      : seed_(seed),
        extreme_(kind == WorldKind::extreme),
        few_(Dice(seed, "few pieces").chance(0.2)),
        dice_(seed, extreme_ ? "extreme" : ""),
        money_(seed, extreme_ ? "extreme money" : "money"),
        change_dice_(seed, extreme_ ? "extreme changes" : "changes") {}

  Node make() {
    make_time();
    make_items();
    make_makers();
    make_warehouses();
    make_customers();
    make_lanes();
    make_agreements();
    make_programs();
    if (money_.chance(0.4)) add_money();
    world_.put("families", families_);
    world_.put("items", items_);
    world_.put("sites", sites_);
    world_.put("lanes", lanes_);
    world_.put("customers", customers_);
    if (!agreements_.entries().empty()) world_.put("agreements", agreements_);
    if (!programs_.entries().empty()) world_.put("programs", programs_);
    make_migrations();
    make_qualifications();
    make_substitutions();
    return world_;
  }

 private:
  struct Product {
    std::string name;                   // a family or a lone item
    std::vector<std::string> variants;  // of a lone item: itself
    int tier;
  };
  struct Seller {
    std::string site;
    std::vector<std::string> variants;  // what the site keeps of the product
  };

  // --- dates and numbers ---
  std::string day(int after_start) const {
    return sim::format_time(start_ + std::chrono::days{after_start});
  }
  std::string some_day() { return day(dice_.whole(-warm_up_ - 60, length_ + 60)); }
  std::string early_day() { return day(dice_.whole(-warm_up_ - 30, length_ / 2)); }

  /// A number for which an extreme world may take one of the ends instead.
  double pick(double usual, const std::vector<double>& ends) {
    return extreme_ && dice_.chance(0.12) ? dice_.one_of(ends) : usual;
  }

  /// Around 1, and never below 0.
  Node factor() {
    switch (dice_.whole(0, 7)) {
      case 0:
        return under("uniform", map({{"low", number(0.5)}, {"high", number(1.5)}}));
      case 1:
        return under("triangular",
                     map({{"low", number(0.3)}, {"mode", number(1)}, {"high", number(2)}}));
      case 2:
        return under("pert",
                     map({{"low", number(0.5)}, {"mode", number(0.9)}, {"high", number(2)}}));
      case 3:
        return under("normal", map({{"mean", number(1)}, {"sd", number(0.5)}, {"min", number(0)}}));
      case 4:
        return under("lognormal",
                     map({{"mean", number(1)}, {"sd", number(dice_.between(0.05, 1))}}));
      case 5:
        return under("gamma", map({{"mean", number(1)}, {"sd", number(dice_.between(0.1, 1.5))}}));
      case 6:
        return under("beta", map({{"mean", number(1)},
                                  {"sd", number(0.4)},
                                  {"low", number(0)},
                                  {"high", number(2)}}));
      default:
        return under("empirical", map({{"values", list({number(0.5), number(1), number(1.4)})},
                                       {"weights", list({number(1), number(3), number(1)})}}));
    }
  }

  /// A dated curve around a number.
  Node curve(double base, double most) {
    Node knots = Node::map();
    int at = dice_.whole(-warm_up_ - 90, length_ / 2);
    for (int left = dice_.whole(1, 4); left > 0; --left) {
      const double value = dice_.chance(0.1) ? 0 : base * dice_.between(0.2, 2);
      knots.put(day(at), number(std::min(value, most)));
      at += dice_.whole(1, length_ / 2 + 1);
    }
    return dice_.chance(0.3) ? under("steps", knots) : knots;
  }

  enum Form { constant_or_curve = 0, with_factor = 1, weekly = 2 };
  Node value(double base, double most, int forms = constant_or_curve) {
    const double way = dice_.between(0, 1);
    // what varies around a number must stay within the limits, too
    if (way < 0.55 || base > most / 200) return number(base);
    if ((forms & with_factor) && way < 0.65) {
      return map(
          {{"curve", dice_.chance(0.5) ? number(base) : curve(base, most)}, {"factor", factor()}});
    }
    if ((forms & weekly) && way < 0.7) {
      Node totals = Node::map();
      for (int year = 2025; year < 2030; ++year) {
        totals.put(fmt::format("{}", year), number(52 * base * dice_.between(0.3, 1.7)));
      }
      return under("volumes", totals);
    }
    return curve(base, most);
  }

  /// Days on the way or in process: fixed, by date, or drawn each time.
  Node days(double usual) {
    usual = pick(quick_ ? usual / 20 : usual, {0, 1000, 0.0001});
    if (dice_.chance(0.5)) return number(usual);
    if (dice_.chance(0.5) || usual == 0) return curve(usual, 36525);
    switch (dice_.whole(0, 3)) {
      case 0:
        return under("triangular", map({{"low", number(usual / 2)},
                                        {"mode", number(usual)},
                                        {"high", number(usual * 3)}}));
      case 1:
        return under("lognormal", map({{"mean", number(usual)}, {"sd", number(usual / 2)}}));
      case 2:
        return under("exponential", under("mean", number(usual)));
      default:
        return map({{"curve", curve(usual, 1000)}, {"factor", factor()}});
    }
  }

  Node pieces_under_way(double usual) {
    Node all = Node::list();
    for (int left = dice_.whole(1, 3); left > 0; --left) {
      const double some = std::floor(dice_.between(0, 2 * usual));
      all.append(map({{"pieces", number(pick(some, {0, 1, 1e9}))},
                      {"in_days", number(dice_.chance(0.3) ? dice_.whole(0, 30)
                                                           : dice_.between(0, length_ + 60))}}));
    }
    return all;
  }

  // --- time ---
  void make_time() {
    start_ = sim::Date{std::chrono::year{2026} / 1 / 1} + std::chrono::days{dice_.whole(0, 500)};
    length_ = dice_.chance(0.1) ? dice_.whole(0, 40) : dice_.whole(60, 700);
    warm_up_ = dice_.chance(0.5) ? 0 : dice_.whole(1, 200);
    if (extreme_ && dice_.chance(0.2)) warm_up_ = dice_.one_of<int>({1000, 5000});
    review_ = dice_.chance(0.6) ? 7 : dice_.one_of<int>({1, 2, 5, 10, 14, 28});
    if (extreme_ && dice_.chance(0.3)) review_ = dice_.one_of<int>({1, 90, 3653});
    world_.put("name", word(fmt::format("World {}{}", seed_, extreme_ ? ", extreme" : "")));
    world_.put("start", word(day(0)));
    world_.put("end", word(day(length_)));
    if (warm_up_ > 0) world_.put("warm_up_days", number(warm_up_));
    world_.put("review_days", number(review_));
  }
  void add_rhythm(Node& party) {
    if (dice_.chance(0.25)) {
      party.put("review_days",
                number(pick(dice_.one_of<double>({1, 2.5, 7, 14, 30}), {0.05, 1, 90})));
    }
    if (dice_.chance(0.4)) party.put("review_offset_days", number(dice_.between(0, 9)));
  }

  // --- items ---
  void make_items() {
    tiers_ = dice_.whole(2, 4);
    quick_ = dice_.chance(0.4);
    busy_ = dice_.chance(0.5);
    over_orders_ = dice_.chance(0.25);
    shares_plans_ = dice_.chance(0.3);
    const std::vector<std::string> stems = {"ore", "chip", "part", "unit"};
    for (int tier = 0; tier < tiers_; ++tier) {
      for (int p = dice_.whole(1, tier == 0 ? 2 : 3); p > 0; --p) {
        const bool last = tier + 1 == tiers_;
        Product product{fmt::format("{}_{}", stems[static_cast<std::size_t>(tier)], p), {}, tier};
        const double price = pick(dice_.size(0.5, 50) * std::pow(5.0, tier), {0, 1e-6, 1e9});
        if (dice_.chance(last ? 0.85 : 0.25)) {
          Node family = Node::map();
          if (dice_.chance(0.5)) family.put("gbps_per_piece", number(dice_.whole(0, 1600)));
          if (dice_.chance(0.1)) family.put("in_market", word("false"));
          families_.put(product.name, family);
          for (int v = dice_.whole(1, 3); v > 0; --v) {
            product.variants.push_back(fmt::format("{}_{}", product.name, "xabc"[v]));
            Node item = under("family", word(product.name));
            item.put("price_usd", value(price, 1e9, with_factor));
            if (dice_.chance(0.5)) item.put("technology", word(dice_.chance(0.5) ? "old" : "new"));
            items_.put(product.variants.back(), item);
          }
        } else {
          product.variants.push_back(product.name);
          items_.put(product.name, under("price_usd", value(price, 1e9, with_factor)));
        }
        products_.push_back(product);
      }
    }
  }
  const Product& product_of(const std::string& item) const {
    return *std::find_if(products_.begin(), products_.end(), [&](const Product& p) {
      return std::find(p.variants.begin(), p.variants.end(), item) != p.variants.end();
    });
  }
  std::vector<std::string> items_below(int tier) const {
    std::vector<std::string> below;
    for (const Product& p : products_) {
      if (p.tier >= tier) continue;
      for (const std::string& v : p.variants) {
        below.push_back(v);
        if (p.tier + 1 == tier) below.push_back(v);  // twice as likely
      }
    }
    return below;
  }

  // --- terms of buying and selling ---
  Node replenishment() {
    switch (dice_.whole(0, 5)) {
      case 0:
        return under(
            "base_stock",
            under("level_pieces", number(pick(std::floor(dice_.size(50, 3000)), {0, 1e12}))));
      case 1:
        return under("anchor_and_adjust",
                     map({{"alpha", number(dice_.between(0, 1))},
                          {"beta", number(dice_.between(0, 1))},
                          {"target_pieces", number(pick(dice_.size(20, 2000), {0, 1e12}))}}));
      case 2:
        return word("order_up_to");
      default:
        return under("order_up_to",
                     map({{"safety_weeks", number(pick(dice_.between(0, 8), {0, 520}))},
                          {"lead_time_cap_weeks", number(pick(dice_.between(2, 60), {0, 1040}))}}));
    }
  }
  Node forecast() {
    switch (dice_.whole(0, 5)) {
      case 0:
        return word("constant");
      case 1:
        return under("exponential", under("alpha", number(dice_.between(0, 1))));
      case 2: {
        Node trend =
            map({{"alpha", number(dice_.between(0, 1))}, {"beta", number(dice_.between(0, 0.5))}});
        if (dice_.chance(0.5)) trend.put("phi", number(pick(dice_.between(0.5, 1), {0.01, 1})));
        return under("trend", trend);
      }
      case 4:
        return word(shares_plans_ ? "shared" : "exponential");
      case 3:
        return under("moving_average", under("reviews", number(dice_.whole(1, 20))));
      default:
        return word("exponential");
    }
  }
  Node over_ordering() {
    if (dice_.chance(0.2)) return Node::map();  // with every default
    return map({{"cap", number(pick(dice_.between(1, 3), {1, 10}))},
                {"sensitivity", number(pick(dice_.between(0, 3), {0, 10}))},
                {"memory_weeks", number(pick(dice_.size(1, 40), {0.1, 520}))},
                {"when", word(dice_.chance(0.3) ? "it_pays" : "always")}});
  }
  Node allocation() {
    switch (dice_.whole(0, 6)) {
      case 5:
        return word("linear");
      case 6:
        return word("talmud");
      case 0:
        return word("proportional");
      case 1:
        return under("priority", under("buyers", Node::list()));  // filled in at the end
      case 2:
        return word("uniform");
      case 3:
        return dice_.chance(0.5)
                   ? word("historical")
                   : under("historical", under("memory_weeks", number(dice_.size(1, 100))));
      default:
        return word("highest_price");
    }
  }

  /// Sells a product of which the site keeps some variants.
  void add_offer(Node& sells, const Product& product, const std::vector<std::string>& variants,
                 const std::string& site) {
    Node offer = Node::map();
    if (dice_.chance(0.7)) offer.put("allocation", allocation());
    if (dice_.chance(0.7)) offer.put("replenish", replenishment());
    if (dice_.chance(0.7)) offer.put("forecast", forecast());
    if (dice_.chance(0.3)) {
      offer.put("initial_forecast_per_week", number(pick(dice_.size(1, 500), {0, 1e9})));
    }
    if (dice_.chance(0.2)) {
      offer.put("price_usd", value(pick(dice_.size(1, 500), {0, 1e-6, 1e9}), 1e9, with_factor));
    }
    if (dice_.chance(0.2)) {
      offer.put("backlog_usd_per_piece_week", number(pick(dice_.between(0, 5), {1e6})));
    }
    if (variants.size() > 1) {
      if (dice_.chance(0.6)) {
        Node mix = Node::map();
        for (const std::string& v : dice_.some_of(variants, 0.8)) {
          mix.put(v, number(pick(dice_.between(0.1, 3), {1e-9, 1e9})));
        }
        if (dice_.chance(0.5)) mix.entries().front().value = curve(1, 1e9);
        if (mix.entries().size() == 1) mix.entries().front().value = number(1);
        offer.put("mix", mix);
      }
      if (dice_.chance(0.5)) {
        offer.put("spill", number(dice_.one_of<double>({0, 0.3, 1})));
      }
    }
    sells.put(product.name, offer);
    sellers_[product.name].push_back({site, variants});
  }

  /// Sellers of a product of which they keep a variant that is taken.
  Node sources(const Product& product, const std::vector<std::string>& taken,
               const std::string& buyer) {
    std::vector<std::string> able;
    for (const Seller& s : sellers_[product.name]) {
      const bool has = std::any_of(s.variants.begin(), s.variants.end(), [&](const auto& v) {
        return std::find(taken.begin(), taken.end(), v) != taken.end();
      });
      if (has && s.site != buyer) able.push_back(s.site);
    }
    Node from = Node::map();
    if (able.empty()) return from;
    for (const std::string& seller : dice_.some_of(able, 0.7)) {
      Node source = Node::map();
      if (dice_.chance(0.4))
        source.put("share", value(pick(dice_.between(0.2, 3), {0, 1e-9, 1e9}), 1e9));
      if (dice_.chance(0.15)) source.put("from", word(early_day()));
      if (dice_.chance(0.3))
        source.put("premium", number(pick(dice_.between(-0.3, 1), {-0.99, 100})));
      if (dice_.chance(0.3))
        source.put("order_delay_days", number(pick(dice_.between(0, 20), {1000})));
      if (dice_.chance(0.2)) source.put("initial_orders", pieces_under_way(50));
      if (dice_.chance(0.2)) source.put("initial_shipments", pieces_under_way(50));
      from.put(seller, source);
    }
    // shares that are 0 at their highest buy from nobody, which is an error
    Node& first = from.entries().front().value;
    first.put("share", number(1));
    return from;
  }
  void add_purchase(Node& buys, const std::string& item, const std::string& buyer) {
    Node purchase = Node::map();
    purchase.put("from", sources(product_of(item), {item}, buyer));
    if (dice_.chance(0.7)) purchase.put("replenish", replenishment());
    if (dice_.chance(0.7)) purchase.put("forecast", forecast());
    if (dice_.chance(0.3)) {
      purchase.put("initial_forecast_per_week", number(pick(dice_.size(1, 500), {0, 1e9})));
    }
    if (dice_.chance(0.3))
      purchase.put("lead_time_elasticity", number(pick(dice_.between(0, 4), {10})));
    if (over_orders_ && dice_.chance(0.5)) purchase.put("over_ordering", over_ordering());
    buys.put(item, purchase);
  }
  void add_stock(Node& stocks, const std::string& item, double probability) {
    if (!dice_.chance(probability)) return;
    Node stock = Node::map();
    if (dice_.chance(0.5)) {
      stock.put("initial_weeks", number(pick(dice_.between(0, 8), {520})));
    } else {
      stock.put("initial_pieces", number(pick(std::floor(dice_.size(1, 3000)), {0, 1, 1e12})));
    }
    if (dice_.chance(0.3)) {
      stock.put("holding_usd_per_piece_week", number(pick(dice_.between(0, 2), {1e6})));
    }
    stocks.put(item, stock);
  }

  // --- makers ---
  void make_makers() {
    for (int tier = 0; tier < tiers_; ++tier) {
      std::vector<const Product*> made;
      for (const Product& p : products_) {
        if (p.tier == tier) made.push_back(&p);
      }
      const int count = dice_.whole(1, 3);
      for (int n = 1; n <= count; ++n) {
        // the first maker makes everything, so that there is always a seller
        const auto mine = n == 1 ? made : dice_.some_of(made, 0.6);
        make_maker(fmt::format("{}{}_{}", dice_.chance(0.5) ? "plant" : "fab", tier, n), tier, mine,
                   n == 1);
      }
    }
  }

  void make_maker(const std::string& name, int tier, const std::vector<const Product*>& made,
                  bool everything) {
    Node site = Node::map(), lines = Node::map(), recipes = Node::map(), sells = Node::map(),
         buys = Node::map(), stocks = Node::map();
    add_region(site);
    add_rhythm(site);
    std::vector<std::string> line_names;
    for (int n = dice_.whole(0, 2); n > 0; --n) {
      line_names.push_back(fmt::format("line_{}", n));
      lines.put(line_names.back(), line());
    }
    std::vector<std::string> recipe_names;
    for (const Product* product : made) {
      const auto variants = everything ? product->variants : dice_.some_of(product->variants, 0.7);
      for (const std::string& variant : variants) {
        if (tier == 0 && dice_.chance(0.15)) {  // a hoard that nobody adds to
          stocks.put(variant, under("initial_pieces", number(std::floor(dice_.size(100, 1e6)))));
          continue;
        }
        for (int n = dice_.chance(0.2) ? 2 : 1; n > 0; --n) {
          recipe_names.push_back(fmt::format("make_{}_{}", variant, n));
          Node r = recipe(variant, tier, line_names);
          if (const Node* inputs = r.find("inputs")) {
            for (const auto& e : inputs->entries()) {
              if (!buys.find(e.key)) add_purchase(buys, e.key, name);
            }
          }
          recipes.put(recipe_names.back(), std::move(r));
        }
        add_stock(stocks, variant, 0.4);
      }
      add_offer(sells, *product, variants, name);
    }
    for (const auto& e : buys.entries()) add_stock(stocks, e.key, 0.5);
    if (!recipe_names.empty() && dice_.chance(0.6)) {
      if (dice_.chance(0.5)) {
        site.put("sharing", word(dice_.chance(0.5) ? "proportional" : "margin"));
      } else {
        Node shares = Node::map();
        for (const auto& r : dice_.some_of(recipe_names, 0.7)) {
          shares.put(r, number(pick(dice_.between(0, 3), {0, 1e-9, 1e12})));
        }
        site.put("sharing", under("fixed", under("shares", shares)));
      }
    }
    site.put("lines", lines);
    site.put("recipes", recipes);
    site.put("sells", sells);
    site.put("buys", buys);
    site.put("stocks", stocks);
    sites_.put(name, site);
  }

  Node line() {
    const double capacity = dice_.chance(0.1) ? dice_.between(0, 5) : dice_.size(20, 2000);
    Node line = under("capacity_per_week",
                      value(pick(capacity, {0, 1e-3, 1e12}), 1e12, with_factor | weekly));
    if (dice_.chance(0.3)) {
      Node outages = Node::map();
      for (int n = dice_.whole(1, 3); n > 0; --n) {
        const int from = dice_.whole(-warm_up_ - 20, length_);
        outages.put(fmt::format("stop_{}", n),
                    map({{"from", word(day(from))},
                         {"until", word(day(from + dice_.whole(0, 90)))},
                         {"left", number(dice_.chance(0.5) ? 0 : dice_.between(0, 1))}}));
        if (dice_.chance(0.3)) outages.entries().back().value.put("work", word("lost"));
      }
      line.put("outages", outages);
    }
    return line;
  }

  Node recipe(const std::string& item, int tier, const std::vector<std::string>& lines) {
    Node r = under("makes", word(item));
    if (tier > 0) {
      Node inputs = Node::map();
      const auto below = items_below(tier);
      for (int n = dice_.whole(dice_.chance(0.1) ? 0 : 1, 3); n > 0; --n) {
        inputs.put(
            dice_.one_of(below),
            number(pick(dice_.one_of<double>({1, 1, 2, 3, 0.5, 0.01, 0.333, 1.25}), {1e-9, 1e6})));
      }
      r.put("inputs", inputs);
    }
    if (!lines.empty() && dice_.chance(0.75)) {
      r.put("line", word(dice_.one_of(lines)));
      if (dice_.chance(0.5)) {
        r.put("line_use_per_piece",
              number(pick(dice_.one_of<double>({0.1, 0.5, 1.5, 2, 4}), {0, 1e9, 1e-6})));
      }
    }
    if (dice_.chance(0.3)) {
      r.put("max_starts_per_week",
            value(pick(dice_.size(2, 600), {0, 1e-3, 1e12}), 1e12, with_factor | weekly));
    }
    if (dice_.chance(0.85)) r.put("cycle_days", days(dice_.size(0.5, 60)));
    if (dice_.chance(0.7)) {
      const double yield = pick(dice_.between(0.3, 1), {0.001, 1});
      if (yield > 0.01 && dice_.chance(0.2)) {
        const Node half = under("uniform", map({{"low", number(0.5)}, {"high", number(1)}}));
        r.put("yield", map({{"curve", number(yield)}, {"factor", half}}));
      } else if (dice_.chance(0.3)) {
        Node knots = Node::map();
        knots.put(day(dice_.whole(-100, 50)), number(yield));
        knots.put(day(dice_.whole(51, length_ + 100)), number(dice_.between(0.3, 1)));
        r.put("yield", dice_.chance(0.3) ? under("steps", knots) : knots);
      } else {
        r.put("yield", number(yield));
      }
    }
    if (dice_.chance(0.25)) {
      r.put("yield_sd", number(pick(dice_.between(0, 0.2), {0.5, 1e-6})));
    }
    if (dice_.chance(0.25)) {
      Node learning = under("initial", number(pick(dice_.between(0.05, 1), {0})));
      if (dice_.chance(0.5)) {
        learning.put("halving_weeks", number(pick(dice_.size(1, 60), {0.1})));
        if (dice_.chance(0.4)) learning.put("from", word(some_day()));
      } else {
        learning.put("halving_pieces", number(pick(dice_.size(50, 1e5), {1})));
      }
      r.put("yield_learning", learning);
    }
    if (dice_.chance(0.4)) {
      r.put("cost_usd_per_piece", value(pick(dice_.size(0.1, 50), {1e-6, 1e9}), 1e9, with_factor));
    }
    if (dice_.chance(0.2)) {
      r.put("share", value(pick(dice_.between(0.2, 2), {0, 1e-9, 1e9}), 1e9));
    }
    if (dice_.chance(0.15)) r.put("from", word(early_day()));
    if (dice_.chance(0.25)) r.put("initial_lots", pieces_under_way(100));
    return r;
  }

  // --- warehouses: between the last makers and the customers ---
  void make_warehouses() {
    for (int n = dice_.chance(0.4) ? dice_.whole(1, 2) : 0; n > 0; --n) {
      const std::string name = fmt::format("hub_{}", n);
      Node site = Node::map(), sells = Node::map(), buys = Node::map(), stocks = Node::map();
      add_region(site);
      add_rhythm(site);
      std::vector<const Product*> finished;
      for (const Product& p : products_) {
        if (p.tier + 1 == tiers_) finished.push_back(&p);
      }
      for (const Product* p : dice_.some_of(finished, 0.5)) {
        const auto variants = dice_.some_of(p->variants, 0.7);
        for (const std::string& v : variants) {
          add_purchase(buys, v, name);
          add_stock(stocks, v, 0.6);
        }
        add_offer(sells, *p, variants, name);
      }
      site.put("sells", sells);
      site.put("buys", buys);
      site.put("stocks", stocks);
      sites_.put(name, site);
    }
  }

  // --- customers ---
  void make_customers() {
    std::vector<const Product*> wanted;
    for (const Product& p : products_) {
      if (p.tier + 1 == tiers_ || dice_.chance(0.1)) wanted.push_back(&p);
    }
    for (int n = dice_.whole(1, 4); n > 0; --n) {
      const std::string name = fmt::format("{}_{}", dice_.chance(0.5) ? "buyer" : "user", n);
      Node customer = Node::map(), demand = Node::map();
      add_region(customer);
      add_rhythm(customer);
      for (const Product* p : dice_.some_of(wanted, 0.7)) demand.put(p->name, want(*p, name));
      customer.put("demand", demand);
      customers_.put(name, customer);
    }
    fill_priorities();
  }
  Node want(const Product& product, const std::string& customer) {
    Node d = Node::map();
    d.put("pieces_per_week",
          value(pick((busy_ ? 8 : 1) * (few_ ? 0.01 : 1) * dice_.size(2, 300), {0, 1e9, 1e-3}),
                1e12, with_factor | weekly));
    if (dice_.chance(0.4)) d.put("variation", variation());
    if (over_orders_ && dice_.chance(0.6)) d.put("over_ordering", over_ordering());
    if (dice_.chance(0.2)) d.put("revisions", revisions());
    std::vector<std::string> taken = product.variants;
    const bool choosy = product.variants.size() > 1 || product.variants.front() != product.name;
    if (choosy && dice_.chance(0.4)) {
      taken = dice_.some_of(product.variants, 0.7);
      Node accepts = Node::map();
      for (const std::string& v : taken) accepts.put(v, word(early_day()));
      // the sellers may have none of these
      if (!sources_exist(product, taken)) {
        taken = product.variants;
      } else {
        d.put("accepts", accepts);
      }
    }
    d.put("from", sources(product, taken, customer));
    if (dice_.chance(0.4)) d.put("patience_days", number(pick(dice_.size(1, 200), {0.001, 36525})));
    if (dice_.chance(0.3)) d.put("lead_time_elasticity", number(pick(dice_.between(0, 4), {10})));
    return d;
  }
  Node variation() {
    if (dice_.chance(0.4)) return word("poisson");
    if (dice_.chance(0.7)) return under("factor", under("distribution", factor()));
    return under("autoregressive",
                 map({{"rho", number(pick(dice_.between(-0.9, 0.9), {0, -0.999, 0.999}))},
                      {"sd_share", number(pick(dice_.between(0, 0.6), {0, 10}))}}));
  }
  Node revisions() {
    Node all = Node::map();
    for (int n = dice_.whole(1, 3); n > 0; --n) {
      Node revision = map({{"announced", word(some_day())}, {"from", word(some_day())}});
      if (dice_.chance(0.6)) {
        revision.put("factor", number(pick(dice_.between(0, 2.5), {0, 1000})));
      } else {
        revision.put("pieces_per_week", value(dice_.size(2, 300), 1e12, with_factor));
      }
      all.put(fmt::format("revision_{}", n), revision);
    }
    return all;
  }
  bool sources_exist(const Product& product, const std::vector<std::string>& taken) {
    const auto& sellers = sellers_[product.name];
    return std::any_of(sellers.begin(), sellers.end(), [&](const Seller& s) {
      return std::any_of(s.variants.begin(), s.variants.end(), [&](const auto& v) {
        return std::find(taken.begin(), taken.end(), v) != taken.end();
      });
    });
  }
  void fill_priorities() {
    std::vector<std::string> names;
    for (const auto& e : sites_.entries()) names.push_back(e.key);
    for (const auto& e : customers_.entries()) names.push_back(e.key);
    for (auto& site : sites_.entries()) {
      for (auto& offer : site.value.find("sells")->entries()) {
        Node* policy = offer.value.find("allocation");
        Node* terms = policy && policy->is_map() ? policy->find("priority") : nullptr;
        if (!terms) continue;
        auto ranked = dice_.some_of(names, 0.4);
        dice_.shuffle(ranked);
        for (const auto& name : ranked) terms->find("buyers")->append(word(name));
      }
    }
  }

  // --- lanes ---
  void add_region(Node& party) {
    if (!dice_.chance(0.4)) return;
    const std::string region = dice_.chance(0.5) ? "east" : "west";
    party.put("region", word(region));
    regions_[region] = true;
  }
  void make_lanes() {
    std::vector<std::string> from = {"any", "any"}, to = {"any", "any"};
    for (const auto& [region, used] : regions_) {
      from.push_back(region);
      to.push_back(region);
    }
    for (const auto& e : sites_.entries()) {
      from.push_back(e.key);
      to.push_back(e.key);
    }
    for (const auto& e : customers_.entries()) to.push_back(e.key);
    std::map<std::pair<std::string, std::string>, bool> taken;
    for (int n = dice_.whole(0, 6); n > 0; --n) {
      const std::pair way(dice_.one_of(from), dice_.one_of(to));
      if (!taken.emplace(way, true).second) continue;
      Node lane = map({{"from", word(way.first)}, {"to", word(way.second)}});
      if (dice_.chance(0.9)) lane.put("transit_days", days(dice_.size(0.1, 40)));
      if (dice_.chance(0.4)) {
        lane.put("freight_usd_per_piece", number(pick(dice_.between(0, 3), {1e6})));
      }
      lanes_.put(fmt::format("way_{}", n), lane);
    }
  }

  // --- agreements: with dice of their own, so that the worlds are the same without them ---
  struct Bond {
    std::string buyer, seller, item;
    bool of_site;
  };
  std::vector<Bond> bonds() {
    std::vector<Bond> all;
    const auto add = [&](Node& party, const std::string& name, const char* key, bool of_site) {
      Node* bought = party.find(key);
      if (!bought) return;
      for (auto& e : bought->entries()) {
        for (auto& source : e.value.find("from")->entries()) {
          all.push_back({name, source.key, e.key, of_site});
        }
      }
    };
    for (auto& e : sites_.entries()) add(e.value, e.key, "buys", true);
    for (auto& e : customers_.entries()) add(e.value, e.key, "demand", false);
    return all;
  }
  void make_agreements() {
    Dice dice(seed_, extreme_ ? "extreme agreements" : "agreements");
    std::swap(dice, dice_);
    if (dice_.chance(0.4)) {
      const auto all = bonds();
      for (int n = dice_.whole(1, 3); n > 0; --n) {
        const Bond& relation = dice_.one_of(all);
        agreements_.put(fmt::format("lta_{}", n), agreement(relation));
      }
    }
    std::swap(dice, dice_);
  }
  Node agreement(const Bond& relation) {
    Node a = map({{"seller", word(relation.seller)}, {"item", word(relation.item)}});
    const bool in_stead = relation.of_site && dice_.chance(0.4);
    a.put("buyer", word(in_stead ? dice_.one_of(customers_.entries()).key : relation.buyer));
    if (in_stead) a.put("through", under(relation.buyer, number(dice_.between(0.1, 5))));
    const int from = dice_.whole(-warm_up_ - 60, length_ / 2);
    a.put("from", word(day(from)));
    a.put("until", word(day(from + dice_.whole(0, length_))));
    a.put("settled", word(dice_.one_of<std::string>({"week", "month", "quarter", "year"})));
    const Node share = number(pick(dice_.between(0, 1), {0, 1}));
    if (can_reserve(relation) && dice_.chance(0.4)) {
      a.put("share_of_capacity", share);
    } else if (dice_.chance(0.3)) {
      a.put("share_of_output", share);
    } else {
      a.put("pieces_per_week", value(pick(dice_.size(2, 500), {0, 1e9}), 1e12, weekly));
    }
    if (dice_.chance(0.4)) a.put("upside", number(pick(dice_.between(0, 1), {100})));
    if (dice_.chance(0.8)) a.put("price", contract_price());
    if (dice_.chance(0.4)) a.put("prepayment", prepayment(from));
    for (const char* key : {"take_or_pay", "seller_damages", "buyer_damages"}) {
      if (dice_.chance(0.4)) a.put(key, number(dice_.between(0, 1)));
    }
    for (const char* key : {"make_up_periods", "carry_forward_periods"}) {
      if (dice_.chance(0.4)) a.put(key, number(dice_.whole(0, 5)));
    }
    for (const char* key : {"buyer_cost_of_capital", "seller_cost_of_capital"}) {
      if (dice_.chance(0.3)) a.put(key, number(dice_.between(0, 0.3)));
    }
    if (dice_.chance(0.7)) {
      a.put("reservation", word(dice_.one_of<std::string>({"none", "soft", "hard"})));
    }
    if (dice_.chance(0.3)) a.put("priority", number(dice_.whole(1, 3)));
    if (dice_.chance(0.3)) {
      a.put("termination", map({{"delivered_below", number(dice_.between(0, 1))},
                                {"called_below", number(dice_.between(0, 1))},
                                {"periods", number(dice_.whole(1, 4))},
                                {"fee_usd", number(dice_.size(1, 1e6))}}));
    }
    return a;
  }
  /// Whether the seller makes the item on lines or within limits.
  bool can_reserve(const Bond& relation) {
    const Node* recipes = sites_.find(relation.seller)->find("recipes");
    if (!recipes) return false;
    return std::any_of(recipes->entries().begin(), recipes->entries().end(), [&](const auto& e) {
      const Node* use = e.value.find("line_use_per_piece");
      const bool made = e.value.find("makes")->text() == relation.item;
      return made && e.value.find("line") && (!use || use->text() != "0");
    });
  }
  Node contract_price() {
    const double usual = dice_.size(0.5, 500);
    switch (dice_.whole(0, 4)) {
      case 0:
        return under("fixed", under("usd", value(usual, 1e9)));
      case 1:
        return under("discount", under("off", number(dice_.between(0, 1))));
      case 2:
        return under("collar",
                     map({{"floor_usd", number(usual / 2)}, {"ceiling_usd", number(usual * 2)}}));
      default:
        return word("spot");
    }
  }
  Node prepayment(int from) {
    Node payments = Node::list();
    for (int n = dice_.whole(1, 3); n > 0; --n) {
      payments.append(map(
          {{"on", word(day(from + dice_.whole(-100, 100)))}, {"usd", number(dice_.size(1, 1e6))}}));
    }
    Node terms = under("payments", payments);
    switch (dice_.whole(0, 2)) {
      case 0:
        terms.put("credited", under("invoices", under("up_to", number(dice_.between(0, 1)))));
        break;
      case 1:
        terms.put("credited", under("per_piece", under("usd", number(dice_.size(0.1, 100)))));
        break;
      default:
        terms.put("credited", word("evenly"));
    }
    if (dice_.chance(0.3)) terms.put("unused", word("forfeited"));
    return terms;
  }

  // --- prices and money ---
  /// Markets, erosion, payment terms, express ways, costs of lines, the value of pieces. The dice
  /// are its own, so that worlds without any of it stay as they are.
  void add_money() {
    for (auto& item : items_.entries()) add_price_rules(item.value);
    for (auto& site : sites_.entries()) {
      if (Node* lines = site.value.find("lines")) {
        for (auto& line : lines->entries()) add_line_costs(line.value);
      }
    }
    const bool express = money_.chance(0.6);
    if (express) add_express_ways();
    for (auto& site : sites_.entries()) add_terms(*site.value.find("buys"), express);
    for (auto& customer : customers_.entries()) {
      Node& demand = *customer.value.find("demand");
      add_terms(demand, express);
      for (auto& d : demand.entries()) {
        if (money_.chance(0.4)) {
          d.value.put("value_usd_per_piece", number(ends(money_.size(1, 1000), {1e9})));
        }
      }
    }
  }
  double ends(double usual, const std::vector<double>& ends) {
    return extreme_ && money_.chance(0.2) ? money_.one_of(ends) : usual;
  }
  void add_price_rules(Node& item) {
    if (money_.chance(0.4)) {
      Node market = under("normal_cover_weeks", number(ends(money_.size(0.3, 20), {0.01, 520})));
      market.put("sensitivity", number(ends(money_.between(0, 1.5), {0, 10})));
      if (money_.chance(0.6)) {
        market.put("adjustment_weeks", number(ends(money_.size(1, 30), {0, 520})));
      }
      if (money_.chance(0.6))
        market.put("memory_weeks", number(ends(money_.size(1, 30), {0, 520})));
      if (money_.chance(0.5)) market.put("floor", number(ends(money_.between(0.2, 1), {0.01})));
      if (money_.chance(0.5)) market.put("ceiling", number(ends(money_.between(1, 4), {1, 100})));
      item.put("market", market);
    }
    if (money_.chance(0.3)) {
      Node erosion = under("per_year", number(ends(money_.between(0, 0.5), {0, 0.99})));
      if (money_.chance(0.5)) erosion.put("from", word(day(money_.whole(-100, length_))));
      item.put("erosion", erosion);
    }
  }
  void add_line_costs(Node& line) {
    if (money_.chance(0.4)) {
      line.put("fixed_usd_per_week", number(ends(money_.size(1, 5000), {1e9})));
    }
    if (money_.chance(0.4)) {
      line.put("idle_usd_per_unit", number(ends(money_.size(0.01, 20), {1e6, 1e-6})));
    }
  }
  /// On every lane, and a lane for everybody, so that whoever wants to can expedite.
  void add_express_ways() {
    const bool for_all =
        std::any_of(lanes_.entries().begin(), lanes_.entries().end(), [](const auto& lane) {
          return lane.value.find("from")->text() == "any" && lane.value.find("to")->text() == "any";
        });
    if (!for_all) lanes_.put("way_for_all", under("transit_days", number(money_.whole(0, 30))));
    for (auto& lane : lanes_.entries()) {
      const double days = ends(money_.between(0, 5), {0, 1000});
      Node transit = number(days);
      if (money_.chance(0.4)) {
        transit = under("triangular",
                        map({{"low", number(0)}, {"mode", number(1)}, {"high", number(6)}}));
      }
      lane.value.put("express",
                     map({{"transit_days", transit},
                          {"usd_per_piece", number(ends(money_.between(0, 20), {1e6}))}}));
    }
  }
  void add_terms(Node& purchases, bool express) {
    for (auto& purchase : purchases.entries()) {
      for (auto& source : purchase.value.find("from")->entries()) {
        if (money_.chance(0.3)) {
          source.value.put("payment_days", number(ends(money_.between(0, 90), {0, 36525})));
        }
        if (!express || !money_.chance(0.4)) continue;
        Node rule = under("when_late_days", number(ends(money_.between(0, 60), {0, 36525})));
        if (money_.chance(0.6)) rule.put("paid_by", word(money_.chance(0.5) ? "buyer" : "seller"));
        source.value.put("expedite", rule);
      }
    }
  }

  // --- programs ---
  struct LineName {
    std::string site, line;
  };
  /// A buyer, what it wants, a seller, and what of it the seller keeps and the buyer takes.
  struct Relation {
    std::string buyer, product, seller;
    std::vector<std::string> items;
  };

  void make_programs() {
    if (!dice_.chance(0.4)) return;
    std::vector<LineName> lines;
    for (const auto& site : sites_.entries()) {
      const Node* own = site.value.find("lines");
      if (!own) continue;
      for (const auto& line : own->entries()) lines.push_back({site.key, line.key});
    }
    const auto relations = all_relations();
    for (int n = dice_.whole(1, 4); n > 0; --n) {
      const int kind = dice_.whole(0, 4);
      const std::string name = fmt::format("{}_{}", dice_.chance(0.5) ? "plan" : "event", n);
      if (kind == 0) programs_.put(name, under("export_control", control(dice_.one_of(relations))));
      if (kind == 1) programs_.put(name, under("exit", exit(dice_.one_of(relations))));
      if (lines.empty() || kind < 2) continue;
      const LineName& line = dice_.one_of(lines);
      if (kind == 2) programs_.put(name, under("expansion", expansion(line)));
      if (kind == 3) programs_.put(name, under("breakdowns", breakdowns(line)));
      if (kind == 4) add_conversion(name, line, lines);
    }
  }
  std::vector<Relation> all_relations() {
    std::vector<Relation> all;
    const auto add = [&](const std::string& buyer, const Product& product,
                         const std::vector<std::string>& taken, const Node& from) {
      for (const auto& source : from.entries()) {
        for (const Seller& seller : sellers_[product.name]) {
          if (seller.site != source.key) continue;
          Relation r{buyer, product.name, seller.site, {}};
          for (const auto& v : seller.variants) {
            if (std::find(taken.begin(), taken.end(), v) != taken.end()) r.items.push_back(v);
          }
          all.push_back(r);
        }
      }
    };
    for (const auto& site : sites_.entries()) {
      for (const auto& buys : site.value.find("buys")->entries()) {
        add(site.key, product_of(buys.key), {buys.key}, *buys.value.find("from"));
      }
    }
    for (const auto& customer : customers_.entries()) {
      for (const auto& want : customer.value.find("demand")->entries()) {
        const Product& product = *std::find_if(products_.begin(), products_.end(),
                                               [&](const auto& p) { return p.name == want.key; });
        std::vector<std::string> taken = product.variants;
        if (const Node* accepts = want.value.find("accepts")) {
          taken.clear();
          for (const auto& e : accepts->entries()) taken.push_back(e.key);
        }
        add(customer.key, product, taken, *want.value.find("from"));
      }
    }
    return all;
  }
  Node control(const Relation& r) {
    Node c = Node::map();
    const int from = dice_.whole(-warm_up_ + 1, length_);
    c.put("from", word(day(from)));
    if (dice_.chance(0.8)) c.put("until", word(day(from + dice_.whole(0, 200))));
    if (dice_.chance(0.6)) c.put("sites", list({word(r.seller)}));
    if (dice_.chance(0.6)) c.put("buyers", list({word(r.buyer)}));
    if (dice_.chance(0.5)) {
      c.put("items", list({word(dice_.chance(0.4) ? r.product : dice_.one_of(r.items))}));
    }
    switch (dice_.whole(0, 4)) {
      case 0:
        c.put("effect", under("delay", under("days", days(dice_.size(1, 60)))));
        break;
      case 1:
        c.put("effect", under("quota", map({{"left", number(pick(dice_.between(0, 1), {0, 100}))},
                                            {"base_weeks", number(dice_.whole(1, 40))}})));
        break;
      default:
        if (dice_.chance(0.4)) c.put("withdraw", word("true"));
    }
    return c;
  }
  Node exit(const Relation& r) {
    Node e = map({{"site", word(r.seller)}, {"date", word(day(dice_.whole(-20, length_ + 20)))}});
    if (dice_.chance(0.5)) e.put("sells", list({word(r.product)}));
    if (dice_.chance(0.5)) e.put("honours_orders", word(dice_.chance(0.5) ? "true" : "false"));
    return e;
  }
  /// A date, or a rule with the keys of its kind.
  void add_decision(Node& program, std::vector<std::pair<std::string, Node>> rule) {
    if (dice_.chance(0.4)) {
      program.put("decided", word(early_day()));
    } else {
      Node when = map(std::move(rule));
      when.put("for_weeks", number(dice_.size(1, 12)));
      when.put("at_most", number(dice_.whole(1, 4)));
      if (dice_.chance(0.2)) when.put("from", word(early_day()));
      when.put("wait_weeks", number(dice_.between(0, 30)));
      program.put("when", when);
    }
    program.put("lead_days", days(dice_.size(1, 200)));
    if (dice_.chance(0.5)) {
      program.put("cost_usd", value(pick(dice_.size(1, 1e6), {0, 1e-6, 1e12}), 1e12, with_factor));
    }
  }
  Node expansion(const LineName& line) {
    Node e = map({{"site", word(line.site)}, {"line", word(line.line)}});
    if (dice_.chance(0.5)) {
      e.put("adds_per_week", value(pick(dice_.size(5, 500), {0, 1e12}), 1e12, with_factor));
    } else {
      e.put("adds_share", number(pick(dice_.between(0, 2), {1000})));
    }
    add_decision(e, {{"utilisation_above", number(dice_.between(0.3, 1))}});
    if (dice_.chance(0.5)) e.put("ramp_days", number(pick(dice_.between(0, 200), {0.00001})));
    return e;
  }
  Node breakdowns(const LineName& line) {
    Node b = map({{"site", word(line.site)},
                  {"line", word(line.line)},
                  {"mtbf_days", days(dice_.size(5, 100))},
                  {"mttr_days", days(dice_.size(0.5, 20))}});
    // curves may come down to 0, at which nothing would lie between two breakdowns
    b.put(dice_.chance(0.5) ? "mtbf_days" : "mttr_days", number(dice_.size(1, 30)));
    if (dice_.chance(0.3)) b.put("left", number(dice_.between(0, 1)));
    if (dice_.chance(0.5)) b.put("work", word("lost"));
    return b;
  }
  void add_conversion(const std::string& name, const LineName& from,
                      const std::vector<LineName>& lines) {
    for (const LineName& to : lines) {
      if (to.site != from.site || to.line == from.line) continue;
      Node c = map({{"site", word(from.site)},
                    {"from", word(from.line)},
                    {"to", word(to.line)},
                    {"moves", number(pick(dice_.between(0, 1), {0, 1}))}});
      if (dice_.chance(0.5)) c.put("loses", number(dice_.between(0, 1)));
      add_decision(c, {{"margin_advantage", number(dice_.between(0, 0.5))},
                       {"utilisation_above", number(dice_.between(0, 0.6))}});
      if (c.find("when") && dice_.chance(0.5)) c.put("back", word("true"));
      programs_.put(name, under("conversion", c));
      return;
    }
  }

  // --- what changes; with dice of its own, so that the rest of a world does not depend on it ---
  /// A share by dates.
  Node share_curve() {
    Node knots = Node::map();
    int at = change_dice_.whole(-warm_up_ - 90, length_ / 2);
    for (int left = change_dice_.whole(2, 4); left > 0; --left) {
      knots.put(day(at), number(change_dice_.chance(0.2) ? 1 : change_dice_.between(0, 1)));
      at += change_dice_.whole(1, length_ / 2 + 1);
    }
    return change_dice_.chance(0.5) ? under("steps", knots) : knots;
  }
  std::string changing_day() { return day(change_dice_.whole(-warm_up_ - 30, length_)); }
  Node share_law(bool may_respond) {
    const double from = change_dice_.between(0, 1), to = change_dice_.between(0, 1);
    switch (change_dice_.whole(may_respond ? 0 : 1, 3)) {
      case 0: {
        Node law = map({{"price_sensitivity", number(change_dice_.between(0, 5))},
                        {"lead_sensitivity", number(change_dice_.between(0, 3))},
                        {"adaptation_weeks", number(change_dice_.between(0, 30))}});
        if (change_dice_.chance(0.4)) law.put("from", word(changing_day()));
        return under("responsive", law);
      }
      case 1:
        return under("given", under("share", share_curve()));
      case 2:
        return under("logistic", map({{"from", number(from)},
                                      {"to", number(to)},
                                      {"midpoint", word(changing_day())},
                                      {"takeover_weeks", number(change_dice_.size(1, 200))}}));
      default:
        return under("bass", map({{"p", number(change_dice_.size(0.001, 1))},
                                  {"q", number(change_dice_.between(0, 3))},
                                  {"start", word(changing_day())},
                                  {"from", number(from)},
                                  {"to", number(to)}}));
    }
  }

  void make_migrations() {
    Node all = Node::map();
    for (const Product& p : products_) {
      std::vector<const Seller*> able;
      for (const Seller& s : sellers_[p.name]) {
        if (s.variants.size() > 1) able.push_back(&s);
      }
      if (able.empty() || !change_dice_.chance(0.3)) continue;
      const Seller& seller = *change_dice_.one_of(able);
      Node m = map({{"of", word(p.name)},
                    {"to", list({word(change_dice_.one_of(seller.variants))})},
                    {"share", share_law(true)}});
      if (change_dice_.chance(0.4)) m.put("sites", list({word(seller.site)}));
      add_migration_limits(m, seller.site);
      Node limits = Node::map();
      for (const auto& customer : customers_.entries()) {
        if (!customer.value.find("demand")->find(p.name) || !change_dice_.chance(0.4)) continue;
        limits.put(customer.key,
                   change_dice_.chance(0.3) ? share_curve() : number(change_dice_.between(0, 1)));
      }
      m.put("customers", limits);
      all.put("of_" + p.name, m);
    }
    make_recipe_migrations(all);
    if (!all.entries().empty()) world_.put("migrations", all);
  }
  void make_recipe_migrations(Node& all) {
    for (const auto& site : sites_.entries()) {
      const Node* recipes = site.value.find("recipes");
      if (!recipes) continue;
      for (const Product& p : products_) {
        for (const std::string& item : p.variants) {
          const std::string second = fmt::format("make_{}_2", item);
          if (!recipes->find(second) || !recipes->find(fmt::format("make_{}_1", item))) continue;
          if (all.find("how_" + item) || !change_dice_.chance(0.5)) continue;
          Node m =
              map({{"of", word(item)}, {"to", list({word(second)})}, {"share", share_law(true)}});
          add_migration_limits(m, site.key);
          all.put("how_" + item, m);
        }
      }
    }
  }
  void add_migration_limits(Node& m, const std::string& site) {
    if (change_dice_.chance(0.3)) {
      m.put("most", under(site, change_dice_.chance(0.5) ? share_curve()
                                                         : number(change_dice_.between(0, 1))));
    }
    if (change_dice_.chance(0.5)) {
      m.put("most_change_per_quarter", number(change_dice_.between(0, 0.5)));
    }
    if (change_dice_.chance(0.3)) {
      m.put("review_days", number(change_dice_.one_of<double>({1, 5, 14, 30})));
    }
  }

  /// What a party buys from whom.
  struct Purchase {
    std::string buyer, product, seller;
    const Node* accepts;  // null: everything, or not a customer's
    bool by_customer;
  };
  std::vector<Purchase> purchases() const {
    std::vector<Purchase> all;
    const auto add = [&](const Node& parties, const char* key, bool by_customer) {
      for (const auto& party : parties.entries()) {
        const Node* bought = party.value.find(key);
        if (!bought) continue;
        for (const auto& e : bought->entries()) {
          for (const auto& seller : e.value.find("from")->entries()) {
            all.push_back({party.key, e.key, seller.key, e.value.find("accepts"), by_customer});
          }
        }
      }
    };
    add(sites_, "buys", false);
    add(customers_, "demand", true);
    return all;
  }
  void make_qualifications() {
    Node all = Node::map();
    const auto candidates = purchases();
    for (int n = change_dice_.chance(0.35) ? change_dice_.whole(1, 3) : 0; n > 0; --n) {
      const Purchase& p = change_dice_.one_of(candidates);
      Node q = under("buyer", word(p.buyer));
      if (!p.by_customer && change_dice_.chance(0.4) && has_recipes(p.buyer)) {
        const Node& recipes = *sites_.find(p.buyer)->find("recipes");
        std::vector<std::string> names;
        for (const auto& e : recipes.entries()) names.push_back(e.key);
        q.put("recipe", word(change_dice_.one_of(names)));
      } else {
        q.put("seller", word(p.seller));
        q.put("of", word(p.product));
        add_qualified_variants(q, p);
      }
      if (change_dice_.chance(0.5)) q.put("start", word(changing_day()));
      if (change_dice_.chance(0.4)) {
        q.put("when", map({{"of", word(p.product)},
                           {"fill_below", number(change_dice_.between(0.1, 1.2))},
                           {"for_weeks", number(change_dice_.between(0, 12))},
                           {"over_weeks", number(change_dice_.between(0, 12))}}));
      }
      const double usual = change_dice_.size(1, 200);
      q.put("duration_days", change_dice_.chance(0.5)
                                 ? number(usual)
                                 : under("triangular", map({{"low", number(usual / 2)},
                                                            {"mode", number(usual)},
                                                            {"high", number(usual * 3)}})));
      if (change_dice_.chance(0.6)) q.put("success", number(change_dice_.between(0, 1)));
      if (change_dice_.chance(0.5)) q.put("attempts", number(change_dice_.whole(1, 5)));
      if (change_dice_.chance(0.5)) q.put("retry_after_days", number(change_dice_.between(0, 90)));
      if (change_dice_.chance(0.6)) q.put("cost_usd", number(change_dice_.size(1, 1e6)));
      all.put(fmt::format("trial_{}", n), q);
    }
    if (!all.entries().empty()) world_.put("qualifications", all);
  }
  bool has_recipes(const std::string& site) const {
    const Node* recipes = sites_.find(site)->find("recipes");
    return recipes && !recipes->entries().empty();
  }
  void add_qualified_variants(Node& q, const Purchase& p) {
    if (!p.by_customer || !change_dice_.chance(0.5)) return;
    Node variants = Node::list();
    for (const Seller& s : sellers_[p.product]) {
      if (s.site != p.seller) continue;
      for (const std::string& v : s.variants) {
        if ((p.accepts && !p.accepts->find(v)) || !change_dice_.chance(0.6)) continue;
        variants.append(word(v));
      }
    }
    if (!variants.items().empty()) q.put("variants", variants);
  }

  void make_substitutions() {
    if (!change_dice_.chance(0.3)) return;
    for (const auto& customer : customers_.entries()) {
      const auto& demands = customer.value.find("demand")->entries();
      if (demands.size() < 2) continue;
      const bool forth = change_dice_.chance(0.5);
      Node s = map({{"from", word(demands[forth ? 0 : 1].key)},
                    {"to", word(demands[forth ? 1 : 0].key)},
                    {"share", share_law(false)},
                    {"pieces_per_piece", number(change_dice_.size(0.1, 5))}});
      if (change_dice_.chance(0.5)) s.put("customers", list({word(customer.key)}));
      world_.put("substitutions", under("turn", s));
      return;
    }
  }

  std::uint64_t seed_;
  bool extreme_;
  bool few_;  // only some pieces are wanted in a week, or one in some weeks
  bool quick_ =
      false;  // little time in process and on the way: little stands between it and its bound
  bool busy_ = false;         // more is wanted than can be made
  bool over_orders_ = false;  // some buyers order more than they need
  bool shares_plans_ = false;
  Dice dice_, money_, change_dice_;
  sim::Date start_{};
  int length_ = 0, warm_up_ = 0, review_ = 7, tiers_ = 0;
  std::vector<Product> products_;
  std::map<std::string, std::vector<Seller>> sellers_;  // by product
  std::map<std::string, bool> regions_;
  Node world_ = Node::map(), families_ = Node::map(), items_ = Node::map(), sites_ = Node::map(),
       lanes_ = Node::map(), customers_ = Node::map(), agreements_ = Node::map(),
       programs_ = Node::map();
};

/// Policies that are not drawn by name, here or in inventory_world.cpp, are those that came later.
/// They are given with the terms that they have by default, by dice of their own: worlds stay what
/// they were before.
template <class List>
std::vector<Node> later_than(const std::set<std::string_view>& by_name) {
  std::vector<Node> later;
  for (const List& policy : one_of_each<List>()) {
    if (!by_name.contains(policy::tag_of(policy))) later.push_back(sim::to_node(policy));
  }
  return later;
}

void add_later_policies(Node& world, std::uint64_t seed) {
  static const auto allocation = later_than<policy::AllocationPolicy>(
      {"proportional", "priority", "uniform", "linear", "talmud", "historical", "highest_price"});
  static const auto replenishment =
      later_than<policy::Replenishment>({"order_up_to", "base_stock", "anchor_and_adjust",
                                         "echelon_base_stock", "min_max", "reorder_quantity"});
  static const auto forecast = later_than<policy::ForecastMethod>(
      {"exponential", "trend", "moving_average", "constant", "shared"});
  static const auto sharing = later_than<policy::SharingRule>({"proportional", "margin", "fixed"});
  Dice dice(seed, "later policies");
  const auto give = [&](Node& terms, const char* key, const std::vector<Node>& policies) {
    if (!policies.empty() && dice.chance(0.2)) terms.put(key, dice.one_of(policies));
  };
  for (auto& site : world.find("sites")->entries()) {
    give(site.value, "sharing", sharing);
    for (const char* side : {"sells", "buys"}) {
      Node* terms = site.value.find(side);
      if (!terms) continue;
      for (auto& entry : terms->entries()) {
        if (side == std::string_view("sells")) give(entry.value, "allocation", allocation);
        give(entry.value, "replenish", replenishment);
        give(entry.value, "forecast", forecast);
      }
    }
  }
}

bool is_curve(const Node& map) {
  return !map.entries().empty() && map.entries().front().key.front() >= '0' &&
         map.entries().front().key.front() <= '9';
}

void shuffle_entries(Node& node, Dice& dice) {
  if (!node.is_map() || is_curve(node)) return;
  dice.shuffle(node.entries());
  for (auto& e : node.entries()) shuffle_entries(e.value, dice);
}

/// Doubles a number, the values of a curve, or the curve in front of a factor.
void double_value(Node& node) {
  if (node.is_scalar()) {
    node = Node::scalar(sim::format_number(2 * sim::parse_number(node.text()).value()));
    return;
  }
  for (auto& e : node.entries()) {
    if (e.key != "factor") double_value(e.value);
  }
}

void double_money(Node& node) {
  for (Node& item : node.items()) double_money(item);
  for (auto& e : node.entries()) {
    if (e.key.find("usd") != std::string::npos) {
      double_value(e.value);
    } else {
      double_money(e.value);
    }
  }
}

void change_numbers(Node& node, const std::string& day) {
  static const std::vector<std::string> changing = {"yield", "price_usd", "cost_usd_per_piece",
                                                    "share"};
  for (auto& e : node.entries()) {
    const bool plain = e.value.is_scalar();
    if (plain && std::find(changing.begin(), changing.end(), e.key) != changing.end()) {
      const double before = sim::parse_number(e.value.text()).value();
      Node steps = Node::map();
      steps.put("1990-01-01", e.value);
      steps.put(day, Node::scalar(sim::format_number(std::max(before / 2, 0.001))));
      e.value = under("steps", steps);
    } else {
      change_numbers(e.value, day);
    }
  }
}

/// Some worlds begin in a steady state, with stocks of which nothing is said but the room.
void add_steady_start(Node& world, std::uint64_t seed) {
  Dice dice(seed, "steady start");
  if (!dice.chance(0.2)) return;
  world.put("initial", word("steady"));
  for (auto& site : world.find("sites")->entries()) {
    Node* stocks = site.value.find("stocks");
    if (!stocks) continue;
    for (auto& stock : stocks->entries()) {
      if (!dice.chance(0.6)) continue;
      stock.value.erase("initial_pieces");
      stock.value.erase("initial_weeks");
      if (stock.value.find("room_pieces") || !dice.chance(0.5)) continue;
      const double least = initially_coming(site.value, stock.key);
      const double room = std::max(largest_lot(site.value, stock.key),
                                   std::max(1.0, least) + std::floor(dice.size(1, 2000)));
      stock.value.put("room_pieces", Node::scalar(sim::format_number(room)));
    }
  }
}

/// The least number that a value of YAML is made of: no more than the value ever is.
double least_number(const Node& value) {
  if (value.is_scalar()) return sim::parse_number(value.text()).value_or(1);
  double least = 1;
  for (const Node& item : value.items()) least = std::min(least, least_number(item));
  for (const auto& entry : value.entries()) least = std::min(least, least_number(entry.value));
  return least;
}

/// What is started in lots has room for one, and for its inputs: `check` refuses what never starts.
void fit_lots(Node& world) {
  const auto at_least = [](Node* terms, const char* key, double pieces) {
    Node* most = terms ? terms->find(key) : nullptr;
    if (!most || sim::parse_number(most->text()).value() >= pieces) return;
    terms->put(key, Node::scalar(sim::format_number(pieces)));
  };
  for (auto& site : world.find("sites")->entries()) {
    Node* recipes = site.value.find("recipes");
    Node* sells = site.value.find("sells");
    Node* stocks = site.value.find("stocks");
    if (!recipes || !sells) continue;
    for (auto& recipe : recipes->entries()) {
      const std::string item = recipe.value.find("makes")->text();
      const Node* family = world.find("items")->find(item)->find("family");
      const double lot = largest_lot(site.value, family ? family->text() : item);
      if (lot <= 1) continue;
      double yield = 1;
      if (const Node* given = recipe.value.find("yield")) yield = least_number(*given);
      const double starts = std::ceil(lot / std::clamp(yield, 1e-3, 1.0));
      if (stocks) at_least(stocks->find(item), "room_pieces", starts);
      if (const Node* inputs = recipe.value.find("inputs"); inputs && stocks) {
        for (const auto& input : inputs->entries()) {
          const double pieces = sim::parse_number(input.value.text()).value();
          at_least(stocks->find(input.key), "room_pieces", std::ceil(starts * pieces));
        }
      }
      const Node* line = recipe.value.find("line");
      if (!line) continue;
      Node* release = site.value.find("lines")->find(line->text())->find("release");
      if (release && !release->is_scalar()) at_least(release->find("conwip"), "pieces", starts);
    }
  }
}

}  // namespace

Node random_world(std::uint64_t seed, WorldKind kind) {
  Node world = WorldMaker(seed, kind).make();
  add_inventory(world, seed, kind);
  add_later_policies(world, seed);
  if (kind == WorldKind::usual) add_few_pieces(world, seed);
  add_steady_start(world, seed);
  fit_lots(world);
  return world;
}

Node shuffled(const Node& world, std::uint64_t seed) {
  Node other = world;
  Dice dice(seed, "shuffle");
  shuffle_entries(other, dice);
  return other;
}

Node with_stranger(Node world, const std::string& prefix) {
  const auto name = [&](const char* what) { return prefix + what; };
  Node& items = *world.find("items");
  items.put(name("stone"), under("price_usd", number(3)));
  items.put(name("statue"), under("price_usd", number(40)));
  Node& sites = *world.find("sites");
  sites.put(name("quarry"), map({{"sells", under(name("stone"), Node::map())},
                                 {"recipes", under("dig", map({{"makes", word(name("stone"))},
                                                               {"yield_sd", number(0.1)},
                                                               {"yield", number(0.7)}}))}}));
  sites.put(name("studio"),
            map({{"sells", under(name("statue"), Node::map())},
                 {"buys", under(name("stone"), under("from", under(name("quarry"), Node::map())))},
                 {"lines", under("bench", under("capacity_per_week", number(12)))},
                 {"recipes", under("carve", map({{"makes", word(name("statue"))},
                                                 {"inputs", under(name("stone"), number(2))},
                                                 {"line", word("bench")},
                                                 {"cycle_days", number(9)}}))}}));
  Node demand = under("pieces_per_week", number(10));
  demand.put("from", under(name("studio"), Node::map()));
  demand.put("variation", word("poisson"));
  world.find("customers")->put(name("museum"), under("demand", under(name("statue"), demand)));
  return world;
}

Node with_money_doubled(Node world) {
  double_money(world);
  return world;
}

Node with_change_on(Node world, const std::string& day) {
  change_numbers(world, day);
  return world;
}

}  // namespace optichain::models
