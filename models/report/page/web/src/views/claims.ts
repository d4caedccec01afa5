// What was published against what comes out, with its interval.

import { el } from "../dom.js";
import { inUnit, unitName } from "../format.js";
import { type DrawnFigure, figure } from "../figure.js";
import type { Claim, Findings } from "../page_types.js";
import { type Mark, scaleOf, strip } from "../strip.js";

function rangeText(low: number | null, high: number | null, unit: string): string {
  if (low === null && high === null) return "–";
  if (low === null) return `up to ${inUnit(high!, unit)}`;
  if (high === null) return `from ${inUnit(low, unit)}`;
  return low === high ? inUnit(low, unit) : `${inUnit(low, unit)} to ${inUnit(high, unit)}`;
}

/** Published range and simulated interval on one scale, from nothing to the largest of the two. */
function claimStrip(claim: Claim): HTMLElement {
  const scale = scaleOf([0, claim.published_low, claim.published_high, claim.low, claim.high, claim.simulated]);
  const marks: Mark[] = [["published", claim.published_low, claim.published_high], ["simulated", claim.low, claim.high]];
  return strip(scale, ...marks.filter(([, from, to]) => from !== null || to !== null));
}

const kindOf = ({ holds }: Claim): string => (holds === null ? "" : holds ? "better" : "worse");

function claimTable(claims: Claim[]): HTMLElement {
  const head = ["", "Claim", "Published", "Simulated", "", "Verdict", "Kind"]
    .map((name, i) => el("th", i === 2 || i === 3 ? { scope: "col", class: "number" } : { scope: "col" }, name || el("span", { class: "unseen" }, i === 0 ? "Number" : "Range")));
  return el("table", { class: "claims" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...claims.map((c) => {
    const simulated = el("td", { class: "number" }, c.simulated === null ? "–" : inUnit(c.simulated, c.unit));
    if (c.low !== null && c.high !== null) simulated.append(el("small", {}, rangeText(c.low, c.high, c.unit)));
    return el("tr", {}, el("td", {}, c.id), el("td", {}, c.claim, el("small", {}, c.publisher)),
      el("td", { class: "number" }, rangeText(c.published_low, c.published_high, c.unit), el("small", {}, unitName(c.unit))),
      simulated, el("td", {}, claimStrip(c)), el("td", { class: kindOf(c) }, c.verdict), el("td", {}, c.kind));
  })));
}

export function claimsView(findings: Findings): DrawnFigure {
  const claims = findings.claims!;
  const held = claims.filter((c) => kindOf(c) === "better").length;
  return figure({
    id: "claims", title: `${held} of ${claims.length} published claims hold`, wide: true,
    note: "Published (grey) against simulated, with what nine futures in ten span (blue). Given: put into the scenario; fitted: parameters were chosen by it; " +
      "predicted: it came out.",
    body: [el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Claims" }, claimTable(claims))],
    draw: () => undefined,
    numbers: () => ({
      columns: ["id", "claim", "publisher", "kind", "unit", "published_low", "published_high", "simulated", "low", "high", "verdict"],
      rows: claims.map((c) => [c.id, c.claim, c.publisher, c.kind, c.unit, c.published_low, c.published_high, c.simulated, c.low, c.high, c.verdict]),
    }),
  });
}
