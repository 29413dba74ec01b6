import type { JsonList, JsonValue } from "../../json.ts";
import { evaluateAsRule } from "../dynamic.ts";
import type { Compiler, OperatorCompiler, Scope } from "../expression.ts";
import { spend } from "../expression.ts";
import { arithmeticNumber, wholeNumber } from "../number.ts";
import { listOperand, operandAt } from "../operands.ts";
import { lookUp } from "../lookup.ts";

/** `missing`: which of the named variables are absent or null; empty text is present. */
export const missing: OperatorCompiler = (operands, scope, compile) => {
  const all = compile.value(operands, scope);
  return (data, now, outer) => {
    const value = all(data, now, outer);
    return absent(typeof value === "string" ? [value] : listOperand(value, "missing"), { scope, compile, data, now });
  };
};

/** `missing_some`: nothing when enough of the variables are there, else those that are not. */
export const missingSome: OperatorCompiler = (operands, scope, compile) => {
  const all = compile.value(operands, scope);
  return (data, now, outer) => {
    const values = listOperand(all(data, now, outer), "missing_some");
    const needed = wholeNumber(arithmeticNumber(operandAt(values, 0, "missing_some")));
    const names = listOperand(operandAt(values, 1, "missing_some"), "missing_some");
    const gone = absent(names, { scope, compile, data, now });
    return needed > names.length - gone.length ? gone : [];
  };
};

interface Evaluation {
  readonly scope: Scope;
  readonly compile: Compiler;
  readonly data: JsonValue;
  readonly now: number;
}

function absent(names: JsonList, { scope, compile, data, now }: Evaluation): JsonValue[] {
  spend(scope.budget, names.length);
  return names.filter((name) => lookUp(evaluateAsRule(name, scope, compile)(data, now), data, now, scope) === null);
}
