#!/usr/bin/env python3
"""Networks from tables: what `optichain import` makes of good tables and says of bad ones.

    network_test.py BINARY [TestClass...]        as ctest calls it
"""

import collections
import contextlib
import json
import math
import sqlite3
import statistics
import subprocess

import support
from support import BAD_INPUT, DONE, ROOT, CliTest, optichain

# A laser of cost 3 takes 10 days, a box of cost 1 takes 2; a module is made of 2 lasers and a box in
# 5 days for 4 more, and sells 20 a day.
STAGES = """Stage Name,stageTime,stageCost,avgDemand,stDevDemand
Laser,10,3,,
Box,2,1,0,0
Module,5,4,20,6
"""
ARCS = """sourceStage,destinationStage,pieces
Laser,Module,2
Box,Module,
"""
CERTAIN = STAGES.replace(",6\n", ",\n")


class Network(CliTest):
    def import_network(self, stages, arcs=ARCS, *arguments, code=DONE):
        for name, table in (("s.csv", stages), ("a.csv", arcs)):
            (self.tmp / name).write_bytes(table if isinstance(table, bytes) else table.encode())
        (self.tmp / "n.yaml").unlink(missing_ok=True)
        result = optichain("import", "s.csv", "a.csv", "-o", "n.yaml", *arguments, cwd=self.tmp)
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def metrics(self, *arguments):
        said = self.run_ok("run", "n.yaml", "--format", "json", "--quiet", *arguments, cwd=self.tmp).stdout
        return json.loads(said)["metrics"]

    def means(self, *arguments):
        return {name: m["mean"] for name, m in self.metrics(*arguments).items()}

    def checked(self):
        self.run_ok("check", "n.yaml", cwd=self.tmp)
        return (self.tmp / "n.yaml").read_text()

    def test_a_network_is_what_its_tables_say(self):
        self.assertIn("3 stages, 2 arcs, 1 markets", self.import_network(STAGES).stderr)
        # without chance: 140 modules a week are wanted, for 105 weeks that begin in two years
        self.import_network(CERTAIN)
        metrics = self.means()
        self.assertEqual(metrics["items.module.needed.all"], 105 * 140)
        self.assertEqual(metrics["items.module.price.all"], 2 * 3 + 1 + 4)
        self.assertEqual(metrics["stocks.module.laser.used.all"],
                         2 * metrics["recipes.module.make.started.all"])

    def test_without_a_file_it_is_printed(self):
        self.import_network(STAGES)
        printed = self.run_ok("import", "s.csv", "a.csv", cwd=self.tmp).stdout
        written, mark = (self.tmp / "n.yaml").read_text().rsplit("# ", 1)
        self.assertEqual(printed, written)
        self.assertTrue(mark.startswith("optichain wrote this file"), mark)

    def test_time_may_be_in_weeks(self):
        self.import_network(CERTAIN, ARCS, "--time", "week")
        self.assertEqual(self.means()["items.module.needed.all"], 105 * 20)
        self.assertIn("cycle_days: 70", self.checked())

    def test_a_random_network_runs(self):
        subprocess.run([ROOT / "scripts/generate_network", "60", "200", "r"], cwd=self.tmp, check=True)
        stages, arcs = ((self.tmp / f"r-{table}.csv").read_text() for table in ("stages", "arcs"))
        self.import_network(stages, arcs)
        self.assertGreater(self.means()["market.shipped.all"], 0)

    # --- laws ---

    def test_lead_times_that_vary_are_gamma(self):
        self.import_network("name,lead_time,cost_added,demand_mean,lead_time_sd\npart,10,1,,4\nlamp,3,1,5,\n",
                            "from,to\npart,lamp\n")
        self.assertIn("cycle_days: {gamma: {mean: 10, sd: 4}}", self.checked())
        self.means()

    def test_lumpy_demand_keeps_its_mean_and_deviation(self):
        """40 pieces a day of standard deviation 160: independent days add up, so ten years have the
        mean 40 n and the standard deviation 160 sqrt(n)."""
        self.import_network("name,lead_time,cost_added,demand_mean,demand_sd\nlamp,3,1,40,160\n", "from,to\n",
                            "--end", "2033-12-31")
        self.checked()
        self.metrics("--replications", "200", "--out", "out", "--no-bound")
        with contextlib.closing(sqlite3.connect(self.tmp / "out/results.sqlite")) as store:
            needed = [value for (value,) in store.execute(
                "select value from v_kpi where metric = 'items.lamp.needed.all'")]
        self.assertEqual(len(needed), 200)
        weeks = 522  # that begin from 2024-01-01 to 2033-12-31
        sd = 160 * math.sqrt(7 * weeks)
        self.assertLess(abs(statistics.mean(needed) - 40 * 7 * weeks), 4 * sd / math.sqrt(200))
        # of 200 normal values, the standard deviation is known to 5 % (one standard error)
        self.assertLess(abs(statistics.stdev(needed) / sd - 1), 0.2)

    # --- stability ---

    def row_of_stages(self, count, *columns):
        """Each takes 2 days; the last sells 100 a day."""
        stages = "name,lead_time,cost_added,demand_mean\n"
        stages += "".join(f"s{i},2,1,{100 if i == count else ''}\n" for i in range(1, count + 1))
        arcs = "from,to\n" + "".join(f"s{i},s{i + 1}\n" for i in range(1, count))
        self.import_network(stages, arcs, *columns)

    def test_a_constant_demand_is_a_constant_rate_on_any_chain(self):
        """Everybody starts what customers want, 700 a week in 105 weeks, and keeps its stocks."""
        for count in (10, 20, 40):
            with self.subTest(count=count):
                self.row_of_stages(count)
                metrics = self.means()
                self.assertEqual(metrics["market.unmet.all"], 0)
                for i in range(1, count + 1):
                    self.assertEqual(metrics[f"recipes.s{i}.make.started.all"], 105 * 700, f"s{i}")

    def test_any_lead_time_and_review_period_begin_in_their_steady_state(self):
        # reviews every d days: 731 days have ceil(731 / d). Of a lead time of 5 days and reviews every 28, a keeps
        # 2 weeks + 5 days after a review, 9 days less than b will order. Those come at the rate of what is under
        # way, 28 days' need in 5 days: b is quoted 9 * 5 / 28 days more, and keeps 300 pieces for each; a part of a
        # piece is bought as a whole one.
        for lead, review, quoted in ((0, 7, 0), (7, 7, 0), (14, 7, 0), (25, 7, 0), (400, 7, 0), (3, 1, 0),
                                     (10, 2.5, 0), (5, 28, 9 * 5 / 28), (0.5, 0.5, 0)):
            with self.subTest(lead=lead, review=review):
                self.import_network(f"name,lead_time,cost_added,demand_mean\na,{lead},1,\nb,{lead},1,100\n",
                                    "from,to,pieces\na,b,3\n", "--review-days", review)
                metrics = self.means()
                reviews = math.ceil(731 / review)
                self.assertEqual(metrics["market.unmet.all"], 0)
                self.assertEqual(metrics["recipes.b.make.started.all"], reviews * 100 * review)
                self.assertEqual(metrics["recipes.a.make.started.all"], reviews * 300 * review + math.ceil(quoted * 300))

    def test_a_poisson_demand_is_not_amplified(self):
        """Order-up-to with a forecast that does not follow orders asks for what was taken: its orders
        vary as demand does (Chen, Drezner, Ryan and Simchi-Levi 2000, of no weight on the newest)."""
        self.row_of_stages(10, "--end", "2043-12-31")
        self.means("--set", "customers.market_of_s10.demand.s10.variation=poisson", "--series", "--out", "out",
                   "--no-bound")
        started = collections.defaultdict(list)
        for line in (self.tmp / "out/series.csv").read_text().splitlines()[1:]:
            _, _, entity, measure, _, value = line.split(",")
            if measure == "started":
                started[entity].append(float(value))
        far = started["recipes.s1.make"]
        self.assertGreater(len(far), 1000)
        self.assertEqual(round(statistics.mean(far) / 700, 2), 1)
        # of n normal values the relative standard error of the variance is sqrt(2 / n)
        self.assertLess(statistics.variance(far) / 700, 1 + 4 * math.sqrt(2 / len(far)))
        self.assertGreater(statistics.variance(far) / 700, 1 - 4 * math.sqrt(2 / len(far)))

    # --- names ---

    def test_names_that_mean_something_else_are_quoted_and_unique(self):
        names = ["null", "true", "lamp", "market of lamp", "market of lamp 2", "any", "Lamp!", "42", "", "~",
                 "\u00dcber, \"x\"", "a" * 100, "a" * 101]
        names.remove("")
        stages = "name,lead_time,cost_added,demand_mean\n" + "".join(
            '"{}",1,1,10\n'.format(name.replace('"', '""')) for name in names)
        self.import_network(stages, "from,to\nlamp,null\nlamp,true\n")
        text = self.checked()
        for name in names:
            self.assertIn("description: " + json.dumps(name, ensure_ascii=False), text)
        metrics = self.means()
        needed = [name for name in metrics if name.startswith("items.") and name.endswith(".needed.all")]
        self.assertEqual(len(needed), len(names))
        self.run_ok("run", "n.yaml", "--out", "again", "--quiet", cwd=self.tmp)
        self.run_ok("check", "again/resolved.yaml", cwd=self.tmp)

    # --- files as people have them ---

    def test_files_of_spreadsheets_are_the_same_network(self):
        stages = "name,lead_time,cost_added,demand_mean,demand_sd\nLaser,10,1250.5,,\nLid,2,0.25,,\nLamp,5,4,1200,6.5\n"
        arcs = "from,to,pieces\nLaser,Lamp,2\nLid,Lamp,0.5\n"
        self.import_network(stages, arcs)
        wanted = (self.tmp / "n.yaml").read_text()
        european = stages.replace(",", ";").replace("1250.5", "1.250,50").replace("0.25", "0,25") \
            .replace("1200", "1.200").replace("6.5", "6,5")
        american = stages.replace("1250.5", '"1,250.50"').replace("1200", '" 1,200 "')
        half = arcs.replace(",", ";").replace("0.5", "0,5")
        for s, a in ((european, half), (american, arcs), ("sep=;\r\n" + european.replace("\n", "\r\n"), half),
                     (b"\xff\xfe" + european.replace(";", "\t").encode("utf-16-le"), half.replace(";", "\t")),
                     (b"\xfe\xff" + stages.encode("utf-16-be"), "\ufeff" + arcs),
                     (stages.replace(",", " , "), arcs)):
            with self.subTest(stages=s):
                self.import_network(s, a)
                self.assertEqual((self.tmp / "n.yaml").read_text(), wanted)

    def test_what_may_be_read_in_two_ways_is_said_by_options(self):
        stages = "name;lead_time;cost_added;demand_mean\nLamp;1;1.500;1\n"
        said = self.import_network(stages, "from;to\n", code=BAD_INPUT).stderr
        self.assertEqual(said, 's.csv:2:8: error: "1.500" may be 1.500 or 1500\n'
                               "  note: say with `decimal` (`--decimal` of a command) whether a point or a comma "
                               "stands before decimals\n")
        for decimal, price in ((".", "1.5"), (",", "1500")):
            self.import_network(stages, "from;to\n", "--decimal", decimal)
            self.assertIn(f"price_usd: {price}}}", self.checked())
        both = "name,lead_time;cost_added\n"
        self.assertIn("--separator", self.import_network(both, "from;to\n", code=BAD_INPUT).stderr)
        for option in ("--decimal", "--separator"):
            self.assertIn("expected", self.import_network(stages, "from;to\n", option, "x", code=BAD_INPUT).stderr)

    def test_what_is_wrong_is_said_with_its_place_and_nothing_is_written(self):
        for stages, arcs, said in [
            (STAGES.replace("Box", "Laser", 1), ARCS, 's.csv:3:1: error: name: "Laser" stands in line 2 already'),
            (STAGES, ARCS.replace("Box,M", "Lid,M"), 'a.csv:3:1: error: from: there is no stage "Lid"'),
            (STAGES, ARCS + "Module,Laser,1\n", 'a.csv:1:1: error: arcs go round in a circle, past "Laser"'),
            (STAGES, ARCS + "Box,Box,1\n", 'a.csv:4:5: error: to: "Box" cannot be made of itself'),
            (STAGES, ARCS + "Box,Module,1\n", "stands here twice"),
            (STAGES, ARCS.replace("2\n", "two\n"), "a.csv:2:14: error: pieces: expected a number"),
            (STAGES.replace("10,", "-1,", 1), ARCS, "s.csv:2:7: error: lead_time: expected a number from 0"),
            (STAGES.replace("stageTime", "when"), ARCS, "s.csv:1:1: error: expected a column `lead_time`"),
            (STAGES.replace("20,6", "0,0"), ARCS, "expected a demand_mean above 0"),
            ("", ARCS, "s.csv:1:1: error: expected a column `name`"),
            # nothing is read leniently
            (STAGES.replace("Laser,10,3,,", "Laser,10,3,,,"), ARCS, "s.csv:2:14: error: expected 5 fields"),
            (STAGES.replace("Laser,10", "Laser,1_0"), ARCS,
             's.csv:2:7: error: lead_time: expected a number from 0 to 7280, received "1_0"'),
            (STAGES.replace("Laser,10", "Laser,\u0661\u0660"), ARCS, "s.csv:2:7: error: lead_time: expected a number"),
            (STAGES.replace("Laser,10", "Laser,0x10"), ARCS, "s.csv:2:7: error: lead_time: expected a number"),
            (STAGES.replace("Laser,10", "Laser,nan"), ARCS, "s.csv:2:7: error: lead_time: expected a number"),
            (STAGES.replace("Laser,10", 'Laser,"100"7'), ARCS, "s.csv:2:12: error: expected `,` or the end"),
            (STAGES.replace("avgDemand", "stageCost"), ARCS, 's.csv:1:32: error: there are two columns "stageCost"'),
            (STAGES.replace("avgDemand", "cost"), ARCS, "s.csv:1:32: error: there are two columns for cost_added"),
            (STAGES.encode("utf-16-le"), ARCS, "a zero byte"),
            (STAGES.encode().replace(b"Box", b"B\xf6x"), ARCS, "s.csv:3:2: error: no UTF-8 character begins with"),
            (STAGES.replace("Box,", "\x1b[31mBox,"), ARCS, "the control character 0x1b"),
            (STAGES.replace("Laser,10", "Laser," + "9" * 100_000), ARCS, 'received "999'),
            (STAGES.replace("Laser,10,3,,", "Laser,10,3,0,5"), ARCS, "a demand of 0 cannot vary"),
        ]:
            with self.subTest(said=said):
                result = self.import_network(stages, arcs, code=BAD_INPUT)
                self.assertIn(said, result.stderr)
                self.assertTrue(result.stderr.replace("\n", "").isprintable())
                self.assertFalse((self.tmp / "n.yaml").exists())


if __name__ == "__main__":
    support.main()
