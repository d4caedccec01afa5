#!/usr/bin/env python3
"""Conditioned futures and scored forecasts: weights, what is ruled out and the two forecasts without a model are
worked out again from the runs.

    condition_test.py BINARY [TestClass...]        as ctest calls it
"""

import csv
import json
import math
import statistics

import support
from support import BAD_INPUT, DONE, PARTIAL, ROOT, CliTest, optichain

STUDY = ROOT / "scenarios/studies/futures.yaml"
OBSERVATIONS = ROOT / "scenarios/programs/observations.yaml"
TRUE_DEMAND = 1.1  # of the run that the observations were made from
ERRORS = {"error: 0.03": "error: 0.1", "discrepancy: 0.1": "discrepancy: 0.2"}  # so that few futures suffice


class ConditionTest(CliTest):
    def setUp(self):
        super().setUp()
        text = OBSERVATIONS.read_text()
        for old, new in ERRORS.items():
            self.assertIn(old, text)
            text = text.replace(old, new)
        self.wide = self.tmp / "wide.yaml"
        self.wide.write_text(text)

    def condition(self, *arguments, observations=None, code=DONE):
        result = optichain("condition", STUDY, "--observations", observations or self.wide, *arguments, "--quiet",
                           "--format", "json", cwd=self.tmp, timeout=280)
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def observations(self, text):
        file = self.tmp / "observations.yaml"
        file.write_text("name: Test\nseries:\n" + text)
        return file

    def runs(self, folder):
        with open(self.tmp / folder / "runs.csv", newline="") as file:
            return list(csv.DictReader(file))


class Futures(ConditionTest):
    def test_weights_are_those_of_the_runs(self):
        found = json.loads(self.condition("--until", "2026-06", "--futures", 48, "--keep", 32, "--method", "weights",
                                          "--out", "out", "-o", "futures.csv").stdout)
        known = {("wanted", "market.demanded", 0.1, 0.1): (12600, 14200),
                 ("sales", "sites.plant.sales", 0.01, 0.2): (372e3, 431e3)}
        runs, luck = self.runs("out/beforehand"), self.runs("out/luck")
        self.assertEqual((len(runs), len(luck)), (48, 20))
        logs = [0.0] * len(runs)
        seconds = [[] for _ in runs]
        for (_, metric, error, discrepancy), values in known.items():
            for quarter, value in zip((1, 2), values):
                name = f"{metric}.2026Q{quarter}"
                by_luck = statistics.stdev(math.log(float(run[name])) for run in luck)
                sd = math.sqrt(error ** 2 + discrepancy ** 2 + by_luck ** 2)
                for i, run in enumerate(runs):
                    off = (math.log(float(run[name])) - math.log(value)) / sd
                    logs[i] -= off * off / 2
                    seconds[i].append(abs(off))
        weights = [math.exp(log - max(logs)) for log in logs]
        self.assertAlmostEqual(found["effective"], sum(weights) ** 2 / sum(w * w for w in weights), places=6)
        self.assertEqual(found["ruled_out"], sum(sorted(offs)[-2] > 3 for offs in seconds))
        self.assertEqual(len(found["figures"]), 4)

        demand, furnace = found["inputs"]
        self.assertLess(demand["after_low"], TRUE_DEMAND)
        self.assertGreater(demand["after_high"], TRUE_DEMAND)
        self.assertLess(demand["spread_left"], 0.8)
        self.assertGreater(furnace["spread_left"], demand["spread_left"])

        rows = [line.split(",") for line in (self.tmp / "futures.csv").read_text().splitlines() if line[0] != "#"]
        self.assertEqual(rows[0], ["name", "demand", "furnace_yield"])
        self.assertEqual(len(rows), 33)
        # systematic resampling: each as often as its weight says, but for rounding
        for run, weight in zip(runs, weights):
            times = sum(row[1:] == [run["demand"], run["furnace_yield"]] for row in rows[1:])
            self.assertLess(abs(times - 32 * weight / sum(weights)), 1)

    def test_a_study_draws_from_the_file_and_what_was_done_is_not_done_again(self):
        arguments = ("--until", "2026-03", "--futures", 48, "--keep", 8, "--method", "weights", "--out", "out", "-o", "futures.csv")
        first = self.condition(*arguments)
        text = (self.tmp / "futures.csv").read_bytes()
        chunks = sorted((self.tmp / "out").glob("*/chunks/*.chunk"))
        self.assertGreaterEqual(len(chunks), 2)
        again = self.condition(*arguments)
        self.assertEqual(first.stdout, again.stdout)
        self.assertEqual((self.tmp / "futures.csv").read_bytes(), text)
        self.assertEqual(sorted((self.tmp / "out").glob("*/chunks/*.chunk")), chunks)

        study = self.tmp / "study.yaml"
        study.write_text(f"name: Later\nbase: {ROOT}/scenarios/programs/programs.yaml\nchanges: {{end: 2026-12-31}}\n"
                         "design: {uncertainties: {futures: {file: futures.csv, points: 6}}}\n"
                         "metrics: [market.shipped.2026]\n")
        self.run_ok("sweep", study, "--out", "later", "--quiet", cwd=self.tmp)
        rows = [line.split(",") for line in text.decode().splitlines() if line[0] != "#"]
        self.assertEqual([[run["demand"], run["furnace_yield"]] for run in self.runs("later")],
                         [row[1:] for row in rows[1:7]])
        twice = optichain("condition", study, "--observations", OBSERVATIONS, "--until", "2026-06", cwd=self.tmp)
        self.assertEqual(twice.returncode, BAD_INPUT)
        self.assertIn("conditioned already", twice.stderr)

    def test_an_ensemble_goes_where_the_weights_go(self):
        arguments = ("--until", "2026-06", "--futures", 64, "--keep", 64, "--out", "out")
        weighed = json.loads(self.condition("--method", "weights", *arguments).stdout)
        moved = json.loads(self.condition("--method", "ensemble", *arguments).stdout)
        self.assertEqual(moved["method"], "ensemble")
        self.assertEqual(len(moved["spreads"]), 5)
        self.assertLess(moved["spreads"][-1], moved["spreads"][0])
        a, b = weighed["inputs"][0], moved["inputs"][0]
        self.assertEqual(a["input"], "demand")
        width = a["after_high"] - a["after_low"]
        self.assertLess(abs(a["after_median"] - b["after_median"]), width / 3)
        self.assertLess(abs(math.log((b["after_high"] - b["after_low"]) / width)), math.log(1.6))

    def test_figures_out_of_reach_are_refused_by_name(self):
        both = self.observations("  wanted:\n    {observed: x, metric: market.demanded.PERIOD, error: 0.02, "
                                 "figures: [{period: 2026Q1, published: 125000}, {period: 2026Q2, published: 143000}]}\n")
        result = self.condition("--until", "2026-06", "--futures", 16, "--out", "out", "-o", "futures.csv",
                                observations=both, code=PARTIAL)
        self.assertIn("refused: no future comes within 3 standard deviations", result.stderr)
        self.assertFalse((self.tmp / "futures.csv").exists())
        found = json.loads(result.stdout)
        self.assertEqual(found["ruled_out"], 16)
        self.assertIn("wanted 2026Q1, wanted 2026Q2", found["refused"])
        self.assertEqual(found["inputs"], [])

    def test_too_few_futures_and_members_are_refused(self):
        few = json.loads(self.condition("--until", "2026-03", "--futures", 16, "--method", "weights", "--out", "out",
                                        code=PARTIAL).stdout)
        self.assertIn("equally likely ones, and 20 are needed", few["refused"])
        small = json.loads(self.condition("--until", "2026-03", "--futures", 16, "--keep", 9, "--method", "ensemble",
                                          "--out", "out", code=PARTIAL).stdout)
        self.assertIn("an ensemble of 9 members cannot be moved in 2 inputs", small["refused"])


class Scores(ConditionTest):
    # a day that is named twice is one
    DAYS = ("--score", "2026-06", "--score", "2026-09", "--score", "2026-12", "--score", "2026-06")

    def test_forecasts_are_scored_by_what_came(self):
        result = self.condition(*self.DAYS, "--futures", 64, "--method", "weights", "--out", "out")
        found = json.loads(result.stdout)
        self.assertEqual([(o["origin"], o["known"], o["figures"]) for o in found["origins"]],
                         [("2026-06-30", "2026-08-10", 4), ("2026-09-30", "2026-11-10", 6),
                          ("2026-12-31", "2027-02-10", 8)])
        forecasts = found["forecasts"]
        self.assertEqual([sum(f["origin"] == o["origin"] for f in forecasts) for o in found["origins"]], [8, 6, 4])
        came = {("wanted", "2026Q3"): 15800, ("sales", "2026Q3"): 350e3, ("wanted", "2027Q2"): 20300}
        for f in forecasts:
            self.assertEqual(f["published"], came.get((f["series"], f["period"]), f["published"]))
            self.assertEqual(f["held"], "yes" if f["low"] <= f["published"] <= f["high"] else "no")
            self.assertLess(f["low"], f["median"])
            # the score of a range is less than its width and its distance together
            off = abs(math.log(f["median"] / f["published"]))
            self.assertLess(f["crps"], off + math.log(f["high"] / f["low"]))
            self.assertGreater(f["crps"], 0)
        first = next(f for f in forecasts if (f["origin"], f["series"], f["period"]) ==
                     ("2026-06-30", "wanted", "2026Q4"))
        self.assertEqual(first["ahead"], 2)
        self.assertAlmostEqual(first["last"], math.log(19600 / 14200))
        self.assertAlmostEqual(first["growth"], abs(math.log(14200 * (14200 / 12600) ** 2 / 19600)))
        page = (self.tmp / "out/score.md").read_text()
        held = sum(f["held"] == "yes" for f in forecasts)
        self.assertIn(f"From 3 origins, the 90 % ranges held {held} of 18 figures", page)
        mean = sum(f["crps"] for f in forecasts) / 18
        naive = sum(f["last"] for f in forecasts) / 18
        self.assertIn(f"{mean:.3f} against {naive:.3f}", page)
        self.assertIn(f"Its ranked probability score is {abs(1 - mean / naive):.0%} {'less' if mean < naive else 'more'}"
                      .replace("%", " %"), page)
        self.assertIn("![Forecasts and what came](score.svg)", page)
        self.assertEqual((self.tmp / "out/score.svg").read_text().count("<circle"), 18)

    def test_a_figure_that_was_known_by_then_is_not_forecast(self):
        early = self.observations(
            "  wanted:\n    {observed: x, metric: market.demanded.PERIOD, error: 0.3, figures: [" +
            ", ".join(f"{{period: 2026Q{q}, published: {v}, day: {d}}}" for q, v, d in
                      ((1, 12400, "2026-05-10"), (2, 14200, "2026-12-24"), (3, 15800, "2026-11-10"),
                       (4, 19600, "2027-02-10"))) + "]}\n"
            "  sales:\n    {observed: x, metric: sites.plant.sales.PERIOD, error: 0.4, figures: ["
            "{period: 2026Q1, published: 372e3}, {period: 2026Q2, published: 431e3}]}\n")
        found = json.loads(self.condition("--score", "2026-06", "--score", "2026-03", "--method", "weights", "--futures", 32, "--out", "out",
                                          observations=early, code=PARTIAL).stdout)
        self.assertEqual([(f["origin"], f["period"]) for f in found["forecasts"]], [("2026-06-30", "2026Q4")])
        few, last = found["origins"]
        self.assertEqual(last["passed_over"], 1)
        self.assertIn("2 figures before it, and 4 are needed", few["refused"])


class Mistakes(ConditionTest):
    def complaint(self, series, *arguments):
        file = self.observations(series)
        result = optichain("condition", STUDY, "--observations", file, "--until", "2026-12", *arguments,
                           "--out", "out", "--quiet", cwd=self.tmp)
        self.assertEqual(result.returncode, BAD_INPUT, result.stdout)
        return result.stderr

    def test_what_is_wrong_with_observations_is_said_with_its_place(self):
        figures = "figures: [{period: 2026Q1, published: 1}]}\n"
        said = self.complaint("  a: {observed: x, metric: market.demanded.2026Q1, " + figures)
        self.assertRegex(said, r"observations.yaml:3:\d+: error: series.a.metric: expected an expression with PERIOD")
        said = self.complaint("  a: {observed: x, metric: market.demanded.PERIOD +, " + figures)
        self.assertRegex(said, r"observations.yaml:3:\d+: error: series.a.metric: expected an expression, received")
        said = self.complaint("  a: {observed: x, metric: market.wanted.PERIOD, " + figures)
        self.assertRegex(said, r'observations.yaml:3:\d+: error: series.a.metric: there is no metric "market.wanted.2026Q1"')
        said = self.complaint("  a: {observed: x, metric: market.demanded.PERIOD, figures: [{period: 2026-07, published: 1}]}\n")
        self.assertIn("expected a quarter (2026Q3) or a year", said)
        said = self.complaint("  a: {observed: x, metric: market.demanded.PERIOD, "
                              "figures: [{period: 2026, published: 1}, {period: 2026Q2, published: 1}]}\n")
        self.assertIn("2026 and its quarter 2026Q2 say the same twice", said)
        said = self.complaint("  a: {observed: x, metric: market.demanded.PERIOD, "
                              "figures: [{period: 2026Q1, published: 1, day: 2026-03-31}]}\n")
        self.assertIn("series.a.figures[0].day: expected a day after the end of 2026Q1", said)
        said = self.complaint("  a: {observed: x, metric: market.demanded.PERIOD, figures: [{period: 2027Q1, published: 1}]}\n")
        self.assertIn("expected a figure of a period that has ended by 2026-12-31", said)

    def test_a_file_of_observations_is_checked(self):
        said = self.run_ok("check", OBSERVATIONS, ROOT / "scenarios/ai-optics-2026/observations.yaml").stdout
        self.assertIn("12 figures of 2 series", said)
        self.assertEqual(len(said.splitlines()), 2)


if __name__ == "__main__":
    support.main()
