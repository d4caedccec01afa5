// The page of a large store: 60 sites, 552 relations, 208 weeks, 200 replications. Minutes, so not in CI:
// `ctest --preset slow -R large`. CPU is measured, as others may use the machine.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { open, optichain, root, start, stop, tmp } from "./browser.mjs";

const table = (name) => join(tmp, name), file = table("large.html");
const script = (name, ...args) => execFileSync(join(root, "scripts", name), args, { encoding: "utf8" });

before(async () => {
  script("generate_network", "60", "552", table("large"));
  optichain("import", table("large-stages.csv"), table("large-arcs.csv"), "-o", table("large.yaml"),
    "--start", "2024-01-01", "--end", "2027-12-27");
  optichain("run", table("large.yaml"), "--replications", "200", "--out", table("large"), "--quiet");
  await start();
});
after(stop);

test("is built within 5 seconds of CPU, holds less than 5 MB, is drawn within 1.5 seconds", async () => {
  const { stderr } = spawnSync("bash", ["-c", 'TIMEFORMAT="%U %S"; time "$0" report "$1" -o "$2" >/dev/null 2>&1', process.env.BINARY,
    table("large"), file], { encoding: "utf8" });
  const seconds = stderr.trim().split(" ").map(Number);
  assert.ok(seconds[0] + seconds[1] < 5, `user and system: ${stderr}`);
  assert.ok(statSync(file).size < 5e6);
  const drawn = [];
  for (let i = 0; i < 3; ++i) {
    const page = await open(file);
    drawn.push(page.drawnMs);
    assert.deepEqual([...page.requests, ...page.complaints], []);
    await page.context().close();
  }
  assert.ok(Math.min(...drawn) < 1500, `${drawn} ms`);
});
