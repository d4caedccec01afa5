// What becomes of the agreement under an option: committed, called, delivered and paid by quarter.

import { axisStyle, chart, type Option, tooltip } from "../chart.js";
import { colour } from "../colours.js";
import { number, numbersOf, optionLabel } from "../decision.js";
import { type Choice, el, swatch, valueOf } from "../dom.js";
import { inUnit, words } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Decision, Row } from "../page_types.js";

const names: Record<string, string> = {
  committed: "committed", called: "called", delivered: "delivered", shortfall_buyer: "committed, not called",
  shortfall_seller: "called, not delivered in time", owed: "owed at the end of the quarter",
  cash_to_seller: "paid to the seller", take_or_pay: "of it for what was not taken", penalty: "penalties of the seller",
  prepaid_balance: "prepaid and not yet credited, at the end of the quarter",
};
const pieceMeasures = ["committed", "called", "delivered", "shortfall_buyer", "shortfall_seller", "owed"];
const moneyMeasures = ["cash_to_seller", "take_or_pay", "penalty", "prepaid_balance"];

function option(rows: Row[], measures: string[], unit: string): Option {
  const isShort = (v: number): string => inUnit(v, unit);
  return {
    grid: { left: 8, right: 16, top: 28, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: rows.map((row) => String(row["quarter"])), ...axisStyle(), splitLine: { show: false } },
    yAxis: { type: "value", ...axisStyle(), name: unit === "usd" ? "USD" : "pieces", nameTextStyle: { align: "left", color: colour.quiet() },
      axisLabel: { ...axisStyle()["axisLabel"], formatter: isShort } },
    tooltip: tooltip({ trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (v: unknown) => isShort(Number(v)) }),
    series: measures.map((measure, i) => ({
      type: "bar", name: names[measure] ?? words(measure), barGap: "5%", itemStyle: { color: colour.policy(i + 1) }, emphasis: { disabled: true },
      data: rows.map((row) => number(row[measure])),
    })),
  };
}

export function commitmentView(decision: Decision): DrawnFigure {
  const known = new Set(decision.ledger.map((row) => row["option"]));
  const options = decision.options.map((o) => o.option).filter((o) => known.has(o)); // the best first
  const ordered = [...options.filter((o) => o === decision.in_question), ...options.filter((o) => o !== decision.in_question)];
  const choice: Choice = { key: "commitment", label: "Option", options: ordered.map((o) => [o, optionLabel(decision, o)]) };
  const rowsOf = (): Row[] => decision.ledger.filter((row) => row["option"] === valueOf(choice));
  const sides = [["Pieces", "pieces", pieceMeasures], ["Money", "usd", moneyMeasures]] as const;
  const drawings = sides.map(() => ({ keys: el("p", { class: "legend" }), drawing: chart(250) }));
  return figure({
    id: "commitment", title: "What becomes of the agreement", wide: true, choices: [choice],
    note: "By quarter, means over futures and replications; what is nothing all the time is not drawn.",
    body: [el("div", { class: "pair" }, ...drawings.map(({ keys, drawing }, i) => el("div", {}, el("h3", {}, sides[i]![0]), keys, drawing.element)))],
    draw: () => {
      const rows = rowsOf();
      for (const [i, [title, unit, measures]] of sides.entries()) {
        const used = measures.filter((m) => rows.some((row) => Math.abs(number(row[m])) > 0));
        const { keys, drawing } = drawings[i]!;
        keys.replaceChildren(...used.map((m, n) => swatch(colour.policy(n + 1), names[m] ?? words(m))));
        drawing.show(option(rows, used, unit), `${title} of the agreement by quarter: the numbers stand below.`);
      }
    },
    numbers: () => numbersOf(rowsOf()),
  });
}
