import { formatFloat } from "@burgee/judge";
import type { Value } from "./syntax.ts";

/** Go's idea of an empty value: false, 0, nil, and strings and maps without content. */
export function isTrue(value: Value): boolean {
  if (value instanceof Map) return value.size > 0;
  return value !== null && value !== false && value !== "" && value !== 0n && value !== 0;
}

/** Text of a value as an action prints it; nil is `<no value>`. */
export function toText(value: Value): string {
  if (value === null) return "<no value>";
  if (typeof value === "number") return formatFloat(value);
  if (value instanceof Map) {
    return `map[${[...value]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${key}:${item}`)
      .join(" ")}]`;
  }
  return String(value);
}

/** Name of a value's Go type, for messages. */
export function typeName(value: Value): string {
  if (value === null) return "nil";
  if (value instanceof Map) return "map[string]string";
  return typeof value === "bigint"
    ? "int"
    : typeof value === "number"
      ? "float64"
      : typeof value === "boolean"
        ? "bool"
        : "string";
}
