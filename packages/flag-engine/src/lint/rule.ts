import type { FlagDefinition } from "../flag.ts";
import type { JsonObject } from "../json.ts";
import type { Problem } from "../problem.ts";
import type { LintSeverity } from "./finding.ts";

/** A flag with its place in the document. */
export interface LintedFlag {
  readonly path: string;
  readonly definition: FlagDefinition;
}

/** A document that the server takes. */
export interface LintedDocument {
  readonly flags: readonly LintedFlag[];
  /** As it is written. */
  readonly written: JsonObject;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** One rule: a file in `rules/`, listed in its index. */
export interface LintRule {
  readonly name: string;
  readonly severity: LintSeverity;
  /** What a document must do, in one sentence. */
  readonly about: string;
  check(document: LintedDocument): Iterable<Problem>;
}

/** A rule that looks at one flag at a time. */
export function flagRule(
  rule: Omit<LintRule, "check"> & { check(flag: LintedFlag, now: number): Iterable<Problem> },
): LintRule {
  return {
    ...rule,
    *check({ flags, now }) {
      for (const flag of flags) yield* rule.check(flag, now);
    },
  };
}
