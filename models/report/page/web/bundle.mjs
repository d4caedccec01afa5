// Bundles the page and writes it as C++ source: node bundle.mjs WORK_FOLDER OUTPUT.cpp

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(fileURLToPath(import.meta.url));
const [work, output] = process.argv.slice(2);
const require = createRequire(join(work, "package.json"));
const modules = join(work, "node_modules");

const { outputFiles } = await require("esbuild").build({
  entryPoints: [join(web, "src/main.ts"), join(web, "style.css")],
  outdir: work,
  bundle: true,
  write: false,
  minify: true,
  format: "iife",
  target: ["chrome109", "firefox115", "safari16.4"],
  nodePaths: [modules],
  legalComments: "none", // the licences stand in the page as a whole
  charset: "utf8",
  define: { "process.env.NODE_ENV": '"production"', __DEV__: "false" },
  logLevel: "warning",
});
const bundled = (ending) => outputFiles.find((file) => file.path.endsWith(ending)).text.trim();

const licences = ["echarts/NOTICE", "echarts/LICENSE", "zrender/LICENSE", "tslib/LICENSE.txt"]
  .map((name) => `${name}\n\n${readFileSync(join(modules, name), "utf8").trim()}`)
  .join("\n\n\n");
const text = (raw) => raw.replaceAll("\r", "").replaceAll("&", "&amp;").replaceAll("<", "&lt;");

// `</script` inside a string would end the element.
const script = bundled(".js").replaceAll("</script", "<\\/script");
const parts = {
  STYLE: bundled(".css"),
  SCRIPT: script,
  SCRIPT_HASH: createHash("sha256").update(script).digest("base64"),
  LICENCES: text(licences),
};
const page = readFileSync(join(web, "page.html"), "utf8")
  .replace(/@([A-Z_]+)@/g, (mark, name) => parts[name] ?? mark);

const delimiter = "~page~";
if (page.includes(`)${delimiter}`) || page.includes("\r")) throw new Error("the page is no literal");
const literals = page.match(/[^]{1,12000}/gu)
  .map((part) => `    R"${delimiter}(${part})${delimiter}"`).join("\n");
writeFileSync(output, `// Made by models/report/page/web/make-page.
#include "models/report/page/page.hpp"

namespace optichain::models::report {

std::string_view page_template() {
  static constexpr char text[] =
${literals};
  return {text, sizeof(text) - 1};
}

std::string_view page_template_problem() { return {}; }

}  // namespace optichain::models::report
`);
