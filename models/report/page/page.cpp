#include "models/report/page/page.hpp"

#include "models/report/page/base64.hpp"
#include "sim/base/check.hpp"
#include "sim/output/deflate.hpp"

namespace optichain::models::report {
std::string page(const sim::Json& data) {
  constexpr std::string_view mark = "@DATA@";
  const std::string_view whole = page_template();
  if (whole.empty())
    sim::fail("this program was built without the page: {}", page_template_problem());
  const std::size_t at = whole.find(mark);
  OPTICHAIN_CHECK(at != std::string_view::npos, "the page has no place for data");
  std::string out(whole.substr(0, at));
  out += base64(sim::deflated(sim::json_line(data)));
  out += whole.substr(at + mark.size());
  return out;
}

}  // namespace optichain::models::report
