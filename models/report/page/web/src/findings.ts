// What the views of findings share. Parts that are not there are not shown.

import { f64, packF64 } from "./data.js";
import { optionLabel } from "./decision.js";
import { settingText, words } from "./format.js";
import type { Findings, Metric, Packed } from "./page_types.js";

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

/** What people call a policy: its settings, in their order. */
export function policyLabel(findings: Findings, policy: string): string {
  if (findings.decision) return optionLabel(findings.decision, policy);
  const at = findings.policies?.indexOf(policy) ?? -1;
  const settings = Object.entries(findings.settings?.policies ?? {}).filter(([, values]) => values[at] !== undefined);
  return settings.length === 0 ? words(policy) : settings.map(([name, values]) => `${words(name)} ${settingText(values[at]!)}`).join(", ");
}
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
