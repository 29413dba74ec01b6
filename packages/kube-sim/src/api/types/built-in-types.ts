import type { JsonSchema } from "../schema/json-schema.ts";
import { firstTypes } from "./types-first.ts";
import { secondTypes } from "./types-second.ts";
import { thirdTypes } from "./types-third.ts";

/** Letters of the table that stand for types without fields. */
const scalars: Record<string, JsonSchema> = {
  s: { type: "string" },
  x: { type: "string", format: "byte" },
  t: { type: "string", format: "date-time" },
  m: { type: "string", format: "micro-time" },
  i: { type: "integer", format: "int32" },
  l: { type: "integer", format: "int64" },
  n: { type: "number" },
  b: { type: "boolean" },
  q: { format: "quantity", "x-kubernetes-int-or-string": true },
  o: { "x-kubernetes-int-or-string": true },
  j: { "x-kubernetes-preserve-unknown-fields": true },
};

/** `Name = type: field field; type: field`, a line each; a line that is indented goes on with the one before. */
const table = new Map(
  [firstTypes, secondTypes, thirdTypes]
    .join("")
    .replaceAll("\n  ", " ")
    .split("\n")
    .map((line): [string, string] => {
      const [name = "", fields = ""] = line.split(" = ");
      return [name, fields];
    }),
);

const made = new Map<string, JsonSchema>();

/** The schema of a type by its name in the table; undefined for names that it does not have. */
export function typeNamed(name: string): JsonSchema | undefined {
  const known = made.get(name);
  if (known) return known;
  const fields = table.get(name);
  if (fields === undefined) return undefined;
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  const schema = { type: "object", title: name.split(".").at(-1) ?? name, properties, required };
  // Known before its fields are: types may hold themselves.
  made.set(name, schema);
  for (const part of fields.split("; ").filter((text) => text !== "")) {
    const [type = "", names = ""] = part.split(": ");
    for (const field of names.split(" ")) {
      properties[field] = typeOf(type.replace("!", ""));
      if (type.endsWith("!")) required.push(field);
    }
  }
  return schema;
}

function typeOf(text: string): JsonSchema {
  const inner = text.slice(1, -1);
  if (text.startsWith("[")) return { type: "array", items: typeOf(inner) };
  if (text.startsWith("{")) return { type: "object", additionalProperties: typeOf(inner) };
  return scalars[text] ?? typeNamed(text) ?? {};
}

/** The metadata of every object. */
export const metadataType: JsonSchema = typeNamed("ObjectMeta") ?? {};

interface Kind {
  group: string;
  version: string;
  kind: string;
}

const kinds = new WeakMap<Kind, { type: JsonSchema | undefined }>();

/** The type of a built-in kind; undefined where the table has none and any field will do. Looked up once for each. */
export function kindType(of: Kind): JsonSchema | undefined {
  const known = kinds.get(of);
  if (known) return known.type;
  const type = typeNamed(`${of.group.split(".")[0]}.${of.version}.${of.kind}`) ?? typeNamed(of.kind);
  kinds.set(of, { type });
  return type;
}
