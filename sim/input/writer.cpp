#include "sim/input/writer.hpp"

#include "sim/base/number.hpp"

namespace optichain::sim {
namespace {

Node number(double value) {
  return Node::scalar(format_number(value));
}

Node with(std::initializer_list<std::pair<const char*, double>> parameters) {
  Node map = Node::map();
  for (const auto& [key, value] : parameters) map.put(key, number(value));
  return map;
}

/// The tag of a law and its parameters.
std::pair<std::string, Node> law_parts(const Law& law) {
  using Parts = std::pair<std::string, Node>;
  struct Visitor {
    Parts operator()(const Constant& l) const { return {"constant", number(l.value)}; }
    Parts operator()(const UniformLaw& l) const {
      return {"uniform", with({{"low", l.low}, {"high", l.high}})};
    }
    Parts operator()(const Triangular& l) const {
      return {"triangular", with({{"low", l.low}, {"mode", l.mode}, {"high", l.high}})};
    }
    Parts operator()(const Pert& l) const {
      return {"pert", with({{"low", l.low}, {"mode", l.mode}, {"high", l.high}})};
    }
    Parts operator()(const Normal& l) const {
      return {"normal", with({{"mean", l.mean}, {"sd", l.sd}})};
    }
    Parts operator()(const Lognormal& l) const {
      return {"lognormal", with({{"mean", l.mean}, {"sd", l.sd}})};
    }
    Parts operator()(const Gamma& l) const {
      return {"gamma", with({{"mean", l.mean}, {"sd", l.sd}})};
    }
    Parts operator()(const Beta& l) const {
      return {"beta", with({{"mean", l.mean}, {"sd", l.sd}, {"low", l.low}, {"high", l.high}})};
    }
    Parts operator()(const Exponential& l) const {
      return {"exponential", with({{"mean", l.mean}})};
    }
    Parts operator()(const Poisson& l) const { return {"poisson", with({{"mean", l.mean}})}; }
    Parts operator()(const Binomial& l) const {
      return {"binomial", with({{"trials", l.trials}, {"probability", l.probability}})};
    }
    Parts operator()(const Empirical& l) const {
      Node map = Node::map();
      map.put("values", to_node(l.values));
      if (!l.weights.empty()) map.put("weights", to_node(l.weights));
      return {"empirical", map};
    }
  };
  return std::visit(Visitor{}, law);
}

Node to_node(const Distribution& distribution) {
  auto [tag, parameters] = law_parts(distribution.law());
  const Truncation cut = distribution.truncation();
  if (cut.min > Truncation{}.min) parameters.put("min", number(cut.min));
  if (cut.max < Truncation{}.max) parameters.put("max", number(cut.max));
  Node map = Node::map();
  map.put(tag, std::move(parameters));
  return map;
}

}  // namespace

Node to_node(double value) {
  return number(value);
}
Node to_node(std::int64_t value) {
  return Node::scalar(std::to_string(value));
}
Node to_node(bool value) {
  return Node::scalar(value ? "true" : "false");
}
Node to_node(const std::string& value) {
  return Node::scalar(value, {}, true);
}
Node to_node(const Name& value) {
  return Node::scalar(value.text);
}
Node to_node(Date value) {
  return Node::scalar(format_time(value));
}
Node to_node(const LastDate& value) {
  return Node::scalar(format_time(value.date));
}

Node to_node(const Curve& curve) {
  if (curve.is_constant()) return number(curve.knots().front().value);
  Node knots = Node::map();
  for (const Curve::Knot& knot : curve.knots()) {
    knots.entries().push_back({format_time(knot.time), {}, number(knot.value)});
  }
  if (curve.shape() == Curve::Shape::linear) return knots;
  Node steps = Node::map();
  steps.put("steps", std::move(knots));
  return steps;
}

Node to_node(const Value& value) {
  if (!value.is_random()) return to_node(value.curve());
  if (value.curve() == Curve(1.0)) return to_node(value.factor());
  Node map = Node::map();
  map.put("curve", to_node(value.curve()));
  map.put("factor", to_node(value.factor()));
  return map;
}

void copy_annotations(const Node& from, Node& to) {
  if (from.annotation()) to.annotate(from.annotation());
  for (const Node::Entry& e : from.entries()) {
    // of a long curve, nothing is looked up
    if (e.value.is_scalar() && !e.value.annotation()) continue;
    if (Node* match = to.find(e.key)) copy_annotations(e.value, *match);
  }
  for (std::size_t i = 0; i < std::min(from.items().size(), to.items().size()); ++i) {
    copy_annotations(from.items()[i], to.items()[i]);
  }
}

}  // namespace optichain::sim
