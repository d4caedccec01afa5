// The views of what studies found: a small sweep's own, and findings written by hand.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axe, csvOf, open, optichain, query, root, shared, shot, start, stop, tmp } from "./browser.mjs";

const sweep = join(tmp, "sweep"), file = join(tmp, "findings.html");
const byHand = join(root, "tests/web/findings.json");
const fill = "customers.city.fill_rate.all", cash = "sites.plant.cash.all";

before(async () => {
  optichain("sweep", "scenarios/studies/small.yaml", "--out", sweep);
  optichain("report", sweep, "--findings", byHand, "-o", file);
  await start();
});
after(stop);

/** Means over replications by policy and future, asked once. */
const asked = new Map();
function means(metric) {
  if (!asked.has(metric)) {
    asked.set(metric, query(sweep,
      `select policy, future, avg(value) as mean from v_kpi where metric = '${metric}' group by 1, 2`));
  }
  return asked.get(metric);
}

test("opens offline, complains of nothing, is accessible", async () => {
  for (const [width, scheme] of [[1400, "light"], [390, "dark"]]) {
    const page = await shared(file, { width, scheme });
    await shot(page, `findings-${width}-${scheme}`);
    assert.deepEqual(await axe(page), []);
    assert.deepEqual([...page.requests, ...page.complaints], []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width);
    assert.deepEqual(await page.$$eval("section.figure", (all) => all.map((s) => s.id)), ["claims", "tornado", "frontier", "regret"]);
  }
});

test("regret is what the best policy of each future gives more", async () => {
  const page = await shared(file);
  const rows = await csvOf(page, "regret");
  const its = means(fill);
  assert.equal(rows.length, its.length);
  for (const row of rows) {
    const mine = its.find((r) => r.policy === row.policy && r.future === row.future).mean;
    const best = Math.max(...its.filter((r) => r.future === row.future).map((r) => r.mean));
    assert.ok(Math.abs(Number(row[fill]) - mine) < 1e-12);
    assert.ok(Math.abs(Number(row.regret) - (best - mine)) < 1e-12);
  }
  assert.match(await page.locator("#regret").textContent(), /few go without fails most where demand is above 0\.989 times the scenario's:/);
});

test("the frontier holds what no policy beats; a brush keeps policies, in every view and in the address", async () => {
  const page = await open(file, { hash: `#across=${cash}&up=${fill}` });
  const rows = await csvOf(page, "frontier");
  const policies = [...new Set(means(fill).map((r) => r.policy))];
  const mean = (metric, policy) => {
    const all = means(metric).filter((r) => r.policy === policy).map((r) => r.mean);
    return all.reduce((a, b) => a + b, 0) / all.length;
  };
  const points = policies.map((p) => ({ p, x: mean(cash, p), y: mean(fill, p) }));
  for (const { p, x, y } of points) {
    const row = rows.find((r) => r.policy === p);
    assert.ok(Math.abs(Number(row[cash]) - x) <= 1e-9 * Math.abs(x) && Math.abs(Number(row[fill]) - y) < 1e-12);
    const beaten = points.some((q) => q.x >= x && q.y >= y && (q.x > x || q.y > y));
    assert.equal(row.not_beaten, beaten ? "0" : "1", p);
  }
  const box = await page.locator("#frontier .chart").boundingBox();
  await page.mouse.move(box.x + 60, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height - 60, { steps: 5 });
  await page.mouse.up();
  await page.waitForFunction(() => location.hash.includes("kept="));
  const half = (Math.min(...points.map((q) => q.x)) + Math.max(...points.map((q) => q.x))) / 2;
  const kept = (await csvOf(page, "frontier")).filter((r) => r.kept === "1").map((r) => r.policy);
  assert.deepEqual(kept, points.filter((q) => q.x < half).map((q) => q.p));
  await shot(page, "frontier-brushed", "#frontier");
  await page.click("#frontier .controls button");
  assert.match(page.url(), /kept=(&|$)/);
  await page.locator("#frontier summary", { hasText: "by name" }).click();
  await page.locator("#frontier .keep input").first().press(" ");
  assert.match(page.url(), /kept=0(&|$)/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("claims and indices are those of the file", async () => {
  const page = await shared(file);
  const { claims, sobol } = JSON.parse(readFileSync(byHand, "utf8"));
  const text = (value) => (value === null ? "" : String(value));
  const rows = await csvOf(page, "claims");
  assert.deepEqual(rows, claims.map((c) => Object.fromEntries(Object.keys(rows[0]).map((key) => [key, text(c[key])]))));
  assert.equal(await page.locator("#claims h2").textContent(), "2 of 4 published claims hold");
  const indices = (await csvOf(page, "tornado")).filter((r) => r.total !== "");
  assert.deepEqual(indices.map((r) => [r.factor, Number(r.first), Number(r.total_high)]),
    sobol[0].rows.map((r) => [r.uncertainty, r.first, r.total_high]));
  const factors = (await csvOf(page, "tornado")).filter((r) => r.swing !== "").map((r) => r.factor);
  assert.deepEqual([...factors].sort(), ["crystal_stock", "demand", "furnace_yield", "shift", "time_between_cracks"]);
});

test("findings that are not laid out so are refused before anything is written", () => {
  const broken = join(tmp, "broken.json"), out = join(tmp, "never.html");
  for (const [text, said] of [
    ["{", /expected findings as JSON, received other text/],
    ["[1]", /expected an object/],
    ['{"claim": []}', /claim: expected one of study, .*claims/],
    ['{"claims": [{"id": "C1"}]}', /claims\[0\]: expected an object with claim, received none/],
    ['{"sobol": {}}', /sobol: expected a list/],
  ]) {
    writeFileSync(broken, text);
    assert.throws(() => optichain("report", sweep, "--findings", broken, "-o", out), (error) => {
      assert.equal(error.status, 2);
      assert.match(error.stderr, said);
      return true;
    });
  }
  assert.throws(() => readFileSync(out));
  assert.throws(() => optichain("report", sweep, sweep, "-o", out), (error) => /expected one sweep/.test(error.stderr));
});
