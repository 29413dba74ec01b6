import type { JsonValue } from "../json.ts";
import { isList, isObject } from "../json.ts";
import type { Compiler, Scope } from "./expression.ts";
import { spend, TargetingError } from "./expression.ts";

/** Upstream has no limit and ends the process when a rule that came from a context evaluates itself. */
const depthLimit = 16;

/** Evaluates a value that came out of data as if it stood in the rule, which upstream does in some places. */
export function evaluateAsRule(
  value: JsonValue,
  scope: Scope,
  compile: Compiler,
): (data: JsonValue, now: number) => JsonValue {
  if (!isObject(value) && !isList(value)) return () => value;
  const inner = nested(scope, value);
  const expression = compile.value(value, inner);
  return (data, now) => expression(data, now, null);
}

/** A scope for a rule that is only known now. */
export function nested(scope: Scope, rule: JsonValue): Scope {
  if (scope.dynamicDepth >= depthLimit) {
    throw new TargetingError(`rule taken from data is nested in ${depthLimit} others; evaluation stopped`);
  }
  spend(scope.budget, sizeOf(rule));
  const { substitute: _, ...rest } = scope;
  return { ...rest, dynamicDepth: scope.dynamicDepth + 1 };
}

/** How many values a rule is made of. */
export function sizeOf(value: JsonValue): number {
  if (isList(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item), 1);
  if (isObject(value)) return Object.values(value).reduce<number>((sum, item) => sum + sizeOf(item), 1);
  return 1;
}
