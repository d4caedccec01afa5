// How a policy does against the best of each future, and where it is not good enough.

import { axisStyle, chart, escape, type Option, tooltip } from "../chart.js";
import { colour } from "../colours.js";
import { type Choice, el, swatch } from "../dom.js";
import { factorText, kind, Outcomes, policyLabel } from "../findings.js";
import { inUnit, percent, unitName, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import { kept } from "./frontier.js";
import type { Box, Findings } from "../page_types.js";
import { metricChoice, metricOf } from "./tornado.js";

const ends = [0.05, 0.2, 0.5, 0.8]; // of the largest regret
const names = ["under 5 %", "5–20 %", "20–50 %", "50–80 %", "over 80 % of the largest"];
const stepOf = (share: number): number => {
  const step = ends.findIndex((end) => share < end);
  return step < 0 ? ends.length : step;
};

interface Grid {
  order: number[]; // policies, the least mean regret first
  futures: number[]; // in which somebody regrets most first
  regret: (policy: number, future: number) => number;
  largest: number;
}

function grid(outcomes: Outcomes): Grid {
  const policies = [...outcomes.policies.keys()], futures = [...outcomes.futures.keys()];
  const table = policies.map((p) => futures.map((f) => outcomes.regret(p, f)));
  const regret = (p: number, f: number): number => table[p]![f]!;
  const total = (values: number[]): number => values.filter(Number.isFinite).reduce((a, b) => a + b, 0);
  return {
    regret,
    order: policies.sort((a, b) => total(table[a]!) - total(table[b]!)),
    futures: futures.sort((a, b) => total(table.map((row) => row[b]!)) - total(table.map((row) => row[a]!))),
    largest: Math.max(0, ...table.flat().filter(Number.isFinite)),
  };
}

/** What futures are called: above one another their settings; in the order of the columns. */
function futureHeads(findings: Findings, g: Grid, width: number): { names: string[]; heads: string[] } | undefined {
  const settings = Object.entries(findings.settings?.futures ?? {});
  if (settings.length === 0 || settings.length > 6 || g.futures.length > 16 || width / g.futures.length < 36) return undefined;
  return { names: settings.map(([name]) => words(name)), heads: g.futures.map((f) => settings.map(([name, values]) => factorText(findings, name, values[f]!)).join("\n")) };
}

function option(findings: Findings, outcomes: Outcomes, g: Grid, marked: Set<number>, width: number): Option {
  const wide = g.futures.length <= 16;
  const labels = outcomes.policies.map((name) => policyLabel(findings, name));
  const isNarrow = width < 900;
  const nameWidth = isNarrow ? 130 : 300;
  const named = futureHeads(findings, g, width - nameWidth);
  const cells = g.order.flatMap((p, row) => g.futures.map((f, column) => [column, row, g.regret(p, f)]));
  return {
    grid: { left: 8, right: 12, top: 12, bottom: 8, containLabel: true },
    xAxis: { type: "category", position: "top", data: named?.heads ?? g.futures.map((f) => outcomes.futures[f]!), ...axisStyle(), axisTick: { show: false },
      splitLine: { show: false }, name: named?.names.join("\n"), nameLocation: "start",
      nameTextStyle: { align: "right", verticalAlign: "bottom", padding: [0, 4, 8, 0], color: colour.quiet(), fontSize: 11, lineHeight: 14 },
      axisLabel: { ...axisStyle()["axisLabel"], show: named !== undefined, interval: 0, hideOverlap: false, fontSize: 11, lineHeight: 14 } },
    yAxis: { type: "category", inverse: true, axisTick: { show: false }, ...axisStyle(),
      data: g.order.map((p) => (marked.has(p) ? `▸ ${labels[p]}` : labels[p]!)),
      axisLabel: { color: colour.text(), fontSize: 11, interval: g.order.length <= 60 ? 0 : "auto", width: nameWidth, overflow: isNarrow && g.order.length <= 40 ? "break" : "truncate" } },
    tooltip: tooltip({
      trigger: "item",
      formatter: ({ value }: { value: [number, number, number] }) =>
        `${escape(labels[g.order[value[1]]!]!)}<br>${escape(outcomes.futures[g.futures[value[0]]!]!)}<br>` +
        `<b>${inUnit(value[2], outcomes.metric.unit)}</b> from the best`,
    }),
    series: [{
      type: "custom", data: cells, encode: { x: 0, y: 1 }, clip: true, progressive: 0,
      renderItem: (_: unknown, api: { value(i: number): number; coord(at: [number, number]): [number, number]; size(of: [number, number]): [number, number] }) => {
        const [width, height] = api.size([1, 1]);
        const [x, y] = api.coord([api.value(0), api.value(1)]);
        const step = stepOf(g.largest > 0 ? api.value(2) / g.largest : 0);
        const known = Number.isFinite(api.value(2));
        const rect = {
          type: "rect", shape: { x: x - width / 2 + 0.5, y: y - height / 2 + 0.5, width: width - 1, height: height - 1 },
          style: { fill: known ? colour.shortage(step) : colour.paper() },
        };
        if (!wide || !known) return rect;
        const text = {
          type: "text", style: { x, y, text: inUnit(api.value(2), outcomes.metric.unit), align: "center", verticalAlign: "middle",
            fontSize: 11, fill: step >= 3 ? colour.paper() : colour.text() },
        };
        return { type: "group", children: [rect, text] };
      },
    }],
  };
}

/** A box of settings as a sentence. */
function boxSentences(findings: Findings, boxes: Box[]): HTMLElement[] {
  const end = (box: Box, value: number | string | null): string => (value === null || value === "" ? "" : factorText(findings, box.factor, value).replace("\u00a0×", " times the scenario's"));
  const constraints = [...new Set(boxes.map((b) => b.constraint))];
  return constraints.map((constraint) => {
    const of = boxes.filter((b) => b.constraint === constraint);
    const sides = of.filter((b) => b.factor !== "").map((b) => {
      const from = end(b, b.from), to = end(b, b.to);
      const range = b.is !== "" ? `is ${words(b.is)}` : from !== "" && to !== "" ? `is between ${from} and ${to}` : from !== "" ? `is above ${from}` : `is below ${to}`;
      return `${words(b.factor)} ${range}`;
    });
    if (sides.length === 0) {
      return el("p", {}, el("b", {}, words(constraint)), ` fails in ${percent(of[0]!.density)} of all cases, and no part of them stands out` +
        (of[0]!.futures < 10 ? `: ${of[0]!.futures} futures are too few to look for one.` : "."));
    }
    return el("p", {}, el("b", {}, words(constraint)), " fails most where ", sides.join(" and "),
      `: in ${percent(of[0]!.density)} of the cases there, in ${of[0]!.futures} futures, which are ${percent(of[0]!.coverage)} of all its failures.`);
  });
}

function robustnessTable(findings: Findings): HTMLElement {
  const rows = findings.robustness!;
  const names = Object.keys(rows[0] ?? {});
  const columns = names.filter((name) => name !== "all" || names.length > 3); // all of one is that one
  const head = (column: string): string => (column === "policy" ? kind(findings).one : column === "all" ? "all of them" : words(column));
  const asked = (column: string): string => {
    const constraint = findings.constraints?.find((c) => c.name === column);
    if (!constraint) return "";
    const metric = findings.metrics?.find((m) => m.name === constraint.metric);
    const unit = metric?.unit ?? "";
    return [metric?.label ?? words(constraint.metric), ...(constraint.min === null ? [] : [`at least ${inUnit(constraint.min, unit)}`]),
      ...(constraint.max === null ? [] : [`at most ${inUnit(constraint.max, unit)}`])].join(" ");
  };
  const share = (value: unknown): string => (typeof value === "number" ? percent(value) : String(value ?? "–"));
  if (rows.length > 1 && rows.every((row) => columns.every((c) => c === "policy" || row[c] === rows[0]![c]))) {
    return el("p", {}, columns.filter((c) => c !== "policy").map((c) => `${asked(c) || head(c)} in ${share(rows[0]![c])} of futures`).join("; ") +
      `, whatever the ${kind(findings).one}.`);
  }
  return el("table", {},
    el("thead", {}, el("tr", {}, ...columns.map((c) => el("th", c === "policy" ? { scope: "col" } : { scope: "col", class: "number" },
      head(c), el("small", {}, asked(c)))))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...columns.map((c) =>
      c === "policy" ? el("td", {}, policyLabel(findings, String(row[c]))) : el("td", { class: "number" }, share(row[c])))))));
}

export function regretView(findings: Findings): DrawnFigure {
  const directed = findings.metrics!.filter((m) => m.good !== "");
  const choice: Choice = metricChoice({ metrics: directed }, "regret", "Figure");
  const map = chart(300, "canvas");
  const scroll = el("div", { class: "scroll flow", tabindex: "0", role: "region", "aria-label": "Regret" }, map.element);
  const robust = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Robustness" });
  const outcomes = (): Outcomes => new Outcomes(findings, metricOf({ metrics: directed }, choice));
  const { one, many } = kind(findings);
  return figure({
    id: "regret", title: "Regret by future", wide: true, choices: [choice], follows: ["kept"],
    body: [
      el("p", { class: "legend" }), scroll,
      ...(findings.robustness?.length ? [el("h3", {}, `In which share of futures ${kind(findings).one === "option" ? "an option" : "a policy"} is good enough`), robust] : []),
      ...(findings.boxes?.length ? [el("h3", {}, "Where they fail"), ...boxSentences(findings, findings.boxes)] : []),
    ],
    draw: (view) => {
      const o = outcomes(), g = grid(o);
      view.setNote(`${o.metric.label}, ${unitName(o.metric.unit)}: what the best ${one} of each future gives more. ` +
        `The least regret on average: ${policyLabel(findings, o.policies[g.order[0]!]!)}. The largest regret is ${inUnit(g.largest, o.metric.unit)}.`);
      scroll.previousElementSibling!.replaceChildren(...names.map((name, step) => swatch(colour.shortage(step), name)));
      const heads = futureHeads(findings, g, map.element.clientWidth)?.names.length ?? 0;
      const rowHeight = Math.min(30, Math.max(14, 1200 / g.order.length));
      map.element.style.height = `${Math.max(120, rowHeight * g.order.length + 40 + 14 * heads)}px`;
      map.instance().resize({ silent: true });
      map.show(option(findings, o, g, kept(findings), map.element.clientWidth), `Regret of ${o.policies.length} ${many} in ${o.futures.length} futures: the numbers stand below.`);
      if (findings.robustness?.length) robust.replaceChildren(robustnessTable(findings));
    },
    numbers: () => {
      const o = outcomes();
      return {
        columns: ["policy", "future", o.metric.name, "regret"],
        rows: o.policies.flatMap((policy, p) => o.futures.map((future, f) => [policy, future, o.at(p, f), o.regret(p, f)])),
      };
    },
  });
}

export const canRegret = (findings: Findings): boolean =>
  (findings.policies ?? []).length > 1 && (findings.metrics ?? []).some((m) => m.good !== "");
