import type { JsonValue } from "../../json.ts";
import { isList, isObject } from "../../json.ts";
import { evaluateAsRule } from "../dynamic.ts";
import type { Compiler, Expression, OperatorCompiler, Scope, TextComparison } from "../expression.ts";
import { constant, failing, kindOf, readField } from "../expression.ts";
import { isTrue } from "../truth.ts";

/** The first operand that decides, or the last; later operands are not evaluated. */
function junction(name: string, decidedBy: boolean): OperatorCompiler {
  const join = decidedBy ? either : both;
  return (operands, scope, compile) => {
    if (!isList(operands)) return failing(`operands of "${name}" are ${kindOf(operands)}, expected a list`);
    const items = operands.map((item) => compile.value(item, scope));
    const last = items.pop();
    if (last === undefined) return constant(null);
    const [first, second, ...others] = items;
    if (first !== undefined && second !== undefined && others.length === 0) {
      return decidedBy ? anyOfThree(first, second, last) : allOfThree(first, second, last);
    }
    return items.reduceRight((rest, item) => join(item, rest), last);
  };
}

function either(first: Expression, rest: Expression): Expression {
  return (data, now, outer) => {
    const value = first(data, now, outer);
    return isTrue(value) ? value : rest(data, now, outer);
  };
}

function both(first: Expression, rest: Expression): Expression {
  return (data, now, outer) => {
    const value = first(data, now, outer);
    return isTrue(value) ? rest(data, now, outer) : value;
  };
}

function anyOfThree(first: Expression, second: Expression, third: Expression): Expression {
  return (data, now, outer) => {
    const one = first(data, now, outer);
    if (isTrue(one)) return one;
    const two = second(data, now, outer);
    return isTrue(two) ? two : third(data, now, outer);
  };
}

function allOfThree(first: Expression, second: Expression, third: Expression): Expression {
  return (data, now, outer) => {
    const one = first(data, now, outer);
    if (!isTrue(one)) return one;
    const two = second(data, now, outer);
    return isTrue(two) ? third(data, now, outer) : two;
  };
}

export const and = junction("and", false);
export const or = junction("or", true);

/** `if`: pairs of condition and result, then the result for "none of them". Only what is chosen is evaluated. */
export const conditional: OperatorCompiler = (operands, scope, compile) => {
  if (!isList(operands)) return failing(`operands of "if" are ${kindOf(operands)}, expected a list`);
  return branches(operands, scope, compile);
};

function branches(operands: readonly JsonValue[], scope: Scope, compile: Compiler): Expression {
  const [first, second, ...rest] = operands;
  if (first === undefined) return constant(null);
  if (second === undefined) return clause(first, scope, compile);
  const condition = compile.value(first, scope);
  const then = clause(second, scope, compile);
  const otherwise = branches(rest, scope, compile);
  const [fixed, other] = [then.constant, otherwise.constant];
  if (fixed !== undefined && other !== undefined) {
    const [yes, no] = [fixed.value, other.value];
    if (condition.comparison !== undefined) return chosenByText(condition, condition.comparison, { yes, no });
    return (data, now, outer) => (isTrue(condition(data, now, outer)) ? yes : no);
  }
  if (fixed !== undefined) {
    const yes = fixed.value;
    return (data, now, outer) => (isTrue(condition(data, now, outer)) ? yes : otherwise(data, now, outer));
  }
  return (data, now, outer) =>
    isTrue(condition(data, now, outer)) ? then(data, now, outer) : otherwise(data, now, outer);
}

/** The most common rule of all: a variable is a text, or not, and each case has a variant. */
function chosenByText(
  condition: Expression,
  { field, text, whenEqual }: TextComparison,
  { yes, no }: { yes: JsonValue; no: JsonValue },
): Expression {
  const [equal, different] = whenEqual ? [yes, no] : [no, yes];
  return (data, now, outer) => {
    const value = readField(data, field);
    if (typeof value === "string") return value === text ? equal : different;
    return isTrue(condition(data, now, outer)) ? yes : no;
  };
}

/** A chosen result that is an object is evaluated once more, as upstream does. */
function clause(rule: JsonValue, scope: Scope, compile: Compiler): Expression {
  const expression = compile.value(rule, scope);
  const fixed = expression.constant?.value;
  if (fixed !== undefined && !isObject(fixed)) return expression;
  return (data, now, outer) => {
    const value = expression(data, now, outer);
    return isObject(value) ? evaluateAsRule(value, scope, compile)(data, now) : value;
  };
}

/** `!`: of the first operand; of the list itself when it is empty. */
export const not: OperatorCompiler = (operands, scope, compile) => {
  const first = isList(operands) ? operands[0] : undefined;
  if (isList(operands) && first !== undefined) {
    const items = operands.map((item) => compile.value(item, scope));
    const [only, ...rest] = items;
    if (only !== undefined && rest.length === 0) return (data, now, outer) => !isTrue(only(data, now, outer));
  }
  const all = compile.value(operands, scope);
  return (data, now, outer) => {
    const value = all(data, now, outer);
    return !isTrue(isList(value) && value.length > 0 ? (value[0] ?? null) : value);
  };
};

export const notNot: OperatorCompiler = (operands, scope, compile) => {
  const negated = not(operands, scope, compile);
  return (data, now, outer) => !isTrue(negated(data, now, outer));
};
