// Colours come from style.css, so that light, dark and paper are decided in one place.

const style = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export const colour = {
  text: () => style("text"),
  quiet: () => style("quiet"),
  rule: () => style("rule"),
  paper: () => style("paper"),
  band: () => style("band"),
  better: () => style("better"),
  worse: () => style("worse"),
  neutral: () => style("neutral"),
  /** The same for a policy in every view. */
  policy: (index: number) => style(`policy-${index % 8}`),
  /** From nothing short to most of it. */
  shortage: (step: number) => style(`shortage-${step}`),
};

/** Five steps from nothing short to most of it; above the last end is the darkest. */
export interface Scale {
  ends: number[];
  names: string[];
}
export const shareScale: Scale = {
  ends: [0.02, 0.1, 0.25, 0.5], names: ["under 2 %", "2–10 %", "10–25 %", "25–50 %", "over 50 %"],
};
/** What is owed over what is shipped a week. */
export const weeksScale: Scale = {
  ends: [2, 4, 13, 26],
  names: ["under 2 weeks", "2–4 weeks", "4–13 weeks", "13–26 weeks", "over 26 weeks"],
};

export function stepOf(value: number, scale: Scale): number {
  if (!(value >= scale.ends[0]!)) return 0;
  const step = scale.ends.findIndex((end) => value < end);
  return step < 0 ? scale.ends.length : step;
}
