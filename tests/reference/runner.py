"""Runs scenarios through the binary and holds what comes out against what was published."""

import dataclasses
import math
import pathlib
import shlex
import sqlite3
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/reference"
STANDARD_ERRORS = 4
VAGUE = 0.15  # an interval wider than this part of what is published would test nothing


@dataclasses.dataclass
class Row:
    """One line of the table."""
    case: str
    what: str
    published: str
    simulated: str
    interval: str
    held: bool
    command: str


def short(number):
    return f"{number:.6g}"


class Result:
    """What came of one run of the program."""

    def __init__(self, folder, command):
        self.folder, self.command = folder, command
        self._series = None

    def values(self, metric):
        """A key figure over the whole scenario, of each replication."""
        path = f"file:{self.folder}/results.sqlite?mode=ro"
        with sqlite3.connect(path, uri=True) as store:
            found = store.execute(
                "SELECT value FROM v_kpi WHERE metric = ? AND policy = '' ORDER BY replication",
                (metric + ".all",)).fetchall()
        if not found:
            raise KeyError(f"{self.command}: there is no {metric}")
        return [value for (value,) in found]

    def value(self, metric):
        return self.values(metric)[0]

    def series(self, entity, measure, replication=0):
        """A weekly series by date; zeros throughout where nothing was counted."""
        if self._series is None:
            self._series, self._dates = {}, {}
            with open(self.folder / "series.csv", encoding="utf-8") as file:
                next(file)
                for line in file:
                    number, date, *name, _, value = line.rstrip().split(",")
                    self._series.setdefault((int(number), *name), {})[date] = float(value)
                    self._dates[date] = None
        found = self._series.get((replication, entity, measure), {})
        return [found.get(date, 0.0) for date in self._dates]


class Runner:
    """Runs scenarios, each at most once."""

    def __init__(self, binary, quick):
        self.binary, self.quick = binary, quick
        self._temporary = tempfile.TemporaryDirectory(prefix="optichain-reference-")
        self._results = {}

    def close(self):
        self._temporary.cleanup()

    def run(self, scenario, changes=(), replications=(1, 1), series=False):
        """`replications` in the quick form and in full."""
        count = replications[0 if self.quick else 1]
        arguments = ["run", f"scenarios/{scenario}.yaml", "--replications", str(count)]
        for change in changes:
            arguments += ["--set", change]
        if series:
            arguments.append("--series")
        key = tuple(arguments)
        if key in self._results:
            return self._results[key]
        folder = pathlib.Path(self._temporary.name) / str(len(self._results))
        done = subprocess.run([self.binary, *arguments, "--out", folder, "--quiet", "--format", "json"],
                              cwd=ROOT, capture_output=True, text=True, check=False)
        command = "scripts/optichain " + " ".join(map(shlex.quote, arguments))
        if done.returncode != 0:
            raise RuntimeError(f"{command}\n{done.stderr}")
        self._results[key] = Result(folder, command)
        return self._results[key]


# --- verdicts ------------------------------------------------------------------------------------

def mean_and_error(values):
    error = statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0
    return statistics.fmean(values), error


def stochastic(case, what, published, values, command, vague=VAGUE):
    """Within four standard errors, which have to be small enough to say something."""
    mean, error = mean_and_error(values)
    width = STANDARD_ERRORS * error
    held = error > 0 and abs(mean - published) <= width and width <= vague * abs(published)
    return Row(case, what, short(published), short(mean), f"+- {width:.2g}", held, command)


def exact(case, what, published, simulated, command, within=0.0, note=None):
    """The same number, or within what the note says."""
    held = abs(simulated - published) <= within
    return Row(case, what, short(published), short(simulated), note or "exact", held, command)


def equal(case, what, published, simulated, command, within, note):
    """Two columns of numbers, entry by entry: how many agree."""
    good = sum(abs(a - b) <= within for a, b in zip(published, simulated))
    held = good == len(published) == len(simulated) > 0
    return Row(case, what, f"{len(published)} values", f"{good} agree", note, held, command)


def beats(case, what, best, other, command):
    """The published policy costs less than another under the same random numbers; where something is
    random, by more than two standard errors of the difference."""
    difference, error = mean_and_error([b - a for a, b in zip(best, other)])
    return Row(case, what, "costs more", f"+{difference:.4g}" if difference > 0 else short(difference),
               f"+- {2 * error:.2g}", difference > 2 * error and difference > 0, command)
