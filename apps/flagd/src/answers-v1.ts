import type { JsonObject } from "@bufbuild/protobuf";
import type { JsonValue, Resolved } from "@burgee/flag-engine";
import type { Item } from "./evaluation.ts";
import { structOf } from "./rpc.ts";

/** Answers of flagd.evaluation.v1 and schema.v1, which know no unset value: the zero of the type stands for it. */
export interface Answer<T> {
  readonly value: T;
  readonly variant: string;
  readonly reason: string;
  readonly metadata: JsonObject;
}

/** The answer of evaluation.v1 and schema.v1, whose value is never left out. */
export function answer<T>(resolved: Resolved, toField: (value: JsonValue | undefined) => T): Answer<T> {
  const { value, variant = "", reason, metadata } = resolved;
  return { value: toField(value), variant, reason, metadata: structOf(metadata) };
}

type AnyValue =
  | { readonly case: "boolValue"; readonly value: boolean }
  | { readonly case: "stringValue"; readonly value: string }
  | { readonly case: "doubleValue"; readonly value: number }
  | { readonly case: "objectValue"; readonly value: JsonObject };

export interface AnyFlag {
  readonly reason: string;
  readonly variant: string;
  readonly value: AnyValue;
}

/** A flag in the answer for all flags; undefined for one that has neither a value nor a type that the protocol knows. */
export function anyFlag({ resolution, zero }: Item): AnyFlag | undefined {
  const value = anyValue(resolution.ok && resolution.value !== undefined ? resolution.value : zero);
  if (value === undefined) return undefined;
  return { reason: resolution.ok ? resolution.reason : "ERROR", variant: resolution.variant ?? "", value };
}

function anyValue(value: JsonValue | undefined): AnyValue | undefined {
  switch (typeof value) {
    case "boolean":
      return { case: "boolValue", value };
    case "string":
      return { case: "stringValue", value };
    case "number":
      return { case: "doubleValue", value };
    default:
      return value === undefined || value === null || Array.isArray(value)
        ? undefined
        : { case: "objectValue", value: structOf(value) };
  }
}
