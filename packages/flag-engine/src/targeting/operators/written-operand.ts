import type { JsonValue } from "../../json.ts";
import { isList } from "../../json.ts";
import type { Expression, OperatorCompiler } from "../expression.ts";
import { readField } from "../expression.ts";
import { looselyEqual } from "../truth.ts";

/** Most comparisons are of a variable with a text that the rule has: two equal texts are all there is to find out, mostly. */
export function withText(compare: OperatorCompiler, whenEqual: boolean): OperatorCompiler {
  return (operands, scope, compile) => {
    if (!isList(operands) || operands.length !== 2) return compare(operands, scope, compile);
    const [left = null, right = null] = operands;
    const text = typeof right === "string" ? right : left;
    if (typeof text !== "string") return compare(operands, scope, compile);
    const other = compile.value(typeof right === "string" ? left : right, scope);
    const { field } = other;
    if (field === undefined) return (data, now, outer) => equals(other(data, now, outer), text) === whenEqual;
    const compared: Expression = (data, now, outer) => {
      const value = readField(data, field);
      if (typeof value === "string") return (value === text) === whenEqual;
      return equals(other(data, now, outer), text) === whenEqual;
    };
    return Object.assign(compared, { comparison: { field, text, whenEqual } });
  };
}

function equals(value: JsonValue, text: string): boolean {
  return typeof value === "string" ? value === text : looselyEqual(value, text);
}

/** The same for a variable and a number that the rule has. `holds` makes the comparison of two numbers. */
export function withNumber(
  compare: OperatorCompiler,
  holds: (limit: number) => (value: number) => boolean,
): OperatorCompiler {
  return (operands, scope, compile) => {
    const every = compare(operands, scope, compile);
    if (!isList(operands) || operands.length !== 2) return every;
    const [left = null, limit] = operands;
    const { field } = compile.value(left, scope);
    if (field === undefined || typeof limit !== "number") return every;
    const test = holds(limit);
    return (data, now, outer) => {
      const value = readField(data, field);
      return typeof value === "number" ? test(value) : every(data, now, outer);
    };
  };
}
