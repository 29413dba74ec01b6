import { isObject, type JsonObject } from "../json.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import { canonicalQuantity } from "../kinds/quantity.ts";

/** A value whose type is not the field's, in the words of the API server. */
export class TypeMismatch extends Error {}

const secondsLayout = "2006-01-02T15:04:05Z07:00";
const microLayout = "2006-01-02T15:04:05.000000Z07:00";
const time = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const quantity = /^[+-]?(\d+|\d+\.\d*|\.\d+)([eE][+-]?\d+|n|u|m|k|[KMGTPE]i?)?$/;

/** Where a field is: the type that has it, and the names on the way from the object. */
interface Place {
  struct: string;
  path: string;
}

/**
 * Reads a value as a field's type, as strictly as the API server does: nulls are taken out, times are cut to seconds.
 * Works in place. Throws TypeMismatch for a value of another type.
 */
export function decodeFields(value: JsonObject, schema: JsonSchema, path = ""): void {
  const struct = schema.title ?? "";
  for (const [name, given] of Object.entries(value)) {
    const type = schema.properties?.[name];
    if (!type) continue;
    if (given === null || given === undefined) delete value[name];
    else value[name] = decoded(given, type, { struct, path: path ? `${path}.${name}` : name });
  }
}

function decoded(value: unknown, type: JsonSchema, place: Place): unknown {
  if (type["x-kubernetes-int-or-string"]) return intOrString(value, type, place);
  switch (type.type) {
    case "string":
      if (typeof value !== "string") throw mismatch(value, type, place);
      return text(value, type.format);
    case "integer":
      if (typeof value !== "number" || !Number.isInteger(value)) throw mismatch(value, type, place);
      return value;
    case "number":
    case "boolean":
      if (typeof value !== type.type) throw mismatch(value, type, place);
      return value;
    case "array":
      return list(value, type, place);
    case "object":
      return object(value, type, place);
    default:
      return value;
  }
}

function list(value: unknown, type: JsonSchema, place: Place): unknown {
  if (!Array.isArray(value)) throw mismatch(value, type, place);
  const { items } = type;
  return items ? value.map((item: unknown) => (item === null ? item : decoded(item, items, place))) : value;
}

function object(value: unknown, type: JsonSchema, place: Place): unknown {
  if (!isObject(value)) throw mismatch(value, type, place);
  const { additionalProperties } = type;
  if (isObject(additionalProperties)) {
    for (const [key, child] of Object.entries(value)) {
      if (child === null) delete value[key];
      else value[key] = decoded(child, additionalProperties, place);
    }
  } else decodeFields(value, type, place.path);
  return value;
}

function intOrString(value: unknown, type: JsonSchema, place: Place): unknown {
  if (type.format === "quantity") {
    if (!quantity.test(String(value)))
      throw new TypeMismatch(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
    return canonicalQuantity(value);
  }
  if (typeof value !== "string" && !Number.isInteger(value)) {
    throw mismatch(value, { type: "integer", format: "int32" }, place);
  }
  return value;
}

function text(value: string, format: string | undefined): string {
  if (format === "byte") return base64(value);
  if (format !== "date-time" && format !== "micro-time") return value;
  const layout = format === "date-time" ? secondsLayout : microLayout;
  const found = time.exec(value);
  if (!found) {
    throw new TypeMismatch(`parsing time "${value}" as "${layout}": cannot parse "${value}" as "2006"`);
  }
  const [, seconds = "", fraction = "", zone = ""] = found;
  if (format === "micro-time") {
    if (fraction.length === 7) return value;
    throw new TypeMismatch(`parsing time "${value}" as "${layout}": cannot parse "${fraction}${zone}" as ".000000"`);
  }
  return zone === "Z" ? `${seconds}Z` : `${new Date(Date.parse(value)).toISOString().slice(0, 19)}Z`;
}

function base64(value: string): string {
  const compact = value.replaceAll(/[\r\n]/g, "");
  const wrong = compact.search(/[^A-Za-z0-9+/=]/);
  if (wrong >= 0) throw new TypeMismatch(`illegal base64 data at input byte ${wrong}`);
  if (!/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact)) {
    throw new TypeMismatch(`illegal base64 data at input byte ${Math.max(0, compact.length - (compact.length % 4))}`);
  }
  return compact;
}

function mismatch(value: unknown, type: JsonSchema, { struct, path }: Place): TypeMismatch {
  const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  const given = typeof value === "number" && !Number.isInteger(value) ? `number ${value}` : found;
  return new TypeMismatch(
    `json: cannot unmarshal ${given} into Go struct field ${struct}.${path} of type ${nameOf(type)}`,
  );
}

function nameOf({ type, format, title, items, additionalProperties }: JsonSchema): string {
  if (type === "array") return `[]${items ? nameOf(items) : "interface {}"}`;
  if (isObject(additionalProperties)) return `map[string]${nameOf(additionalProperties)}`;
  if (type === "object") return `v1.${title ?? ""}`;
  if (format === "byte") return "[]uint8";
  if (type === "integer") return format ?? "int64";
  if (type === "number") return "float64";
  return type === "boolean" ? "bool" : "string";
}
