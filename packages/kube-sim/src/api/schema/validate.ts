import { equal, isObject } from "../json.ts";
import type { FieldProblem } from "../status.ts";
import { checkFormat } from "./formats.ts";
import type { JsonSchema } from "./json-schema.ts";

/** Checks a value against a structural schema; every problem names its path as the API server does. */
export function validate(value: unknown, schema: JsonSchema, path = ""): FieldProblem[] {
  const problems: FieldProblem[] = [];
  check(value, schema, path, problems);
  return problems;
}

function check(value: unknown, schema: JsonSchema, path: string, problems: FieldProblem[]): void {
  if (value === null && schema.nullable) return;
  const found = typeProblem(value, schema);
  if (found) {
    const shown = typeOf(value);
    const detail = `${path} in body must be of type ${found}: ${JSON.stringify(shown)}`;
    problems.push({ type: "TypeInvalid", field: path, value: shown, detail });
    return;
  }
  if (schema.enum && !schema.enum.some((allowed) => equal(allowed, value))) {
    const values = schema.enum.map((allowed) => JSON.stringify(allowed)).join(", ");
    problems.push({ type: "NotSupported", field: path, value, detail: `supported values: ${values}` });
  }
  if (typeof value === "string") checkString(value, schema, path, problems);
  else if (typeof value === "number") checkNumber(value, schema, path, problems);
  else if (Array.isArray(value)) checkArray(value, schema, path, problems);
  else if (isObject(value)) checkObject(value, schema, path, problems);
  checkCombinations(value, schema, path, problems);
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** The expected type when the value has another one. */
function typeProblem(value: unknown, schema: JsonSchema): string | undefined {
  const actual = typeOf(value);
  if (schema["x-kubernetes-int-or-string"]) {
    return actual === "integer" || actual === "string" ? undefined : "integer,string";
  }
  const expected = schema.type;
  if (!expected || expected === actual || (expected === "number" && actual === "integer")) return undefined;
  return expected;
}

function checkString(value: string, schema: JsonSchema, path: string, problems: FieldProblem[]): void {
  const { minLength, maxLength, pattern, format } = schema;
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) {
    problems.push({ type: "TooLong", field: path, detail: `may not be more than ${maxLength} bytes` });
  }
  if (minLength !== undefined && length < minLength) {
    const detail = `${path} in body should be at least ${minLength} chars long`;
    problems.push({ type: "Invalid", field: path, value, detail });
  }
  if (pattern !== undefined && !matches(pattern, value)) {
    problems.push({ type: "Invalid", field: path, value, detail: `${path} in body should match '${pattern}'` });
  }
  if (format !== undefined && !checkFormat(format, value)) {
    const detail = `${path} in body must be of type ${format}: ${JSON.stringify(value)}`;
    problems.push({ type: "TypeInvalid", field: path, value, detail });
  }
}

const patterns = new Map<string, RegExp>();

function matches(pattern: string, value: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    // Go's (?i) prefix is a flag here.
    const insensitive = pattern.startsWith("(?i)");
    compiled = new RegExp(insensitive ? pattern.slice(4) : pattern, insensitive ? "i" : "");
    patterns.set(pattern, compiled);
  }
  return compiled.test(value);
}

function checkNumber(value: number, schema: JsonSchema, path: string, problems: FieldProblem[]): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const say = (detail: string) =>
    problems.push({ type: "Invalid", field: path, value, detail: `${path} in body ${detail}` });
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    say(`should be greater than ${exclusiveMinimum ? "" : "or equal to "}${minimum}`);
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    say(`should be less than ${exclusiveMaximum ? "" : "or equal to "}${maximum}`);
  }
  if (multipleOf !== undefined && value % multipleOf !== 0) say(`should be a multiple of ${multipleOf}`);
}

function checkArray(value: unknown[], schema: JsonSchema, path: string, problems: FieldProblem[]): void {
  const { minItems, maxItems, items, uniqueItems } = schema;
  if (maxItems !== undefined && value.length > maxItems) {
    problems.push({ type: "TooMany", field: path, value: value.length, detail: `must have at most ${maxItems} items` });
  }
  if (minItems !== undefined && value.length < minItems) {
    const detail = `${path} in body should have at least ${minItems} items`;
    problems.push({ type: "Invalid", field: path, value: value.length, detail });
  }
  if (items) for (const [index, item] of value.entries()) check(item, items, `${path}[${index}]`, problems);
  const keys = schema["x-kubernetes-list-map-keys"];
  const unique = uniqueItems || schema["x-kubernetes-list-type"] === "set" || keys;
  if (!unique) return;
  const seen = new Set<string>();
  value.forEach((item, index) => {
    const identity =
      keys && isObject(item)
        ? Object.fromEntries(keys.map((key) => [key, item[key] ?? items?.properties?.[key]?.default]))
        : item;
    const id = JSON.stringify(identity);
    if (seen.has(id)) problems.push({ type: "Duplicate", field: `${path}[${index}]`, value: identity, detail: "" });
    seen.add(id);
  });
}

function checkObject(value: Record<string, unknown>, schema: JsonSchema, path: string, problems: FieldProblem[]): void {
  const { required = [], properties, additionalProperties, minProperties, maxProperties } = schema;
  const below = (name: string) => (path ? `${path}.${name}` : name);
  const envelope = schema["x-kubernetes-embedded-resource"] ? ["apiVersion", "kind"] : [];
  for (const name of new Set([...envelope, ...required])) {
    if (value[name] === undefined) problems.push({ type: "Required", field: below(name), detail: "" });
  }
  const count = Object.keys(value).length;
  if (maxProperties !== undefined && count > maxProperties) {
    problems.push({ type: "TooMany", field: path, value: count, detail: `must have at most ${maxProperties} items` });
  }
  if (minProperties !== undefined && count < minProperties) {
    const detail = `${path} in body should have at least ${minProperties} properties`;
    problems.push({ type: "Invalid", field: path, value: count, detail });
  }
  for (const [name, child] of Object.entries(value)) {
    const known = properties?.[name];
    if (child === undefined) continue;
    if (known) check(child, known, below(name), problems);
    else if (isObject(additionalProperties)) check(child, additionalProperties, below(name), problems);
  }
}

function checkCombinations(value: unknown, schema: JsonSchema, path: string, problems: FieldProblem[]): void {
  for (const part of schema.allOf ?? []) check(value, part, path, problems);
  const problemsOf = (part: JsonSchema) => validate(value, part, path);
  const say = (detail: string) =>
    problems.push({ type: "Invalid", field: "<nil>", value: "", detail: `"${path}" ${detail}` });
  const sayNone = (parts: readonly JsonSchema[], detail: string) => {
    say(detail);
    const [nearest] = parts.map(problemsOf).sort((one, other) => one.length - other.length);
    problems.push(...(nearest ?? []));
  };
  const count = (parts: readonly JsonSchema[]) => parts.filter((part) => problemsOf(part).length === 0).length;
  const { anyOf, oneOf, not } = schema;
  if (anyOf && count(anyOf) === 0) sayNone(anyOf, "must validate at least one schema (anyOf)");
  const valid = oneOf ? count(oneOf) : 1;
  if (oneOf && valid === 0) sayNone(oneOf, "must validate one and only one schema (oneOf). Found none valid");
  if (valid > 1) say(`must validate one and only one schema (oneOf). Found ${valid} valid alternatives`);
  if (not && problemsOf(not).length === 0) say("must not validate the schema (not)");
}
