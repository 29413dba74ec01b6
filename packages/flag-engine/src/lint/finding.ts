import type { Problem } from "../problem.ts";

/** `error`: the document is rejected, or a user gets an error or the wrong answer. `warning`: it works, but should not stay so. */
export type LintSeverity = "error" | "warning";

/** Something in a flag document that its author should change. */
export interface LintFinding extends Problem {
  /** Which rule speaks, for example `unused-variant`: stable, for filters and for lists of exceptions. */
  readonly rule: string;
  readonly severity: LintSeverity;
}
