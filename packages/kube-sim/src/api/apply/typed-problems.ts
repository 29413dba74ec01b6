import { isObject, type JsonObject } from "../json.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import { withEnvelope } from "../schema/prune.ts";
import type { Shape } from "../shape.ts";
import { spoken } from "./field-set.ts";
import { elementOf } from "./object-places.ts";

/** Where an applied configuration does not fit the types of its kind, in the words of server-side apply. */
export function typedProblems(applied: JsonObject, schema: JsonSchema, shape: Shape): string[] {
  const problems: string[] = [];
  check(applied, withEnvelope(schema), { shape, path: "", problems });
  return problems;
}

interface Place {
  shape: Shape;
  path: string;
  problems: string[];
}

function check(value: unknown, schema: JsonSchema, place: Place): void {
  if (value === null || value === undefined || schema["x-kubernetes-int-or-string"]) return;
  if (Array.isArray(value)) {
    if (schema.type === "array") checkList(value, schema, place);
    else say(place, schema, value);
  } else if (isObject(value)) {
    if (schema.type === "object") checkObject(value, schema, place);
    else say(place, schema, value);
  } else if (schema.type === "array" || schema.type === "object" || !scalarFits(value, schema.type)) {
    say(place, schema, value);
  }
}

function scalarFits(value: unknown, type: string | undefined): boolean {
  if (type === "integer" || type === "number") return typeof value === "number";
  return type === undefined || typeof value === type;
}

function say({ problems, path }: Place, { type, ...schema }: JsonSchema, value: unknown): void {
  if (type === undefined || schema["x-kubernetes-preserve-unknown-fields"]) return;
  const numeric = type === "integer" || type === "number";
  const words: Record<string, string> = { array: "list", object: "map", boolean: "boolean", string: "string" };
  const expected = numeric ? "numeric (int or float)" : (words[type] ?? type);
  const got = numeric ? typeof value : `&value.valueUnstructured{Value:${JSON.stringify(value)}}`;
  problems.push(`${path}: expected ${expected}, got ${got}`);
}

function checkList(value: unknown[], { items }: JsonSchema, place: Place): void {
  const seen = new Set<string>();
  value.forEach((item, index) => {
    const element = elementOf(item, place.shape);
    const where = element === undefined ? `[${index}]` : spoken(element);
    if (element !== undefined && seen.has(element)) {
      place.problems.push(`${place.path}: duplicate entries for key ${where}`);
    }
    if (element !== undefined) seen.add(element);
    if (items) check(item, items, { ...place, shape: place.shape.items(), path: `${place.path}${where}` });
  });
}

function checkObject(value: JsonObject, schema: JsonSchema, place: Place): void {
  const { properties, additionalProperties } = schema;
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true || (!properties && !additionalProperties);
  for (const [name, child] of Object.entries(value)) {
    const type = properties?.[name] ?? (isObject(additionalProperties) ? additionalProperties : undefined);
    const below = { ...place, shape: place.shape.field(name), path: `${place.path}.${name}` };
    if (type) check(child, type, below);
    else if (!open && additionalProperties !== true) place.problems.push(`${below.path}: field not declared in schema`);
  }
}
