import type { JsonObject, JsonValue } from "../json.ts";
import { isObject } from "../json.ts";

/**
 * A compiled rule. `data` is what `var` reads: the evaluation context, or the element inside `map`, `filter` and the like.
 * `nowSeconds` is the Unix time of the evaluation. `outer` is the data around an element, where an operator needs it.
 */
export interface Expression {
  (data: JsonValue, nowSeconds: number, outer: JsonValue): JsonValue;
  /** The result, when it is the same for all data. */
  readonly constant?: { readonly value: JsonValue };
  /** Set when it only reads the property of this name from its data: then operators may read it themselves. */
  readonly field?: string;
  /** Set when it only compares a property with a text: then `if` may do so itself. */
  readonly comparison?: TextComparison;
}

/** Whether the property of this name is this text, or is not. Anything but a text there has to be asked of the expression. */
export interface TextComparison {
  readonly field: string;
  readonly text: string;
  readonly whenEqual: boolean;
}

/** The property that an expression with a `field` reads; undefined when it is better asked itself. */
export function readField(data: JsonValue, field: string): JsonValue | undefined {
  return isObject(data) ? data[field] : undefined;
}

/** A rule that cannot give a result for this data: an unknown operator or an operand of a type it does not take. */
export class TargetingError extends Error {
  override readonly name = "TargetingError";
}

/** How many steps one evaluation may take in loops and in rules that arrive as data. Far above any real rule. */
export const stepLimit = 1_000_000;

/** Stops rules that loop over large contexts, or that evaluate themselves, from holding the server. */
export interface Budget {
  left: number;
}

/** Takes steps off the budget. Throws TargetingError when there are not so many left. */
export function spend(budget: Budget, steps: number): void {
  budget.left -= steps;
  if (budget.left < 0) throw new TargetingError("rule takes too many steps; evaluation stopped");
}

/** Where a piece of a rule stands. */
export interface Scope {
  readonly flagKey: string;
  readonly budget: Budget;
  /** True while `data` is the evaluation context itself, which then also has `$flagd`. */
  readonly root: boolean;
  /** How deep rules that came out of data are nested. */
  readonly dynamicDepth: number;
  /** Set inside the bodies of `filter`, `none`, `some` and `all`. */
  readonly substitute?: Substitution;
}

/** Which data gives its values to the variables of a body before the body runs. */
export interface Substitution {
  readonly from: "outer" | "element" | "both";
  /** Whether the outer data is the evaluation context itself. */
  readonly outerIsRoot: boolean;
}

/** Turns the operands of one operator, as written, into its expression. */
export type OperatorCompiler = (operands: JsonValue, scope: Scope, compile: Compiler) => Expression;

/** What operators use to compile their operands. */
export interface Compiler {
  /** Lists element by element, one-key objects as operator calls, everything else as itself. */
  value(rule: JsonValue, scope: Scope): Expression;
  /** An operator call; objects with no key or several are literals. */
  call(rule: JsonObject, scope: Scope): Expression;
}

/** An expression that always fails, for what can only be reported when it is reached. */
export function failing(message: string): Expression {
  return () => {
    throw new TargetingError(message);
  };
}

/** An expression whose result does not depend on data; operators recognise it and prepare their work. */
export function constant(value: JsonValue): Expression {
  return Object.assign(() => value, { constant: { value } });
}

/** Names a value in error messages without printing it: contexts may hold personal data. */
export function kindOf(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}
