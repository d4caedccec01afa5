// The page of `optichain report` as its reader meets it.

import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axe, csvOf, emptyCharts, open, optichain, query, series, shared, shot, simulate, start, stop, tmp }
  from "./browser.mjs";

const baseline = "ai-optics-2026/baseline.yaml";
const years = ["--until", "2026-06-29"]; // a Monday: weeks end with its review, key figures that night
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
    for (const [width, scheme] of name === "both" ? looks : [[1400, "light"], [390, "light"]]) {
      const page = await shared(file, { width, scheme });
      if ((name === "both") === (scheme === "dark")) await shot(page, `${name}-${width}-${scheme}`);
      if (name === "both" ? width === 1400 && scheme === "dark" : width === 390) {
        assert.deepEqual(await axe(page), [], `${name} ${width} ${scheme}`);
      }
      assert.deepEqual(page.requests, []);
      assert.deepEqual(page.complaints, []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${name} at ${width}: ${wide} px wide`);
    }
  }
});

test("says whose result it is, of how many runs, to which day, and how many inputs have a source", async () => {
  const page = await shared(single);
  assert.match(await page.locator("h1").textContent(), /^AI optics 2026, baseline: in 2026, \d+\s% of the .* are shipped$/);
  assert.match(await page.locator("header .lead").textContent(), /^Root causes, traced back through the chain: .* Mean of 4 runs\.$/);
  assert.match(await page.locator("header").textContent(), /2024-01-01 to 2026-06-29\. AI optics/); // the day itself, not its week's first
  const rows = await csvOf(page, "inputs");
  const sourced = rows.filter((row) => row.source !== "").length;
  assert.ok(sourced > 0 && sourced < rows.length);
  assert.ok((await page.locator("#inputs > .note, #inputs .note").allTextContents()).join(" ")
    .includes(`${rows.length} values; ${sourced} of them have a source`));
});

test("a last week that the end cuts short is in the numbers and not in the chart", async () => {
  const page = await shared(single);  // the last week is one day long
  assert.match(await page.locator("#shipped .note").first().textContent(), /The last week is cut short by the end, and left out\.$/);
});

test("on a narrow screen all years are seen, and what goes on to the right says so", async () => {
  for (const [width, isNarrow] of [[390, true], [1400, false]]) {
    const page = await shared(single, { width });
    const [all, seen] = await page.locator("#figures .scroll").evaluate((e) => [e.scrollWidth, e.clientWidth]);
    assert.ok(all <= seen + 1, `${width}: ${all} of ${seen}`);
    const hint = await page.locator(".scroll.flow").first().evaluate((e) => getComputedStyle(e, "::before").content);
    assert.equal(hint.includes("scroll sideways"), isNarrow, hint);
  }
});

test("the numbers under a chart are accessible, too", async () => {
  const page = await open(single);
  await page.locator("#shortage .numbers summary").click();
  await page.locator("#shortage .numbers tbody tr").nth(20).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.context().close();
});

test("every chart shows something, and has its numbers", async () => {
  const page = await shared(both);
  assert.deepEqual(await emptyCharts(page), []);
  for (const section of await page.$$("section.figure")) {
    const id = await section.getAttribute("id");
    assert.ok((await csvOf(page, id)).length > 0, id);
  }
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

const sum = (values) => values.reduce((a, b) => a + b, 0);

test("bands of single weeks are the quantiles of the store's series", async () => {
  const page = await open(single, { hash: "#product=800g&fan=weekly" });
  const rows = (await csvOf(page, "shipped")).filter((r) => r.measure === "shipped");
  const customers = new Set(query(base, "select name from node where name like 'demands.%'").map((r) => r.name.split(".")[1]));
  const runs = [];
  for (const s of series(base, "measure = 'shipped' and node like 'channels.%.800g'")) {
    if (!customers.has(s.node.slice("channels.".length).split("<")[0])) continue;
    runs[s.replication] ??= Array(s.values.length).fill(0);
    s.values.forEach((v, w) => { runs[s.replication][w] += v; });
  }
  assert.equal(runs.length, 4);
  assert.equal(rows.length, runs[0].length);
  rows.forEach((row, w) => {
    const sorted = runs.map((r) => r[w]).sort((a, b) => a - b);
    const quantile = (p) => {
      const at = p * 3, below = Math.floor(at);
      return sorted[below] + (at - below) * (sorted[Math.min(below + 1, 3)] - sorted[below]);
    };
    for (const [name, p] of [["p05", 0.05], ["p25", 0.25], ["p50", 0.5], ["p75", 0.75], ["p95", 0.95]]) {
      assert.ok(Math.abs(Number(row[name]) - quantile(p)) <= 1e-6 * Math.max(1, quantile(p)), `${row.week} ${name}`);
    }
  });
  await page.context().close();
});

test("the week's slider acts by key and by address, and flows are those of the store", async () => {
  const page = await open(single, { hash: "#week=100" });
  const drawn = () => page.$$eval("#flows svg path", (paths) => paths.map((p) => p.getAttribute("d")).join());
  const before = await drawn();
  await page.focus("#flows input[type=range]");
  await page.keyboard.press("ArrowRight");
  assert.match(page.url(), /week=101/);
  assert.notEqual(await drawn(), before);
  const week = await page.locator("#flows output").textContent();
  const rows = await csvOf(page, "flows");
  const shipped = series(base, "measure = 'shipped' and node like 'channels.%'");
  for (const row of rows) {
    const node = `channels.${row.buyer}<${row.seller}.${row.item}`;
    const mean = sum(shipped.filter((s) => s.node === node).map((s) => s.values[101])) / 4;
    assert.equal(row.week, week);
    assert.ok(Math.abs(Number(row.shipped) - mean) <= 1e-6 * Math.max(1, mean), node);
  }
  assert.ok(rows.length > 200);
  await page.click("#flows button[aria-pressed]"); // plays
  await page.waitForFunction(() => Number(new URLSearchParams(location.hash.slice(1)).get("week")) >= 103);
  await page.click("#flows button[aria-pressed]");
  await page.context().close();
});

test("a click on a row of the shortage map shows its series", async () => {
  const page = await open(single);
  const chart = page.locator("#shortage .chart").first();
  await chart.scrollIntoViewIfNeeded();
  const map = await chart.boundingBox();
  await page.mouse.move(map.x + map.width / 2, map.y + 14); // the first row: the source of the chain
  const said = await page.locator("#shortage .readout").textContent();
  assert.match(said, /^.+, four weeks to the week of .* missing$/);
  const item = said.split(",")[0];
  await page.mouse.click(map.x + map.width / 2, map.y + 14);
  assert.match(page.url(), new RegExp(`row=${item.replaceAll(" ", "_")}`));
  assert.equal(await page.locator("#shortage h3").textContent(), `${item}, pieces a week`);
  await page.context().close();
});

test("weekly needs and supplies of items add up to the key figures", async () => {
  const page = await shared(single);
  const rows = await csvOf(page, "shortage");
  const items = ["garnet_chip", "isolator", "eml_200g"];
  const names = items.flatMap((item) => [`'items.${item}.needed.all'`, `'items.${item}.supplied.all'`]);
  const means = query(base, `select metric, avg(value) as mean from v_kpi where metric in (${names}) group by 1`);
  assert.equal(means.length, names.length);
  const mean = (metric) => means.find((r) => r.metric === metric).mean;
  for (const item of items) {
    const mine = rows.filter((r) => r.item === item);
    for (const measure of ["needed", "supplied"]) {
      const all = sum(mine.map((r) => Number(r[measure])));
      const figure = mean(`items.${item}.${measure}.all`);
      const rest = Number(mine.at(-1)[measure]); // what may come on the last day is less than a week's
      assert.ok(figure - all >= -1e-5 * figure && figure - all < rest, `${item} ${measure}: ${all} and ${figure}`);
    }
  }
});

test("causes of what is missing add up to what is missing", async () => {
  const page = await shared(single);
  const rows = (await csvOf(page, "why")).filter((r) => r.period === "all");
  const traced = sum(rows.filter((r) => r.to.includes("/")).map((r) => Number(r.pieces)));
  const [{ mean }] = query(base, "select avg(value) as mean from v_kpi where metric = 'market.unmet.all'");
  assert.ok(Math.abs(traced - mean) < 1e-6 * mean, `${traced} and ${mean}`);
  assert.match(await page.locator("#why").textContent(), /capacity of garnet chip/);
});

test("what is chosen stands in the address, and an address shows what was chosen", async () => {
  const page = await open(both);
  await page.selectOption("#figures select[name=period]", "2025");
  assert.match(await page.title(), /^In 2025/);
  await page.selectOption("#shortage select[name=rows]", "sites");
  const address = page.url();
  await page.context().close();
  const again = await open(both, { hash: address.slice(address.indexOf("#")) });
  assert.match(await again.title(), /^In 2025/);
  assert.match(await again.locator("#shortage .legend").textContent(), /weeks/);
  await again.context().close();
});

test("nonsense in the address is as good as nothing there", async () => {
  const page = await open(single, { hash: "#week=-3&period=1066&rows=<b>&item=none&policy=9&agreement=%00&product=x" });
  assert.deepEqual(page.complaints, []);
  assert.match(await page.title(), /^AI optics 2026, baseline: in 2026/);
  await page.context().close();
});

test("a page of any scenario works, whatever it is called and however short", async () => {
  const cases = [["agreements/agreements.yaml"], ["programs/programs.yaml"], ["prices/prices.yaml"],
    ["beer-game/beer-game.yaml", "--until", "2024-01-03"],
    ["beer-game/beer-game.yaml", "--set", "name=<img src=x onerror=alert(1)></script>", "--replications", "2"]];
  for (const [i, [scenario, ...changes]] of cases.entries()) {
    const file = join(tmp, `any-${i}.html`);
    optichain("report", simulate(scenario, `any-${i}`, ...changes), "-o", file);
    assert.ok(statSync(file).size < 1_200_000, "the page without much in it");
    const page = await open(file);
    for (const choice of await page.locator("select").all()) {
      const options = await choice.locator("option").evaluateAll((all) => all.map((o) => o.value));
      await choice.selectOption(options.at(-1)); // one of them all
    }
    for (const button of await page.locator("[data-csv]").all()) await button.click();
    assert.deepEqual([...page.requests, ...page.complaints], [], scenario);
    assert.equal(await page.locator("img").count(), 0);
    await page.context().close();
  }
});

test("the weeks in which an empty chain fills are no finding, and what was changed is said", async () => {
  // a piece takes 100 days and up to a week to be shipped: 16 weeks
  const scenario = join(tmp, "empty.yaml");
  writeFileSync(scenario, `
name: An empty chain
start: 2026-01-01
end: 2027-12-31
items: {lamp: {}}
sites:
  shop:
    lines: {bench: {capacity_per_week: 100}}
    recipes: {make: {makes: lamp, line: bench, cycle_days: 100}}
    sells: {lamp: {}}
customers:
  city: {demand: {lamp: {pieces_per_week: 50, from: {shop: {}}}}}
`);
  const out = join(tmp, "empty"), file = join(tmp, "empty.html");
  optichain("run", scenario, "--set", "customers.city.demand.lamp.pieces_per_week=60", "--out", out, "--quiet");
  optichain("report", out, "-o", file);
  const page = await open(file);
  assert.match(await page.locator("header").textContent(),
    /With 1 value changed: customers\.city\.demand\.lamp\.pieces_per_week=60\..*The chain begins empty\. The first 16 weeks, in which it fills, are drawn but are no finding\./);
  assert.match(await page.locator("h1").textContent(), /^An empty chain: in 2027/); // 2026 is the worse year
  const week = Number(await page.locator("#flows input[type=range]").inputValue());
  assert.ok(week >= 16, `week ${week}`);
  await page.context().close();
});

test("prints", async () => {
  const page = await open(single, { scheme: "dark" });
  assert.ok((await page.pdf({ format: "A4" })).length > 50_000);
  await page.context().close();
});
