// Who sends what to whom in a chosen week, and how much it owes.

import { chart, escape, type Option, tooltip } from "../chart.js";
import { colour, stepOf, weeksScale } from "../colours.js";
import type { Context } from "../context.js";
import { type Choice, el, swatch, valueOf } from "../dom.js";
import { piecesText, short, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Numbers } from "../numbers.js";
import { choose, chosenNumber } from "../state.js";

const scaleChoice: Choice = {
  key: "scale", label: "Widths",
  options: [["same", "the same in all weeks"], ["fill", "fill the picture"]],
};
const height = 640;
const gap = 12; // as high as a name, so that names of small ones do not cover one another

function itemChoice(context: Context): Choice {
  const items = [...new Set(context.policies.flatMap((p) => p.weekly.links.map((l) => l.item)))].sort();
  return { key: "item", label: "Goods", options: [["", "all"], ...items.map((i): [string, string] => [i, words(i)])] };
}

const weekOf = (context: Context): number =>
  chosenNumber("week", worstWeek(context), 0, context.weeks.length - 1);

/** In which customers lack most; of a chain that began empty, once it is full. */
function worstWeek(context: Context): number {
  const market = context.policies[0]!.weekly.fans[0];
  if (!market) return 0;
  const wanted = context.rows(market.demanded.smoothed)[2]!, shipped = context.rows(market.shipped.smoothed)[2]!;
  let worst = context.firstFullWeek;
  for (let w = worst + 1; w < wanted.length; ++w) {
    if (wanted[w]! - shipped[w]! > wanted[worst]! - shipped[worst]!) worst = w;
  }
  return worst;
}

interface Flow {
  seller: string;
  buyer: string;
  items: string[];
  shipped: Float32Array; // by week, means over the window
  owed: Float32Array; // the same of orders that are not shipped
}

/** Means over the week and those before it. */
function windowed(values: Float32Array, window: number, into: Float32Array): void {
  let sum = 0;
  for (let w = 0; w < values.length; ++w) {
    sum += values[w]! - (w >= window ? values[w - window]! : 0);
    into[w]! += sum / Math.min(w + 1, window);
  }
}

/** What goes between two parties, whatever it is. Kept while neither policy nor goods change. */
function flowsOf(context: Context): Flow[] {
  const item = valueOf(itemChoice(context));
  const between = new Map<string, Flow>();
  for (const link of context.policy().weekly.links) {
    if (item !== "" && link.item !== item) continue;
    const key = `${link.seller}\n${link.buyer}`;
    let flow = between.get(key);
    if (!flow) {
      const weeks = context.weeks.length;
      flow = { seller: link.seller, buyer: link.buyer, items: [], shipped: new Float32Array(weeks), owed: new Float32Array(weeks) };
      between.set(key, flow);
    }
    flow.items.push(link.item);
    windowed(context.weekly(link.shipped), context.page.window, flow.shipped);
    windowed(context.weekly(link.backlog), context.page.window, flow.owed);
  }
  return [...between.values()];
}

interface Layout {
  flows: Flow[]; // that go down the tiers
  others: Flow[]; // that do not: circles cannot be drawn
  names: string[]; // so that few ways cross
  depth: Map<string, number>;
  most: number; // pieces in the fullest column of any week
}

function layout(context: Context): Layout {
  const policy = context.policy();
  const all = flowsOf(context);
  const tier = (name: string): number => context.tierOf(policy, name);
  const down = (f: Flow): boolean => tier(f.seller) > tier(f.buyer);
  const flows = all.filter(down);
  const total = new Map<string, number>();
  const add = (name: string, pieces: number): void => { total.set(name, (total.get(name) ?? 0) + pieces); };
  const pieces = new Map(flows.map((f) => [f, f.shipped.reduce((a, b) => a + b, 0)]));
  for (const f of flows) {
    add(f.seller, pieces.get(f)!);
    add(f.buyer, pieces.get(f)!);
  }
  const names = [...total.keys()];
  const tiers = [...new Set(names.map(tier))].sort((a, b) => a - b);
  const place = new Map<string, number>();
  for (const t of tiers) {
    const column = names.filter((n) => tier(n) === t);
    const pull = (name: string): number => {
      const out = flows.filter((f) => f.seller === name && place.has(f.buyer));
      const weight = out.reduce((sum, f) => sum + pieces.get(f)!, 0);
      return weight > 0 ? out.reduce((sum, f) => sum + pieces.get(f)! * place.get(f.buyer)!, 0) / weight : -total.get(name)!;
    };
    column.map((name): [number, string] => [pull(name), name]).sort((a, b) => a[0] - b[0])
      .forEach(([, name], i) => place.set(name, (i + 0.5) / column.length));
  }
  names.sort((a, b) => tier(b) - tier(a) || place.get(a)! - place.get(b)!);
  const deepest = tiers.at(-1) ?? 0;
  return {
    flows, others: all.filter((f) => !down(f)), names,
    depth: new Map(names.map((n) => [n, deepest - tier(n)])),
    most: fullest(context, flows, names, tier),
  };
}

/** The height of a column in pieces, its gaps included, in the week in which it is the highest. */
function fullest(context: Context, flows: Flow[], names: string[], tier: (name: string) => number): number {
  let most = 0;
  const columns = new Map<number, number>();
  for (const name of names) columns.set(tier(name), (columns.get(tier(name)) ?? 0) + 1);
  for (let w = 0; w < context.weeks.length; ++w) {
    const into = new Map<string, number>(), out = new Map<string, number>(), height = new Map<number, number>();
    for (const f of flows) {
      into.set(f.buyer, (into.get(f.buyer) ?? 0) + f.shipped[w]!);
      out.set(f.seller, (out.get(f.seller) ?? 0) + f.shipped[w]!);
    }
    for (const name of names) {
      const pieces = Math.max(into.get(name) ?? 0, out.get(name) ?? 0);
      height.set(tier(name), (height.get(tier(name)) ?? 0) + pieces);
    }
    for (const [t, pieces] of height) most = Math.max(most, pieces / room(columns.get(t)!));
  }
  return most;
}
const room = (nodes: number): number => Math.max(0.1, 1 - (nodes - 1) * gap / (height - 24));

function option(l: Layout, week: number): Option {
  const weeksOwed = (f: Flow): number => (f.owed[week]! < 0.5 ? 0 : f.owed[week]! / f.shipped[week]!);
  const step = (f: Flow): number => stepOf(weeksOwed(f), weeksScale);
  const shown = l.flows.filter((f) => f.shipped[week]! > 0);
  const lastColumn = Math.max(0, ...l.depth.values());
  const filler = "\u00a0"; // takes up what the fullest week needs more
  const data: Option[] = l.names.map((name) => ({
    name, depth: l.depth.get(name), itemStyle: { color: colour.quiet() },
    label: { position: l.depth.get(name) === lastColumn ? "left" : "right", formatter: words(name) },
  }));
  if (valueOf(scaleChoice) === "same") {
    const into = shown.filter((f) => l.depth.get(f.buyer) === lastColumn).reduce((sum, f) => sum + f.shipped[week]!, 0);
    const nodes = l.names.filter((n) => l.depth.get(n) === lastColumn).length;
    data.push({ name: filler, depth: lastColumn, value: Math.max(0, l.most * room(nodes + 1) - into),
      itemStyle: { opacity: 0 }, label: { show: false }, tooltip: { show: false } });
  }
  return {
    tooltip: tooltip({ trigger: "item" }),
    series: [{
      type: "sankey", left: 4, right: 4, top: 12, bottom: 12, nodeGap: gap, nodeWidth: 10, layoutIterations: 0,
      nodeAlign: "left", draggable: false, emphasis: { focus: "trajectory" }, data,
      // on paper of their own: no ribbon strikes a name through
      label: { color: colour.text(), fontSize: 11, distance: 2, padding: [1, 3], backgroundColor: colour.paper() },
      links: shown.map((f) => ({
        source: f.seller, target: f.buyer, value: f.shipped[week]!,
        lineStyle: {
          color: step(f) === 0 ? colour.neutral() : colour.shortage(step(f)),
          opacity: step(f) === 0 ? 0.35 : 0.75, curveness: 0.5,
        },
        tooltip: {
          formatter: () => `${escape(words(f.seller))} to ${escape(words(f.buyer))}: ${escape(words(f.items.join(", ")))}<br>` +
            `${piecesText(f.shipped[week]!)} pieces a week shipped, ${piecesText(f.owed[week]!)} owed: ` +
            `<b>${short(weeksOwed(f))} weeks</b>`,
        },
      })),
    }],
  };
}

function numbers(context: Context): Numbers {
  const week = weekOf(context);
  const item = valueOf(itemChoice(context));
  const links = context.policy().weekly.links.filter((l) => item === "" || l.item === item);
  return {
    columns: ["policy", "week", "seller", "buyer", "item", "shipped", "backlog"], single: true,
    rows: links.map((l) => [context.policy().name, context.weeks[week]!, l.seller, l.buyer, l.item,
      context.weekly(l.shipped)[week]!, context.weekly(l.backlog)[week]!]),
  };
}

export function flowView(context: Context): DrawnFigure {
  const drawing = chart(height);
  const scroll = el("div", { class: "scroll flow", tabindex: "0", role: "region", "aria-label": "Flows" }, drawing.element);
  const slider = el("input", { type: "range", min: "0", max: String(context.weeks.length - 1), name: "week" });
  const shown = el("output");
  const play = el("button", { type: "button", "aria-pressed": "false" }, "Play");
  const control = el("label", { class: "control slider" }, el("span", {}, "Week of"), shown, slider);
  slider.addEventListener("input", () => choose("week", slider.value));
  let timer = 0;
  const pause = (): void => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  };
  play.addEventListener("click", () => {
    if (timer !== 0) return pause();
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    if (weekOf(context) === context.weeks.length - 1) choose("week", "0");
    timer = window.setInterval(() => {
      if (weekOf(context) >= context.weeks.length - 1) return pause();
      choose("week", String(weekOf(context) + 1));
    }, 120);
  });
  let kept: { key: string; layout: Layout } | null = null;
  return figure({
    id: "flows", title: "Who sends what to whom", wide: true,
    choices: [context.policyChoice(), itemChoice(context), scaleChoice], follows: ["week"], controls: [control, play],
    body: [el("p", { class: "legend" }), scroll],
    draw: (view) => {
      const key = `${context.policyIndex()} ${valueOf(itemChoice(context))}`;
      if (kept?.key !== key) kept = { key, layout: layout(context) };
      const week = weekOf(context);
      slider.value = String(week);
      slider.setAttribute("aria-valuetext", context.weeks[week]!);
      shown.textContent = context.weeks[week]!;
      const others = kept.layout.others.length;
      view.setNote(`Width: pieces a week, means over ${context.page.window} weeks and replications. Colour: orders not ` +
        `shipped, in weeks of shipments.${others > 0 ? ` ${others} ways that lead back or sideways are in the numbers only.` : ""}`);
      scroll.previousElementSibling!.replaceChildren(...weeksScale.names.map((name, step) =>
        swatch(step === 0 ? colour.neutral() : colour.shortage(step), name)));
      drawing.show(option(kept.layout, week), `Flows in the week of ${context.weeks[week]}: the numbers stand below.`);
    },
    numbers: () => numbers(context),
  });
}
