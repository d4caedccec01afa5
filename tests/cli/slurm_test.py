#!/usr/bin/env python3
"""A sweep on a private Slurm of two nodes: whatever befalls the cluster, the merged bytes are those of
one machine, nothing is lost and nothing is done twice.

    slurm_test.py BINARY        as ctest calls it; skipped where Slurm is not installed
"""

import hashlib
import json
import signal
import sys
import tempfile
import time
import unittest

import support
from private_slurm import PrivateSlurm, what_is_missing
from sweep_test import RESULTS, SweepTest

SHARDS = 4
POINTS = 32
RUNS = 8 * POINTS


@unittest.skipIf(what_is_missing(), f"not installed: {', '.join(what_is_missing())}")
class Cluster(SweepTest):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="optichain-slurm-", dir="/tmp")
        cls.addClassCleanup(folder.cleanup)
        cls.slurm = PrivateSlurm(folder.name)
        cls.addClassCleanup(cls.slurm.end)
        cls.slurm.start()
        cls.alone = None

    def setUp(self):
        super().setUp()
        self.text = self.study(points=POINTS)  # a few seconds of work
        self.out = self.tmp / "out"
        self.plan(self.text, self.out, "--chunk-runs", 8)

    def submit(self, *arguments):
        return self.run_ok("sweep", "submit", self.out, "--shards", SHARDS, *arguments, env=self.slurm.environment)

    def wait_for_chunks(self, count):
        self.slurm.wait_until(lambda: len(self.chunks(self.out)) >= count, 60)

    def wait_until_done(self, seconds=90):
        def done():
            self.slurm.hurry()
            return self.status(self.out)["missing"] == 0
        try:
            self.slurm.wait_until(done, seconds)
        except TimeoutError:
            self.fail(f"{self.status(self.out)}\n{self.slurm.describe()}")

    def assert_as_on_one_machine(self):
        self.run_ok("sweep", "merge", self.out)
        if not Cluster.alone:  # the same for all
            alone = self.tmp / "alone"
            self.sweep(self.text, alone, timeout=180)
            Cluster.alone = {name: (alone / name).read_bytes() for name in RESULTS}
        self.assertEqual({name: hashlib.sha256((self.out / name).read_bytes()).hexdigest() for name in RESULTS},
                         {name: hashlib.sha256(content).hexdigest() for name, content in Cluster.alone.items()})
        runs = [(line["point"], line["replication"]) for chunk in self.chunks(self.out)
                for line in map(json.loads, chunk.read_text().splitlines()[1:-1])]
        self.assertEqual((len(runs), len(set(runs))), (RUNS, RUNS), "nothing twice, nothing lost")

    def test_a_node_dies_in_the_middle(self):
        self.submit()
        self.wait_for_chunks(4)
        self.slurm.cut_power("n2")
        self.addCleanup(self.slurm.repair, "n2")
        self.assertGreater(self.status(self.out)["missing"], 0)
        self.wait_until_done()  # on the node that is left
        self.assert_as_on_one_machine()

    def test_cancelled_and_submitted_again(self):
        job = self.submit().stdout.split()[1].rstrip(":")
        self.wait_for_chunks(4)
        self.slurm.ask("scancel", job)
        self.slurm.wait_until(lambda: not self.slurm.ask("squeue", "-h", "-j", job, "-t", "running,completing"), 30)
        status = self.status(self.out)
        self.assertGreater(status["missing"], 0)
        self.assertEqual(status["failed"], 0, "stopped is not failed")
        logs = "".join(p.read_text() for p in (self.out / "logs").glob("*.log"))
        self.assertIn("stopped by a signal", logs)
        self.submit("--merge")
        self.slurm.wait_until(lambda: (self.out / "manifest.json").exists(), 90)  # the merge was queued behind
        self.assert_as_on_one_machine()
        self.assertIn("nothing is missing", self.submit().stdout)

    def test_the_controller_is_killed_and_started_again(self):
        self.submit()
        self.wait_for_chunks(4)
        self.slurm.stop("slurmctld", signal.SIGTERM)
        time.sleep(1)
        self.slurm.start_controller()
        self.slurm.wait_until(lambda: self.slurm.ask("sinfo", "-h", "-o", "%D"), 30)
        self.wait_until_done()
        self.assert_as_on_one_machine()


if __name__ == "__main__":
    if what_is_missing():
        print("skipped: Slurm is not installed")
        sys.exit(77)
    support.main()
