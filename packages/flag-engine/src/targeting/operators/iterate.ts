import type { JsonList, JsonValue } from "../../json.ts";
import { isList, isObject } from "../../json.ts";
import { nested, sizeOf } from "../dynamic.ts";
import type { Budget, Compiler, Expression, OperatorCompiler, Scope, Substitution } from "../expression.ts";
import { failing, kindOf, spend, TargetingError } from "../expression.ts";
import { listOperand } from "../operands.ts";
import { isPlainBody, solveVariables } from "../substitution.ts";
import { isTrue } from "../truth.ts";

/** What is iterated over: a list as written (its elements are not evaluated), or what a rule gives; null for all else. */
export function compileSubject(subject: JsonValue | undefined, scope: Scope, compile: Compiler): Expression {
  if (isList(subject)) return () => subject;
  return isObject(subject) ? compile.call(subject, scope) : () => null;
}

/** Takes what the body needs of the surrounding data, before the first element; the result runs on each element. */
type Body = (outer: JsonValue, nowSeconds: number) => Expression;

interface BodyOptions {
  readonly from: Substitution["from"];
  /** Upstream requires the body of `all`, `none` and `some` to be an operator call; that of `filter` may be a value. */
  readonly callOnly: boolean;
}

function compileBody(rule: JsonValue, scope: Scope, compile: Compiler, options: BodyOptions): Body {
  const topVariable = isObject(rule) && Object.hasOwn(rule, "var");
  if (isPlainBody(rule) && !(options.callOnly && (topVariable || !isObject(rule)))) {
    const substitute = { from: options.from, outerIsRoot: scope.root };
    const body = compile.value(rule, { ...scope, root: false, substitute });
    return () => body;
  }
  const compileSolved = (solved: JsonValue, elementScope: Scope): Expression => {
    if (options.callOnly && !isObject(solved)) {
      throw new TargetingError(`condition on list elements is ${kindOf(solved)}, expected an operator call`);
    }
    spend(scope.budget, sizeOf(solved));
    return compile.value(solved, elementScope);
  };
  return (outer, now) => {
    const elementScope = { ...nested(scope, rule), root: false };
    const solved = options.from === "element" ? rule : solveVariables(rule, outer, now, scope, compile);
    if (options.from === "outer") return compileOnce(() => compileSolved(solved, elementScope));
    return (element) => {
      const own = { ...nested(scope, solved), root: false };
      return compileSolved(solveVariables(solved, element, now, own, compile), own)(element, now, null);
    };
  };
}

/** Not before the first element: over an empty list the condition may be anything. */
function compileOnce(make: () => Expression): Expression {
  let made: Expression | undefined;
  return (data, now) => {
    made ??= make();
    return made(data, now, null);
  };
}

export const mapItems: OperatorCompiler = (operands, scope, compile) => {
  if (!isList(operands)) return failing(`operands of "map" are ${kindOf(operands)}, expected a list`);
  const [subjectRule, bodyRule] = operands;
  if (bodyRule === undefined) return () => [];
  const subject = compileSubject(subjectRule, scope, compile);
  const cost = costOf(bodyRule, scope);
  const { substitute: _, ...plain } = scope;
  const body = compile.value(bodyRule, { ...plain, root: false });
  return (data, now, outer) => {
    const list = subject(data, now, outer);
    if (list === null) return [];
    return elements(list, "map", cost).map((element) => body(element, now, null));
  };
};

export const filter: OperatorCompiler = (operands, scope, compile) => {
  if (!isList(operands)) return failing(`operands of "filter" are ${kindOf(operands)}, expected a list`);
  const [subjectRule, bodyRule] = operands;
  if (bodyRule === undefined) return () => [];
  const subject = compileSubject(subjectRule, scope, compile);
  const body = compileBody(bodyRule, scope, compile, { from: "outer", callOnly: false });
  const cost = costOf(bodyRule, scope);
  return (data, now, outer) => {
    const list = subject(data, now, outer);
    if (list === null) return [];
    const holds = body(data, now);
    return elements(list, "filter", cost).filter((element) => isTrue(holds(element, now, data)));
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
    const cost = costOf(bodyRule, scope);
    return (data, now, outer) => {
      if (subjectRule === undefined)
        throw new TargetingError(`"${name}" has no operands, expected a list and a condition`);
      const list = subject(data, now, outer);
      if (!isTrue(list)) return rule.empty;
      if (body === undefined) throw new TargetingError(`"${name}" has 1 operand, expected a list and a condition`);
      const holds = body(data, now);
      const decided = elements(list, name, cost).some(
        (element) => isTrue(holds(element, now, data)) === rule.decidedBy,
      );
      return decided ? name === "some" : name !== "some";
    };
  };
}

export const all = quantifier("all", "element", { empty: false, decidedBy: false });
export const none = quantifier("none", "outer", { empty: true, decidedBy: true });
export const some = quantifier("some", "both", { empty: false, decidedBy: true });

/** What one element costs: as much as its body is large, whatever of it is evaluated. */
export interface Cost {
  readonly budget: Budget;
  readonly perElement: number;
}

/** What a pass over a list costs with this body. */
export function costOf(bodyRule: JsonValue | undefined, { budget }: Scope): Cost {
  return { budget, perElement: sizeOf(bodyRule ?? null) };
}

/** The elements to go over. Fails when the list, times its body, is more than an evaluation may do. */
export function elements(list: JsonValue, operator: string, { budget, perElement }: Cost): JsonList {
  const items = listOperand(list, operator);
  spend(budget, items.length * perElement);
  return items;
}
