#include "models/agreement/earmark.hpp"

#include <algorithm>
#include <cmath>

namespace optichain::models::agreement {

Earmark::Earmark(const AgreementAccount& agreement, StockId input, std::vector<OfferId> offers)
    : agreement_(agreement), input_(input) {
  for (const OfferId offer : offers) owed_.push_back({offer});
}

void Earmark::use(OfferId offer, Pieces used, Pieces left, double good) {
  for (Owed& owed : owed_) {
    if (owed.offer != offer || !used) continue;
    const Pieces own = std::min(used, pieces_);
    pieces_ -= own;
    owed.products += good * (to_double(own) / to_double(used));
  }
  pieces_ = std::min(pieces_, left);
}

Pieces Earmark::entitled(OfferId offer) const {
  for (const Owed& owed : owed_) {
    if (owed.offer == offer) return Pieces{sim::to_whole(std::floor(owed.products + 1e-6))};
  }
  return Pieces{0};
}

void Earmark::ship(OfferId offer, Pieces pieces) {
  for (Owed& owed : owed_) {
    if (owed.offer == offer) owed.products = std::max(0.0, owed.products - to_double(pieces));
  }
}

}  // namespace optichain::models::agreement
