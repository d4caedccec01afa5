// What studies found; ../../README.md says what each part is. Parts that are not there are not shown.

import { f64, type Packed } from "./data.js";

export interface Metric {
  name: string;
  unit: string;
  good: "high" | "low" | "";
}
export interface TornadoRow {
  factor: string;
  low: string | number; // its lowest setting
  high: string | number;
  at_low: number | null; // the metric there
  at_high: number | null;
  swing: number | null;
}
export interface SobolRow {
  policy: string;
  uncertainty: string;
  first: number;
  first_low: number;
  first_high: number;
  total: number;
  total_low: number;
  total_high: number;
}
export interface Claim {
  id: string;
  claim: string;
  publisher: string;
  kind: string; // given, fitted, predicted
  unit: string;
  published_low: number | null; // a single figure is both
  published_high: number | null;
  simulated: number | null; // mean, and its interval
  low: number | null;
  high: number | null;
  verdict: string;
}
export interface Box {
  constraint: string;
  factor: string;
  from: number | string | null;
  to: number | string | null;
  density: number;
  coverage: number;
}
export type Row = Record<string, string | number | null>;
export interface DecisionOption extends Row {
  option: string;
  gain: number;
  gain_low: number;
  gain_high: number;
  p05: number;
  p95: number;
  var: number;
  cvar: number;
  right: number;
  left: string; // "yes" if it is not ruled out
}
/** The answer of the desk for long-term agreements. */
export interface Decision {
  by: string;
  date: string;
  reference: string;
  decided: boolean;
  recommendation: string[];
  in_question: string; // the option that the tables of one option speak of
  options: DecisionOption[];
  parties: Row[];
  cash: Row[];
  frontier: Row[];
  prices: Row[];
}
export interface Findings {
  study?: { name: string; description: string; missing_runs?: string };
  metrics?: Metric[];
  policies?: string[];
  futures?: string[];
  settings?: { policies: Record<string, string[]>; futures: Record<string, string[]> };
  /** By metric, f64: a row for each policy, a column for each future; means over replications. */
  outcomes?: Record<string, Packed>;
  tornado?: { metric: string; rows: TornadoRow[] }[];
  sobol?: { metric: string; rows: SobolRow[] }[];
  robustness?: Record<string, string | number | null>[];
  boxes?: Box[];
  claims?: Claim[];
  decision?: Decision;
}

/** Outcomes of one metric. */
export class Outcomes {
  private readonly values: Float64Array;
  constructor(findings: Findings, readonly metric: Metric) {
    this.policies = findings.policies ?? [];
    this.futures = findings.futures ?? [];
    const packed = findings.outcomes?.[metric.name];
    this.values = packed === undefined ? new Float64Array(0) : f64(packed);
  }
  readonly policies: string[];
  readonly futures: string[];

  at(policy: number, future: number): number {
    return this.values[policy * this.futures.length + future] ?? NaN;
  }
  /** Over the futures that are known. */
  mean(policy: number): number {
    const known = this.futures.map((_, f) => this.at(policy, f)).filter(Number.isFinite);
    return known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : NaN;
  }
  /** How much better the best policy of that future is; none where it is not known. */
  regret(policy: number, future: number): number {
    const known = this.policies.map((_, p) => this.at(p, future)).filter(Number.isFinite);
    const value = this.at(policy, future);
    if (!Number.isFinite(value) || known.length === 0) return NaN;
    return this.metric.good === "low" ? value - Math.min(...known) : Math.max(...known) - value;
  }
}
