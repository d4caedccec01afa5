// Where it comes from: runs and seeds, whether there are enough of them, what was given.

import { axisStyle, chart, type Option, tooltip } from "../chart.js";
import { colour } from "../colours.js";
import type { Context } from "../context.js";
import { f64 } from "../data.js";
import { type Choice, el, swatch, valueOf } from "../dom.js";
import { short, unitName } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import { type Numbers, table } from "../numbers.js";
import { choose, chosen } from "../state.js";

function runNumbers(context: Context): Numbers {
  return {
    columns: ["policy", "store", "seed", "replications", "paired_with_first", "failed", "scenario_hash", "engine"],
    rows: context.policies.map((p) => [p.name, p.store, p.seed, p.replications, p.paired,
      p.failures.map((f) => `${f.replication}: ${f.reason}`).join("; "), p.hash, p.engine]),
  };
}

export function runView(context: Context): DrawnFigure {
  const holder = el("div");
  return figure({
    id: "runs", title: "Runs", wide: true,
    note: "The same seed gives the same replications. Differences are taken between replications of the same number and seed.",
    body: [holder],
    draw: () => holder.replaceChildren(table(runNumbers(context), "Table of runs")),
    numbers: () => runNumbers(context),
  });
}

function measureChoice(context: Context): Choice {
  return { key: "measure", label: "Figure", options: context.policies[0]!.convergence.map((c) => [c.measure, c.label]) };
}

interface Settling {
  policy: string;
  values: Float64Array;
  mean: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

function settling(context: Context): Settling[] {
  const measure = valueOf(measureChoice(context));
  return context.policies.flatMap((p) => p.convergence.filter((c) => c.measure === measure).map((c) =>
    ({ policy: p.name, values: f64(c.values), mean: f64(c.mean), low: f64(c.low), high: f64(c.high) })));
}

function convergenceOption(context: Context): Option {
  return {
    grid: { left: 64, right: 16, top: 12, bottom: 40 },
    xAxis: { type: "value", name: "replications", nameLocation: "middle", nameGap: 26, min: 1, minInterval: 1, ...axisStyle(), splitLine: { show: false } },
    yAxis: { type: "value", scale: true, ...axisStyle(), axisLabel: { ...axisStyle()["axisLabel"], formatter: short } },
    tooltip: tooltip({ trigger: "axis", valueFormatter: (v: unknown) => short(Number(v)) }),
    series: settling(context).flatMap((s, i) => {
      const stroke = colour.policy(i);
      const line = (name: string, row: Float64Array, width: number, type: string): Option => ({
        type: "line", name: `${s.policy}: ${name}`, showSymbol: row.length === 1, emphasis: { disabled: true }, itemStyle: { color: stroke },
        lineStyle: { color: stroke, width, type },
        // the first intervals are wide enough to hide all the others
        data: Array.from(row, (value, n) => [n + 1, value]).filter(([n]) => name === "mean" || n! > 2),
      });
      return [line("mean", s.mean, 2, "solid"), line("95 % from", s.low, 1, "dashed"), line("95 % to", s.high, 1, "dashed")];
    }),
  };
}

export function convergenceView(context: Context): DrawnFigure {
  const drawing = chart(240);
  return figure({
    id: "enough", title: "Are there enough replications?", wide: true,
    note: "Mean and its 95 % interval as replications are added.",
    choices: [measureChoice(context)],
    body: [el("p", { class: "legend" }, ...context.policies.map((p, i) => swatch(colour.policy(i), p.name))), drawing.element],
    draw: (view) => {
      const choice = valueOf(measureChoice(context));
      const told = context.policies[0]!.convergence.find((c) => c.measure === choice);
      view.setNote(`Mean (line) and its 95 % interval (dashed) as replications are added, ${told?.label ?? choice}, ${unitName(told?.unit ?? "")}.`);
      drawing.show(convergenceOption(context), "Mean and interval by number of replications: the numbers stand below.");
    },
    numbers: () => ({
      columns: ["policy", "figure", "replications", "value", "mean", "low", "high"],
      rows: settling(context).flatMap((s) => Array.from(s.values, (value, n) =>
        [s.policy, valueOf(measureChoice(context)), n + 1, value, s.mean[n]!, s.low[n]!, s.high[n]!])),
    }),
  });
}

/** Inputs with where they come from; of several policies what differs. */
function inputNumbers(context: Context): Numbers {
  if (context.isComparison) {
    return {
      columns: ["policy", "path", context.policies[0]!.name, "here"],
      rows: context.policies.slice(1).flatMap((p) => p.changes.map((c) => [p.name, c.path, c.base, c.here])),
    };
  }
  return {
    columns: ["path", "value", "source", "confidence", "low", "high", "note"],
    rows: context.policies[0]!.inputs.map((i) => [i.path, i.value, i.source, i.confidence, i.low, i.high, i.note]),
  };
}

/** How many of the values say where they come from. */
function sourced(numbers: Numbers): string {
  const source = numbers.columns.indexOf("source");
  return `; ${numbers.rows.filter((row) => Boolean(row[source])).length} of them have a source, with how sure it is`;
}

export function inputsView(context: Context): DrawnFigure {
  const holder = el("div");
  const search = el("input", { type: "search", name: "find", placeholder: "part of a path, value or source" });
  search.value = chosen("find", "");
  search.addEventListener("input", () => choose("find", search.value));
  const found = (): Numbers => {
    const all = inputNumbers(context);
    const word = chosen("find", "").toLowerCase();
    return { ...all, rows: all.rows.filter((row) => row.some((v) => String(v ?? "").toLowerCase().includes(word))) };
  };
  return figure({
    id: "inputs", title: context.isComparison ? "What differs in the inputs" : "What was given",
    wide: true, follows: ["find"], controls: [el("label", { class: "control" }, el("span", {}, "Find"), search)],
    body: [holder],
    draw: (view) => {
      const numbers = found();
      view.setNote(`${numbers.rows.length} values${context.isComparison ? " differ from the first policy" : sourced(numbers)}.`);
      holder.replaceChildren(table(numbers, "Table of inputs"));
    },
    numbers: found,
  });
}
