// One text for one meaning: the base of every hash and of every "is it different" question.

/**
 * JSON with sorted keys, without `undefined`, `null`, empty lists and empty objects: the API server adds and drops those freely, so
 * they never mean a change.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(compact(value)) ?? "null";
}

/** True when both mean the same to the API server. */
export function sameMeaning(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function compact(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => compact(item) ?? null);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== "object" || value === null) return value ?? undefined;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, compact(inner)] as const)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
