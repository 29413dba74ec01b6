import { customResources, definitionResource, hubOf } from "./kinds/custom.ts";
import { type Machinery, storedFrom, timestamp } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import { isFinished } from "./write.ts";

/** Serves the kinds that CustomResourceDefinitions define, from their creation to their deletion. */
export function serveCustomKinds(api: Machinery): void {
  const definitions = definitionResource(api.now);
  api.registry.add(definitions);
  api.store.follow(definitions.hub, ({ type, object }) => {
    const hub = hubOf(object);
    if (type === "DELETED") {
      removeAll(api, object);
      api.registry.removeHub(hub);
      return;
    }
    api.registry.removeHub(hub);
    for (const resource of customResources(object)) api.registry.add(resource);
  });
}

/** With its definition, every object of a kind goes; nothing could serve the finalizers of one that stayed. */
function removeAll(api: Machinery, definition: KubeObject): void {
  const [resource] = customResources(definition);
  if (!resource) return;
  const deletionTimestamp = timestamp(api.now());
  for (const stored of api.store.list(resource.hub)) {
    const { finalizers: _finalizers, ...metadata } = stored.metadata;
    const last = { ...stored, metadata: { ...metadata, deletionTimestamp } };
    if (isFinished(last)) api.store.remove(resource.hub, storedFrom(last, resource));
  }
}
