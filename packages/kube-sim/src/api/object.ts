import { isObject, type JsonObject } from "./json.ts";
import { badRequest } from "./status.ts";

/** A reference to the object that owns another. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** One manager's share of an object's fields. */
export interface ManagedFieldsEntry {
  manager: string;
  operation: "Apply" | "Update";
  apiVersion: string;
  time?: string;
  fieldsType: "FieldsV1";
  fieldsV1: JsonObject;
  subresource?: string;
}

/** The metadata every stored object has. */
export interface ObjectMeta extends JsonObject {
  name: string;
  generateName?: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
}

/** An object as the API holds it. Stored objects are never changed: every write makes a new one. */
export interface KubeObject extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

const metaTypes: Record<string, (value: unknown) => boolean> = {
  name: isString,
  generateName: isString,
  namespace: isString,
  uid: isString,
  resourceVersion: isString,
  generation: (value) => typeof value === "number",
  creationTimestamp: isString,
  deletionTimestamp: isString,
  deletionGracePeriodSeconds: (value) => typeof value === "number",
  labels: isStringMap,
  annotations: isStringMap,
  finalizers: (value) => Array.isArray(value) && value.every(isString),
  ownerReferences: (value) => Array.isArray(value) && value.every(isObject),
  managedFields: (value) => Array.isArray(value) && value.every(isObject),
};

/** Reads a request body as an object of the API. Throws a 400 Status naming the field whose type is wrong. */
export function objectFromBody(body: unknown): KubeObject {
  if (!isObject(body)) throw badRequest("the body is not a JSON object");
  const metadata = body.metadata === undefined || body.metadata === null ? {} : body.metadata;
  if (!isObject(metadata)) throw badRequest("metadata is not an object");
  const clean: ObjectMeta = { name: "", uid: "", resourceVersion: "", creationTimestamp: "" };
  for (const key in metadata) {
    const value = metadata[key];
    if (value === null || value === undefined) continue;
    const fits = metaTypes[key];
    if (fits && !fits(value)) {
      throw badRequest(`metadata.${key} cannot be handled: json: cannot unmarshal ${JSON.stringify(value)} into it`);
    }
    clean[key] = key === "ownerReferences" && Array.isArray(value) ? value.map(wholeReference) : value;
  }
  return assembled(body, clean);
}

function assembled(body: JsonObject, metadata: ObjectMeta): KubeObject {
  return {
    ...body,
    apiVersion: isString(body.apiVersion) ? body.apiVersion : "",
    kind: isString(body.kind) ? body.kind : "",
    metadata,
  };
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isStringMap(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(isString);
}

/** What a reference to an owner leaves out is empty: the rules of metadata say what is wrong with that. */
function wholeReference(reference: unknown): JsonObject {
  return { apiVersion: "", kind: "", name: "", uid: "", ...(isObject(reference) && reference) };
}

/** `namespace/name`, or `name` for objects of the cluster. The store's key and its order. */
export function keyOf(object: KubeObject): string {
  const { namespace, name } = object.metadata;
  return namespace ? `${namespace}/${name}` : name;
}
