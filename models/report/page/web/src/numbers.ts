// The numbers behind a chart: a table on the page, and a CSV file with every digit.

import { el } from "./dom.js";
import { singleText } from "./format.js";

export type Value = string | number | null;

export interface Numbers {
  /** Column names as the file has them. */
  columns: string[];
  rows: Value[][];
  /** Values are of single precision: no digit is written that they do not have. */
  single?: boolean;
}

function fieldText(value: Value, single: boolean): string {
  if (value === null) return "";
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return "";
    return single ? singleText(value) : String(value);
  }
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** RFC 4180, as the program's own CSV: a header, line feeds, empty for what is not known. */
function csvText(numbers: Numbers): string {
  const lines = [numbers.columns, ...numbers.rows]
    .map((row) => row.map((value) => fieldText(value, numbers.single ?? false)).join(","));
  return `${lines.join("\n")}\n`;
}

export function saveCsv(name: string, numbers: Numbers): void {
  const url = URL.createObjectURL(new Blob([csvText(numbers)], { type: "text/csv" }));
  const link = el("a", { href: url, download: `${name}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

const mostShown = 100;

function numberText(value: number): string {
  if (!Number.isFinite(value)) return "";
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  return value.toLocaleString("en-US", { maximumSignificantDigits: Math.abs(value) >= 1e5 ? 7 : 5 });
}

/** A table of values as they are; long ones are cut on the page, not in the file. */
export function table(numbers: Numbers, label: string): HTMLElement {
  const isNumber = numbers.columns.map((_, c) => numbers.rows.some((r) => typeof r[c] === "number"));
  const cell = (value: Value, c: number, tag: "td" | "th"): HTMLElement =>
    el(tag, isNumber[c] ? { class: "number" } : {},
      typeof value === "number" ? numberText(value) : value ?? "");
  const head = el("tr", {}, ...numbers.columns.map((name, c) => {
    const heading = cell(name, c, "th");
    heading.setAttribute("scope", "col");
    return heading;
  }));
  const rows = numbers.rows.slice(0, mostShown)
    .map((row) => el("tr", {}, ...row.map((value, c) => cell(value, c, "td"))));
  const scroll = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
    el("table", { class: "values" }, el("thead", {}, head), el("tbody", {}, ...rows)));
  if (numbers.rows.length > mostShown) {
    scroll.append(el("p", { class: "note" },
      `The first ${mostShown} of ${numbers.rows.length.toLocaleString("en-US")} rows; ` +
      "all of them are in the CSV file."));
  }
  return scroll;
}
