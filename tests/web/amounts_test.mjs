// Amounts as text: the page writes what the program writes (tests/amounts.csv; no browser).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { build } = createRequire(join(process.env.WORK, "package.json"))("esbuild");

const source = join(root, "models/report/page/web/src/format.ts");
const { outputFiles } = await build({ entryPoints: [source], bundle: true, format: "esm", write: false, charset: "utf8" });
const { axisText, inUnit, percent, priceText } =
  await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);

test("labels of a narrow axis tell its values apart, those of a wide one are short", () => {
  const at = (unit, values, value) => axisText(unit, values)(value).replaceAll("\u00a0", " ");
  assert.equal(at("pieces", [24.54e6, 24.68e6], 24.58e6), "24.58 M"); // six steps of 0.02 M
  assert.equal(at("usd", [8.2912e9, 8.2918e9], 8.2914e9), "$8.2914 B"); // six steps of 0.0001 B
  assert.equal(at("usd", [2.6e6, 3.1e6], 2.7e6), "$2.70 M");
  assert.equal(at("share", [0.85, 0.93], 0.9), "90 %");
  assert.equal(at("pieces", [5e6, 5e6], 5e6), "5.00 M"); // nothing to tell apart
});

test("amounts are those of the table of examples", () => {
  const [, ...rows] = readFileSync(join(root, "tests/amounts.csv"), "utf8").trimEnd().split("\n").map((line) => line.split(","));
  assert.ok(rows.length > 40);
  for (const [unit, value, text] of rows) {
    const x = Number(value);
    const shown = unit === "price" ? priceText(x) : unit === "percent" ? percent(x) : inUnit(x, unit);
    assert.equal(shown.replaceAll("\u00a0", " ").replaceAll(/[−–]/g, "-"), text, `${value} ${unit}`);
  }
});
