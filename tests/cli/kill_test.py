#!/usr/bin/env python3
"""Commands that are killed at any moment: what is there afterwards is old or whole, the same command
again gives the bytes of one that was never killed, and no file of anybody else is touched.

    kill_test.py BINARY        OPTICHAIN_KILLS: of each command, 2 unless given
"""

import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import time

import support
from support import PROGRAMS as SCENARIO
from support import CliTest

KILLS = int(os.environ.get("OPTICHAIN_KILLS", "2"))
CANARY = "notes of somebody else.txt"
TRIES = 6  # at most, of one kill: a command that was quicker than before is tried again, earlier

STUDY = f"""
name: Killed
base: {SCENARIO}
changes: {{end: 2026-02-28}}
replications: 2
levers:
  stock: {{path: sites.plant.stocks.crystal.initial_weeks, values: [2, 8]}}
uncertainties:
  demand: {{path: customers.city.demand.lamp.pieces_per_week, as: factor, low: 0.8, high: 1.3}}
design: {{uncertainties: {{sobol: {{points: 4}}}}}}
metrics: [market.shipped.all]
"""


def content(folder):
    """Hash of every file by its name, without the books that the program keeps of its folder."""
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(folder.rglob("*")) if p.is_file() and ".optichain" not in str(p.relative_to(folder))
            and p.suffix != ".part" and p.name not in (CANARY, "a link")}


class Kills(CliTest):
    def setUp(self):
        super().setUp()
        (self.tmp / "study.yaml").write_text(STUDY)
        self.luck = random.Random(2)
        self.canaries = []

    def start(self, arguments):
        return subprocess.Popen([support.BINARY, *map(str, arguments)], cwd=self.tmp, start_new_session=True,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def finish(self, arguments):
        self.run_ok(*arguments, cwd=self.tmp, timeout=120)

    def place_canaries(self):
        """A file of somebody else in every folder, hidden ones too, and a link to another."""
        self.canaries = [self.tmp, *(p for p in self.tmp.rglob("*") if p.is_dir() and not p.is_symlink())]
        for folder in self.canaries:
            (folder / CANARY).write_text("not yours")
            with contextlib.suppress(FileExistsError):
                os.symlink(self.tmp / "study.yaml", folder / "a link")

    def assert_canaries(self):
        for folder in self.canaries:
            self.assertEqual((folder / CANARY).read_text(), "not yours")
            self.assertEqual(os.readlink(folder / "a link"), str(self.tmp / "study.yaml"))
        self.assertEqual((self.tmp / "study.yaml").read_text(), STUDY)

    def kill_alive(self, arguments, prepare, delay):
        """Kills the command so many seconds after its start, or earlier if it has ended by then. The folder, and
        what was in it before."""
        for _ in range(TRIES):
            folder = prepare()
            self.place_canaries()
            before = content(folder)
            process = self.start(arguments)
            time.sleep(delay)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if process.wait(timeout=60) == -signal.SIGKILL:
                return folder, before
            delay *= 0.7
        self.fail(f"{arguments} always ended before it was killed")

    def kill_often(self, arguments, prepare, is_single=False):
        """`prepare` gives the folder of a try, as it is before the command."""
        whole = prepare()
        self.finish(arguments)  # the first time all of it is read from the disk
        whole = prepare()
        begin = time.monotonic()
        self.finish(arguments)
        duration = time.monotonic() - begin
        expected = content(whole)
        self.assertGreater(len(expected), 0)
        for i in range(KILLS):
            with self.subTest(command=arguments[0], kill=i):
                delay = (i + self.luck.random()) / KILLS * duration  # all of the duration has its turn
                folder, before = self.kill_alive(arguments, prepare, delay)
                for name, digest in content(folder).items():
                    self.assertIn(digest, (before.get(name), expected.get(name)), f"{name} is neither old nor whole")
                self.assert_canaries()
                self.finish(arguments)
                self.assertEqual(content(folder), expected)
                self.assert_canaries()
                left = [p.name for p in folder.rglob("*.part") if p.is_file()]
                # a folder of the program's own is tidied up; beside a single file a hidden part may stay
                self.assertTrue(all(p.startswith(".") for p in left) if is_single else left == [], left)

    def with_an_earlier_run(self, name):
        """A folder of results, of another length."""
        def prepare():
            folder = self.tmp / name
            shutil.rmtree(folder, ignore_errors=True)
            self.finish(["run", SCENARIO, "--until", "2026-01-31", "--out", folder, "--quiet"])
            return folder
        return prepare

    def test_run(self):
        self.kill_often(["run", SCENARIO, "--replications", 6, "--out", "out", "--quiet", "--series"],
                        self.with_an_earlier_run("out"))

    def test_sweep_and_merge(self):
        planned, done, folder = self.tmp / "planned", self.tmp / "done", self.tmp / "sweep"
        # a plan says how long a run took: the same one for all
        self.finish(["sweep", "plan", "study.yaml", "-o", planned, "--chunk-runs", 4])
        shutil.copytree(planned, done, symlinks=True)
        self.finish(["sweep", "run", done, "--quiet"])

        def copy_of(origin):
            def prepare():
                shutil.rmtree(folder, ignore_errors=True)
                return shutil.copytree(origin, folder, symlinks=True)
            return prepare
        self.kill_often(["sweep", "run", "sweep", "--quiet"], copy_of(planned))
        self.kill_often(["sweep", "merge", "sweep"], copy_of(done))

    def single_file(self, arguments, name):
        self.finish(["run", SCENARIO, "--replications", 2, "--out", "run", "--quiet"])
        self.finish(["run", SCENARIO, "--until", "2026-01-31", "--out", "earlier", "--quiet"])
        of_earlier = ["earlier" if a == "run" else a for a in arguments]

        def prepare():
            folder = self.tmp / "written"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            self.finish([*of_earlier, "-o", f"written/{name}"])
            return folder
        self.kill_often([*arguments, "-o", f"written/{name}"], prepare, is_single=name.endswith((".html", ".xlsx")))

    def test_report(self):
        self.single_file(["report", "run"], "page.html")

    def test_export(self):
        self.single_file(["export", "run", "--format", "xlsx"], "book.xlsx")
        self.single_file(["export", "run", "--format", "csv"], "tables")


if __name__ == "__main__":
    support.main()
