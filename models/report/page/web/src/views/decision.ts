// A decision on a long-term agreement: what to do in sentences, and the options that it was chosen from.

import { cards, withSmall } from "../cards.js";
import { candidates, commonPrice, number, numbersOf, optionLabel } from "../decision.js";
import { el, swatch } from "../dom.js";
import { inUnit, percent, priceText, typeset, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Decision, DecisionOption } from "../page_types.js";
import { scaleOf, strip, stripHead } from "../strip.js";

const usd = (value: unknown): string => inUnit(number(value), "usd");

function optionTable(decision: Decision): HTMLElement {
  const options = candidates(decision);
  const scale = scaleOf([0, ...options.flatMap((o) => [o.p05, o.p95])]);
  const remark = (o: DecisionOption): HTMLElement[] => [
    ...(o.option === decision.reference ? [el("small", {}, "what the others are compared with")] : []),
    ...(o.left === "yes" ? [el("small", { class: "better" }, decision.decided ? "the best" : "may be the best")] : []),
  ];
  return cards("Options", [
    { name: "Option" }, { name: "Gain", kind: "number" },
    { name: "Range", kind: "range", shown: stripHead(scale, "usd", 0) }, { name: "Better in", kind: "number" },
    { name: `Mean of the worst ${percent(decision.tail)}`, kind: "number" }, { name: "Regret", kind: "number" },
    { name: "Delivered, below to others", kind: "number" },
  ], options.map((o) => [
    [optionLabel(decision, o.option), ...remark(o)],
    withSmall(usd(o.gain), `${usd(o.gain_low)} to ${usd(o.gain_high)}`),
    [strip(scale, ["published", o.p05, o.p95], ["simulated", o.gain_low, o.gain_high], ["zero", 0, 0])],
    [o.option === decision.reference ? "–" : percent(o.right)], withSmall(usd(-o.cvar), `of ${o.cvar_cases} ${o.cvar_cases === 1 ? "case" : "cases"}`), [usd(o.regret)],
    withSmall(inUnit(number(o.fill_holder), "share"), inUnit(number(o.fill_others), "share")),
  ]));
}

/** Sentences and options. */
export function decisionView(decision: Decision): DrawnFigure {
  const [first, ...more] = decision.recommendation;
  const price = Number.isFinite(commonPrice(decision)) ? ` All agreements at ${priceText(commonPrice(decision))} apiece.` : "";
  return figure({
    id: "decision", title: `What ${words(decision.by)} should do on ${decision.date.replaceAll("-", "\u2011")}`, wide: true,
    body: [
      el("p", { class: "verdict" }, typeset(first ?? "")), el("ul", { class: "sentences" }, ...more.map((s) => el("li", {}, typeset(s)))),
      el("p", { class: "note" }, `Gain: net present value over ${optionLabel(decision, decision.reference)}, in USD, in pairs of runs with the same future ` +
        "and the same luck; under it the 95 % interval of its mean, of luck within these futures: another set of futures may give another mean. Better in: share of these cases. Regret: what the best option of each case gives more, in the mean. " +
        `Delivered to ${decision.holder} and to others: pieces over pieces wanted, from the decision on; above 100 % where what was late is caught up.` + price),
      el("p", { class: "legend" }, swatch("var(--neutral)", "nine cases in ten"), swatch("var(--policy-1)", "95 % interval of the mean, of luck"),
        swatch("var(--text)", "nothing gained")),
      optionTable(decision),
    ],
    draw: () => undefined,
    numbers: () => numbersOf(decision.options),
  });
}
