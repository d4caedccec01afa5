// What `optichain report` puts into the page. page_data.cpp writes it; the two change together, and
// `version` with them.

import type { Findings } from "./findings.js";

/** Little-endian numbers in base64, one row after the other. */
export type Packed = string;

export interface Fan {
  weekly: Packed; // f32, a row for each of Page.quantiles
  smoothed: Packed; // the same of means over Page.window weeks
  singles: Packed; // f32, a row for each of the first replications
}

export interface Policy {
  name: string;
  store: string;
  engine: string;
  scenario: string;
  hash: string;
  seed: string;
  replications: number;
  paired: number; // replications that share their random numbers with the first policy
  failures: [number, string][];
  tiers: Record<string, number>; // of sites; customers have 0
  events: { name: string; from: string; until: string }[];
  /** path, value, source, confidence, low, high, note; of the first policy only */
  inputs: [string, string, string, string, number | null, number | null, string][];
  /** path, value under the first policy, value here */
  changes: [string, string | null, string | null][];
  weekly: {
    fans: { product: string; demanded: Fan; shipped: Fan }[]; // the market first
    // means over replications, f32
    items: { item: string; needed: Packed; supplied: Packed }[];
    links: { seller: string; buyer: string; item: string; shipped: Packed; backlog: Packed }[];
    causes: { kind: string; item: string; unmet: Packed }[];
    agreements: { agreement: string; measure: string; unit: string; values: Packed }[];
  };
  /** By period triples: number of a node, number of the node (or cause) behind it, mean pieces. */
  traces: { nodes: string[]; periods: Record<string, number[]> };
  convergence: {
    measure: string;
    unit: string;
    values: Packed; // f64, as the others: of each replication, and of all up to it
    mean: Packed;
    low: Packed;
    high: Packed;
  }[];
}

export interface Figures {
  periods: string[];
  names: string[]; // without the period
  units: string[];
  good: ("high" | "low" | "")[];
  columns: string[];
  values: Packed[]; // f64 by policy: figure, period, column
}

export interface Page {
  version: number;
  engine: string;
  weeks: string[];
  quantiles: number[];
  window: number; // weeks of a moving mean: the week and those before it
  policies: Policy[];
  figures: Figures;
  findings: Findings | null;
}

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

export interface Figure {
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
  /** The year in which least of what is wanted is shipped, under the first policy. */
  worstYear(): string {
    const fill = (year: string): number =>
      this.mean(0, "market.shipped", year) / this.mean(0, "market.demanded", year);
    let worst = this.years[0] ?? "all";
    for (const year of this.years) if (fill(year) < fill(worst)) worst = year;
    return worst;
  }
}
