"""The outside cases: what was published (tests/reference), which scenario says it (scenarios/reference)
and which figures of a run are held against it. Nothing here computes what a simulation should give."""

import csv
import json
import re

from runner import DATA, beats, equal, exact, stochastic

MANY = (8, 40)  # replications in the quick form and in full


def table(name):
    with open(DATA / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def theory(name):
    return next(c for c in json.loads((DATA / "inventory_theory.json").read_text()) if c["id"] == name)


def number_after(text, word):
    return float(re.search(rf"\b{word}=\s*([0-9.]+)", text).group(1))


# --- queues --------------------------------------------------------------------------------------

def queues(runner):
    hours = 24
    for row in table("queueing.csv"):
        rate = number_after(row["parameters"], "lambda")
        servers = int(number_after(row["parameters"], "c")) if row["case"] == "M/M/c" else 1
        changes = [f"customers.public.demand.job.pieces_per_week={168 * rate:g}",
                   f"sites.counter.lines.servers.capacity_per_week={168 * servers}",
                   f"sites.counter.lines.servers.servers={servers}"]
        if row["case"] == "M/D/1":
            changes.append("sites.counter.recipes.serve.work_factor=1")
        if runner.quick:
            changes.append("end=2002-12-31")
        run = runner.run("reference/queue", changes, (8, 40))
        case = f"{row['case']} {row['parameters'].split(' (')[0]}"
        delivered, lead = run.values("customers.public.delivered"), run.values("customers.public.lead_time")
        days = 730 if runner.quick else 3652
        for what, column, values in [
                ("utilisation", "U", run.values("lines.counter.servers.utilisation")),
                ("time in system", "R_time_in_system", [hours * days_each for days_each in lead]),
                ("number in system", "Q_number_in_system", run.values("recipes.counter.serve.in_process")),
                ("throughput", "X_throughput", [pieces / (hours * days) for pieces in delivered])]:
            yield stochastic(case, what, float(row[column]), values, run.command,
                             vague=0.6 if runner.quick else 0.25)


# --- inventory theory ----------------------------------------------------------------------------

SHOP = "sites.shop.cost_per_period"


def policy_case(runner, case, published, scenario, base, best, others, replications=MANY, scale=1.0):
    """A cost, and that other parameters of the policy cost more; both under the same luck."""
    run = runner.run(scenario, [*base, *best], replications)
    costs = [scale * cost for cost in run.values(SHOP)]
    yield stochastic(case, "cost a period", published, costs, run.command)
    for what, changes in others[:2] if runner.quick else others:
        other = runner.run(scenario, [*base, *changes], replications)
        yield beats(case, what, costs, [scale * cost for cost in other.values(SHOP)], other.command)


def base_stock(units, pieces=1000):
    return [f"sites.shop.buys.good.replenish.base_stock.level_pieces={round(units * pieces)}"]


def newsvendor(runner):
    for name, lead in [("example_4_1", 0), ("example_4_4", 4)]:
        published = theory(name)
        best = published["result"]["S"]
        others = [(f"S {best + step:.1f}", base_stock(best + step)) for step in (-8, 8, -4, 4)]
        yield from policy_case(runner, published["model"].split(" (")[0],
                               published["result"]["cost_per_period"], "reference/single-stage",
                               [f"lanes.way.transit_days={lead}"], base_stock(best), others)
    published = theory("problem_4_7b")
    pmf = published["params"]["demand_pmf"]
    mean = sum(int(value) * weight for value, weight in pmf.items())
    values = ", ".join(f"{int(value) / mean:.12g}" for value in pmf)
    weights = ", ".join(str(weight) for weight in pmf.values())
    base = ["sites.shop.stocks.good.holding_usd_per_piece_week=0.0035",
            "sites.shop.sells.good.backlog_usd_per_piece_week=0.007",
            f"customers.public.demand.good.pieces_per_week={round(7000 * mean)}",
            "customers.public.demand.good.variation={factor: {distribution: {empirical: "
            f"{{values: [{values}], weights: [{weights}]}}}}}}}}"]
    yield from policy_case(runner, published["model"] + ", in millions",
                           published["result"]["cost_per_period"] / 1e6, "reference/single-stage", base,
                           base_stock(published["result"]["S"]),
                           [(f"S {units}", base_stock(units)) for units in (4, 6)])


def min_max(low, high):
    return [f"sites.shop.buys.good.replenish={{min_max: {{min_pieces: {low}, max_pieces: {high}}}}}"]


def s_s(runner):
    names = ["example_4_7", *(f"zheng_federgruen_mu{mu}" for mu in (10, 30, 50, 70, 23, 59))]
    for name in names:
        published = theory(name)
        params, low, high = published["params"], published["result"]["s"], published["result"]["S"]
        mean = params["demand_mean"]
        base = [f"sites.shop.stocks.good.holding_usd_per_piece_week={7 * params['holding_cost']}",
                f"sites.shop.sells.good.backlog_usd_per_piece_week={7 * params['stockout_cost']}",
                f"sites.shop.buys.good.from.supplier.order_usd={params['fixed_cost']}",
                f"customers.public.demand.good.pieces_per_week={7 * mean}",
                "customers.public.demand.good.variation=poisson",
                f"sites.shop.stocks.good.initial_pieces={high}"]
        step = max(5, mean // 5)
        others = [(f"s {low + ds}, S {high + dh}", min_max(low + ds, high + dh))
                  for ds, dh in [(0, -step), (step, step), (-step, -step), (0, step)]
                  if low + ds < high + dh]
        yield from policy_case(runner, f"(s,S) Poisson, mean {mean}, s {low}, S {high}",
                               published["result"]["cost_per_period"], "reference/single-stage", base,
                               min_max(low, high), others)


def r_q(runner):
    published = theory("example_5_8")["result"]

    def policy(r, q):
        return [f"sites.shop.buys.good.replenish.reorder_quantity={{reorder_pieces: {r}, quantity_pieces: {q}}}"]
    r, q = published["r"], published["Q"]
    others = [(f"r {r + dr}, Q {q + dq}", policy(r + dr, q + dq))
              for dr, dq in [(-1, 0), (2, 0), (0, -2), (0, 3)]]
    yield from policy_case(runner, f"(r,Q) Poisson process, r {r}, Q {q}", published["cost_rate"],
                           "reference/reorder-point", [], policy(r, q), others, (20, 100), 7 / 364)


def eoq(runner):
    published = theory("example_3_1")["result"]
    days_a_year = 1300 / 0.30405
    lot = "sites.shop.buys.good.replenish.reorder_quantity.quantity_pieces="
    run = runner.run("reference/eoq")
    cost = run.value(SHOP)
    yield exact("EOQ", "cost a year", published["cost_rate"], cost * days_a_year, run.command,
                0.0006 * published["cost_rate"], "0.06 %: demand in steps of Q / 1000")
    for factor in (0.8, 0.5, 2):  # the horizon is a whole number of their cycles, too
        other = runner.run("reference/eoq", [lot + str(round(30405000 * factor))])
        yield beats("EOQ", f"Q {304.05 * factor:.5g}", [cost], [other.value(SHOP)], other.command)


def disrupted_supply(runner):
    published = theory("example_9_3")["result"]
    others = [(f"S {units}", base_stock(units)) for units in (4000, 10000)]
    yield from policy_case(runner, "base stock with Markov disruptions (OP)", published["cost_per_period"],
                           "reference/disrupted-supply", [], base_stock(published["S"]), others, (60, 200))


# --- serial systems ------------------------------------------------------------------------------

def echelon_case(runner, case, published, scenario, sites, levels, steps):
    """`levels` in pieces by site; others by changing one level."""
    def changes(moved=None, step=0):
        return [f"sites.{site}.buys.good.replenish.echelon_base_stock.level_pieces="
                f"{levels[site] + (step if site == moved else 0)}" for site in sites]

    def costs(run):
        return [sum(parts) for parts in zip(*(run.values(f"sites.{site}.cost_per_period") for site in sites))]
    run = runner.run(scenario, changes(), MANY)
    best = costs(run)
    yield stochastic(case, "cost a period", published, best, run.command)
    for site in sites[:1] if runner.quick else sites:
        for step in steps:
            other = runner.run(scenario, changes(site, step), MANY)
            yield beats(case, f"{site} {'+' if step > 0 else '-'}", best, costs(other), other.command)


def clark_scarf(runner):
    published = theory("example_6_1")["result"]
    names = {"shop": "1", "depot": "2", "plant": "3"}
    levels = {site: round(1e6 * published["echelon_S"][index]) for site, index in names.items()}
    yield from echelon_case(runner, "Clark-Scarf, 3 stages, normal demand", published["cost_rate"],
                            "reference/clark-scarf", list(names), levels, (-1000000, 1000000))
    published = theory("shang_song_1")["result"]
    names = {f"stage_{index}": index for index in "1234"}
    levels = {site: round(published["echelon_S"][index]) for site, index in names.items()}
    yield from echelon_case(runner, "Clark-Scarf, 4 stages, Poisson demand", published["cost_rate"],
                            "reference/shang-song", list(names), levels, (-3, 3))


# --- traces --------------------------------------------------------------------------------------

class TraceNode:
    """Where the columns of a node of a trace are counted."""

    def __init__(self, site, product, demand, suppliers):
        self.site, self.product, self.demand, self.suppliers = site, product, demand, suppliers

    def columns(self, run):
        def add(*series):
            return [sum(values) for values in zip(*series)]
        bought = [f"channels.{self.site}<{seller}.{item}" for seller, item in self.suppliers]
        seller = [name for name in self.demand if name.startswith("channels.")]
        on_hand = run.series(f"stocks.{self.site}.{self.product}", "on_hand")
        backlog = run.series(f"sites.{self.site}.{self.product}", "backlog")
        cost = {what: run.series(f"sites.{self.site}", what + "_cost")
                for what in ("holding", "backlog", "in_transit")}
        return {"demand_or_orders_in": run.series(*self.demand),
                "orders_out": add(*(run.series(name, "ordered") for name in bought)),
                "received": add(*(run.series(name, "received") for name in bought)),
                "shipped": run.series(f"stocks.{self.site}.{self.product}", "shipped"),
                "inventory_level": [a - b for a, b in zip(on_hand, backlog)],
                "holding": cost["holding"], "stockout": cost["backlog"],
                "in_transit_holding": cost["in_transit"], "total": add(*cost.values())}


MONEY = {"holding", "stockout", "in_transit_holding", "total"}


def trace_case(runner, case, scenario, name, nodes, unit, money, within, note):
    """Every column of every node; `unit` in pieces and `money` in USD."""
    run = runner.run(scenario, series=True)
    rows = table(f"{name}.csv")
    total = 0.0
    for index, node in enumerate(nodes):
        published = [row for row in rows if row["node"] == str(index)]
        for column, simulated in node.columns(run).items():
            scale = money if column in MONEY else unit
            # a week of the series is a period, a day here
            values = [value / scale for value in simulated[:len(published)]]
            if column == "total":
                total += sum(values)
            yield equal(case, f"{node.site}: {column}", [float(row[column]) for row in published], values,
                        run.command, within, note)
    expected = json.loads((DATA / "traces.json").read_text())[name]["total_cost"]
    yield exact(case, "total cost", expected, total, run.command, 100 * within, note)


SERIAL = [TraceNode("shop", "good", ("demands.public.good", "demanded"), [("depot", "good")]),
          TraceNode("depot", "good", ("channels.shop<depot.good", "ordered"), [("plant", "good")]),
          TraceNode("plant", "good", ("channels.depot<plant.good", "ordered"), [("mine", "good")])]
ASSEMBLY = [TraceNode("shop", "product", ("demands.public.product", "demanded"),
                      [("left_maker", "left"), ("right_maker", "right")]),
            TraceNode("left_maker", "left", ("channels.shop<left_maker.left", "ordered"), [("mine", "left")]),
            TraceNode("right_maker", "right", ("channels.shop<right_maker.right", "ordered"),
                      [("mine", "right")])]


def traces(runner):
    decimals = "to 5e-8: the trace is rounded to 10 decimals"
    yield from trace_case(runner, "serial trace", "reference/serial", "serial_example_6_1", SERIAL, 1e10,
                          1e4, 5e-8, decimals)
    yield from trace_case(runner, "serial trace with disruptions (OP)", "reference/serial-disrupted",
                          "serial_example_6_1_disrupt_OP", SERIAL, 1e10, 1e4, 5e-8, decimals)
    yield from trace_case(runner, "assembly trace", "reference/assembly", "assembly_3_stage", ASSEMBLY, 1, 1,
                          0, "exact")


def beer_game(runner):
    run = runner.run("beer-game/beer-game", series=True)
    rows = table("beer_game_weekly.csv")
    orders = {"R": ("retailer", "channels.retailer<wholesaler.beer", "ordered"),
              "W": ("wholesaler", "channels.wholesaler<distributor.beer", "ordered"),
              "D": ("distributor", "channels.distributor<factory.beer", "ordered"),
              "F": ("factory", "recipes.factory.brew", "started")}
    yield equal("beer game", "demand", [float(row["demand"]) for row in rows],
                run.series("demands.drinkers.beer", "demanded"), run.command, 0, "exact")
    team = 0.0
    for letter, (site, entity, measure) in orders.items():
        costs = [a + b for a, b in zip(run.series(f"sites.{site}", "holding_cost"),
                                       run.series(f"sites.{site}", "backlog_cost"))]
        team += sum(costs)
        columns = {"inventory": run.series(f"stocks.{site}.beer", "on_hand"),
                   "backlog": run.series(f"sites.{site}.beer", "backlog"),
                   "order": run.series(entity, measure),
                   "cum_cost": [sum(costs[:week + 1]) for week in range(len(costs))]}
        for column, simulated in columns.items():
            yield equal("beer game", f"{site}: {column}", [float(row[f"{letter}_{column}"]) for row in rows],
                        simulated, run.command, 0, "exact")
    yield exact("beer game", "team cost", 180.0, team, run.command)


# --- counts --------------------------------------------------------------------------------------

def anylogistix(runner):
    models = json.loads((DATA / "anylogistix_models.json").read_text())["models"]
    for name, scenario, customers in [("1", "anylogistix", ["first"]),
                                      ("2", "anylogistix-two-customers", ["first", "second"])]:
        run = runner.run(f"reference/{scenario}", series=True)
        wanted = [run.series(f"channels.{c}<distributor.good", "ordered") for c in customers]
        filled = [run.series(f"channels.{c}<distributor.good", "received") for c in customers]
        supply = [run.series("channels.distributor<supplier.good", what) for what in ("ordered", "received")]

        def count(series):
            return sum(value > 0 for values in series for value in values)
        simulated = {
            "end_inventory": run.series("stocks.distributor.good", "on_hand")[-1],
            "customer_orders": count(wanted), "customer_units": sum(map(sum, wanted)),
            "filled_orders": count(filled), "filled_units": sum(map(sum, filled)),
            "site_orders": count(supply[:1]), "site_units": sum(supply[0]),
            "received_orders": count(supply[1:]), "received_units": sum(supply[1]),
            "holding_cost_at_0.2": run.value("outside.holding_cost"),
            "transport_cost": run.value("outside.freight_cost")}
        for what, published in models[name]["expect"].items():
            yield exact(f"AnyLogistix model {name}", what.replace("_", " "), published, simulated[what],
                        run.command)


def allocation(runner):
    rules = {"proportional": "proportional", "uniform_CEA": "uniform", "linear_CEL": "linear",
             "talmud": "talmud", "priority_in_listed_order": "{priority: {buyers: [a, b, c]}}"}
    for row in table("allocation.csv"):
        run = runner.run("reference/allocation",
                         [f"sites.seller.sells.good.allocation={rules[row['rule']]}",
                          f"sites.seller.stocks.good.initial_pieces={10000 * int(row['supply'])}"])
        for buyer, award in zip("abc", row["awards"].split()):
            yield exact(f"allocation of {row['supply']}, {row['rule']}", f"award of {buyer}", float(award),
                        run.value(f"customers.{buyer}.delivered") / 10000, run.command, 1.5e-4,
                        "to a piece, 1 / 10000 of a unit")


# --- forecasts, contracts, diffusion ----------------------------------------------------------------

def bullwhip(runner):
    for row in table("bullwhip.csv"):
        average = row["forecast"] == "moving_average"
        parameter = row["p_or_alpha"]
        forecast = f"{{moving_average: {{reviews: {parameter}}}}}" if average \
            else f"{{exponential: {{alpha: {parameter}}}}}"
        lead, replications = int(row["L"]), (8, 30)
        run = runner.run("reference/bullwhip",
                         [f"sites.shop.buys.good.forecast={forecast}", f"lanes.way.transit_days={7 * (lead - 1)}",
                          f"sites.shop.stocks.good.initial_weeks={lead}",
                          f"customers.market.demand.good.variation.autoregressive.rho={row['rho']}",
                          *(["end=2004-12-31"] if runner.quick else [])], replications, series=True)
        moments = []
        for replication in range(replications[0 if runner.quick else 1]):
            demand = run.series("demands.market.good", "demanded", replication)
            orders = run.series("channels.shop<mine.good", "ordered", replication)
            moments.append([sum((x / 1e6 - 1) ** 2 for x in values) for values in (demand, orders)])
        # a ratio of means over replications, by the delta method
        ratio = sum(o for _, o in moments) / sum(d for d, _ in moments)
        mean = sum(d for d, _ in moments) / len(moments)
        values = [ratio + (o - ratio * d) / mean for d, o in moments]
        yield stochastic(f"bullwhip, {row['forecast'].replace('_', ' ')} {parameter}, L {lead}, rho {row['rho']}",
                         "variance ratio", float(row["ratio_formula"]), values, run.command)


def contracts(runner):
    rows = table("contracts.csv")
    for quantity, cost in zip(rows[0::2], rows[1::2]):
        price, spot = (number_after(cost["parameters"], word) for word in ("contract", "spot"))
        best = float(quantity["value"])

        def costs(units, price=price, spot=spot):
            run = runner.run("reference/take-or-pay",
                             [f"sites.maker.sells.part.price_usd={spot / 1000:g}",
                              f"sites.market.sells.part.price_usd={spot / 1000:g}",
                              f"agreements.commitment.price.fixed.usd={price / 1000:g}",
                              f"agreements.commitment.pieces_per_week={round(1000 * units)}"], MANY)
            parts = zip(run.values("agreements.commitment.cash_to_seller"), run.values("sites.market.sales"))
            return [sum(part) / 260 for part in parts], run.command
        case = f"take or pay, contract {price:g}, spot {spot:g}"
        least, command = costs(best)
        yield stochastic(case, "cost a week", float(cost["value"]), least, command)
        for step in (-8, 8):
            other, command = costs(best + step)
            yield beats(case, f"commitment {best + step:.1f}", least, other, command)


def diffusion(runner):
    rows = table("diffusion.csv")
    for parameters in dict.fromkeys(row["parameters"] for row in rows):
        p, q = (number_after(parameters, word) for word in "pq")
        run = runner.run("reference/diffusion", [f"migrations.leds.share.bass.p={p:g}",
                                                 f"migrations.leds.share.bass.q={q:g}"], series=True)
        new, old = (run.series(f"stocks.maker.{item}", "shipped") for item in ("diode", "bulb"))
        share = [a / (a + b) for a, b in zip(new, old)]
        quarter = 91
        growth = [share[d + quarter] - share[d - quarter] for d in range(quarter, len(share) - quarter)]
        peak = max(range(len(growth)), key=growth.__getitem__) + quarter
        for row in rows:
            if row["parameters"] != parameters:
                continue
            case, published, what = f"Bass, {parameters}", float(row["value"]), row["quantity"]
            if what == "peak_time":
                yield exact(case, what, published, peak / 365.25, run.command, 0.03,
                            "0.03 years: the top is flat")
            elif what == "peak_rate_fraction":
                yield exact(case, what, published, max(growth) / (2 * quarter / 365.25), run.command, 5e-4,
                            "5e-4: mean over half a year")
            else:
                years = float(what[2:-1]) if what != "F(peak)" else None
                day = round(365.25 * years) if years else peak
                yield exact(case, what, published, share[day], run.command, 3e-3 if years is None else 2e-4,
                            "to half a day of growth" if years else "at the day found")


ALL = [queues, newsvendor, s_s, r_q, eoq, disrupted_supply, clark_scarf, traces, beer_game, anylogistix,
       allocation, bullwhip, contracts, diffusion]
