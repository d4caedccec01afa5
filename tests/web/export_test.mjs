// What `optichain export` writes, read back by programs that share no line with it: Parquet by
// hyparquet, workbooks by Python's zipfile, the store itself by Python's sqlite3.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { csvRows, optichain, query, series, simulate, tmp } from "./browser.mjs";

const modules = join(process.env.WORK, "node_modules");
const { parquetMetadata, parquetRead } = await import(pathToFileURL(join(modules, "hyparquet/src/index.js")));
const { compressors } = await import(pathToFileURL(join(modules, "hyparquet-compressors/src/index.js")));

let store;
const csv = join(tmp, "csv"), parquet = join(tmp, "parquet"), book = join(tmp, "summary.xlsx");

before(() => {
  store = simulate("ai-optics-2026/baseline.yaml", "run", "--replications", "3", "--until", "2025-12-31");
  optichain("export", store, "--format", "csv", "-o", csv);
  optichain("export", store, "--format", "parquet", "--weekly", "all", "-o", parquet);
  optichain("export", store, "--format", "xlsx", "-o", book);
});

const bytesOf = (table) => {
  const bytes = readFileSync(join(parquet, `${table}.parquet`));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
};
/** Columns of a table by name, read once. */
const read = new Map();
async function columnsOf(table) {
  if (!read.has(table)) read.set(table, await readColumns(table));
  return read.get(table);
}
async function readColumns(table) {
  const columns = {};
  await parquetRead({
    file: bytesOf(table), compressors,
    onChunk: ({ columnName, columnData, rowStart }) => {
      const column = (columns[columnName] ??= []);
      for (let i = 0; i < columnData.length; ++i) column[rowStart + i] = columnData[i];
    },
  });
  return columns;
}
const day = (date) => date.toISOString().slice(0, 10);
const asText = (value) => (value instanceof Date ? day(value)
  : typeof value === "number" && !Number.isFinite(value) ? "" : String(value));

test("CSV and Parquet hold the same tables, value for value", async () => {
  for (const file of readdirSync(csv).filter((name) => name.endsWith(".csv"))) {
    const table = file.slice(0, -4);
    const rows = csvRows(readFileSync(join(csv, file), "utf8"));
    const columns = await columnsOf(table);
    const extra = table === "dictionary" ? 10 : 0; // the weekly table is in the one alone
    if (rows.length === 0) assert.deepEqual(columns, {}, table); // settings, of a plain run
    for (const name of Object.keys(rows[0] ?? {})) {
      assert.equal(columns[name].length, rows.length + extra, `${table}.${name}`);
      if (extra > 0) continue;
      const wrong = rows.findIndex((row, i) => {
        const value = columns[name][i];
        return typeof value === "number" ? !Object.is(value, row[name] === "" ? NaN : Number(row[name]))
          : asText(value) !== row[name];
      });
      assert.equal(wrong, -1, `${table}.${name} row ${wrong}: ${columns[name][wrong]} and ${rows[wrong]?.[name]}`);
    }
  }
});

test("key figures are those of the store", async () => {
  const f = await columnsOf("figures");
  const mine = new Map(f.value.map((value, i) => [`${f.replication[i]} ${f.entity[i]}.${f.measure[i]}.${f.period[i]} ${f.unit[i]}`, value]));
  const its = query(store, "select replication, metric, unit, value from v_kpi where metric not like 'traces.%'");
  assert.equal(mine.size, its.length);
  assert.equal(f.value.length, its.length);
  for (const row of its) assert.equal(mine.get(`${row.replication} ${row.metric} ${row.unit}`), row.value, row.metric);
});

test("weekly series are those of the store, in several row groups, with the weeks' days", async () => {
  const w = await columnsOf("weekly");
  const groups = parquetMetadata(bytesOf("weekly")).row_groups;
  assert.ok(groups.length >= 2);
  const value = groups[0].columns.find((c) => c.meta_data.path_in_schema[0] === "value").meta_data.statistics;
  let least = Infinity, greatest = -Infinity;
  for (const v of w.value.slice(0, Number(groups[0].num_rows))) [least, greatest] = [Math.min(least, v), Math.max(greatest, v)];
  assert.deepEqual([value.min_value, value.max_value], [least, greatest]);
  const weeks = query(store, "select start_date from week order by number").map((r) => r.start_date);
  const picked = series(store, "node like 'stocks.innolight.%'");
  const index = new Map();
  w.entity.forEach((entity, i) => {
    if (!entity.startsWith("stocks.innolight.") || day(w.week[i]) !== weeks[0]) return;
    index.set(`${w.replication[i]} ${entity} ${w.measure[i]}`, i);
  });
  assert.equal(index.size, picked.length);
  for (const s of picked) {
    const at = index.get(`${s.replication} ${s.node} ${s.measure}`);
    assert.deepEqual(w.value.slice(at, at + weeks.length), s.values, `${s.node} ${s.measure}`);
    assert.deepEqual(w.week.slice(at, at + weeks.length).map(day), weeks);
  }
});

test("the workbook's sheets are the tables: years, no details", () => {
  const sheets = JSON.parse(execFileSync("python3", ["-c", `
import json, re, sys, zipfile
from xml.etree import ElementTree
ns = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
book = zipfile.ZipFile(sys.argv[1])
assert book.testzip() is None
names = [s.get("name") for s in ElementTree.fromstring(book.read("xl/workbook.xml")).find("m:sheets", ns)]
out = {}
for i, name in enumerate(names):
    rows = []
    for row in ElementTree.fromstring(book.read(f"xl/worksheets/sheet{i + 1}.xml")).iter("{%s}row" % ns["m"]):
        cells = {}
        for c in row:
            text = c.find("m:is/m:t", ns)
            cells[re.match("[A-Z]+", c.get("r")).group()] = float(c.find("m:v", ns).text) if text is None else text.text
        rows.append(cells)
    out[name] = rows
print(json.dumps(out))`, book], { encoding: "utf8", maxBuffer: 1e9 }));
  assert.deepEqual(Object.keys(sheets), ["dictionary", "measures", "runs", "summary", "inputs", "settings"]);
  const [head, ...rows] = sheets.summary;
  const letter = Object.fromEntries(Object.entries(head).map(([l, name]) => [name, l]));
  const mine = new Map(rows.map((r) => [`${r[letter.entity]}.${r[letter.measure]}.${r[letter.period]}`, r]));
  const its = csvRows(readFileSync(join(csv, "summary.csv"), "utf8"))
    .filter((r) => !r.period.includes("Q") && !/^(stocks|recipes)\./.test(r.entity));
  assert.equal(rows.length, its.length);
  for (const r of its) {
    const row = mine.get(`${r.entity}.${r.measure}.${r.period}`);
    for (const column of ["n", "mean", "sd", "ci95_low", "p95"]) {
      // sixteen digits are what a workbook keeps
      const [a, b] = [row[letter[column]], Number(r[column])];
      assert.ok(Math.abs(a - b) <= 1e-15 * Math.abs(b), `${r.entity}.${r.measure}.${r.period} ${column}: ${a} and ${b}`);
    }
  }
});

test("the dictionary knows every table and column, and every measure has a meaning", async () => {
  const d = await columnsOf("dictionary");
  const known = new Set(d.table.map((t, i) => `${t}.${d.column[i]}`));
  assert.ok(d.meaning.every((text) => text.length > 3));
  for (const file of readdirSync(parquet).filter((name) => name.endsWith(".parquet"))) {
    const table = file.slice(0, -8);
    assert.ok(known.has(`${table}.`), table);
    for (const name of Object.keys(await columnsOf(table))) assert.ok(known.has(`${table}.${name}`), `${table}.${name}`);
  }
  const m = await columnsOf("measures");
  assert.ok(m.meaning.every((text) => text.length > 3));
  const declared = new Set(m.measure.map((measure, i) => `${m.group[i]} ${measure} ${m.unit[i]}`));
  for (const table of ["figures", "weekly"]) {
    const f = await columnsOf(table);
    const used = new Set(f.entity.map((entity, i) => `${entity.split(".")[0]} ${f.measure[i].split(".")[0]} ${f.unit[i]}`));
    assert.deepEqual([...used].filter((name) => !declared.has(name)), [], table);
  }
});

test("of a sweep, the settings of every policy and future", () => {
  const sweep = join(tmp, "sweep");
  optichain("sweep", "scenarios/studies/small.yaml", "--out", sweep);
  optichain("export", sweep, "--format", "csv", "-o", `${sweep}-csv`);
  const rows = csvRows(readFileSync(`${sweep}-csv/settings.csv`, "utf8"));
  const settings = (kind) => Object.fromEntries(query(sweep, `select name, json from ${kind}`).map((r) => [r.name, JSON.parse(r.json)]));
  for (const [kind, count] of [["policy", 4], ["future", 16]]) {
    const its = settings(kind);
    assert.equal(Object.keys(its).length, count);
    const mine = rows.filter((r) => r.kind === kind);
    assert.equal(mine.length, Object.values(its).flatMap(Object.keys).length);
    for (const r of mine) assert.equal(r.setting, String(its[r.name][r.factor]));
  }
  const figures = csvRows(readFileSync(`${sweep}-csv/figures.csv`, "utf8"));
  assert.equal(new Set(figures.map((r) => `${r.policy} ${r.future} ${r.replication}`)).size, 4 * 16 * 2);
});

test("an export does not touch what is no export", () => {
  const run = readdirSync(store).sort();
  assert.throws(() => optichain("export", store, "--format", "csv", "-o", store));
  assert.deepEqual(readdirSync(store).sort(), run);
  optichain("export", store, "--format", "csv", "-o", csv); // again
  assert.ok(existsSync(join(csv, "manifest.json")));
  writeFileSync(join(tmp, "file"), "mine");
  assert.throws(() => optichain("export", store, "--format", "csv", "-o", join(tmp, "file")));
  assert.throws(() => optichain("export", store, "--format", "xlsx", "-o", join(tmp, "no/such/folder.xlsx")));
  assert.equal(readFileSync(join(tmp, "file"), "utf8"), "mine");
});
