#pragma once
// What a maker owes the buyer of an agreement in whose stead it buys: the pieces that came on the
// agreement, and the products made of them, which go to that buyer first.

#include <vector>

#include "models/agreement/agreement_account.hpp"

namespace optichain::models::agreement {

class Earmark final : public trade::Arrivals {
 public:
  /// `input` is the stock point of the agreement's item at the maker, `offers` are those of the
  /// maker's under which the agreement's buyer buys.
  Earmark(const AgreementAccount& agreement, StockId input, std::vector<OfferId> offers);

  const AgreementAccount& agreement() const { return agreement_; }
  StockId input() const { return input_; }

  /// Pieces came on the agreement.
  void arrive(Pieces pieces) override { pieces_ += pieces; }
  /// Production used pieces of the input, of which `left` are left in stock, for `good` pieces
  /// expected to be sold under an offer. What the buyer buys is made of its own pieces first, what
  /// it does not of all others first.
  void use(OfferId offer, Pieces used, Pieces left, double good);
  /// Products that go to the buyer first.
  Pieces entitled(OfferId offer) const;
  void ship(OfferId offer, Pieces pieces);

 private:
  struct Owed {
    OfferId offer;
    double products = 0;
  };
  const AgreementAccount& agreement_;
  StockId input_;
  Pieces pieces_{};
  std::vector<Owed> owed_;
};

}  // namespace optichain::models::agreement
