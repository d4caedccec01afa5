// What moves a figure: one factor at a time, and beside it the global index that sees interactions.

import { axisStyle, chart, escape, type Option, tooltip } from "../chart.js";
import { colour } from "../colours.js";
import { type Choice, el, swatch, valueOf } from "../dom.js";
import { factorText, policyLabel } from "../findings.js";
import { inUnit, percent, unitName, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Findings, Metric, SobolRow, TornadoRow } from "../page_types.js";

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

function tornadoOption(findings: Findings, rows: TornadoRow[], metric: Metric, width: number): Option {
  const known = rows.filter((r) => isNumber(r.at_low) && isNumber(r.at_high));
  const ends = known.flatMap((r) => [r.at_low!, r.at_high!]);
  const centre = ends.reduce((a, b) => a + b, 0) / Math.max(1, ends.length);
  const isNarrow = width < 560; // no room for the settings at the bars' ends
  const other = { at_low: "at_high", at_high: "at_low" } as const;
  // both ends may lie on one side of the centre: bars overlap, and the shorter one has to be seen
  const isShorter = (r: TornadoRow, key: "at_low" | "at_high"): boolean => {
    const own = r[key]! - centre, of = r[other[key]]! - centre;
    return own * of > 0 && Math.abs(own) < Math.abs(of);
  };
  const bars = (key: "at_low" | "at_high", fill: string, setting: "low" | "high", wanted = (_: TornadoRow) => true): Option => ({
    type: "bar", barGap: "-100%", barCategoryGap: "30%", itemStyle: { color: fill }, animation: false,
    data: known.map((r) => ({
      value: wanted(r) ? r[key]! - centre : null,
      label: {
        show: !isNarrow && !isShorter(r, key), position: r[key]! < centre ? "left" : "right", color: colour.quiet(), fontSize: 11,
        formatter: factorText(findings, r.factor, r[setting]),
      },
    })),
  });
  const reach = (isNarrow ? 1.05 : 1.35) * Math.max(1e-12, ...ends.map((v) => Math.abs(v - centre)));
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
          `${escape(factorText(findings, r.factor, r.high))}: <b>${inUnit(r.at_high!, metric.unit)}</b>`;
      },
    }),
    series: [
      bars("at_low", colour.policy(1), "low"), bars("at_high", colour.policy(2), "high"),
      bars("at_low", colour.policy(1), "low", (r) => isShorter(r, "at_low")),
    ],
  };
}

function sobolOption(rows: SobolRow[]): Option {
  const bar = (key: "first" | "total", fill: string): Option => ({
    type: "bar", barCategoryGap: "30%", itemStyle: { color: fill }, data: rows.map((r) => Math.max(0, r[key])),
  });
  const whisker = (key: "first" | "total", side: number): Option => ({
    type: "custom", silent: true, z: 5, tooltip: { show: false }, encode: { x: [0, 1], y: 2 },
    data: rows.map((r, i) => [r[`${key}_low`], r[`${key}_high`], i]),
    renderItem: (_: unknown, api: { value(i: number): number; coord(at: [number, number]): [number, number]; size(of: [number, number]): [number, number] }) => {
      const low = api.coord([Math.max(0, api.value(0)), api.value(2)]), high = api.coord([api.value(1), api.value(2)]);
      const y = low[1] + side * 0.18 * api.size([0, 1])[1];
      return { type: "line", shape: { x1: low[0], y1: y, x2: high[0], y2: y }, style: { stroke: colour.text(), lineWidth: 1.5 } };
    },
  });
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
  const tornado = (): TornadoRow[] => findings.tornado?.find((t) => t.metric === valueOf(choice))?.rows ?? [];
  const sobol = (): SobolRow[] => findings.sobol?.find((t) => t.metric === valueOf(choice))?.rows ?? [];
  const policies = [...new Set((findings.sobol ?? []).flatMap((t) => t.rows.map((r) => r.policy)))];
  const policyChoice: Choice = { key: "sobol", label: "Indices under", options: policies.map((p) => [p, p === "" ? "all" : policyLabel(findings, p)]) };
  const keys = el("p", { class: "legend" }), globalKeys = el("p", { class: "legend" });
  const right = el("div", {}, el("h3", {}, "Over all futures: shares of the variance"), globalKeys, global.element);
  const hasSobol = (findings.sobol ?? []).length > 0;
  return figure({
    id: "tornado", title: "What moves it most", wide: true,
    choices: [choice, ...(hasSobol ? [policyChoice] : [])],
    body: [el("div", { class: hasSobol ? "pair" : "" },
      el("div", {}, el("h3", {}, "One factor at a time, over everything else"), keys, one.element), ...(hasSobol ? [right] : []))],
    draw: (view) => {
      const metric = metricOf(findings, choice);
      view.setNote(`${metric.label}, ${unitName(metric.unit)}: ${hasSobol ? "left, " : ""}its mean at the lowest and at the highest settings of each ` +
        "factor, over everything else" + (hasSobol ? "; right, Sobol' indices with 95 % intervals, which see interactions." : "."));
      keys.replaceChildren(swatch(colour.policy(1), "at the lowest"), swatch(colour.policy(2), "at the highest"));
      one.element.style.height = `${Math.max(120, 34 * tornado().length + 40)}px`;
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
      columns: ["metric", "factor", "low", "high", "at_low", "at_high", "swing", "policy", "first", "first_low", "first_high",
        "total", "total_low", "total_high"],
      rows: [
        ...tornado().map((r) => [valueOf(choice), r.factor, String(r.low), String(r.high), r.at_low, r.at_high, r.swing,
          "", null, null, null, null, null, null]),
        ...sobol().map((r) => [valueOf(choice), r.uncertainty, "", "", null, null, null,
          r.policy, r.first, r.first_low, r.first_high, r.total, r.total_low, r.total_high]),
      ],
    }),
  });
}
