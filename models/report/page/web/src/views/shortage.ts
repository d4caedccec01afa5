// Where and when something was short: a row for each item, site or cause, a column for each week.

import { axisStyle, chart, type Option, timeAxis, tooltip } from "../chart.js";
import { colour, type Scale, shareScale, stepOf, weeksScale } from "../colours.js";
import type { Context } from "../context.js";
import { type Choice, el, swatch, valueOf } from "../dom.js";
import { percent, short, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Numbers } from "../numbers.js";
import { choose, chosen } from "../state.js";

const rowsChoice: Choice = {
  key: "rows", label: "Rows",
  options: [["items", "items"], ["sites", "sites"], ["causes", "root causes"]],
};
const orderChoice: Choice = {
  key: "order", label: "In the order of",
  options: [["tier", "tiers, from the source"], ["first", "first shortage"], ["most", "worst week"]],
};

/** What was asked for and what was got of it, week by week; of sites, what is owed and shipped. */
interface Row {
  name: string;
  tier: number;
  asked: Float32Array;
  got: Float32Array; // of causes, what was asked less what is traced there
}

const notes: Record<string, string> = {
  items: "Share of what is needed where an item is used up that is not supplied there.",
  sites: "Orders that a site has not shipped, in weeks of its shipments.",
  causes: "Share of what customers want that is missing and traced back to this.",
};

function sum(context: Context, rows: Float32Array[]): Float32Array {
  const total = new Float32Array(context.weeks.length);
  for (const row of rows) for (let w = 0; w < total.length; ++w) total[w]! += row[w]!;
  return total;
}

function itemRows(context: Context): Row[] {
  const policy = context.policy();
  return policy.weekly.items.map(({ item, needed, supplied }) => ({
    name: item, asked: context.weekly(needed), got: context.weekly(supplied),
    tier: Math.max(0, ...policy.weekly.links.filter((l) => l.item === item)
      .map((l) => context.tierOf(policy, l.seller))),
  }));
}

function siteRows(context: Context): Row[] {
  const policy = context.policy();
  const sellers = [...new Set(policy.weekly.links.map((l) => l.seller))];
  return sellers.map((name) => {
    const links = policy.weekly.links.filter((l) => l.seller === name);
    return {
      name, tier: context.tierOf(policy, name),
      asked: sum(context, links.map((l) => context.weekly(l.backlog))),
      got: sum(context, links.map((l) => context.weekly(l.shipped))),
    };
  });
}

function causeRows(context: Context): Row[] {
  const { weekly } = context.policy();
  const market = weekly.fans[0];
  if (!market) return [];
  const wanted = context.rows(market.demanded.weekly)[2]!;
  return weekly.causes.map(({ name, unmet }) => {
    const missing = context.weekly(unmet);
    return { name, tier: 0, asked: wanted, got: wanted.map((v, w) => v - missing[w]!) };
  });
}

const showsSites = (): boolean => valueOf(rowsChoice) === "sites";
const scale = (): Scale => (showsSites() ? weeksScale : shareScale);

/** Over the week and those before it, so that lots and reviews do not flicker. */
function shortOf(row: Row, window: number): Float32Array {
  const out = new Float32Array(row.asked.length);
  for (let w = 0, asked = 0, got = 0; w < out.length; ++w) {
    asked += row.asked[w]! - (w >= window ? row.asked[w - window]! : 0);
    got += row.got[w]! - (w >= window ? row.got[w - window]! : 0);
    if (asked < 0.5) continue;
    out[w] = showsSites() ? asked / Math.max(got, 1e-3) : Math.max(0, 1 - got / asked);
  }
  return out;
}

interface Grid {
  rows: Row[];
  shorts: Float32Array[];
}

function grid(context: Context): Grid {
  const kind = valueOf(rowsChoice);
  const made = kind === "items" ? itemRows(context) : kind === "sites" ? siteRows(context) : causeRows(context);
  const entries = made.map((row) => ({ row, share: shortOf(row, context.page.window) }))
    .filter(({ share }) => kind !== "causes" || share.some((s) => stepOf(s, shareScale) > 0));
  // while a chain that began empty fills, nothing is a finding
  const counted = (share: Float32Array): Float32Array => share.subarray(context.firstFullWeek);
  const first = (share: Float32Array): number => {
    const week = counted(share).findIndex((s) => stepOf(s, scale()) >= 2);
    return week < 0 ? share.length : week;
  };
  const order = valueOf(orderChoice);
  entries.sort((a, b) =>
    (order === "first" ? first(a.share) - first(b.share)
      : order === "most" ? Math.max(...counted(b.share)) - Math.max(...counted(a.share))
        : b.row.tier - a.row.tier) || a.row.name.localeCompare(b.row.name));
  return { rows: entries.map((e) => e.row), shorts: entries.map((e) => e.share) };
}

/** Cells of one colour beside each other are one rectangle: a tenth of the shapes. */
function cells(shorts: Float32Array[]): [week: number, row: number, weeks: number, step: number][] {
  const out: [number, number, number, number][] = [];
  shorts.forEach((share, row) => {
    const step = Array.from(share, (s) => stepOf(s, scale()));
    for (let begin = 0, w = 1; w <= step.length; ++w) {
      if (w < step.length && step[w] === step[begin]) continue;
      out.push([begin, row, w - begin, step[begin]!]);
      begin = w;
    }
  });
  return out;
}

function option(context: Context, g: Grid): Option {
  const steps = scale().names.map((_, step) => colour.shortage(step));
  const names = g.rows.map((r) => words(r.name));
  return {
    grid: { left: 8, right: 12, top: 4, bottom: 28, containLabel: true },
    xAxis: { type: "category", data: context.weeks, ...axisStyle(), axisTick: { show: false },
      splitLine: { show: false }, axisLabel: { ...axisStyle()["axisLabel"], formatter: (d: string) => d.slice(0, 7) } },
    yAxis: { type: "category", inverse: true, data: names, ...axisStyle(), axisTick: { show: false },
      axisLabel: { color: colour.text(), fontSize: 11, interval: 0, width: 150, overflow: "truncate" } },
    tooltip: { show: false },
    series: [{
      type: "custom", data: cells(g.shorts), encode: { x: 0, y: 1 }, clip: true, animation: false,
      renderItem: (_: unknown, api: {
        value(i: number): number; coord(at: [number, number]): [number, number]; size(of: [number, number]): [number, number];
      }) => {
        const [width, height] = api.size([1, 1]);
        const [x, y] = api.coord([api.value(0), api.value(1)]);
        return {
          type: "rect",
          shape: { x: x - width / 2, y: y - height / 2 + 0.5, width: width * api.value(2) + 0.3, height: height - 1 },
          style: { fill: steps[api.value(3)] },
        };
      },
    }],
  };
}

/** The week and row under the mouse, in words. */
function pointed(context: Context, g: Grid, at: number[]): string {
  const [week, row] = at.map(Math.round) as [number, number];
  const share = g.shorts[row]?.[week];
  if (share === undefined) return "";
  return `${words(g.rows[row]!.name)}, four weeks to the week of ${context.weeks[week]}: ` +
    (showsSites() ? `${short(share)} weeks of shipments owed` : `${percent(share)} missing`);
}

/** What the picked row is made of. */
function rowOption(context: Context, row: Row): Option {
  const line = (name: string, values: Float32Array, stroke: string, type = "solid"): Option => ({
    type: "line", name, showSymbol: false, emphasis: { disabled: true }, itemStyle: { color: stroke },
    lineStyle: { color: stroke, width: 1.5, type },
    data: context.wholeWeeks.map((week, w) => [week, values[w]!]),
  });
  const names = valueOf(rowsChoice) === "sites" ? ["owed", "shipped"] :
    valueOf(rowsChoice) === "items" ? ["needed", "supplied"] : ["wanted", "not missing for this"];
  return {
    grid: { left: 56, right: 12, top: 8, bottom: 24 },
    xAxis: { ...timeAxis(), min: context.weeks[0], max: context.wholeWeeks.at(-1) },
    yAxis: { type: "value", ...axisStyle(), axisLabel: { ...axisStyle()["axisLabel"], formatter: short } },
    tooltip: tooltip({ trigger: "axis", valueFormatter: (v: unknown) => short(Number(v)) }),
    series: [line(names[0]!, row.asked, colour.text(), "dashed"), line(names[1]!, row.got, colour.policy(context.policyIndex()))],
  };
}

function numbers(context: Context): Numbers {
  const g = grid(context);
  const rows = g.rows.flatMap((row, r) => context.weeks.map((week, w) =>
    [context.policy().name, week, row.name, row.asked[w]!, row.got[w]!, g.shorts[r]![w]!]));
  const names: Record<string, string[]> = {
    items: ["item", "needed", "supplied"], sites: ["site", "owed", "shipped"], causes: ["cause", "wanted", "not_missing"],
  };
  return { columns: ["policy", "week", ...names[valueOf(rowsChoice)]!,
    showsSites() ? "weeks_owed" : "share_missing"], rows, single: true };
}

export function shortageView(context: Context): DrawnFigure {
  const map = chart(400, "canvas");
  const detail = chart(180);
  const rest = "Point at a cell to read it; click a row to see its series.";
  const readout = el("p", { class: "note readout", "aria-hidden": "true" }, rest);
  const detailTitle = el("h3");
  const keys = el("p", { class: "legend" });
  let now: Grid = { rows: [], shorts: [] };
  const pick = el("select", { name: "row" });
  pick.addEventListener("change", () => choose("row", pick.value));
  const pickLabel = el("label", { class: "control" }, el("span", {}, "Series of"), pick);

  const showDetail = (): void => {
    const row = now.rows.find((r) => r.name === chosen("row", "")) ?? worst(now, context.firstFullWeek);
    if (!row) return;
    pick.replaceChildren(...now.rows.map((r) => el("option", { value: r.name }, words(r.name))));
    pick.value = row.name;
    detailTitle.textContent = `${words(row.name)}, pieces a week`;
    detail.show(rowOption(context, row), `${words(row.name)} by week: the numbers stand below.`);
  };
  return figure({
    id: "shortage", title: "Where it is short, and when", wide: true,
    choices: [context.policyChoice(), rowsChoice, orderChoice], follows: ["row"],
    body: [keys, map.element, readout, el("div", { class: "controls" }, pickLabel), detailTitle, detail.element],
    draw: (view) => {
      now = grid(context);
      view.setNote(`${notes[valueOf(rowsChoice)]} Means over replications and ${context.page.window} weeks.`);
      keys.replaceChildren(...scale().names.map((name, step) => swatch(colour.shortage(step), name)));
      map.element.style.height = `${Math.max(120, 18 * now.rows.length + 40)}px`;
      map.instance().resize({ silent: true });
      map.show(option(context, now), `${notes[valueOf(rowsChoice)]} ${now.rows.length} rows; the numbers stand below.`);
      listen();
      showDetail();
    },
    numbers: () => numbers(context),
  });

  function listen(): void {
    const area = map.instance().getZr();
    area.off("click");
    area.on("click", (event: { offsetX: number; offsetY: number }) => {
      const at = map.instance().convertFromPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY]);
      const row = now.rows[Math.round(at[1]!)];
      if (row) choose("row", row.name);
    });
    area.off("mousemove");
    area.on("mousemove", (event: { offsetX: number; offsetY: number }) => {
      const at = map.instance().convertFromPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY]);
      readout.textContent = pointed(context, now, at) || rest;
    });
  }
}

function worst(g: Grid, from: number): Row | undefined {
  let found = -1, most = -1;
  g.shorts.forEach((share, row) => {
    const total = share.subarray(from).reduce((a, b) => a + b, 0);
    if (total > most) [found, most] = [row, total];
  });
  return g.rows[found];
}
