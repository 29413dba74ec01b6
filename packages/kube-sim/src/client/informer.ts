import { isObject, objectAt } from "../api/json.ts";
import { type KubeObject, keyOf, objectFromBody } from "../api/object.ts";
import type { SimLog } from "../log.ts";
import { type ApiClient, ClientError } from "./api-client.ts";
import type { ResourcePath } from "./paths.ts";
import type { Collection } from "./collections.ts";
import { readLines } from "./lines.ts";
import { fromWire } from "./loopback.ts";

/** What changed. The object of a deletion is its last known state; `old` is what an updated object was before. */
export interface Change {
  type: "added" | "updated" | "deleted";
  object: KubeObject;
  old?: KubeObject;
}

const firstDelayMs = 50;
const maxDelayMs = 5_000;

/** A local copy of all objects of one kind, kept up to date by a watch. */
export class Informer {
  readonly resource: ResourcePath;
  /** Resolves after the first list. */
  readonly synced: Promise<void>;
  readonly #client: ApiClient;
  readonly #log: SimLog;
  readonly #objects = new Map<string, KubeObject>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #stop = new AbortController();
  #markSynced: () => void = () => undefined;
  #running: Promise<void> | undefined;

  constructor(client: ApiClient, resource: ResourcePath, log: SimLog) {
    this.#client = client;
    this.#log = log;
    this.resource = resource;
    this.synced = new Promise((resolve) => {
      this.#markSynced = resolve;
    });
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#markSynced();
    await this.#running;
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  list(): KubeObject[] {
    return [...this.#objects.values()];
  }

  /** Calls back on every change, and at once for what is already known. Returns the function that ends it. */
  on(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    for (const object of this.#objects.values()) listener({ type: "added", object });
    return () => this.#listeners.delete(listener);
  }

  /** Takes in the answer to a write before the watch brings it, so that the next pass decides on it. */
  learn(object: KubeObject): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known && !isNewer(object, known)) return;
    this.#set(key, object);
  }

  /** Takes in that an object is gone. */
  forget(object: KubeObject): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (!known || known.metadata.uid !== object.metadata.uid) return;
    this.#objects.delete(key);
    this.#tell({ type: "deleted", object: known });
  }

  #set(key: string, object: KubeObject): void {
    const old = this.#objects.get(key);
    this.#objects.set(key, object);
    this.#tell(old ? { type: "updated", object, old } : { type: "added", object });
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  async #run(): Promise<void> {
    const collections = this.#client.collectionsOf(this.resource);
    let missing = collections.length;
    const onListed = () => {
      missing--;
      if (missing <= 0) this.#markSynced();
    };
    if (missing === 0) this.#markSynced();
    await Promise.all(collections.map((collection) => this.#keep(collection, onListed)));
  }

  async #keep(collection: Collection, onListed: () => void): Promise<void> {
    let listed = false;
    let delayMs = firstDelayMs;
    let version: string | undefined;
    while (!this.#stop.signal.aborted) {
      try {
        version ??= await this.#relist(collection);
        if (!listed) onListed();
        listed = true;
        version = await this.#follow(collection, version);
        delayMs = firstDelayMs;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (error instanceof ClientError && error.status === 410) version = undefined;
        else {
          this.#log.debug({ err: error, resource: this.resource.plural, delayMs }, "watch failed, trying again");
          version = undefined;
          await pause(delayMs, this.#stop.signal);
          delayMs = Math.min(delayMs * 2, maxDelayMs);
        }
      }
    }
  }

  async #relist(collection: Collection): Promise<string> {
    const { items, resourceVersion } = await this.#client.list(collection);
    const present = new Set(items.map(keyOf));
    for (const [key, object] of this.#objects) {
      if (!collection.covers(object)) continue;
      // An object that a write taught us may be younger than the list.
      const inList = Number(object.metadata.resourceVersion) <= Number(resourceVersion);
      if (inList && !present.has(key)) this.forget(object);
    }
    for (const item of items) this.learn(item);
    return resourceVersion;
  }

  /** Follows the watch until it ends; returns the version to go on from. */
  async #follow({ path, query }: Collection, version: string): Promise<string> {
    const watch = `watch=true&allowWatchBookmarks=true&resourceVersion=${version}${query}`;
    const response = await this.#client.open("GET", `${path}?${watch}`, { signal: this.#stop.signal });
    const status = response.statusCode ?? 0;
    if (status !== 200) {
      response.resume();
      throw new ClientError(
        status,
        status === 410 ? "Expired" : "Unknown",
        `watch of ${this.resource.plural} was refused with ${status}`,
      );
    }
    let latest = version;
    for await (const line of readLines(response)) {
      const event: unknown = JSON.parse(line);
      if (!isObject(event)) continue;
      if (event.type === "ERROR") {
        const { code, message } = objectAt(event, "object");
        throw new ClientError(Number(code ?? 0), "Error", String(message));
      }
      const object = objectFromBody(fromWire(path, objectAt(event, "object")));
      latest = object.metadata.resourceVersion || latest;
      if (event.type === "DELETED") this.forget(object);
      else if (event.type !== "BOOKMARK") this.learn(object);
    }
    return latest;
  }
}

/** Versions of one object count up; a later list or watch may bring one that is older than an answer already seen. */
function isNewer(object: KubeObject, known: KubeObject): boolean {
  if (object.metadata.uid !== known.metadata.uid) return true;
  return Number(object.metadata.resourceVersion) > Number(known.metadata.resourceVersion);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
