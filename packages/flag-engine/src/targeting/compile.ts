import type { EvaluationContext } from "../flag.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { isList, isObject } from "../json.ts";
import type { Budget, Compiler, Expression, Scope } from "./expression.ts";
import { constant, failing, stepLimit } from "./expression.ts";
import { operators } from "./operators/index.ts";

/** Gives the result of a flag's targeting. Throws when the rule fails for this context. What it spends is taken from `steps`. */
export interface Targeting {
  (context: EvaluationContext, nowSeconds: number, steps?: Budget): JsonValue;
  /** What runs, for callers that renew the budget themselves: it is one call less. */
  readonly expression: Expression;
  readonly budget: Budget;
}

/**
 * Builds the closures of a rule once. No code is generated from text. Whatever is wrong in a branch is reported only when
 * an evaluation reaches it, because upstream serves the branches around it.
 */
export function compileTargeting(rule: JsonValue, flagKey: string): Targeting {
  const budget = { left: 0 };
  const scope: Scope = { flagKey, budget, root: true, dynamicDepth: 0 };
  const expression = compiler.value(rule, scope);
  const run = (context: EvaluationContext, nowSeconds: number, steps?: Budget): JsonValue => {
    budget.left = stepLimit;
    if (steps !== undefined) return withSteps(steps, budget, () => expression(context, nowSeconds, null));
    return expression(context, nowSeconds, null);
  };
  return Object.assign(run, { expression, budget });
}

function withSteps(steps: Budget, budget: Budget, run: () => JsonValue): JsonValue {
  const allowed = Math.min(stepLimit, Math.max(0, steps.left));
  budget.left = allowed;
  try {
    return run();
  } finally {
    steps.left -= allowed - budget.left;
  }
}

const compiler: Compiler = {
  value(rule, scope) {
    if (isList(rule)) return compileList(rule, scope);
    return isObject(rule) ? compiler.call(rule, scope) : constant(rule);
  },

  call(rule: JsonObject, scope: Scope): Expression {
    const keys = Object.keys(rule);
    const name = keys[0];
    if (name === undefined || keys.length > 1) return constant(rule);
    const operator = operators.get(name);
    if (operator === undefined) {
      return failing(`operator "${name}" is unknown, expected one of: ${[...operators.keys()].join(", ")}`);
    }
    return operator(rule[name] ?? null, scope, compiler);
  },
};

function compileList(rule: readonly JsonValue[], scope: Scope): Expression {
  const items = rule.map((item) => compiler.value(item, scope));
  if (items.every((item) => item.constant !== undefined))
    return constant(items.map((item) => item.constant?.value ?? null));
  return (data, now, outer) => {
    const values: JsonValue[] = [];
    for (const item of items) values.push(item(data, now, outer));
    return values;
  };
}
