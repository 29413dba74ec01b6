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
  /** Takes a full list, page by page. */
  replacement(): Replacement<T>;
  /** Takes one watch event. What is already known by its resourceVersion is not told again. */
  apply(type: "ADDED" | "MODIFIED" | "DELETED", object: T): void;
  resync(): void;
}

/** A full list on its way in: the store is as before until the last page is there. */
export interface Replacement<T> {
  add(page: readonly T[]): void;
  /** Tells what is new, changed or gone, and nothing about what is the same. */
  finish(): void;
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

  const stored = (object: T): Stored<T> => (o.asText ? new StoredText(object) : new StoredObject(object));

  function put(key: string, after: Stored<T>, object = after.read()): void {
    const before = objects.get(key);
    if (before !== undefined && before.uid !== after.uid) {
      // Deleted and made again under the same name while we were not looking.
      remove(key, before.read());
      put(key, after, object);
      return;
    }
    objects.set(key, after);
    tell(before === undefined ? { type: "added", object } : updated(object, before));
  }

  function isKnown(key: string, { metadata: { uid, resourceVersion } }: T): boolean {
    const known = objects.get(key);
    return known?.resourceVersion !== undefined && known.resourceVersion === resourceVersion && known.uid === uid;
  }

  return {
    get: (namespace, name) => objects.get(`${namespace}/${name}`)?.read(),
    list: () => [...objects.values()].map((stored) => stored.read()),
    keys: () => objects.keys(),
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replacement() {
      const present = new Set<string>();
      const news = new Map<string, Stored<T>>();
      return {
        add(page) {
          for (const object of page) {
            const key = keyOf(object.metadata);
            present.add(key);
            if (!isKnown(key, object)) news.set(key, stored(object));
          }
        },
        finish() {
          for (const [key, before] of [...objects]) if (!present.has(key)) remove(key, before.read());
          for (const [key, after] of news) put(key, after);
        },
      };
    },
    apply(type, object) {
      const key = keyOf(object.metadata);
      if (type === "DELETED") remove(key, object);
      else if (!isKnown(key, object)) put(key, stored(object), object);
    },
    resync() {
      for (const each of [...objects.values()]) tell(updated(each.read(), each));
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
