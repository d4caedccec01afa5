"""What the tests of the program share: how it is started, what it may end with, folders and stores to test on."""

import atexit
import contextlib
import functools
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BASELINE = ROOT / "scenarios/ai-optics-2026/baseline.yaml"
BEER_GAME = ROOT / "scenarios/beer-game/beer-game.yaml"
PROGRAMS = ROOT / "scenarios/programs/programs.yaml"
BINARY = ""  # set by main

DONE, FAILED, BAD_INPUT, PARTIAL, STOPPED, READER_GONE = 0, 1, 2, 3, 75, 141


def main():
    """Runs the tests of the file that was called: FILE BINARY [TestClass...]."""
    global BINARY
    BINARY = os.path.abspath(sys.argv.pop(1))
    unittest.main()


def optichain(*arguments, **options):
    options.setdefault("cwd", ROOT)
    options.setdefault("timeout", 60)
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, **options)


def children(pid):
    """Of a process, or of none if it has ended meanwhile."""
    with contextlib.suppress(OSError):
        return [int(c) for c in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def end_group(process):
    """Kills it and all that it started in its session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@functools.cache
def made_folder():
    """What was made for all tests of a process, removed at its end."""
    folder = tempfile.TemporaryDirectory(prefix="optichain-made-")
    atexit.register(folder.cleanup)
    return pathlib.Path(folder.name)


class CliTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="optichain-cli-")
        self.addCleanup(folder.cleanup)
        self.tmp = pathlib.Path(folder.name)

    def run_ok(self, *arguments, **options):
        result = optichain(*arguments, **options)
        self.assertEqual(result.returncode, DONE, result.stderr)
        return result

    def made(self, name, *command):
        """What a command writes to --out, made once for all tests of a process; they only read it."""
        out = made_folder() / name
        if not out.exists():
            self.run_ok(*command, "--out", out, "--quiet", timeout=120)
        return out

    def copy_of(self, made, name="out"):
        """To be changed."""
        return pathlib.Path(shutil.copytree(made, self.tmp / name))

    def assert_no_results(self, folder):
        """Nothing there that could be taken for results."""
        left = [p.name for p in folder.iterdir()] if folder.exists() else []
        self.assertEqual([name for name in left if not name.endswith(".part")], [])

    def assert_whole(self, folder):
        manifest = json.loads((folder / "manifest.json").read_text())
        names = {entry["name"] for entry in manifest["files"]}
        self.assertEqual(names, {"results.sqlite", "summary.csv", "resolved.yaml"})
        for entry in manifest["files"]:
            self.assertEqual((folder / entry["name"]).stat().st_size, entry["bytes"])
        with contextlib.closing(sqlite3.connect(f"file:{folder}/results.sqlite?mode=ro", uri=True)) as db:
            self.assertEqual(db.execute("pragma integrity_check").fetchone(), ("ok",))
            runs = db.execute("select count(*) from v_run").fetchone()[0]
        self.assertEqual(runs, manifest["replications"])
