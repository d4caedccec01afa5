#pragma once
// The meters that key figures are made of, looked up once.

#include <utility>
#include <vector>

#include "models/books/meters.hpp"
#include "models/catalog/catalog.hpp"

namespace optichain::models::world {

struct ReportMeters {
  ReportMeters(const Catalog& catalog, const books::Meters& meters);

  struct ChannelMeters {
    books::MeterId ordered, shipped, received, withdrawn, cancelled, spend, backlog;
  };
  struct StockMeters {
    books::MeterId on_hand, produced, scrap, received, shipped, needed;
    bool is_input = false;  // of a recipe at its site
  };
  struct DemandMeters {
    books::MeterId demanded, backlog, given_up;
  };
  struct LineMeters {
    books::MeterId done, possible;
    std::vector<books::MeterId> lost;  // by the recipes that run on it
  };
  struct ProgramMeters {
    books::MeterId strikes, down, capacity_added, cost;
  };
  struct StoppedUse {
    books::MeterId lost;  // starts that waited for want of the item
    double pieces_per_start;
  };
  struct ItemMeters {
    books::MeterId factor, price;  // of items with a market
  };

  std::vector<ChannelMeters> channels;  // by ChannelId, and so on
  std::vector<StockMeters> stocks;
  std::vector<DemandMeters> demands;
  std::vector<LineMeters> lines;
  std::vector<ProgramMeters> programs;
  std::vector<ItemMeters> items;
  std::vector<std::vector<StoppedUse>> stopped;  // by ItemId
  /// Where an item is kept, and who buys it or the product that it is alone.
  struct ItemPlaces {
    std::vector<std::size_t> stocks, channels, demands;
  };
  std::vector<ItemPlaces> places;                       // by ItemId
  std::vector<std::vector<books::MeterId>> agreements;  // by AgreementId, as they are declared
  std::vector<books::MeterId> details;                  // of stock points and recipes
  std::vector<books::MeterId> changes;                  // of migrations and qualifications
  std::vector<std::pair<measures::Entity, books::MeterId>> causes;

 private:
  void find_places(const Catalog& catalog);
  void find_products(const Catalog& catalog, const books::Meters& meters);
  void find_recipes(const Catalog& catalog, const books::Meters& meters);
  void find_terms(const Catalog& catalog, const books::Meters& meters);
  void find_by_group(const Catalog& catalog, const books::Meters& meters);
  std::vector<bool> always_zero(const Catalog& catalog, const books::Meters& meters) const;
  static bool is_of_dormant(const Catalog& catalog, const books::Meters::Definition& meter);
};

}  // namespace optichain::models::world
