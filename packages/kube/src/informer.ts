import { backOffMs, sleep } from "@burgee/service-kit";
import type { KubeClient, Log } from "./client.ts";
import { createObjectStore, type InformerEvent } from "./informer-store.ts";
import { isKubeError } from "./kube-error.ts";
import type { KubeObject } from "./object.ts";
import type { Resource } from "./resource.ts";

export interface InformerOptions {
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  log: Log;
  /** Leave out what nobody reads, as `metadata.managedFields`, which can be half of an object: the rest may still be written back. */
  withoutManagedFields?: boolean | undefined;
  /**
   * Keep objects as text, and read it whenever one is asked for: about a third of the memory, which the garbage collector does not have to
   * walk through. For many objects of which few are in use at a time.
   */
  asText?: boolean | undefined;
  /** Send every object again as "updated" this often; never by default. */
  resyncMs?: number | undefined;
  /** Bounds of the wait between attempts; default 200 and 30 000. */
  firstDelayMs?: number | undefined;
  maxDelayMs?: number | undefined;
}

export type InformerState = "syncing" | "up" | "down";

/** A local copy of a kind's objects, kept current by a watch. Objects handed out are shared: never change them. */
export interface Informer<T extends KubeObject> {
  readonly name: string;
  start(signal: AbortSignal): void;
  stop(): Promise<void>;
  /** Resolves when the first list is in the store; rejects when stopped before. */
  readonly synced: Promise<void>;
  /** True from the first list on, also while the API is away. */
  hasSynced(): boolean;
  /** `namespace` is "" for cluster-scoped kinds. */
  get(namespace: string, name: string): T | undefined;
  list(): T[];
  /** `namespace/name` of each object; cheap. */
  keys(): Iterable<string>;
  /** Listeners are called in order, after the store has changed. Returns how to leave. */
  on(listener: (e: InformerEvent<T>) => void): () => void;
  state(): InformerState;
  /** Resolves when it is no longer syncing: a list came in, or could not be had, or the informer was stopped. */
  settled(): Promise<void>;
  /** Lists again: from then on everything is known that was written before this call. "syncing" until then. */
  refresh(): void;
  /** Called with each new state and, when down, why. */
  onState(listener: (state: InformerState, reason?: string) => void): () => void;
}

const pageSize = 500;
/** A watch that ends sooner than this without an event counts as a failure, so that a server that closes all of them is not hammered. */
const shortLifeMs = 1000;

/**
 *   list ──► watch ──(closed, dropped)──► watch from the last version seen
 *    ▲         │
 *    └─────────┴──(410 Gone, refused, unreachable)──► wait, then list again
 *
 * A list replaces the store and tells only what differs from it: nothing is missed, nothing is told twice.
 */
export function createInformer<T extends KubeObject>(
  client: KubeClient,
  r: Resource<T>,
  o: InformerOptions,
): Informer<T> {
  const { namespace, labelSelector, fieldSelector } = o;
  const selection = { namespace, labelSelector, fieldSelector };
  const name = `informer ${r.plural}`;
  const store = createObjectStore<T>({
    asText: o.asText ?? false,
    onListenerError: (err) => o.log.error({ err, resource: r.plural }, "informer listener failed"),
  });
  const stateListeners = new Set<(state: InformerState, reason?: string) => void>();
  const { promise: synced, resolve: resolveSynced, reject: rejectSynced } = Promise.withResolvers<void>();
  synced.catch(() => undefined);
  let state: InformerState = "syncing";
  let hasSynced = false;
  /** A list asked for before this moment may lack what was written since. */
  let stale = false;
  let round = new AbortController();
  let settled = Promise.withResolvers<void>();
  let controller: AbortController | undefined;
  let running: Promise<void> | undefined;

  function setState(next: InformerState, reason?: string): void {
    if (state === next) return;
    state = next;
    if (next === "syncing") settled = Promise.withResolvers();
    else settled.resolve();
    for (const listener of stateListeners) listener(next, reason);
  }

  async function list(signal: AbortSignal): Promise<string> {
    stale = false;
    const replacement = store.replacement();
    // Page by page: thousands of objects are not held as they come.
    const first = await client.list(r, { ...selection, signal, limit: pageSize });
    replacement.add(first.items.map(kept));
    for (let next = first.continue; next !== undefined; ) {
      const more = await client.list(r, { ...selection, signal, limit: pageSize, continue: next });
      replacement.add(more.items.map(kept));
      next = more.continue;
    }
    replacement.finish();
    hasSynced = true;
    if (!stale) setState("up");
    resolveSynced();
    return first.resourceVersion;
  }

  /** Follows one watch. Returns the version to go on from and whether the watch was of use. */
  async function follow(from: string, signal: AbortSignal): Promise<{ version: string; useful: boolean }> {
    let version = from;
    let useful = false;
    const startedAt = performance.now();
    round = new AbortController();
    const ends = AbortSignal.any([signal, round.signal]);
    try {
      const onOpen = () => setState(stale ? "syncing" : "up");
      for await (const event of client.watch(r, { ...selection, resourceVersion: from, onOpen, signal: ends })) {
        useful = true;
        if (event.type === "BOOKMARK") version = event.resourceVersion;
        else {
          const object = { ...event.object, apiVersion: event.object.apiVersion ?? apiVersion, kind: r.kind };
          store.apply(event.type, kept(object));
          version = event.object.metadata.resourceVersion ?? version;
        }
      }
    } catch (err) {
      // A stream that broke after it was open says nothing about the version: go on from there.
      if (!useful || !isKubeError(err, "unreachable")) throw err;
      o.log.debug({ err, resource: r.plural }, "watch dropped");
    }
    return { version, useful: useful || performance.now() - startedAt > shortLifeMs };
  }
  const apiVersion = r.group === "" ? r.version : `${r.group}/${r.version}`;

  function kept(object: T): T {
    if (o.withoutManagedFields !== true || object.metadata.managedFields === undefined) return object;
    const { managedFields: _, ...metadata } = object.metadata;
    return { ...object, metadata };
  }

  async function run(signal: AbortSignal): Promise<void> {
    let version: string | undefined;
    let failures = 0;
    while (!signal.aborted) {
      try {
        version ??= await list(signal);
        const followed = stale ? undefined : await follow(version, signal);
        version = stale ? undefined : followed?.version;
        failures = stale || followed?.useful ? 0 : failures + 1;
      } catch (err) {
        if (signal.aborted) break;
        failures += 1;
        // Being told to wait is no reason to fetch everything again; anything else may mean that our version is no longer known.
        if (!isKubeError(err, "too_many_requests")) version = undefined;
        report(err, failures);
      }
      if (failures === 0) continue;
      // Until the next watch is open nobody hears of changes.
      if (state === "up") setState("down", "the watch ended as soon as it was open; trying again");
      await pause(failures, signal);
    }
  }

  function report(err: unknown, failures: number): void {
    const reason = err instanceof Error ? err.message : String(err);
    if (isKubeError(err, "gone")) o.log.debug({ resource: r.plural, reason }, "watch expired, listing again");
    else if (failures === 1) o.log.warn({ resource: r.plural, reason }, "watch failed, trying again");
    if (isKubeError(err, "gone")) setState("syncing");
    else setState("down", `${reason}; trying again`);
  }

  async function pause(failures: number, signal: AbortSignal): Promise<void> {
    const delayMs = backOffMs(failures, { firstDelayMs: o.firstDelayMs ?? 200, maxDelayMs: o.maxDelayMs ?? 30_000 });
    await sleep(delayMs, signal).catch(() => undefined);
  }

  return {
    name,
    synced,
    hasSynced: () => hasSynced,
    start(signal) {
      if (running !== undefined) throw new Error(`${name} is already started, expected one start`);
      controller = new AbortController();
      const own = AbortSignal.any([signal, controller.signal]);
      const resync = o.resyncMs === undefined ? undefined : setInterval(() => store.resync(), o.resyncMs);
      running = run(own).finally(() => {
        clearInterval(resync);
        settled.resolve();
        rejectSynced(new Error(`${name} was stopped before its first list`));
      });
    },
    async stop() {
      controller?.abort();
      await running;
    },
    get: (ns, objectName) => store.get(ns, objectName),
    list: () => store.list(),
    keys: () => store.keys(),
    on: (listener) => store.on(listener),
    state: () => state,
    settled: () => settled.promise,
    refresh() {
      stale = true;
      if (state === "up") setState("syncing");
      round.abort();
    },
    onState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
  };
}
