import type { JsonList, JsonValue } from "../../json.ts";
import { isList, isObject } from "../../json.ts";
import type { Budget, OperatorCompiler } from "../expression.ts";
import { kindOf, readField, spend, TargetingError } from "../expression.ts";
import { arithmeticNumber } from "../number.ts";
import { compileOperands, listOperand, operandAt } from "../operands.ts";

/** `in`: part of a text, element of a list; lists inside the list are ranges with both ends included. */
export const includes: OperatorCompiler = (operands, scope, compile) => {
  const compiled = compileOperands(operands, scope, compile);
  const [needle, haystack, ...rest] = "items" in compiled ? compiled.items : [];
  if (needle !== undefined && haystack !== undefined && rest.length === 0) {
    const words = textSet(haystack.constant?.value);
    if (words !== undefined) {
      const { field } = needle;
      return (data, now, outer) => {
        const text = field === undefined ? undefined : readField(data, field);
        if (typeof text === "string") return words.has(text);
        const value = needle(data, now, outer);
        return typeof value === "number" ? isIn(value, words.list, scope.budget) : words.has(value);
      };
    }
    const part = needle.constant?.value;
    if (typeof part !== "string") {
      return (data, now, outer) => isIn(needle(data, now, outer), haystack(data, now, outer), scope.budget);
    }
    const { field } = haystack;
    return (data, now, outer) => {
      const text = field === undefined ? undefined : readField(data, field);
      // A longer one is to cost steps, which the variable itself sees to.
      if (typeof text === "string" && text.length <= 256) return text.includes(part);
      const value = haystack(data, now, outer);
      return typeof value === "string" ? value.includes(part) : isIn(part, value, scope.budget);
    };
  }
  const all = compile.value(operands, scope);
  return (data, now, outer) => {
    const values = listOperand(all(data, now, outer), "in");
    return isIn(operandAt(values, 0, "in"), values[1] ?? null, scope.budget);
  };
};

interface TextSet {
  readonly list: JsonList;
  has(value: JsonValue): boolean;
}

/** A written list that holds only texts, which most rules have. Of a few, comparing is quicker than hashing. */
function textSet(haystack: JsonValue | undefined): TextSet | undefined {
  if (!isList(haystack) || !haystack.every((item) => typeof item === "string")) return undefined;
  const list: JsonList = haystack;
  if (list.length <= 4) return { list, has: (value) => list.includes(value) };
  const set = new Set<JsonValue>(list);
  return { list, has: (value) => typeof value === "string" && set.has(value) };
}

function isIn(needle: JsonValue, haystack: JsonValue, budget: Budget): boolean {
  if (typeof haystack === "string") {
    if (typeof needle === "string") return haystack.includes(needle);
    throw new TargetingError(`"in" looks for ${kindOf(needle)} in a string, expected a string`);
  }
  if (!isList(haystack)) return false;
  spend(budget, haystack.length);
  return haystack.some((element) => matches(needle, element));
}

function matches(needle: JsonValue, element: JsonValue): boolean {
  if (isList(element)) {
    const value = arithmeticNumber(needle);
    const [low, high] = [operandAt(element, 0, "in"), operandAt(element, 1, "in")];
    return value >= arithmeticNumber(low) && arithmeticNumber(high) >= value;
  }
  if (typeof needle === "number") return arithmeticNumber(element) === needle;
  if (isObject(needle) && isObject(element)) throw new TargetingError(`"in" cannot compare objects`);
  return needle === element;
}
