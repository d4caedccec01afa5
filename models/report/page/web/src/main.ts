// The page: reads what is in it, builds the views in order, draws them one after the other.

import { resizeAll } from "./chart.js";
import { Context } from "./context.js";
import { readPage } from "./data.js";
import { el } from "./dom.js";
import type { DrawnFigure } from "./figure.js";
import { kind, withoutProbes } from "./findings.js";
import type { Decision, Findings } from "./page_types.js";
import { onChoice } from "./state.js";
import { answerView, headline } from "./views/answer.js";
import { claimsView } from "./views/claims.js";
import { cashView } from "./views/cash.js";
import { commitmentView } from "./views/commitment.js";
import { decisionView } from "./views/decision.js";
import { fanView } from "./views/fan.js";
import { frontierView } from "./views/frontier.js";
import { flowView } from "./views/flow.js";
import { ledgerView } from "./views/ledger.js";
import { partiesView } from "./views/parties.js";
import { pricesView } from "./views/prices.js";
import { canRegret, regretView } from "./views/regret.js";
import { convergenceView, inputsView, runView } from "./views/run.js";
import { shortageView } from "./views/shortage.js";
import { spreadView } from "./views/spread.js";
import { termsView } from "./views/terms.js";
import { tornadoView } from "./views/tornado.js";
import { whyView } from "./views/why.js";

/** Of a page about a study alone. */
function studyHeading(findings: Findings): HTMLElement {
  const { study, policies, futures } = findings;
  document.title = study?.name ?? "Findings";
  const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;
  const { one, many } = kind(findings);
  const runs = study?.replications ? `, ${count(study.replications, "replication", "replications")} of each` : "";
  const size = policies && futures ? `${count(policies.length, one, many)} in ${count(futures.length, "future", "futures")}${runs}.` : "";
  const missing = study?.missing_runs ? ` Missing runs: ${study.missing_runs}; what is said rests on the others.` : "";
  return el("header", {}, el("h1", {}, document.title), el("p", { class: "note lead" }, study?.description ?? ""),
    el("p", { class: "note" }, size + missing));
}

/** What is not as the files of the scenarios say, and which weeks say nothing. */
function givenNotes(context: Context): HTMLElement[] {
  const notes = context.policies.filter((p) => p.given.length > 0).map((p) => {
    const of = context.isComparison ? `${p.name}: w` : "W";
    return `${of}ith ${p.given.length === 1 ? "1 value" : `${p.given.length} values`} changed: ${p.given.join(", ")}.`;
  });
  const weeks = context.fillingWeeks;
  if (weeks > 0) {
    const empty = context.policies.filter((p) => p.filling_weeks > 0);
    const of = empty.length < context.policies.length ? ` of ${empty.map((p) => p.name).join(", ")}` : "";
    notes.push(context.firstFullWeek > 0
      ? `The chain${of} begins empty. The first ${weeks} weeks, in which it fills, are drawn but are no finding.`
      : `The chain${of} begins empty and needs ${weeks} weeks to fill: all that is shown is how it fills.`);
  }
  return notes.map((text) => el("p", { class: "note" }, text));
}

function heading(context: Context): HTMLElement {
  if (context.policies.length === 0) return studyHeading(withoutProbes(context.page.findings ?? {}));
  const title = el("h1");
  const more = el("p", { class: "note lead" });
  const show = (): void => {
    const said = headline(context);
    title.textContent = said.title;
    more.textContent = said.more;
    document.title = said.title;
  };
  show();
  onChoice("period", show);
  const runs = context.policies.map((p) => `${p.name}: ${p.replications} ${p.replications === 1 ? "run" : "runs"}, seed ${p.seed}`).join("; ");
  return el("header", {}, title, more, ...givenNotes(context), el("p", { class: "note" },
    `${context.weeks[0]} to ${context.lastDay ?? `the week of ${context.weeks.at(-1)}`}. ${runs}. ${context.page.engine}.`));
}

function contents(figures: DrawnFigure[]): HTMLElement {
  const links = figures.map(({ element }) => {
    const link = el("a", { href: `#${element.id}` }, element.querySelector("h2")!.textContent ?? "");
    link.addEventListener("click", (event) => {
      event.preventDefault(); // the address holds what is chosen
      element.scrollIntoView();
      element.querySelector<HTMLElement>("select, input, button, summary")?.focus({ preventScroll: true });
    });
    return link;
  });
  return el("nav", { "aria-label": "Views" }, ...links);
}

/** What to do, how it may turn out, on which terms, who pays for it. */
function decisionViews(findings: Findings, decision: Decision): DrawnFigure[] {
  return [
    decisionView(decision),
    ...(decision.spread.length > 0 ? [spreadView(decision)] : []),
    ...(decision.frontier.length > 0 ? [termsView(findings, decision)] : []),
    ...(decision.prices.length > 0 ? [pricesView(decision)] : []),
    partiesView(decision), cashView(decision),
    ...(decision.ledger.length > 0 ? [commitmentView(decision)] : []),
  ];
}

/** What studies found, as far as it is there. */
function findingViews(findings: Findings): DrawnFigure[] {
  const metrics = (findings.metrics ?? []).length, policies = (findings.policies ?? []).length;
  return [
    ...(findings.claims?.length ? [claimsView(findings)] : []),
    ...(findings.decision ? decisionViews(findings, findings.decision) : []),
    ...(metrics > 0 && findings.tornado?.some((t) => t.rows.length > 0) ? [tornadoView(findings)] : []),
    ...(metrics > 1 && policies > 1 ? [frontierView(findings)] : []),
    ...(canRegret(findings) ? [regretView(findings)] : []),
  ];
}

/** In the order in which questions come: what, when, where, why, on what terms, how sure. */
function runViews(context: Context): DrawnFigure[] {
  const hasAgreements = context.policies.some((p) => p.weekly.agreements.length > 0);
  return [
    answerView(context), fanView(context), shortageView(context), flowView(context), whyView(context),
    ...(hasAgreements ? [ledgerView(context)] : []),
  ];
}

function viewsOf(context: Context): DrawnFigure[] {
  const hasRuns = context.policies.length > 0;
  return [
    ...(hasRuns ? runViews(context) : []), ...findingViews(withoutProbes(context.page.findings ?? {})),
    ...(hasRuns ? [convergenceView(context), inputsView(context), runView(context)] : []),
  ];
}

/** Lets the browser show what is done and hear what is clicked between two drawings. */
const breath = (): Promise<void> => new Promise((done) => setTimeout(done));

async function start(): Promise<void> {
  const main = document.getElementById("page")!;
  if (!("DecompressionStream" in globalThis)) {
    main.replaceChildren(el("p", {}, "This page needs a browser of 2023 or later."));
    return;
  }
  const page = await readPage(document.getElementById("data")!.textContent!);
  const context = new Context(page);
  document.documentElement.classList.toggle("single", context.policies.length === 1);
  const figures = viewsOf(context);
  main.replaceChildren(heading(context), contents(figures), ...figures.map((f) => f.element));

  const drawAll = (): void => figures.forEach((f) => f.draw());
  for (const f of figures) {
    f.draw();
    await breath();
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  addEventListener("resize", resizeAll);
  for (const event of ["beforeprint", "afterprint"]) {
    addEventListener(event, () => {
      document.documentElement.classList.toggle("paper", event === "beforeprint");
      resizeAll();
      drawAll();
    });
  }
  document.documentElement.dataset["drawn"] = String(Math.round(performance.now()));
}

void start();
