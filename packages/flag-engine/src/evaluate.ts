import type { Answers, CompiledFlag } from "./compile.ts";
import { mismatch } from "./compile.ts";
import type { EvaluationContext, Failed, FlagType, Resolution } from "./flag.ts";
import type { JsonValue } from "./json.ts";
import { canonicalJson } from "./json.ts";
import { stepLimit } from "./targeting/expression.ts";

/** What an evaluation is asked with. */
export interface EvaluationRequest {
  readonly type: FlagType;
  readonly context: EvaluationContext;
  /** Unix time of the evaluation, which rules read as `$flagd.timestamp`. */
  readonly nowSeconds: number;
  /** What several evaluations for one request may spend together; without it each has its own limit. */
  readonly steps?: Steps;
}

/** How much work is left for the evaluations of one request. */
export interface Steps {
  left: number;
}

/** Steps for a request that asks for many flags: about a second of the worst that rules can do. */
export function stepsForMany(): Steps {
  return { left: 20_000_000 };
}

/** Evaluates the flag with this key. Every outcome is a value, a missing flag too; it never throws. */
export function evaluate(
  flags: ReadonlyMap<string, CompiledFlag>,
  key: string,
  request: EvaluationRequest,
): Resolution {
  const flag = flags.get(key);
  return flag === undefined ? flagNotFound(key) : evaluateFlag(flag, request);
}

/** Evaluates one flag. Every outcome is a value; it never throws. */
export function evaluateFlag(flag: CompiledFlag, request: EvaluationRequest): Resolution {
  const { targeting } = flag;
  if (targeting === undefined) return answer(flag, flag.standard, request.type);
  let result: JsonValue;
  try {
    if (request.steps === undefined) {
      targeting.budget.left = stepLimit;
      result = targeting.expression(request.context, request.nowSeconds, null);
    } else result = targeting(request.context, request.nowSeconds, request.steps);
  } catch (error) {
    return targetingFailed(flag, error);
  }
  if (typeof result !== "string") return unlessText(flag, result, request.type);
  const answers = flag.match(result);
  return answers === undefined ? noVariant(flag, result) : answer(flag, answers, request.type);
}

// What follows is rare, and apart so that the function above stays small enough to be inlined.

function unlessText(flag: CompiledFlag, result: JsonValue, type: FlagType): Resolution {
  if (result === null) return answer(flag, flag.standard, type);
  const answers = variantNamed(flag, result);
  if (answers !== undefined) return answer(flag, answers, type);
  if (hasNoJson(result)) {
    return failed(flag, "PARSE_ERROR", "targeting gives a number that is not finite, expected the name of a variant");
  }
  return noVariant(flag, result);
}

function noVariant(flag: CompiledFlag, result: JsonValue): Failed {
  const known = Object.keys(flag.definition.variants).join(", ");
  return failed(flag, "GENERAL", `targeting gives ${shortened(result)}, expected one of: ${known}`);
}

function targetingFailed(flag: CompiledFlag, error: unknown): Failed {
  return failed(flag, "PARSE_ERROR", `targeting failed: ${error instanceof Error ? error.message : String(error)}`);
}

function answer(flag: CompiledFlag, answers: Answers, type: FlagType): Resolution {
  return answers.fitting[type] ?? mismatch(flag, answers.variant, type);
}

/** The answer for a key that no flag has. */
export function flagNotFound(key: string): Failed {
  return { ok: false, errorCode: "FLAG_NOT_FOUND", message: `flag "${key}" does not exist`, metadata: {} };
}

/** Results that are no text name a variant by their JSON text without its quotes: `true`, `1`, `1.5`. */
function variantNamed(flag: CompiledFlag, result: JsonValue): Answers | undefined {
  if (typeof result === "number" && !Number.isFinite(result)) return undefined;
  const text = Object.is(result, -0) ? "-0" : canonicalJson(result);
  return flag.match(text.replaceAll('"', ""));
}

/** Upstream cannot write such a result as JSON. */
function hasNoJson(result: JsonValue): boolean {
  if (typeof result === "number") return !Number.isFinite(result);
  return typeof result === "object" && result !== null && Object.values(result).some(hasNoJson);
}

function shortened(result: JsonValue): string {
  const text = canonicalJson(result);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function failed(flag: CompiledFlag, errorCode: Failed["errorCode"], message: string): Failed {
  return { ok: false, errorCode, message: `flag "${flag.definition.key}": ${message}`, metadata: flag.metadata };
}
