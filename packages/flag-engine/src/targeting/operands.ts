import type { JsonList, JsonValue } from "../json.ts";
import { isList } from "../json.ts";
import type { Compiler, Expression, Scope } from "./expression.ts";
import { kindOf, TargetingError } from "./expression.ts";

/** Operands evaluated together: where the rule has a list, one expression an operand; else whatever the rule gives. */
export type Operands = { readonly items: readonly Expression[] } | { readonly single: Expression };

/** Compiles the operands of an operator: each for itself when they are written as a list. */
export function compileOperands(operands: JsonValue, scope: Scope, compile: Compiler): Operands {
  if (isList(operands)) return { items: operands.map((item) => compile.value(item, scope)) };
  return { single: compile.value(operands, scope) };
}

/** The evaluated operands as one value, for operators that take a list or a single value. */
export function operandsValue(operands: JsonValue, scope: Scope, compile: Compiler): Expression {
  return compile.value(operands, scope);
}

/** The result of evaluated operands where the operator takes only a list. */
export function listOperand(value: JsonValue, operator: string): JsonList {
  if (isList(value)) return value;
  throw new TargetingError(`operands of "${operator}" are ${kindOf(value)}, expected a list`);
}

/** An operand that must be there. */
export function operandAt(operands: JsonList, index: number, operator: string): JsonValue {
  const value = operands[index];
  if (value === undefined) {
    throw new TargetingError(`"${operator}" has ${operands.length} operands, expected at least ${index + 1}`);
  }
  return value;
}
