// What is chosen stands in the address, so that a link shows what its sender saw.

type Listener = () => void;

const listeners = new Map<string, Set<Listener>>();
let current = new URLSearchParams(location.hash.slice(1));

export function chosen(key: string, fallback: string): string {
  return current.get(key) ?? fallback;
}

/** A whole number within bounds; anything else in the address counts as not there. */
export function chosenNumber(key: string, fallback: number, least: number, most: number): number {
  const value = Number(current.get(key) ?? NaN);
  return Number.isInteger(value) && value >= least && value <= most ? value : fallback;
}

export function chosenOf(key: string, known: readonly string[], fallback: string): string {
  const value = current.get(key);
  return value !== null && known.includes(value) ? value : fallback;
}

export function choose(key: string, value: string): void {
  if (current.get(key) === value) return;
  current.set(key, value);
  history.replaceState(null, "", `#${current}`);
  notify(key);
}

export function onChoice(key: string, listener: Listener): void {
  if (!listeners.has(key)) listeners.set(key, new Set());
  listeners.get(key)!.add(listener);
}

function notify(key: string): void {
  for (const listener of listeners.get(key) ?? []) listener();
}

addEventListener("hashchange", () => {
  const before = current;
  current = new URLSearchParams(location.hash.slice(1));
  for (const key of listeners.keys()) {
    if (before.get(key) !== current.get(key)) notify(key);
  }
});
