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

/** Upper ends of the steps of a shortage, as shares; above the last is the darkest. */
export const shortageSteps = [0.02, 0.1, 0.25, 0.5];
export const shortageNames = ["under 2 %", "2–10 %", "10–25 %", "25–50 %", "over 50 %"];

export function shortageStep(share: number): number {
  if (!(share >= shortageSteps[0]!)) return 0;
  const step = shortageSteps.findIndex((end) => share < end);
  return step < 0 ? shortageSteps.length : step;
}
