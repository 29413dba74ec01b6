import type { JsonList, JsonValue } from "../../json.ts";
import { isList } from "../../json.ts";
import type { Expression, OperatorCompiler } from "../expression.ts";
import { compileOperands, listOperand } from "../operands.ts";
import { lessOrEqual as atMost, less, looselyEqual, strictlyEqual } from "../truth.ts";
import { withNumber, withText } from "./written-operand.ts";

type Relation = (a: JsonValue, b: JsonValue) => boolean;

/** Two operands that are written as such are compared; `judge` looks at whatever else all of them give. */
function compare(holds: Relation, judge: (values: JsonValue) => boolean): OperatorCompiler {
  return (operands, scope, compile) => {
    const compiled = compileOperands(operands, scope, compile);
    const [a, b, ...rest] = "items" in compiled ? compiled.items : [];
    if (a !== undefined && b !== undefined && rest.length === 0) return pair(a, b, holds);
    const all = compile.value(operands, scope);
    return (data, now, outer) => judge(all(data, now, outer));
  };
}

/** Evaluates all operands, compares the first two; with fewer than two the result is `missing`. */
function relation(name: string, holds: Relation, missing: boolean): OperatorCompiler {
  return compare(holds, (given) => {
    const values = listOperand(given, name);
    return values.length < 2 ? missing : holds(values[0] ?? null, values[1] ?? null);
  });
}

/** As `relation`, and with exactly three operands "between": both neighbours must hold. */
function chain(name: string, holds: Relation): OperatorCompiler {
  const two = relation(name, holds, false);
  return (operands, scope, compile) => {
    const compiled = compileOperands(operands, scope, compile);
    if ("items" in compiled && compiled.items.length < 3) return two(operands, scope, compile);
    const all = compile.value(operands, scope);
    return (data, now, outer) => {
      const values: JsonList = listOperand(all(data, now, outer), name);
      const [a = null, b = null, c = null] = values;
      if (values.length < 2) return false;
      return values.length === 3 ? holds(a, b) && holds(b, c) : holds(a, b);
    };
  };
}

function pair(a: Expression, b: Expression, holds: Relation): Expression {
  return (data, now, outer) => holds(a(data, now, outer), b(data, now, outer));
}

const not =
  (holds: Relation): Relation =>
  (a, b) =>
    !holds(a, b);

export const softEqual = withText(relation("==", looselyEqual, false), true);
export const notSoftEqual = withText(relation("!=", not(looselyEqual), true), false);
export const lessThan = withNumber(chain("<", less), (limit) => (value) => value < limit);
export const lessOrEqual = withNumber(chain("<=", atMost), (limit) => (value) => value <= limit);
export const greaterThan = withNumber(
  chain(">", (a, b) => less(b, a)),
  (limit) => (value) => value > limit,
);
export const greaterOrEqual = withNumber(
  chain(">=", (a, b) => atMost(b, a)),
  (limit) => (value) => value >= limit,
);

/** Unlike the others, `===` and `!==` take a missing list of operands as "not equal". */
function hard(holds: Relation, missing: boolean): OperatorCompiler {
  return compare(holds, (values) =>
    isList(values) && values.length > 1 ? holds(values[0] ?? null, values[1] ?? null) : missing,
  );
}

export const hardEqual = hard(strictlyEqual, false);
export const notHardEqual = hard(not(strictlyEqual), true);
