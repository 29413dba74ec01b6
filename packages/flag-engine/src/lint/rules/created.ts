import { timeOf } from "../../lifecycle.ts";
import { describe } from "../../problem.ts";
import { flagRule } from "../rule.ts";

export const created = flagRule({
  name: "created",
  severity: "warning",
  about: "metadata says when a flag was made",
  *check({ path, definition }, now) {
    const value = definition.metadata?.created;
    const at = `${path}.metadata.created`;
    const time = timeOf(value);
    if (time === undefined) yield { path: at, message: `is ${describe(value)}, expected a date such as 2026-01-31` };
    else if (time > now) yield { path: at, message: `is ${describe(value)}, expected a date in the past` };
  },
});
