#!/usr/bin/env python3
"""Claims held against simulation: every figure of the tables is worked out again from the runs.

    reproduce_test.py BINARY [TestClass...]        as ctest calls it
"""

import base64
import csv
import itertools
import json
import math
import re
import statistics
import zlib

import support
from support import BAD_INPUT, DONE, ROOT, CliTest, optichain

PROGRAMS = ROOT / "scenarios/programs/programs.yaml"
OPTICS = ROOT / "scenarios/ai-optics-2026"


class ReproduceTest(CliTest):
    def write(self, name, text):
        file = self.tmp / name
        file.write_text(text)
        return file

    def study(self, name="study.yaml", levers=True, points=16):
        lever = """
levers:
  case:
    options:
      one_shift: {programs.second_shift: ~}
      calm: {programs.crack: ~}
""" if levers else ""
        rows = "levers: {list: {rows: [{}, {case: one_shift}, {case: calm}]}}," if levers else ""
        return self.write(name, f"""
name: Test
base: {PROGRAMS}
changes: {{end: 2026-12-31}}
{lever}
uncertainties:
  demand: {{path: customers.city.demand.lamp.pieces_per_week, as: factor, low: 0.8, high: 1.3}}
  furnace_yield: {{path: sites.west_grower.recipes.grow.yield, low: 0.7, high: 0.9}}
design: {{{rows} uncertainties: {{sobol: {{points: {points}}}}}}}
""")

    def claims(self, more="", claims="", name="claims.yaml"):
        return self.write(name, f"""
name: Test
study: study.yaml
consistency: together.yaml
vintages: [base, calm]
claims:
  many: {{claim: many are shipped, kind: predicted, metric: market.shipped.2026, unit: pieces, min: 54000}}
  few: {{claim: few are shipped, kind: predicted, metric: market.shipped.2026, unit: pieces, max: 53000}}
  filled: {{claim: most is met, kind: predicted, metric: market.shipped.2026 / market.demanded.2026, unit: share, min: 0.9}}
  shift_helps:
    claim: the second shift helps
    kind: predicted
    metric: market.shipped.2026 - market.shipped.2026@one_shift
    min: 1
  calmer: {{claim: calm, kind: predicted, in: calm, metric: market.shipped.2026, published: 45000, tolerance: 0.1, because: a test}}
{claims}
{more}""")

    def reproduce(self, *arguments, code=DONE):
        result = optichain("reproduce", *arguments, "--quiet", cwd=self.tmp)
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def tables(self, *arguments):
        return json.loads(self.reproduce(*arguments, "--format", "json").stdout)

    def runs(self, folder):
        """Figures by case and future."""
        rows = csv.DictReader((self.tmp / folder / "runs.csv").read_text().splitlines())
        return {(row["policy"].removeprefix("case="), row["future"]): row for row in rows}


def quantile(values, p):
    """Between order statistics (Hyndman and Fan 1996, definition 7)."""
    values = sorted(values)
    at = p * (len(values) - 1)
    low = math.floor(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (at - low) * (values[high] - values[low])


class Verdicts(ReproduceTest):
    def test_every_figure_follows_from_the_runs(self):
        self.study()
        self.study("together.yaml", levers=False)
        self.claims()
        said = self.reproduce("claims.yaml", "--out", "out").stdout
        runs = self.runs("out")
        futures = sorted({future for _, future in runs})

        def shipped(case):
            return [float(runs[case, f]["market.shipped.2026"]) for f in futures]

        def demanded(case):
            return [float(runs[case, f]["market.demanded.2026"]) for f in futures]
        base, calm, one = shipped("base"), shipped("calm"), shipped("one_shift")
        expected = {
            "many": (base, lambda x: x >= 54000),
            "few": (base, lambda x: x <= 53000),
            "filled": ([s / d for s, d in zip(base, demanded("base"))], lambda x: x >= 0.9),
            "shift_helps": ([a - b for a, b in zip(base, one)], lambda x: x >= 1),
            "calmer": (calm, lambda x: 40500 <= x <= 49500)}
        findings = json.loads((self.tmp / "out/findings.json").read_text())["claims"]
        self.assertEqual({c["id"] for c in findings}, set(expected))
        # the page of the folder shows them, without --findings
        page = self.tmp / "page.html"
        self.run_ok("report", self.tmp / "out", "-o", page)
        data = re.search('id="data">([^<]*)<', page.read_text(encoding="utf-8")).group(1)
        shown = json.loads(zlib.decompress(base64.b64decode(data)))["findings"]
        self.assertEqual(shown["claims"], findings)
        for claim in findings:
            values, holds = expected[claim["id"]]
            self.assertAlmostEqual(claim["simulated"], statistics.fmean(values), places=6)
            self.assertAlmostEqual(claim["low"], quantile(values, 0.05), places=6)
            self.assertAlmostEqual(claim["high"], quantile(values, 0.95), places=6)
            share = statistics.fmean(holds(x) for x in values)
            if share >= 0.9:
                self.assertEqual(claim["verdict"], "holds")
            elif share >= 0.5:
                self.assertEqual(claim["verdict"], f"holds in {round(100 * share)} %")
            else:
                self.assertIn("does not hold", claim["verdict"])
        self.assertGreater(len({c["verdict"] for c in findings}), 1, "the claims are too easy")
        always = sum(c["verdict"] == "holds" for c in findings)
        mostly = sum(c["verdict"].startswith("holds in") for c in findings)
        self.assertIn(f"of 5 predicted statements {always} hold in nine futures of ten, {mostly} more in most, "
                      f"{5 - always - mostly} do not", said)

    def test_vintages_and_reasons_speak_of_their_cases(self):
        self.study()
        self.study("together.yaml", levers=False)
        self.claims()
        tables = self.tables("claims.yaml", "--out", "out", "--show", "all")
        vintages = {row["id"]: row for row in tables["vintages"]}
        self.assertNotIn("shift_helps", vintages, "it names its cases itself")
        runs = self.runs("out")
        for case in ("base", "calm"):
            mean = statistics.fmean(
                float(row["market.shipped.2026"]) for (of, _), row in runs.items() if of == case)
            shown = float(re.match(r"([\d.]+) k", vintages["many"][case])[1])
            self.assertAlmostEqual(shown, mean / 1000, delta=0.051)
        failing = {row["id"] for row in tables["claims"] if "not" in row["verdict"]}
        self.assertEqual({row["id"] for row in tables["reasons"]},
                         {i for i in failing})
        self.assertIn("unmet in 2026", tables["reasons"][0]["why"])

    def test_run_again_nothing_is_simulated_twice(self):
        self.study()
        self.study("together.yaml", levers=False)
        self.claims()
        first = self.reproduce("claims.yaml", "--out", "out").stdout
        before = sorted((self.tmp / "out/chunks").iterdir())
        self.assertEqual(self.reproduce("claims.yaml", "--out", "out").stdout, first)
        self.assertEqual(sorted((self.tmp / "out/chunks").iterdir()), before)


class Together(ReproduceTest):
    def test_sets_and_conflicts_follow_from_the_runs(self):
        self.study()
        self.study("together.yaml", levers=False, points=32)
        self.claims()
        tables = self.tables("claims.yaml", "--out", "out", "--consistency")
        runs = self.runs("out")
        holds = {"many": set(), "few": set(), "filled": set(), "calmer": set()}
        for (_, future), row in runs.items():
            shipped, wanted = float(row["market.shipped.2026"]), float(row["market.demanded.2026"])
            for name, is_so in (("many", shipped >= 54000), ("few", shipped <= 53000),
                                ("filled", shipped / wanted >= 0.9),
                                ("calmer", 40500 <= shipped <= 49500)):
                if is_so:
                    holds[name].add(future)
        n = len(runs)
        shares = {row["id"]: row["holds"] for row in tables["shares"]}
        for name, futures in holds.items():
            self.assertAlmostEqual(shares[name], len(futures) / n)
        open_claims = {name for name, futures in holds.items() if 0 < len(futures) < n}
        self.assertGreaterEqual(len(open_claims), 2, "the claims are too easy")
        # all combinations, by brute force
        possible = [set(c) for k in range(len(open_claims) + 1)
                    for c in itertools.combinations(sorted(open_claims), k)
                    if set.intersection(set(f for _, f in runs), *(holds[x] for x in c))]
        largest = [c for c in possible if not any(c < other for other in possible)]
        self.assertEqual({frozenset(row["holding"].split()) for row in tables["sets"]},
                         {frozenset(c) for c in largest})
        pairs = {frozenset((a, b)) for a, b in itertools.combinations(holds, 2)
                 if holds[a] and holds[b] and not holds[a] & holds[b]
                 and len(holds[a]) * len(holds[b]) / n >= 3}
        self.assertEqual({frozenset((row["a"], row["b"])) for row in tables.get("conflicts", [])},
                         pairs)
        self.assertIn(frozenset(("many", "few")), pairs, "the claims are too easy")


class Calibration(ReproduceTest):
    def test_a_factor_that_made_the_observations_is_found_again(self):
        truth = 1.2
        made = self.tmp / "truth"
        demand = "customers.city.demand.lamp.pieces_per_week"
        changed = ",".join(f"{date}: {truth * x}" for date, x in (
            ("2026-01-01", 800), ("2026-10-01", 1200), ("2027-04-01", 1400)))
        self.run_ok("run", PROGRAMS, "--set", f"{demand}={{{changed}}}", "--set",
                    "end=2026-12-31", "--replications", "4", "--out", made, "--quiet")
        figures = {row["metric"]: float(row["mean"])
                   for row in csv.DictReader((made / "summary.csv").read_text().splitlines())}
        self.study()
        self.study("together.yaml", levers=False)
        self.claims(f"""
observations:
  wanted: {{observed: wanted, metric: market.demanded.2026, unit: pieces, published: {figures['market.demanded.2026']}, error: 0.01, fit: true}}
  first_quarter: {{observed: shipped, metric: market.shipped.2026Q1, unit: pieces, published: {figures['market.shipped.2026Q1']}, error: 0.05, fit: true}}
  last_quarter: {{observed: held out, metric: market.demanded.2026Q4, unit: pieces, published: {figures['market.demanded.2026Q4']}, error: 0.05}}
calibration:
  base: {PROGRAMS}
  changes: {{end: 2026-12-31}}
  parameters:
    demand: {{path: {demand}, low: 0.5, high: 2}}
    price: {{path: items.lamp.price_usd, low: 0.5, high: 2}}
""")
        tables = self.tables("claims.yaml", "--out", "out", "--calibrate")
        parameters = {row["parameter"]: row for row in tables["parameters"]}
        self.assertAlmostEqual(parameters["demand"]["factor"], truth, delta=0.01)
        self.assertLess(parameters["demand"]["remaining"], 0.1)
        self.assertIn("pinned down", parameters["demand"]["meaning"])
        # no observation speaks of money
        self.assertAlmostEqual(parameters["price"]["factor"], 1, places=6)
        self.assertAlmostEqual(parameters["price"]["remaining"], 1, places=6)
        self.assertIn("not identified", parameters["price"]["meaning"])
        fit = {row["observation"]: row for row in tables["fit"]}
        self.assertEqual(fit["held out"]["use"], "held out")
        # what was written is a scenario that has the fitted demand
        fitted = self.tmp / "out/calibrated.yaml"
        result = self.run_ok("run", fitted, "--set", "end=2026-12-31", "--replications", "4",
                             "--out", self.tmp / "again", "--quiet", "--format", "json")
        again = json.loads(result.stdout)["metrics"]["market.demanded.2026"]["mean"]
        self.assertAlmostEqual(again / figures["market.demanded.2026"], 1, delta=0.01)
        # also where the base is named from the folder of the claims
        claims = self.tmp / "claims.yaml"
        (self.tmp / "base.yaml").write_text(f"extends: {PROGRAMS}\n")
        claims.write_text(claims.read_text().replace(f"base: {PROGRAMS}", "base: base.yaml"))
        self.tables("claims.yaml", "--out", "out/deep", "--calibrate")
        self.assertIn("extends: ../../base.yaml", (self.tmp / "out/deep/calibrated.yaml").read_text())
        self.run_ok("check", self.tmp / "out/deep/calibrated.yaml")


class Mistakes(ReproduceTest):
    def refused(self, text, *arguments, claims=""):
        self.study()
        self.study("together.yaml", levers=False)
        self.claims(text, claims)
        said = self.reproduce("claims.yaml", "--out", "out", *arguments, code=BAD_INPUT).stderr
        self.assertRegex(said, r"^claims\.yaml:\d+:\d+: error: ")
        self.assertFalse((self.tmp / "out/plan.json").exists(), "nothing runs before it is clear")
        return said

    def test_expressions(self):
        for metric, words in (("market.shiped.2026", 'did you mean "market.shipped.2026"'),
                              ("market.shipped.2026 +", "expected an expression"),
                              ("market.shipped.2026 = 3", "nothing can be assigned"),
                              ("market.shipped.2026@calmer", 'the study has no case "calmer"'),
                              ("''", "expected")):
            said = self.refused("", claims=f"  x: {{claim: x, kind: predicted, metric: {metric}, min: 1}}")
            self.assertIn(words, said)

    def test_claims_that_nothing_can_be_held_against(self):
        for text, words in (("kind: predicted", "expected `published`, `min` or `max`"),
                            ("kind: predicted, published: 1, min: 2", "received both"),
                            ("kind: predicted, min: 3, max: 2", "`min` up to `max`"),
                            ("kind: guessed, min: 3", "guessed"),
                            ("kind: predicted, published: 3, tolerance: 0.1", "needs its reason")):
            said = self.refused("", claims=f"  x: {{claim: x, metric: market.shipped.2026, {text}}}")
            self.assertIn(words, said)

    def test_calibration(self):
        one = "observations:\n  a: {observed: a, metric: market.shipped.2026, published: 3, fit: true}\n"
        for text, words in (("", "nothing to fit"),
                            (f"calibration: {{base: {PROGRAMS}, parameters: {{}}}}", "fit: true"),
                            (one + f"calibration: {{base: {PROGRAMS}, parameters: {{p: {{path: items.lamb.price_usd, low: 0.5, high: 2}}}}}}", "calibration.parameters.p"),
                            (one + f"calibration: {{base: {PROGRAMS}, parameters: {{p: {{path: items.lamp.price_usd, low: 1.5, high: 2}}}}}}", "below 1")):
            self.assertIn(words, self.refused(text, "--calibrate"))

    def test_no_file(self):
        said = self.reproduce("nowhere.yaml", code=BAD_INPUT).stderr
        self.assertIn("nowhere.yaml", said)


class Optics(ReproduceTest):
    """The claims of the optical chain move as they must when the data move."""

    def table(self, name, future):
        text = (ROOT / "scenarios/studies/projections.yaml").read_text()
        text = text.replace("../ai-optics-2026", str(OPTICS))
        text = re.sub(r"uncertainties: \{sobol: .*", f"uncertainties: {{list: {{rows: [{future}]}}}}", text)
        self.write(f"{name}-study.yaml", text)
        claims = (OPTICS / "claims.yaml").read_text()
        claims = claims.replace("../studies/projections.yaml", f"{name}-study.yaml")
        claims = claims.replace("include: sources.yaml", f"include: {OPTICS}/sources.yaml")
        self.write(f"{name}.yaml", claims)
        self.reproduce(f"{name}.yaml", "--out", name)
        return {c["id"]: c["simulated"]
                for c in json.loads((self.tmp / name / "findings.json").read_text())["claims"]}

    def test_less_garnet_and_a_slower_ramp_of_eml(self):
        base = self.table("base", "{}")
        garnet = self.table("garnet", "{garnet_level: 0.8}")
        ramp = self.table("ramp", "{eml_200g_output: 0.7}")
        self.assertGreater(garnet["c04_garnet_2026"], base["c04_garnet_2026"] + 0.05)
        for less in ("c01_revenue_2026", "c01_growth", "c07_1p6t_a", "c10_1p6t_c",
                     "c13_meta_delivered", "c17_800g_growth"):
            self.assertLess(garnet[less], base[less], less)
        self.assertLess(ramp["c05_eml_200g"], 0.85 * base["c05_eml_200g"])
        self.assertGreater(ramp["c05_eml_200g_missing"], base["c05_eml_200g_missing"])
        self.assertGreater(ramp["c19_lasers_first"], base["c19_lasers_first"])
        self.assertLess(ramp["c10_1p6t_c"], base["c10_1p6t_c"])
        # one level of garnet for all years moves the past, too, which is why futures are conditioned on it
        self.assertLess(garnet["c01_revenue_2025"], base["c01_revenue_2025"])
        # what does not stand on garnet stays as it is
        for same in ("c11_share_2024", "c24_switch_800g"):
            self.assertAlmostEqual(garnet[same], base[same], delta=0.02 * base[same], msg=same)

    def test_every_claim_has_a_row_and_nothing_fitted_is_called_predicted(self):
        text = (OPTICS / "claims.yaml").read_text()
        claims = re.findall(r"^  c(\d\d)_\w+:\n(?:    .*\n)*?    kind: (\w+)", text, re.M)
        self.assertEqual({int(number) for number, _ in claims}, set(range(1, 26)))
        kinds = {}
        for number, kind in claims:
            kinds.setdefault(int(number), set()).add(kind)
        # 11 and 12 have a year of each kind, 5 and 16 are fitted; 1 is a part of what is fitted with 12
        for number in (5, 16):
            self.assertIn("fitted", kinds[number])
        for number in (2, 23, 24, 25):
            self.assertEqual(kinds[number], {"given"})
        for number in (1, 3, 4, 6, 7, 8, 10, 17, 18, 19, 20, 21, 22):
            self.assertEqual(kinds[number], {"predicted"})
        self.assertEqual(kinds[12], {"fitted", "predicted"})
        self.assertEqual(kinds[11], {"fitted", "predicted"})


if __name__ == "__main__":
    support.main()
