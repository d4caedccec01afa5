// An agreement's ledger: what was committed, called and delivered, and what was paid.

import { axisStyle, chart, type Option, timeAxis, tooltip } from "../chart.js";
import { colour } from "../colours.js";
import type { Context } from "../context.js";
import { type Choice, el, swatch, valueOf } from "../dom.js";
import { inUnit, short, unitName, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Numbers } from "../numbers.js";

const levels = new Set(["owed", "prepaid_balance"]); // at the end of the week, not in it

function agreementChoice(context: Context): Choice {
  const names = [...new Set(context.policies.flatMap((p) => p.weekly.agreements.map((a) => a.agreement)))];
  return { key: "agreement", label: "Agreement", options: names.map((n) => [n, words(n)]) };
}

interface Line {
  measure: string;
  unit: string;
  values: Float32Array;
}

function linesOf(context: Context): Line[] {
  const agreement = valueOf(agreementChoice(context));
  return context.policy().weekly.agreements.filter((a) => a.agreement === agreement)
    .map((a) => ({ measure: a.measure, unit: a.unit, values: context.weekly(a.values) }));
}

/** Flows as running totals; levels as they are. */
function running({ measure, values }: Line): number[] {
  let sum = 0;
  return Array.from(values, (value) => (levels.has(measure) ? value : (sum += value)));
}

function option(context: Context, lines: Line[]): Option {
  return {
    grid: { left: 60, right: 16, top: 12, bottom: 26 },
    xAxis: { ...timeAxis(), min: context.weeks[0], max: context.weeks.at(-1) },
    yAxis: { type: "value", ...axisStyle(), axisLabel: { ...axisStyle()["axisLabel"], formatter: short } },
    tooltip: tooltip({ trigger: "axis", valueFormatter: (v: unknown) => short(Number(v)) }),
    series: lines.map((l, i) => ({
      type: "line", name: words(l.measure), showSymbol: false, emphasis: { disabled: true }, itemStyle: { color: lineColour(i) },
      lineStyle: { color: lineColour(i), width: 2, type: levels.has(l.measure) ? "dotted" : "solid" },
      data: running(l).map((value, w) => [context.weeks[w], value]),
    })),
  };
}
const lineColour = (i: number): string => colour.policy(i + 1);

const legend = (lines: Line[]): HTMLElement[] =>
  lines.map((l, i) => swatch(lineColour(i), words(l.measure) + (levels.has(l.measure) ? " (at the end of the week)" : "")));

/** By year, in the figures' own words. */
function yearTable(context: Context): HTMLElement {
  const { periods } = context.page.figures;
  const agreement = valueOf(agreementChoice(context));
  const head = el("tr", {}, el("th", { scope: "col" }, "Figure"), el("th", { scope: "col" }, "Unit"),
    ...periods.map((p) => el("th", { scope: "col", class: "number" }, p)));
  const rows = context.figures.where((key) => key.group === "agreements" && key.entity === agreement).map(({ name, measure }) => {
    const unit = context.figures.unit(name);
    return el("tr", {}, el("th", { scope: "row" }, words(measure)), el("td", { class: "unit" }, unitName(unit)),
      ...periods.map((p) => el("td", { class: "number" }, inUnit(context.figures.mean(context.policyIndex(), name, p), unit))));
  });
  return el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows));
}

function numbers(context: Context): Numbers {
  const lines = linesOf(context);
  return {
    columns: ["policy", "agreement", "week", ...lines.map((l) => l.measure)], single: true,
    rows: context.weeks.map((week, w) =>
      [context.policy().name, valueOf(agreementChoice(context)), week, ...lines.map((l) => l.values[w]!)]),
  };
}

export function ledgerView(context: Context): DrawnFigure {
  const pieces = chart(240), money = chart(240);
  const pieceKeys = el("p", { class: "legend" }), moneyKeys = el("p", { class: "legend" });
  const years = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Agreement by year" });
  const side = (title: string, keys: HTMLElement, drawing: HTMLElement): HTMLElement =>
    el("div", {}, el("h3", {}, title), keys, drawing);
  return figure({
    id: "agreements", title: "Agreements", wide: true,
    note: "Running totals, means over replications. Cash to the seller holds goods, prepayments, take-or-pay, damages and fees, less what it paid back.",
    choices: [context.policyChoice(), agreementChoice(context)],
    body: [
      el("div", { class: "pair" }, side("Pieces", pieceKeys, pieces.element), side("USD", moneyKeys, money.element)), years,
    ],
    draw: () => {
      const lines = linesOf(context);
      for (const [unit, keys, drawing] of [["pieces", pieceKeys, pieces], ["usd", moneyKeys, money]] as const) {
        const of = lines.filter((l) => l.unit === unit);
        keys.replaceChildren(...legend(of));
        drawing.show(option(context, of), `${words(valueOf(agreementChoice(context)))} in ${unitName(unit)}: the numbers stand below.`);
      }
      years.replaceChildren(yearTable(context));
    },
    numbers: () => numbers(context),
  });
}
