// A table whose rows become cards where there is no room for columns.

import { el } from "./dom.js";

interface Head {
  name: string;
  /** Text, where the name itself is only for those who do not see the column. */
  shown?: HTMLElement;
  kind?: "number" | "range";
}
type Cell = (Node | string)[];

export function cards(label: string, heads: Head[], rows: Cell[][]): HTMLElement {
  const head = heads.map(({ name, shown, kind }) => el("th", { scope: "col", ...(kind ? { class: kind } : {}) },
    ...(shown ? [el("span", { class: "unseen" }, name), shown] : [name])));
  const cell = (content: Cell, i: number): HTMLElement => {
    const { name, kind } = heads[i]!;
    return el("td", { ...(kind ? { class: kind } : {}), ...(kind === "number" ? { "data-label": name } : {}) }, ...content);
  };
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
    el("table", { class: "cards" }, el("thead", {}, el("tr", {}, ...head)),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map(cell))))));
}

/** Something, and smaller under it what belongs to it. */
export const withSmall = (text: string, small: string, kind = ""): Cell =>
  [text, el("small", kind === "" ? {} : { class: kind }, small)];
