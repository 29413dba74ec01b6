import type { JsonObject, JsonValue } from "./json.ts";

const dateOnly = /^\d{4}-\d{2}-\d{2}$/;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;
const dayMs = 86_400_000;

/** What flags that are meant to stay have for an expiry. */
export const never = "never";

/** When a date (`2026-01-31`, its first moment in UTC) or a time (RFC 3339) is, in milliseconds since 1970; undefined for all else. */
export function timeOf(value: JsonValue | undefined): number | undefined {
  if (typeof value !== "string" || !(dateOnly.test(value) || dateTime.test(value))) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** When the metadata's `expiry` is over, in milliseconds since 1970: a date lasts to its end. Undefined without one, and for `never`. */
export function expiresAt(metadata: JsonObject | undefined): number | undefined {
  const expiry = metadata?.expiry;
  const time = timeOf(expiry);
  if (time === undefined) return undefined;
  return typeof expiry === "string" && dateOnly.test(expiry) ? time + dayMs : time;
}
