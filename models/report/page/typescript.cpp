#include "models/report/page/typescript.hpp"

#include "models/report/page/page_types.hpp"

namespace optichain::models::report {

std::string page_typescript() {
  TypeScript types;
  types.add<PageData>();
  return "// Generated from models/report/page/parts/; after a change there:\n"
         "//   optichain schema --of page > "
         "models/report/page/web/src/page_types.ts\n"
         "\n"
         "/** Little-endian numbers in base64, one row after the other. */\n"
         "export type Packed = string;\n"
         "\n"
         "/** A row of a table; it may have more columns than are declared. */\n"
         "export type Row = Record<string, string | number | null>;\n" +
         types.text();
}

}  // namespace optichain::models::report
