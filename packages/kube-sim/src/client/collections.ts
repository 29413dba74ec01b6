import type { KubeObject } from "../api/object.ts";
import { paths, type ResourcePath } from "./paths.ts";

/** Something to list and watch: a part of a kind's objects, or all of them. */
export interface Collection {
  path: string;
  /** Query to add, starting with `&`; may be empty. */
  query: string;
  covers(object: KubeObject): boolean;
}

/**
 * What to follow of a kind: all of it, or only what is in the given namespaces. Who keeps to some namespaces follows of
 * the cluster-scoped kinds only these namespaces and the custom resource definitions.
 */
export function collectionsOf(resource: ResourcePath, namespaces: readonly string[] | undefined): Collection[] {
  const path = `${resource.api}/${resource.plural}`;
  const whole = { path, query: "", covers: () => true };
  if (namespaces === undefined || isSame(resource, paths.definitions)) return [whole];
  if (resource.namespaced) {
    return namespaces.map((namespace) => ({
      path: `${resource.api}/namespaces/${namespace}/${resource.plural}`,
      query: "",
      covers: ({ metadata }) => metadata.namespace === namespace,
    }));
  }
  if (!isSame(resource, paths.namespaces)) return [];
  return namespaces.map((name) => ({
    path,
    query: `&fieldSelector=metadata.name%3D${name}`,
    covers: ({ metadata }) => metadata.name === name,
  }));
}

function isSame(a: ResourcePath, b: ResourcePath): boolean {
  return a.api === b.api && a.plural === b.plural;
}
