#include "models/report/page.hpp"

#include "sim/base/check.hpp"

namespace optichain::models {
namespace {

/// No text inside a script element can end it.
std::string for_script(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string page(const sim::Json& data) {
  constexpr std::string_view mark = "@DATA@";
  const std::string_view whole = page_template();
  if (whole.empty())
    sim::fail("this program was built without the page: {}", page_template_problem());
  const std::size_t at = whole.find(mark);
  OPTICHAIN_CHECK(at != std::string_view::npos, "the page has no place for data");
  std::string out(whole.substr(0, at));
  out += for_script(sim::json_line(data));
  out += whole.substr(at + mark.size());
  return out;
}

}  // namespace optichain::models
