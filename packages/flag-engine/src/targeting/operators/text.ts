import { trimmed } from "../blank.ts";
import type { OperatorCompiler } from "../expression.ts";
import { spend, TargetingError } from "../expression.ts";
import { arithmeticNumber, textOf, wholeNumber } from "../number.ts";
import { listOperand, operandAt } from "../operands.ts";

/** `cat`: with two operands or more the result is trimmed, as upstream does. */
export const cat: OperatorCompiler = (operands, scope, compile) => {
  const all = compile.value(operands, scope);
  return (data, now, outer) => {
    const value = all(data, now, outer);
    if (typeof value === "string") return value;
    const items = listOperand(value, "cat");
    if (items.length === 1) return textOf(items[0]);
    let text = "";
    for (const item of items) text += textOf(item);
    spend(scope.budget, text.length);
    return trimmed(text);
  };
};

/** `substr`: positions count code points; a start outside of the text gives all of it. */
export const substr: OperatorCompiler = (operands, scope, compile) => {
  const all = compile.value(operands, scope);
  return (data, now, outer) => {
    const items = listOperand(all(data, now, outer), "substr");
    const text = textOf(operandAt(items, 0, "substr"));
    spend(scope.budget, text.length);
    const points = [...text];
    let from = wholeNumber(arithmeticNumber(operandAt(items, 1, "substr")));
    if (from < 0) from += points.length;
    if (from < 0 || from > points.length) return points.join("");
    const length = items.length === 3 ? wholeNumber(arithmeticNumber(items[2])) : points.length;
    const to = length < 0 ? points.length + length : Math.min(from + length, points.length);
    if (to < from) throw new TargetingError(`"substr" ends at ${to}, before its start at ${from}`);
    return points.slice(from, to).join("");
  };
};
