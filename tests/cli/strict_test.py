#!/usr/bin/env python3
"""How commands end that are interrupted or cannot speak, and what they take for a number or a name.

    strict_test.py BINARY [TestClass...]        as ctest calls it
"""

import contextlib
import fcntl
import functools
import itertools
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import support
from support import (BAD_INPUT, BASELINE, BEER_GAME, DONE, FAILED, PARTIAL, PROGRAMS, READER_GONE, ROOT, STOPPED, CliTest,
                     made_folder, optichain)

CLAIMS = ROOT / "scenarios/programs/claims.yaml"
OPTICS = ROOT / "scenarios/ai-optics-2026/claims.yaml"
LTA = ROOT / "scenarios/studies/lta-small.yaml"
# An end takes less than a second where processors are free. Here they may be shared with other
# tests, and a process that is due waits for its turn.
SECOND = 1.0 + 4.0
STUDY = f"""
name: Test
base: {PROGRAMS}
changes: {{end: 2026-09-30}}
replications: 2
levers:
  crystal_stock: {{path: sites.plant.stocks.crystal.initial_weeks, values: [2, 8]}}
uncertainties:
  demand: {{path: customers.city.demand.lamp.pieces_per_week, as: factor, low: 0.8, high: 1.3}}
design: {{uncertainties: {{sobol: {{points: 4}}}}}}
metrics: [market.shipped.all, market.unmet.all, customers.city.fill_rate.all]
"""
STAGES = "name,lead_time,cost_added,demand_mean,demand_sd\n" + "".join(
    f"stage{i},3,1,{20 if i == 59 else ''},{6 if i == 59 else ''}\n" for i in range(60))
ARCS = "from,to,pieces\n" + "".join(f"stage{i},stage{i + 1},1\n" for i in range(59))


class StrictTest(CliTest):
    """With a run, a sweep and tables that nobody changes, made once for each class."""

    def setUp(self):
        super().setUp()
        self.shared = made_folder()
        for name, text in (("study.yaml", STUDY), ("stages.csv", STAGES), ("arcs.csv", ARCS)):
            (self.shared / name).write_text(text)
        self.made("run", "run", PROGRAMS, "--replications", 3)
        self.made("sweep", "sweep", self.shared / "study.yaml")

    def start(self, *arguments, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": self.tmp, **options}
        process = subprocess.Popen([support.BINARY, *map(str, arguments)], **options)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.communicate()

    def files(self):
        """What lies in the test's folder, hidden files too, without pipes."""
        return sorted(str(p.relative_to(self.tmp)) for p in self.tmp.rglob("*") if not p.is_fifo())


class Interrupts(StrictTest):
    """A first signal ends every command in a second, with 75; a second one at once."""

    def wait_until(self, process, condition):
        for _ in range(3000):
            with contextlib.suppress(OSError):  # it may end meanwhile
                if condition(process.pid):
                    return
            self.assertIsNone(process.poll(), process.args)
            time.sleep(0.01)
        self.fail(f"{process.args} did not come so far")

    @staticmethod
    def listens(pid):
        """Whether it answers SIGTERM itself."""
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        caught = int(re.search(r"SigCgt:\s*(\w+)", status).group(1), 16)
        return bool(caught >> (signal.SIGTERM - 1) & 1)

    @classmethod
    def sleeps(cls, pid):
        """Whether it waits for something, after it listens."""
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return cls.listens(pid) and state == "S"

    def assert_stopped(self, process, number=signal.SIGTERM, within=SECOND):
        begin = time.monotonic()
        process.send_signal(number)
        try:
            process.wait(within + 20)
        except subprocess.TimeoutExpired:
            self.fail(f"{process.args} goes on")
        took = time.monotonic() - begin
        said = process.stderr.read().decode() if process.stderr else ""
        self.assertEqual(process.returncode, STOPPED, f"{process.args}: {said}")
        self.assertIn("stopped by a signal", said, process.args)
        self.assertLess(took, within, process.args)

    def test_while_they_wait_for_a_pipe(self):
        pipe = self.tmp / "pipe"
        os.mkfifo(pipe)
        run, arcs = self.shared / "run", self.shared / "arcs.csv"
        either = itertools.cycle((signal.SIGTERM, signal.SIGINT))  # one function listens to both
        for arguments in [
            ["check", pipe], ["check", BEER_GAME, pipe], ["graph", pipe], ["run", pipe], ["bench", pipe],
            ["compare", pipe, BEER_GAME], ["import", pipe, arcs], ["import", arcs, pipe],
            ["sweep", pipe], ["sweep", "plan", pipe, "-o", "planned"], ["lta", pipe], ["reproduce", pipe],
            ["condition", LTA, "--observations", pipe, "--until", "2026-06"],
            ["report", run, "-o", "page.html", "--findings", pipe], ["report", run, "-o", pipe],
            ["import", self.shared / "stages.csv", arcs, "-o", pipe],
        ]:
            for number in (signal.SIGTERM, signal.SIGINT) if arguments[0] == "check" else (next(either),):
                with self.subTest(arguments=arguments, signal=number):
                    process = self.start(*arguments)
                    self.wait_until(process, self.sleeps)
                    time.sleep(0.05)
                    self.assert_stopped(process, number)
                    self.assertEqual(self.files(), [])

    def test_while_nobody_reads_what_they_say(self):
        run, sweep = self.shared / "run", self.shared / "sweep"
        tables = (self.shared / "stages.csv", self.shared / "arcs.csv")
        for arguments in [
            ["check", "--sources", BASELINE], ["graph", BASELINE], ["graph", BASELINE, "--format", "json"],
            ["schema"], ["schema", "--of", "measures"], ["import", *tables], ["explain", run, "--format", "csv"],
            ["run", PROGRAMS, "--format", "json", "--out", "out", "--quiet"],
            ["compare", run, run, "--format", "json", "--metric", "*"],
            ["sweep", "analyse", sweep, "--format", "json"], ["--help"],
        ]:
            with self.subTest(arguments=arguments):
                ends = os.pipe()
                fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, 4096)
                os.set_blocking(ends[1], False)
                os.write(ends[1], b"x" * 4096)  # it is full
                os.set_blocking(ends[1], True)
                process = self.start(*arguments, stdout=ends[1])
                os.close(ends[1])
                self.addCleanup(os.close, ends[0])
                blocked = lambda pid: "pipe" in pathlib.Path(f"/proc/{pid}/wchan").read_text()
                self.wait_until(process, blocked)
                self.assert_stopped(process)

    def big_run(self):
        """A store that takes seconds to export."""
        return self.made("big", "run", BASELINE, "--until", "2025-06-30", "--replications", 12, "--no-bound")

    def test_in_the_midst_of_their_work(self):
        big = self.big_run()
        plan = self.tmp / "plan"
        study = self.tmp / "study.yaml"
        study.write_text(STUDY.replace("points: 4", "points: 256"))
        self.make_plan(study, plan)
        for arguments in [
            ["run", BASELINE, "--replications", 300, "--out", "out"],
            ["run", BASELINE, "--warm-up", "auto", "--replications", 50, "--out", "out"],
            ["compare", BASELINE, BASELINE, "--replications", 300],
            ["sweep", study, "--out", "swept"], ["sweep", "run", plan], ["lta", LTA, "--out", "lta"],
            ["lta", LTA, "--verify", 1000], ["reproduce", OPTICS, "--out", "claims"],
            ["reproduce", CLAIMS, "--calibrate", "--out", "fitted"],
            ["bench", "--repetitions", 1000], ["bench", BASELINE, "--repetitions", 1000],
            ["export", big, "--format", "csv", "--weekly", "all", "-o", "tables"],
            ["export", big, "--format", "parquet", "--weekly", "all", "-o", "tables"],
            ["report", *[big] * 12, "-o", "page.html"], ["sweep", "status", plan, "--watch"],
        ]:
            with self.subTest(arguments=arguments):
                process = self.start(*arguments, stdout=subprocess.DEVNULL)
                self.wait_until(process, self.listens)
                time.sleep(0.15)
                self.assert_stopped(process)
                results = ("out/", "tables/", "page", ".page")
                self.assertEqual([f for f in self.files() if f.startswith(results)], [])

    @staticmethod
    def make_plan(study, out):
        done = optichain("sweep", "plan", study, "-o", out, "--chunk-runs", 20)
        if done.returncode != DONE:
            raise AssertionError(done.stderr)

    def test_what_was_there_stays_whole(self):
        """At whatever moment the signal comes: the old bytes, or the new ones with exit code 0 or 75."""
        run, page, book, tables = self.shared / "run", self.tmp / "p.html", self.tmp / "b.xlsx", self.tmp / "t"
        commands = {page: ["report", run, "-o", page], book: ["export", run, "--format", "xlsx", "-o", book],
                    tables: ["export", run, "--format", "csv", "-o", tables]}
        for out, arguments in commands.items():
            begin = time.monotonic()
            self.run_ok(*arguments)
            duration = time.monotonic() - begin
            before = self.files()
            for step in range(4):
                process = self.start(*arguments)
                self.wait_until(process, self.listens)
                time.sleep(duration * step / 3)
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=30)
                self.assertIn(process.returncode, (DONE, STOPPED), arguments)
                self.assertEqual(self.files(), before, arguments)
            self.run_ok(*arguments)  # and it is still the program's own

    def test_a_second_signal_ends_at_once(self):
        big = self.big_run()
        process = self.start("export", big, "--format", "csv", "--weekly", "all", "-o", "tables")
        self.wait_until(process, self.listens)
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.02)
        self.assert_stopped(process)
        self.assertLessEqual(set(self.files()), {"tables"})  # and nothing in it

    def test_standard_error_that_cannot_be_written(self):
        pipe = self.tmp / "pipe"
        os.mkfifo(pipe)
        with open("/dev/full", "w") as full:
            process = self.start("check", pipe, stderr=full)
            self.wait_until(process, self.sleeps)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=30), STOPPED)


class Messages(StrictTest):
    """What cannot be said is lost, and nothing else; a result that cannot be written is an error."""

    def commands(self):
        run, study = self.shared / "run", self.shared / "study.yaml"
        tables = (self.shared / "stages.csv", self.shared / "arcs.csv")
        (self.tmp / "bad.yaml").write_text("name: x\n")
        self.run_ok("sweep", "plan", study, "-o", self.tmp / "planned")
        return [
            (["check", PROGRAMS], DONE), (["check", "bad.yaml"], BAD_INPUT), (["fly"], BAD_INPUT),
            (["run"], BAD_INPUT), (["run", "none.yaml"], BAD_INPUT), (["run", BEER_GAME, "--seed="], BAD_INPUT),
            (["run", BEER_GAME, "--jobs", "0"], BAD_INPUT),
            (["run", PROGRAMS, "--replications", 3, "--out", "out"], DONE),
            (["sweep", "merge", "planned"], PARTIAL), (["sweep", study, "--out", "swept"], DONE),
            (["sweep", "status", "planned"], DONE), (["explain", "none"], BAD_INPUT), (["explain", run], DONE),
            (["import", *tables, "-o", "network.yaml"], DONE), (["report", run, "-o", "page.html"], DONE),
            (["export", run, "--format", "csv", "-o", "tables"], DONE), (["compare", run, run], DONE),
            (["graph", PROGRAMS], DONE), (["schema"], DONE), (["--help"], DONE), (["--version"], DONE),
            (["bench", "none.yaml"], BAD_INPUT), (["reproduce", "none.yaml"], BAD_INPUT),
            (["lta", study], BAD_INPUT), (["sweep", "submit", "swept", "--dry-run"], DONE),
        ]

    def code(self, arguments, **streams):
        """The exit code where standard streams are taken away."""
        options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **streams}
        return subprocess.run([support.BINARY, *map(str, arguments)], cwd=self.tmp, timeout=120, **options).returncode

    def code_without(self, stream, arguments):
        command = ["sh", "-c", f'exec "$0" "$@" {stream}>&-', support.BINARY, *map(str, arguments)]
        other = {"stdout" if stream == 2 else "stderr": subprocess.DEVNULL}
        return subprocess.run(command, cwd=self.tmp, timeout=120, **other).returncode

    def test_exit_codes_without_standard_error(self):
        """Every command in one of three ways, and one that ends well and one that does not in all: messages are
        written by one function, which scripts/tidy sees to."""
        in_all = (["check", PROGRAMS], ["fly"], ["sweep", "merge", "planned"])
        for number, (arguments, code) in enumerate(self.commands()):
            for way in range(3) if arguments in in_all else (number % 3,):
                with self.subTest(arguments=arguments, way=("full", "without a reader", "closed")[way]):
                    if way == 0:
                        with open("/dev/full", "w") as full:
                            self.assertEqual(self.code(arguments, stderr=full), code)
                    elif way == 1:
                        ends = os.pipe()
                        os.close(ends[0])
                        self.assertEqual(self.code(arguments, stderr=ends[1]), code)
                        os.close(ends[1])
                    else:
                        self.assertEqual(self.code_without(2, arguments), code)

    def test_a_closed_standard_error_is_no_file_of_results(self):
        """The next file that is opened would have its number."""
        self.run_ok("run", PROGRAMS, "--replications", 3, "--out", self.tmp / "a")
        self.assertEqual(self.code_without(2, ["run", PROGRAMS, "--replications", 3, "--out", "b"]), DONE)
        for name in ("summary.csv", "resolved.yaml"):
            self.assertEqual((self.tmp / "a" / name).read_bytes(), (self.tmp / "b" / name).read_bytes())
        self.assert_whole(self.tmp / "b")

    def test_a_result_that_cannot_be_written(self):
        """Every command in one of three ways, and three in all: results are written at one place, the program's end."""
        in_all = (["check", PROGRAMS], ["schema"], ["explain", self.shared / "run"])
        commands = [arguments for arguments, code in self.commands()
                    if code == DONE and arguments[0] not in ("export", "report") and "-o" not in arguments]
        self.assertGreater(len(commands), 9)
        for number, arguments in enumerate(commands):
            for way in range(3) if arguments in in_all else (number % 3,):
                with self.subTest(arguments=arguments, way=("full", "closed", "without a reader")[way]):
                    if way == 0:
                        with open("/dev/full", "w") as full:
                            done = subprocess.run([support.BINARY, *map(str, arguments)], cwd=self.tmp, timeout=120,
                                                  stdout=full, stderr=subprocess.PIPE, text=True)
                        self.assertEqual(done.returncode, FAILED)
                        self.assertIn("cannot write the result: No space left on device", done.stderr)
                    elif way == 1:
                        self.assertEqual(self.code_without(1, arguments), FAILED)
                    else:
                        ends = os.pipe()
                        os.close(ends[0])
                        self.assertEqual(self.code(arguments, stdout=ends[1]), READER_GONE)
                        os.close(ends[1])

    def test_nothing_that_a_name_holds_reaches_a_terminal(self):
        name = "a\x1b[31mb\x07.yaml"
        shutil.copy(BEER_GAME, self.tmp / name)
        run = self.shared / "run"
        for arguments in [
            ["check", name], ["check", "none" + name], ["run", name, "--quiet", "--out", "x" + name],
            ["run", BEER_GAME, "--set", f"sites.{name}=1"], ["run", BEER_GAME, "--seed", name],
            ["run", BEER_GAME, "--format", name], ["run", BEER_GAME, "--" + name], ["fly" + name],
            ["compare", name, name, "--replications", "1"], ["compare", run, run, "--metric", name],
            ["explain", run, "--period", name], ["explain", name], ["report", run, "-o", "none/" + name],
            ["report", run, "-o", "p.html", "--findings", name], ["export", run, "--format", "csv", "-o", name],
            ["import", name, name], ["sweep", name], ["sweep", "status", name], ["sweep", "analyse", name],
            ["reproduce", name], ["run", BEER_GAME, "--until", name], ["run", BEER_GAME, "--precision", name + "=1"],
            ["import", self.shared / "stages.csv", self.shared / "arcs.csv", "-o", "n" + name],
        ]:
            with self.subTest(arguments=arguments):
                done = optichain(*arguments, cwd=self.tmp)
                for stream in (done.stdout, done.stderr):
                    self.assertNotRegex(stream, "[\x00-\x08\x0b-\x1f\x7f]")
                self.assertTrue("\\x1b[31mb\\x07" in done.stderr + done.stdout or done.returncode == DONE, done)


class Options(StrictTest):
    """Every option of every command: read as it is written, or refused with its limits."""

    COMMANDS = {
        ("check",): ["none.yaml"], ("run",): ["none.yaml"], ("graph",): ["none.yaml"], ("bench",): ["none.yaml"],
        ("compare",): ["none.yaml", "none.yaml"], ("sweep",): ["none.yaml"], ("lta",): ["none.yaml"],
        ("sweep", "plan"): ["none.yaml", "--out", "x"], ("sweep", "run"): ["none"], ("sweep", "status"): ["none"],
        ("sweep", "merge"): ["none"], ("sweep", "analyse"): ["none"], ("sweep", "submit"): ["none"],
        ("sweep", "retry"): ["none"], ("reproduce",): ["none.yaml"], ("explain",): ["none"],
        ("report",): ["none", "--output", "x"],
        ("export",): ["none", "--format", "csv", "--output", "x"],
        ("condition",): ["none.yaml", "--observations", "none.yaml", "--until", "2026-06"],
        ("repair",): ["none"], ("schema",): [], ("import",): ["none.csv", "none.csv"],
    }
    NO_NUMBERS = ["", " 2", "2 ", "0x2", "0b1", "1_0", "1,0", "nan", "inf", "-inf", "-1", "two", "\u0663", "1e999",
                  "2\n", "--2", "99999999999999999999999"]
    NO_WHOLE_NUMBERS = [*NO_NUMBERS, "+2", "2.0", "1e3", "010", "02", "00", "1."]
    # Options are read by one function each kind, which scripts/tidy sees to: all of these for one of a kind, and for
    # the others what lies beyond their limits, each with an answer that only this function gives.
    IN_FULL = {(("run",), "--replications"), (("sweep", "plan"), "--chunk-seconds")}

    @staticmethod
    @functools.cache
    def help(command):
        return optichain(*command, "--help").stdout

    def options(self, kind):
        """(command, option, its limits) of all whose values are said to be so."""
        found = []
        for command in self.COMMANDS:
            for match in re.finditer(r"^ +(?:-\w,)?(--[\w-]+) " + kind, self.help(command), re.M):
                found.append((command, match.group(1), match.groups()[1:]))
        return found

    def typed(self, command, options):
        """With these options, and all else that the command needs."""
        arguments = list(self.COMMANDS[command])
        for option in options:
            if option in arguments:
                at = arguments.index(option)
                del arguments[at:at + 2]
        return optichain(*command, *arguments, *itertools.chain(*options.items()), cwd=self.tmp)

    def refuse(self, command, option, word, text):
        result = self.typed(command, {option: word})
        self.assertEqual(result.returncode, BAD_INPUT, (option, word, result.stderr))
        self.assertIn(text, result.stderr, (option, word))
        self.assertEqual(list(self.tmp.iterdir()), [])

    def accept(self, command, options):
        """The next thing that is wrong is the file."""
        result = self.typed(command, options)
        for option in options:
            self.assertNotIn(f"{option}: expected", result.stderr, options)
        self.assertIn("none", result.stderr)

    def accept_limits(self, options):
        """All options of a command together, each at its least and at its greatest."""
        for command in dict.fromkeys(command for command, _, _ in options):
            for end in range(2):
                with self.subTest(command=command, end=("low", "high")[end]):
                    self.accept(command, {option: limits[end] for its, option, limits in options if its == command})

    def test_the_table_knows_all_commands(self):
        def below(text):
            return re.findall(r"^  (\w+) ", text.partition("Subcommands:")[2].partition("\n\n")[0], re.M)
        names = [(name,) for name in below(self.run_ok("--help").stdout)]
        names += [("sweep", name) for name in below(self.help(("sweep",)))]
        self.assertEqual(sorted(names), sorted(self.COMMANDS))

    def test_whole_numbers(self):
        options = self.options(r"(\d+) to (\d+)(?:=\d+)?\s")
        options = [o for o in options if o[1] != "--least"]
        self.assertGreaterEqual(len(options), 14, options)
        for command, option, (low, high) in options:
            with self.subTest(command=command, option=option):
                expected = f"{option}: expected a whole number from {low} to {high}, received"
                is_in_full = (command, option) in self.IN_FULL
                words = self.NO_WHOLE_NUMBERS if is_in_full else []
                for word in [*words, str(int(high) + 1), *([str(int(low) - 1)] if int(low) else [])]:
                    self.refuse(command, option, word, expected)
                if is_in_full:
                    self.refuse(command, option, "010", "if 10 is meant, write it so")
        self.accept_limits(options)

    def test_numbers(self):
        options = self.options(r"(\d[\d.e+]*) to (\d[\d.e+]*)=[\d.]+\s")
        options = [o for o in options if o[1] in ("--least", "--review-days", "--chunk-seconds")]
        self.assertEqual(len(options), 5, options)
        for command, option, (low, high) in options:
            with self.subTest(command=command, option=option):
                is_in_full = (command, option) in self.IN_FULL
                words = self.NO_NUMBERS if is_in_full else []
                for word in [*words, str(float(high) * 1.01), "-0.001"]:
                    self.refuse(command, option, word, f"{option}: expected a number from {low} to {high}, received")
                for word in (f"+{high}", f"0{high}", f"{float(high) * 10}e-1") if is_in_full else ():
                    self.accept(command, {option: word})
        self.accept_limits(options)

    def test_words_and_dates(self):
        words = self.options(r"\{([^}]+)\}")
        self.assertGreaterEqual(len(words), 15, words)
        for command, option, (known,) in words:
            with self.subTest(command=command, option=option):
                self.refuse(command, option, known.split(",")[0].upper() + "x", f"{option}: expected one of ")
        self.refuse(("run",), "--format", "", "--format: expected one of ")
        for option in ("--start", "--end"):
            for word in ("", "26", "2026-2-3", "2026-02-29", "2026Q5", "1899", "today", "2026-07-15 "):
                self.refuse(("import",), option, word, f"{option}: expected a date (2026-07-15, ")
        for option in ("--until", "--warm-up"):
            for word in ("26", "2026-02-29", "soon", "2026-07-15 "):
                result = optichain("run", BEER_GAME, option, word, cwd=self.tmp)
                self.assertEqual(result.returncode, BAD_INPUT)
                self.assertIn(f"{option}: error: expected a date (2026-07-15, ", result.stderr)
        result = optichain("run", BEER_GAME, "--until", "2024-03-01", "--until", "2024-04-01", cwd=self.tmp)
        self.assertEqual(result.returncode, BAD_INPUT)
        self.assertIn("expected one last day, received 2024-03-01 and 2024-04-01", result.stderr)

    def test_names(self):
        """Each with one of two words that are no name: they are read by one function, too."""
        number = 0
        for command in self.COMMANDS:
            for option, kind in re.findall(r"^ +(?:-\w,)?(--[\w-]+) (TEXT[ .]*)", self.help(command), re.M):
                if option in ("--set", "--until", "--precision", "--score"):
                    continue
                number += 1
                with self.subTest(command=command, option=option):
                    if number % 2 or "..." in kind:  # that of a list ends where an option begins
                        self.refuse(command, option, "", f"{option}: expected a name, received an empty text")
                    else:
                        self.refuse(command, option, "--quiet", f'{option}: expected a name, received "--quiet"')
        self.assertGreaterEqual(number, 14)
        # what stands behind it is no value of an option that has none
        result = optichain("run", BEER_GAME, "--out=", "--quiet", cwd=self.tmp)
        self.assertEqual(result.returncode, BAD_INPUT)
        self.assertIn('expected a value behind "--out="', result.stderr)
        self.assertEqual(list(self.tmp.iterdir()), [])

    def test_repeated_options_and_flags_with_values(self):
        for arguments, text in [
            (["run", BEER_GAME, "--seed", "1", "--seed", "2"], "--seed"),
            (["run", BEER_GAME, "--out", "a", "--out", "b"], "--out"),
            (["run", BEER_GAME, "--quiet=no"], "quiet"), (["run", BEER_GAME, "--series=7"], "series"),
            (["run", BEER_GAME, "--seed"], "--seed"), (["compare", "[a,b]"], "a file of that name is ./[a,b]"),
            (["compare", BEER_GAME, BEER_GAME, "--metric", "{}"], "no figure is reported as \"{}\""),
            (["compare", BEER_GAME, BEER_GAME, "--replications", "1", "--metric", "typo"], "no figure is reported as"),
        ]:
            with self.subTest(arguments=arguments):
                result = optichain(*arguments, cwd=self.tmp)
                self.assertEqual(result.returncode, BAD_INPUT, result.stderr)
                self.assertIn(text, result.stderr)

    def test_names_that_only_a_store_knows(self):
        run, sweep = self.shared / "run", self.shared / "sweep"
        for arguments, text in [
            (["explain", run, "--period", "2O26"], "there is no period \"2O26\""),
            (["explain", run, "--period", "2O26", "--format", "csv"], "did you mean \"2026\"?"),
            (["explain", run, "--replication", "3"], "it has no replication 3"),
            (["compare", run, run, "--metric", "market.shiped.all"], "no figure is reported as"),
            (["sweep", "analyse", sweep, "--metric", "typo"], "the sweep kept no metric \"typo\""),
            (["sweep", "analyse", sweep, "--metric", "typo", "--show", "boxes"], "the sweep kept no metric \"typo\""),
            (["run", BEER_GAME, "--precision", "typo=1%", "--out", self.tmp / "o"], "there is no metric \"typo\""),
            (["explain", run, "--period", ""], "--period: expected a value, received an empty text"),
            (["run", BEER_GAME, "--warm-up", ""], "--warm-up: expected a value, received an empty text"),
            (["sweep", "run", sweep, "--shard", "-1/2"], "expected i/n with 0 <= i < n"),
            (["run", BEER_GAME, "--precision", "market.shipped.all=nan%"], "expected a number above 0"),
            (["run", BEER_GAME, "--precision", "market.shipped.all=0x1"], "expected a number above 0"),
            (["sweep", "run", sweep, "--shard", "1/1"], "expected i/n with 0 <= i < n"),
            (["sweep", "run", sweep, "--shard", "01/2"], "expected i/n with 0 <= i < n"),
            (["sweep", "run", sweep, "--shard", "0x0/2"], "expected i/n with 0 <= i < n"),
            (["sweep", "run", sweep, "--shard", "+0/2"], "expected i/n with 0 <= i < n"),
            (["sweep", "run", sweep, "--shard", "0/2/3"], "expected i/n with 0 <= i < n"),
            (["sweep", "run", sweep, "--shard", "2"], "expected i/n with 0 <= i < n"),
        ]:
            with self.subTest(arguments=arguments):
                result = optichain(*arguments, cwd=self.tmp)
                self.assertEqual(result.returncode, BAD_INPUT, result.stderr)
                self.assertIn(text, result.stderr)
                self.assertEqual(result.stdout, "")
        once = self.run_ok("sweep", "analyse", sweep, "--metric", "market.shipped.all").stdout
        twice = self.run_ok("sweep", "analyse", sweep, *["--metric", "market.shipped.all"] * 2).stdout
        self.assertEqual(once, twice)
        for number, code in (("1.5", BAD_INPUT), ("0x1", BAD_INPUT), ("1e0", BAD_INPUT), ("1", DONE)):
            environment = {**os.environ, "SLURM_ARRAY_TASK_ID": number}
            result = optichain("sweep", "run", sweep, "--shard", "auto/2", env=environment)
            self.assertEqual(result.returncode, code, result.stderr)


class Files(StrictTest):
    """What is read is read to its end, or not at all."""

    def test_files_without_end(self):
        run = self.shared / "run"
        for arguments, text in [
            (["check", "/dev/zero"], "larger than 16 MiB"), (["import", "/dev/zero", "/dev/zero"], "larger than 16 MiB"),
            (["report", run, "-o", "p.html", "--findings", "/dev/zero"], "it is no file and no pipe"),
            (["report", run, "-o", "p.html", "--findings", "."], "it is a directory"),
        ]:
            with self.subTest(arguments=arguments):
                result = optichain(*arguments, cwd=self.tmp)
                self.assertEqual(result.returncode, BAD_INPUT, result.stderr)
                self.assertIn(text, result.stderr)
        with open(self.tmp / "large.json", "wb") as file:
            file.truncate((64 << 20) + 1)
        result = optichain("report", run, "-o", "p.html", "--findings", "large.json", cwd=self.tmp)
        self.assertEqual(result.returncode, BAD_INPUT)
        self.assertIn("larger than 64 MiB", result.stderr)
        result = subprocess.run(["sh", "-c", f'yes | "{support.BINARY}" check /dev/stdin'], cwd=self.tmp,
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, BAD_INPUT)
        self.assertIn("larger than 16 MiB", result.stderr)

    def test_an_error_in_the_middle_is_not_the_end(self):
        """A disk fails after half a megabyte: half a trace is none."""
        shim = self.tmp / "fails.so"
        source = self.tmp / "fails.c"
        source.write_text("""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static long total;
ssize_t read(int file, void* buffer, size_t size) {
  ssize_t (*next)(int, void*, size_t) = (ssize_t (*)(int, void*, size_t))dlsym(RTLD_NEXT, "read");
  char link[64], name[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, name, sizeof name - 1);
  if (length < 0) return next(file, buffer, size);
  name[length] = 0;
  if (!strstr(name, "trace.csv")) return next(file, buffer, size);
  if (total >= 1 << 19) { errno = EIO; return -1; }
  const ssize_t got = next(file, buffer, size);
  total += got;
  return got;
}
""")
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("c++")
        self.assertTrue(compiler, "there is a compiler, or this program would not be")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True)
        (self.tmp / "trace.csv").write_text("pieces\n" + "4\n" * 400_000)
        scenario = self.tmp / "s.yaml"
        scenario.write_text(f"""extends: {BEER_GAME}
overrides:
  customers.drinkers.demand.beer.variation:
    trace: {{quantities: {{csv: trace.csv, column: pieces}}}}
""")
        arguments = ["check", scenario]
        whole = optichain(*arguments)
        self.assertEqual(whole.returncode, DONE, whole.stderr)
        cut = optichain(*arguments, env={**os.environ, "LD_PRELOAD": str(shim)})
        self.assertEqual(cut.returncode, BAD_INPUT, cut.stderr)
        self.assertIn("trace.csv", cut.stderr)
        self.assertIn("Input/output error", cut.stderr)

    def test_a_large_cell(self):
        """Twice the size takes twice the time, and not four times; nothing takes seconds."""
        for size in (1_000_000, 4_000_000):
            (self.tmp / "s.csv").write_text(STAGES + '"' + 'x""' * (size // 3) + '",1,1,,\n')
            begin = time.monotonic()
            result = optichain("import", "s.csv", self.shared / "arcs.csv", cwd=self.tmp)
            self.assertIn(result.returncode, (DONE, BAD_INPUT), result.stderr)
            self.assertLess(len(result.stderr), 4000)
            self.assertLess(time.monotonic() - begin, 10)  # with quadratic time: hours

    def test_a_sweep_in_a_folder_whose_name_batch_systems_read(self):
        study = self.shared / "study.yaml"
        folder = self.tmp / "100%j %A"
        self.run_ok("sweep", "plan", study, "-o", folder)
        script = self.run_ok("sweep", "submit", folder, "--dry-run").stdout
        self.assertIn(f'#SBATCH --output="{self.tmp}/100%%j %%A/logs/%A_%a.log"', script)
        self.assertIn(f"sweep run '{folder}' --shard", script)  # a shell reads this one
        for name in ("back\\slash", 'quote"s', "line\nfeed"):
            with self.subTest(name):
                self.run_ok("sweep", "plan", study, "-o", self.tmp / name)
                result = optichain("sweep", "submit", self.tmp / name, "--dry-run")
                self.assertEqual(result.returncode, BAD_INPUT)
                self.assertIn("without backslashes, quotes and control characters", result.stderr)

    def test_a_merge_says_what_is_missing(self):
        folder = self.tmp / "sweep"
        shutil.copytree(self.shared / "sweep", folder)
        chunk = sorted((folder / "chunks").glob("*.chunk"))[0]
        text = chunk.read_bytes()
        middle = len(text) // 2
        chunk.write_bytes(text[:middle] + bytes([text[middle] ^ 1]) + text[middle + 1:])
        result = optichain("sweep", "merge", folder)
        self.assertEqual(result.returncode, PARTIAL, result.stderr)
        self.assertNotIn(" 0 runs are missing", result.stderr)
        self.assertRegex(result.stderr, r"[1-9]\d* (chunks are damaged|runs are missing), so nothing was merged")


if __name__ == "__main__":
    support.main()
