import type { ErrorCode, JsonObject, Resolution } from "@burgee/flag-engine";
import type { Item } from "../evaluation.ts";

/** A response without what depends on who asks. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Writes resolutions in OFREP's words. */
export interface OfrepAnswers {
  single(key: string, resolution: Resolution): Reply;
  bulk(items: readonly Item[], metadata: JsonObject): Reply;
}

/** The engine makes the answers of a flag once and shares them, so each is written once, and forgotten with its flag. */
export function createOfrepAnswers(): OfrepAnswers {
  const written = new WeakMap<Resolution, string>();

  const textOf = (key: string, resolution: Resolution): string => {
    if (!resolution.ok) return JSON.stringify(failure(key, resolution));
    const known = written.get(resolution);
    if (known !== undefined) return known;
    const { value, reason, variant, metadata } = resolution;
    const text = JSON.stringify({
      value,
      key,
      reason: reason === "FALLBACK" ? "DEFAULT" : reason,
      variant: variant === "" ? undefined : variant,
      metadata,
    });
    written.set(resolution, text);
    return text;
  };

  return {
    single(key, resolution) {
      const status = resolution.ok ? 200 : errorStatus(resolution.errorCode);
      return { status, body: textOf(key, resolution) };
    },
    bulk(items, metadata) {
      const flags = items.map(({ key, resolution }) => textOf(key, resolution)).join(",");
      return { status: 200, body: `{"flags":[${flags}],"metadata":${JSON.stringify(metadata)}}` };
    },
  };
}

const invalidContext = { errorCode: "INVALID_CONTEXT", errorDetails: "Provider context is not valid", metadata: null };

/** The answer to a body that is no JSON object. */
export function invalidBody(key: string | undefined): Reply {
  return { status: 400, body: JSON.stringify({ key, ...invalidContext }) };
}

/** The answer to a selector that cannot be read. */
export function invalidSelector(key: string | undefined, message: string): Reply {
  const errorDetails = `invalid selector: ${message}`;
  return { status: 400, body: JSON.stringify({ key, errorCode: "GENERAL", errorDetails, metadata: null }) };
}

export const bodyTooLarge: Reply = { status: 413, body: JSON.stringify({ errorDetails: "request body too large" }) };

function errorStatus(code: ErrorCode): number {
  return code === "FLAG_NOT_FOUND" ? 404 : 400;
}

/** Upstream has no words for a type mismatch here. */
function failure(key: string, { errorCode, metadata }: { errorCode: ErrorCode; metadata: JsonObject }): object {
  switch (errorCode) {
    case "FLAG_NOT_FOUND":
      return { key, errorCode, errorDetails: `flag \`${key}\` does not exist`, metadata };
    case "PARSE_ERROR":
      return { key, errorCode, errorDetails: `error parsing the flag \`${key}\``, metadata };
    case "TYPE_MISMATCH":
    case "GENERAL":
      return { key, errorCode: "GENERAL", errorDetails: "error processing the flag for evaluation", metadata };
  }
}
