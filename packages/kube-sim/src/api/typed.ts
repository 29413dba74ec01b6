import type { FieldValidation } from "./admission.ts";
import { decode } from "./body.ts";
import { duplicateFields } from "./duplicate-fields.ts";
import { isObject, type JsonObject } from "./json.ts";
import { apiVersionOf, isCustom, type ResourceDefinition } from "./resource.ts";
import type { JsonSchema } from "./schema/json-schema.ts";
import { ApiError, badRequest, invalidPatch } from "./status.ts";
import { kindType, metadataType } from "./types/built-in-types.ts";
import { decodeFields, TypeMismatch } from "./types/decode.ts";

/** 400: what came in cannot be read as the kind it should be. The result of a patch is refused in other words. */
export class Undecodable extends ApiError {
  readonly why: string;

  constructor(resource: ResourceDefinition, why: string) {
    const { kind, version } = resource;
    super(400, "BadRequest", `${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
    this.why = why;
  }

  /** 422, as for a patch that makes this of the object. */
  inPatch(result: unknown): ApiError {
    return invalidPatch(result, this.why);
  }
}

const ofMetadata: JsonSchema = { type: "object", properties: { metadata: metadataType } };

/** What is known of a resource's fields besides a custom kind's own schema. */
export function fieldsOf(resource: ResourceDefinition): JsonSchema | undefined {
  return isCustom(resource) ? undefined : kindType(resource);
}

/** Reads the types of a body's fields, in place. Throws Undecodable. What is no object is left to others. */
export function decodeTypes(resource: ResourceDefinition, body: unknown): void {
  if (!isObject(body)) return;
  try {
    if (isCustom(resource)) {
      if (isObject(body.metadata)) decodeFields(body.metadata, metadataType);
    } else decodeFields(body, kindType(resource) ?? ofMetadata);
  } catch (error) {
    if (error instanceof TypeMismatch) throw new Undecodable(resource, error.message);
    throw error;
  }
}

/** Reads the body of a write as its kind. Throws 400 for what is not, and for fields given twice where that matters. */
export function readTyped(
  resource: ResourceDefinition,
  bytes: Buffer,
  { mediaType, fieldValidation }: { mediaType: string; fieldValidation: FieldValidation },
): unknown {
  const body = decodeAs(resource, bytes, mediaType);
  checkKind(resource, body);
  decodeTypes(resource, body);
  if (fieldValidation === "Strict" && mediaType === "application/json") {
    const twice = duplicateFields(bytes.toString("utf8")).map((field) => `duplicate field ${JSON.stringify(field)}`);
    if (twice.length > 0) throw new Undecodable(resource, `strict decoding error: ${twice.join(", ")}`);
  }
  return body;
}

function decodeAs(resource: ResourceDefinition, bytes: Buffer, mediaType: string): unknown {
  try {
    return decode(bytes, mediaType);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 400) throw error;
    throw badRequest(`the object provided is unrecognized (must be of type ${resource.kind}): ${error.message}`);
  }
}

/** Throws 400 when the body of a custom kind does not say what it is, or of any kind that it is another. */
function checkKind(resource: ResourceDefinition, body: unknown): void {
  if (!isObject(body)) return;
  const { kind, apiVersion } = body;
  if (isCustom(resource)) {
    const missing = !kind ? "Kind" : !apiVersion ? "apiVersion" : undefined;
    if (missing === undefined) return;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): ${missingIn(missing, body)}`,
    );
  }
  if (kind && kind !== resource.kind) {
    const { version } = resource;
    const why = `converting (${version}.${kind}) to (core.${resource.kind}): unknown conversion`;
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${resource.kind}: ${why}`);
  }
  if (apiVersion && apiVersion !== apiVersionOf(resource)) {
    throw new Undecodable(resource, `no kind "${resource.kind}" is registered for version "${apiVersion}"`);
  }
}

function missingIn(what: string, body: JsonObject): string {
  const text = JSON.stringify(body);
  return `Object '${what}' is missing in '${text}' (${text.length > 32 ? `${text.slice(0, 32)} ...` : text})`;
}
