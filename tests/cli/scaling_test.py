#!/usr/bin/env python3
"""Costs in proportion: what is ten times as large takes ten times as long, and as much memory.

    scaling_test.py BINARY [TestClass...]        as ctest calls it

Small sizes for every day, and in Large those that people really have. Memory is what the largest process
had in all, without what the smallest size takes; time is that of processors.
"""

import os
import resource
import subprocess

import support
from support import BAD_INPUT, DONE, ROOT, CliTest, optichain

TINY = """name: Tiny
start: 2026-01-01
end: 2026-01-28
initial: steady
items:
  part: {price_usd: 1}
  product: {price_usd: 3}
sites:
  mine: {recipes: {dig: {makes: part, cycle_days: 2}}, sells: {part: {}}}
  maker:
    recipes: {build: {makes: product, inputs: {part: 2}, cycle_days: 3}}
    buys: {part: {from: {mine: {}}}}
    sells: {product: {}}
customers:
  shop:
    demand:
      product:
        pieces_per_week: 20
        variation: {factor: {distribution: {gamma: {mean: 1, sd: 0.4}}}}
        from: {maker: {}}
"""


# What is less than this is not told from the start of the program and the allocator's own.
FEWEST_SECONDS, FEWEST_MEGABYTES = 0.1, 4
STACK = 512 << 10  # bytes: a call for each of 3,000 stages would need more than that


class ScalingTest(CliTest):
    def cost(self, *arguments, code=DONE):
        """Seconds of processors and megabytes."""
        command = [support.BINARY, *map(str, arguments)]
        process = subprocess.Popen(command, cwd=self.tmp, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        said = process.stderr.read()
        process.stderr.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, code, said)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    def tiny(self):
        (self.tmp / "tiny.yaml").write_text(TINY)
        return "tiny.yaml"

    def row(self, stages):
        """A chain of so many stages, each of which is used by the next."""
        last = stages - 1
        (self.tmp / "stages.csv").write_text(
            "name,lead_time,cost_added,demand_mean,demand_sd\n" +
            "".join(f"s{i},1,1,{'10,3' if i == last else ','}\n" for i in range(stages)))
        (self.tmp / "arcs.csv").write_text("from,to\n" + "".join(f"s{i},s{i + 1}\n" for i in range(last)))
        return "stages.csv", "arcs.csv", "-o", f"row{stages}.yaml", "--end", "2024-03-31"

    def compare_rows(self, few, many, slack, *commands):
        """What a stage costs in a row of few and of many; a row of two is what the program costs."""
        costs = {}
        for stages in (2, few, many):
            tables = self.row(stages)
            costs["import", stages] = self.cost("import", *tables)
            for command, *arguments in commands:
                costs[command, stages] = self.cost(command, f"row{stages}.yaml", *arguments)
        for command in {command for command, _ in costs}:
            seconds, megabytes = costs[command, 2]
            (few_s, few_mb), (many_s, many_mb) = costs[command, few], costs[command, many]
            with self.subTest(command=command, costs=costs):
                self.assertLess((many_s - seconds) / many, slack * max(few_s - seconds, FEWEST_SECONDS) / few)
                self.assertLess((many_mb - megabytes) / many, slack * max(few_mb - megabytes, FEWEST_MEGABYTES) / few)

    def compare_replications(self, few, many, slack, *arguments):
        costs = [self.cost("run", self.tiny(), "--replications", n, "--quiet", "--out", f"out{n}", *arguments)
                 for n in (few, many)]
        with self.subTest(costs=costs):
            self.assertLess(costs[1][0] / many, slack * max(costs[0][0], FEWEST_SECONDS) / few)
        return costs


class Small(ScalingTest):
    def test_stages_in_a_row(self):
        self.compare_rows(500, 3000, 1.7, ["check"], ["graph"])

    def test_replications(self):
        (_, few), (_, many) = self.compare_replications(60, 300, 1.5)
        self.assertLess((many - few) / 240, 0.02, "megabytes a replication")

    def test_fewer_jobs_where_fewer_files_may_be_open(self):
        command = f'ulimit -n 64; exec "{support.BINARY}" run {self.tiny()} --replications 90 --jobs 80 --out few'
        limited = subprocess.run(["sh", "-c", command], cwd=self.tmp, capture_output=True, text=True, timeout=60)
        self.assertEqual(limited.returncode, DONE, limited.stderr)
        self.assertRegex(limited.stderr, r"optichain: \d+ processes at once instead of 80: no more files may be open")
        self.run_ok("run", self.tiny(), "--replications", 90, "--jobs", 3, "--out", "all", cwd=self.tmp)
        for name in ("results.sqlite", "summary.csv"):
            self.assertEqual((self.tmp / "few" / name).read_bytes(), (self.tmp / "all" / name).read_bytes())

    def test_what_is_missing_far_down_a_row(self):
        """Why the last stage cannot be supplied is found three thousand stages away, on a small stack."""
        tables = self.row(3000)
        self.run_ok("import", *tables, cwd=self.tmp)

        def small_stack():
            resource.setrlimit(resource.RLIMIT_STACK, (STACK, STACK))
        graph = self.run_ok("graph", "row3000.yaml", "--set", "sites.s0.recipes.make.from=2025-01-01", cwd=self.tmp,
                            preexec_fn=small_stack)
        self.assertIn("makes it by recipe make only from 2025-01-01 on", graph.stdout)

    def test_overrides_that_cannot_be(self):
        text = f"extends: {ROOT}/scenarios/ai-optics-2026/baseline.yaml\nname: Many\noverrides:\n"
        costs = []
        for count in (1000, 10_000):
            changes = "".join(f"  sites.nobody_{i}.lines.growth.capacity_per_week: {i}\n" for i in range(count))
            (self.tmp / f"{count}.yaml").write_text(text + changes)
            costs.append(self.cost("check", f"{count}.yaml", code=BAD_INPUT)[0])
        # both read the same chain of 2,000 numbers first; ten times as many changes may take four times as long
        self.assertLess(costs[1], 4 * max(costs[0], FEWEST_SECONDS), "seconds of processors")
        result = optichain("check", "10000.yaml", cwd=self.tmp)
        self.assertIn('sites has no entry "nobody_0"', result.stderr)


class Large(ScalingTest):
    """`ctest --preset slow`"""

    def test_ten_thousand_stages_in_a_row(self):
        self.compare_rows(2000, 10_000, 1.5, ["check"], ["graph"], ["run", "--no-bound", "--quiet", "--out", "out"])

    def test_a_hundred_thousand_replications(self):
        (_, few), (_, many) = self.compare_replications(1000, 100_000, 1.3, "--no-bound")
        self.assertLess((many - few) / 99_000, 0.01, "megabytes a replication")


if __name__ == "__main__":
    support.main()
