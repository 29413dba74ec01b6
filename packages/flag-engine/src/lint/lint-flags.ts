import { parseFlagDocument, parseFlagText } from "../parse.ts";
import type { LintFinding } from "./finding.ts";

/** What rules about time are judged with. */
export interface LintOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Judges a flag document: text (JSON) or what a JSON or YAML parser made of it. A document that the server would reject has
 * only findings of the rule `document`; what the server would warn about comes as rule `schema`. In the order of the document.
 */
export function lintFlags(document: unknown, _options: LintOptions): readonly LintFinding[] {
  const parsed = typeof document === "string" ? parseFlagText(document) : parseFlagDocument(document);
  if (!parsed.ok) return parsed.problems.map((problem) => ({ ...problem, rule: "document", severity: "error" }));
  return parsed.document.warnings.map((problem) => ({ ...problem, rule: "schema", severity: "warning" }));
}
