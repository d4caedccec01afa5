#!/usr/bin/env python3
"""Networks from tables: what scripts/import_network makes of good tables and says of bad ones.

    network_test.py BINARY [TestClass...]        as ctest calls it
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = ""  # set by main

# A laser of cost 3 takes 10 days, a box of cost 1 takes 2; a module is made of 2 lasers and a box in
# 5 days for 4 more, and sells 20 a day.
STAGES = """Stage Name,stageTime,stageCost,avgDemand,stDevDemand
Laser,10,3,,
Box,2,1,0,0
Module,5,4,20,6
"""
ARCS = """sourceStage,destinationStage,pieces
Laser,Module,2
Box,Module,
"""


class Network(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="optichain-network-")
        self.addCleanup(folder.cleanup)
        self.tmp = pathlib.Path(folder.name)

    def import_network(self, stages, arcs, *arguments):
        (self.tmp / "s.csv").write_text(stages)
        (self.tmp / "a.csv").write_text(arcs)
        return subprocess.run([ROOT / "scripts/import_network", "s.csv", "a.csv", "-o", "n.yaml",
                               *arguments], cwd=self.tmp, capture_output=True, text=True, timeout=60)

    def run_metrics(self, *arguments):
        result = subprocess.run([BINARY, "run", "n.yaml", "--format", "json", "--quiet", *arguments],
                                cwd=self.tmp, capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 0, result.stderr)
        return {name: m["mean"] for name, m in json.loads(result.stdout)["metrics"].items()}

    def test_a_network_is_what_its_tables_say(self):
        result = self.import_network(STAGES, ARCS)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("3 stages, 2 arcs, 1 markets", result.stderr)
        # without chance: 140 modules a week are wanted, for 105 weeks that begin in two years
        self.assertEqual(self.import_network(STAGES.replace(",6\n", ",\n"), ARCS).returncode, 0)
        metrics = self.run_metrics()
        self.assertEqual(metrics["items.module.needed.all"], 105 * 140)
        self.assertEqual(metrics["items.module.price.all"], 2 * 3 + 1 + 4)
        self.assertEqual(metrics["stocks.module.laser.used.all"],
                         2 * metrics["recipes.module.make.started.all"])

    def test_time_may_be_in_weeks(self):
        self.assertEqual(self.import_network(STAGES.replace(",6\n", ",\n"), ARCS, "--time", "week").returncode, 0)
        self.assertEqual(self.run_metrics()["items.module.needed.all"], 105 * 20)
        self.assertIn("cycle_days: 70", (self.tmp / "n.yaml").read_text())

    def test_a_random_network_runs(self):
        subprocess.run([ROOT / "scripts/generate_network", "60", "200", "r"], cwd=self.tmp, check=True)
        stages, arcs = ((self.tmp / f"r-{table}.csv").read_text() for table in ("stages", "arcs"))
        self.assertEqual(self.import_network(stages, arcs).returncode, 0)
        self.assertGreater(self.run_metrics()["market.shipped.all"], 0)

    def test_what_is_wrong_is_said_with_its_place_and_nothing_is_written(self):
        for stages, arcs, said in [
            (STAGES.replace("Box", "Laser", 1), ARCS, 's.csv:3:1: error: "Laser" stands in line 2 already'),
            (STAGES, ARCS.replace("Box,M", "Lid,M"), 'a.csv:3:1: error: from: there is no stage "Lid"'),
            (STAGES, ARCS + "Module,Laser,1\n", 'a.csv:1:1: error: arcs go round in a circle, past "Laser"'),
            (STAGES, ARCS + "Box,Box,1\n", 'a.csv:4:1: error: "Box" cannot be made of itself'),
            (STAGES, ARCS + "Box,Module,1\n", "stands here twice"),
            (STAGES, ARCS.replace("2\n", "two\n"), "a.csv:2:1: error: pieces: expected a number"),
            (STAGES.replace("10,", "-1,", 1), ARCS, "s.csv:2:1: error: lead_time: expected a number from 0"),
            (STAGES.replace("stageTime", "when"), ARCS, "s.csv:1:1: error: expected a column `lead_time`"),
            (STAGES.replace("20", "0"), ARCS, "expected a demand_mean above 0"),
            ("", ARCS, "s.csv:1:1: error: expected a column `name`"),
        ]:
            with self.subTest(said=said):
                result = self.import_network(stages, arcs)
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertIn(said, result.stderr)
                self.assertFalse((self.tmp / "n.yaml").exists())


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv.pop(1))
    unittest.main()
