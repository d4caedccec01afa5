#!/usr/bin/env python3
"""Sweeps as a user meets them: equal results whoever did the work, and what survives when something dies.

    sweep_test.py BINARY [TestClass...]        as ctest calls it
"""

import contextlib
import csv
import json
import os
import random
import resource
import shlex
import signal
import sqlite3
import subprocess
import time

import support
from support import (BAD_INPUT, DONE, FAILED, PARTIAL, PROGRAMS, ROOT, STOPPED, CliTest, children, end_group,
                     optichain)

KILLS = int(os.environ.get("OPTICHAIN_KILLS", "5"))  # 50 in the slow form
RESULTS = ("results.sqlite", "runs.csv", "manifest.json")


class SweepTest(CliTest):
    def study(self, name="study.yaml", points=4, replications=2, more=""):
        """A quarter of a second of work: 4 policies in a few futures."""
        file = self.tmp / name
        file.write_text(f"""
name: Test
base: {PROGRAMS}
changes: {{end: 2026-09-30}}
replications: {replications}
levers:
  crystal_stock: {{path: sites.plant.stocks.crystal.initial_weeks, values: [2, 8]}}
  shift: {{options: {{by_rule: {{}}, never: {{programs.second_shift: ~}}}}}}
uncertainties:
  demand: {{path: customers.city.demand.lamp.pieces_per_week, as: factor, low: 0.8, high: 1.3}}
  furnace_yield: {{path: sites.west_grower.recipes.grow.yield, low: 0.7, high: 0.9}}
design: {{uncertainties: {{sobol: {{points: {points}}}}}}}
metrics: [market.shipped.all, market.unmet.all, customers.city.fill_rate.all]
{more}""")
        return file

    def sweep(self, study, out, *arguments, code=DONE, **options):
        result = optichain("sweep", study, "--out", out, *arguments, **options)
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def made_sweep(self, *arguments):
        """The study as it stands, done by one process for all tests that only read it."""
        return self.made("-".join(["sweep", *map(str, arguments)]), "sweep", self.study("made.yaml"), "--jobs", 1, *arguments)

    def plan(self, study, out, *arguments):
        return self.run_ok("sweep", "plan", study, "-o", out, *arguments)

    def status(self, out):
        return json.loads(self.run_ok("sweep", "status", out, "--format", "json").stdout)

    def assert_same_results(self, a, b):
        for name in RESULTS:
            self.assertEqual((a / name).read_bytes(), (b / name).read_bytes(), name)

    def rows(self, out):
        return list(csv.DictReader((out / "runs.csv").read_text().splitlines()))

    def chunks(self, out):
        return sorted((out / "chunks").glob("*.chunk"))


class Sweeps(SweepTest):
    def test_the_same_bytes_on_any_number_of_workers_and_in_any_pieces(self):
        study, one = self.study(), self.made_sweep()
        self.sweep(study, self.tmp / "three", "--jobs", 3, "--chunk-runs", 3)
        self.assert_same_results(one, self.tmp / "three")
        shards = self.tmp / "shards"
        self.plan(study, shards, "--chunk-runs", 2)
        for i in (2, 0, 1):
            self.run_ok("sweep", "run", shards, "--shard", f"{i}/3")
        self.run_ok("sweep", "merge", shards)
        self.assert_same_results(one, shards)
        self.assertEqual(list((shards / "chunks").glob("*.part")), [])

    def test_chunks_of_several_places_join(self):
        study, here, there = self.study(), self.tmp / "here", self.tmp / "there"
        for folder in (here, there):
            self.plan(study, folder, "--chunk-runs", 4)
        self.run_ok("sweep", "run", here, "--shard", "0/2")
        self.run_ok("sweep", "run", there, "--shard", "1/2")
        self.assertEqual(optichain("sweep", "merge", here).returncode, PARTIAL)
        self.assertEqual(list(here.glob("results*")), [])
        self.run_ok("sweep", "merge", here, there, "-o", self.tmp / "merged")
        self.assert_same_results(self.made_sweep(), self.tmp / "merged")

    def test_the_shard_of_a_batch_system(self):
        out = self.tmp / "out"
        self.plan(self.study(), out, "--chunk-runs", 8)
        refused = optichain("sweep", "run", out, "--shard", "auto/2")
        self.assertEqual(refused.returncode, BAD_INPUT)
        for variable, number in (("SLURM_ARRAY_TASK_ID", "0"), ("SGE_TASK_ID", "2")):
            self.run_ok("sweep", "run", out, "--shard", "auto/2", env={**os.environ, variable: number})
        self.assertEqual(self.status(out)["missing"], 0)

    def test_more_points_and_more_replications_keep_what_was_done(self):
        out, fresh = self.tmp / "out", self.tmp / "fresh"
        smaller = self.study(points=2)
        self.sweep(smaller, out)
        before = {p.name: p.stat().st_mtime_ns for p in self.chunks(out)}
        larger = self.study("larger.yaml", points=4, replications=3)
        said = json.loads(self.run_ok("sweep", "plan", larger, "-o", out, "--dry-run", "--format", "json").stdout)
        self.assertEqual((said["runs"], said["done"]), (48, 16))
        self.sweep(larger, out)
        self.sweep(larger, fresh)
        self.assert_same_results(out, fresh)
        after = {p.name: p.stat().st_mtime_ns for p in self.chunks(out)}
        self.assertLessEqual(before.items(), after.items())
        done = sum(json.loads(p.read_text().splitlines()[-1])["lines"] for p in self.chunks(out))
        self.assertEqual(done, 48, "nothing was done twice")
        self.sweep(smaller, out)  # and back to the smaller one, of which nothing is to be done
        self.assertEqual({p.name for p in self.chunks(out)}, set(after))
        self.assertEqual(len(self.rows(out)), 16)

    def test_again_does_nothing_again(self):
        out = self.copy_of(self.made_sweep())
        before = {p: p.stat().st_mtime_ns for p in [*self.chunks(out), out / "plan.json"]}
        self.sweep(self.study(), out)
        self.assertEqual(before, {p: p.stat().st_mtime_ns for p in before})

    def test_a_dry_run_writes_nothing(self):
        for arguments in (["sweep", self.study(), "--dry-run", "--out", self.tmp / "out"],
                          ["sweep", "plan", self.study(), "--dry-run", "-o", self.tmp / "out"]):
            said = self.run_ok(*arguments).stdout
            for word in ("points         16", "runs           32", "time           about", "disk           about"):
                self.assertIn(word, said)
        self.assertFalse((self.tmp / "out").exists())

    def test_a_point_is_the_run_with_its_settings(self):
        """The figures of a point are those that `run --set` gives."""
        out = self.made_sweep()
        row = next(r for r in self.rows(out) if r["crystal_stock"] == "8" and r["shift"] == "never")
        demand = {day: 1.0 * number * float(row["demand"])
                  for day, number in (("2026-01-01", 800), ("2026-10-01", 1200), ("2027-04-01", 1400))}
        one = self.run_ok("run", PROGRAMS, "--replications", 2, "--until", "2026-09-30", "--format", "json",
                          "--set", "sites.plant.stocks.crystal.initial_weeks=8", "--set", "programs.second_shift=~",
                          "--set", f"sites.west_grower.recipes.grow.yield={row['furnace_yield']}", "--set",
                          f"customers.city.demand.lamp.pieces_per_week={json.dumps(demand).replace(chr(34), '')}",
                          "--out", self.tmp / "run")
        same = [r for r in self.rows(out) if (r["policy"], r["future"]) == (row["policy"], row["future"])]
        mean = sum(float(r["market.shipped.all"]) for r in same) / len(same)
        self.assertAlmostEqual(json.loads(one.stdout)["metrics"]["market.shipped.all"]["mean"], mean)

    def test_designs(self):
        (self.tmp / "rows.csv").write_text("demand,furnace_yield\n0.9,0.8\n\"1.2\",\n,0.75\n")
        (self.tmp / "decimal-commas.csv").write_bytes("\ufeffdemand;furnace_yield\r\n0,9; 0,8 \r\n1,250;\r\n".encode("utf-16-le"))
        for design, futures in (("{csv: {file: rows.csv}}", 3), ("{csv: {file: decimal-commas.csv}}", 2),
                                ("{csv: {file: decimal-commas.csv, separator: ;, decimal: ','}}", 2),
                                ("one_at_a_time", 5), ("grid", 9),
                                ("{latin_hypercube: {points: 5, rounds: 2}}", 10),
                                ("{sobol: {points: 4, indices: true}}", 16),
                                ("{list: {rows: [{demand: 1}, {furnace_yield: 0.8}]}}", 2)):
            with self.subTest(design=design):
                study = self.study()
                study.write_text(study.read_text().replace("{sobol: {points: 4}}", design))
                said = json.loads(self.run_ok("sweep", study, "--dry-run", "--format", "json").stdout)
                self.assertEqual((said["policies"], said["futures"]), (4, futures))
        self.sweep(study, self.tmp / "out")
        self.assertEqual({r["demand"] for r in self.rows(self.tmp / "out")}, {"1", ""})

    def test_series_are_kept_if_they_are_asked_for(self):
        out = self.tmp / "out"
        self.sweep(self.study(points=2, more="series: [customers.city.*]"), out)
        with contextlib.closing(sqlite3.connect(out / "results.sqlite")) as db:
            runs, series = db.execute("select count(distinct replication), count(*) from v_series").fetchone()
        self.assertEqual(runs, 2)
        self.assertGreaterEqual(series, 16)

    def test_runs_that_fail_are_results_and_can_be_tried_again(self):
        """Each lever alone is valid; a start after the end is not."""
        study = self.study()
        study.write_text(study.read_text().replace("changes: {end: 2026-09-30}", "changes: {}").replace(
            "levers:\n", "levers:\n  begin: {path: start, values: [2026-01-01, 2027-06-01]}\n"
            "  finish: {path: end, values: [2026-12-31, 2027-12-31]}\n", 1).replace(
            "points: 4", "points: 1"))
        study.write_text("\n".join(line for line in study.read_text().splitlines() if "shift:" not in line))
        out = self.tmp / "out"
        result = self.sweep(study, out, code=PARTIAL)
        self.assertIn("4 of 16 runs failed", result.stderr)
        failed = [r for r in self.rows(out) if r["failure"]]
        self.assertEqual(len(failed), 4)
        self.assertTrue(all(r["begin"] == "2027-06-01" and r["finish"] == "2026-12-31" for r in failed))
        self.assertEqual(self.status(out)["failed"], 4)
        before = (out / "runs.csv").read_bytes()
        self.assertIn("4 failures forgotten", self.run_ok("sweep", "retry", out).stdout)
        self.assertEqual((self.status(out)["done"], self.status(out)["missing"]), (12, 4))
        self.assertEqual(optichain("sweep", "run", out).returncode, PARTIAL)
        self.assertEqual(optichain("sweep", "merge", out).returncode, PARTIAL)
        self.assertEqual((out / "runs.csv").read_bytes(), before)

    def test_a_pattern_is_all_paths_that_fit(self):
        study = self.study(points=2, replications=1)
        study.write_text(study.read_text().replace("sites.west_grower.recipes.grow.yield", "sites.*_grower.recipes.grow.yield"))
        self.sweep(study, self.tmp / "out")
        row = self.rows(self.tmp / "out")[-1]
        study.write_text(study.read_text().replace("path: sites.*_grower.recipes.grow.yield", "paths: "
                         "[sites.west_grower.recipes.grow.yield, sites.east_grower.recipes.grow.yield]"))
        self.sweep(study, self.tmp / "out2")
        self.assertEqual(row, self.rows(self.tmp / "out2")[-1])

    def test_analysis_from_the_store_alone(self):
        study = self.study(points=8, replications=1)
        study.write_text(study.read_text().replace("points: 8", "points: 8, indices: true")
                         + "constraints: {good: {metric: customers.city.fill_rate.all, min: 0.99}}\n")
        out = self.tmp / "out"
        self.sweep(study, out)
        for path in [*out.glob("*.yaml"), *out.glob("*.csv"), *self.chunks(out), out / "plan.json"]:
            path.unlink()
        said = json.loads(self.run_ok("sweep", "analyse", out, "--format", "json").stdout)
        metric = " customers.city.fill_rate.all"
        self.assertEqual(set(said), {"response" + metric, "tornado" + metric, "sobol" + metric, "regret" + metric,
                                     "robustness", "boxes"})
        self.assertEqual(len(said["sobol" + metric]), 8)  # 4 policies, 2 uncertainties
        self.assertEqual(len(said["regret" + metric]), 4)
        wrong = optichain("sweep", "analyse", out, "--metric", "market.shiped.all")
        self.assertEqual(wrong.returncode, BAD_INPUT)
        self.assertIn("did you mean \"market.shipped.all\"?", wrong.stderr)

    def test_exit_codes(self):
        out = self.tmp / "out"
        self.plan(self.study(), out)
        for arguments, code, text in [
            (["sweep"], BAD_INPUT, "study"),
            (["sweep", "no-such.yaml"], BAD_INPUT, "no-such.yaml"),
            (["sweep", "plan", self.tmp / "study.yaml"], BAD_INPUT, "--out"),
            (["sweep", "run", self.tmp], BAD_INPUT, "no folder of a sweep"),
            (["sweep", "status", self.tmp], BAD_INPUT, "no folder of a sweep"),
            *((["sweep", command, self.tmp / "study.yaml"], BAD_INPUT, "study.yaml")
              for command in ("run", "retry", "status", "merge", "submit")),
            (["sweep", "run", out, "--shard", "3/3"], BAD_INPUT, "0 <= i < n"),
            (["sweep", "run", out, "--shard", "3"], BAD_INPUT, "0 <= i < n"),
            (["sweep", "run", out, "--shard", "-1/3"], BAD_INPUT, "0 <= i < n"),
            (["sweep", "merge", out], PARTIAL, "32 runs are missing"),
        ]:
            with self.subTest(arguments=arguments):
                result = optichain(*arguments)
                self.assertEqual(result.returncode, code, result.stderr)
                self.assertIn(text, result.stderr)


class Compare(SweepTest):
    def test_paired_differences_and_what_was_given(self):
        """A constant price of 40 instead of 30: revenue differs by a third in every pair, pieces do not."""
        other = self.tmp / "dearer.yaml"
        other.write_text(f"extends: {PROGRAMS}\nname: Dearer\noverrides: {{items.lamp.price_usd: 40}}\n")
        metrics = ["--metric", "market.revenue.all", "market.shipped.all"]
        said = json.loads(self.run_ok("compare", PROGRAMS, other, "--replications", 6, "--format", "json", *metrics).stdout)
        self.assertEqual([(c["input"], c["base"], c["other"]) for c in said[0]["inputs"]],
                         [("items.lamp.price_usd", "30", "40"), ("name", "Programs", "Dearer")])
        revenue, shipped = said[0]["metrics"]
        self.assertEqual((shipped["difference"], shipped["low"], shipped["high"], shipped["differs"]), (0, 0, 0, ""))
        self.assertAlmostEqual(revenue["difference"] / revenue["base"], 1 / 3)
        self.assertEqual((revenue["pairs"], revenue["differs"]), (6, "yes"))
        # the same from stores
        for file, name in ((PROGRAMS, "a"), (other, "b")):
            self.run_ok("run", file, "--replications", 6, "--out", self.tmp / name)
        stored = json.loads(self.run_ok("compare", self.tmp / "a", self.tmp / "b", "--format", "json", *metrics).stdout)
        self.assertEqual((stored[0]["metrics"], stored[0]["inputs"]), (said[0]["metrics"], said[0]["inputs"]))

    def test_replications_until_the_means_are_precise(self):
        wanted = ["--precision", "market.shipped.all=0.8%", "customers.city.fill_rate.all=0.01"]
        said = [json.loads(self.run_ok("run", PROGRAMS, *wanted, "--jobs", jobs, "--format", "json", "--quiet",
                                       "--out", self.tmp / f"jobs{jobs}").stdout) for jobs in (1, 3)]
        self.assertEqual(said[0], said[1])
        shipped = said[0]["metrics"]["market.shipped.all"]
        self.assertGreater(said[0]["replications"], 10)
        self.assertLessEqual((shipped["ci95"][1] - shipped["ci95"][0]) / 2, 0.008 * shipped["mean"])
        plain = json.loads(self.run_ok("run", PROGRAMS, "--replications", said[0]["replications"], "--format", "json",
                                       "--out", self.tmp / "plain").stdout)
        self.assertEqual(plain, said[0])
        for text, code, message in (("market.shiped.all=1%", BAD_INPUT, "market.shipped.all"),
                                    ("market.shipped.all", BAD_INPUT, "expected metric="),
                                    ("market.shipped.all=-1", BAD_INPUT, "above 0")):
            result = optichain("run", PROGRAMS, "--precision", text, "--out", self.tmp / "bad")
            self.assertEqual(result.returncode, code, result.stderr)
            self.assertIn(message, result.stderr)
        short = self.run_ok("run", PROGRAMS, "--precision", "market.shipped.all=0.01%", "--at-most", 12, "--out",
                            self.tmp / "short")
        self.assertIn("after 12 replications about", short.stderr)

    def test_precision_may_be_said_in_words(self):
        said = [json.loads(self.run_ok("run", PROGRAMS, *how, "--format", "json", "--quiet", "--out",
                                       self.tmp / name).stdout)
                for name, how in (("a", ["--precision", "market.shipped.all=1.5%", "customers.city.fill_rate.all=0.01"]),
                                  ("b", ["--until", "precision: 1.5% of market.shipped.all at 95%",
                                         "--until", "precision: 0.01 of customers.city.fill_rate.all"]))]
        self.assertEqual(said[0], said[1])
        early = json.loads(self.run_ok("run", PROGRAMS, "--until", "2026-12-31", "--until", "precision: 1% of market.shipped.2026",
                                       "--format", "json", "--out", self.tmp / "c").stdout)
        self.assertGreaterEqual(early["replications"], 10)
        self.assertNotIn("market.shipped.2027", early["metrics"])
        wrong = optichain("run", PROGRAMS, "--until", "precision: soon", "--out", self.tmp / "d")
        self.assertEqual(wrong.returncode, BAD_INPUT)
        self.assertIn("1% of market.shipped.all", wrong.stderr)

    def test_the_warm_up_is_as_long_as_the_beginning_shows(self):
        # A queue with 2,000 jobs at its beginning, 84 more a week and capacity for 168: it is empty for the first
        # time after 23.8 weeks, give or take 0.9, the latest of five later. It is cut off in batches of five.
        queue = [ROOT / "scenarios/reference/queue.yaml", "--set", "warm_up_days=0", "--set", "review_days=7",
                 "--set", "end=2006-12-31", "--set",
                 "customers.public.demand.job.from.counter.initial_orders=[{pieces: 2000, in_days: 0}]"]
        result = self.run_ok("run", *queue, "--warm-up", "auto", "--format", "json", "--out", self.tmp / "auto")
        self.assertIn("MSER-5 on the mean of 5 replications", result.stderr)
        written = (self.tmp / "auto/warm_up.csv").read_text().splitlines()
        rows = {row["series"]: row for row in csv.DictReader(written)}
        self.assertIn(rows["owed to customers"]["records_left_out"], ("25", "30"))
        self.assertLess(float(rows["owed to customers"]["standard_error_of_the_rest"]),
                        float(rows["owed to customers"]["standard_error_of_all"]) / 10)
        # it is the same run, of which less counts: saying the day oneself gives the same
        day = result.stderr.split("days before ")[1].split()[0]
        by_hand = self.run_ok("run", *queue, "--warm-up", day, "--format", "json", "--out", self.tmp / "by_hand")
        self.assertEqual(by_hand.stdout, result.stdout)
        # M/M/1, half busy: a job takes an hour to do and two to be done, 1 / (1 - 1/2)
        taken = json.loads(result.stdout)["metrics"]["customers.public.lead_time.all"]["mean"]
        self.assertAlmostEqual(taken * 24, 2, delta=0.15)
        # a market that grows does not settle, and keeps the warm-up that it has
        growing = self.run_ok("run", PROGRAMS, "--warm-up", "auto", "--out", self.tmp / "growing")
        self.assertIn("has no long run", growing.stderr)
        for day, message in (("soon", "--warm-up: error: expected a date"), ("1999-01-01", "when simulation begins"), ("2099-01-01", "end")):
            wrong = optichain("run", PROGRAMS, "--warm-up", day, "--out", self.tmp / "bad")
            self.assertEqual(wrong.returncode, BAD_INPUT)
            self.assertIn(message, wrong.stderr)

    def test_other_luck_is_not_compared(self):
        self.run_ok("run", PROGRAMS, "--seed", 2, "--out", self.tmp / "a")
        result = optichain("compare", PROGRAMS, self.tmp / "a")
        self.assertEqual(result.returncode, BAD_INPUT)
        self.assertIn("only runs with the same seed share their luck", result.stderr)
        self.assertEqual(optichain("compare", PROGRAMS).returncode, BAD_INPUT)


class Survival(SweepTest):
    """Whatever dies, what was done stays, and what comes of it is the same."""

    def start(self, *arguments):
        process = subprocess.Popen([support.BINARY, *map(str, arguments)], cwd=ROOT, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(end_group, process)
        return process

    def test_kill_9_of_parent_worker_or_both_at_any_moment(self):
        study = self.study()
        whole = self.tmp / "whole"
        begin = time.monotonic()
        self.sweep(study, whole, "--chunk-runs", 4)
        duration = time.monotonic() - begin
        luck = random.Random(1)
        interrupted = 0
        for i in range(KILLS):
            out = self.tmp / f"out{i}"
            process = self.start("sweep", study, "--out", out, "--chunk-runs", 4, "--jobs", 2, "--quiet")
            time.sleep(luck.uniform(0, 1.1) * duration)
            forker = children(process.pid)[:1]  # which forks the workers
            workers = [w for f in forker for w in children(f)]
            victims = [[process.pid], workers[:1], [*workers, process.pid], forker,
                       [c for w in workers for c in children(w)][:1]][i % 5]  # the replication itself
            for victim in victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
            process.wait(timeout=60)
            interrupted += process.returncode != DONE
            self.sweep(study, out, "--quiet")
            self.assert_same_results(whole, out)
            self.assertEqual(list((out / "chunks").glob("*.part")), [])
            lines = sum(json.loads(p.read_text().splitlines()[-1])["lines"] for p in self.chunks(out))
            self.assertEqual(lines, 32, "nothing twice, nothing lost")
        self.assertGreater(interrupted, KILLS // 6)

    def test_terminate_and_interrupt(self):
        study = self.study(points=8)
        for number, to_group in ((signal.SIGTERM, False), (signal.SIGTERM, True), (signal.SIGINT, True)):
            out = self.tmp / f"out{number}{to_group}"
            process = self.start("sweep", study, "--out", out, "--chunk-runs", 4, "--jobs", 1, "--quiet")
            while not self.chunks(out):
                self.assertIsNone(process.poll())
                time.sleep(0.01)
            (os.killpg if to_group else os.kill)(process.pid, number)
            _, said = process.communicate(timeout=30)
            self.assertEqual(process.returncode, STOPPED, said)
            self.assertIn("stopped by a signal", said)
            self.assertEqual(list((out / "chunks").glob("*.part")), [])
            self.assertEqual(self.status(out)["failed"], 0)
        self.sweep(study, out, "--quiet")
        self.sweep(study, self.tmp / "whole", "--quiet")
        self.assert_same_results(out, self.tmp / "whole")

    def test_two_at_once(self):
        """Alone is alone; shards may meet, even the same one."""
        study, out = self.study(points=128), self.tmp / "out"
        process = self.start("sweep", study, "--out", out, "--chunk-runs", 8, "--quiet")
        while not self.chunks(out):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        for arguments in (["sweep", "run", out], ["sweep", "retry", out], ["sweep", "run", out, "--shard", "0/2"]):
            result = optichain(*arguments)
            self.assertEqual(result.returncode, FAILED)
            self.assertIn("another sweep is running there", result.stderr)
        self.assertEqual(self.status(out)["processes"], 1)
        process.terminate()
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, STOPPED)
        study, shared = self.study(), self.tmp / "shared"
        self.plan(study, shared, "--chunk-runs", 4)
        twins = [self.start("sweep", "run", shared, "--shard", f"{i % 2}/2", "--jobs", 1) for i in range(4)]
        for twin in twins:
            _, said = twin.communicate(timeout=60)
            self.assertEqual(twin.returncode, DONE, said)
        self.run_ok("sweep", "merge", shared)
        self.assert_same_results(self.made_sweep(), shared)

    def test_a_damaged_chunk(self):
        study, out = self.study(), self.copy_of(self.made_sweep("--chunk-runs", 4))
        whole = {name: (out / name).read_bytes() for name in RESULTS}
        for damage in (lambda b: b[:len(b) // 2], lambda b: b"", lambda b: b.replace(b"values\":[", b"values\":[1", 1)):
            chunk = self.chunks(out)[2]
            chunk.write_bytes(damage(chunk.read_bytes()))
            merged = optichain("sweep", "merge", out)
            self.assertEqual(merged.returncode, PARTIAL, merged.stderr)
            self.assertEqual(whole, {name: (out / name).read_bytes() for name in RESULTS}, "the store is as it was")
            result = self.sweep(study, out)
            self.assertIn("is damaged; it was set aside", result.stderr)
            self.assertEqual(whole, {name: (out / name).read_bytes() for name in RESULTS})

    def refused(self, file, *arguments):
        """A file that somebody changed is left as it is."""
        text = file.read_bytes()
        result = optichain(*arguments)
        self.assertEqual(result.returncode, BAD_INPUT, result.stderr)
        self.assertIn(f'"{file}" is left as it is: it was changed since optichain wrote it', result.stderr)
        self.assertEqual(file.read_bytes(), text)

    def test_an_older_plan_and_an_older_store(self):
        study, out = self.study(), self.copy_of(self.made_sweep())
        plan = out / "plan.json"
        text = plan.read_text()
        for broken, said in ((text.replace('"format":2', '"format":1'), "its format is 1"), ("{}", "its format is null"),
                             (text[:100], "it is no plan"), ("", "it is no plan")):
            plan.write_text(broken)
            for arguments in (["sweep", "run", out], ["sweep", "status", out], ["sweep", "merge", out],
                              ["sweep", study, "--out", out]):
                result = optichain(*arguments)
                self.assertEqual(result.returncode, BAD_INPUT, arguments)
                self.assertIn(said, result.stderr)
        plan.write_text(text)
        (out / "policies.csv").write_text((out / "policies.csv").read_text().replace(",8,", ",2,"))
        result = optichain("sweep", "run", out)
        self.assertEqual(result.returncode, BAD_INPUT)
        self.assertIn('policies.csv": it is damaged, or was changed since it was written', result.stderr)
        self.refused(out / "policies.csv", "sweep", "plan", study, "--out", out)
        (out / "policies.csv").unlink()
        self.plan(study, out)
        with contextlib.closing(sqlite3.connect(out / "results.sqlite")) as db:
            db.execute("update meta set value = '0' where key = 'schema'")
            db.commit()
        result = optichain("explain", out)
        self.assertIn("its schema has version 0", result.stderr)
        self.refused(out / "results.sqlite", "sweep", study, "--out", out)
        (out / "results.sqlite").unlink()
        self.sweep(study, out)  # the store is written anew from the chunks

    def test_another_program_is_not_mixed_in(self):
        out = self.tmp / "out"
        self.plan(self.study(), out)
        plan = out / "plan.json"
        text = plan.read_text()
        context = json.loads(text)["context"]
        digest = json.loads(text)["digest"]
        del digest
        plan.write_text(text.replace(context, "0" * 16))
        self.assertEqual(optichain("sweep", "run", out).returncode, BAD_INPUT)

    def test_a_folder_that_cannot_be_written_to(self):
        study, out = self.study(), self.tmp / "out"
        # a name that cannot be that of a folder is wrong input; what the operating system refuses is a failure
        for folder, code, said in (("/proc/optichain", FAILED, 'cannot write to "/proc/optichain": No such file'),
                                   ("/dev/null/x", BAD_INPUT, '"/dev/null" is left as it is: it is a file'),
                                   (study, BAD_INPUT, f'"{study}" is left as it is: it is a file')):
            before = study.read_bytes()
            result = optichain("sweep", study, "--out", folder)
            self.assertEqual(result.returncode, code, result.stderr)
            self.assertIn(f"optichain: error: {said}", result.stderr)
            self.assertEqual(study.read_bytes(), before)
        self.plan(study, out)
        if os.geteuid() != 0:
            (out / "chunks").chmod(0o555)
            self.addCleanup((out / "chunks").chmod, 0o755)
            result = optichain("sweep", "run", out)
            self.assertEqual(result.returncode, FAILED)
            self.assertIn("Permission denied", result.stderr)

    def test_a_full_disk(self):
        study = self.study(points=16)
        disk = self.tmp / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=110k", "tmpfs", str(disk)]
        sweep = shlex.join([support.BINARY, "sweep", str(study), "--out", str(disk), "--chunk-runs", "4", "--quiet"])
        script = (f'{shlex.join(mount)}; {sweep}; echo "code $?"; ls {disk}/chunks | grep -c "chunk$"; '
                  f'ls {disk}/chunks | grep -c part; mount -o remount,size=20m {disk}; {sweep} > {disk}/said; '
                  f'echo "code $?"; cat {disk}/runs.csv')
        namespace = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
        if subprocess.run([*namespace, *mount], capture_output=True).returncode != 0:
            self.skipTest("mounting is not allowed here; the limit on the size of files stands in for it")
        result = subprocess.run([*namespace, "sh", "-c", script], capture_output=True, text=True, timeout=120)
        self.assertIn("No space left on device", result.stderr)
        first, chunks, parts, second, rows = result.stdout.split("\n", 4)
        self.assertEqual((first, parts, second), ("code 1", "0", "code 0"), result.stderr)
        self.assertGreater(int(chunks), 3, "what was done before the disk was full stays")
        self.sweep(study, self.tmp / "whole", "--quiet")
        self.assertEqual(rows, (self.tmp / "whole/runs.csv").read_text())

    def test_a_limit_on_the_size_of_files(self):
        study, out = self.study(), self.tmp / "out"
        self.plan(study, out)

        def small_files():
            resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
        result = optichain("sweep", "run", out, preexec_fn=small_files)
        self.assertEqual(result.returncode, FAILED)
        self.assertIn("File too large", result.stderr)
        self.assertEqual(list((out / "chunks").iterdir()), [])
        self.run_ok("sweep", "run", out)


if __name__ == "__main__":
    support.main()
