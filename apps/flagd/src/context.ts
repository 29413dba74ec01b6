import type { EvaluationContext, JsonObject } from "@burgee/flag-engine";

/** The headers of a request. */
export interface RequestHeaders {
  /** The value of the first header with this name, which is in lower case; empty when there is none. */
  first(name: string): string;
}

/** Puts together the context of an evaluation. */
export type Enrich = (context: EvaluationContext | undefined, headers: RequestHeaders) => EvaluationContext;

export interface Enrichment {
  /** Context values for every evaluation: they win over those of the request. */
  readonly values: JsonObject;
  /** Context keys by header name: they win over all others, when the request has the header. */
  readonly headers: Readonly<Record<string, string>>;
}

const empty: EvaluationContext = {};

/** The context of an evaluation: the caller's, over it the server's own values, over these the mapped headers that are not empty. */
export function createEnrich({ values, headers }: Enrichment): Enrich {
  const mappings = Object.entries(headers).map(([name, key]) => [name.toLowerCase(), key] as const);
  if (mappings.length === 0 && Object.keys(values).length === 0) return (context = empty) => context;
  return (context, request) => {
    const merged: Record<string, JsonObject[string]> = { ...context, ...values };
    for (const [name, key] of mappings) {
      const value = request.first(name);
      // Defined, not assigned: a key may have any name.
      if (value !== "")
        Object.defineProperty(merged, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return merged;
  };
}

/**
 * Reads Node's raw headers, a list of names and values in turn: Fetch's Headers and Node's joined ones cannot tell a repeated
 * header from one with commas in its value.
 */
export function requestHeaders(raw: readonly string[]): RequestHeaders {
  return {
    first(name) {
      for (let i = 0; i + 1 < raw.length; i += 2) {
        const candidate = raw[i];
        if (candidate?.length === name.length && candidate.toLowerCase() === name) return raw[i + 1] ?? "";
      }
      return "";
    },
  };
}
