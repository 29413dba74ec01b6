import type { JsonList, JsonValue } from "../../json.ts";
import { isList } from "../../json.ts";
import type { OperatorCompiler } from "../expression.ts";
import { arithmeticNumber } from "../number.ts";
import { listOperand, operandAt } from "../operands.ts";

/** An operator that needs its operands as a list. */
function overList(name: string, calculate: (operands: JsonList) => JsonValue): OperatorCompiler {
  return (operands, scope, compile) => {
    const all = compile.value(operands, scope);
    return (data, now, outer) => calculate(listOperand(all(data, now, outer), name));
  };
}

/** `+`: a single value is converted to a number. */
export const sum: OperatorCompiler = (operands, scope, compile) => {
  const all = compile.value(operands, scope);
  return (data, now, outer) => {
    const value = all(data, now, outer);
    if (!isList(value)) return arithmeticNumber(value);
    if (value.length === 1) return arithmeticNumber(value[0]);
    let total = 0;
    for (const item of value) total += arithmeticNumber(item);
    return total;
  };
};

export const minus = overList("-", (operands) => {
  if (operands.length === 0) return 0;
  if (operands.length === 1) return -arithmeticNumber(operands[0]);
  return fold(operands, (total, item) => total - item);
});

export const multiply = overList("*", (operands) => {
  let product = 1;
  for (const item of operands) product *= arithmeticNumber(item);
  return product;
});

export const divide = overList("/", (operands) => {
  if (operands.length === 0) return 0;
  return fold(operands, (total, item) => total / item);
});

export const modulo = overList(
  "%",
  (operands) => arithmeticNumber(operandAt(operands, 0, "%")) % arithmeticNumber(operandAt(operands, 1, "%")),
);

export const greatest = overList("max", (operands) => (operands.length === 0 ? null : fold(operands, larger)));

export const smallest = overList("min", (operands) => (operands.length === 0 ? null : fold(operands, smaller)));

/** Unlike Math.max and Math.min these skip what is not a number, unless it comes first. */
function larger(best: number, item: number): number {
  if (item > best) return item;
  return best;
}

function smaller(best: number, item: number): number {
  if (item < best) return item;
  return best;
}

export const abs: OperatorCompiler = (operands, scope, compile) => {
  const all = compile.value(operands, scope);
  return (data, now, outer) => {
    const value = all(data, now, outer);
    return Math.abs(arithmeticNumber(isList(value) ? operandAt(value, 0, "abs") : value));
  };
};

function fold(operands: JsonList, step: (total: number, item: number) => number): number {
  let total = arithmeticNumber(operands[0]);
  for (let i = 1; i < operands.length; i++) total = step(total, arithmeticNumber(operands[i]));
  return total;
}
