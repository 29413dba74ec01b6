import type { JsonObject, JsonValue } from "./json.ts";

/** One flag as it was read: set metadata merged in, evaluators put in the place of their references. */
export interface FlagDefinition {
  readonly key: string;
  /** Only `DISABLED` matters; everything else serves. */
  readonly state: string;
  /** Empty: the caller's own default is used. */
  readonly defaultVariant: string;
  readonly variants: JsonObject;
  /** Absent when the flag has no targeting; `null` and `{}` are kept as written. */
  readonly targeting?: JsonValue;
  /** Metadata of the set, overlaid by that of the flag. */
  readonly metadata?: JsonObject;
}

/** What callers send along: any JSON object; `targetingKey` is an ordinary top-level key. */
export type EvaluationContext = JsonObject;

/** What `evaluate` checks the value against; `any` takes every value but null. */
export type FlagType = "boolean" | "string" | "int" | "float" | "object" | "any";

/** `FALLBACK`: targeting and definition name no variant, so the caller's default is to be used. */
export type Reason = "STATIC" | "DEFAULT" | "TARGETING_MATCH" | "FALLBACK" | "DISABLED";

/** OpenFeature's codes, as far as an evaluation gives them. */
export type ErrorCode = "FLAG_NOT_FOUND" | "TYPE_MISMATCH" | "PARSE_ERROR" | "GENERAL";

/** An answer. Without value and variant the caller's own default applies (reasons `FALLBACK` and `DISABLED`). */
export interface Resolved {
  readonly ok: true;
  readonly value: JsonValue | undefined;
  readonly variant: string | undefined;
  readonly reason: Reason;
  readonly metadata: JsonObject;
}

/** No answer, in OpenFeature's words. */
export interface Failed {
  readonly ok: false;
  readonly errorCode: ErrorCode;
  /** For logs and developers: which flag, what was found, what was expected. */
  readonly message: string;
  /** The variant whose value has another type than asked for. */
  readonly variant?: string;
  readonly metadata: JsonObject;
}

/** Shared between calls: read it, never change it. */
export type Resolution = Resolved | Failed;

/** The flag set a flag belongs to: its metadata's `flagSetId` when that is a non-empty string. */
export function flagSetIdOf(definition: FlagDefinition): string | undefined {
  const id = definition.metadata?.flagSetId;
  return typeof id === "string" && id !== "" ? id : undefined;
}
