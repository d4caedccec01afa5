// How what is gained is distributed over futures and luck: for every option the share of cases that gain less.

import { axisStyle, chart, escape, type Option, tooltip } from "../chart.js";
import { colour } from "../colours.js";
import { candidates, number, optionLabel, rivalOf } from "../decision.js";
import { type Choice, el, swatch, valueOf } from "../dom.js";
import { inUnit, percent, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Decision, Row } from "../page_types.js";

/** Quantiles in the order of their shares. */
const shares = (row: Row): [share: number, gain: number][] =>
  Object.entries(row).filter(([key]) => /^q\d+$/.test(key)).map(([key, gain]) => [Number(key.slice(1)) / 100, number(gain)]);

interface Curve {
  option: string;
  points: [number, number][];
}

function drawing(decision: Decision, curves: Curve[], compared: string): Option {
  const rank = (option: string): number => (option === decision.in_question ? 2 : option === compared ? 1 : 0);
  const looks = [
    { color: colour.neutral(), width: 1, opacity: 0.55 }, { color: colour.policy(2), width: 2.5, opacity: 1 }, { color: colour.policy(1), width: 2.5, opacity: 1 },
  ];
  return {
    grid: { left: 8, right: 24, top: 30, bottom: 30, containLabel: true },
    xAxis: { type: "value", ...axisStyle(), name: "gain, USD", nameLocation: "middle", nameGap: 28, splitLine: { show: false },
      axisLabel: { ...axisStyle()["axisLabel"], formatter: (v: number) => inUnit(v, "usd") } },
    yAxis: { type: "value", min: 0, max: 1, ...axisStyle(), axisLine: { onZero: false }, name: "share of cases that gain less", nameTextStyle: { align: "left", color: colour.quiet() },
      axisLabel: { ...axisStyle()["axisLabel"], formatter: (v: number) => percent(v) } },
    tooltip: tooltip({
      trigger: "item",
      formatter: ({ seriesName, value: [gain, share] }: { seriesName: string; value: [number, number] }) =>
        `${escape(optionLabel(decision, seriesName))}<br><b>${percent(share)}</b> of cases gain less than <b>${inUnit(gain, "usd")}</b>`,
    }),
    series: [...curves].sort((a, b) => rank(a.option) - rank(b.option)).map(({ option, points }, i, all) => ({
      type: "line", name: option, data: points.map(([share, gain]) => [gain, share]), symbolSize: 7, showSymbol: false, triggerLineEvent: true,
      itemStyle: { color: looks[rank(option)]!.color }, lineStyle: looks[rank(option)], emphasis: { disabled: true }, z: 2 + rank(option),
      ...(i === all.length - 1 ? { markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: colour.text(), type: "solid", width: 1 },
        data: [{ xAxis: 0 }] } } : {}),
    })),
  };
}

export function spreadView(decision: Decision): DrawnFigure {
  const parties = [...new Set(decision.spread.map((row) => String(row["party"])))];
  const rival = rivalOf(decision);
  const party: Choice = { key: "spread", label: "Gain of", options: parties.map((p) => [p, words(p)]) };
  const others = candidates(decision).map((o) => o.option).filter((o) => o !== decision.in_question);
  const against: Choice = { key: "against", label: "Compare with",
    options: [rival, ...others.filter((o) => o !== rival)].map((o) => [o, optionLabel(decision, o)]) };
  const curves = (): Curve[] => decision.spread.filter((row) => row["party"] === valueOf(party))
    .map((row) => ({ option: String(row["option"]), points: shares(row) }));
  const keys = el("p", { class: "legend" });
  const curveChart = chart(330);
  return figure({
    id: "spread", title: "How it may turn out", choices: [party, against], body: [keys, curveChart.element],
    draw: (view) => {
      view.setNote(`Net present value of ${words(valueOf(party))} over ${optionLabel(decision, decision.reference)}, over all futures and replications. ` +
        "The further right, the better; left of the line is loss.");
      keys.replaceChildren(swatch(colour.policy(1), optionLabel(decision, decision.in_question)),
        swatch(colour.policy(2), optionLabel(decision, valueOf(against))), swatch(colour.neutral(), "other options"));
      curveChart.show(drawing(decision, curves(), valueOf(against)), "Distribution of the gain of each option: the numbers stand below.");
    },
    numbers: () => ({
      columns: ["party", "option", "share_of_cases", "gain"],
      rows: curves().flatMap(({ option, points }) => points.map(([share, gain]) => [valueOf(party), option, share, gain])),
    }),
  });
}
