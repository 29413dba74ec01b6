import { msFromGoDuration } from "./duration.ts";
import type { SpecProblem } from "./problem.ts";

/** Reads values with their bounds and collects every problem, so that a user sees all of them at once. */
export interface SpecReader {
  readonly problems: readonly SpecProblem[];
  add(problem: SpecProblem): void;
  /** A whole number, within bounds if any; `fallback` when absent. */
  whole(path: string, value: number | undefined, o: { fallback: number; min?: number; max?: number }): number;
  /** Milliseconds of a Go duration; `fallbackMs` when absent or empty. */
  duration(path: string, value: string | undefined, o: { fallbackMs: number }): number;
  /** One of a closed list; the first one when absent. */
  choice<const T extends string>(path: string, value: string | undefined, choices: readonly [T, ...T[]]): T;
}

/** A reader without problems yet. */
export function createSpecReader(): SpecReader {
  const problems: SpecProblem[] = [];
  return {
    problems,
    add: (problem) => void problems.push(problem),
    whole(path, value, { fallback, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }) {
      if (value === undefined) return fallback;
      if (Number.isInteger(value) && value >= min && value <= max) return value;
      problems.push({ path, value, expected: `a whole number${boundsText(min, max)}` });
      return fallback;
    },
    duration(path, value, { fallbackMs }) {
      if (value === undefined || value === "") return fallbackMs;
      const ms = msFromGoDuration(value);
      if (ms !== undefined) return ms;
      problems.push({ path, value, expected: 'a duration such as "30s", "1m30s" or "1h"' });
      return fallbackMs;
    },
    choice(path, value, choices) {
      if (value === undefined) return choices[0];
      const known = choices.find((choice) => choice === value);
      if (known !== undefined) return known;
      problems.push({ path, value, expected: `one of: ${choices.map((c) => (c === "" ? '""' : c)).join(", ")}` });
      return choices[0];
    },
  };
}

function boundsText(min: number, max: number): string {
  if (Number.isFinite(max)) return ` ${min}–${max}`;
  return Number.isFinite(min) ? `, ${min} or more` : "";
}
