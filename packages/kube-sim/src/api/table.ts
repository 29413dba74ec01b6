import type { JsonObject } from "./json.ts";
import type { KubeObject } from "./object.ts";
import type { Column, ResourceDefinition } from "./resource.ts";
import { badRequest } from "./status.ts";

/** Throws 400 for what cannot be shown beside the cells of a row. */
function checkIncluded(includeObject: string | null): void {
  if (includeObject === null || ["", "Metadata", "Object", "None"].includes(includeObject)) return;
  const why = `Invalid value: ${JSON.stringify(includeObject)}: must be 'Metadata', 'Object', 'None', or empty`;
  throw badRequest(`Unable to convert to Table as requested: includeObject: ${why}`);
}

/** Rows for `kubectl get`. `includeObject` as in the query: Metadata (default), Object or None. */
export function tableOf(
  resource: ResourceDefinition,
  objects: readonly KubeObject[],
  o: { listMeta: JsonObject; includeObject: string | null; now: number; definitions?: boolean },
): JsonObject {
  checkIncluded(o.includeObject);
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: o.listMeta,
    columnDefinitions: o.definitions === false ? null : resource.columns.map(definitionOf),
    rows: objects.map((object) => ({
      cells: resource.columns.map((column) => column.value(object, o.now)),
      object: rowObject(object, o.includeObject),
    })),
  };
}

function definitionOf(column: Column): JsonObject {
  const { name, type, format = "", description = "", priority } = column;
  return { name, type: type === "date" ? "date" : type, format, description: description || name, priority };
}

function rowObject(object: KubeObject, includeObject: string | null): JsonObject | null {
  if (includeObject === "None") return null;
  return includeObject === "Object" ? object : metadataOnly(object);
}

/** An object reduced to its metadata. */
export function metadataOnly(object: KubeObject): JsonObject {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata };
}
