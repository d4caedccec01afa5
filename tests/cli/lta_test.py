#!/usr/bin/env python3
"""The analysis of a long-term agreement as a user meets it: the same figures as the runs behind it, branches
that equal whole runs, and errors before anything runs.

    lta_test.py BINARY [TestClass...]        as ctest calls it
"""

import base64
import csv
import datetime
import json
import re
import zlib

import support
from support import BAD_INPUT, DONE, ROOT, CliTest, optichain

SMALL = ROOT / "scenarios/studies/lta-small.yaml"
DATE = datetime.date(2025, 7, 1)


def days_of(quarter):
    year, number = int(quarter[:4]), int(quarter[-1])
    first = datetime.date(year, 3 * number - 2, 1)
    after = datetime.date(year + number // 4, 3 * (number % 4) + 1, 1)
    return (first - DATE).days, (after - DATE).days


def mean(values):
    return sum(values) / len(values)


def quantile(values, share):
    """Between the two next to it, in proportion."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


def usd(value):
    """Three digits, as the answer writes money."""
    sign, size = "-" if value < 0 else "", abs(value)
    for unit, letter in ((1e6, " M"), (1e3, " k")):
        if size >= unit:
            return f"{sign}${size / unit:#.3g}{letter}".replace(". ", " ")
    return f"{sign}${size:.3g}"


def npv_of(site, row):
    """Worked out again from the figures of a run: cash from the middles of quarters, at 10 % a year."""
    total, end = 0, 0
    for name, value in row.items():
        if name.startswith(f"sites.{site}.cash_flow."):
            first, after = days_of(name.split(".")[-1])
            if after > 0:
                total += float(value) * 1.1 ** -((first + after) / 2 / 365.25)
                end = max(end, after)
    left = (float(row[f"sites.{site}.receivable.all"]) - float(row[f"sites.{site}.payable.all"])
            + 0.5 * float(row[f"sites.{site}.stock_value.all"]))
    return total + left * 1.1 ** -(end / 365.25)


class LtaAnalysis(CliTest):
    def check_page_data(self, analysis, rows, gains):
        """Spread, cash and ledger are those of the runs; options have names for people."""
        self.assertEqual(analysis["labels"]["measure=sign price=13 take_or_pay=0.5 volume=600"],
                         {"text": "sign, 600 a week, $13 apiece, take or pay 50 %",
                          "terms": "sign, 600 a week, take or pay 50 %", "price": "$13 apiece"})
        self.assertEqual(analysis["labels"]["measure=spot"], {"text": "spot", "terms": "spot", "price": ""})
        self.assertEqual(len(analysis["spread"]), 2 * 8)  # buyer and seller; options at the usual price
        for row in analysis["spread"]:
            for q in range(0, 101, 5) if row["party"] == "north" else ():
                self.assertAlmostEqual(row[f"q{q}"], quantile(gains[row["option"]], q / 100), delta=1)
        of = {option: [row for row in rows if row["policy"] == option] for option in gains}
        for row in analysis["cash"]:
            name = f"{row['party']}.cash_flow.{row['quarter']}"
            without, with_it = (mean([float(r[name]) for r in of[option]])
                                for option in ("measure=spot", analysis["in_question"]))
            self.assertAlmostEqual(row["without"], without, delta=1e-6 * abs(without) + 1e-6)
            self.assertAlmostEqual(row["change"], with_it - without, delta=1e-6 * abs(with_it) + 1e-6)
            self.assertTrue(row["change_low"] <= row["change"] <= row["change_high"])
        self.assertEqual(len(analysis["ledger"]), 6 * 6)  # options with the agreement, quarters
        for row in analysis["ledger"]:
            for measure in ("committed", "delivered", "prepaid_balance", "take_or_pay"):
                its = mean([float(r[f"agreements.lta.{measure}.{row['quarter']}"]) for r in of[row["option"]]])
                self.assertAlmostEqual(row[measure], its, delta=1e-6 * abs(its) + 1e-6)

    def test_a_recommendation_that_the_runs_bear_out(self):
        out = self.tmp / "small"
        text = self.run_ok("lta", SMALL, "--out", out, "--quiet").stdout
        self.assertRegex(text, "^Recommendation: sign")
        self.assertIn("Procedure KN", text)
        analysis = json.loads(self.run_ok("lta", out, "--format", "json").stdout)
        values = {}
        with (out / "runs.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            values.setdefault(row["policy"], []).append(npv_of("north", row))
        spot = sum(values["measure=spot"]) / len(values["measure=spot"])
        for option in analysis["options"]:
            mean = sum(values[option["option"]]) / len(values[option["option"]])
            self.assertAlmostEqual(option["npv"], mean, delta=1e-6 * abs(mean))
            self.assertAlmostEqual(option["gain"], mean - spot, delta=1e-6 * abs(mean))
            right = [a > b for a, b in zip(values[option["option"]], values["measure=spot"])]
            self.assertAlmostEqual(option["right"], sum(right) / len(right), places=9)
            # who still waits: north's customer, and all others
            for key, names in (("waiting_holder", ["north_cloud"]), ("waiting_others", None)):
                waiting = [sum(float(value) for name, value in row.items()
                               if (found := re.fullmatch(r"customers\.(\w+)\.backlog\.all", name))
                               and (found[1] in names if names else found[1] != "north_cloud"))
                           for row in rows if row["policy"] == option["option"]]
                self.assertAlmostEqual(option[key], sum(waiting) / len(waiting), places=6)
        self.assertIn("still wait at the end", text)
        self.check_page_data(analysis, rows, {option: [a - b for a, b in zip(its, values["measure=spot"])]
                                          for option, its in values.items()})
        # the headline says over how many futures its interval is one of luck, and what the cases range over
        best = analysis["in_question"]
        gained = [a - b for a, b in zip(values[best], values["measure=spot"])]
        self.assertIn(f"north than spot in the mean of the 8 futures studied (95 % interval of luck within these "
                      f"futures {usd(analysis['options'][0]['gain_low'])} to", text.splitlines()[0])
        self.assertIn(f"nine in ten of the 80 cases lie between {usd(quantile(gained, 0.05))} and "
                      f"{usd(quantile(gained, 0.95))}", text.splitlines()[0])
        # where the buyer gains and the seller, too, case by case
        sellers = {policy: [npv_of("fab", row) for row in rows if row["policy"] == policy]
                   for policy in (best, "measure=spot")}
        both = sum(buyer > 0 and a > b
                   for buyer, a, b in zip(gained, sellers[best], sellers["measure=spot"]))
        self.assertIn(f"At $13.00 both gain in {both} of 80 cases.", text)
        # price moves money alone: a dollar more costs the buyer what it gives the seller per piece
        for prices in analysis["prices"]:
            self.assertLess(prices["departure"], 1e-3)
        self.assertEqual(len(self.run_ok("lta", out, "--format", "csv").stdout.splitlines()),
                         1 + len(analysis["options"]))
        # again: nothing is run, and the answer is the same
        again = self.run_ok("lta", SMALL, "--out", out)
        self.assertEqual(again.stdout, text)
        page = self.tmp / "page.html"
        self.run_ok("report", out, "-o", page)
        data = re.search('id="data">([^<]*)<', page.read_text(encoding="utf-8")).group(1)
        findings = json.loads(zlib.decompress(base64.b64decode(data)))["findings"]
        self.assert_part_of(analysis, findings["decision"])

    def assert_part_of(self, whole, part, at="decision"):
        """The page is given what it shows of the answer, as it stands there."""
        if isinstance(part, dict):
            self.assertTrue(part, at)
            for key, value in part.items():
                self.assertIn(key, whole, at)
                self.assert_part_of(whole[key], value, f"{at}.{key}")
        elif isinstance(part, list):
            self.assertEqual(len(part), len(whole), at)
            for i, value in enumerate(part):
                self.assert_part_of(whole[i], value, f"{at}[{i}]")
        else:
            self.assertEqual(part, whole, at)

    def test_why_nothing_is_recommended(self):
        """Two options that differ by a week of stock of eight: too little for two replications."""
        study = self.tmp / "close.yaml"
        text = SMALL.read_text().replace("../agreements/", f"{ROOT}/scenarios/agreements/")
        text = re.sub(r"replications: 10", "replications: 2", text)
        text = re.sub(r"(?m)^ +- \{measure: s(pot|ign).*\n", "", text)
        text = text.replace("- {measure: stock}", "- {measure: spot}\n        - {measure: stock}")
        text = re.sub(r"(?m)^  (volume|take_or_pay|price): .*\n", "", text)
        text = text.replace("indifference_usd: 100000, first: 5", "indifference_usd: 1, first: 2").replace("at_most: 40", "at_most: 2")
        study.write_text(text.replace("  agreement: lta\n", ""))
        out = self.tmp / "close"
        said = self.run_ok("lta", study, "--out", out, "--quiet").stdout
        first = said.splitlines()[0]
        with (out / "runs.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        npv = {policy: mean([npv_of("north", row) for row in rows if row["policy"] == policy])
               for policy in ("measure=spot", "measure=stock")}
        lead = abs(npv["measure=stock"] - npv["measure=spot"])
        self.assertRegex(first, "^No recommendation among 2 options that cannot be told apart after 2 replications")
        self.assertIn(f"The first leads the second by {usd(lead)} in the mean (95 % interval of luck within these "
                      "futures ", first)
        self.assertIn("with 2 replications that is too little", first)

    def test_the_same_bytes_on_any_number_of_workers_and_after_fewer_replications(self):
        stores = []
        for jobs, first in ((1, "10"), (3, "5")):
            study = self.tmp / f"study{jobs}.yaml"
            text = SMALL.read_text().replace("../agreements/", f"{ROOT}/scenarios/agreements/")
            text = text.replace("points: 8", "points: 2").replace("[600, 900, 1200]", "[600, 900]")
            out = self.tmp / f"out{jobs}"
            if first == "5":
                study.write_text(text.replace("replications: 10", "replications: 5"))
                self.run_ok("sweep", study, "--out", out, "--jobs", jobs, "--quiet")
            study.write_text(text)
            self.run_ok("sweep", study, "--out", out, "--jobs", jobs, "--quiet")
            stores.append((out / "results.sqlite").read_bytes())
        self.assertEqual(stores[0], stores[1])

    def test_branches_are_whole_runs(self):
        table = json.loads(self.run_ok("lta", SMALL, "--verify", 1, "--format", "json").stdout)
        self.assertEqual(table[0]["options"], 14)
        self.assertEqual(table[0]["different"], 0)

    def test_a_study_without_decision_is_refused(self):
        result = optichain("lta", ROOT / "scenarios/studies/small.yaml", "--out", self.tmp / "x")
        self.assertEqual(result.returncode, BAD_INPUT)
        self.assertRegex(result.stderr, r"small.yaml:\d+:\d+: error: decision: expected a decision")
        self.assertFalse((self.tmp / "x").exists())

    def test_bad_arguments(self):
        for arguments, code in ((["lta"], BAD_INPUT), (["lta", "no-such.yaml"], BAD_INPUT),
                                (["lta", SMALL, "--format", "xml"], BAD_INPUT),
                                (["lta", SMALL, "--verify", "0"], BAD_INPUT),
                                (["lta", "--help"], DONE)):
            self.assertEqual(optichain(*arguments).returncode, code, arguments)
        self.assertNotEqual(optichain("lta", self.tmp).returncode, DONE)


if __name__ == "__main__":
    support.main()
