// What `optichain report` put into the page (page_types.ts), unpacked.

import type { FigureKey, Figures, Packed, Page } from "./page_types.js";

/** What the page was filled with: JSON as a zlib stream (RFC 1950) in base64. */
export async function readPage(packed: string): Promise<Page> {
  const stream = new Blob([bytes(packed)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return await new Response(stream).json() as Page;
}

function bytes(packed: Packed): ArrayBuffer {
  const text = atob(packed);
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) out[i] = text.charCodeAt(i);
  return out.buffer;
}
export const f32 = (packed: Packed): Float32Array => new Float32Array(bytes(packed));
export const f64 = (packed: Packed): Float64Array => new Float64Array(bytes(packed));

export const packF64 = (values: number[]): Packed =>
  btoa(Array.from(new Uint8Array(new Float64Array(values).buffer), (byte) => String.fromCharCode(byte)).join(""));

interface Figure {
  mean: number;
  low: number;
  high: number;
  p05: number;
  p95: number;
  difference: number;
  difference_low: number;
  difference_high: number;
}

/** Key figures by policy, name and period. */
export class FigureTable {
  private readonly index = new Map<string, number>();
  private readonly values: Float64Array[];

  constructor(readonly figures: Figures) {
    figures.names.forEach((name, i) => this.index.set(name, i));
    this.values = figures.values.map(f64);
  }

  /** Those that are wanted, in their order, each with its name. */
  where(isWanted: (key: FigureKey) => boolean): (FigureKey & { name: string })[] {
    return this.figures.names.map((name, i) => ({ ...this.figures.keys[i]!, name })).filter(isWanted);
  }
  /** Not a number where it is not reported. */
  get(policy: number, name: string, period: string): Figure {
    const { periods, columns } = this.figures;
    const figure = this.index.get(name);
    const at = periods.indexOf(period);
    const known = figure !== undefined && at >= 0;
    const begin = known ? (figure * periods.length + at) * columns.length : 0;
    const entries = columns.map((c, i) => [c, known ? this.values[policy]![begin + i] : NaN]);
    return Object.fromEntries(entries) as Figure;
  }
  mean(policy: number, name: string, period: string): number {
    return this.get(policy, name, period).mean;
  }
  unit(name: string): string {
    return this.figures.units[this.index.get(name) ?? -1] ?? "";
  }
  good(name: string): string {
    return this.figures.good[this.index.get(name) ?? -1] ?? "";
  }
  get years(): string[] {
    return this.figures.periods.filter((p) => p !== "all");
  }
  /**
   * The year in which least of what is wanted is shipped, under the first policy; of those that begin
   * on a day or after it, if there are any.
   */
  worstYear(from: string): string {
    const fill = (year: string): number =>
      this.mean(0, "market.shipped", year) / this.mean(0, "market.demanded", year);
    const later = this.years.filter((year) => `${year}-01-01` >= from);
    const years = later.length > 0 ? later : this.years;
    let worst = years[0] ?? "all";
    for (const year of years) if (fill(year) < fill(worst)) worst = year;
    return worst;
  }
}
