// What a Canary is to go through, and words for it.

/** What a release comes to. */
export interface Course {
  /** Splits that users get, one after the other, with copies and cookies. */
  splits: readonly string[];
  /** From the release to the end. */
  minutes: number;
  /** Calls of hooks, in order: `TYPE NAME at WEIGHT %`, or `at check N` once checks are counted. */
  hooks?: readonly string[];
  /** How often the analyzer is asked. */
  checks?: number;
  /** Alerts beside those that every such course raises. */
  alerts?: readonly string[];
}

/** A good release and a bad one. */
export interface Story {
  good: Course;
  /** A hook that says no the first time that it is asked about the good release. */
  reluctant?: string;
  /** What the status says is wrong with the Canary from the start; absent: nothing. */
  problems?: readonly string[];
  /** Where its pods run; absent: anywhere. */
  canaryNodes?: readonly string[];
  bad: Course & {
    /** Who finds it bad: the metrics, a hook by its name, or the pods, which never become ready. */
    by: string;
    /** After so many failed checks; absent: 1. */
    threshold?: number;
  };
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const steps = (step: number, max: number) => numbers(max / step).map((i) => i * step);
const split = (weight: number) => `${100 - weight}:${weight}`;
/** Splits up to the highest weight, and back. */
export const weights = (step: number, max: number) => [...steps(step, max).map(split), "100:0"];
/** All users on the primary, and more and more of their requests copied. */
export const copies = (step: number, max: number) => steps(step, max).map((share) => `100:0 and a copy of ${share} %`);
/** Calls of rollout hooks at every weight. */
export const atWeights = (step: number, max: number, ...hooks: string[]) =>
  steps(step, max).flatMap((weight) => hooks.map((hook) => `rollout ${hook} at ${weight} %`));
/** Calls of rollout hooks at every check up to the last. */
export const atChecks = (last: number, ...hooks: string[]) =>
  numbers(last).flatMap((check) => hooks.map((hook) => `rollout ${hook} at check ${check}`));
/** The splits with a cookie that is handed out, and taken away at the end. */
export const withCookie = (cookie: string, seconds: number, splits: readonly string[]) =>
  splits.map((text) => `${text}, cookie ${cookie} for ${text === "100:0" ? -1 : seconds} s`);
/** The same calls again and again. */
export const times = (count: number, ...hooks: string[]) => numbers(count).flatMap(() => hooks);
