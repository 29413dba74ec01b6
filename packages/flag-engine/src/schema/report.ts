import type { Problem } from "../problem.ts";

/** Collects what is wrong while a document is walked. The place is kept as a stack, so that sound documents cost no texts. */
export interface Report {
  /** Where the walk is: keys and indexes from the top. */
  readonly trail: (string | number)[];
  /** What the official schema forbids. */
  readonly violations: Problem[];
  /** What it allows although it cannot work. */
  readonly hints: Problem[];
}

/** More of them help nobody and would be kept in memory. */
const limit = 1_000;

/** At the top of the document, with nothing found. */
export function createReport(): Report {
  return { trail: [], violations: [], hints: [] };
}

/** Checks what an object or a list has under a key or an index. */
export function inside(report: Report, step: string | number, check: () => void): void {
  report.trail.push(step);
  check();
  report.trail.pop();
}

/** Says that the place where the walk is breaks the schema. */
export function violation(report: Report, message: string): void {
  add(report.violations, report.trail, message);
}

/** Says that the place where the walk is will not work, although the schema allows it. */
export function hint(report: Report, message: string): void {
  add(report.hints, report.trail, message);
}

function add(problems: Problem[], trail: Report["trail"], message: string): void {
  if (problems.length < limit) problems.push({ path: pathOf(trail), message });
  else if (problems.length === limit) problems.push({ path: "", message: `there are more than ${limit} of these` });
}

/** Keys and indexes as one text: `flags.header-color.targeting.if[0]`, with quotes where a key needs them. */
export function pathOf(trail: readonly (string | number)[]): string {
  let path = "";
  for (const step of trail) path = childPath(path, step);
  return path;
}

/** The path of what an object or a list has under a key or an index. */
export function childPath(path: string, step: string | number): string {
  if (typeof step === "number") return `${path}[${step}]`;
  if (!/^[\w$-]+$/.test(step)) return `${path}[${JSON.stringify(step)}]`;
  return path === "" ? step : `${path}.${step}`;
}
