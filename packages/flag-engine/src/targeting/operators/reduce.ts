import type { JsonValue } from "../../json.ts";
import { isList, isObject } from "../../json.ts";
import type { OperatorCompiler } from "../expression.ts";
import { failing, kindOf, TargetingError } from "../expression.ts";
import { arithmeticNumber, textOf } from "../number.ts";
import { isTrue } from "../truth.ts";
import { compileSubject, costOf, elements } from "./iterate.ts";

/** `reduce`: the type of the initial value is the type of the result; null elements are left out. */
export const reduce: OperatorCompiler = (operands, scope, compile) => {
  if (!isList(operands)) return failing(`operands of "reduce" are ${kindOf(operands)}, expected a list`);
  const [subjectRule, stepRule, initialRule] = operands;
  if (stepRule === undefined || initialRule === undefined) return () => 0;
  const subject = compileSubject(subjectRule, scope, compile);
  const initial = isObject(initialRule) ? compile.call(initialRule, scope) : () => initialRule;
  const cost = costOf(stepRule, scope);
  const { substitute: _, ...plain } = scope;
  const step = isObject(stepRule)
    ? compile.call(stepRule, { ...plain, root: false })
    : failing(`step of "reduce" is ${kindOf(stepRule)}, expected an operator call`);
  return (data, now, outer) => {
    let accumulator = initial(data, now, outer);
    const convert = converter(accumulator);
    const list = subject(data, now, outer);
    if (list === null) return 0;
    const items = elements(list, "reduce", cost);
    const valueType = typeof accumulator === "boolean" ? "bool" : typeof accumulator;
    for (const current of items) {
      if (current !== null) accumulator = convert(step({ current, accumulator, valueType }, now, null));
    }
    return accumulator;
  };
};

function converter(initial: JsonValue): (value: JsonValue) => JsonValue {
  switch (typeof initial) {
    case "boolean":
      return isTrue;
    case "number":
      return arithmeticNumber;
    case "string":
      return textOf;
    default:
      throw new TargetingError(`initial value of "reduce" is ${kindOf(initial)}, expected a boolean, number or string`);
  }
}
