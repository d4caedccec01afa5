#!/usr/bin/env python3
"""Damaged and crafted files through the program: the same answer or one sentence, and nothing written elsewhere.

    damage_test.py BINARY SEAL [TestClass...]        as ctest calls it
"""

import contextlib
import fcntl
import json
import os
import pathlib
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys

import support
from support import BAD_INPUT, FAILED, PARTIAL, PROGRAMS, optichain
from sweep_test import SweepTest

SEAL = None


def seal(*files):
    subprocess.run([SEAL, *map(str, files)], check=True)


def each_once(places, commands):
    """Every command at the first place, and one after the other at the rest: what a file holds is checked by one
    function, which all of them call."""
    for i, place in enumerate(places):
        yield place, commands if i == 0 else [commands[i % len(commands)]]


def flip(path, at=None):
    data = bytearray(path.read_bytes())
    data[len(data) // 2 if at is None else at] ^= 1
    path.write_bytes(data)


class DamageTest(SweepTest):
    """Runs and a sweep are made once; every test damages copies."""

    def a_run(self, name="run", *arguments):
        made = self.made("-".join(["run", *map(str, arguments)]), "run", PROGRAMS, "--set", "end=2026-06-30",
                         "--replications", 4, *arguments)
        return self.copy_of(made, name)

    def a_sweep(self, name="sweep"):
        return self.copy_of(self.made_sweep("--chunk-runs", 8), name)

    def refused(self, file, *command):
        """Exit code 2 and one sentence with the file's name."""
        before = {p: p.read_bytes() for p in self.tmp.rglob("*") if p.is_file()}
        result = optichain(*command)
        self.assertEqual(result.returncode, BAD_INPUT, (command, result.stdout, result.stderr))
        self.assertEqual(result.stdout, "")
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertIn(pathlib.Path(file).name, result.stderr)
        for word in ("json", "exception", "std::", "map::at", "vector"):
            self.assertNotIn(word, result.stderr.replace(".json", ""))
        after = {p: p.read_bytes() for p in self.tmp.rglob("*") if p.is_file()}
        self.assertEqual(before, after, "nothing was written")
        return result.stderr


class Stores(DamageTest):
    def commands(self, store):
        return (["report", store, "-o", self.tmp / "page.html"], ["explain", store],
                ["export", store, "--format", "csv", "-o", self.tmp / "tables"], ["compare", store, store])

    def test_one_bit_of_a_store_in_its_folder_or_alone(self):
        run = self.a_run()
        alone = self.tmp / "copied.sqlite"
        shutil.copy(run / "results.sqlite", alone)
        for command in self.commands(alone):
            self.run_ok(*command)
        shutil.rmtree(self.tmp / "tables")
        (self.tmp / "page.html").unlink()
        size = alone.stat().st_size
        for file, store in ((run / "results.sqlite", run), (alone, alone)):
            for at, commands in each_once((61, 200, size // 3, size - 20000), self.commands(store)):
                flip(file, at)
                for command in commands:
                    self.assertIn("is damaged, or was changed", self.refused(file, *command))
                flip(file, at)
        for command in self.commands(run):
            self.run_ok(*command)

    def test_another_store_in_the_place_of_one(self):
        run, other = self.a_run(), self.a_run("other", "--seed", 2)
        shutil.copy(other / "results.sqlite", run / "results.sqlite")
        self.refused(run / "results.sqlite", "explain", run)
        self.run_ok("explain", other)

    def test_another_scenario_beside_a_store(self):
        run = self.a_run()
        resolved = run / "resolved.yaml"
        resolved.write_text(resolved.read_text().replace("2026-06-30", "2026-06-29"))
        self.refused(resolved, "compare", run, run)

    def test_a_store_of_an_earlier_version(self):
        old = self.tmp / "old.sqlite"
        with contextlib.closing(sqlite3.connect(old)) as db:
            db.executescript("CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
                             "INSERT INTO meta VALUES ('schema', '2'), ('complete', '1');")
        for command in self.commands(old):
            self.assertIn("its schema has version 2, and this program works with 3", self.refused(old, *command))

    def test_what_a_stranger_seals(self):
        whole = self.a_run() / "results.sqlite"
        crafted = self.tmp / "crafted.sqlite"
        for sql in ("UPDATE node SET id = -1 WHERE id = 1", "UPDATE measure SET id = 1 << 60 WHERE id = 1",
                    "DELETE FROM run", "UPDATE kpi SET measure_id = -7 WHERE measure_id = 3",
                    "UPDATE series SET data = substr(data, 1, 3)", "DROP TABLE kpi",
                    "UPDATE kpi SET value = 'x' WHERE measure_id = 3"):
            shutil.copy(whole, crafted)
            with contextlib.closing(sqlite3.connect(crafted)) as db:
                db.executescript(sql)
            seal(crafted)
            self.refused(crafted, "report", crafted, "-o", self.tmp / "page.html")

    def test_a_crafted_store_in_write_ahead_mode(self):
        """What stands in a log beside a whole store is no part of it."""
        run = self.a_run()
        alone = self.tmp / "alone.sqlite"
        shutil.copy(run / "results.sqlite", alone)
        before = self.run_ok("explain", alone).stdout
        pathlib.Path(f"{alone}-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\0" * 4000)
        pathlib.Path(f"{alone}-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\0" * 4000)
        self.assertEqual(self.run_ok("explain", alone).stdout, before)


class Sweeps(DamageTest):
    def setUp(self):
        super().setUp()
        self.out = self.a_sweep()

    def change_plan(self, change):
        file = self.out / "plan.json"
        plan = json.loads(file.read_text())
        change(plan)
        file.write_text(json.dumps(plan))
        seal(file)

    def test_one_bit_of_store_and_plan(self):
        store = self.out / "results.sqlite"
        reading = (["sweep", "analyse", self.out], ["report", self.out, "-o", self.tmp / "page.html"],
                   ["lta", self.out], ["export", self.out, "--format", "csv", "-o", self.tmp / "t"])
        for at, commands in each_once((100, 60000), reading):
            flip(store, at)
            for command in commands:
                self.refused(store, *command)
            flip(store, at)
        plan = self.out / "plan.json"
        size = plan.stat().st_size
        work = [["sweep", word, self.out] for word in ("run", "status", "merge", "retry")]
        for at, commands in each_once((20, size // 2, size - 5), work):
            flip(plan, at)
            for command in commands:
                self.refused(plan, *command)
            flip(plan, at)
        self.run_ok("sweep", "analyse", self.out)
        self.run_ok("sweep", "status", self.out)

    def test_one_bit_of_a_chunk(self):
        right = self.status(self.out)
        chunk = self.chunks(self.out)[1]
        size = chunk.stat().st_size
        for at in (12, size // 2, size - 60, size - 100):  # head, a run, the end
            flip(chunk, at)
            status = self.status(self.out)
            self.assertIn((status["done"], status["damaged"]), ((right["done"], 0), (right["done"] - 8, 1)))
            merged = optichain("sweep", "merge", self.out, "-o", self.tmp / "merged")
            self.assertEqual(merged.returncode, PARTIAL, merged.stderr)
            self.assertFalse((self.tmp / "merged/results.sqlite").exists())
            flip(chunk, at)

    def test_a_name_in_a_plan_never_becomes_a_path(self):
        evil = self.tmp / "evil.chunk"

        def change(plan):
            plan["chunks"][0]["id"] = "../../evil"
        self.change_plan(change)
        for path in self.chunks(self.out):
            path.unlink()
        self.refused(self.out / "plan.json", "sweep", "run", self.out)
        self.assertFalse(evil.exists())

    def test_a_plan_that_a_stranger_seals(self):
        kept = {path: path.read_bytes() for path in self.out.iterdir() if path.is_file()}

        def runs(*numbers):
            return lambda plan: plan["chunks"][0].update(runs=[list(numbers)])
        runs_below_0 = runs(-1, 1, 0, 1)
        for change in (runs_below_0, runs(0, -1, 0, 1), runs(0, 2 ** 64 - 1, 0, 1), runs(10 ** 15, 1, 0, 1),
                       runs(0, 1, 0, 10 ** 18), runs(0, 0, 0, 0), runs(0, 1), runs("a", 1, 0, 1), runs(0.5, 1, 0, 1),
                       lambda plan: plan.update(chunks=7), lambda plan: plan.update(chunks=[[]]),
                       lambda plan: plan.update(kept={}), lambda plan: plan["kept"].update(weeks=[2 ** 62]),
                       lambda plan: plan["kept"].update(weeks=[-2 ** 63]),
                       lambda plan: plan["kept"].update(weeks=[1e300]),
                       lambda plan: plan["kept"]["figures"][0].__setitem__(0, "nobody"),
                       lambda plan: plan.update(context=5), lambda plan: plan.update(digest=[]),
                       lambda plan: plan.update(seconds_per_run=-1), lambda plan: plan.update(seconds_per_run="x"),
                       lambda plan: plan.pop("chunks"), lambda plan: plan.update(format=[1])):
            self.change_plan(change)
            for command in ("run", "merge")[:2 if change is runs_below_0 else 1]:
                self.refused(self.out / "plan.json", "sweep", command, self.out)
            for path, whole in kept.items():  # with its seal
                path.write_bytes(whole)
        (self.out / "plan.json").write_text("[" * 100000)
        self.refused(self.out / "plan.json", "sweep", "status", self.out)

    def test_a_chunk_that_a_stranger_seals(self):
        chunk = self.chunks(self.out)[0]
        whole = chunk.read_text()
        first = json.loads(whole.splitlines()[1])
        for change in ({"failure": ""}, {"failure": "why"}, {"values": []}, {"values": ["x", 1, 2]}, {"values": 3}, {"replication": -1},
                       {"replication": 2 ** 63}, {"point": 7}, {"point": "../../evil"}, {"failure": 3}):
            chunk.write_text(whole.replace(json.dumps(first, separators=(",", ":")),
                                           json.dumps({**first, **change}, separators=(",", ":"))))
            seal(chunk)
            self.assertNotEqual(chunk.read_text(), whole, change)
            merged = optichain("sweep", "merge", self.out, "-o", self.tmp / "merged")
            self.assertEqual(merged.returncode, PARTIAL, (change, merged.stderr))
            self.assertNotIn("exception", merged.stderr)
            self.assertFalse((self.tmp / "merged/results.sqlite").exists(), (change, merged.stderr))
            chunk.write_text(whole)

    def test_a_file_that_is_missing(self):
        """The same answer without it, or exit code 2 and a sentence with the name of what is missing."""
        work = {"status": ["sweep", "status", self.out], "run": ["sweep", "run", self.out, "--quiet"],
                "merge": ["sweep", "merge", self.out], "retry": ["sweep", "retry", self.out],
                "submit": ["sweep", "submit", self.out, "--dry-run"]}
        reading = {"analyse": ["sweep", "analyse", self.out], "explain": ["explain", self.out],
                   "compare": ["compare", self.out, self.out],
                   "report": ["report", self.out, "-o", self.tmp / "page.html"],
                   "export": ["export", self.out, "--format", "csv", "-o", self.tmp / "tables"]}
        commands = {**work, **reading}
        kept = self.copy_of(self.out, "kept")
        right = {name: self.answer(command) for name, command in commands.items()}
        of_plan = {"plan.json", "study.yaml", "scenario.yaml", "policies.csv", "futures.csv", "chunks"}
        names = {path.name for path in kept.iterdir()} - {"sessions"}
        self.assertLess(of_plan | {"results.sqlite", ".optichain.json"}, names)
        tried = [(name, {gone}) for gone in sorted(names) for name in work]
        # who reads needs the store alone: without it, and without all that is no store
        tried += [(name, gone) for gone in ({"results.sqlite"}, names - {"results.sqlite"}) for name in reading]
        tried += [(name, {gone}) for name, gone in zip([*reading] * 3, sorted(names - {"results.sqlite"}))]
        self.assertGreaterEqual(len(tried), 60)
        for name, gone in tried:
            shutil.rmtree(self.out)
            shutil.copytree(kept, self.out)
            for path in (self.out / one for one in gone):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            code, stdout, stderr = self.answer(commands[name])
            with self.subTest(without=gone, command=name):
                if name in work and gone <= of_plan or name in reading and name != "compare" and "results.sqlite" in gone:
                    self.assertEqual((code, stdout), (BAD_INPUT, ""), stderr)
                    self.assertEqual(stderr.strip().count("\n"), 0, stderr)
                    only, = gone
                    self.assertIn({"chunks": "folder of chunks"}.get(only, only), stderr)
                elif gone == {".optichain.json"} and name in ("merge", "retry"):
                    self.assertIn(code, (right[name][0], BAD_INPUT))  # nobody knows whose files these are
                else:
                    self.assertEqual((code, stdout), right[name][:2], stderr)

    def answer(self, command):
        shutil.rmtree(self.tmp / "tables", ignore_errors=True)
        (self.tmp / "page.html").unlink(missing_ok=True)
        result = optichain(*command)
        return result.returncode, result.stdout, result.stderr

    def test_a_sweep_that_is_not_merged(self):
        planned = self.tmp / "planned"
        self.plan(self.study(), planned)
        for command in (["sweep", "analyse", planned], ["report", planned, "-o", self.tmp / "page.html"],
                        ["lta", planned], ["compare", planned, planned], ["explain", planned]):
            self.assertIn("the sweep is not merged yet: `optichain sweep run",
                          self.refused("results.sqlite", *command))
        self.assertIn("it holds a sweep", self.refused(self.out, "compare", self.out, self.out))


class Repairs(DamageTest):
    def test_a_run(self):
        run = self.a_run()
        before = self.run_ok("explain", run, "--replication", 3).stdout
        self.assertEqual(self.run_ok("repair", run).stdout, f"{run}: nothing is damaged\n")
        store = run / "results.sqlite"
        with contextlib.closing(sqlite3.connect(store)) as db:
            rows, = db.execute("SELECT group_concat(pageno) FROM dbstat WHERE name = 'kpi' AND pagetype = 'leaf'"
                               ).fetchone() if self.has_dbstat(db) else ("",)
        if not rows:
            self.skipTest("this SQLite does not say what is on a page")
        first = int(rows.split(",")[0])
        flip(store, (first - 1) * 16384 + 16000)
        result = optichain("repair", run)
        self.assertEqual(result.returncode, PARTIAL, result.stderr)
        self.assertIn("3 of 4 runs are whole and were written to", result.stdout)
        self.assertIn("lost: replication 0", result.stdout)
        repaired = self.tmp / "run-repaired"
        self.assertEqual(self.run_ok("explain", repaired, "--replication", 3).stdout, before)
        self.run_ok("compare", repaired, repaired)
        self.run_ok("report", repaired, "-o", self.tmp / "page.html")
        self.refused(store, "explain", run)
        self.assertEqual(optichain("repair", run).returncode, PARTIAL, "and again")
        self.assertEqual(self.run_ok("explain", self.tmp / "run-repaired-2", "--replication", 3).stdout, before)
        # what was saved before is never replaced by less, nor is another run
        (repaired / "results.sqlite").write_text("mine")
        for taken in (repaired, run):
            refused = optichain("repair", store, "-o", taken)
            self.assertEqual(refused.returncode, BAD_INPUT)
            self.assertIn("name a new folder with -o", refused.stderr)
        self.assertEqual((repaired / "results.sqlite").read_text(), "mine")

    @staticmethod
    def has_dbstat(db):
        return any("DBSTAT" in option for option, in db.execute("PRAGMA compile_options"))

    def test_nothing_to_save(self):
        store = self.a_run() / "results.sqlite"
        store.write_bytes(store.read_bytes()[:50000])
        self.refused(store, "repair", store)
        text = self.tmp / "text.sqlite"
        text.write_text("no store\n" * 1000)
        self.refused(text, "repair", text)
        self.assertFalse((self.tmp / "run-repaired").exists())

    def test_a_sweep(self):
        out, fresh = self.a_sweep(), self.a_sweep("fresh")
        self.assertEqual(self.run_ok("repair", out).stdout, f"{out}: nothing is damaged\n")
        flip(self.chunks(out)[0])
        flip(out / "results.sqlite", 50000)
        result = optichain("repair", out)
        self.assertEqual(result.returncode, PARTIAL, result.stderr)
        self.assertIn("8 runs are missing: `optichain sweep run", result.stdout)
        self.assertEqual(len(list((out / "chunks").glob("*.damaged"))), 1)
        self.assertTrue((out / "results.sqlite.damaged").exists())
        self.run_ok("sweep", "run", out, "--quiet")
        self.run_ok("sweep", "merge", out)
        self.assert_same_results(out, fresh)
        self.assertEqual(self.run_ok("repair", out).stdout, f"{out}: nothing is damaged\n")

    def test_a_chunk_under_the_name_of_another(self):
        out, fresh = self.a_sweep(), self.a_sweep("fresh")
        first, second = self.chunks(out)[:2]
        shutil.copy(first, second)
        self.assertEqual(optichain("sweep", "merge", out).returncode, PARTIAL)
        result = optichain("repair", out)
        self.assertEqual(result.returncode, PARTIAL, result.stderr)
        self.assertIn(f"{second}\" is damaged", result.stdout)
        self.run_ok("sweep", "run", out, "--quiet")
        self.run_ok("sweep", "merge", out)
        self.assert_same_results(out, fresh)

    def test_what_is_looked_at_before_anything_is_renamed(self):
        study, out = self.study(), self.a_sweep()
        flip(self.chunks(out)[0])
        flip(out / "results.sqlite", 50000)
        (self.tmp / "mine").mkdir()
        (self.tmp / "mine/thesis.txt").write_text("years of work")
        self.refused(self.tmp / "mine", "repair", out, "-o", self.tmp / "mine")
        # somebody is at work there
        descriptor = os.open(out / "chunks", os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        before = {p: p.read_bytes() for p in self.tmp.rglob("*") if p.is_file()}
        for command in (["repair", out], ["sweep", "plan", study, "-o", out]):
            result = optichain(*command)
            self.assertEqual(result.returncode, FAILED, result.stdout)
            self.assertIn("another sweep is running there", result.stderr)
        self.assertEqual(before, {p: p.read_bytes() for p in self.tmp.rglob("*") if p.is_file()})
        os.close(descriptor)
        # what an earlier repair set aside is found by the next one
        for saved in ("first", "second"):
            result = optichain("repair", out, "-o", self.tmp / saved)
            self.assertEqual(result.returncode, PARTIAL, result.stderr)
            self.assertIn("8 runs are missing", result.stdout)
            self.assertIn(f"written to {self.tmp / saved}", result.stdout)
            self.assertIn("results.sqlite.damaged", result.stdout)
        self.assertEqual((self.tmp / "first/results.sqlite").read_bytes(),
                         (self.tmp / "second/results.sqlite").read_bytes())

    def test_what_is_no_data(self):
        """A script is there to be changed; tables and manifests are named, and stay where they are."""
        out = self.a_sweep()
        script = out / "submit.sbatch"
        script.write_text("#!/bin/sh\n")
        seal(script)
        script.write_text("#!/bin/sh\n#SBATCH --partition=mine\n")
        self.assertEqual(self.run_ok("repair", out).stdout, f"{out}: nothing is damaged\n")
        (out / "runs.csv").write_text("mine")
        (out / "manifest.json").unlink()
        result = optichain("repair", out)
        self.assertEqual(result.returncode, PARTIAL, result.stderr)
        self.assertIn(f"move \"{out}/runs.csv\" away; then `optichain sweep merge {out}` writes it again",
                      result.stdout)
        self.assertIn(f"\"{out}/manifest.json\" is missing", result.stdout)
        self.assertEqual((out / "runs.csv").read_text(), "mine")
        self.assertEqual(list(out.rglob("*.damaged")), [])

    def test_a_list_and_chunks_that_are_gone(self):
        out, fresh = self.a_sweep(), self.a_sweep("fresh")
        mark = out / ".optichain.json"
        whole = mark.read_bytes()
        for change in (mark.unlink, lambda: mark.write_bytes(whole[:100])):
            change()
            result = self.run_ok("repair", out)
            self.assertIn("it was made again", result.stdout)
            self.assertEqual(mark.read_bytes(), whole)
        shutil.rmtree(out / "chunks")
        result = optichain("repair", out)
        self.assertEqual(result.returncode, PARTIAL, result.stderr)
        self.assertIn("32 runs are missing", result.stdout)
        self.run_ok("sweep", "run", out, "--quiet")
        self.run_ok("sweep", "merge", out)
        self.assert_same_results(out, fresh)

    def test_names_of_any_kind(self):
        out = self.a_sweep("a \"b\" {0} 'c'")
        next(out.glob("chunks/*.chunk")).write_text("gone")
        result = optichain("repair", out)
        self.assertEqual(result.returncode, PARTIAL, result.stderr)
        self.assertIn('a \\"b\\" {0} \'c\'/chunks/', result.stdout)
        words = shlex.split(re.search("`optichain (.*)` does", result.stdout)[1])
        self.run_ok(*words, "--quiet")
        self.assertEqual(self.status(out)["missing"], 0)

    def test_a_plan(self):
        study, out = self.study(), self.a_sweep()
        settings = out / "policies.csv"
        settings.write_text(settings.read_text().replace(",8,", ",9,"))
        self.refused(settings, "sweep", "status", out)
        self.refused(settings, "sweep", "run", out)
        result = optichain("repair", out)
        self.assertEqual(result.returncode, PARTIAL, result.stderr)
        self.assertIn("the plan cannot be used: `optichain sweep plan", result.stdout)
        self.assertTrue((out / "policies.csv.damaged").exists())
        before = {p.name: p.stat().st_mtime_ns for p in self.chunks(out)}
        self.run_ok("sweep", "plan", study, "-o", out)
        self.assertEqual(self.status(out)["missing"], 0)
        self.assertEqual(before, {p.name: p.stat().st_mtime_ns for p in self.chunks(out)})


if __name__ == "__main__":
    SEAL = os.path.abspath(sys.argv.pop(2))
    support.main()
