import { type KubeObject, keyOf } from "./object.ts";
import { expired } from "./status.ts";

/** A change of the store. `previous` is what a MODIFIED or DELETED object was before. */
export interface StoreEvent {
  type: "ADDED" | "MODIFIED" | "DELETED";
  version: number;
  object: KubeObject;
  previous?: KubeObject;
}

type Listener = (event: StoreEvent) => void;

interface Collection {
  items: Map<string, KubeObject>;
  /** Keys in order, made when a list needs them. */
  order: string[] | undefined;
  history: StoreEvent[];
  /** The newest version that is no longer in the history. */
  forgotten: number;
  listeners: Set<Listener>;
}

/** The objects of all kinds, one version counter over all of them, and a bounded history to replay for watches. */
export class Store {
  #version = 0;
  readonly #collections = new Map<string, Collection>();
  readonly #historyLimit: number;

  constructor(historyLimit: number) {
    this.#historyLimit = historyLimit;
  }

  /** The version of the newest write. */
  get version(): number {
    return this.#version;
  }

  get(hub: string, key: string): KubeObject | undefined {
    return this.#collection(hub).items.get(key);
  }

  /** Objects in key order, of one namespace or of all. */
  list(hub: string, namespace?: string): KubeObject[] {
    const { items } = this.#collection(hub);
    const result: KubeObject[] = [];
    for (const key of this.#ordered(hub)) {
      const object = items.get(key);
      if (object && (namespace === undefined || object.metadata.namespace === namespace)) result.push(object);
    }
    return result;
  }

  count(hub: string): number {
    return this.#collection(hub).items.size;
  }

  /** Writes an object under a new version and returns it as stored. */
  put(hub: string, draft: KubeObject): KubeObject {
    const collection = this.#collection(hub);
    const version = ++this.#version;
    const object = { ...draft, metadata: { ...draft.metadata, resourceVersion: String(version) } };
    const key = keyOf(object);
    const previous = collection.items.get(key);
    collection.items.set(key, object);
    if (!previous) collection.order = undefined;
    this.#tell(collection, { type: previous ? "MODIFIED" : "ADDED", version, object, ...(previous && { previous }) });
    return object;
  }

  /** Removes an object. The returned final state carries the version of the removal, as the DELETED event does. */
  remove(hub: string, last: KubeObject): KubeObject {
    const collection = this.#collection(hub);
    const version = ++this.#version;
    const object = { ...last, metadata: { ...last.metadata, resourceVersion: String(version) } };
    collection.items.delete(keyOf(last));
    collection.order = undefined;
    this.#tell(collection, { type: "DELETED", version, object, previous: last });
    return object;
  }

  /** Forgets all objects of a kind without telling anybody: its definition is gone. */
  drop(hub: string): void {
    this.#collections.delete(hub);
  }

  /** What happened after `from`. Throws 410 when the history does not reach back that far. */
  since(hub: string, from: number): StoreEvent[] {
    const { forgotten, history } = this.#collection(hub);
    if (from < forgotten) throw expired(`too old resource version: ${from} (${forgotten})`);
    return history.filter(({ version }) => version > from);
  }

  /** Calls back with all that happens from now on. Returns the function that ends it. */
  follow(hub: string, listener: Listener): () => void {
    const { listeners } = this.#collection(hub);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Makes every version up to now too old to watch from. */
  expireHistory(): void {
    this.#version++;
    for (const collection of this.#collections.values()) {
      collection.history = [];
      collection.forgotten = this.#version;
    }
  }

  #tell(collection: Collection, event: StoreEvent): void {
    collection.history.push(event);
    if (collection.history.length > this.#historyLimit * 1.25) {
      const gone = collection.history.splice(0, collection.history.length - this.#historyLimit);
      collection.forgotten = gone.at(-1)?.version ?? collection.forgotten;
    }
    for (const listener of collection.listeners) listener(event);
  }

  #ordered(hub: string): readonly string[] {
    const collection = this.#collection(hub);
    collection.order ??= [...collection.items.keys()].sort();
    return collection.order;
  }

  #collection(hub: string): Collection {
    const known = this.#collections.get(hub);
    if (known) return known;
    const made: Collection = { items: new Map(), order: undefined, history: [], forgotten: 0, listeners: new Set() };
    this.#collections.set(hub, made);
    return made;
  }
}
