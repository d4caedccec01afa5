// The answer: one sentence, then figures side by side.

import type { Context } from "../context.js";
import { colour } from "../colours.js";
import { el, type Choice, swatch, valueOf } from "../dom.js";
import { differenceIn, inUnit, percent, piecesText, unitName, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Numbers, Value } from "../numbers.js";
import type { FigureKey } from "../page_types.js";

const one = (group: string, ...measures: string[]) => (key: FigureKey): boolean =>
  key.group === group && key.product === "" && measures.includes(key.measure);
const any = (group: string) => (key: FigureKey): boolean => key.group === group;
const familyFigures = one("families", "shipped", "fill_rate", "price", "lead_time", "shortage_apparent");

const groups: [string, string, (key: FigureKey) => boolean][] = [
  ["market", "Market and families", (key) => key.group === "market" || familyFigures(key)],
  ["items", "Items: shortage, stock, price", one("items", "shortage_true", "shortage_binding", "stock", "price", "lead_time")],
  ["customers", "Customers", one("customers", "fill_rate", "backlog", "lead_time", "spend", "cash")],
  ["sites", "Sites: money", one("sites", "sales", "margin", "profit", "cash", "stock_value")],
  ["lines", "Lines", one("lines", "utilisation", "lost_to_line")],
  ["causes", "Root causes", any("causes")],
  ["agreements", "Agreements", any("agreements")],
  ["all", "Every figure", () => true],
];

function groupChoice(context: Context): Choice {
  const options = groups.filter(([, , holds]) => context.page.figures.keys.some(holds))
    .map(([key, text]): [string, string] => [key, text]);
  return { key: "group", label: "Figures", options };
}

function figuresIn(context: Context): (FigureKey & { name: string })[] {
  const group = valueOf(groupChoice(context));
  const holds = groups.find(([key]) => key === group)?.[2] ?? (() => true);
  const rank = (key: FigureKey): number => (key.group === "market" ? 0 : 1);
  return context.figures.where(holds).sort((a, b) => rank(a) - rank(b));
}

/** Whether a difference is for the better, for the worse, or not told apart from none. */
function verdict(context: Context, policy: number, name: string, period: string): string {
  const f = context.figures.get(policy, name, period);
  if (!Number.isFinite(f.difference)) return "";
  if (!Number.isFinite(f.difference_low)) return "other"; // one pair of runs tells nothing apart
  if (f.difference_low <= 0 && f.difference_high >= 0) return "same";
  const good = context.figures.good(name);
  if (good === "") return "other";
  return (f.difference > 0) === (good === "high") ? "better" : "worse";
}

const verdictText: Record<string, string> = {
  better: "better", worse: "worse", same: "not told apart", other: "", "": "",
};

/** A figure, and under it how sure it is or how it differs. */
function cell(context: Context, policy: number, name: string, period: string): HTMLElement {
  const f = context.figures.get(policy, name, period);
  const unit = context.figures.unit(name);
  const cellElement = el("td", { class: "number" }, inUnit(f.mean, unit));
  if (!Number.isFinite(f.mean)) return cellElement;
  if (policy > 0) {
    const how = verdict(context, policy, name, period);
    if (f.difference_low === 0 && f.difference_high === 0) {
      cellElement.append(el("small", {}, "the same"));
    } else if (how !== "") {
      const mark = how === "better" ? " ▲" : how === "worse" ? " ▼" : how === "same" ? " ≈" : "";
      cellElement.append(el("small", { class: how },
        `${differenceIn(f.difference, unit)}${mark}`,
        el("span", { class: "unseen" }, ` ${verdictText[how]}`)));
      if (Number.isFinite(f.difference_low)) {
        cellElement.append(el("small", { class: "interval" },
          `${differenceIn(f.difference_low, unit)} to ${differenceIn(f.difference_high, unit)}`));
      }
    }
  } else if (Number.isFinite(f.p05) && f.p05 !== f.p95) {
    cellElement.append(el("small", { class: "interval" }, `${inUnit(f.p05, unit)} to ${inUnit(f.p95, unit)}`));
  }
  return cellElement;
}

/** How many runs are behind a column, and how many of them are paired. */
function runsOf(context: Context, policy: number): string {
  const { replications, paired } = context.policies[policy]!;
  return policy === 0 || paired === replications ? `${replications} runs` : `${replications} runs, ${paired} paired`;
}

function answerTable(context: Context): HTMLElement {
  const head = el("tr", {}, el("th", { scope: "col" }, "Figure"), el("th", { scope: "col" }, "Unit"));
  const columns: [policy: number, period: string][] = context.isComparison
    ? context.policies.map((_, p) => [p, context.period()])
    : context.figures.years.map((year) => [0, year]);
  for (const [policy, period] of columns) {
    head.append(context.isComparison
      ? el("th", { scope: "col", class: "number" }, swatch(colour.policy(policy), context.policies[policy]!.name),
        el("small", {}, runsOf(context, policy)))
      : el("th", { scope: "col", class: "number" }, period));
  }
  const body = el("tbody");
  const isTold = (name: string): boolean =>
    columns.some(([policy, period]) => Number.isFinite(context.figures.mean(policy, name, period)));
  for (const { name, label } of figuresIn(context).filter((key) => isTold(key.name))) {
    const row = el("tr", {}, el("th", { scope: "row" }, label),
      el("td", { class: "unit" }, unitName(context.figures.unit(name))));
    for (const [policy, period] of columns) row.append(cell(context, policy, name, period));
    body.append(row);
  }
  return el("table", { class: "answer" }, el("thead", {}, head), body);
}

function answerNumbers(context: Context): Numbers {
  const { columns, periods } = context.page.figures;
  const rows: Value[][] = [];
  for (const [p, policy] of context.policies.entries()) {
    for (const { name } of figuresIn(context)) {
      for (const period of periods) {
        const f = context.figures.get(p, name, period);
        const values = columns.map((c) => f[c as keyof typeof f]);
        if (!Number.isFinite(f.mean)) continue;
        rows.push([policy.name, name, period, context.figures.unit(name), ...values]);
      }
    }
  }
  return { columns: ["policy", "figure", "period", "unit", ...columns], rows };
}

/** What most of a period's unmet pieces are traced back to. */
function causesText(context: Context, policy: number, period: string): string {
  const unmet = context.figures.mean(policy, "market.unmet", period);
  if (!(unmet > 0)) return "";
  const parts = context.policies[policy]!.weekly.causes
    .map(({ kind, item, name }): [number, string] =>
      [context.figures.mean(policy, `causes.${kind}.${item}.unmet`, period) / unmet, words(name)])
    .filter(([share]) => share >= 0.05)
    .sort((a, b) => b[0] - a[0]);
  if (parts.length === 0) return "";
  return `Root causes, traced back through the chain: ${parts.slice(0, 4).map(([share, what]) => `${what} ${percent(share)}`).join(", ")}.`;
}

/** The finding in a sentence, and what stands behind it. */
export function headline(context: Context): { title: string; more: string } {
  const f = context.figures;
  const period = context.period();
  const when = period === "all" ? "Over all years," : `In ${period},`;
  const shipped = f.mean(0, "market.shipped", period);
  const wanted = f.mean(0, "market.demanded", period);
  if (!(wanted > 0)) return { title: context.policies[0]!.name, more: "" };
  const base = `${percent(shipped / wanted)} of the ${piecesText(wanted)} pieces wanted`;
  if (!context.isComparison) {
    const { name, replications } = context.policies[0]!;
    const runs = replications === 1 ? "Of one run; --replications gives an interval." : `Mean of ${replications} runs.`;
    const at = when.charAt(0).toLowerCase() + when.slice(1);
    return { title: `${name}: ${at} ${base} are shipped`, more: `${causesText(context, 0, period)} ${runs}`.trim() };
  }
  const changes = context.policies.map((_, p) => f.get(p, "market.shipped", period));
  let best = 1;
  for (let p = 2; p < changes.length; ++p) {
    if (changes[p]!.difference > changes[best]!.difference) best = p;
  }
  const change = changes[best]!;
  const name = context.policies[best]!.name;
  const hasInterval = Number.isFinite(change.difference_low);
  const interval = hasInterval
    ? `95 % interval ${differenceIn(change.difference_low, "pieces")} to ${differenceIn(change.difference_high, "pieces")}`
    : "One pair of runs has no interval";
  const told = change.difference_low > 0 || change.difference_high < 0;
  const title = !Number.isFinite(change.difference)
    ? `${when} the base ships ${base}; the others have other random numbers and are not paired with it`
    : told || !hasInterval && change.difference !== 0
      ? `${when} ${name} ships ${piecesText(Math.abs(change.difference))} pieces ` +
        `${change.difference > 0 ? "more" : "fewer"} than ${context.policies[0]!.name}`
      : `${when} ${name} and ${context.policies[0]!.name} ship the same, as far as can be told`;
  return { title, more: `The base ships ${base}. ${interval}. ${causesText(context, 0, period)}` };
}

export function answerView(context: Context): DrawnFigure {
  const holder = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Key figures" });
  const note = context.isComparison
    ? "Means over replications. Under them the difference to the first policy with its 95 % interval, paired " +
      "replication by replication under the same random numbers: ▲ better, ▼ worse, ≈ the interval holds zero."
    : "Means over replications; under them what nine in ten runs lie between.";
  return figure({
    id: "figures", title: context.isComparison ? "Policies side by side" : "Key figures by year", note, wide: true,
    choices: [groupChoice(context), ...(context.isComparison ? [context.periodChoice()] : [])],
    body: [holder],
    draw: () => holder.replaceChildren(answerTable(context)),
    numbers: () => answerNumbers(context),
  });
}
