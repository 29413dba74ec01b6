import { isObject, type JsonObject, objectAt, objectsAt, stringsAt } from "../json.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import { validate } from "../schema/validate.ts";
import type { FieldProblem } from "../status.ts";

/** What a custom kind's schema breaks of the rules that make it structural, besides missing types. */
export function structuralProblems(schema: JsonObject, path: string): FieldProblem[] {
  const below = (child: unknown, where: string) => (isObject(child) ? structuralProblems(child, where) : []);
  return [
    ...ownProblems(schema, path),
    ...Object.entries(objectAt(schema, "properties")).flatMap(([name, child]) =>
      below(child, `${path}.properties[${name}]`),
    ),
    ...below(schema.items, `${path}.items`),
    ...below(schema.additionalProperties, `${path}.additionalProperties`),
  ];
}

function ownProblems(schema: JsonObject, path: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const say = (type: FieldProblem["type"], field: string, detail: string, value?: unknown) =>
    problems.push({ type, field: `${path}.${field}`, detail, ...(value !== undefined && { value }) });
  if (schema.type === "array" && !isObject(schema.items)) say("Required", "items", "must be specified");
  if (schema.properties !== undefined && schema.additionalProperties !== undefined) {
    say("Forbidden", "additionalProperties", "additionalProperties and properties are mutual exclusive");
  }
  for (const part of ["allOf", "anyOf", "oneOf"]) {
    objectsAt(schema, part).forEach((alternative, index) => {
      const isIntOrString = schema["x-kubernetes-int-or-string"] === true && part !== "oneOf";
      if (alternative.type && !isIntOrString)
        say("Forbidden", `${part}[${index}].type`, "must be empty to be structural");
    });
  }
  problems.push(...listProblems(schema, path), ...defaultProblems(schema, path));
  return problems;
}

function listProblems(schema: JsonObject, path: string): FieldProblem[] {
  if (schema["x-kubernetes-list-type"] !== "map") return [];
  const keys = stringsAt(schema, "x-kubernetes-list-map-keys");
  if (keys.length === 0) {
    const detail = "must not be empty if x-kubernetes-list-type is map";
    return [{ type: "Required", field: `${path}.x-kubernetes-list-map-keys`, detail }];
  }
  const needed = stringsAt(schema, "items", "required");
  return keys.flatMap((key): FieldProblem[] => {
    const property = objectAt(schema, "items", "properties")[key];
    if (!isObject(property)) {
      const detail = "entries have to be in items.properties";
      return [{ type: "Invalid", field: `${path}.x-kubernetes-list-map-keys`, value: key, detail }];
    }
    if (needed.includes(key) || property.default !== undefined) return [];
    const detail =
      "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
    return [{ type: "Required", field: `${path}.items.properties[${key}].default`, detail }];
  });
}

/** A default has to be what it stands for. */
function defaultProblems(schema: JsonObject, path: string): FieldProblem[] {
  if (schema.default === undefined) return [];
  const form: JsonSchema = schema;
  return validate(schema.default, form).map((problem) => {
    const inside = problem.field.replace(/^\./, "");
    return { ...problem, field: `${path}.default${inside && `.${inside}`}` };
  });
}
