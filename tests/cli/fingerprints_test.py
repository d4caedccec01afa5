#!/usr/bin/env python3
"""scripts/fingerprints says what changed, and passes where nothing did.

    fingerprints_test.py BINARY [TestClass...]        as ctest calls it
"""

import shutil
import subprocess
import sys

import support
from support import BAD_INPUT, DONE, ROOT, CliTest


class Fingerprints(CliTest):
    def setUp(self):
        super().setUp()
        self.scenarios, self.list = self.tmp / "scenarios", self.tmp / "list.csv"
        (self.scenarios / "studies").mkdir(parents=True)
        for name in ("nothing.yaml", "overhead.yaml"):
            shutil.copy(ROOT / "scenarios/studies" / name, self.scenarios / "studies" / name)
        self.fingerprints()

    def fingerprints(self, *arguments):
        return subprocess.run([sys.executable, ROOT / "scripts/fingerprints", "--binary", support.BINARY,
                               "--scenarios", self.scenarios, "--list", self.list, *arguments],
                              capture_output=True, text=True, timeout=60, check=False)

    def replace(self, name, old, new):
        file = self.scenarios / name
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new))

    def check_fails(self, *said):
        result = self.fingerprints("--check")
        self.assertEqual(result.returncode, 1, result.stderr)
        for text in said:
            self.assertIn(text, result.stdout + result.stderr)
        return result.stdout

    def test_nothing_changes_with_words_nor_with_the_day(self):
        before = self.list.read_text()
        self.replace("studies/nothing.yaml", "name: Nothing", "name: Something")
        self.replace("studies/overhead.yaml", "name: Overhead", "name: Machinery")
        self.assertEqual(self.fingerprints("--check").returncode, DONE)
        self.fingerprints()
        self.assertEqual(self.list.read_text(), before)
        self.assertIn("points 2 of 100000", before)

    def test_a_change_of_results_is_named(self):
        self.replace("studies/nothing.yaml", "initial_pieces: 100", "initial_pieces: 101")
        said = self.check_fails("scenarios/studies/nothing.yaml (run): changed: fingerprint, summary, store, series",
                                "scenarios/studies/overhead.yaml (sweep): changed: fingerprint\n",
                                "2 of 2 differ", "say why")
        self.assertNotIn("overhead.yaml (sweep): changed: fingerprint, summary", said, "only shipped pieces are kept")
        one = self.fingerprints("--check", "--only", "overhead")
        self.assertIn("1 of 1 differ", one.stdout)
        self.assertEqual(self.fingerprints("--check", "--only", "beer").returncode, 1)

    def test_what_takes_long_is_left_out_of_a_quick_check_alone(self):
        shutil.copy(self.scenarios / "studies/nothing.yaml", self.scenarios / "studies/projections.yaml")
        self.check_fails("scenarios/studies/projections.yaml (run): is not in the list")
        quick = self.fingerprints("--check", "--quick")
        self.assertEqual((quick.returncode, quick.stdout), (DONE, "fingerprints: 2 as listed in list.csv\n"))
        self.assertEqual(self.fingerprints("--quick").returncode, BAD_INPUT)
        self.assertIn("projections", (ROOT / "results/fingerprints.csv").read_text(), "and there is such a file")

    def test_scenarios_that_come_and_go(self):
        shutil.copy(self.scenarios / "studies/nothing.yaml", self.scenarios / "new.yaml")
        (self.scenarios / "studies/overhead.yaml").unlink()
        self.check_fails("scenarios/new.yaml (run): is not in the list",
                         "scenarios/studies/overhead.yaml (sweep): is in the list, but there is no such file",
                         "2 of 3 differ")

    def test_what_nobody_runs_or_cannot_be_run(self):
        part = self.scenarios / "part.yaml"
        part.write_text("shop: {sells: {piece: {}}}\n")
        self.check_fails("scenarios/part.yaml is neither a scenario")
        part.unlink()
        self.replace("studies/nothing.yaml", "end: 2026-01-07", "end: 2025-01-07")
        self.check_fails("scenarios/studies/nothing.yaml (run): optichain run", "error: ")


if __name__ == "__main__":
    support.main()
