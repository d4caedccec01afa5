#pragma once

namespace optichain::sim {

/// For std::visit: calls the function that fits what a variant holds.
template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

}  // namespace optichain::sim
