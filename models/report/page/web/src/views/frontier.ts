// Two figures against each other, a point for each policy; what no other policy beats on both.

import { axisStyle, chart, escape, type Option, tooltip } from "../chart.js";
import { colour } from "../colours.js";
import { el, swatch } from "../dom.js";
import { kind, Outcomes, policyLabel } from "../findings.js";
import { axisText, inUnit, unitName } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Findings, Metric } from "../page_types.js";
import { choose, chosen } from "../state.js";
import { metricChoice, metricOf } from "./tornado.js";

/** Policies that were kept stay marked in every view. */
export function kept(findings: Findings): Set<number> {
  const all = findings.policies ?? [];
  return new Set(chosen("kept", "").split(".").filter((t) => t !== "").map(Number)
    .filter((p) => Number.isInteger(p) && p >= 0 && p < all.length));
}
const keep = (policies: Iterable<number>): void => choose("kept", [...policies].sort((a, b) => a - b).join("."));

interface Point {
  policy: number;
  x: number;
  y: number;
}

const better = (a: number, b: number, metric: Metric): boolean => (metric.good === "low" ? a < b : a > b);

/** Points that no other is better than on one figure and as good on the other. */
function best(points: Point[], mx: Metric, my: Metric): Point[] {
  return points.filter((p) => !points.some((q) =>
    (better(q.x, p.x, mx) && !better(p.y, q.y, my)) || (better(q.y, p.y, my) && !better(p.x, q.x, mx))))
    .sort((a, b) => a.x - b.x);
}

function option(points: Point[], mx: Metric, my: Metric, marked: Set<number>, names: string[], width: number): Option {
  const front = best(points, mx, my);
  const isNamed = width > 700 && front.length <= 8;
  const middle = (Math.min(...points.map((p) => p.x)) + Math.max(...points.map((p) => p.x))) / 2;
  const falls = (mx.good === "low") === (my.good === "low"); // the line of the best: names stand beside it, not on it
  const isRight = (p: Point): boolean => p.x > middle;
  const value = (p: Point): Option => ({
    label: { show: isNamed && front.includes(p), position: isRight(p) ? "left" : "right", offset: [0, isRight(p) === falls ? 10 : -10], color: colour.text(), fontSize: 11, formatter: names[p.policy]! },
    value: [p.x, p.y], policy: p.policy,
    itemStyle: { color: marked.has(p.policy) ? colour.policy(2) : colour.policy(1), opacity: marked.size === 0 || marked.has(p.policy) ? 0.9 : 0.35 },
    symbolSize: marked.has(p.policy) ? 13 : 10,
  });
  const axis = (metric: Metric, values: number[]): Option => ({
    type: "value", scale: true, ...axisStyle(), name: `${metric.label}, ${unitName(metric.unit)}`,
    axisLabel: { ...axisStyle()["axisLabel"], formatter: axisText(metric.unit, values) },
  });
  return {
    grid: { left: 8, right: 24, top: 34, bottom: 34, containLabel: true },
    xAxis: { ...axis(mx, points.map((p) => p.x)), nameLocation: "middle", nameGap: 28, splitLine: { show: false } },
    yAxis: { ...axis(my, points.map((p) => p.y)), nameLocation: "end", nameTextStyle: { align: "left", color: colour.quiet() } },
    tooltip: tooltip({
      trigger: "item",
      formatter: (at: { data: { policy: number; value: [number, number] } }) =>
        `${escape(names[at.data.policy]!)}<br>${escape(mx.label)}: <b>${inUnit(at.data.value[0], mx.unit)}</b><br>` +
        `${escape(my.label)}: <b>${inUnit(at.data.value[1], my.unit)}</b>`,
    }),
    brush: { xAxisIndex: 0, brushType: "rect", throttleType: "debounce", throttleDelay: 80, inBrush: {}, outOfBrush: {},
      brushStyle: { borderWidth: 1, color: "transparent", borderColor: colour.text() } },
    toolbox: { show: false },
    series: [
      { type: "line", data: front.map((p) => [p.x, p.y]), step: false, symbol: "emptyCircle", symbolSize: 15, showSymbol: true,
        itemStyle: { color: colour.text() }, silent: true, z: 1, lineStyle: { color: colour.text(), width: 1.5 } },
      { type: "scatter", data: points.map(value), z: 3, emphasis: { disabled: true } },
    ],
  };
}

export function frontierView(findings: Findings): DrawnFigure {
  const metrics = findings.metrics!;
  const second = metrics.findIndex((m, i) => i > 0 && m.unit === "usd");
  const xChoice = metricChoice(findings, "across", "Across", second > 0 ? second : 1);
  const yChoice = metricChoice(findings, "up", "Up");
  const drawing = chart(380);
  const list = el("div", { class: "keep" });
  const clear = el("button", { type: "button" }, "Keep none");
  clear.addEventListener("click", () => keep([]));
  const names = findings.policies!;
  const labels = names.map((name) => policyLabel(findings, name));
  const { one, many } = kind(findings);
  const points = (): Point[] => {
    const x = new Outcomes(findings, metricOf(findings, xChoice)), y = new Outcomes(findings, metricOf(findings, yChoice));
    return names.map((_, policy) => ({ policy, x: x.mean(policy), y: y.mean(policy) }))
      .filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y));
  };
  let shown: Point[] = [];
  let listening = false;
  const listen = (): void => {
    const instance = drawing.instance();
    instance.dispatchAction({ type: "takeGlobalCursor", key: "brush", brushOption: { brushType: "rect", brushMode: "single" } });
    if (listening) return;
    listening = true;
    instance.on("brushEnd", (event: unknown) => {
      const { areas } = event as { areas: { coordRange?: [[number, number], [number, number]] }[] };
      const range = areas[0]?.coordRange;
      if (!range) return;
      const [[left, right], [low, high]] = range;
      keep(shown.filter((p) => p.x >= left && p.x <= right && p.y >= low && p.y <= high).map((p) => p.policy));
    });
  };
  return figure({
    id: "frontier", title: findings.decision ? "Gain against service" : "What it costs, what it gives", wide: true,
    choices: [yChoice, xChoice], follows: ["kept"], controls: [clear],
    body: [el("p", { class: "legend" }), drawing.element,
      el("details", { class: "numbers" }, el("summary", {}, `Keep ${many} by name`), list)],
    draw: (view) => {
      const mx = metricOf(findings, xChoice), my = metricOf(findings, yChoice);
      const marked = kept(findings);
      shown = points();
      const front = new Set(best(shown, mx, my).map((p) => p.policy));
      view.setNote(`A point for each of ${shown.length} ${many}, means over futures and replications. Line: ${many} that none beats on both ` +
        `(${direction(mx)}; ${direction(my)}). Draw a rectangle to keep ${many}: they stay marked below.`);
      drawing.element.previousElementSibling!.replaceChildren(
        swatch(colour.policy(1), one), swatch(colour.policy(2), `kept (${marked.size})`), swatch(colour.text(), "not beaten"));
      drawing.show(option(shown, mx, my, marked, labels, drawing.element.clientWidth), `${many} by ${mx.label} and ${my.label}: the numbers stand below.`);
      listen();
      list.replaceChildren(...labels.slice(0, 200).map((name, p) => {
        const check = el("input", { type: "checkbox" });
        check.checked = marked.has(p);
        check.addEventListener("change", () => keep([...names.keys()].filter((q) => (q === p ? check.checked : marked.has(q)))));
        return el("label", { class: "control" }, check, el("span", {}, name + (front.has(p) ? " (not beaten)" : "")));
      }));
    },
    numbers: () => {
      const mx = metricOf(findings, xChoice), my = metricOf(findings, yChoice);
      const all = points();
      const front = new Set(best(all, mx, my).map((p) => p.policy));
      const levers = Object.entries(findings.settings?.policies ?? {});
      return {
        columns: ["policy", ...levers.map(([name]) => name), mx.name, my.name === mx.name ? `${my.name} (up)` : my.name, "not_beaten", "kept"],
        rows: all.map((p) => [names[p.policy]!, ...levers.map(([, values]) => values[p.policy] ?? ""), p.x, p.y,
          front.has(p.policy) ? 1 : 0, kept(findings).has(p.policy) ? 1 : 0]),
      };
    },
  });
}

const direction = (metric: Metric): string => `${metric.label}, the ${metric.good === "low" ? "less" : "more"} the better`;
