// Why pieces are missing: from what customers did not get, tier by tier, to what bound it. What is a
// part of what, and what is too small to be told, was worked out before; this draws the rows.

import type { Context } from "../context.js";
import { type Choice, el, valueOf } from "../dom.js";
import { piecesText, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Numbers } from "../numbers.js";
import type { WhyRow, WhyTree } from "../page_types.js";

const byChoice: Choice = {
  key: "by", label: "Steps", options: [["item", "items"], ["site", "items at sites"]],
};

function treesOf(context: Context): WhyTree[] {
  const why = context.policy().why[context.period()];
  return (valueOf(byChoice) === "site" ? why?.site : why?.item) ?? [];
}

function line(row: WhyRow): HTMLElement {
  const bar = el("span", { class: "bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(Math.min(1, Math.abs(row.share))));
  const name = words(row.name) + (row.repeated ? ", as above" : "");
  return el("span", { class: row.cause ? "branch cause" : "branch" }, el("span", { class: "name" }, name), bar,
    el("span", { class: "number" }, row.text),
    ...(row.where ? [el("span", { class: "more" }, words(row.where))] : []));
}

/** Where `open`, the first way is open from the start, down to its cause. */
function list(rows: WhyRow[], open: boolean): HTMLElement {
  const items = el("ul");
  for (let r = 0, end = 0; r < rows.length; r = end) {
    for (end = r + 1; end < rows.length && rows[end]!.depth > rows[r]!.depth;) ++end;
    const parts = rows.slice(r + 1, end);
    const item = parts.length === 0 ? line(rows[r]!)
      : el("details", {}, el("summary", {}, line(rows[r]!)), list(parts, open && r === 0));
    if (item instanceof HTMLDetailsElement) item.open = open && r === 0;
    items.append(el("li", {}, item));
  }
  return items;
}

function fromChoice(context: Context): Choice {
  return {
    key: "missing", label: "What is missing",
    options: treesOf(context).map(({ from }): [string, string] =>
      [from, from === "" ? "all that customers did not get" : words(from)]),
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
  const body = el("div", { class: "pair" });
  return figure({
    id: "why", title: "Why it is missing", wide: true,
    choices: [context.policyChoice(), context.periodChoice(), fromChoice(context), byChoice],
    body: [body],
    draw: (view) => {
      const trees = treesOf(context);
      const from = valueOf(fromChoice(context));
      const tree = trees.find((t) => t.from === from) ?? trees[0];
      const what = tree && tree.from !== "" ? `${words(tree.from)} missing` : "wanted and not shipped";
      view.setNote(`${piecesText(tree?.pieces ?? 0)} pieces ${what}, ${context.period() === "all" ? "all years" : context.period()}, ` +
        `mean over replications${context.ofPolicy()}. Each is handed on, whole, to what was the tightest at the time, until ` +
        "something bound it: the parts add up at every step.");
      if (!tree || tree.rows.length === 0) return body.replaceChildren(el("p", {}, "Nothing is missing."));
      const ends = tree.from === "" ? context.policy().why[context.period()]!.causes : [];
      body.replaceChildren(
        ...(ends.length === 0 ? []
          : [el("div", { class: "tree" }, el("h3", {}, "What bound it in the end"), list(ends, false))]),
        el("div", { class: "tree" }, el("h3", {}, "The way there"), list(tree.rows, true)));
    },
    numbers: () => numbers(context),
  });
}
