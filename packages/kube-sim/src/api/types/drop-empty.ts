import { isObject, type JsonObject } from "../json.ts";
import type { JsonSchema } from "../schema/json-schema.ts";

/** Takes out empty lists and maps, in place, as built-in kinds do where a list need not be there. */
export function dropEmpty(value: JsonObject, schema: JsonSchema): void {
  for (const [name, child] of Object.entries(value)) {
    const type = schema.properties?.[name];
    if (!type) continue;
    if (Array.isArray(child)) {
      if (child.length === 0 && !schema.required?.includes(name)) delete value[name];
      else if (type.items) for (const item of child) if (isObject(item)) dropEmpty(item, type.items);
    } else if (isObject(child)) {
      if (!type.additionalProperties) dropEmpty(child, type);
      else if (Object.keys(child).length === 0 && !schema.required?.includes(name)) delete value[name];
    }
  }
}
