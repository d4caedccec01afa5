// The page of `optichain report` as its reader meets it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axe, csvOf, open, optichain, query, shot, simulate, start, stop, tmp } from "./browser.mjs";

const baseline = "ai-optics-2026/baseline.yaml";
const years = ["--until", "2026-06-30"];
let base, other, single, both;

before(async () => {
  base = simulate(baseline, "base", "--replications", "4", ...years);
  other = simulate("ai-optics-2026/disruptions.yaml", "other", "--replications", "4", ...years);
  single = join(tmp, "single.html");
  both = join(tmp, "both.html");
  optichain("report", base, "-o", single);
  optichain("report", base, other, "-o", both);
  await start();
});
after(stop);

const looks = [[1400, "light"], [1400, "dark"], [390, "light"], [390, "dark"]];

test("opens offline in any size and light, asks for nothing, complains of nothing, is accessible", async () => {
  for (const [name, file] of [["single", single], ["both", both]]) {
    for (const [width, scheme] of looks) {
      const page = await open(file, { width, scheme });
      await shot(page, `${name}-${width}-${scheme}`);
      if (name === "both" || width === 390) {
        assert.deepEqual(await axe(page), [], `${name} ${width} ${scheme}`);
      }
      assert.deepEqual(page.requests, []);
      assert.deepEqual(page.complaints, []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${name} at ${width}: ${wide} px wide`);
      await page.context().close();
    }
  }
});

test("the numbers under a chart are accessible, too", async () => {
  const page = await open(single);
  await page.locator("#shortage .numbers summary").click();
  assert.ok(await page.locator("#shortage .numbers tbody tr").count() > 20);
  assert.deepEqual(await axe(page), []);
  await page.context().close();
});

test("every chart shows something, and has its numbers", async () => {
  const page = await open(both);
  const empty = await page.$$eval(".chart", (charts) => charts.filter((chart) =>
    !chart.querySelector("canvas") && chart.querySelectorAll("svg path").length < 5).map((c) => c.ariaLabel));
  assert.deepEqual(empty, []);
  for (const section of await page.$$("section.figure")) {
    const id = await section.getAttribute("id");
    assert.ok((await csvOf(page, id)).length > 0, id);
  }
  await page.context().close();
});

test("key figures are those of the store, differences are paired", async () => {
  const page = await open(both, { hash: "#group=all" });
  const rows = await csvOf(page, "figures");
  const values = (store) => {
    const by = new Map();
    for (const r of query(store, "select metric, replication, value from v_kpi order by 1, 2")) {
      by.set(r.metric, [...(by.get(r.metric) ?? []), r.value]);
    }
    return by;
  };
  const mean = (v) => v.reduce((a, b) => a + b, 0) / v.length;
  const [mine, its] = [values(base), values(other)];
  const near = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
  let compared = 0;
  for (const row of rows) {
    const name = `${row.figure}.${row.period}`;
    const isBase = row.policy === "AI optics 2026, baseline";
    const sample = (isBase ? mine : its).get(name);
    assert.ok(near(Number(row.mean), mean(sample)), `${name}: ${row.mean} and ${mean(sample)}`);
    if (isBase || !mine.get(name)) continue;
    const differences = sample.map((v, i) => v - mine.get(name)[i]);
    const d = mean(differences);
    assert.ok(near(Number(row.difference), d), name);
    const sd = Math.sqrt(differences.reduce((a, b) => a + (b - d) ** 2, 0) / (differences.length - 1));
    const half = 3.182446305284263 * sd / Math.sqrt(differences.length); // t of 3 degrees, 97.5 %
    assert.ok(Math.abs(Number(row.difference_high) - d - half) <= 1e-6 * Math.max(1, half), name);
    ++compared;
  }
  assert.ok(compared > 1000);
  await page.context().close();
});
