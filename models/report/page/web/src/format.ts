// Numbers for people, as the program writes them (sim/base/amount.hpp; tests/amounts.csv has examples that both
// must give), but that blanks do not break and minus is a minus.

const steps: [number, string][] = [[1e9, "\u00a0B"], [1e6, "\u00a0M"], [1e3, "\u00a0k"]];
const unknown = "–";
const withMinus = (text: string): string => text.replace("-", "−");

/** Three significant digits: `1.52 M`, `340`, `0.0125`. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return unknown;
  const size = Math.abs(value);
  if (size === 0) return "0";
  for (const [step, suffix] of steps) {
    if (size >= 0.9995 * step) return scaled(value / step) + suffix;
  }
  if (size >= 1) return Math.abs(value - Math.round(value)) < 1e-6 ? withMinus(String(Math.round(value))) : scaled(value);
  const [digits, power] = value.toExponential(2).split("e") as [string, string];
  const few = String(Number(digits));
  if (Number(power) < -4) return withMinus(`${few}e-${String(-Number(power)).padStart(2, "0")}`);
  return withMinus(String(Number(value.toPrecision(3))));
}

function scaled(value: number): string {
  const size = Math.abs(value);
  return withMinus(fixed(value, size < 9.995 ? 2 : size < 99.95 ? 1 : 0));
}

/** What lies in the middle goes to the even digit. */
function fixed(value: number, decimals: number): string {
  const exact = Math.abs(value).toFixed(decimals + 30);
  const cut = exact.slice(0, exact.length - 30 - (decimals === 0 ? 1 : 0));
  const isMiddle = /^50*$/.test(exact.slice(-30)) && /[02468]$/.test(cut);
  return isMiddle ? (value < 0 ? "-" : "") + cut : value.toFixed(decimals);
}

export function percent(share: number, decimals = 0): string {
  if (!Number.isFinite(share)) return unknown;
  const text = fixed(100 * share, decimals);
  return `${Number(text) === 0 ? "0" : withMinus(text)}\u00a0%`;
}

/** Whole ones, shortened from a thousand on. */
export const piecesText = (value: number): string => short(Math.sign(value) * Math.round(Math.abs(value)));

export function inUnit(value: number, unit: string): string {
  if (!Number.isFinite(value)) return unknown;
  if (unit === "share") return percent(value, Math.abs(value) < 0.0995 ? 1 : 0);
  if (unit === "usd") return value < 0 ? `−$${short(-value)}` : `$${short(value)}`;
  if (unit === "pieces") return piecesText(value);
  return short(value);
}

/** Of a single piece: cents count. */
export function priceText(usd: number): string {
  const size = Math.abs(usd);
  if (!(size >= 1 && size < 1000)) return inUnit(usd, "usd");
  return `${usd < 0 ? "−" : ""}$${size < 10 ? fixed(size, 3).replace(/0$/, "") : fixed(size, 2)}`;
}

/** Labels of an axis that spans these values, with as many digits as tell some six of them apart. */
export function axisText(unit: string, values: number[]): (value: number) => string {
  const span = Math.max(...values) - Math.min(...values);
  if (unit === "share") return (value) => percent(value, span < 0.005 ? 2 : span < 0.05 ? 1 : 0);
  const most = Math.max(...values.map(Math.abs));
  const [step, suffix] = steps.find(([size]) => most >= 0.9995 * size) ?? [1, ""];
  const usual = most / step < 9.995 ? 2 : most / step < 99.95 ? 1 : 0;
  const needed = Math.min(9, Math.ceil(-Math.log10(span / 6 / step)));
  if (!(span > 0 && needed > usual) || most < 1) return (value) => inUnit(value, unit);
  return (value) => `${value < 0 ? "−" : ""}${unit === "usd" ? "$" : ""}${fixed(Math.abs(value) / step, needed)}${suffix}`;
}

/** With its sign; a share's difference is in points. */
export function differenceIn(value: number, unit: string): string {
  if (!Number.isFinite(value)) return unknown;
  const sign = value < 0 ? "−" : "+";
  const size = Math.abs(value);
  if (unit === "share") return `${sign}${(100 * size).toFixed(1)}\u00a0pt`;
  return sign + inUnit(size, unit);
}

export const words = (name: string): string => name.replaceAll("_", " ");

/** Numbers of a setting with the digits that people read. */
export function settingText(setting: string | number): string {
  const value = Number(setting);
  return setting === "" || !Number.isFinite(value) ? words(String(setting)) : String(Number(value.toPrecision(3)));
}

/** A sentence of the program as the page sets it: amounts do not break, minus is a minus. */
export const typeset = (sentence: string): string =>
  sentence.replace(/(\d) (?=[kMB%](\W|$))/g, "$1\u00a0").replace(/-(?=\$)/g, "−");

export const unitName = (unit: string): string => (unit === "usd" ? "USD" : unit);

/** The shortest digits that read back as the same single-precision number. */
export function singleText(value: number): string {
  for (let digits = 6; digits < 9; ++digits) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}
