// What moves a figure: one factor at a time, and beside it the global index that sees interactions.

import { axisStyle, chart, escape, type Option, tooltip } from "../chart.js";
import { colour } from "../colours.js";
import { type Choice, el, swatch, valueOf } from "../dom.js";
import { factorText, policyLabel } from "../findings.js";
import { differenceIn, inUnit, percent, unitName, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Findings, Metric, SobolRow, Tornado, TornadoRow } from "../page_types.js";

export function metricChoice(findings: Findings, key: string, label: string, first = 0): Choice {
  const metrics = findings.metrics ?? [];
  const ordered = [...metrics.slice(first), ...metrics.slice(0, first)];
  return { key, label, options: ordered.map((m) => [m.name, m.label]) };
}
export function metricOf(findings: Findings, choice: Choice): Metric {
  const name = valueOf(choice);
  return findings.metrics!.find((m) => m.name === name)!;
}

const isNumber = (value: number | null): value is number => value !== null && Number.isFinite(value);

/** The 95 % interval of the swing, around the end at the highest setting. */
function intervalOf(r: TornadoRow): [low: number, high: number] | undefined {
  const known = isNumber(r.swing_low) && isNumber(r.swing_high);
  return known ? [r.at_low! + r.swing_low!, r.at_low! + r.swing_high!] : undefined;
}
const intervalText = (r: TornadoRow, unit: string): string =>
  (intervalOf(r) ? `<br>difference ${differenceIn(r.swing!, unit)}, 95 % interval ${differenceIn(r.swing_low!, unit)} to ${differenceIn(r.swing_high!, unit)}` : "");

function tornadoOption(findings: Findings, tornado: Tornado, metric: Metric, width: number): Option {
  const known = tornado.rows.filter((r) => isNumber(r.at_low) && isNumber(r.at_high));
  const ends = known.flatMap((r) => [r.at_low!, r.at_high!, ...intervalOf(r) ?? []]);
  const centre = tornado.mean ?? 0; // bars begin at the mean of what was simulated
  const isNarrow = width < 560; // no room for the settings at the bars' ends
  const other = { at_low: "at_high", at_high: "at_low" } as const;
  // both ends may lie on one side of the centre: bars overlap, and the shorter one has to be seen
  const isShorter = (r: TornadoRow, key: "at_low" | "at_high"): boolean => {
    const own = r[key]! - centre, of = r[other[key]]! - centre;
    return own * of > 0 && Math.abs(own) < Math.abs(of);
  };
  const reach = (isNarrow ? 1.05 : 1.35) * Math.max(1e-12, ...ends.map((v) => Math.abs(v - centre)));
  // a setting stands behind the interval's line, not under it; the axis is at most as wide as the chart
  const beyond = (r: TornadoRow, end: number): number => {
    const [low, high] = intervalOf(r) ?? [end, end];
    return 5 + Math.max(0, end < centre ? end - low : high - end) * width / (2 * reach);
  };
  const bars = (key: "at_low" | "at_high", fill: string, setting: "low" | "high", wanted = (_: TornadoRow) => true): Option => ({
    type: "bar", barGap: "-100%", barCategoryGap: "30%", itemStyle: { color: fill }, animation: false,
    data: known.map((r) => ({
      value: wanted(r) ? r[key]! - centre : null,
      label: {
        show: !isNarrow && !isShorter(r, key), position: r[key]! < centre ? "left" : "right", distance: beyond(r, r[key]!), color: colour.quiet(), fontSize: 11,
        formatter: factorText(findings, r.factor, r[setting]),
      },
    })),
  });
  return {
    grid: { left: 8, right: 8, top: 4, bottom: 28, containLabel: true },
    xAxis: { type: "value", min: -reach, max: reach, ...axisStyle(), splitNumber: 4,
      axisLabel: { ...axisStyle()["axisLabel"], showMinLabel: false, showMaxLabel: false, formatter: (v: number) => inUnit(centre + v, metric.unit) } },
    yAxis: { type: "category", inverse: true, data: known.map((r) => words(r.factor)), ...axisStyle(), axisTick: { show: false },
      axisLabel: { color: colour.text(), fontSize: 12, interval: 0, width: 150, overflow: "truncate" } },
    tooltip: tooltip({
      trigger: "axis", axisPointer: { type: "shadow" },
      formatter: (items: { dataIndex: number }[]) => {
        const r = known[items[0]!.dataIndex]!;
        return `${escape(words(r.factor))}<br>${escape(factorText(findings, r.factor, r.low))}: <b>${inUnit(r.at_low!, metric.unit)}</b><br>` +
          `${escape(factorText(findings, r.factor, r.high))}: <b>${inUnit(r.at_high!, metric.unit)}</b>${intervalText(r, metric.unit)}`;
      },
    }),
    series: [
      bars("at_low", colour.policy(1), "low"), bars("at_high", colour.policy(2), "high"),
      bars("at_low", colour.policy(1), "low", (r) => isShorter(r, "at_low")),
      across(known.flatMap((r, i) => {
        const interval = intervalOf(r);
        return interval ? [[interval[0] - centre, interval[1] - centre, i]] : [];
      }), 0),
    ],
  };
}

/** Intervals as horizontal lines: from, to and the place on the category axis, `side` of its middle. */
function across(intervals: number[][], side: number): Option {
  return {
    type: "custom", silent: true, z: 5, tooltip: { show: false }, encode: { x: [0, 1], y: 2 }, data: intervals,
    renderItem: (_: unknown, api: { value(i: number): number; coord(at: [number, number]): [number, number]; size(of: [number, number]): [number, number] }) => {
      const low = api.coord([api.value(0), api.value(2)]), high = api.coord([api.value(1), api.value(2)]);
      const y = low[1] + side * 0.18 * api.size([0, 1])[1];
      return { type: "line", shape: { x1: low[0], y1: y, x2: high[0], y2: y }, style: { stroke: colour.text(), lineWidth: 1.5 } };
    },
  };
}

function sobolOption(rows: SobolRow[]): Option {
  const bar = (key: "first" | "total", fill: string): Option => ({
    type: "bar", barCategoryGap: "30%", itemStyle: { color: fill }, data: rows.map((r) => Math.max(0, r[key])),
  });
  const whisker = (key: "first" | "total", side: number): Option =>
    across(rows.map((r, i) => [Math.max(0, r[`${key}_low`]), r[`${key}_high`], i]), side);
  return {
    grid: { left: 8, right: 16, top: 4, bottom: 28, containLabel: true },
    xAxis: { type: "value", min: 0, max: 1, ...axisStyle(), axisLabel: { ...axisStyle()["axisLabel"], formatter: (v: number) => percent(v) } },
    yAxis: { type: "category", inverse: true, data: rows.map((r) => words(r.uncertainty)), ...axisStyle(), axisTick: { show: false },
      axisLabel: { color: colour.text(), fontSize: 12, interval: 0, width: 150, overflow: "truncate" } },
    tooltip: tooltip({ trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (v: unknown) => percent(Number(v)) }),
    series: [
      { ...bar("first", colour.policy(3)), name: "alone" }, { ...bar("total", colour.policy(5)), name: "with what it shares" },
      whisker("first", -1), whisker("total", 1),
    ],
  };
}

export function tornadoView(findings: Findings): DrawnFigure {
  const choice = metricChoice(findings, "tornado", "Figure");
  const one = chart(300), global = chart(300);
  const none: Tornado = { metric: "", mean: null, sentences: [], rows: [] };
  const tornado = (): Tornado => findings.tornado?.find((t) => t.metric === valueOf(choice)) ?? none;
  const sobol = (): SobolRow[] => findings.sobol?.find((t) => t.metric === valueOf(choice))?.rows ?? [];
  const policies = [...new Set((findings.sobol ?? []).flatMap((t) => t.rows.map((r) => r.policy)))];
  const policyChoice: Choice = { key: "sobol", label: "Indices under", options: policies.map((p) => [p, p === "" ? "all" : policyLabel(findings, p)]) };
  const keys = el("p", { class: "legend" }), globalKeys = el("p", { class: "legend" });
  const untold = el("p", { class: "note" });
  const right = el("div", {}, el("h3", {}, "Over all futures: shares of the variance"), globalKeys, global.element);
  const hasSobol = (findings.sobol ?? []).length > 0;
  return figure({
    id: "tornado", title: "What moves it most", wide: true,
    choices: [choice, ...(hasSobol ? [policyChoice] : [])],
    body: [el("div", { class: hasSobol ? "pair" : "" },
      el("div", {}, el("h3", {}, "One factor at a time, over everything else"), keys, one.element, untold), ...(hasSobol ? [right] : []))],
    draw: (view) => {
      const metric = metricOf(findings, choice);
      view.setNote(`${metric.label}, ${unitName(metric.unit)}: ${hasSobol ? "left, " : ""}its mean at the lowest and at the highest settings of each ` +
        "factor when it alone is varied, from its mean over all runs; lines: 95 % intervals of the difference" + (hasSobol ? "; right, Sobol' indices with 95 % intervals, which see interactions." : "."));
      untold.textContent = tornado().sentences.map((s) => `${s}.`).join(" ");
      keys.replaceChildren(swatch(colour.policy(1), "at the lowest"), swatch(colour.policy(2), "at the highest"));
      one.element.style.height = `${Math.max(120, 34 * tornado().rows.length + 40)}px`;
      one.instance().resize({ silent: true });
      one.show(tornadoOption(findings, tornado(), metric, one.element.clientWidth), "Tornado of factors: the numbers stand below.");
      if (!hasSobol) return;
      globalKeys.replaceChildren(swatch(colour.policy(3), "alone"), swatch(colour.policy(5), "with what it shares"));
      const rows = sobol().filter((r) => r.policy === valueOf(policyChoice));
      global.element.style.height = `${Math.max(120, 44 * rows.length + 40)}px`;
      global.instance().resize({ silent: true });
      global.show(sobolOption(rows), "Sobol' indices of uncertainties: the numbers stand below.");
    },
    numbers: () => ({
      columns: ["metric", "factor", "low", "high", "at_low", "at_high", "swing", "swing_low", "swing_high", "policy", "first", "first_low", "first_high",
        "total", "total_low", "total_high"],
      rows: [
        ...tornado().rows.map((r) => [valueOf(choice), r.factor, String(r.low), String(r.high), r.at_low, r.at_high, r.swing,
          r.swing_low, r.swing_high, "", null, null, null, null, null, null]),
        ...sobol().map((r) => [valueOf(choice), r.uncertainty, "", "", null, null, null, null, null,
          r.policy, r.first, r.first_low, r.first_high, r.total, r.total_low, r.total_high]),
      ],
    }),
  });
}
