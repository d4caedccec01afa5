// The price at which each side is indifferent, and between the two what they can agree on.

import { cards, withSmall } from "../cards.js";
import { commonPrice, number, numbersOf, optionLabel } from "../decision.js";
import { el, swatch } from "../dom.js";
import { priceText } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Decision, Row } from "../page_types.js";
import { type Mark, scaleOf, strip, stripHead } from "../strip.js";

const keys = ["buyer_low", "buyer_high", "seller_low", "seller_high"];

function marks(row: Row, usual: number): Mark[] {
  const [buyer, seller] = [number(row["buyer"]), number(row["seller"])];
  const side = (kind: string, who: string): Mark[] =>
    Number.isFinite(number(row[who])) ? [[kind, number(row[`${who}_low`]), number(row[`${who}_high`])]] : [];
  return [
    ...(seller < buyer ? [["zone", seller, buyer] as Mark] : []), ...side("seller", "seller"), ...side("simulated", "buyer"),
    ...(Number.isFinite(usual) ? [["zero", usual, usual] as Mark] : []),
  ];
}

export function pricesView(decision: Decision): DrawnFigure {
  const usual = commonPrice(decision);
  const scale = scaleOf([usual, ...decision.prices.flatMap((row) => keys.map((key) => number(row[key])))]);
  const price = (row: Row, who: string): [string, string] => [priceText(number(row[who])),
    Number.isFinite(number(row[who])) ? `${priceText(number(row[`${who}_low`]))} to ${priceText(number(row[`${who}_high`]))}` : ""];
  return figure({
    id: "prices", title: "At which price both gain", wide: true,
    note: `USD a piece, against ${optionLabel(decision, decision.reference)}. In the mean of the futures studied the buyer gains below its price, the seller above its own; under them 95 % intervals, of luck within these futures. ` +
      `Gains are straight lines in the price, so prices beyond those that were simulated can be told, too.`,
    body: [
      el("p", { class: "legend" }, swatch("var(--policy-2)", "the seller's least"), swatch("var(--policy-1)", "the buyer's most"),
        swatch("var(--zone)", "both gain"), ...(Number.isFinite(usual) ? [swatch("var(--text)", `price of the options above, ${priceText(usual)}`)] : [])),
      cards("Prices", [
        { name: "Terms" }, { name: "The seller's least", kind: "number" },
        { name: "Range", kind: "range", shown: stripHead(scale, "usd", usual) }, { name: "The buyer's most", kind: "number" }, { name: "Both gain", kind: "number" },
      ], decision.prices.map((row) => [
        [optionLabel(decision, String(row["option"]))], withSmall(...price(row, "seller")), [strip(scale, ...marks(row, usual))],
        withSmall(...price(row, "buyer")),
        [number(row["seller"]) < number(row["buyer"]) ? `${priceText(number(row["seller"]))} to ${priceText(number(row["buyer"]))}` : "at no price"],
      ])),
    ],
    draw: () => undefined, numbers: () => numbersOf(decision.prices),
  });
}
