import type { ReadResult } from "../parse.ts";
import { readDocument, readText } from "../parse.ts";
import type { LintFinding } from "./finding.ts";
import { lintRules } from "./rules/index.ts";

/** What rules about time are judged with. */
export interface LintOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Judges a flag document: text (JSON) or what a JSON or YAML parser made of it. A document that the server would reject has
 * only findings of the rule `document`; what the server would warn about comes as rule `schema`, then each rule of `lintRules`.
 */
export function lintFlags(document: unknown, { now }: LintOptions): readonly LintFinding[] {
  const read: ReadResult = typeof document === "string" ? readText(document) : readDocument(document);
  if (!read.ok) return read.problems.map((problem) => ({ ...problem, rule: "document", severity: "error" }));
  const { flags, warnings } = read.document;
  const findings: LintFinding[] = warnings.map((problem) => ({ ...problem, rule: "schema", severity: "warning" }));
  const linted = flags.map((definition, index) => ({ definition, path: read.paths[index] ?? "flags" }));
  for (const { name, severity, check } of lintRules) {
    for (const problem of check({ flags: linted, written: read.written, now }))
      findings.push({ ...problem, rule: name, severity });
  }
  return findings;
}
