import type { JsonValue } from "../json.ts";
import { isList, isObject } from "../json.ts";
import { evaluateAsRule } from "./dynamic.ts";
import type { Compiler, Expression, Scope, Substitution } from "./expression.ts";
import { compileLookup, lookUp } from "./lookup.ts";

/**
 * Before upstream runs the body of `filter`, `none`, `some` or `all`, it replaces in the body every variable that has a value
 * in the surrounding data. `solveVariables` does the same to the rule's JSON; `substituting` has the same effect for bodies
 * that can be compiled ahead, and `isPlainBody` says which these are.
 */
export function solveVariables(
  rule: JsonValue,
  data: JsonValue,
  nowSeconds: number,
  scope: Scope,
  compile: Compiler,
): JsonValue {
  if (isList(rule)) return rule.map((item) => solveVariables(item, data, nowSeconds, scope, compile));
  if (!isObject(rule)) return rule;
  const solved: Record<string, JsonValue> = {};
  for (const [key, operand] of Object.entries(rule)) {
    if (key !== "var") {
      solved[key] = solveVariables(operand, data, nowSeconds, scope, compile);
    } else if (readsElement(operand)) {
      solved.var = operand;
    } else {
      const evaluated = evaluateAsRule(operand, scope, compile)(data, nowSeconds);
      const value = lookUp(evaluated, data, nowSeconds, scope);
      if (value !== null) return value;
      solved.var = operand;
    }
  }
  return solved;
}

/** Variables that upstream leaves to the element: the element itself and paths that start with a dot. */
function readsElement(operand: JsonValue): boolean {
  return typeof operand === "string" && (operand === "" || operand.startsWith("."));
}

const iterating = new Set(["map", "filter", "reduce", "all", "none", "some"]);

/** Whether every object in the body is an operator call, none of them iterates, and all paths are written out and can be read. */
export function isPlainBody(rule: JsonValue): boolean {
  if (isList(rule)) return rule.every(isPlainBody);
  if (!isObject(rule)) return true;
  const [entry, ...rest] = Object.entries(rule);
  if (entry === undefined || rest.length > 0 || iterating.has(entry[0])) return false;
  const [name, operands] = entry;
  if (name !== "var") return isPlainBody(operands);
  if (!isList(operands)) return !isObject(operands) && typeof operands !== "boolean";
  const [path = ""] = operands;
  return typeof path === "string" && !operands.some((item) => isObject(item) || isList(item));
}

/** A `var` in a plain body: the surrounding data first, then the element. Values that are rules are evaluated as rules. */
export function substituting(
  operand: JsonValue,
  scope: Scope,
  substitution: Substitution,
  compile: Compiler,
): Expression {
  const { substitute: _, ...body } = scope;
  const fromElement = compileLookup(operand, body);
  if (readsElement(operand)) return fromElement;
  const fromOuter = compileLookup(operand, { ...body, root: substitution.outerIsRoot });
  const asRule = (value: JsonValue, data: JsonValue, now: number): JsonValue =>
    isObject(value) || isList(value) ? evaluateAsRule(value, body, compile)(data, now) : value;
  return (data, now, outer) => {
    const around = substitution.from === "element" ? null : fromOuter(outer, now);
    if (around !== null) {
      // With "both", upstream looks for variables a second time, also in what it just put in their place.
      const again = substitution.from === "both" && typeof around === "object";
      return asRule(again ? solveVariables(around, data, now, body, compile) : around, data, now);
    }
    const own = fromElement(data, now);
    return own === null || substitution.from === "outer" ? own : asRule(own, data, now);
  };
}
