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

/** Of a single piece: cents count. */
export function priceText(usd: number): string {
  const size = Math.abs(usd);
  if (!(size >= 1 && size < 1000)) return inUnit(usd, "usd");
  return `${usd < 0 ? "−" : ""}$${size < 10 ? size.toFixed(3).replace(/0$/, "") : size.toFixed(2)}`;
}

/** Labels of an axis that spans these values: shares with as many digits as tell them apart. */
export function axisText(unit: string, values: number[]): (value: number) => string {
  const span = Math.max(...values) - Math.min(...values);
  const decimals = span < 0.005 ? 2 : span < 0.05 ? 1 : 0;
  return (value) => (unit === "share" ? percent(value, decimals) : inUnit(value, unit));
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

/** A figure's name in words: `customers.city.fill_rate.all` as `city: fill rate`. */
export function figureName(name: string): string {
  const parts = name.split(".");
  const last = parts.at(-1)!;
  const isPeriod = /^(all|\d{4}(Q\d)?)$/.test(last);
  const when = isPeriod && last !== "all" ? `, ${last}` : "";
  const core = isPeriod ? parts.slice(0, -1) : parts;
  const isParty = /^(sites|customers|families|agreements)$/;
  if (isParty.test(core[0]!) && core.length > 2) return `${words(core[1]!)}: ${core.slice(2).map(words).join(" · ")}${when}`;
  if (core[0] === "fill_rate" && core.length === 2) return `${core[1] === "holder" ? "the buyer's side" : "others"}: ${ownFigures["fill_rate"]}`;
  if (isParty.test(core[1] ?? "") && core.length === 3) return `${words(core[2]!)}: ${ownFigures[core[0]!] ?? words(core[0]!)}${when}`;
  return core.map(words).join(" · ") + when;
}
/** Figures that a decision makes of others. */
const ownFigures: Record<string, string> = { npv: "net present value", fill_rate: "fill rate since the decision" };

/** Numbers of a setting with the digits that people read. */
export function settingText(setting: string | number): string {
  const value = Number(setting);
  return setting === "" || !Number.isFinite(value) ? words(String(setting)) : String(Number(value.toPrecision(3)));
}

/** A sentence of the program as the page sets it: amounts do not break, minus is a minus. */
export const typeset = (sentence: string): string =>
  sentence.replace(/(\d) (?=[kMB%](\W|$))/g, "$1\u00a0").replace(/-(?=\$)/g, "−");

/** `shift=2 crystal_stock=as it is` as `shift 2, crystal stock as it is`. */
export const settingsLabel = (name: string): string =>
  name.split(/ (?=[^ =]+=)/).map((part) => {
    const mark = part.indexOf("=");
    return mark < 0 ? words(part) : `${words(part.slice(0, mark))} ${settingText(part.slice(mark + 1))}`;
  }).join(", ");

export const unitName = (unit: string): string => (unit === "usd" ? "USD" : unit);

/** The shortest digits that read back as the same single-precision number. */
export function singleText(value: number): string {
  for (let digits = 6; digits < 9; ++digits) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}
