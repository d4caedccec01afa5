// What every view needs: the data, its tables, and what is chosen across views.

import { type Choice, valueOf } from "./dom.js";
import { f32, FigureTable } from "./data.js";
import { words } from "./format.js";
import type { Packed, Page, Policy } from "./page_types.js";

export class Context {
  readonly figures: FigureTable;
  private readonly unpacked = new Map<Packed, Float32Array>();

  constructor(readonly page: Page) {
    this.figures = new FigureTable(page.figures);
  }

  get policies(): Policy[] {
    return this.page.policies;
  }
  get isComparison(): boolean {
    return this.policies.length > 1;
  }
  get weeks(): string[] {
    return this.page.weeks;
  }
  /** The scenario's last day, if it is given as one. */
  get lastDay(): string | undefined {
    const end = this.policies[0]?.inputs.find((input) => input.path === "end")?.value ?? "";
    return /^\d{4}-\d\d-\d\d$/.test(end) ? end : undefined;
  }
  /** The weeks without a last one that the end cuts short: drawn as pieces a week it would be a fall. */
  get wholeWeeks(): string[] {
    const day = 86_400_000;
    const [first, second] = this.weeks;
    if (!second || !this.lastDay) return this.weeks;
    const next = Date.parse(this.weeks.at(-1)!) + Date.parse(second) - Date.parse(first!);
    return next > Date.parse(this.lastDay) + day ? this.weeks.slice(0, -1) : this.weeks;
  }

  /** At the beginning, in which a chain that began empty fills: what they show is no finding. */
  get fillingWeeks(): number {
    return Math.max(0, ...this.policies.map((p) => p.filling_weeks));
  }
  /** From which on weeks can be findings; all of them if the chain is never full. */
  get firstFullWeek(): number {
    return this.fillingWeeks < this.weeks.length ? this.fillingWeeks : 0;
  }

  /** A weekly series; each is unpacked once. */
  weekly(packed: Packed): Float32Array {
    let values = this.unpacked.get(packed);
    if (!values) this.unpacked.set(packed, (values = f32(packed)));
    return values;
  }
  /** Rows of a fan, each over all weeks. */
  rows(packed: Packed): Float32Array[] {
    const all = this.weekly(packed);
    const weeks = this.weeks.length;
    return Array.from({ length: weeks > 0 ? all.length / weeks : 0 },
      (_, row) => all.subarray(row * weeks, (row + 1) * weeks));
  }

  /** Whose results are seen in views that show one policy at a time. */
  policyChoice(): Choice {
    return {
      key: "policy", label: "Policy",
      options: this.policies.map((p, i) => [String(i), p.name]),
    };
  }
  policy(): Policy {
    return this.policies[this.policyIndex()]!;
  }
  policyIndex(): number {
    return Number(valueOf(this.policyChoice()));
  }
  /** Appended to titles where it says something. */
  ofPolicy(): string {
    return this.isComparison ? ` (${this.policy().name})` : "";
  }

  periodChoice(): Choice {
    const { years } = this.figures;
    const first = this.figures.worstYear(this.fillingWeeks > 0 ? this.weeks[this.firstFullWeek]! : "");
    const ordered = [first, ...years.filter((y) => y !== first), "all"];
    // the worst year is the first choice; on the page the years stand in their order
    const options = ordered.map((p): [string, string] => [p, p === "all" ? "all years" : p]);
    return { key: "period", label: "Period", options };
  }
  period(): string {
    return valueOf(this.periodChoice());
  }

  /** Where a site or an item stands in the chain: 0 are customers. */
  tierOf(policy: Policy, name: string): number {
    return policy.tiers[name] ?? 0;
  }
}

export const productName = (product: string): string =>
  product === "market" ? "all of the market" : words(product);

export function runsText(policy: Policy): string {
  return policy.replications === 1 ? "one replication" : `${policy.replications} replications`;
}
