import type { EvaluationContext, JsonObject } from "@burgee/flag-engine";

/** Puts together the context of an evaluation. */
export type Enrich = (context: EvaluationContext | undefined, headers: Headers) => EvaluationContext;

export interface Enrichment {
  /** Context values for every evaluation: they win over those of the request. */
  readonly values: JsonObject;
  /** Context keys by header name: they win over all others, when the request has the header. */
  readonly headers: Readonly<Record<string, string>>;
}

const empty: EvaluationContext = {};

export function createEnrich({ values, headers }: Enrichment): Enrich {
  const mappings = Object.entries(headers);
  const hasValues = Object.keys(values).length > 0;
  return (context = empty, request) => {
    const found = mappings.flatMap(([name, key]) => {
      const value = firstOf(request.get(name));
      return value === "" ? [] : [[key, value]];
    });
    if (!hasValues && found.length === 0) return context;
    return { ...context, ...values, ...Object.fromEntries(found) };
  };
}

/** Fetch's Headers joins repeated headers; upstream takes the first. */
function firstOf(value: string | null): string {
  return value?.split(", ", 1)[0] ?? "";
}
