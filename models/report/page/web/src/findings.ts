// What studies found; ../../../README.md says what each part is. Parts that are not there are not shown.

import { f64, packF64, type Packed } from "./data.js";
import { optionLabel } from "./decision.js";
import { settingsLabel, settingText } from "./format.js";

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
  regret: number | null; // none of options that only show what a price is worth
}
/** The answer of the desk for long-term agreements. */
export interface Decision {
  by: string;
  date: string;
  reference: string;
  decided: boolean;
  recommendation: string[];
  in_question: string; // the option that the tables of one option speak of
  holder: string; // whose orders the agreement serves
  tail: number; // share of the worst cases
  labels?: Record<string, string>; // what people call an option, by its name
  options: DecisionOption[];
  parties: Row[];
  spread: Row[]; // by party and option: quantiles of the gain, q0 to q100
  cash: Row[]; // by party and quarter: without, with, change and its interval
  ledger: Row[]; // by option and quarter: the agreement's figures
  frontier: Row[];
  prices: Row[];
}
export interface Findings {
  study?: { name: string; description: string; replications?: number; missing_runs?: string };
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
  /** Factors whose numbers multiply what the scenario has. */
  multipliers?: string[];
  /** What constraints ask of a metric. */
  constraints?: { name: string; metric: string; min: number | null; max: number | null }[];
  claims?: Claim[];
  decision?: Decision;
}

/** Of a decision the options that can be chosen; those at other prices only show what a price is worth. */
export function withoutProbes(findings: Findings): Findings {
  const { decision, policies = [], futures = [], settings, outcomes, robustness } = findings;
  if (!decision) return findings;
  const isProbe = new Set(decision.options.filter((o) => typeof o.regret !== "number").map((o) => o.option));
  const kept = [...policies.keys()].filter((p) => !isProbe.has(policies[p]!));
  const rows = (packed: Packed): Packed => {
    const all = f64(packed);
    return packF64(kept.flatMap((p) => [...all.subarray(p * futures.length, (p + 1) * futures.length)]));
  };
  const each = <A, B>(record: Record<string, A>, to: (value: A) => B): Record<string, B> =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
  return {
    ...findings, policies: kept.map((p) => policies[p]!),
    ...(settings ? { settings: { ...settings, policies: each(settings.policies, (values) => kept.map((p) => values[p]!)) } } : {}),
    ...(outcomes ? { outcomes: each(outcomes, rows) } : {}),
    ...(robustness ? { robustness: robustness.filter((row) => !isProbe.has(String(row["policy"]))) } : {}),
  };
}

/** A setting for people; of a factor that multiplies as "0.71 ×". */
export const factorText = (findings: Findings, factor: string, setting: string | number): string =>
  settingText(setting) + (findings.multipliers?.includes(factor) && Number.isFinite(Number(setting)) && setting !== "" ? "\u00a0×" : "");

/** What people call a policy. */
export const policyLabel = (findings: Findings, policy: string): string =>
  (findings.decision ? optionLabel(findings.decision, policy) : settingsLabel(policy));
/** What policies are called in this study. */
export const kind = (findings: Findings): { one: string; many: string } =>
  (findings.decision ? { one: "option", many: "options" } : { one: "policy", many: "policies" });

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
