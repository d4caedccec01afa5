// Cash by quarter, without and with the option in question, for each party.

import { axisStyle, chart, type Option, tooltip, whisker } from "../chart.js";
import { colour } from "../colours.js";
import { bareName, isCustomer, number, numbersOf, optionLabel, partyName } from "../decision.js";
import { type Choice, el, swatch, valueOf } from "../dom.js";
import { inUnit } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Decision, Row } from "../page_types.js";

/** Those of the agreement first, then who is moved most. */
function partiesOf(decision: Decision): string[] {
  const main = [...new Set(decision.spread.map((row) => String(row["party"])))];
  const size = (party: string): number => Math.abs(number(decision.parties.find((row) => row["party"] === party)?.["gain"]));
  const rank = (party: string): number => main.indexOf(bareName(decision, party));
  const order = (party: string): number => (rank(party) < 0 ? main.length : rank(party));
  return [...new Set(decision.cash.map((row) => String(row["party"])))].sort((a, b) => order(a) - order(b) || size(b) - size(a));
}

const frame = (quarters: string[]): Option => ({
  grid: { left: 8, right: 16, top: 28, bottom: 8, containLabel: true },
  xAxis: { type: "category", data: quarters, ...axisStyle(), splitLine: { show: false } },
  yAxis: { type: "value", ...axisStyle(), name: "USD a quarter", nameTextStyle: { align: "left", color: colour.quiet() },
    axisLabel: { ...axisStyle()["axisLabel"], formatter: (v: number) => inUnit(v, "usd") } },
  tooltip: tooltip({ trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (v: unknown) => inUnit(Number(v), "usd") }),
});
const bars = (name: string, rows: Row[], key: string, fill: string): Option =>
  ({ type: "bar", name, itemStyle: { color: fill }, barGap: "5%", emphasis: { disabled: true }, data: rows.map((row) => number(row[key])) });

export function cashView(decision: Decision): DrawnFigure {
  const party: Choice = { key: "cash", label: "Party", options: partiesOf(decision).map((p) => [p, partyName(decision, p)]) };
  const levels = chart(260), changes = chart(260);
  const levelKeys = el("p", { class: "legend" }), changeKeys = el("p", { class: "legend" });
  const rowsOf = (): Row[] => decision.cash.filter((row) => row["party"] === valueOf(party));
  return figure({
    id: "cash", title: "Cash by quarter", wide: true, choices: [party],
    body: [el("div", { class: "pair" }, el("div", {}, el("h3", {}, "What comes in less what goes out"), levelKeys, levels.element),
      el("div", {}, el("h3", {}, "The change"), changeKeys, changes.element))],
    draw: (view) => {
      const rows = rowsOf();
      const quarters = rows.map((row) => String(row["quarter"]));
      const [without, withIt] = [optionLabel(decision, decision.reference), optionLabel(decision, decision.in_question)];
      view.setNote(`${partyName(decision, valueOf(party))}: means over futures and replications, USD, not discounted; whiskers are 95 % intervals.` +
        (isCustomer(decision, valueOf(party)) ? " What it costs a customer not to be delivered is in the gains above, and not in its cash." : ""));
      levelKeys.replaceChildren(swatch(colour.neutral(), without), swatch(colour.policy(1), withIt));
      levels.show({ ...frame(quarters), series: [bars(without, rows, "without", colour.neutral()), bars(withIt, rows, "with", colour.policy(1))] },
        "Cash by quarter: the numbers stand below.");
      let sum = 0;
      const total = rows.map((row) => (sum += number(row["change"])));
      changeKeys.replaceChildren(swatch(colour.policy(3), "more or less in the quarter"), swatch(colour.text(), "all up to it"));
      changes.show({ ...frame(quarters), series: [
        bars("in the quarter", rows, "change", colour.policy(3)),
        whisker(rows.map((row, i) => [i, number(row["change_low"]), number(row["change_high"])]), colour.text()),
        { type: "line", name: "all up to it", data: total, symbolSize: 6, emphasis: { disabled: true }, itemStyle: { color: colour.text() }, lineStyle: { color: colour.text(), width: 1.5 } },
      ] }, "Change of cash by quarter: the numbers stand below.");
    },
    numbers: () => numbersOf(rowsOf()),
  });
}
