// What the tests of pages share: a store, a page of it, and a browser that may reach nothing.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { BINARY, WORK, SCREENSHOTS } = process.env;
export const require = createRequire(join(WORK, "package.json"));
const { chromium } = require("playwright-core");
const fzstd = require("fzstd");

export const tmp = mkdtempSync(join(tmpdir(), "optichain-web-"));
process.on("exit", () => rmSync(tmp, { recursive: true, force: true }));
mkdirSync(SCREENSHOTS, { recursive: true });

export function optichain(...args) {
  return execFileSync(BINARY, args, { cwd: root, encoding: "utf8", stdio: "pipe" });
}
export function simulate(scenario, name, ...args) {
  const out = join(tmp, name);
  optichain("run", `scenarios/${scenario}`, "--out", out, "--quiet", ...args);
  return out;
}
/** The rows of a query on a store, as objects. */
export function query(store, sql) {
  return JSON.parse(execFileSync("python3", ["-c", `
import json, sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "/results.sqlite?mode=ro", uri=True)
db.row_factory = sqlite3.Row
print(json.dumps([dict(r) for r in db.execute(sys.argv[2])]))`, store, sql], { encoding: "utf8", maxBuffer: 1e9 }));
}

/** Weekly values of a store, read by another program than the one that wrote them. */
export function series(store, where) {
  return query(store, `select replication, node, measure, codec, hex(data) as data from v_series where ${where}`)
    .map((row) => ({ ...row, values: unpacked(row) }));
}
function unpacked({ codec, data }) {
  if (codec !== 1) throw new Error(`codec ${codec}`);
  const bytes = fzstd.decompress(Buffer.from(data, "hex")); // first bytes of all numbers, then second, ...
  const count = bytes.length / 4;
  const view = new DataView(new ArrayBuffer(bytes.length));
  for (let i = 0; i < count; ++i) for (let b = 0; b < 4; ++b) view.setUint8(4 * i + b, bytes[b * count + i]);
  return Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
}

let browser;
export async function start() {
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium-headless-shell", args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
  });
}
export const stop = () => browser.close();

/** Opens a file offline; whatever it asks of the network or complains about is kept. */
export async function open(file, { width = 1400, scheme = "light", hash = "" } = {}) {
  const context = await browser.newContext({
    offline: true, viewport: { width, height: 900 }, colorScheme: scheme, acceptDownloads: true,
  });
  const page = await context.newPage();
  page.requests = [];
  page.complaints = [];
  page.on("request", (r) => { if (!/^(file|data|blob):/.test(r.url())) page.requests.push(r.url()); });
  page.on("console", (m) => page.complaints.push(`${m.type()}: ${m.text()}`));
  page.on("pageerror", (e) => page.complaints.push(String(e)));
  await page.goto(pathToFileURL(file) + hash);
  await page.waitForFunction(() => document.documentElement.dataset.drawn);
  page.drawnMs = Number(await page.evaluate(() => document.documentElement.dataset.drawn));
  return page;
}

/** A file that was opened once in this look, for all tests that only read it. */
const opened = new Map();
export function shared(file, look = {}) {
  const { width = 1400, scheme = "light" } = look;
  const key = `${file} ${width} ${scheme}`;
  if (!opened.has(key)) opened.set(key, open(file, look));
  return opened.get(key);
}

/** The charts on which nothing is drawn. */
export function emptyCharts(page) {
  return page.$$eval(".chart", (charts) => charts.filter((chart) =>
    !chart.querySelector("canvas") && chart.querySelectorAll("svg path").length < 5).map((c) => c.ariaLabel));
}

export async function shot(page, name, selector) {
  const path = join(SCREENSHOTS, `${name}.png`);
  if (selector) await page.locator(selector).screenshot({ path });
  else await page.screenshot({ path, fullPage: true });
}

/** What the button of a figure saves, as objects. */
export async function csvOf(page, id) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(`[data-csv="${id}"]`)]);
  return csvRows(readFileSync(await download.path(), "utf8"));
}
/** RFC 4180 without line breaks inside fields. */
export function csvRows(text) {
  const [head, ...lines] = text.trimEnd().split("\n").map(fields);
  return lines.map((line) => Object.fromEntries(head.map((name, i) => [name, line[i]])));
}
function fields(line) {
  return [...`${line},`.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*)),/g)]
    .map(([, quoted, bare]) => (quoted === undefined ? bare : quoted.replaceAll('""', '"')));
}

export async function axe(page) {
  await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 150)}`));
}
