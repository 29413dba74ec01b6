export type { Answers, CompiledFlag } from "./compile.ts";
export { compileFlag } from "./compile.ts";
export type { EvaluationRequest, Steps } from "./evaluate.ts";
export { evaluate, evaluateFlag, flagNotFound, stepsForMany } from "./evaluate.ts";
export type {
  ErrorCode,
  EvaluationContext,
  Failed,
  FlagDefinition,
  FlagType,
  Reason,
  Resolution,
  Resolved,
} from "./flag.ts";
export { flagSetIdOf } from "./flag.ts";
export type { JsonList, JsonObject, JsonValue } from "./json.ts";
export { canonicalJson, isList, isObject, jsonEqual } from "./json.ts";
export { expiresAt } from "./lifecycle.ts";
export type { LintFinding, LintSeverity } from "./lint/finding.ts";
export type { LintOptions } from "./lint/lint-flags.ts";
export { lintFlags } from "./lint/lint-flags.ts";
export type { LintRule } from "./lint/rule.ts";
export { lintRules } from "./lint/rules/index.ts";
export type { FlagDocument, ParseResult } from "./parse.ts";
export { parseFlagDocument, parseFlagText } from "./parse.ts";
export type { Problem } from "./problem.ts";
export { formatProblem } from "./problem.ts";
