import type { JsonList, JsonValue } from "../../json.ts";
import { isList, isObject } from "../../json.ts";
import { nested } from "../dynamic.ts";
import type { Compiler, Expression, OperatorCompiler, Scope, Substitution } from "../expression.ts";
import { failing, kindOf, spend, TargetingError } from "../expression.ts";
import { listOperand } from "../operands.ts";
import { isPlainBody, solveVariables } from "../substitution.ts";
import { isTrue } from "../truth.ts";

/** What is iterated over: a list as written (its elements are not evaluated), or what a rule gives; null for all else. */
export function compileSubject(subject: JsonValue | undefined, scope: Scope, compile: Compiler): Expression {
  if (isList(subject)) return () => subject;
  return isObject(subject) ? compile.call(subject, scope) : () => null;
}

/** Runs the body on one element. */
type Body = (element: JsonValue, nowSeconds: number, outer: JsonValue) => JsonValue;

interface BodyOptions {
  readonly from: Substitution["from"];
  /** Upstream requires the body of `all`, `none` and `some` to be an operator call; that of `filter` may be a value. */
  readonly callOnly: boolean;
}

function compileBody(rule: JsonValue, scope: Scope, compile: Compiler, options: BodyOptions): Body {
  const topVariable = isObject(rule) && Object.hasOwn(rule, "var");
  if (isPlainBody(rule) && !(options.callOnly && (topVariable || !isObject(rule)))) {
    const substitute = { from: options.from, outerIsRoot: scope.root };
    return compile.value(rule, { ...scope, root: false, substitute });
  }
  return (element, now, outer) => {
    const elementScope = { ...nested(scope, rule), root: false };
    let solved = rule;
    if (options.from !== "element") solved = solveVariables(solved, outer, now, scope, compile);
    if (options.from !== "outer") solved = solveVariables(solved, element, now, elementScope, compile);
    if (options.callOnly && !isObject(solved)) {
      throw new TargetingError(`condition on list elements is ${kindOf(solved)}, expected an operator call`);
    }
    return compile.value(solved, elementScope)(element, now, null);
  };
}

export const mapItems: OperatorCompiler = (operands, scope, compile) => {
  if (!isList(operands)) return failing(`operands of "map" are ${kindOf(operands)}, expected a list`);
  const [subjectRule, bodyRule] = operands;
  if (bodyRule === undefined) return () => [];
  const subject = compileSubject(subjectRule, scope, compile);
  const { substitute: _, ...plain } = scope;
  const body = compile.value(bodyRule, { ...plain, root: false });
  return (data, now, outer) => {
    const list = subject(data, now, outer);
    if (list === null) return [];
    return elements(list, "map", scope).map((element) => body(element, now, null));
  };
};

export const filter: OperatorCompiler = (operands, scope, compile) => {
  if (!isList(operands)) return failing(`operands of "filter" are ${kindOf(operands)}, expected a list`);
  const [subjectRule, bodyRule] = operands;
  if (bodyRule === undefined) return () => [];
  const subject = compileSubject(subjectRule, scope, compile);
  const body = compileBody(bodyRule, scope, compile, { from: "outer", callOnly: false });
  return (data, now, outer) => {
    const list = subject(data, now, outer);
    if (list === null) return [];
    return elements(list, "filter", scope).filter((element) => isTrue(body(element, now, data)));
  };
};

/** `all`, `none` and `some`: the answer for a list without elements, and for the first element that decides. */
function quantifier(
  name: string,
  from: Substitution["from"],
  rule: { empty: boolean; decidedBy: boolean },
): OperatorCompiler {
  return (operands, scope, compile) => {
    if (!isList(operands)) return failing(`operands of "${name}" are ${kindOf(operands)}, expected a list`);
    const [subjectRule, bodyRule] = operands;
    const subject = compileSubject(subjectRule, scope, compile);
    const body = bodyRule === undefined ? undefined : compileBody(bodyRule, scope, compile, { from, callOnly: true });
    return (data, now, outer) => {
      if (subjectRule === undefined)
        throw new TargetingError(`"${name}" has no operands, expected a list and a condition`);
      const list = subject(data, now, outer);
      if (!isTrue(list)) return rule.empty;
      if (body === undefined) throw new TargetingError(`"${name}" has 1 operand, expected a list and a condition`);
      const decided = elements(list, name, scope).some(
        (element) => isTrue(body(element, now, data)) === rule.decidedBy,
      );
      return decided ? name === "some" : name !== "some";
    };
  };
}

export const all = quantifier("all", "element", { empty: false, decidedBy: false });
export const none = quantifier("none", "outer", { empty: true, decidedBy: true });
export const some = quantifier("some", "both", { empty: false, decidedBy: true });

function elements(list: JsonValue, operator: string, scope: Scope): JsonList {
  const items = listOperand(list, operator);
  spend(scope.budget, items.length);
  return items;
}
