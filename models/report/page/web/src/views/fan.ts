// Shipped against demand: medians, and between what nine in ten and five in ten runs lie.

import { axisStyle, chart, type Option, timeAxis, tooltip } from "../chart.js";
import { colour } from "../colours.js";
import { type Context, productName, runsText } from "../context.js";
import { type Choice, el, swatch, valueOf } from "../dom.js";
import { short, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Numbers, Value } from "../numbers.js";
import type { Fan, Policy } from "../page_types.js";
import { choose, chosen, onChoice } from "../state.js";

function productChoice(context: Context): Choice {
  const products = context.policies[0]!.weekly.fans.map((f) => f.product);
  return { key: "product", label: "Product", options: products.map((p) => [p, productName(p)]) };
}

const showChoice: Choice = {
  key: "fan", label: "Show",
  options: [["smoothed", "bands of four-week means"], ["weekly", "bands of single weeks"], ["singles", "single runs"]],
};
const showsSingles = (): boolean => valueOf(showChoice) === "singles";

function fansOf(context: Context, policy: Policy): { demanded: Float32Array[]; shipped: Float32Array[] } {
  const product = valueOf(productChoice(context));
  const found = policy.weekly.fans.find((f) => f.product === product);
  const part = valueOf(showChoice) as keyof Fan;
  return {
    demanded: found ? context.rows(found.demanded[part]) : [],
    shipped: found ? context.rows(found.shipped[part]) : [],
  };
}

/** The area between two rows, as ECharts' own stacked bands go wrong below zero. */
function band(weeks: string[], low: Float32Array, high: Float32Array, fill: string, opacity: number): Option {
  return {
    type: "custom", silent: true, z: 1, data: [0], clip: true,
    renderItem: (_: unknown, api: { coord(at: [number, number]): number[] }) => {
      const at = (row: Float32Array) => (_week: string, w: number) => api.coord([Date.parse(weeks[w]!), row[w]!]);
      const points = [...weeks.map(at(low)), ...weeks.map(at(high)).reverse()];
      return { type: "polygon", shape: { points }, style: { fill, opacity } };
    },
    encode: { x: -1, y: -1 }, tooltip: { show: false },
  };
}

function line(weeks: string[], row: Float32Array, name: string, stroke: string, more: Option = {}): Option {
  return {
    type: "line", name, showSymbol: false, symbol: "none", z: 3, emphasis: { disabled: true },
    lineStyle: { color: stroke, width: 2, ...more["lineStyle"] }, itemStyle: { color: stroke },
    data: weeks.map((week, w) => [week, row[w]!]), ...("silent" in more ? { silent: true } : {}),
  };
}

/** Programs and outages as shaded spans; those of one name and time are one. */
function shading(context: Context): Option[] {
  const spans = context.policies.flatMap((policy) => policy.events)
    .map((event) => ({ ...event, name: words(event.label) }))
    .filter((event, i, all) => all.findIndex((e) =>
      e.name === event.name && e.from === event.from && e.until === event.until) === i);
  const areas = spans.map((event, i) => [
    { xAxis: event.from, name: event.name, label: { offset: [0, 14 * (i % 4)] } },
    { xAxis: event.until },
  ]);
  if (areas.length === 0 || chosen("events", "on") !== "on") return [];
  return [{
    type: "line", data: [], silent: true,
    markArea: {
      silent: true, itemStyle: { color: colour.band(), opacity: 0.5 },
      label: { color: colour.quiet(), fontSize: 11, position: "insideTop", overflow: "truncate" },
      data: areas,
    },
  }];
}

function option(context: Context): Option {
  const weeks = context.wholeWeeks;
  const series: Option[] = shading(context);
  const singles = showsSingles();
  context.policies.forEach((policy, p) => {
    const { demanded, shipped } = fansOf(context, policy);
    const stroke = colour.policy(p);
    if (singles) {
      const width = { lineStyle: { width: 1, opacity: 0.35 }, silent: true };
      shipped.forEach((row, r) => series.push(line(weeks, row, `${policy.name}, replication ${r + 1}`, stroke, width)));
      if (p === 0) {
        demanded.forEach((row) => series.push(line(weeks, row, "wanted", colour.quiet(),
          { lineStyle: { width: 1, opacity: 0.25, type: "dashed" }, silent: true })));
      }
      return;
    }
    if (shipped.length < 5) return;
    series.push(band(weeks, shipped[0]!, shipped[4]!, stroke, 0.15));
    series.push(band(weeks, shipped[1]!, shipped[3]!, stroke, 0.25));
    series.push(line(weeks, shipped[2]!, `${policy.name}: shipped, median`, stroke));
    const own = p === 0 || demanded[2]!.some((v, w) => v !== fansOf(context, context.policies[0]!).demanded[2]![w]);
    if (own) {
      series.push(line(weeks, demanded[2]!, `${policy.name}: wanted, median`, p === 0 ? colour.text() : stroke,
        { lineStyle: { type: "dashed", width: 1.5 } }));
    }
  });
  return {
    grid: { left: 56, right: 16, top: 16, bottom: 64 },
    xAxis: { ...timeAxis(), min: weeks[0], max: weeks.at(-1) },
    yAxis: { type: "value", ...axisStyle(), axisLabel: { ...axisStyle()["axisLabel"], formatter: short } },
    dataZoom: [
      { type: "inside", zoomOnMouseWheel: "ctrl" },
      { type: "slider", height: 20, bottom: 8, brushSelect: false, borderColor: colour.rule(),
        textStyle: { color: colour.quiet() }, labelFormatter: (v: number) => new Date(v).toISOString().slice(0, 10) },
    ],
    tooltip: singles ? { show: false } : tooltip({
      trigger: "axis", valueFormatter: (v: unknown) => short(Number(v)),
    }),
    series,
  };
}

function numbers(context: Context): Numbers {
  const rows: Value[][] = [];
  const singles = showsSingles();
  const names = singles ? null : context.page.quantiles.map((q) => `p${String(Math.round(100 * q)).padStart(2, "0")}`);
  for (const policy of context.policies) {
    const { demanded, shipped } = fansOf(context, policy);
    for (const [measure, all] of [["demanded", demanded], ["shipped", shipped]] as const) {
      context.weeks.forEach((week, w) => {
        if (names) rows.push([policy.name, week, measure, ...all.map((row) => row[w]!)]);
        else all.forEach((row, r) => rows.push([policy.name, week, measure, r + 1, row[w]!]));
      });
    }
  }
  const last = names ?? ["replication", "pieces"];
  return { columns: ["policy", "week", "measure", ...last], rows, single: true };
}

function legend(context: Context): HTMLElement {
  const keys = context.policies.map((p, i) => swatch(colour.policy(i), p.name));
  return el("p", { class: "legend" }, ...keys, swatch(colour.text(), "wanted", true));
}

export function fanView(context: Context): DrawnFigure {
  const drawing = chart(360);
  const keys = el("div");
  const check = el("input", { type: "checkbox", name: "events" });
  const events = el("label", { class: "control" }, check, el("span", {}, "Mark events"));
  check.addEventListener("change", () => choose("events", check.checked ? "on" : "off"));
  const showCheck = (): void => { check.checked = chosen("events", "on") === "on"; };
  showCheck();
  onChoice("events", showCheck);
  const hasEvents = context.policies.some((p) => p.events.length > 0);
  return figure({
    id: "shipped", title: "Shipped each week against what is wanted", wide: true,
    choices: [productChoice(context), showChoice], follows: ["events"],
    controls: hasEvents ? [events] : [],
    body: [keys, drawing.element],
    draw: (view) => {
      const product = productName(valueOf(productChoice(context)));
      view.setNote(`Pieces a week, ${product}, ${runsText(context.policies[0]!)}. ` +
        (showsSingles()
          ? "A line for each of the first replications."
          : "Line: median. Dark band: middle half of the runs. Light band: nine in ten.") +
        (context.wholeWeeks.length < context.weeks.length ? " The last week is cut short by the end, and left out." : ""));
      keys.replaceChildren(legend(context));
      drawing.show(option(context), `Pieces shipped and wanted by week, ${product}: the numbers stand below.`);
    },
    numbers: () => numbers(context),
  });
}
