// Building bricks for custom resource schemas: TypeBox for the TypeScript type, structural OpenAPI v3 for the API server.
import Type, { type Static, type TSchema } from "typebox";

/** One of a closed list of strings, written as `type: string` with `enum` (the API server refuses anyOf of literals). */
export function oneOf<const T extends readonly string[]>(values: T, description: string) {
  return Type.Unsafe<T[number]>({ type: "string", enum: [...values], description });
}

/** String keys, values of one schema. */
export function mapOf<T extends TSchema>(value: T, description: string) {
  return Type.Unsafe<Record<string, Static<T>>>({ type: "object", additionalProperties: value, description });
}

/** The same schema with a description of what it is for in this place. */
export function described<T extends TSchema>(schema: T, description: string) {
  return Type.Unsafe<Static<T>>({ ...schema, description });
}

/** String keys, string values. */
export const stringMap = (description: string) => mapOf(Type.String(), description);

/** A list of strings. */
export const strings = (description: string) => Type.Array(Type.String(), { description });

/** Any JSON object; nothing in it is pruned. */
export function anyObject(description: string) {
  return Type.Unsafe<Record<string, unknown>>({
    type: "object",
    description,
    "x-kubernetes-preserve-unknown-fields": true,
  });
}

/** Any JSON value; nothing in it is pruned. */
export const anyJson = (description: string) =>
  Type.Unsafe<unknown>({ description, "x-kubernetes-preserve-unknown-fields": true });

/** An integer port number or a port's name. */
export const intOrString = (description: string) =>
  Type.Unsafe<number | string>({ "x-kubernetes-int-or-string": true, description });

/**
 * A Go duration such as `30s`, `1m30s` or `1h`. Upstream's pattern knows only m and s and is open at the end; this one accepts all that
 * upstream accepts and hours too, so that no stored object becomes invalid. The controller says what is wrong with the rest.
 */
export const duration = (description: string) => Type.String({ pattern: "^[0-9]+(\\.[0-9]+)?(h|m|s|ms)", description });

/** A moment, RFC 3339 with milliseconds. */
export const moment = (description: string) => Type.String({ format: "date-time", description });

/** Metadata of an object that an API server returned. Owned by the API machinery, so it is no part of the schemas. */
export interface CustomObjectMeta {
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: {
    apiVersion: string;
    kind: string;
    name: string;
    uid: string;
    controller?: boolean;
    blockOwnerDeletion?: boolean;
  }[];
  creationTimestamp?: string;
  deletionTimestamp?: string;
}
