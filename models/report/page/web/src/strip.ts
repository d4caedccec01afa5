// Ranges on one scale, a row for each: in tables, where a chart would only repeat the names.

import { el } from "./dom.js";
import { inUnit } from "./format.js";

interface Scale {
  low: number;
  high: number;
}
/** From the least to the greatest of all numbers that are known. */
export function scaleOf(values: (number | null | undefined)[]): Scale {
  const known = values.filter((v): v is number => typeof v === "number" && Number.isFinite(v));
  return { low: Math.min(...known), high: Math.max(...known) };
}

/** A kind (style.css has their looks), and where it begins and ends; null is the end of the scale. */
export type Mark = [kind: string, from: number | null, to: number | null];

const at = (scale: Scale, value: number): number => 100 * (value - scale.low) / (scale.high - scale.low || 1);

export function strip(scale: Scale, ...marks: Mark[]): HTMLElement {
  return el("span", { class: "strip", "aria-hidden": "true" }, ...marks.map(([kind, from, to]) => {
    const mark = el("span", { class: kind });
    mark.style.left = `${at(scale, from ?? scale.low).toFixed(1)}%`;
    mark.style.right = `${(100 - at(scale, to ?? scale.high)).toFixed(1)}%`;
    return mark;
  }));
}

/** What stands at the ends of the scale, and at another place between them. */
export function stripHead(scale: Scale, unit: string, between?: number): HTMLElement {
  const label = (value: number, kind: string): HTMLElement => {
    const text = el("span", { class: kind }, inUnit(value, unit));
    if (kind === "between") text.style.left = `${at(scale, value).toFixed(1)}%`;
    return text;
  };
  const isApart = between !== undefined && at(scale, between) > 30 && at(scale, between) < 66;
  return el("span", { class: "scale" }, label(scale.low, "first"), ...(isApart ? [label(between, "between")] : []),
    label(scale.high, "last"));
}
