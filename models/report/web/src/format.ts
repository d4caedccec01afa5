// Numbers for people: three significant digits, with a unit that is short.

// the blanks do not break
const steps: [number, string][] = [[1e9, "\u00a0B"], [1e6, "\u00a0M"], [1e3, "\u00a0k"]];

/** `1.52 M`, `340`, `0.0125`, as the program's own tables have it. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  for (const [step, suffix] of steps) {
    if (size >= 0.9995 * step) return three(value / step) + suffix;
  }
  return three(value);
}

function three(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const digits = Math.abs(rounded);
  const decimals = digits >= 100 ? 0 : digits >= 10 ? 1 : digits >= 1 ? 2 : undefined;
  const text = decimals === undefined ? String(rounded) : rounded.toFixed(decimals);
  return text.replace("-", "−");
}

export function percent(share: number, decimals = 0): string {
  if (!Number.isFinite(share)) return "–";
  const text = (100 * share).toFixed(decimals);
  return `${(Number(text) === 0 ? "0" : text).replace("-", "−")}\u00a0%`;
}

/** Whole ones, shortened from a thousand on. */
export function piecesText(value: number): string {
  const whole = Math.round(value);
  return Math.abs(whole) < 1000 ? String(whole).replace("-", "−") : short(whole);
}

export function inUnit(value: number, unit: string): string {
  if (!Number.isFinite(value)) return "–";
  if (unit === "share") return percent(value, Math.abs(value) < 0.0995 ? 1 : 0);
  if (unit === "usd") return value < 0 ? `−$${short(-value)}` : `$${short(value)}`;
  if (unit === "pieces") return piecesText(value);
  return short(value);
}

/** With its sign; a share's difference is in points. */
export function differenceIn(value: number, unit: string): string {
  if (!Number.isFinite(value)) return "–";
  const sign = value < 0 ? "−" : "+";
  const size = Math.abs(value);
  if (unit === "share") return `${sign}${(100 * size).toFixed(1)}\u00a0pt`;
  return sign + inUnit(size, unit);
}

export const words = (name: string): string => name.replaceAll("_", " ");

/** `causes.capacity.garnet_chip.unmet` as `causes · capacity · garnet chip · unmet`. */
export const path = (name: string): string => words(name).replaceAll(".", " · ");

export const unitName = (unit: string): string => (unit === "usd" ? "USD" : unit);

/** The shortest digits that read back as the same single-precision number. */
export function singleText(value: number): string {
  for (let digits = 6; digits < 9; ++digits) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}
