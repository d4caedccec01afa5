// How much to commit, and how firmly: a line for each take-or-pay share over the committed volume.

import { axisStyle, chart, escape, type Option, tooltip, whisker } from "../chart.js";
import { colour } from "../colours.js";
import { candidates, number, numbersOf, optionLabel } from "../decision.js";
import { type Choice, el, swatch, valueOf } from "../dom.js";
import { axisText, inUnit, percent, piecesText, settingText, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Decision, Findings, Row } from "../page_types.js";

const choice: Choice = {
  key: "terms", label: "Show",
  options: [["gain", "gain"], ["fill_holder", "what is delivered to the buyer's side"], ["fill_others", "what is delivered to others"]],
};
const isGain = (): boolean => valueOf(choice) === "gain";
const unit = (): string => (isGain() ? "usd" : "share");

/** Its value, and the ends of the interval where there is one. */
function valuesOf(row: Row): [value: number, low: number, high: number] {
  if (!isGain()) return [number(row[valueOf(choice)]), NaN, NaN];
  return [-number(row["cost"]), -number(row["cost_high"]), -number(row["cost_low"])];
}

/** Options that differ in the volume alone are one line. */
function lines(findings: Findings, decision: Decision): Map<string, Row[]> {
  const settings = Object.entries(findings.settings?.policies ?? {});
  const rows = decision.frontier.map((row) => ({ row, policy: (findings.policies ?? []).indexOf(String(row["option"])) }));
  const count = (of: (at: (typeof rows)[number]) => unknown): number => new Set(rows.map((at) => JSON.stringify(of(at)))).size;
  const varied = settings.filter(([, values]) => count((at) => values[at.policy]) > 1)
    // the lever that sets the volume, by a number or by name
    .filter(([, values]) => count((at) => values[at.policy]) !== count((at) => at.row["volume"]) ||
      count((at) => [values[at.policy], at.row["volume"]]) !== count((at) => at.row["volume"]));
  const part = (lever: string, value: string): string => (/^\D*$/.test(value) ? words(value)
    : lever.includes("take_or_pay") ? `take or pay ${percent(Number(value))}` : `${words(lever)} ${settingText(value)}`);
  const groups = new Map<string, Row[]>();
  for (const { row, policy } of rows) {
    const name = varied.map(([lever, values]) => part(lever, values[policy] ?? "")).join(", ") || "all";
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return groups;
}

interface Level {
  name: string;
  value: number;
}
/** The best option without the agreement, as a line across. */
function rivalLevel(decision: Decision): Level | undefined {
  const signs = new Set(decision.frontier.map((row) => row["option"]));
  const rival = candidates(decision).find((o) => o.option !== decision.reference && !signs.has(o.option));
  if (!rival) return undefined;
  return { name: optionLabel(decision, rival.option), value: isGain() ? rival.gain : number(rival[valueOf(choice)]) };
}

function option(groups: Map<string, Row[]>, levels: Level[]): Option {
  const volumes = [...new Set([...groups.values()].flat().map((row) => number(row["volume"])))].sort((a, b) => a - b);
  const isShare = Math.max(...volumes) <= 1;
  // what is not a line has to be on the axis, too
  const ends = [...levels.map((l) => l.value), ...[...groups.values()].flat().flatMap((row) => valuesOf(row).slice(1))].filter(Number.isFinite);
  const values = [...ends, ...[...groups.values()].flat().map((row) => valuesOf(row)[0])];
  const stroke = (i: number): string => colour.policy(i + 1);
  const at = (row: Row): number => volumes.indexOf(number(row["volume"]));
  return {
    grid: { left: 8, right: 24, top: 30, bottom: 30, containLabel: true },
    xAxis: { type: "category", data: volumes.map((v) => (isShare ? percent(v) : piecesText(v))), ...axisStyle(), nameLocation: "middle", nameGap: 28,
      name: isShare ? "committed, of what the seller can make" : "committed, pieces a week" },
    yAxis: { type: "value", scale: true, ...axisStyle(), name: isGain() ? "gain, USD" : "delivered, of what is wanted", nameTextStyle: { align: "left", color: colour.quiet() },
      axisLabel: { ...axisStyle()["axisLabel"], formatter: axisText(unit(), values) },
},
    tooltip: tooltip({ trigger: "item", formatter: ({ seriesName, name, value }: { seriesName: string; name: string; value: [number, number] }) =>
      `${escape(name)}, ${escape(seriesName)}<br><b>${inUnit(value[1], unit())}</b>` }),
    series: [{ type: "scatter", silent: true, symbolSize: 0, data: ends.map((value) => [0, value]) }, ...[...groups].flatMap(([name, rows], i) => {
      const data = rows.map((row) => ({ row, values: valuesOf(row) }));
      return [
        { type: "line", name, symbolSize: 9, symbol: "circle", emphasis: { disabled: true }, itemStyle: { color: stroke(i) }, lineStyle: { color: stroke(i), width: 2 },
          data: data.map(({ row, values }) => [at(row), values[0]]),
          ...(i > 0 ? {} : { markLine: { silent: true, symbol: "none", lineStyle: { color: colour.text(), type: "dashed" },
            label: { position: "insideEndTop", color: colour.text(), formatter: "{b}" }, data: levels.map((l) => ({ name: l.name, yAxis: l.value })) } }) },
        whisker(data.filter(({ values }) => Number.isFinite(values[1])).map(({ row, values }) => [at(row), values[1], values[2]]), stroke(i)),
      ];
    })],
  };
}

export function termsView(findings: Findings, decision: Decision): DrawnFigure {
  const groups = lines(findings, decision);
  const keys = el("p", { class: "legend" });
  const drawing = chart(330);
  return figure({
    id: "terms", title: "How much, and how firmly", choices: [choice], body: [keys, drawing.element],
    draw: (view) => {
      const reference = optionLabel(decision, decision.reference);
      const own = candidates(decision).find((o) => o.option === decision.reference);
      const levels = [rivalLevel(decision), { name: reference, value: isGain() ? 0 : number(own?.[valueOf(choice)]) }]
        .filter((l): l is Level => l !== undefined && Number.isFinite(l.value));
      view.setNote(`${isGain() ? `What ${words(decision.by)} gains over ${reference}, in USD; whiskers: 95 % intervals, of luck within these futures` : "Pieces delivered over pieces wanted"}. ` +
        "All at the scenario's price. Dashed: without the agreement.");
      keys.replaceChildren(...[...groups.keys()].map((name, i) => swatch(colour.policy(i + 1), name)));
      drawing.show(option(groups, levels), "Gain or service by committed volume and take-or-pay share: the numbers stand below.");
    },
    numbers: () => numbersOf(decision.frontier),
  });
}
