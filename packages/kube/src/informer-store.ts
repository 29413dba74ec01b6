import type { KubeObject } from "./object.ts";

export type InformerEvent<T> =
  | { type: "added"; object: T }
  | { type: "updated"; object: T; old: T }
  | { type: "deleted"; object: T };

/** The objects of an informer and those who listen to their changes. */
export interface ObjectStore<T extends KubeObject> {
  get(namespace: string, name: string): T | undefined;
  list(): T[];
  on(listener: (e: InformerEvent<T>) => void): () => void;
  /** Takes a full list: tells what is new, changed or gone, and nothing about what is the same. */
  replace(objects: readonly T[]): void;
  /** Takes one watch event. What is already known by its resourceVersion is not told again. */
  apply(type: "ADDED" | "MODIFIED" | "DELETED", object: T): void;
  resync(): void;
}

export function createObjectStore<T extends KubeObject>(onListenerError: (err: unknown) => void): ObjectStore<T> {
  const objects = new Map<string, T>();
  const listeners = new Set<(e: InformerEvent<T>) => void>();

  function tell(e: InformerEvent<T>): void {
    for (const listener of listeners) {
      try {
        listener(e);
      } catch (err) {
        // One listener's bug must not cost the others this event, nor the informer its watch.
        onListenerError(err);
      }
    }
  }

  function remove(key: string, last: T): void {
    if (objects.delete(key)) tell({ type: "deleted", object: last });
  }

  function put(object: T): void {
    const key = keyOf(object.metadata);
    const old = objects.get(key);
    if (old !== undefined && old.metadata.uid !== object.metadata.uid) {
      // Deleted and made again under the same name while we were not looking.
      remove(key, old);
      put(object);
      return;
    }
    if (old !== undefined && isSameVersion(old, object)) return;
    objects.set(key, object);
    tell(old === undefined ? { type: "added", object } : { type: "updated", object, old });
  }

  return {
    get: (namespace, name) => objects.get(`${namespace}/${name}`),
    list: () => [...objects.values()],
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replace(list) {
      const present = new Set(list.map((object) => keyOf(object.metadata)));
      for (const [key, object] of [...objects]) if (!present.has(key)) remove(key, object);
      for (const object of list) put(object);
    },
    apply(type, object) {
      if (type === "DELETED") remove(keyOf(object.metadata), object);
      else put(object);
    },
    resync() {
      for (const object of [...objects.values()]) tell({ type: "updated", object, old: object });
    },
  };
}

function keyOf(metadata: { namespace?: string; name: string }): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function isSameVersion(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.resourceVersion !== undefined && a.metadata.resourceVersion === b.metadata.resourceVersion;
}
