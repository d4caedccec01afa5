// A figure: title, controls, something drawn, and its numbers. It is drawn again whenever one of
// the choices that it depends on changes, or the colours of the page do.

import { el, select, type Choice } from "./dom.js";
import { type Numbers, saveCsv, table } from "./numbers.js";
import { onChoice } from "./state.js";

interface FigureParts {
  id: string;
  title: string;
  /** What is drawn, in which unit. */
  note?: string;
  wide?: boolean;
  choices?: Choice[];
  /** Keys of further choices after which it has to be drawn again. */
  follows?: string[];
  controls?: HTMLElement[];
  body: HTMLElement[];
  draw: (figure: FigureView) => void;
  numbers: () => Numbers;
}

interface FigureView {
  setTitle(title: string): void;
  setNote(note: string): void;
}

export interface DrawnFigure {
  element: HTMLElement;
  draw: () => void;
}

export function figure(parts: FigureParts): DrawnFigure {
  const heading = el("h2", {}, parts.title);
  const note = el("p", { class: "note" }, parts.note ?? "");
  const controls = [...(parts.choices ?? []).map(select), ...(parts.controls ?? [])]
    .filter((control): control is HTMLElement => control !== null);
  const behind = el("details", { class: "numbers" }, el("summary", {}, "The numbers"));
  const save = el("button", { type: "button", class: "csv", "data-csv": parts.id }, "Save as CSV");
  const element = el("section",
    { id: parts.id, class: parts.wide ? "figure wide" : "figure", "aria-label": parts.title },
    heading, note);
  if (controls.length > 0) element.append(el("div", { class: "controls" }, ...controls));
  element.append(...parts.body, el("div", { class: "behind" }, behind, save));

  const view: FigureView = {
    setTitle: (title) => { heading.textContent = title; },
    setNote: (text) => { note.textContent = text; },
  };
  const showNumbers = (): void => {
    while (behind.childElementCount > 1) behind.lastElementChild!.remove();
    if (behind.open) behind.append(table(parts.numbers(), `${parts.title}: the numbers`));
  };
  const draw = (): void => {
    parts.draw(view);
    showNumbers();
  };
  behind.addEventListener("toggle", showNumbers);
  save.addEventListener("click", () => saveCsv(parts.id, parts.numbers()));
  for (const key of new Set([...(parts.choices ?? []).map((c) => c.key), ...(parts.follows ?? [])])) {
    onChoice(key, draw);
  }
  return { element, draw };
}
