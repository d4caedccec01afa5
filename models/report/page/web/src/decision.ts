// What the views of a decision share: who it is about, and what its options are called.

import { words } from "./format.js";
import type { Numbers } from "./numbers.js";
import type { Decision, DecisionOption, Row } from "./page_types.js";

/** What people call an option: without its price where all that can be chosen have the same. */
export function optionLabel(decision: Decision, option: string): string {
  const label = decision.labels[option];
  if (!label) return words(option);
  return Number.isFinite(commonPrice(decision)) ? label.terms : label.text;
}

/** The price of all agreements that can be chosen; not a number if they differ. */
export function commonPrice(decision: Decision): number {
  const prices = new Set(candidates(decision).map((o) => o.price).filter((price) => typeof price === "number"));
  return prices.size === 1 ? number([...prices][0]) : NaN;
}

/** A party without its group. */
export const bareName = (decision: Decision, party: string): string => decision.names[party]?.name ?? party;
export const partyName = (decision: Decision, party: string): string => words(bareName(decision, party));
export const isCustomer = (decision: Decision, party: string): boolean => decision.names[party]?.group === "customers";

/** Options that can be chosen: those at other prices only show what a price is worth. */
export const candidates = (decision: Decision): DecisionOption[] =>
  decision.options.filter((o) => typeof o.regret === "number");

export const number = (value: unknown): number => (typeof value === "number" ? value : NaN);

/** The best option that is not the one in question, among those without the agreement if that has it. */
export function rivalOf(decision: Decision): string {
  const signs = (option: string): boolean => decision.frontier.some((row) => row["option"] === option);
  const others = candidates(decision).filter((o) => o.option !== decision.in_question && o.option !== decision.reference);
  const rival = others.find((o) => signs(o.option) !== signs(decision.in_question)) ?? others[0];
  return rival?.option ?? decision.reference;
}

export function numbersOf(rows: Row[]): Numbers {
  const columns = Object.keys(rows[0] ?? {});
  return { columns, rows: rows.map((row) => columns.map((c) => row[c] ?? null)) };
}
