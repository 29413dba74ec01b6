import type { Rendering } from "./content.ts";
import { isObject, type JsonObject } from "./json.ts";
import { type Machinery, viewOf } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import { jsonOf } from "./object-text.ts";
import { apiVersionOf, type ResourceDefinition } from "./resource.ts";
import type { StoreEvent } from "./store.ts";
import { metadataOnly, tableOf } from "./table.ts";

/** An event as a client sees it. */
export interface SeenEvent {
  type: string;
  object: KubeObject;
}

/** What a watcher with a selector sees: an object that no longer fits is deleted for it, one that fits now is new. */
export function visible(
  event: StoreEvent,
  resource: ResourceDefinition,
  wanted: (object: KubeObject) => boolean,
): SeenEvent | undefined {
  const object = viewOf(event.object, resource);
  const before = event.previous && event.type === "MODIFIED" ? wanted(viewOf(event.previous, resource)) : undefined;
  const now = wanted(object);
  if (event.type !== "MODIFIED") return now ? { type: event.type, object } : undefined;
  if (now) return { type: before ? "MODIFIED" : "ADDED", object };
  return before ? { type: "DELETED", object } : undefined;
}

/** How a watch writes its events: one line each. Tables name their columns in the first line. */
export function lineWriter(
  { resource, rendering, query }: { resource: ResourceDefinition; rendering: Rendering; query: URLSearchParams },
  api: Machinery,
): (event: SeenEvent) => string {
  if (rendering === "object") return ({ type, object }) => `{"type":"${type}","object":${jsonOf(object)}}\n`;
  if (rendering === "metadata")
    return ({ type, object }) => `${JSON.stringify({ type, object: metadataOnly(object) })}\n`;
  let first = true;
  return ({ type, object }) => {
    const listMeta = { resourceVersion: object.metadata.resourceVersion };
    const includeObject = query.get("includeObject");
    const table = tableOf(resource, [object], { listMeta, includeObject, now: api.now(), definitions: first });
    first = false;
    return `${JSON.stringify({ type, object: table })}\n`;
  };
}

/** The line that says up to which version a client has seen everything. */
export function bookmarkLine(
  { resource, rendering }: { resource: ResourceDefinition; rendering: Rendering },
  resourceVersion: string,
  annotations: JsonObject | undefined,
): string {
  const metadata = { resourceVersion, ...(isObject(annotations) && { annotations }) };
  const plain = { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata };
  const partial = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
  const table = {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: {},
    columnDefinitions: null,
    rows: [{ cells: [], object: partial }],
  };
  const object = rendering === "table" ? table : rendering === "metadata" ? partial : plain;
  return `${JSON.stringify({ type: "BOOKMARK", object })}\n`;
}
