import type { JsonValue } from "../../json.ts";
import { isList, isObject } from "../../json.ts";
import { evaluateAsRule } from "../dynamic.ts";
import type { OperatorCompiler } from "../expression.ts";
import { kindOf, spend, TargetingError } from "../expression.ts";
import { listOperand, operandAt } from "../operands.ts";

/** `merge`: lists among the operands are flattened by one level. */
export const merge: OperatorCompiler = (operands, scope, compile) => {
  const all = compile.value(operands, scope);
  return (data, now, outer) => {
    const value = all(data, now, outer);
    if (value !== null && typeof value !== "object") return [value];
    const merged: JsonValue[] = [];
    for (const item of listOperand(value, "merge")) {
      if (isList(item)) for (const inner of item) merged.push(inner);
      else merged.push(item);
    }
    spend(scope.budget, merged.length);
    return merged;
  };
};

/** `set`: a copy of an object with one property changed. */
export const setProperty: OperatorCompiler = (operands, scope, compile) => {
  const all = compile.value(operands, scope);
  return (data, now, outer) => {
    const values = listOperand(all(data, now, outer), "set");
    const [object = null, name, value] = values;
    if (name === undefined || value === undefined || !isObject(object)) return object;
    if (typeof name !== "string") throw new TargetingError(`name of "set" is ${kindOf(name)}, expected a string`);
    spend(scope.budget, Object.keys(object).length);
    return { ...object, [name]: evaluateAsRule(operandAt(values, 2, "set"), scope, compile)(data, now) };
  };
};
