// The desk for long-term agreements: what to do in sentences, and the tables that they rest on.

import { el } from "../dom.js";
import type { Decision, DecisionOption, Row } from "../findings.js";
import { inUnit, percent, short, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";

const number = (value: unknown): number => (typeof value === "number" ? value : NaN);

/** Nine in ten cases (grey) and the interval of the mean (blue), all options on one scale. */
function strip(option: DecisionOption, low: number, high: number): HTMLElement {
  const at = (value: number): string => `${(100 * (value - low) / (high - low || 1)).toFixed(1)}%`;
  const bar = (kind: string, from: number, to: number): HTMLElement => {
    const mark = el("span", { class: kind });
    mark.style.left = at(from);
    mark.style.right = `calc(100% - ${at(to)})`;
    return mark;
  };
  return el("span", { class: "strip", "aria-hidden": "true" }, bar("published", option.p05, option.p95),
    bar("simulated", option.gain_low, option.gain_high), bar("zero", 0, 0));
}

function optionTable(decision: Decision, options: DecisionOption[]): HTMLElement {
  const low = Math.min(0, ...options.map((o) => o.p05)), high = Math.max(0, ...options.map((o) => o.p95));
  const heads = ["Option", "Gain, its interval", "", "Right in", "VaR, CVaR", "Regret", "Fill: holder, others"];
  const head = heads.map((name, i) => el("th", i === 0 || i === 2 ? { scope: "col" } : { scope: "col", class: "number" },
    name || el("span", { class: "unseen" }, "Range")));
  const body = options.map((o) => {
    const name = el("td", {}, o.option);
    if (o.option === decision.reference) name.append(el("small", {}, "the reference"));
    if (o.left === "yes") name.append(el("small", { class: "better" }, decision.decided ? "the best" : "not ruled out"));
    const both = (a: number, b: number, unit: string): HTMLElement =>
      el("td", { class: "number" }, inUnit(a, unit), el("small", {}, inUnit(b, unit)));
    return el("tr", {}, name,
      el("td", { class: "number" }, inUnit(o.gain, "usd"), el("small", {}, `${inUnit(o.gain_low, "usd")} to ${inUnit(o.gain_high, "usd")}`)),
      el("td", {}, strip(o, low, high)), el("td", { class: "number" }, percent(o.right)),
      both(o.var, o.cvar, "usd"), el("td", { class: "number" }, inUnit(number(o.regret), "usd")),
      both(number(o.fill_holder), number(o.fill_others), "share"));
  });
  return el("table", { class: "claims" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...body));
}

const numbersOf = (rows: Row[]): { columns: string[]; rows: (string | number | null)[][] } => {
  const columns = Object.keys(rows[0] ?? {});
  return { columns, rows: rows.map((row) => columns.map((c) => row[c] ?? null)) };
};

const scroll = (label: string, table: HTMLElement): HTMLElement =>
  el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, table);

/** Sentences and options. */
export function decisionView(decision: Decision): DrawnFigure {
  const options = decision.options.filter((o) => typeof o.regret === "number");
  return figure({
    id: "decision", title: `What ${words(decision.by)} should do on ${decision.date}`, wide: true,
    note: `Gains in net present value over ${decision.reference}, under the same luck. Grey: nine in ten cases; blue: 95 % interval of the mean; ` +
      "line: nothing gained.",
    body: [el("ul", { class: "sentences" }, ...decision.recommendation.map((s) => el("li", {}, s))),
      scroll("Options", optionTable(decision, options))],
    draw: () => undefined,
    numbers: () => numbersOf(decision.options),
  });
}

interface Column {
  key: string;
  name: string;
  unit: string; // text: as it is
}

function rowTable(rows: Row[], columns: Column[]): HTMLElement {
  const kind = (c: Column): Record<string, string> => (c.unit === "text" ? {} : { class: "number" });
  const cell = (value: string | number | null | undefined, unit: string): string =>
    typeof value === "number" ? (unit === "number" ? short(value) : inUnit(value, unit)) : String(value ?? "–");
  return el("table", {}, el("thead", {}, el("tr", {}, ...columns.map((c) => el("th", { scope: "col", ...kind(c) }, c.name)))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...columns.map((c) => el("td", kind(c), cell(row[c.key], c.unit)))))));
}

function tableView(id: string, title: string, note: string, rows: Row[], columns: Column[], wide = false): DrawnFigure {
  return figure({
    id, title, note, wide, body: [scroll(title, rowTable(rows, columns))],
    draw: () => undefined, numbers: () => numbersOf(rows),
  });
}

const column = (key: string, name: string, unit = "usd"): Column => ({ key, name, unit });

export function decisionTables(decision: Decision): DrawnFigure[] {
  const option = decision.in_question;
  const parties = Object.keys(decision.cash[0] ?? {}).filter((key) => key !== "quarter" && !key.endsWith("_with"));
  const views = [
    tableView("parties", "Who gains and who loses", `Net present value of ${option} over ${decision.reference}.`, decision.parties, [
      column("party", "Party", "text"), column("gain", "Gain"), column("gain_low", "From"), column("gain_high", "To"),
      column("cvar", "CVaR"), column("better", "Better in", "share")]),
    tableView("cash", "Cash by quarter", `Means, without and with ${option}.`, decision.cash, [column("quarter", "Quarter", "text"),
      ...parties.flatMap((p) => [column(p, words(p)), column(`${p}_with`, "with")])]),
  ];
  if (decision.frontier.length > 0) {
    views.unshift(tableView("terms", "How much, and how firmly", `Cost to ${words(decision.by)} over ${decision.reference}, at the scenario's price, and how customers are served.`,
      decision.frontier, [column("option", "Option", "text"), column("cost", "Cost"),
        column("cost_low", "From"), column("cost_high", "To"), column("fill_holder", "Fill, holder", "share"), column("fill_others", "Others", "share"),
        column("undominated", "On the frontier", "text")]));
  }
  if (decision.prices.length > 0) {
    views.unshift(tableView("prices", "At which price both gain", "The buyer gains below its price, the seller above; 95 % intervals.", decision.prices, [
      column("option", "Option", "text"), column("buyer", "Buyer's"), column("buyer_low", "From"),
      column("buyer_high", "To"), column("seller", "Seller's"), column("seller_low", "From"), column("seller_high", "To"), column("zone", "Both gain", "text")]));
  }
  return views;
}
