import type { JsonValue } from "./json.ts";
import type { Problem } from "./problem.ts";
import { pathOf } from "./schema/report.ts";

/** Deeper documents are rejected: rules are compiled and compared recursively. */
const depthLimit = 400;

/** The first value that JSON does not have, or that is nested too deeply; undefined for JSON data. */
export function findNoJson(value: unknown): Problem | undefined {
  const trail: (string | number)[] = [];
  const message = look(value, trail);
  return message === undefined ? undefined : { path: pathOf(trail.slice(0, 20)), message };
}

/** A type guard for what `findNoJson` has nothing to say of. */
export function isJson(value: unknown): value is JsonValue {
  return findNoJson(value) === undefined;
}

/** Leaves the trail at the place it speaks of. */
function look(value: unknown, trail: (string | number)[]): string | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : `is ${value}, expected a number that fits 64 bits`;
    case "object":
      break;
    default:
      return `is ${typeof value}, expected JSON data`;
  }
  if (value === null) return undefined;
  if (trail.length >= depthLimit) return `is nested deeper than ${depthLimit}`;
  const list = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) {
    trail.push(list ? Number(key) : key);
    const message = look(item, trail);
    if (message !== undefined) return message;
    trail.pop();
  }
  return undefined;
}
