// What an option takes from one and gives to another.

import { cards, withSmall } from "../cards.js";
import { bareName, isCustomer, number, numbersOf, optionLabel, partyName } from "../decision.js";
import { inUnit, percent } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Decision, Row } from "../page_types.js";
import { scaleOf, strip, stripHead } from "../strip.js";

const mostShown = 12;
const usd = (value: unknown): string => inUnit(number(value), "usd");

/** Those of the agreement and those with the largest gains and losses, from the largest gain to the largest loss. */
function moved(decision: Decision): Row[] {
  const main = new Set(decision.spread.map((row) => row["party"]));
  const size = (row: Row): number => (main.has(bareName(decision, String(row["party"]))) ? Infinity : Math.abs(number(row["gain"])));
  return [...decision.parties].sort((a, b) => size(b) - size(a)).slice(0, mostShown)
    .sort((a, b) => number(b["gain"]) - number(a["gain"]));
}

export function partiesView(decision: Decision): DrawnFigure {
  const rows = moved(decision);
  const scale = scaleOf([0, ...rows.flatMap((r) => [number(r["p05"]), number(r["p95"])])]);
  const left = decision.parties.length - rows.length;
  return figure({
    id: "parties", title: "Who gains and who loses", wide: true,
    note: `Net present value with ${optionLabel(decision, decision.in_question)} over ${optionLabel(decision, decision.reference)}, in USD: mean with its 95 % interval, of luck within these futures (blue), ` +
      `nine cases in ten (grey).${left > 0 ? ` Who decides, buyer and seller, and those that it moves most; ${left} more in the numbers.` : ""}`,
    body: [cards("Parties", [
      { name: "Party" }, { name: "Gain", kind: "number" }, { name: "Range", kind: "range", shown: stripHead(scale, "usd", 0) },
      { name: "Better in", kind: "number" },
    ], rows.map((r) => [
      withSmall(partyName(decision, String(r["party"])), isCustomer(decision, String(r["party"])) ? "customer" : "maker"),
      withSmall(usd(r["gain"]), `${usd(r["gain_low"])} to ${usd(r["gain_high"])}`),
      [strip(scale, ["published", number(r["p05"]), number(r["p95"])], ["simulated", number(r["gain_low"]), number(r["gain_high"])], ["zero", 0, 0])],
      [percent(number(r["better"]))],
    ]))],
    draw: () => undefined, numbers: () => numbersOf(decision.parties),
  });
}
