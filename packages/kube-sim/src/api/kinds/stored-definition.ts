import { isObject, type JsonObject, objectAt, objectsAt } from "../json.ts";

/**
 * Takes the empty lists and maps out of a definition's spec, as a cluster does: it reads definitions into types that leave them out when
 * they are written. A manifest that has some is another than what is stored, so kubectl finds it changed at every apply.
 */
export function dropEmptyFields(spec: JsonObject): void {
  const names = objectAt(spec, "names");
  dropIfEmpty(names, "categories");
  dropIfEmpty(names, "shortNames");
  for (const version of objectsAt(spec, "versions")) {
    dropIfEmpty(version, "additionalPrinterColumns");
    dropFromSchema(objectAt(version, "schema", "openAPIV3Schema"));
  }
}

function dropFromSchema(schema: JsonObject): void {
  for (const child of Object.values(objectAt(schema, "properties"))) if (isObject(child)) dropFromSchema(child);
  for (const field of ["items", "additionalProperties"]) {
    const child = schema[field];
    if (isObject(child)) dropFromSchema(child);
  }
  for (const field of ["required", "enum", "properties"]) dropIfEmpty(schema, field);
}

function dropIfEmpty(object: JsonObject, field: string): void {
  const value = object[field];
  const isEmpty = Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
  if (isEmpty) delete object[field];
}
