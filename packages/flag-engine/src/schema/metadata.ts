import type { JsonValue } from "../json.ts";
import { isObject } from "../json.ts";
import { describe } from "../problem.ts";
import type { Report } from "./report.ts";
import { inside, violation } from "./report.ts";

/** Metadata is flat. */
export function checkMetadata(metadata: JsonValue, report: Report): void {
  if (!isObject(metadata)) {
    violation(report, `is ${describe(metadata)}, expected an object`);
    return;
  }
  for (const key of Object.keys(metadata)) {
    const value = metadata[key] ?? null;
    if (typeof value !== "object") continue;
    inside(report, key, () => violation(report, `is ${describe(value)}, expected a string, number or boolean`));
  }
}
