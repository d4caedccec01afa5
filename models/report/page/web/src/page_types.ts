// Generated from models/report/page/parts/; after a change there:
//   optichain schema --of page > models/report/page/web/src/page_types.ts

/** Little-endian numbers in base64, one row after the other. */
export type Packed = string;

/** A row of a table; it may have more columns than are declared. */
export type Row = Record<string, string | number | null>;

export interface FailedRun {
  replication: number;
  reason: string;
}

export interface DatedEvent {
  name: string;
  /** of the program or the outage alone */
  label: string;
  from: string;
  until: string;
}

export interface GivenInput {
  path: string;
  value: string;
  source: string;
  confidence: string;
  low: number | null;
  high: number | null;
  note: string;
}

export interface ChangedInput {
  path: string;
  /** under the first policy; null where it is not given */
  base: string | null;
  here: string | null;
}

export interface Fan {
  /** a row for each of Page.quantiles */
  weekly: Packed;
  /** the same of means over Page.window weeks */
  smoothed: Packed;
  /** a row for each of the first replications */
  singles: Packed;
}

export interface ProductSeries {
  /** `market` for all */
  product: string;
  demanded: Fan;
  shipped: Fan;
}

export interface ItemSeries {
  item: string;
  needed: Packed;
  supplied: Packed;
}

export interface LinkSeries {
  seller: string;
  buyer: string;
  item: string;
  /** in the week */
  shipped: Packed;
  /** ordered and not shipped at its end */
  backlog: Packed;
}

export interface CauseSeries {
  kind: string;
  item: string;
  /** in words */
  name: string;
  unmet: Packed;
}

export interface AgreementSeries {
  agreement: string;
  measure: string;
  unit: string;
  values: Packed;
}

export interface WeeklySeries {
  /** the market first */
  fans: ProductSeries[];
  items: ItemSeries[];
  links: LinkSeries[];
  causes: CauseSeries[];
  agreements: AgreementSeries[];
}

export interface TraceList {
  nodes: string[];
  /** triples: number of a node, number of the node (or cause) behind it, mean pieces */
  periods: Record<string, number[]>;
}

export interface WhyRow {
  depth: number;
  /** else a step on the way */
  cause: boolean;
  /** its parts stand further up */
  repeated: boolean;
  name: string;
  /** pieces and share */
  text: string;
  /** of all that is missing */
  share: number;
  /** of a cause */
  where: string;
}

export interface WhyTree {
  /** a step; empty: all that customers did not get */
  from: string;
  pieces: number;
  rows: WhyRow[];
}

export interface WhyMissing {
  /** what bound it in the end */
  causes: WhyRow[];
  /** steps are items */
  item: WhyTree[];
  /** steps are items at sites */
  site: WhyTree[];
}

export interface Convergence {
  measure: string;
  /** in words, for people */
  label: string;
  unit: string;
  /** of each replication */
  values: Packed;
  /** of all up to it */
  mean: Packed;
  low: Packed;
  high: Packed;
}

export interface Policy {
  name: string;
  store: string;
  engine: string;
  /** of the scenario */
  hash: string;
  /** may have more digits than a browser counts */
  seed: string;
  replications: number;
  /** replications that share their random numbers with the first policy */
  paired: number;
  failures: FailedRun[];
  /** in which a chain that began empty fills: what they show is no finding */
  filling_weeks: number;
  /** path=value, as said when the run was started */
  given: string[];
  /** of sites; customers have 0 */
  tiers: Record<string, number>;
  events: DatedEvent[];
  /** of the first policy only */
  inputs: GivenInput[];
  changes: ChangedInput[];
  weekly: WeeklySeries;
  traces: TraceList;
  /** by period */
  why: Record<string, WhyMissing>;
  convergence: Convergence[];
}

export interface FigureKey {
  /** a word: `sites`, `market` */
  group: string;
  /** of the group; empty where there is but one */
  entity: string;
  /** of a customer's figure of one product */
  product: string;
  /** with its part */
  measure: string;
  /** in words, for people */
  label: string;
}

export interface Figures {
  periods: string[];
  /** without the period */
  names: string[];
  /** what each is */
  keys: FigureKey[];
  units: string[];
  /** high, low or empty */
  good: string[];
  /** mean, its interval, quantiles; the difference to the first policy and its interval */
  columns: string[];
  /** f64 by policy: figure, period, column */
  values: Packed[];
}

export interface Study {
  name: string;
  description: string;
  replications?: number;
  /** how many are not there */
  missing_runs?: string;
}

export interface Metric {
  name: string;
  /** in words, for people */
  label: string;
  unit: string;
  /** high, low or empty */
  good: string;
}

export interface Settings {
  policies: Record<string, string[]>;
  futures: Record<string, string[]>;
}

export interface TornadoRow extends Row {
  factor: string;
  /** its lowest setting */
  low: string | number;
  high: string | number;
  /** the metric there */
  at_low: number | null;
  at_high: number | null;
  swing: number | null;
  /** 95 % interval of the swing; null where there is none */
  swing_low: number | null;
  swing_high: number | null;
}

export interface Tornado {
  metric: string;
  /** of the metric over all points */
  mean: number | null;
  /** on what the points carry no statement */
  sentences: string[];
  rows: TornadoRow[];
}

export interface SobolRow extends Row {
  policy: string;
  uncertainty: string;
  first: number;
  first_low: number;
  first_high: number;
  total: number;
  total_low: number;
  total_high: number;
}

export interface Sobol {
  metric: string;
  rows: SobolRow[];
}

export interface RobustnessRow extends Row {
  policy: string;
  all: number | null;
}

export interface Constraint {
  name: string;
  metric: string;
  min: number | null;
  max: number | null;
}

export interface Box extends Row {
  constraint: string;
  /** empty if there is no box */
  factor: string;
  /** empty or null where it is open */
  from: string | number | null;
  to: string | number | null;
  /** the words inside, of a factor that has no numbers; else empty */
  is: string;
  density: number;
  coverage: number;
  /** how many different ones lie in the box */
  futures: number;
}

export interface Claim {
  id: string;
  claim: string;
  publisher: string;
  /** given, fitted or predicted */
  kind: string;
  unit: string;
  /** a single figure is both */
  published_low: number | null;
  published_high: number | null;
  /** mean, and what nine futures in ten span */
  simulated: number | null;
  low: number | null;
  high: number | null;
  /** in most futures; null where that is not known */
  holds: boolean | null;
  /** in words */
  verdict: string;
}

export interface OptionLabel {
  text: string;
  /** without its price */
  terms: string;
  /** empty if it has none */
  price: string;
}

export interface PartyName {
  /** without its group */
  name: string;
  /** sites or customers */
  group: string;
}

export interface DecisionOption extends Row {
  /** its name */
  option: string;
  volume: number | null;
  take_or_pay: number | null;
  price: number | null;
  gain: number;
  gain_low: number;
  gain_high: number;
  p05: number;
  p95: number;
  /** a loss; the mean of the worst cases */
  cvar: number;
  /** how many these are */
  cvar_cases: number;
  /** share of the cases in which it gains */
  right: number;
  /** null for options that only show what a price is worth */
  regret: number | null;
  fill_holder: number | null;
  fill_others: number | null;
  /** yes if it is not ruled out */
  left: string;
}

export interface PartyGain extends Row {
  party: string;
  gain: number;
  gain_low: number;
  gain_high: number;
  p05: number;
  p95: number;
  /** share of the cases in which it gains */
  better: number;
}

export interface GainSpread extends Row {
  party: string;
  option: string;
}

export interface QuarterCash extends Row {
  party: string;
  quarter: string;
  without: number;
  with: number;
  change: number;
  change_low: number;
  change_high: number;
}

export interface QuarterLedger extends Row {
  option: string;
  quarter: string;
}

export interface FrontierRow extends Row {
  option: string;
  volume: number | null;
  take_or_pay: number | null;
  cost: number;
  cost_low: number;
  cost_high: number;
  fill_holder: number | null;
  fill_others: number | null;
}

export interface PriceRow extends Row {
  option: string;
  buyer: number | null;
  buyer_low: number | null;
  buyer_high: number | null;
  seller: number | null;
  seller_low: number | null;
  seller_high: number | null;
}

export interface Decision {
  by: string;
  date: string;
  /** the option that the others are compared with */
  reference: string;
  decided: boolean;
  /** sentences */
  recommendation: string[];
  /** the option that the tables of one option speak of */
  in_question: string;
  /** whose orders the agreement serves */
  holder: string;
  /** share of the worst cases */
  tail: number;
  /** of options */
  labels: Record<string, OptionLabel>;
  /** of parties */
  names: Record<string, PartyName>;
  options: DecisionOption[];
  parties: PartyGain[];
  spread: GainSpread[];
  cash: QuarterCash[];
  ledger: QuarterLedger[];
  frontier: FrontierRow[];
  prices: PriceRow[];
}

export interface Findings {
  study?: Study;
  metrics?: Metric[];
  /** in the order of `outcomes` */
  policies?: string[];
  futures?: string[];
  settings?: Settings;
  /** factors whose numbers multiply what the scenario has */
  multipliers?: string[];
  /** by metric, f64: a row for each policy, a column for each future; means over replications */
  outcomes?: Record<string, Packed>;
  tornado?: Tornado[];
  sobol?: Sobol[];
  robustness?: RobustnessRow[];
  /** what they ask of a metric */
  constraints?: Constraint[];
  boxes?: Box[];
  claims?: Claim[];
  decision?: Decision;
}

export interface Page {
  engine: string;
  weeks: string[];
  quantiles: number[];
  /** weeks of a moving mean: the week and those before it */
  window: number;
  /** the first is what the others are compared with */
  policies: Policy[];
  figures: Figures;
  findings: Findings | null;
}
