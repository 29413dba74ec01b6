import type { KubeObject } from "./object.ts";

export type InformerEvent<T> =
  | { type: "added"; object: T }
  | { type: "updated"; object: T; old: T }
  | { type: "deleted"; object: T };

/** The objects of an informer and those who listen to their changes. */
export interface ObjectStore<T extends KubeObject> {
  get(namespace: string, name: string): T | undefined;
  list(): T[];
  /** `namespace/name` of each object. */
  keys(): Iterable<string>;
  on(listener: (e: InformerEvent<T>) => void): () => void;
  /** Takes a full list: tells what is new, changed or gone, and nothing about what is the same. */
  replace(objects: readonly T[]): void;
  /** Takes one watch event. What is already known by its resourceVersion is not told again. */
  apply(type: "ADDED" | "MODIFIED" | "DELETED", object: T): void;
  resync(): void;
}

/** How an object lies in a store. */
interface Stored<T> {
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  read(): T;
}

/** With `asText` each object is kept as its JSON: see `InformerOptions`. */
export function createObjectStore<T extends KubeObject>(o: {
  asText: boolean;
  onListenerError: (err: unknown) => void;
}): ObjectStore<T> {
  const objects = new Map<string, Stored<T>>();
  const listeners = new Set<(e: InformerEvent<T>) => void>();

  function tell(e: InformerEvent<T>): void {
    for (const listener of listeners) {
      try {
        listener(e);
      } catch (err) {
        // One listener's bug must not cost the others this event, nor the informer its watch.
        o.onListenerError(err);
      }
    }
  }

  function remove(key: string, last: T): void {
    if (objects.delete(key)) tell({ type: "deleted", object: last });
  }

  function put(object: T): void {
    const key = keyOf(object.metadata);
    const { uid, resourceVersion } = object.metadata;
    const before = objects.get(key);
    if (before !== undefined && before.uid !== uid) {
      // Deleted and made again under the same name while we were not looking.
      remove(key, before.read());
      put(object);
      return;
    }
    if (before?.resourceVersion !== undefined && before.resourceVersion === resourceVersion) return;
    objects.set(key, o.asText ? new StoredText(object) : new StoredObject(object));
    tell(before === undefined ? { type: "added", object } : updated(object, before));
  }

  return {
    get: (namespace, name) => objects.get(`${namespace}/${name}`)?.read(),
    list: () => [...objects.values()].map((stored) => stored.read()),
    keys: () => objects.keys(),
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replace(list) {
      const present = new Set(list.map((object) => keyOf(object.metadata)));
      for (const [key, stored] of [...objects]) if (!present.has(key)) remove(key, stored.read());
      for (const object of list) put(object);
    },
    apply(type, object) {
      if (type === "DELETED") remove(keyOf(object.metadata), object);
      else put(object);
    },
    resync() {
      for (const stored of [...objects.values()]) tell(updated(stored.read(), stored));
    },
  };
}

function keyOf(metadata: { namespace?: string; name: string }): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

/** What was before is read only by who asks for it. */
function updated<T>(object: T, before: Stored<T>): InformerEvent<T> {
  return {
    type: "updated",
    object,
    get old() {
      return before.read();
    },
  };
}

class StoredObject<T extends KubeObject> implements Stored<T> {
  readonly #object: T;

  constructor(object: T) {
    this.#object = object;
  }

  get uid(): string | undefined {
    return this.#object.metadata.uid;
  }

  get resourceVersion(): string | undefined {
    return this.#object.metadata.resourceVersion;
  }

  read(): T {
    return this.#object;
  }
}

class StoredText<T extends KubeObject> implements Stored<T> {
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly #text: string;

  constructor(object: T) {
    this.uid = object.metadata.uid;
    this.resourceVersion = object.metadata.resourceVersion;
    this.#text = JSON.stringify(object);
  }

  read(): T {
    return JSON.parse(this.#text);
  }
}
