#!/usr/bin/env python3
"""What the program writes, it reads back.

    round_trip_test.py BINARY [TestClass...]        as ctest calls it

Imported networks are read back in network_test.py, fitted scenarios in reproduce_test.py.
"""

import json
import os
import re
import sys
import unittest

try:
    import jsonschema
except ImportError:
    jsonschema = None

import cli_test
from cli_test import ROOT, CliTest, optichain

SCENARIOS = ROOT / "scenarios"


# Of studies of the optical chain each plan takes seconds: one of each kind, and the others in the slow form.
SLOW_STUDIES = {"allocation", "consistency", "lta-cost", "lta-eml", "lta-isolator", "projections"}
IS_SLOW = "OPTICHAIN_ALL_STUDIES" in os.environ


def scenarios():
    """Files that can be run: with a name, and a start of their own or of what they extend."""
    for file in sorted(SCENARIOS.glob("*/*.yaml")):
        keys = set(re.findall(r"^(\w+):", file.read_text(), re.M))
        if "name" in keys and keys & {"start", "extends"} and not keys & {"base", "claims"}:
            yield file


class RoundTrips(CliTest):
    def test_resolved_scenarios(self):
        """They are valid, say of themselves what they are, and run to the same results."""
        files = list(scenarios())
        self.assertGreater(len(files), 20)
        for file in files:
            with self.subTest(file=file):
                # what is written does not depend on how long it runs
                short = ["--until", "2024-06-30"] if file.parent.name == "ai-optics-2026" else []
                for name, given in (("first", [file, *short]), ("again", [self.tmp / "first/resolved.yaml"])):
                    self.run_ok("run", *given, "--replications", 1, "--quiet", "--no-bound", "--out", self.tmp / name)
                for name in ("resolved.yaml", "summary.csv"):
                    first, again = ((self.tmp / folder / name).read_bytes() for folder in ("first", "again"))
                    self.assertEqual(first, again, name)

    def test_planned_studies(self):
        """Its copy of a study is valid, and its plan is that of the study."""
        studies = {file.stem: file for file in sorted((SCENARIOS / "studies").glob("*.yaml"))
                   if "base:" in file.read_text()}
        self.assertLess(SLOW_STUDIES, set(studies))
        self.assertGreater(len(studies), len(SLOW_STUDIES) + 5)
        for name, file in studies.items():
            if name in SLOW_STUDIES and not IS_SLOW:
                continue
            with self.subTest(file=file):
                first, again = self.tmp / f"{name}-1", self.tmp / f"{name}-2"
                self.run_ok("sweep", "plan", file, "-o", first)
                self.run_ok("sweep", "plan", first / "study.yaml", "-o", again)
                for part in ("study.yaml", "scenario.yaml", "policies.csv", "futures.csv"):
                    self.assertEqual((first / part).read_bytes(), (again / part).read_bytes(), part)

    def test_a_plan_whose_factors_have_unusual_names_and_values(self):
        """`name` is what the column of the rows' names is called, too; texts hold all that parts cells."""
        (self.tmp / "study.yaml").write_text(f"""
name: Texts
base: {SCENARIOS}/programs/programs.yaml
changes: {{end: 2026-02-28}}
replications: 1
levers:
  name: {{path: name, values: [" a", "b;c", "d,e", 'f "g"', "1,5", "1.500"]}}
metrics: [market.shipped.all]
""")
        self.run_ok("sweep", self.tmp / "study.yaml", "--out", self.tmp / "out")
        self.run_ok("sweep", "status", self.tmp / "out")
        self.assertEqual(json.loads(self.run_ok("sweep", "status", self.tmp / "out", "--format", "json").stdout)["done"], 6)

    def test_a_column_of_what_was_written(self):
        """A table of the program is a trace: its numbers are read as they were written."""
        beer_game = SCENARIOS / "beer-game/beer-game.yaml"
        self.run_ok("run", beer_game, "--quiet", "--series", "--out", self.tmp / "out")
        (self.tmp / "trace.yaml").write_text(f"""
extends: {SCENARIOS}/programs/programs.yaml
overrides:
  customers.city.demand.lamp.variation:
    trace: {{quantities: {{csv: out/series.csv, column: value, where: {{measure: shipped}}}}}}
""")
        self.run_ok("check", self.tmp / "trace.yaml")

    @unittest.skipUnless(jsonschema, "there is no jsonschema here, so schemas are not held against files")
    def test_the_schema_takes_what_the_program_takes(self):
        schema = json.loads(self.run_ok("schema").stdout)
        jsonschema.validators.validator_for(schema).check_schema(schema)


if __name__ == "__main__":
    cli_test.BINARY = sys.argv.pop(1)
    unittest.main()
