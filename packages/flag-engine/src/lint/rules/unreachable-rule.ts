import type { JsonValue } from "../../json.ts";
import { isList, isObject } from "../../json.ts";
import type { Problem } from "../../problem.ts";
import { childPath } from "../../schema/report.ts";
import { fixedTruth, reachable } from "../results.ts";
import { flagRule } from "../rule.ts";

export const unreachableRule = flagRule({
  name: "unreachable-rule",
  severity: "warning",
  about: "every part of a rule can be reached",
  *check({ path, definition: { targeting } }) {
    if (targeting !== undefined) yield* look(targeting, `${path}.targeting`);
  },
});

function* look(rule: JsonValue, path: string): Generator<Problem> {
  if (isList(rule)) for (const [index, item] of rule.entries()) yield* look(item, childPath(path, index));
  if (!isObject(rule)) return;
  for (const [name, operands] of Object.entries(rule)) {
    const at = childPath(path, name);
    if ((name === "if" || name === "?:") && isList(operands)) {
      for (const { index, why } of reachable(operands).never) {
        yield { path: childPath(at, index), message: `is never reached: ${why}; expected it to go` };
      }
    }
    if (name === "and" || name === "or") yield* decidedEarly(name, operands, at);
    if (name === "fractional") yield* withoutWeight(operands, at);
    yield* look(operands, at);
  }
}

/** What stands after an operand that always decides. */
function* decidedEarly(name: "and" | "or", operands: JsonValue, at: string): Generator<Problem> {
  if (!isList(operands)) return;
  const decided = operands.findIndex((operand) => fixedTruth(operand) === (name === "or"));
  if (decided === -1 || decided === operands.length - 1) return;
  yield {
    path: childPath(at, decided + 1),
    message: `is never reached: the operand before it is always ${name === "or"}; expected it to go`,
  };
}

function* withoutWeight(operands: JsonValue, at: string): Generator<Problem> {
  if (!isList(operands)) return;
  for (const [index, bucket] of operands.entries()) {
    if (!isList(bucket) || typeof bucket[1] !== "number" || bucket[1] > 0) continue;
    yield {
      path: childPath(at, index),
      message: `has the weight ${bucket[1]}, expected more than 0 or the bucket to go`,
    };
  }
}
