import type { JsonValue } from "../../json.ts";
import { isList, isObject } from "../../json.ts";
import type { Problem } from "../../problem.ts";
import { describe } from "../../problem.ts";
import { childPath } from "../../schema/report.ts";
import { operators } from "../../targeting/operators/index.ts";
import { flagRule } from "../rule.ts";

export const unknownOperator = flagRule({
  name: "unknown-operator",
  severity: "error",
  about: "rules are made of operators that exist; others are an error when an evaluation reaches them",
  *check({ path, definition: { targeting } }) {
    if (targeting !== undefined) yield* look(targeting, `${path}.targeting`);
  },
});

function* look(rule: JsonValue, path: string): Generator<Problem> {
  if (isList(rule)) for (const [index, item] of rule.entries()) yield* look(item, childPath(path, index));
  if (!isObject(rule)) return;
  const [name, ...rest] = Object.keys(rule);
  // Objects with no key or several are values.
  if (name === undefined || rest.length > 0) return;
  if (name === "$ref") {
    const to = describe(rule.$ref);
    yield { path, message: `refers to ${to}, expected a rule of $evaluators that does not lead back to itself` };
  } else if (operators.has(name)) yield* look(rule[name] ?? null, childPath(path, name));
  else yield { path, message: `uses "${name}", expected one of: ${[...operators.keys()].join(" ")}` };
}
