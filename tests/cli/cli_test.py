#!/usr/bin/env python3
"""The program as a user meets it: exit codes, files, equal bytes, full disks, signals.

    cli_test.py BINARY [TestClass...]        as ctest calls it
"""

import contextlib
import csv
import json
import os
import pathlib
import random
import re
import resource
import shlex
import shutil
import signal
import sqlite3
import subprocess
import time

import support
from support import (BAD_INPUT, BASELINE, BEER_GAME, DONE, FAILED, ROOT, STOPPED, CliTest, children, end_group,
                     optichain)

KILLS = int(os.environ.get("OPTICHAIN_KILLS", "6"))  # 50 in the slow form


class Arguments(CliTest):
    def test_exit_codes(self):
        for arguments, code, text in [
            ([], BAD_INPUT, "subcommand is required"),
            (["--help"], DONE, ""),
            (["--version"], DONE, ""),
            (["fly"], BAD_INPUT, "unknown command \"fly\""),
            (["rnu"], BAD_INPUT, "did you mean \"run\"?"),
            (["run"], BAD_INPUT, "scenario is required"),
            (["run", BEER_GAME, "--replications", "0"], BAD_INPUT, "--replications"),
            (["run", BEER_GAME, "--replications", "many"], BAD_INPUT, "--replications"),
            (["run", BEER_GAME, "--seed", "-1"], BAD_INPUT, "--seed"),
            (["run", BEER_GAME, "--format", "xml"], BAD_INPUT, "xml"),
            (["run", "no-such.yaml"], BAD_INPUT, "no-such.yaml"),
            (["run", BEER_GAME, "--set", "start"], BAD_INPUT, "start"),
            (["run", BEER_GAME, "--set", "sites.retailler.review_days=3"], BAD_INPUT, "retailer"),
            (["run", BEER_GAME, "--until", "soon"], BAD_INPUT, "soon"),
            (["run", BEER_GAME, "--until", "1999-01-01"], BAD_INPUT, "1999"),
            (["check", "no-such.yaml"], BAD_INPUT, "no-such.yaml"),
            (["graph", "no-such.yaml"], BAD_INPUT, "no-such.yaml"),
            (["report", "no-such", "-o", "r.html"], BAD_INPUT, "no-such: error: expected a result store"),
            (["report", ".", "-o", "r.html"], BAD_INPUT, "./results.sqlite: error: expected a result store"),
            (["export", "no-such", "--format", "csv"], BAD_INPUT, "no-such: error: expected a result store"),
            (["sweep", "analyse", "no-such"], BAD_INPUT, "`optichain run` or `optichain sweep` writes one"),
            (["export", "no-such"], BAD_INPUT, "--format is required"),
            (["report", "no-such"], BAD_INPUT, "--output is required"),
            (["bench", "no-such.yaml"], BAD_INPUT, "no-such.yaml"),
        ]:
            with self.subTest(arguments=arguments):
                result = optichain(*arguments, cwd=self.tmp)
                self.assertEqual(result.returncode, code, result.stderr)
                self.assertIn(text, result.stderr)
                if code != DONE:
                    self.assertEqual(result.stdout, "")
                self.assertEqual(list(self.tmp.iterdir()), [], "nothing is written")

    def test_the_schema_is_json_and_knows_the_keys(self):
        schema = json.loads(self.run_ok("schema").stdout)
        self.assertIn("$schema", schema)
        self.assertIn("capacity_per_week", json.dumps(schema))

    def test_sources_of_every_number(self):
        rows = list(csv.DictReader(self.run_ok("check", "--sources", BASELINE).stdout.splitlines()))
        self.assertGreater(len(rows), 1000)
        for row in rows:
            self.assertTrue(row["source"] or row["assumption"], row)

    def test_formats_agree(self):
        as_json = json.loads(self.run_ok("run", BEER_GAME, "--format", "json", "--out", self.tmp / "a").stdout)
        as_csv = self.run_ok("run", BEER_GAME, "--format", "csv", "--out", self.tmp / "b").stdout
        self.assertEqual(as_csv, (self.tmp / "a/summary.csv").read_text())
        for row in csv.DictReader(as_csv.splitlines()):
            self.assertEqual(as_json["metrics"][row["metric"]]["mean"], float(row["mean"]))


class Commands(CliTest):
    """In a folder with a copy of the scenarios, as who reads a page types them."""

    def setUp(self):
        super().setUp()
        for folder in ("scenarios", "results"):
            shutil.copytree(ROOT / folder, self.tmp / folder)
        (self.tmp / "bin").mkdir()
        (self.tmp / "bin/optichain").symlink_to(support.BINARY)
        self.path = f"{self.tmp / 'bin'}:{os.environ['PATH']}"
        # a sixteenth of the futures show as well that the command runs
        study = self.tmp / "scenarios/studies/projections.yaml"
        text = study.read_text()
        self.assertIn("sobol: {points: 32}", text)
        study.write_text(text.replace("sobol: {points: 32}", "sobol: {points: 2}"))

    def shell(self, command):
        if command.startswith("optichain bench"):  # how fast it is, is not asked here
            command = re.sub(r" --repetitions \d+", "", command) + " --repetitions 1"
        result = subprocess.run(command, shell=True, cwd=self.tmp, capture_output=True, text=True,
                                timeout=120, env={**os.environ, "PATH": self.path})
        self.assertEqual(result.returncode, DONE, result.stderr)
        return result.stdout


class Examples(Commands):
    """What every --help shows runs as it stands."""

    ANSWER = "optichain run scenarios/ai-optics-2026/baseline.yaml --replications 20 --out out/base"

    def test_the_examples_of_every_help_and_the_page_of_results(self):
        help_texts = [optichain(name, "--help").stdout
                      for name in ("check", "run", "graph", "schema", "bench")]
        examples = [line.strip() for text in help_texts for line in text.splitlines()
                    if line.startswith("  optichain ")]
        self.assertGreaterEqual(len(examples), 10)
        self.assertIn(self.ANSWER, examples)
        for example in examples:
            with self.subTest(example=example):
                said = self.shell(example)
                if example == self.ANSWER:
                    self.check_the_page_of_results(said)

    def check_the_page_of_results(self, said):
        self.assertEqual((ROOT / "results/baseline.txt").read_text(), said, "run scripts/update")
        shown = (ROOT / "README.md").read_text().split("<!-- answer -->")[1].split("<!-- end of answer -->")[0]
        shown = shown.strip().removeprefix("```text\n").removesuffix("\n```")
        self.assertGreater(len(shown), 2000)
        self.assertTrue(said.startswith(shown), "run scripts/update")


class Pages(Commands):
    """The commands of the readmes run as they stand, one after the other."""

    def commands(self, *pages):
        blocks = [block for page in pages for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.S | re.M)]
        lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
        return [line.removeprefix("scripts/") for line in lines if line.startswith("scripts/optichain ")]

    def run_all(self, commands, least):
        self.assertGreaterEqual(len(commands), least)
        for command in commands:
            with self.subTest(command=command):
                self.shell(command)

    def test_of_the_project(self):
        self.run_all(self.commands(ROOT / "README.md", ROOT / "results/README.md"), 8)

    def test_of_the_scenarios(self):
        self.run_all(self.commands(*sorted(ROOT.glob("scenarios/**/README.md"))), 20)


class Documents(CliTest):
    """What the pages say is so."""

    def test_the_page_of_keys_is_what_the_program_says(self):
        page = (ROOT / "scenarios/README.md").read_text()
        keys = page.split("<!-- keys -->\n")[1].split("<!-- end of keys -->")[0]
        said = optichain("schema", "--format", "markdown").stdout
        self.assertEqual(keys.strip(), said.strip(), "run scripts/update")

    def test_the_table_of_measures_is_what_the_program_says(self):
        page = (ROOT / "models/measures/README.md").read_text()
        measures = page.split("<!-- measures -->\n")[1].split("<!-- end of measures -->")[0]
        said = optichain("schema", "--of", "measures", "--format", "markdown").stdout
        self.assertEqual(measures.strip(), said.strip(), "run scripts/update")


class EqualBytes(CliTest):
    """Same seed, same bytes."""

    def results(self, scenario, name, *arguments, **options):
        out = self.tmp / name
        self.run_ok("run", scenario, "--out", out, *arguments, **options)
        manifest = json.loads((out / "manifest.json").read_text())
        self.assert_whole(out)
        return (out / "summary.csv").read_bytes(), manifest["fingerprint"]

    def test_run_twice_and_anywhere(self):
        short = ["--until", "2024-06-30"]
        first = self.results(BASELINE, "first", "--seed", 5, *short)
        self.assertEqual(first, self.results(BASELINE, "again", "--seed", 5, *short))
        elsewhere = self.results("baseline.yaml", "elsewhere", "--seed", 5, *short, cwd=BASELINE.parent)
        self.assertEqual(first, elsewhere)
        self.assertNotEqual(first, self.results(BASELINE, "other", "--seed", 6, *short))

    def test_without_the_bound_nothing_else_changes(self):
        def of_the_bound(line):
            return line.startswith((b"market.bound.", b"market.bound_ratio."))

        both = self.results(BEER_GAME, "both")[0].splitlines()
        without = self.results(BEER_GAME, "without", "--no-bound")[0].splitlines()
        self.assertTrue(any(map(of_the_bound, both)))
        self.assertEqual(without, [line for line in both if not of_the_bound(line)])

    def test_any_number_of_jobs(self):
        short = ["--replications", 5, "--until", "2024-06-30"]
        one = self.results(BASELINE, "one", *short, "--jobs", 1)
        self.assertEqual(one, self.results(BASELINE, "four", *short, "--jobs", 4))

    def test_replications_do_not_depend_on_how_many_there_are(self):
        def fingerprints(n):
            out = self.tmp / str(n)
            self.run_ok("run", BASELINE, "--until", "2024-03-31", "--replications", n, "--out", out)
            with contextlib.closing(sqlite3.connect(out / "results.sqlite")) as db:
                return db.execute("select replication, metric, value from v_kpi where replication < 2 "
                                  "order by 1, 2").fetchall()
        self.assertEqual(fingerprints(2), fingerprints(4))

    def test_the_resolved_scenario_is_the_scenario_in_any_order_of_its_entries(self):
        short = ["--until", "2025-12-31"]
        first = self.results(BASELINE, "first", *short)
        resolved = (self.tmp / "first/resolved.yaml").read_text()
        for seed in range(4):
            text = shuffle_entries(resolved, random.Random(seed)) if seed else resolved
            self.assertEqual(text != resolved, seed > 0)
            file = self.tmp / f"resolved{seed}.yaml"
            file.write_text(text)
            self.assertEqual(first, self.results(file, f"out{seed}", *short))


def shuffle_entries(text, rng):
    """Shuffles the entries of block mappings, all the way down."""
    entries = []
    for line in text.splitlines(keepends=True):
        if re.match(r"\d{4}", line):
            return text  # the dates of a curve stand in order
        if re.match(r"[^ -]", line):
            entries.append([line, ""])
        elif entries:
            entries[-1][1] += line
        else:
            return text  # a list, or the rest of a long text
    for entry in entries:
        if entry[0].endswith(":\n"):
            indent = re.match(" *", entry[1]).group()
            inside = re.sub(f"^{indent}", "", entry[1], flags=re.M)
            entry[1] = re.sub("^(?=.)", indent, shuffle_entries(inside, rng), flags=re.M)
    rng.shuffle(entries)
    return "".join(line + below for line, below in entries)


class Disks(CliTest):
    def run_into(self, out, **options):
        return optichain("run", BASELINE, "--until", "2024-06-30", "--out", out, **options)

    def test_unwritable_out(self):
        (self.tmp / "file").write_text("mine")
        for out, code in [(self.tmp / "file/below", BAD_INPUT), ("/dev/null/x", BAD_INPUT),
                          ("/proc/optichain", FAILED), ("x" * 300, FAILED)]:
            with self.subTest(out=out):
                result = self.run_into(out, cwd=self.tmp)
                self.assertEqual(result.returncode, code, result.stderr)
                self.assertRegex(result.stderr, r"^optichain: error: .*\S\n$")
                if code == BAD_INPUT:
                    self.assertIn(f'"{pathlib.Path(out).parent}" is left as it is: it is a file', result.stderr)
                else:
                    self.assertIn(f'cannot write to "{out}": ', result.stderr)
                self.assertEqual(result.stdout, "")
        self.assertEqual((self.tmp / "file").read_text(), "mine")

    def test_a_file_in_the_place_of_the_folder(self):
        mine = self.tmp / "mine.txt"
        mine.write_text("mine")
        result = optichain("run", BEER_GAME, "--out", mine)
        self.assertEqual(result.returncode, BAD_INPUT)
        self.assertIn("it is a file, and results are a folder", result.stderr)
        self.assertEqual(mine.read_text(), "mine")

    def test_a_folder_that_may_not_be_written_to(self):
        if os.geteuid() == 0:
            self.skipTest("root may write anywhere")
        self.tmp.chmod(0o555)
        self.addCleanup(self.tmp.chmod, 0o755)
        result = self.run_into(self.tmp / "out")
        self.assertEqual(result.returncode, FAILED)
        self.assertIn("Permission denied", result.stderr)

    def test_full_standard_output(self):
        for arguments in (["schema"], ["check", BEER_GAME], ["graph", BEER_GAME],
                          ["run", BEER_GAME, "--out", self.tmp / "out"]):
            with self.subTest(arguments=arguments), open("/dev/full", "w") as full:
                result = subprocess.run([support.BINARY, *map(str, arguments)], stdout=full,
                                        stderr=subprocess.PIPE, text=True, cwd=ROOT, timeout=60)
                self.assertEqual(result.returncode, FAILED)
                self.assertIn("No space left on device", result.stderr)

    def test_a_closed_pipe_ends_quietly(self):
        for arguments in (["schema"], ["check", BEER_GAME], ["graph", BEER_GAME]):
            with self.subTest(arguments=arguments):
                process = subprocess.Popen([support.BINARY, *map(str, arguments)], cwd=ROOT,
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                process.stdout.close()
                _, errors = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 141)
                self.assertEqual(errors, b"")

    def test_a_comparison_says_first_what_differs(self):
        other = self.tmp / "other.yaml"
        other.write_text(f"extends: {ROOT / BEER_GAME}\noverrides:\n  items.aaa: {{}}\n  warm_up_days: 7\n")
        result = optichain("compare", BEER_GAME, other, "--replications", "1", "--format", "json")
        self.assertEqual(result.returncode, DONE, result.stderr)
        paths = [row["input"] for row in json.loads(result.stdout)[0]["inputs"]]
        self.assertEqual(paths[0], "warm_up_days")
        self.assertTrue(any(path.startswith("items.aaa") for path in paths[1:]))

    def test_a_metric_of_a_comparison_that_nothing_fits(self):
        result = optichain("compare", BEER_GAME, BEER_GAME, "--replications", "1",
                           "--metric", "market.shiped.all", "--metric", "market.shipped.all")
        self.assertEqual(result.returncode, BAD_INPUT)
        self.assertEqual(result.stdout, "")
        self.assertIn('no figure is reported as "market.shiped.all"', result.stderr)
        self.assertIn('did you mean "market.shipped.all"?', result.stderr)

    def test_a_limit_on_the_size_of_files(self):
        earlier = self.tmp / "out"
        self.assertEqual(self.run_into(earlier).returncode, DONE)
        before = {p.name: p.read_bytes() for p in earlier.iterdir()}
        for limit in (0, 10_000, 400_000, 1_000_000):
            with self.subTest(limit=limit):
                def small_files(limit=limit):
                    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
                for out in (self.tmp / f"new{limit}", earlier):
                    result = optichain("run", BASELINE, "--seed", 2, "--out", out, preexec_fn=small_files)
                    self.assertEqual(result.returncode, FAILED, result.stderr)
                    self.assertIn("File too large", result.stderr)
                self.assert_no_results(self.tmp / f"new{limit}")
                self.assertEqual(before, {p.name: p.read_bytes() for p in earlier.iterdir()})

    def test_a_full_disk(self):
        disk = self.tmp / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
        inside = f"{shlex.join(mount)} && cd {shlex.quote(str(disk))} && exec \"$@\""
        script = f'{shlex.quote(support.BINARY)} run {shlex.quote(str(BASELINE))} --out out; echo "code $?"; ls out'
        namespace = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
        if subprocess.run([*namespace, *mount], capture_output=True).returncode != 0:
            self.skipTest("mounting is not allowed here; the limit on the size of files stands in for it")
        result = subprocess.run([*namespace, "sh", "-c", inside, "sh", "sh", "-c", script],
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(result.stdout, "code 1\n", "an error, and nothing left")
        self.assertRegex(result.stderr, r"^optichain: error: .*(No space left on device|disk is full)")


class Signals(CliTest):
    """Stopped in the middle."""

    def start(self, out, *arguments):
        process = subprocess.Popen([support.BINARY, "run", BASELINE, "--replications", "500", "--jobs", "2", "--out", out,
                                    *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, start_new_session=True)
        self.addCleanup(end_group, process)
        return process

    def wait_for_workers(self, process):
        """Until there are replications at work, which a process forks that the first has forked."""
        for _ in range(3000):
            if any(children(forker) for forker in children(process.pid)):
                return
            self.assertIsNone(process.poll(), "it ended too early")
            time.sleep(0.01)
        self.fail("no worker was started")

    def assert_nobody_left(self, group):
        for _ in range(300):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, 0)
                time.sleep(0.01)
                continue
            return
        self.fail("workers are left")

    def test_interrupt_and_terminate(self):
        for number, to_group in ((signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, False)):
            with self.subTest(signal=number, to_group=to_group):
                out = self.tmp / f"out{number}{to_group}"
                process = self.start(out)
                self.wait_for_workers(process)
                time.sleep(0.3)
                begin = time.monotonic()
                (os.killpg if to_group else os.kill)(process.pid, number)
                stdout, stderr = process.communicate(timeout=30)
                self.assertLess(time.monotonic() - begin, 10)
                self.assertEqual(process.returncode, STOPPED, stderr)
                self.assertIn("stopped by a signal", stderr)
                self.assertEqual(stdout, "")
                self.assert_no_results(out)
                self.assertEqual(list(out.glob("*")) if out.exists() else [], [])
                self.assert_nobody_left(process.pid)

    def test_kill_9_while_it_simulates(self):
        out = self.tmp / "out"
        self.run_ok("run", BASELINE, "--until", "2024-03-31", "--out", out)
        before = (out / "summary.csv").read_bytes()
        process = self.start(out)
        self.wait_for_workers(process)
        time.sleep(0.3)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
        self.assertEqual((out / "summary.csv").read_bytes(), before)
        self.assert_whole(out)
        self.assert_nobody_left(process.pid)  # workers do not outlive it

    def test_kill_9_at_any_moment(self):
        """What looks whole is whole: the earlier results or the new ones."""
        out = self.tmp / "out"
        arguments = ["run", BASELINE, "--until", "2024-02-28", "--out", out]
        begin = time.monotonic()
        self.run_ok(*arguments)
        duration = time.monotonic() - begin
        rng = random.Random(1)
        whole = 0
        for i in range(KILLS):
            process = subprocess.Popen([support.BINARY, *map(str, arguments), "--seed", str(i)], cwd=ROOT,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep((0.3 + 0.8 * (i + rng.random()) / KILLS) * duration)  # all of the duration has its turn
            process.kill()
            process.wait()
            if (out / "manifest.json").exists():
                self.assert_whole(out)
                whole += 1
        self.assertGreater(whole, 0)
        for _ in range(100):  # the lock goes when the last worker has ended
            result = optichain(*arguments)
            if result.returncode == DONE:
                break
            time.sleep(0.05)
        self.assertEqual(result.returncode, DONE, result.stderr)
        self.assert_whole(out)
        self.assertEqual(list(out.glob("*.part*")), [])

    def test_two_runs_do_not_share_a_folder(self):
        out = self.tmp / "out"
        process = self.start(out)
        self.wait_for_workers(process)
        result = optichain("run", BEER_GAME, "--out", out)
        self.assertEqual(result.returncode, FAILED)
        self.assertRegex(result.stderr, r"another|in use|locked")


class Speed(CliTest):
    """Ratios and sizes that hold on any machine; times are for people to read."""

    def test_the_engine_beside_a_bare_queue_and_the_memory_of_a_replication(self):
        said = self.run_ok("bench", BASELINE, "--repetitions", 5, "--format", "csv").stdout
        figures = {row["figure"]: float(row["value"]) for row in csv.DictReader(said.splitlines())}
        self.assertGreater(figures["callbacks / bare priority queue"], 0.25)
        self.assertGreater(figures["customers / bare priority queue"], 1 / 3)
        self.assertGreater(figures["hold model, 1,000 callbacks"], 3)
        self.assertLess(figures["replication, resident memory"], 150)
        self.assertGreater(figures["replication, events"], 100_000)


if __name__ == "__main__":
    support.main()
