// Why pieces are missing: from what customers did not get, tier by tier, to what bound it.

import type { Context } from "../context.js";
import { type Choice, el, valueOf } from "../dom.js";
import { percent, piecesText, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Numbers } from "../numbers.js";

const byChoice: Choice = {
  key: "by", label: "Steps", options: [["item", "items"], ["site", "items at sites"]],
};
const isCause = (node: string): boolean => node.includes("/");

/** site.item and customer.product without the place, unless places are asked for. */
function label(node: string): string {
  return isCause(node) || valueOf(byChoice) === "site" ? node : node.slice(node.indexOf(".") + 1);
}

interface Flow {
  total: number;
  to: Map<string, number>;
}

/** Between labels; what stays within one is no step of the way. As `optichain explain` has it. */
function flowsOf(context: Context): Map<string, Flow> {
  const { nodes, periods } = context.policy().traces;
  const triples = periods[context.period()] ?? [];
  const flows = new Map<string, Flow>();
  for (let i = 0; i < triples.length; i += 3) {
    const from = label(nodes[triples[i]!]!), to = label(nodes[triples[i + 1]!]!);
    if (from === to) continue;
    let flow = flows.get(from);
    if (!flow) flows.set(from, (flow = { total: 0, to: new Map() }));
    flow.to.set(to, (flow.to.get(to) ?? 0) + triples[i + 2]!);
    flow.total += triples[i + 2]!;
  }
  return flows;
}

/** What nobody handed on: the customers' demands. */
function roots(flows: Map<string, Flow>): [string, number][] {
  const rest = new Map<string, number>();
  const add = (name: string, pieces: number): void => { rest.set(name, (rest.get(name) ?? 0) + pieces); };
  for (const [from, flow] of flows) {
    add(from, flow.total);
    for (const [to, pieces] of flow.to) if (!isCause(to)) add(to, -pieces);
  }
  return [...rest].filter(([, pieces]) => Math.abs(pieces) >= 0.5);
}

interface Branch {
  name: string;
  pieces: number;
  places?: [string, number][]; // of a cause
}

/** Causes of one kind and item are one branch, with the places in it. */
function branches(parts: [string, number][]): Branch[] {
  const out = new Map<string, Branch>();
  for (const [name, pieces] of parts) {
    const [kind, item, where] = name.split("/");
    const key = isCause(name) ? `${kind}/${item}` : name;
    let branch = out.get(key);
    if (!branch) out.set(key, (branch = isCause(name) ? { name: key, pieces: 0, places: [] } : { name: key, pieces: 0 }));
    branch.pieces += pieces;
    branch.places?.push([where ?? "", pieces]);
  }
  return [...out.values()].sort((a, b) => Math.abs(b.pieces) - Math.abs(a.pieces));
}

class Tree {
  constructor(private readonly flows: Map<string, Flow>, private readonly all: number) {}

  /** Where `open`, the largest way is open from the start, down to its cause. */
  list(parts: [string, number][], way: string[], open: boolean): HTMLElement {
    const list = el("ul");
    let small = 0;
    branches(parts).forEach((branch, i) => {
      if (Math.abs(branch.pieces) < 0.005 * Math.abs(this.all)) small += branch.pieces;
      else list.append(el("li", {}, this.node(branch, way, open && i === 0)));
    });
    if (Math.abs(small) >= 0.5) list.append(el("li", {}, this.row("smaller parts", small, "")));
    return list;
  }

  private node(branch: Branch, way: string[], open: boolean): HTMLElement {
    if (branch.places) {
      const [kind, item] = branch.name.split("/");
      const places = branch.places.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
      const where = places.slice(0, 3).map(([name, pieces]) =>
        places.length === 1 ? words(name) : `${words(name)} ${percent(pieces / branch.pieces)}`).join(", ");
      const more = places.length > 3 ? `, ${places.length - 3} more` : "";
      return this.row(`${words(item!)}: ${words(kind!)}`, branch.pieces, "cause", `${where}${more}`);
    }
    const flow = this.flows.get(branch.name);
    if (!flow || flow.total === 0 || way.includes(branch.name)) return this.row(words(branch.name), branch.pieces, "");
    const details = el("details", {}, el("summary", {}, this.row(words(branch.name), branch.pieces, "")));
    const parts = [...flow.to].map(([to, pieces]): [string, number] => [to, pieces * branch.pieces / flow.total]);
    const unfold = (deeper: boolean): void => details.append(this.list(parts, [...way, branch.name], deeper));
    details.addEventListener("toggle", () => { if (details.childElementCount === 1) unfold(false); });
    if (open) {
      unfold(true);
      details.open = true;
    }
    return details;
  }

  /** What everything is traced back to in the end, the most important first. */
  causes(): HTMLElement {
    const parts = [...this.flows.values()].flatMap((flow) => [...flow.to].filter(([to]) => isCause(to)));
    const list = el("ul");
    for (const branch of branches(parts).slice(0, 8)) {
      if (Math.abs(branch.pieces) >= 0.005 * Math.abs(this.all)) list.append(el("li", {}, this.node(branch, [], false)));
    }
    return list;
  }

  private row(name: string, pieces: number, kind: string, more = ""): HTMLElement {
    const share = pieces / this.all;
    const bar = el("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", String(Math.min(1, Math.abs(share))));
    return el("span", { class: `branch ${kind}` }, el("span", { class: "name" }, name), bar,
      el("span", { class: "number" }, `${piecesText(pieces)} (${percent(share)})`),
      ...(more === "" ? [] : [el("span", { class: "more" }, more)]));
  }
}

function fromChoice(context: Context): Choice {
  const flows = flowsOf(context);
  const known = [...flows].sort((a, b) => Math.abs(b[1].total) - Math.abs(a[1].total)).map(([name]) => name);
  return {
    key: "missing", label: "What is missing",
    options: [["", "all that customers did not get"], ...known.map((n): [string, string] => [n, words(n)])],
  };
}

function numbers(context: Context): Numbers {
  const { nodes, periods } = context.policy().traces;
  const rows = context.page.figures.periods.flatMap((period) => {
    const triples = periods[period] ?? [];
    return Array.from({ length: triples.length / 3 }, (_, i) =>
      [context.policy().name, period, nodes[triples[3 * i]!]!, nodes[triples[3 * i + 1]!]!, triples[3 * i + 2]!]);
  });
  return { columns: ["policy", "period", "from", "to", "pieces"], rows };
}

export function whyView(context: Context): DrawnFigure {
  const tree = el("div", { class: "pair" });
  return figure({
    id: "why", title: "Why it is missing", wide: true,
    choices: [context.policyChoice(), context.periodChoice(), fromChoice(context), byChoice],
    body: [tree],
    draw: (view) => {
      const flows = flowsOf(context);
      const from = valueOf(fromChoice(context));
      const flow = flows.get(from);
      const parts: [string, number][] = flow ? [...flow.to] : roots(flows);
      const all = parts.reduce((sum, [, pieces]) => sum + pieces, 0);
      const what = flow ? `${words(from)} missing` : "wanted and not shipped";
      view.setNote(`${piecesText(all)} pieces ${what}, ${context.period() === "all" ? "all years" : context.period()}, ` +
        `mean over replications${context.ofPolicy()}. Each is handed on, whole, to what was the tightest at the time, until ` +
        "something bound it: the parts add up at every step.");
      const made = new Tree(flows, all);
      if (parts.length === 0) return tree.replaceChildren(el("p", {}, "Nothing is missing."));
      tree.replaceChildren(
        ...(flow ? [] : [el("div", { class: "tree" }, el("h3", {}, "What bound it in the end"), made.causes())]),
        el("div", { class: "tree" }, el("h3", {}, "The way there"), made.list(parts, flow ? [from] : [], true)));
    },
    numbers: () => numbers(context),
  });
}
