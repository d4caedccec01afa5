#!/usr/bin/env python3
"""What the program writes, it reads back.

    round_trip_test.py BINARY [TestClass...]        as ctest calls it

Imported networks are read back in network_test.py, fitted scenarios in reproduce_test.py.
"""

import json
import os
import re
import unittest

try:
    import jsonschema
    import yaml
except ImportError:
    jsonschema = yaml = None

import support
from support import ROOT, CliTest

SCENARIOS = ROOT / "scenarios"


# Of studies of the optical chain each plan takes seconds: one of each kind, and the others in the slow form.
SLOW_STUDIES = {"allocation", "consistency", "lta-cost", "lta-eml", "lta-isolator", "projections"}
IS_SLOW = "OPTICHAIN_ALL_STUDIES" in os.environ


def kind_of(text):
    """What a file with a name is, by the keys that it begins lines with; none if it is a part of others."""
    keys = set(re.findall(r"^(\w+):", text, re.M))
    if "name" not in keys:
        return None
    return "claims" if "claims" in keys else "study" if "base" in keys else "scenario" if keys & {"start", "extends"} else None


def read_yaml(text):
    """As the core schema of YAML 1.2 reads it: days are texts, `on` is a word, and so are the names of all keys."""
    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {}
    for tag, pattern in (("bool", "true|false"), ("null", "~|null|"), ("int", r"[-+]?[0-9]+"),
                         ("float", r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")):
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), None)

    def named(value):
        if isinstance(value, dict):
            return {str(key): named(inside) for key, inside in value.items()}
        return [named(inside) for inside in value] if isinstance(value, list) else value
    return named(yaml.load(text, Loader))


class RoundTrips(CliTest):
    def test_resolved_scenarios(self):
        """They are valid, say of themselves what they are, and run to the same results."""
        files = [file for file in sorted(SCENARIOS.glob("*/*.yaml")) if kind_of(file.read_text()) == "scenario"]
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

    @unittest.skipUnless(jsonschema, "there is no jsonschema or yaml here, so schemas are not held against files")
    def test_the_schemas_take_what_the_program_takes(self):
        checked = 0
        for kind in ("scenario", "study", "claims"):
            schema = json.loads(self.run_ok("schema", "--of", kind).stdout)
            validator = jsonschema.validators.validator_for(schema)
            validator.check_schema(schema)
            for file in sorted(SCENARIOS.rglob("*.yaml")):
                if kind_of(file.read_text()) != kind:
                    continue
                with self.subTest(file=file):
                    document = read_yaml(file.read_text())
                    self.assertEqual([error.message[:500] for error in validator(schema).iter_errors(document)], [])
                    document["no_such_key_of_anything"] = 1
                    if "extends" not in document:
                        self.assertNotEqual(list(validator(schema).iter_errors(document)), [])
                    checked += 1
        self.assertGreater(checked, 50)


if __name__ == "__main__":
    support.main()
