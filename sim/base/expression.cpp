#include "sim/base/expression.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <muParser.h>

#include "sim/base/check.hpp"

namespace optichain::sim {
namespace {

constexpr const char* name_characters =
    "0123456789_.@abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// muParser would assign to a name; here names are only read.
void refuse_assignment(const std::string& text) {
  for (std::size_t i = text.find('='); i != std::string::npos; i = text.find('=', i + 1)) {
    const char before = i > 0 ? text[i - 1] : ' ';
    if (before == '<' || before == '>' || before == '!') continue;
    if (i + 1 < text.size() && text[i + 1] == '=') {
      ++i;
      continue;
    }
    throw ExpressionError("nothing can be assigned; to compare, write ==", i);
  }
}

/// Where the parser stopped; it counts a step beyond the end of a text that lacks something.
std::size_t position_of(const mu::ParserError& e, const std::string& text) {
  return e.GetPos() < 0 ? 0 : std::min(static_cast<std::size_t>(e.GetPos()), text.size());
}

}  // namespace

struct Expression::Parser {
  mu::Parser parser;
  std::vector<double> values;
};

Expression::Expression(const std::string& text) : parser_(std::make_unique<Parser>()) {
  refuse_assignment(text);
  mu::Parser& parser = parser_->parser;
  try {
    parser.DefineNameChars(name_characters);
    parser.SetExpr(text);
    for (const auto& [name, unused] : parser.GetUsedVar()) names_.push_back(name);
    parser_->values.assign(names_.size(), 1);
    for (std::size_t i = 0; i < names_.size(); ++i) {
      parser.DefineVar(names_[i], &parser_->values[i]);
    }
    int results = 0;
    parser.Eval(results);
    if (results != 1) throw ExpressionError("expected one value", 0);
  } catch (const mu::ParserError& e) {
    throw ExpressionError(e.GetMsg(), position_of(e, text));
  }
}

Expression::~Expression() = default;
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;

double Expression::value(std::span<const double> of_names) const {
  OPTICHAIN_CHECK(of_names.size() == names_.size(), "one value for each name");
  parser_->values.assign(of_names.begin(), of_names.end());
  try {
    const double value = parser_->parser.Eval();
    return std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN();
  } catch (const mu::ParserError&) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace optichain::sim
