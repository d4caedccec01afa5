// Amounts as text: the page writes what the program writes (tests/amounts.csv; no browser).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { build } = createRequire(join(process.env.WORK, "package.json"))("esbuild");

test("amounts are those of the table of examples", async () => {
  const source = join(root, "models/report/page/web/src/format.ts");
  const { outputFiles } = await build({ entryPoints: [source], bundle: true, format: "esm", write: false, charset: "utf8" });
  const { inUnit, percent, priceText } =
    await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
  const [, ...rows] = readFileSync(join(root, "tests/amounts.csv"), "utf8").trimEnd().split("\n").map((line) => line.split(","));
  assert.ok(rows.length > 40);
  for (const [unit, value, text] of rows) {
    const x = Number(value);
    const shown = unit === "price" ? priceText(x) : unit === "percent" ? percent(x) : inUnit(x, unit);
    assert.equal(shown.replaceAll("\u00a0", " ").replaceAll(/[−–]/g, "-"), text, `${value} ${unit}`);
  }
});
