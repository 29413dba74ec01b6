import type { JsonObject, JsonValue } from "./json.ts";
import { isList, isObject } from "./json.ts";
import type { Problem } from "./problem.ts";
import { describe } from "./problem.ts";

export type ReferenceResult =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Puts the shared rules of `$evaluators` in the place of every `{"$ref": "name"}`. Rules may refer to other rules. A name that
 * is not there stays as it is and fails when an evaluation reaches it; so does a rule that refers to itself.
 */
export function replaceReferences(value: JsonValue, evaluators: JsonValue | undefined): ReferenceResult {
  if (evaluators === undefined || evaluators === null) return { ok: true, value };
  if (!isObject(evaluators)) {
    return failed("$evaluators", `is ${describe(evaluators)}, expected an object of name and rule`);
  }
  for (const [name, rule] of Object.entries(evaluators)) {
    if (isObject(rule) && Object.keys(rule).length === 0)
      return failed(`$evaluators.${name}`, "is empty, expected a rule");
  }
  return { ok: true, value: replace(value, evaluators, new Set()) };
}

function replace(value: JsonValue, evaluators: JsonObject, open: ReadonlySet<string>): JsonValue {
  if (isList(value)) return value.map((item) => replace(item, evaluators, open));
  if (!isObject(value)) return value;
  const name = referenceName(value);
  if (name !== undefined) {
    const rule = Object.hasOwn(evaluators, name) ? evaluators[name] : undefined;
    return rule === undefined || open.has(name) ? value : replace(rule, evaluators, new Set([...open, name]));
  }
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [key, replace(item, evaluators, open)]));
}

function referenceName(value: JsonObject): string | undefined {
  const name = value.$ref;
  return typeof name === "string" && Object.keys(value).length === 1 ? name : undefined;
}

function failed(path: string, message: string): ReferenceResult {
  return { ok: false, problems: [{ path, message }] };
}
