// Elements without a framework.

type Child = Node | string;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Record<string, string> = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Something to choose from, kept under `key` in the address. */
export interface Choice {
  key: string;
  label: string;
  options: [value: string, text: string][];
}

import { choose, chosenOf, onChoice } from "./state.js";

/** The choice's value now: the first option unless another is chosen. */
export function valueOf(choice: Choice): string {
  return chosenOf(choice.key, choice.options.map(([value]) => value), choice.options[0]?.[0] ?? "");
}

/** A control that only exists where there is something to choose. */
export function select(choice: Choice): HTMLElement | null {
  if (choice.options.length < 2) return null;
  const control = el("select", { name: choice.key });
  for (const [value, text] of choice.options) control.append(el("option", { value }, text));
  control.value = valueOf(choice);
  control.addEventListener("change", () => choose(choice.key, control.value));
  onChoice(choice.key, () => { control.value = valueOf(choice); });
  return el("label", { class: "control" }, el("span", {}, choice.label), control);
}

export function swatch(colour: string, text: string, dashed = false): HTMLElement {
  const mark = el("span", { class: dashed ? "swatch dashed" : "swatch", "aria-hidden": "true" });
  mark.style.setProperty("--colour", colour);
  return el("span", { class: "key" }, mark, text);
}
