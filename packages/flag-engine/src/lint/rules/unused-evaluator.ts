import type { JsonValue } from "../../json.ts";
import { isObject } from "../../json.ts";
import { childPath } from "../../schema/report.ts";
import type { LintRule } from "../rule.ts";

export const unusedEvaluator: LintRule = {
  name: "unused-evaluator",
  severity: "warning",
  about: "every shared rule is referred to",
  *check({ written }) {
    const { $evaluators, flags = null } = written;
    if (!isObject($evaluators)) return;
    const used = new Set<string>();
    collectReferences(flags, used);
    collectReferences($evaluators, used);
    for (const name of Object.keys($evaluators)) {
      if (used.has(name)) continue;
      yield {
        path: childPath("$evaluators", name),
        message: 'is never used, expected a {"$ref"} to it or the rule to go',
      };
    }
  },
};

function collectReferences(value: JsonValue, into: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  if (isObject(value) && typeof value.$ref === "string") into.add(value.$ref);
  for (const item of Object.values(value)) collectReferences(item, into);
}
